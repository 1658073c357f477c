"""Cryptomatte for compositing programs: who covers a pixel, and how much of it, ready for picking by a click.

Friedman and Jones: Cryptomatte specification 1.2.0 (Psyop). Every person's name is hashed by MurmurHash3; a pixel lists
pairs of hash and coverage, the largest coverage first.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path

import mmh3
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from instmatt_app.core.colour import strips
from instmatt_app.files.formats.document import LayeredPicture

LAYER = "InstMattPeople"


def write_cryptomatte(picture: LayeredPicture, path: Path) -> None:
    """The people's alphas as float32 pairs of id and coverage, and the manifest that names them, in one OpenEXR file.

    A pixel has as many pairs as there are people, so nothing is left out; the coverages are those of the layers as
    they are, so a picture of plain (not stacked) alphas is wanted here.
    """
    ids = {layer.name: name_id(layer.name) for layer in picture.layers}
    count = len(picture.layers)
    numbers = np.array([id_float(ids[layer.name]) for layer in picture.layers], np.float32)
    # Readers take the pairs four channels at a time.
    channels: dict[str, NDArray[np.float32]] = {
        f"{LAYER}{place:02}.{name}": np.zeros((picture.height, picture.width), np.float32)
        for place in range((count + 1) // 2)
        for name in "RGBA"
    }
    for rows in strips(picture.height, picture.width):
        coverage = _coverage(picture, rows)
        ranks = np.argsort(-coverage, axis=0, kind="stable")
        for rank in range(count):
            share = np.take_along_axis(coverage, ranks[rank : rank + 1], axis=0)[0]
            place, first = f"{LAYER}{rank // 2:02}", rank % 2 == 0
            channels[f"{place}.{'R' if first else 'B'}"][rows] = np.where(share > 0, numbers[ranks[rank]], 0)
            channels[f"{place}.{'G' if first else 'A'}"][rows] = share
    key = f"cryptomatte/{name_id(LAYER):08x}"[: len("cryptomatte/") + 7]
    header = {
        "type": OpenEXR.scanlineimage,
        "compression": OpenEXR.ZIP_COMPRESSION,
        f"{key}/name": LAYER,
        f"{key}/hash": "MurmurHash3_32",
        f"{key}/conversion": "uint32_to_float32",
        f"{key}/manifest": json.dumps({name: f"{number:08x}" for name, number in ids.items()}, ensure_ascii=False),
    }
    OpenEXR.File(header, channels).write(str(path))


def _coverage(picture: LayeredPicture, rows: slice) -> NDArray[np.float32]:
    """Those rows of everybody's alpha, float32 (K, h, W), 0..1."""
    coverage = np.zeros((len(picture.layers), rows.stop - rows.start, picture.width), np.float32)
    for plane, layer in zip(coverage, picture.layers, strict=True):
        height, width = layer.alpha.shape
        top, bottom = max(rows.start, layer.top), min(rows.stop, layer.top + height)
        if top < bottom:
            part = layer.alpha[top - layer.top : bottom - layer.top]
            plane[top - rows.start : bottom - rows.start, layer.left : layer.left + width] = part
            plane /= np.iinfo(layer.alpha.dtype).max
    return coverage


def name_id(name: str) -> int:
    """The 32 bits that stand for a name: MurmurHash3 with an exponent that no float reader would change."""
    number = int(mmh3.hash(name.encode(), 0, signed=False))
    exponent = number >> 23 & 255
    # As the specification asks: 0 would be denormal, 255 infinite or not a number.
    return number ^ 1 << 23 if exponent in (0, 255) else number


def id_float(number: int) -> float:
    """The same 32 bits read as a float32."""
    value: float = struct.unpack("<f", struct.pack("<I", number))[0]
    return value
