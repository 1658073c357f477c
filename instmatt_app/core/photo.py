"""Photo: the pixels a person gave us, as they are in the file, and the sRGB copies the program works with."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels, to_srgb
from instmatt_app.core.rect import Rect

__all__ = ["Photo", "Pixels"]


@dataclass(frozen=True, eq=False)
class Photo:
    """An upright picture in its own colour space.

    ``pixels`` is RGB, uint8 or uint16 (H, W, 3); the photo takes the array over and makes it read-only. ``profile`` is
    the ICC profile of those numbers, None for sRGB. ``fingerprint`` names the pixels and the profile, not the file; it
    is computed when it is not given. ``notes`` are sentences about what was changed while reading; ``exif`` what the
    camera wrote, for an upright picture. ``part_of`` is the long side, in these pixels, of the picture that this is a
    part of, by default its own.
    Raises ValueError for an array of another shape or type.
    """

    pixels: Pixels
    path: Path | None = None
    profile: bytes | None = None
    fingerprint: str = ""
    notes: tuple[str, ...] = ()
    exif: bytes | None = None
    part_of: int = 0

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.size == 0:
            raise ValueError(f"a photo has the shape (H, W, 3), not {pixels.shape}")
        if pixels.dtype not in (np.uint8, np.uint16):
            raise ValueError(f"a photo has samples of 8 or 16 bits, not {pixels.dtype}")
        pixels = pixels if pixels.flags.c_contiguous else pixels.copy()
        pixels.setflags(write=False)
        object.__setattr__(self, "pixels", pixels)
        if not self.fingerprint:
            object.__setattr__(self, "fingerprint", _fingerprint(pixels, self.profile))
        if not self.part_of:
            object.__setattr__(self, "part_of", max(pixels.shape[:2]))

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def is_part(self) -> bool:
        """Whether it was cut out of a larger one, to be looked at in passing."""
        return self.part_of > max(self.width, self.height)

    @property
    def stem(self) -> str:
        """The file's name without folder and suffix; "photo" for a picture that comes from no file."""
        return self.path.stem if self.path is not None else "photo"

    def size_at(self, max_side: int) -> tuple[int, int]:
        """(h, w) of the copy that :meth:`at` makes. Raises ValueError for a side below 1."""
        if max_side < 1:
            raise ValueError(f"the long side must be at least 1 pixel, not {max_side}")
        long_side = max(self.height, self.width)
        if long_side <= max_side:
            return self.height, self.width
        # Cut off, not rounded, with the ratio computed first: the sizes the published script works at.
        ratio = max_side / long_side
        return max(1, int(ratio * self.height)), max(1, int(ratio * self.width))

    def part(self, area: Rect) -> Photo:
        """What lies in that box, which must be inside, as a photo of its own with a copy of its pixels."""
        pixels: Pixels = self.pixels[area.slices].copy()
        return Photo(pixels, profile=self.profile, part_of=self.part_of)

    def at(self, max_side: int, interpolation: int = cv2.INTER_AREA) -> NDArray[np.uint8]:
        """An sRGB copy, uint8 (h, w, 3), whose long side is at most ``max_side``; never enlarged.

        ``interpolation`` is OpenCV's constant; the published script shrinks with ``cv2.INTER_LINEAR``.
        """
        height, width = self.size_at(max_side)
        pixels = self.pixels
        if (height, width) != (self.height, self.width):
            # Shrunk first: the colour conversion is the dear part.
            pixels = cv2.resize(pixels, (width, height), interpolation=interpolation)
        return to_srgb(pixels, self.profile)


def _fingerprint(pixels: Pixels, profile: bytes | None) -> str:
    digest = blake2b(f"{pixels.shape} {pixels.dtype.name} {len(profile or b'')} ".encode(), digest_size=16)
    digest.update(profile or b"")
    digest.update(pixels.data)
    return digest.hexdigest()
