"""What every decoder of photos shares: decoded samples, the check of sizes, the error for the person."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from instmatt_app.core.colour import Pixels, strips

ORIENTATION = 0x0112
"""The tag of EXIF and TIFF that says how the camera was held: 1..8."""
_MAX_PIXELS_PER_BYTE = 10_000
_PLAUSIBILITY_FROM_PIXELS = 16_000_000


class PhotoError(ValueError):
    """A file that cannot be used; the message is one sentence for the person: what is wrong, and what to do."""


@dataclass(frozen=True, eq=False)
class Samples:
    """What a file holds, decoded and upright, before transparency and colour space are dealt with.

    ``colours`` is uint8 or uint16: (H, W) grey, (H, W, 3) RGB or (H, W, 4) CMYK with 0 = no ink; ``alpha`` is (H, W) of
    the same type, straight, or None; ``profile`` is the ICC profile as it was found, not yet looked at; ``exif`` the
    camera's notes, made upright as the samples are.
    """

    colours: Pixels
    space: Literal["grey", "rgb", "cmyk"]
    alpha: Pixels | None = None
    profile: bytes | None = None
    notes: tuple[str, ...] = ()
    exif: bytes | None = None


@dataclass(frozen=True)
class SizeCheck:
    """Refuses a picture by what its header says, before anything is decoded."""

    name: str
    file_size: int
    max_pixels: int

    def __call__(self, width: int, height: int, *, may_be_tiny: bool = False) -> None:
        pixels = width * height
        if width < 1 or height < 1:
            raise PhotoError(f"“{self.name}” has no pixels; save it anew.")
        if pixels > self.max_pixels:
            raise PhotoError(
                f"“{self.name}” is {width} × {height} pixels, more than the {self.max_pixels / 1e6:g} million this "
                "program opens; save a smaller copy."
            )
        # No deflate or JPEG stream says this much in so few bytes; WebP and GIF can, for an empty picture.
        if not may_be_tiny and pixels > _PLAUSIBILITY_FROM_PIXELS and pixels > _MAX_PIXELS_PER_BYTE * self.file_size:
            raise PhotoError(
                f"“{self.name}” claims {width} × {height} pixels in {self.file_size} bytes, which cannot be; "
                "copy it again or save it anew."
            )


def full_range(samples: NDArray[Any], bits: int) -> Pixels:
    """Samples of 1..16 bits spread over the whole of uint8 or uint16."""
    result: Pixels = samples
    if bits not in (8, 16):
        top = 2**bits - 1
        depth: type[np.uint8] | type[np.uint16] = np.uint8 if bits < 8 else np.uint16
        spread: NDArray[Any] = np.empty(samples.shape, depth)
        for rows in strips(samples.shape[0], int(np.prod(samples.shape[1:]))):
            spread[rows] = (samples[rows].astype(np.uint32) * np.iinfo(depth).max + top // 2) // top
        result = spread
    return result


def divided(colours: Pixels, alpha: Pixels) -> Pixels:
    """Colours with the alpha taken out of them again; where nothing is visible they stay as they are."""
    result = colours.copy()
    top = int(np.iinfo(colours.dtype).max)
    for rows in strips(*alpha.shape):
        weight = np.maximum(alpha[rows], 1).astype(np.uint64)[..., np.newaxis]
        result[rows] = np.minimum((colours[rows] * np.uint64(top) + weight // 2) // weight, top)
    return result


def upright_exif(exif: Image.Exif) -> bytes | None:
    """The camera's notes for a picture that has been turned upright, without the small picture that was not."""
    with contextlib.suppress(Exception):  # broken notes are no reason to refuse a photo
        if len(exif):
            exif[ORIENTATION] = 1
            return exif.tobytes()
    return None


def upright_array(array: Pixels, orientation: int) -> Pixels:
    """The picture turned by its EXIF orientation 1..8 (a view); any other number turns nothing."""
    if orientation == 2:
        return array[:, ::-1]
    if orientation == 3:
        return array[::-1, ::-1]
    if orientation == 4:
        return array[::-1]
    if orientation in (5, 6, 7, 8):
        turned = array.swapaxes(0, 1)
        flip_rows, flip_columns = {5: (1, 1), 6: (1, -1), 7: (-1, -1), 8: (-1, 1)}[orientation]
        return turned[::flip_rows, ::flip_columns]
    return array
