"""OpenEXR for compositing programs: one part per layer, half float, linear light, premultiplied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
from numpy.typing import NDArray

from instmatt_app.core.colour import to_linear
from instmatt_app.files.formats.document import LayeredPicture, PlacedLayer


def write_exr(picture: LayeredPicture, path: Path) -> None:
    """One part per layer, named after it, the uppermost first; linear light of the primaries of Rec. 709.

    A part holds only the layer's own pixels (its data window) on the canvas of the whole photo (its display window).
    """
    parts: list[Any] = []
    taken: set[str] = set()
    for layer in reversed(picture.layers):
        name = _unique(layer.name, taken)
        height, width = layer.alpha.shape
        header = {
            "type": OpenEXR.scanlineimage,
            "compression": OpenEXR.ZIP_COMPRESSION,
            "dataWindow": (
                np.array([layer.left, layer.top], np.int32),
                np.array([layer.left + width - 1, layer.top + height - 1], np.int32),
            ),
            "displayWindow": (np.array([0, 0], np.int32), np.array([picture.width - 1, picture.height - 1], np.int32)),
        }
        parts.append(OpenEXR.Part(header, {"RGBA": _premultiplied(layer, picture.profile)}, name))
    OpenEXR.File(parts).write(str(path))


def _premultiplied(layer: PlacedLayer, profile: bytes | None) -> NDArray[np.float16]:
    alpha = layer.alpha.astype(np.float32) / np.iinfo(layer.alpha.dtype).max
    rgba = np.empty((*alpha.shape, 4), np.float16)
    rgba[..., :3] = to_linear(layer.colours, profile) * alpha[..., None]
    rgba[..., 3] = alpha
    return rgba


def _unique(name: str, taken: set[str]) -> str:
    """Parts must have different names, and a dot would begin a channel's."""
    plain = name.replace(".", "_") or "layer"
    unique, number = plain, 2
    while unique in taken:
        unique, number = f"{plain} {number}", number + 1
    taken.add(unique)
    return unique
