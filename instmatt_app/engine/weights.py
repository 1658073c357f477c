"""Weights files: read without running code from them, recognised by their keys and shapes, loaded strictly."""

from __future__ import annotations

import hashlib
import math
import pickle
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import safetensors
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from instmatt_app.engine.network.instmatt import Activation, InstMatt
from instmatt_app.engine.network.lite import InstMattLite

# Checkpoints written by several processes at once carry this in front of every key.
PREFIX = "module."
# The two entries that tell the variants of the network apart.
FIRST_KERNEL = "encoder.conv1.module.weight_bar"
LAST_KERNEL = "decoder.refine_OS1.3.weight"
# The same of the light network.
LITE_FIRST_KERNEL = "trunk.features.0.0.weight"
LITE_LAST_KERNEL = "head1.weight"

Network = InstMatt | InstMattLite


class WeightsError(ValueError):
    """A weights file that cannot be used; the message is one sentence for the person who chose it."""


def sha256(path: Path) -> str:
    """The SHA-256 of the file's bytes, 64 lower-case hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Training notes such as the best loss may be NumPy scalars; torch would refuse the whole file for them.
_SCALAR: Callable[..., Any] = np.float64(0).__reduce__()[0]  # type: ignore[assignment]
_HARMLESS: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [
    (_SCALAR, "numpy.core.multiarray.scalar"),
    (_SCALAR, "numpy._core.multiarray.scalar"),
    (np.dtype, "numpy.dtype"),
    type(np.dtype(np.float64)),
    type(np.dtype(np.float32)),
]
# What readers of pickles raise when the bytes make no sense (RuntimeError: torch, and recursion without end).
_BROKEN = (
    RuntimeError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OSError,
    OverflowError,
    MemoryError,
    struct.error,
)

# --- Networks ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """Which variant of the network some weights belong to."""

    mask_channels: int  # 3: InstMatt; 1: Mask Guided Matting
    alpha_channels: int  # 3: InstMatt; 1: Mask Guided Matting
    refiner: bool  # False also after the first of InstMatt's two training stages
    lite: bool = False  # the light network that ships with the program


def load_network(path: Path, activation: Activation = "tanh") -> Network:
    """The network with the weights of the file, on the CPU, in evaluation mode; WeightsError if they do not fit.

    Reads the released .pth, a first-stage .pth, Mask Guided Matting's .pth and our own .safetensors, of the published
    network or the light one. What the weights cannot tell is the activation they were trained with (the light one's is
    always tanh).
    """
    state = read_state(path)
    layout = find_layout(state, path.name)
    channels = (layout.mask_channels, layout.alpha_channels, layout.refiner)
    network = InstMattLite(*channels) if layout.lite else InstMatt(*channels, activation)
    load_strictly(network, state, path.name, "the InstMatt network")
    return network.eval()


def load_strictly(network: nn.Module, state: dict[str, Tensor], name: str, what: str = "its network") -> None:
    """Gives a network these weights; WeightsError if an entry is missing, unknown or of another shape."""
    own = network.state_dict()
    if state.keys() != own.keys():
        strange, lacking = sorted(state.keys() - own.keys()), sorted(own.keys() - state.keys())
        example = f"it has the unknown entry {strange[0]!r}" if strange else f"the entry {lacking[0]!r} is missing"
        raise WeightsError(f"{name} does not fit {what}: {example}.")
    for key, tensor in state.items():
        if tensor.shape != own[key].shape:
            raise WeightsError(
                f"{name} does not fit {what}: {key!r} has the shape {list(tensor.shape)}"
                f" instead of {list(own[key].shape)}."
            )
    network.load_state_dict(state, strict=True)


def find_layout(state: dict[str, Tensor], name: str) -> Layout:
    """The variant of the network these weights belong to; `name` is what an error calls them."""
    lite = LITE_FIRST_KERNEL in state
    keys = (LITE_FIRST_KERNEL, LITE_LAST_KERNEL) if lite else (FIRST_KERNEL, LAST_KERNEL)
    first, last = (state.get(key) for key in keys)
    if first is None or last is None:
        raise WeightsError(f"{name} holds the weights of some other network, not of InstMatt.")
    channels = (first.shape[1] - 3 if first.ndim == 4 else 0, last.shape[0] if last.ndim == 4 else 0)
    if channels not in ((3, 3), (1, 1)):
        raise WeightsError(
            f"{name} does not fit the InstMatt network: its first and last kernels have the shapes"
            f" {list(first.shape)} and {list(last.shape)}."
        )
    return Layout(*channels, refiner=any(key.startswith("refiner.") for key in state), lite=lite)


def read_state(path: Path) -> dict[str, Tensor]:
    """The tensors of a .safetensors or .pth file by key, without prefix; on the CPU, floating ones as float32."""
    _expect_weights(path)
    tensors = _read_safetensors(path) if path.suffix.lower() == ".safetensors" else _read_checkpoint(path)
    if all(key.startswith(PREFIX) for key in tensors):
        tensors = {key.removeprefix(PREFIX): tensor for key, tensor in tensors.items()}
    return {key: tensor.float() if tensor.is_floating_point() else tensor for key, tensor in tensors.items()}


def _expect_weights(path: Path) -> None:
    """Turns away what is no weights file at a glance."""
    if not path.is_file():
        raise WeightsError(f"The weights file {path} is missing.")
    with path.open("rb") as file:
        head = file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        raise WeightsError(f"{path.name} is empty; please download it again.")
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<!--")):
        raise WeightsError(f"{path.name} is a web page, not weights; the download was answered with a page instead.")


def _damaged(path: Path) -> WeightsError:
    return WeightsError(f"{path.name} is damaged or incomplete; please download it again.")


def _needs_code(path: Path) -> WeightsError:
    return WeightsError(f"{path.name} would have to run program code to be read, which is refused.")


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except safetensors.SafetensorError as error:
        raise _damaged(path) from error


def _read_checkpoint(path: Path) -> dict[str, Tensor]:
    try:
        with torch.serialization.safe_globals(_HARMLESS):
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        # torch says "GLOBAL" when a pickle names a class or function that is not on its list of harmless ones.
        raise (_needs_code(path) if "GLOBAL" in str(error) else _damaged(path)) from error
    except _BROKEN as error:
        raise _damaged(path) from error
    # InstMatt's training and Detectron2's put the weights beside other things, under names of their own.
    tensors = content.get("state_dict", content.get("model", content)) if isinstance(content, dict) else None
    if not isinstance(tensors, dict) or not tensors:
        raise WeightsError(f"{path.name} holds no network weights.")
    if not all(isinstance(key, str) and isinstance(value, Tensor) for key, value in tensors.items()):
        raise WeightsError(f"{path.name} holds something else beside network weights.")
    return tensors


# --- Pickled arrays ---------------------------------------------------------------------------------------------------


def read_pickle(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a .pkl by name, as detectron2's model zoo publishes them; anything but plain data is refused.

    The arrays are those of the dict under "model", or of the outermost dict if it has no such entry. Allowed beside
    them are containers, str, bytes, int, float, bool and None; WeightsError for all else, object arrays included.
    """
    _expect_weights(path)
    try:
        with path.open("rb") as file:
            content = _plain(_PlainUnpickler(file).load())
    except _RefusedError as error:
        raise _needs_code(path) from error
    except (pickle.UnpicklingError, *_BROKEN) as error:
        raise _damaged(path) from error
    arrays = content.get("model", content) if isinstance(content, dict) else None
    if not isinstance(arrays, dict):
        raise WeightsError(f"{path.name} holds no named arrays.")
    return {name: value for name, value in arrays.items() if isinstance(name, str) and isinstance(value, np.ndarray)}


