"""The rule behind the golden numbers: weights and inputs that can be made again anywhere, from nothing but their names.

The numbers in tests/golden were made by running the published network on what this file makes. They stay valid only as
long as the rule stays the same to the last bit, hence no tidying of the arithmetic.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

GOLDEN = Path(__file__).parent / "golden"

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# The heads are made steep and shifted, so that all of known, nearly known and unknown pixels occur.
STEEPER = {"decoder.refine_OS8.3.weight": 6.0, "decoder.refine_OS4.3.weight": 2.0, "decoder.refine_OS1.3.weight": 2.0}
SHIFTED: dict[str, tuple[float, float, float]] = {
    "decoder.refine_OS8.3.bias": (-16, -14, 14),
    "decoder.refine_OS4.3.bias": (-7, -4, 4),
    "decoder.refine_OS1.3.bias": (-5.5, -2, 2),
}


def noise(name: str, count: int, seed: int = 0) -> Doubles:
    """`count` numbers in [-1, 1) that belong to this name and seed."""
    generator = np.random.Generator(np.random.PCG64(zlib.crc32(name.encode()) + 1000003 * seed))
    return generator.random(count) * 2.0 - 1.0


def uniform(name: str, shape: Sequence[int], seed: int = 0, low: float = 0.0, high: float = 1.0) -> Floats:
    """Numbers in [low, high) that belong to this name and seed."""
    flat = (noise(name, int(np.prod(shape)), seed) + 1) / 2 * (high - low) + low
    return flat.reshape(shape).astype(np.float32)


def weight(key: str, shape: Sequence[int], seed: int = 0, steep: bool = True) -> NDArray[Any]:
    """The value of one state_dict entry; `steep` applies STEEPER and SHIFTED."""
    leaf = key.rpartition(".")[2]
    count = int(np.prod(shape))
    if leaf == "num_batches_tracked":
        return np.zeros(shape, np.int64)
    values = noise(key, count, seed)
    if leaf == "running_mean":
        values = 0.1 * values
    elif leaf == "running_var":
        values = 1.0 + 0.3 * values
    elif leaf in ("weight_u", "weight_v"):
        values = values / np.sqrt((values * values).sum())
    elif leaf == "bias":
        values = 0.1 * values + np.asarray(SHIFTED.get(key, 0.0) if steep else 0.0)
    elif len(shape) == 1:
        values = (0.6 if key.endswith("bn2.weight") else 1.0) * (1.0 + 0.2 * values)
    else:
        values = _kernel(key, tuple(shape), values, seed, STEEPER.get(key, 1.0) if steep else 1.0)
    return values.reshape(shape).astype(np.float32)


def _kernel(key: str, shape: tuple[int, ...], values: Doubles, seed: int, factor: float) -> Doubles:
    fan = int(np.prod(shape[1:]))
    values = 1.5 * values * np.sqrt(3.0 / fan)
    if key.endswith("weight_bar"):
        stem = key.removesuffix("bar")
        u = weight(stem + "u", (shape[0],), seed).astype(np.float64)
        v = weight(stem + "v", (fan,), seed).astype(np.float64)
        values = (1.25 + 0.75 * noise(key + "#c", 1, seed)[0]) * (values + np.outer(u, v).ravel())
    kernel = (values * factor).reshape(shape)
    # No kernel answers to a constant input: over the input channels it sums to zero. Only transposed ones are 4×4.
    kernel = kernel - kernel.mean(axis=0 if shape[-1] == 4 else 1, keepdims=True)
    if shape[1] == 6:
        kernel[:, 3:] *= 3.0
    return kernel


def fill(network: nn.Module, prefix: str = "", seed: int = 0, steep: bool = True) -> None:
    """Gives a network (whose keys lack this prefix) the weights of the rule."""
    state = network.state_dict()
    made = {
        key: torch.from_numpy(np.array(weight(prefix + key, value.shape, seed, steep))) for key, value in state.items()
    }
    network.load_state_dict(made)


def scene(
    k: int,
    h: int,
    w: int,
    seed: float,
    kind: str = "normal",
    dup: Sequence[Sequence[int]] | None = None,
    zero_T: Sequence[int] | None = None,
    **_: object,
) -> tuple[Floats, Floats, Floats]:
    """k blurred, wavy discs on a grid: tri-mattes [k, 3, h, w], features [k, 32, h, w], normalised image [3, h, w]."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    if kind == "clean":
        target = np.zeros((k, h, w))
        target[0] = _soft((0.3 * min(h, w) - np.sqrt((x - w / 2) ** 2 + (y - h / 2) ** 2)) / 3.0)
        rest = 1 - target.sum(0)
        wave = np.broadcast_to(rest, target.shape) + 0.003 * np.sin(0.05 * x + 0.02 * y + seed)
        background = wave - 0.006 * (x / w) * (y / h)
    else:
        target = _discs(k, h, w, seed, dup or ())
        rest = 1 - target.sum(0)
        phase = 0.3 * np.arange(k)[:, None, None]
        waves = 0.15 * np.sin(0.045 * x + 2 * phase + seed) * np.cos(0.036 * y + phase)
        background = np.clip(rest + waves, 0, 1)
    others = target.sum(0)[None] - target
    reference = np.clip(others + 0.05 * np.cos(0.08 * x + 0.05 * y + seed), 0, 1)
    trimattes = np.clip(np.stack([target, reference, background], 1), 0, 1).astype(np.float32)
    if zero_T is not None:
        trimattes[list(zero_T), 0] = 0.0
        dimmed = 0.9 * trimattes[:, 2].astype(np.float64) + 0.045 * (1 + np.sin(0.013 * x + 0.029 * y))
        trimattes[:, 2] = dimmed.astype(np.float32)
    person, channel = np.arange(k).reshape(k, 1, 1, 1), np.arange(32).reshape(1, 32, 1, 1)
    across = np.sin(0.011 * (channel + 1) * x[:1] + 0.9 * person + seed)
    down = np.cos(0.007 * (33 - channel) * y[:, :1] + 0.5 * channel + 0.3 * person)
    colour = np.arange(3).reshape(3, 1, 1)
    image = 1.3 * np.sin(0.02 * (colour + 1) * x + 0.03 * y + seed)
    return trimattes, (1.5 * across * down).astype(np.float32), image.astype(np.float32)


