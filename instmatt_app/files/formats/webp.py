"""Lossless WebP of 8 bits, with an ICC profile."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from instmatt_app.core.colour import Pixels
from instmatt_app.files.formats.document import DocumentError

MAX_SIDE = 16_383


def encode_webp(
    array: Pixels, profile: bytes | None = None, exif: bytes | None = None, place: tuple[int, int] | None = None
) -> bytes:
    """A WebP file of the array: uint8; (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, straight alpha.

    Colours under alpha 0 are kept. The format cannot say a ``place``.

    Raises:
        DocumentError: the picture is too large for the format.
    """
    if array.dtype != np.uint8 or place is not None:
        raise ValueError(f"WebP takes 8 bits without a place, not {array.dtype} at {place}")
    if max(array.shape[:2]) > MAX_SIDE:
        raise DocumentError(
            f"A WebP file ends at {MAX_SIDE} pixels a side and this photo has {array.shape[1]} × {array.shape[0]}; "
            "choose the format png."
        )
    buffer = BytesIO()
    # Level 1 of 6: several times faster than the default and a few per cent larger.
    extras = {"icc_profile": profile or b"", "exif": exif or b""}
    Image.fromarray(array).save(buffer, "WEBP", lossless=True, exact=True, method=1, **extras)
    return buffer.getvalue()