class _RefusedError(Exception):
    """A pickle asks for something that is not plain data."""


class _Dtype:
    """Stands for numpy.dtype while a pickle is read."""

    def __init__(self, code: object, align: object = False, copy: object = True) -> None:
        if not isinstance(code, str) or code[:1] not in "biufc" or not code[1:].isdigit():
            raise _RefusedError(f"dtype {code!r}")
        self.dtype: np.dtype[Any] = np.dtype(code)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        # (version, byte order, and five entries that only dtypes with parts have)
        if state[2:5] != (None, None, None) or state[1] not in ("<", ">", "|", "="):
            raise _RefusedError("dtype with parts")
        self.dtype = self.dtype.newbyteorder(state[1])


class _Array:
    """Stands for numpy.ndarray while a pickle is read, so that numpy itself never sees unchecked state."""

    def __init__(self) -> None:
        self.array: NDArray[Any] = np.empty(0)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, dtype, fortran, data = state
        self.array = self.filled(data, dtype, shape, "F" if fortran else "C").array

    @classmethod
    def empty(cls, *_: object) -> _Array:
        """numpy's _reconstruct: an array whose state is still to come."""
        return cls()

    @classmethod
    def filled(cls, data: object, dtype: object, shape: tuple[int, ...], order: object) -> _Array:
        """numpy's _frombuffer, by which the newest pickle format writes arrays."""
        if isinstance(data, str):
            # Python 2 wrote bytes as text; read as latin-1, every letter is one byte.
            data = data.encode("latin-1")
        if not isinstance(dtype, _Dtype) or not isinstance(data, bytes | bytearray):
            raise _RefusedError("array of objects")
        if min(shape, default=0) < 0 or math.prod(shape) * dtype.dtype.itemsize != len(data):
            raise ValueError("the array's size does not match its data")
        whole = cls()
        whole.array = np.frombuffer(data, dtype.dtype).reshape(shape, order="F" if order == "F" else "C").copy()
        return whole


