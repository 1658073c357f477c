"""How a layer becomes a file: the formats by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from instmatt_app.core.colour import Pixels
from instmatt_app.files.formats.png import encode_png


@dataclass(frozen=True)
class LayerWriter:
    """One file format.

    ``encode(array, profile)`` gives the bytes of a file; it takes (H, W) grey or (H, W, 4) straight RGBA of ``dtype``.
    """

    dtype: type[np.uint8] | type[np.uint16]
    encode: Callable[[Pixels, bytes | None], bytes]


FORMATS: dict[str, LayerWriter] = {
    "png": LayerWriter(np.uint8, encode_png),
    "png16": LayerWriter(np.uint16, encode_png),
}
