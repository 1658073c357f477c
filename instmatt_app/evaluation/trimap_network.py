"""Any trimap network that was handed over as TorchScript or ONNX, with a small TOML file that says what it is given.

Both hold a program of tensor operations; loading it runs no Python code from the file. Still, take such files only from
people you trust.
"""

from __future__ import annotations

import hashlib
import tomllib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.evaluation.folders import BenchmarkError

DEFAULTS: dict[str, Any] = {
    "channels": "rgb",
    "mean": [0.485, 0.456, 0.406],
    "std": [0.229, 0.224, 0.225],
    "trimap": "one-hot",
    "joined": False,
    "multiple": 32,
    "output": 0,
    "channel": 0,
}
CHOICES = {"channels": ("rgb", "bgr"), "trimap": ("one-hot", "grey", "fba")}
# FBA Matting (Forte, Pitié 2020) sees how far the known areas are, at three widths in pixels.
FBA_WIDTHS = (0.02 * 320, 0.08 * 320, 0.16 * 320)

Planes = NDArray[np.float32]
Network = Callable[[list[Planes]], list[Planes]]


@dataclass(frozen=True, eq=False)
class TrimapNetwork:
    """A loaded network and how it is to be fed; ``key`` names both files' contents."""

    network: Network
    settings: dict[str, Any]
    key: str

    def alpha(self, image: NDArray[np.uint8], trimap: NDArray[np.float64]) -> NDArray[np.float32]:
        """The alpha of RGB pixels (h, w, 3) and a trimap (h, w) of 0, 0.5 and 1: float32 (h, w), 0..1; what the trimap
        knows is kept. Raises BenchmarkError if the network answers something else."""
        said = self.settings
        height, width = trimap.shape
        down, right = -height % said["multiple"], -width % said["multiple"]
        inputs = [
            np.ascontiguousarray(
                cv2.copyMakeBorder(np.ascontiguousarray(one, np.float32), 0, down, 0, right, cv2.BORDER_REFLECT_101)
                .reshape(height + down, width + right, -1)
                .transpose(2, 0, 1)[None]
            )
            for one in self._inputs(image, trimap)
        ]
        answers = self.network([np.concatenate(inputs, 1)] if said["joined"] else inputs)
        shape = (height + down, width + right)
        if not 0 <= said["output"] < len(answers) or said["channel"] >= answers[said["output"]].size // (
            shape[0] * shape[1]
        ):
            raise BenchmarkError(f"The trimap network has no output {said['output']} with a channel {said['channel']}.")
        answer = answers[said["output"]]
        if answer.ndim < 2 or answer.shape[-2:] != shape:
            raise BenchmarkError(f"The trimap network's output {said['output']} is no alpha of the photo's size.")
        alpha = answer.reshape(-1, *shape)[said["channel"]][:height, :width]
        kept: NDArray[np.float32] = np.clip(np.where(trimap == 0.5, alpha, trimap), 0, 1)
        return kept.astype(np.float32)

    def _inputs(self, image: NDArray[np.uint8], trimap: NDArray[np.float64]) -> list[NDArray[Any]]:
        """What the network is given, each (h, w, C), in its order."""
        said = self.settings
        pixels = image if said["channels"] == "rgb" else image[..., ::-1]
        colours = (pixels / 255 - np.array(said["mean"])) / np.array(said["std"])
        if said["trimap"] == "grey":
            return [colours, trimap[..., None]]
        if said["trimap"] == "one-hot":
            return [colours, np.stack([trimap == 0, trimap == 0.5, trimap == 1], axis=-1)]
        known = np.stack([trimap == 0, trimap == 1], axis=-1)
        return [pixels / 255, known, colours, _nearness(known)]


def _nearness(known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How near known background and foreground (h, w, 2) are: (h, w, 6), 0..1, a Gaussian of the distance."""
    planes = []
    for channel in range(2):
        if not known[..., channel].any():
            planes += [np.zeros(known.shape[:2])] * len(FBA_WIDTHS)
            continue
        distance = cv2.distanceTransform((~known[..., channel]).astype(np.uint8), cv2.DIST_L2, 0).astype(np.float64)
        planes += [np.exp(-(distance**2) / (2 * width**2)) for width in FBA_WIDTHS]
    return np.stack(planes, axis=-1)


def load_trimap_network(path: Path) -> TrimapNetwork:
    """The network that a TOML file describes; its ``model`` is a TorchScript or ``.onnx`` file beside it.

    Raises:
        BenchmarkError: a file is missing, is of another kind, or an entry makes no sense.
    """
    try:
        given = tomllib.loads(path.read_text("utf-8"))
        model = path.parent / str(given.pop("model", ""))
        content = model.read_bytes()
    except (OSError, ValueError) as error:
        raise BenchmarkError(f"The trimap network {path} cannot be read ({error}); see docs/evaluation.md.") from error
    for name, value in given.items():
        if (
            name not in DEFAULTS
            or type(value) is not type(DEFAULTS[name])
            or value not in CHOICES.get(name, (value,))
            or (isinstance(value, list) and (len(value) != 3 or not all(isinstance(one, int | float) for one in value)))
            or (name == "multiple" and value < 1)
            or (name in ("output", "channel") and value < 0)
        ):
            raise BenchmarkError(
                f"{path} has an entry that makes no sense ({name} = {value!r}); see docs/evaluation.md."
            )
    if given.get("trimap") == "fba" and given.get("joined"):
        raise BenchmarkError(f"{path} asks for FBA's inputs as one tensor; leave out joined.")
    network = _onnx(model) if model.suffix.lower() == ".onnx" else _torchscript(model)
    key = hashlib.sha256(content + path.read_bytes()).hexdigest()[:12]
    return TrimapNetwork(network, {**DEFAULTS, **given}, key)


def _torchscript(model: Path) -> Network:
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            network = torch.jit.load(str(model), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    except (RuntimeError, ValueError) as error:
        raise BenchmarkError(f"{model} is no TorchScript file.") from error

    def run(inputs: list[Planes]) -> list[Planes]:
        with torch.inference_mode():
            answer = network(*(torch.from_numpy(one) for one in inputs))
        answers = answer if isinstance(answer, tuple | list) else [answer]
        return [np.asarray(one.float()) for one in answers]

    return run


def _onnx(model: Path) -> Network:
    try:
        import onnxruntime
    except ImportError as error:
        raise BenchmarkError("ONNX files need the package onnxruntime: pip install onnxruntime.") from error
    try:
        session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors have no common ancestor but Exception
        raise BenchmarkError(f"{model} is no ONNX file that can be run ({str(error).splitlines()[0]}).") from error
    names = [one.name for one in session.get_inputs()]

    def run(inputs: list[Planes]) -> list[Planes]:
        if len(inputs) != len(names):
            raise BenchmarkError(f"{model.name} wants {len(names)} inputs and its description gives {len(inputs)}.")
        answers = session.run(None, dict(zip(names, inputs, strict=True)))
        return [np.asarray(one, np.float32) for one in answers]

    return run
