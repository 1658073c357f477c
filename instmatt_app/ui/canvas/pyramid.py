"""Pyramid: the photo for the screen, in halving sizes, so that a frame costs what is seen and not what there is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import to_srgb
from instmatt_app.core.photo import Photo

SMALLEST = 512


def pyramid_of(photo: Photo) -> list[NDArray[np.uint8]]:
    """sRGB copies, the first at full size, each half the one before: uint8 (h, w, 4) in the byte order of Qt's RGB32.

    Takes a while on large photos; meant for a worker.
    """
    level = cv2.cvtColor(to_srgb(photo.pixels, photo.profile), cv2.COLOR_RGB2BGRA)
    levels = [level]
    while max(level.shape[:2]) > 2 * SMALLEST:
        size = max(1, level.shape[1] // 2), max(1, level.shape[0] // 2)
        level = cv2.resize(level, size, interpolation=cv2.INTER_AREA)
        levels.append(level)
    return levels


def level_for(zoom: float, count: int) -> int:
    """The smallest level that still has a pixel for every screen pixel; ``zoom`` is screen pixels per photo pixel."""
    level = 0
    while level + 1 < count and zoom * 2 ** (level + 1) <= 1:
        level += 1
    return level
