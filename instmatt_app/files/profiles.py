"""Photos in another colour space: sRGB or Display P3, in their own depth."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Literal

import imagecodecs
import numpy as np
from PIL import ImageCms

from instmatt_app.core.colour import Pixels, strips
from instmatt_app.core.photo import Photo

ProfileName = Literal["keep", "srgb", "p3"]
PROFILES: tuple[ProfileName, ...] = ("keep", "srgb", "p3")


def in_profile(photo: Photo, name: ProfileName) -> Photo:
    """The photo with its colours in that space and the profile that says so; ``keep``: the photo itself.

    Relative colorimetric with black point compensation, through littleCMS at the photo's own depth. A photo without a
    profile is sRGB, and stays as it is when sRGB is asked for.
    """
    if name == "keep" or (name == "srgb" and photo.profile is None):
        return photo
    source, target = photo.profile or _srgb(), _srgb() if name == "srgb" else _display_p3()
    intent = int(ImageCms.Intent.RELATIVE_COLORIMETRIC)
    flags = int(ImageCms.Flags.BLACKPOINTCOMPENSATION)
    pixels: Pixels = np.empty_like(photo.pixels)
    for rows in strips(photo.height, photo.width):
        pixels[rows] = imagecodecs.cms_transform(
            np.ascontiguousarray(photo.pixels[rows]), source, target, colorspace="rgb", outcolorspace="rgb",
            intent=intent, flags=flags,
        )  # fmt: skip
    return replace(photo, pixels=pixels, profile=target, fingerprint="")


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


@lru_cache(maxsize=1)
def _display_p3() -> bytes:
    """Display P3: the primaries of SMPTE EG 432-1, the white of D65, the curve of sRGB."""
    levels = np.linspace(0, 1, 1024)
    curve = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return bytes(
        imagecodecs.cms_profile(
            "rgb",
            whitepoint=[0.3127, 0.3290, 1.0],
            primaries=[0.680, 0.320, 1.0, 0.265, 0.690, 1.0, 0.150, 0.060, 1.0],
            transferfunction=curve.astype(np.float32),
        )
    )