def _soft(signed: Doubles) -> Doubles:
    edge: Doubles = 1 / (1 + np.exp(-signed))
    return edge


def _discs(k: int, h: int, w: int, seed: float, pairs: Sequence[Sequence[int]]) -> Doubles:
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    columns = int(np.ceil(np.sqrt(k)))
    rows = -(-k // columns)
    discs = np.empty((k, h, w))
    for i in range(k):
        centre_x, centre_y = w * ((i % columns) + 0.5) / columns, h * ((i // columns) + 0.5) / rows
        radius = 0.33 * min(w / columns, h / rows) * (1 + 0.1 * np.sin(seed + i))
        inside = radius - np.sqrt((x - centre_x) ** 2 + (y - centre_y) ** 2)
        discs[i] = _soft(inside / 3.0 + 0.8 * np.sin(0.21 * x + seed) * np.sin(0.17 * y + i))
    for original, copy in pairs:
        ripple = 0.01 * np.sin(x / 9) ** 2 * (discs[original] > 0.02)
        discs[copy] = np.clip(discs[original] * 0.97 + ripple, 0, 1)
    return discs


def error_of(number: int, h: int, w: int, seed: int = 0) -> Floats:
    """The error map number 0..5 of the box cases, [h, w]."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    waves = np.abs(np.sin(x / 57.0 + number + seed * 0.37) * np.sin(y / 43.0 + 0.5 * number))
    hill = (x / w - 0.3 - 0.08 * number) ** 2 + (y / h - 0.6 + 0.06 * number) ** 2
    error = waves * np.exp(-hill * (3 + 2 * number))
    if number == 3:
        error = np.where(error > 0.35, error, error * 0.02)
    return error.astype(np.float32)


def checksums(array: Any) -> Doubles:
    """Mean, root mean square and a mean weighted by pixel index of each plane [..., H, W]: [..., 3]."""
    flat = np.asarray(array, np.float64)
    flat = flat.reshape((*flat.shape[:-2], -1))
    ramp = (np.arange(flat.shape[-1]) % 97) / 97.0
    return np.stack([flat.mean(-1), np.sqrt((flat * flat).mean(-1)), (flat * ramp).mean(-1)], -1)


def differences(array: Any, stored: NDArray[np.uint16], stride: int) -> Doubles:
    """How far an array of alphas is from a stored sample of it: rows 1, 1 + stride, …, columns 0, stride, …."""
    sample = np.asarray(array, np.float64)[..., 1::stride, ::stride]
    assert sample.shape == stored.shape
    return np.abs(sample - stored / 65535.0)


def bits(packed: NDArray[np.uint8], width: int) -> NDArray[np.bool_]:
    """A stored mask, its rows unpacked."""
    return np.unpackbits(packed, axis=-1, count=width).astype(bool)


def golden(name: str) -> Mapping[str, NDArray[Any]]:
    """The arrays of tests/golden/<name>.npz."""
    with np.load(GOLDEN / f"{name}.npz") as file:
        return dict(file)
