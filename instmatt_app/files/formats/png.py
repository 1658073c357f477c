"""PNG of 8 and 16 bits, with an ICC profile."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COMPRESSION = 1
"""Twice as fast as level 6 and a seventh larger."""


def encode_png(
    array: Pixels, profile: bytes | None = None, exif: bytes | None = None, place: tuple[int, int] | None = None
) -> bytes:
    """A PNG file of the array: uint8 or uint16; (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, straight alpha.

    Colours under alpha 0 are kept. ``profile`` is embedded with colours; PNG has no place for an RGB profile in a grey
    picture. ``exif`` is what the camera wrote. ``place`` is where the upper left pixel lies in a larger picture,
    (x, y), and is written as the chunk oFFs, which editors turn into the place of a layer. Raises ValueError for other
    arrays, and for a profile with a grey one.
    """
    if array.dtype not in (np.uint8, np.uint16) or array.size == 0:
        raise ValueError(f"PNG takes 8 or 16 bits and at least one pixel, not {array.dtype} {array.shape}")
    if array.ndim == 2:
        if profile is not None:
            raise ValueError("a grey PNG takes no RGB profile")
        ordered: NDArray[Any] = np.ascontiguousarray(array)
    elif array.ndim == 3 and array.shape[2] in (3, 4):
        ordered = cv2.cvtColor(array, cv2.COLOR_RGB2BGR if array.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)
    else:
        raise ValueError(f"PNG takes grey, RGB or RGBA, not the shape {array.shape}")
    extras = [(cv2.IMAGE_METADATA_ICCP, profile), (cv2.IMAGE_METADATA_EXIF, None if exif is None else _tiff_of(exif))]
    kinds = [kind for kind, data in extras if data]
    values = [np.frombuffer(data, np.uint8) for _, data in extras if data]
    parameters = [cv2.IMWRITE_PNG_COMPRESSION, _COMPRESSION]
    done, buffer = cv2.imencodeWithMetadata(".png", ordered, kinds, values, parameters)
    if not done:
        raise ValueError(f"a picture of {array.shape[1]} × {array.shape[0]} pixels cannot be written as PNG")
    content = bytes(buffer.tobytes())
    return content if place is None else _placed(content, *place)


def _placed(content: bytes, left: int, top: int) -> bytes:
    """The file with the chunk oFFs, in pixels, behind its header."""
    chunk = b"oFFs" + struct.pack(">iiB", left, top, 0)
    end = len(_SIGNATURE) + 8 + 13 + 4  # IHDR: length and name, 13 bytes, sum
    return content[:end] + struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk)) + content[end:]


def _tiff_of(exif: bytes) -> bytes:
    """EXIF as PNG keeps it: without the six bytes that JPEG puts before it."""
    return exif.removeprefix(b"Exif\0\0")
