"""Composite: pictures of layers over something else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def over(
    colours: NDArray[np.uint8], alpha: NDArray[np.float32], below: NDArray[np.uint8] | tuple[int, int, int]
) -> NDArray[np.uint8]:
    """A straight-alpha layer over a picture or a flat colour: uint8 (H, W, 3).

    ``colours`` is uint8 (H, W, 3), ``alpha`` float32 (H, W), 0..1. Blended in the colours' own encoding, as picture
    editors do by default.
    """
    opacity = alpha[..., None]
    base = np.asarray(below, np.float32)
    blended = colours.astype(np.float32) * opacity + base * (1 - opacity)
    return np.rint(blended).astype(np.uint8)


def checkerboard(height: int, width: int, square: int = 12) -> NDArray[np.uint8]:
    """The grey squares that stand for transparency: uint8 (height, width, 3); ``square`` is in pixels."""
    rows = np.arange(height)[:, None] // square
    columns = np.arange(width)[None, :] // square
    grey = np.where((rows + columns) % 2 == 0, 204, 153).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
