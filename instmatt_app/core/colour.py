"""Colour: from a file's own colour space to sRGB, and from 16 bits to 8."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

# Pillow is imported where it is used: engine and training run where it is not installed.
if TYPE_CHECKING:
    from PIL import ImageCms

Pixels = NDArray[np.uint8] | NDArray[np.uint16]
"""Samples of 8 or 16 bits; mostly (H, W, 3)."""

_STRIP_PIXELS = 1_000_000
"""Photos are converted in strips of about this many pixels, so that no temporary grows with the photo."""


def strips(height: int, width: int) -> Iterator[slice]:
    """Row slices that cover a picture of that size from top to bottom, about a million pixels each."""
    rows = max(1, _STRIP_PIXELS // max(1, width))
    for top in range(0, height, rows):
        yield slice(top, min(height, top + rows))


def to_eight_bits(samples: Pixels) -> NDArray[np.uint8]:
    """The same samples as uint8, correctly rounded (65535 becomes 255); any shape (H, W, …). Always a new array."""
    if samples.dtype == np.uint8:
        return samples.astype(np.uint8, copy=True)
    result = np.empty(samples.shape, np.uint8)
    for rows in strips(samples.shape[0], int(np.prod(samples.shape[1:]))):
        strip = samples[rows].astype(np.uint32)
        strip += 128
        strip //= 257
        result[rows] = strip
    return result


def profile_space(profile: bytes) -> str | None:
    """What an ICC profile describes — "RGB", "GRAY", "CMYK", "Lab" … — or None if it cannot be read."""
    from PIL import ImageCms

    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
    except (OSError, ImageCms.PyCMSError):
        return None
    return str(opened.profile.xcolor_space).strip()


def to_srgb(pixels: Pixels, profile: bytes | None) -> NDArray[np.uint8]:
    """The picture in sRGB, uint8 (H, W, 3), as a new array.

    ``pixels`` is uint8 or uint16 (H, W, 3) in the colour space of the ICC ``profile``; without a profile, or with one
    that is broken or is not an RGB profile, they are taken for sRGB. Relative colorimetric with black point
    compensation. 16-bit samples are rounded to 8 bits before the conversion.
    """
    transform = _transform(profile, "RGB") if profile is not None else None
    if transform is None:
        return to_eight_bits(pixels)
    return _apply(transform, pixels, "RGB")


def cmyk_to_srgb(inks: Pixels, profile: bytes | None) -> NDArray[np.uint8]:
    """A CMYK picture in sRGB, uint8 (H, W, 3).

    ``inks`` is uint8 or uint16 (H, W, 4), 0 = no ink. Without a usable CMYK ``profile`` by plain arithmetic.
    """
    transform = _transform(profile, "CMYK") if profile is not None else None
    return _apply(transform, inks, "CMYK")


def _apply(transform: ImageCms.ImageCmsTransform | None, samples: Pixels, mode: str) -> NDArray[np.uint8]:
    from PIL import Image

    height, width = samples.shape[:2]
    result = np.empty((height, width, 3), np.uint8)
    for rows in strips(height, width):
        strip = to_eight_bits(samples[rows])
        # frombuffer, because fromarray cannot be told that four channels are inks.
        picture = Image.frombuffer(mode, (width, strip.shape[0]), strip.tobytes(), "raw", mode, 0, 1)
        result[rows] = np.asarray(picture.convert("RGB") if transform is None else transform.apply(picture))
    return result


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform to sRGB, or None where there is nothing to do: a broken profile, another space, sRGB itself."""
    from PIL import ImageCms

    if profile_space(profile) != mode:
        return None
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ImageCms.PyCMSError):
        return None
    if mode == "RGB" and _changes_nothing(transform):
        return None
    return transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether the source already is sRGB: not by its name, but because a cube of colours moves by at most one level."""
    from PIL import Image

    levels = np.linspace(0, 255, 9).round().astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    after = np.asarray(transform.apply(Image.fromarray(cube)))
    return int(np.abs(after.astype(np.int16) - cube).max()) <= 1


def to_linear(pixels: Pixels, profile: bytes | None) -> NDArray[np.float32]:
    """The picture in linear light of the sRGB primaries: float32 (H, W, 3), 0..1.

    ``pixels`` and ``profile`` as in :func:`to_srgb`; 16 bits are kept where the profile is sRGB or missing. The
    curve is that of IEC 61966-2-1.
    """
    encoded: Pixels = to_srgb(pixels, profile) if profile is not None and _transform(profile, "RGB") else pixels
    levels = np.arange(np.iinfo(encoded.dtype).max + 1, dtype=np.float64) / np.iinfo(encoded.dtype).max
    curve = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4).astype(np.float32)
    linear: NDArray[np.float32] = curve[encoded]
    return linear