class _Bytes:
    """Stands for bytes in pickle formats that have none of their own."""

    @classmethod
    def empty(cls) -> bytes:
        """bytes without arguments; with a number it would ask for that much memory."""
        return b""

    @classmethod
    def encode(cls, text: object, encoding: object) -> bytes:
        """_codecs.encode, for latin-1 only."""
        if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
            raise _RefusedError("encoding")
        return text.encode("latin-1")


# Every name a pickle may use is answered with a stand-in. They are classes and bound methods, never plain functions: a
# pickle may set attributes of what it is given, and those of a function could be changed for good.
_ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "dtype"): _Dtype,
    ("numpy", "ndarray"): _Array,
    ("numpy.core.multiarray", "_reconstruct"): _Array.empty,
    ("numpy._core.multiarray", "_reconstruct"): _Array.empty,
    ("numpy.core.numeric", "_frombuffer"): _Array.filled,
    ("numpy._core.numeric", "_frombuffer"): _Array.filled,
    ("_codecs", "encode"): _Bytes.encode,
    ("__builtin__", "bytes"): _Bytes.empty,
    ("__builtin__", "set"): set,
    ("__builtin__", "frozenset"): frozenset,
    ("builtins", "bytes"): _Bytes.empty,
    ("builtins", "set"): set,
    ("builtins", "frozenset"): frozenset,
    ("collections", "OrderedDict"): dict,
}


class _PlainUnpickler(pickle.Unpickler):
    """Reads plain data and arrays; any other name stops the reading before anything is called."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, encoding="latin1")

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise _RefusedError(f"{module}.{name}")
        return _ALLOWED[module, name]

    def persistent_load(self, pid: object) -> Any:
        raise _RefusedError("persistent id")


def _plain(value: Any) -> Any:
    """The value with arrays in the place of their stand-ins."""
    if isinstance(value, _Array):
        return value.array
    if isinstance(value, dict):
        return {_plain(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(_plain(entry) for entry in value)
    if value is None or isinstance(value, str | bytes | bytearray | int | float):
        return value
    raise _RefusedError(type(value).__name__)
