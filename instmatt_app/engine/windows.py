"""Windows: rectangles that together hold an area, so that work is done there and not on the whole photo."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.rect import Rect
from instmatt_app.core.windows import gathered

# Side of the squares that areas are counted in, in pixels.
CELL = 16


def cells_of(area: NDArray[np.bool_], widen: int = 0) -> NDArray[np.bool_]:
    """Which cells hold something of an area, bool (h, w), widened by that many pixels: bool (⌈h / 64⌉, ⌈w / 64⌉)."""
    height, width = area.shape
    wide = cv2.dilate(area.astype(np.uint8), np.ones((2 * widen + 1, 2 * widen + 1), np.uint8))
    padded = np.pad(wide, ((0, -height % CELL), (0, -width % CELL)))
    rows, columns = (size // CELL for size in padded.shape)
    return np.asarray(padded.reshape(rows, CELL, columns, CELL).any(axis=(1, 3)))


def windows_of(cells: NDArray[np.bool_], height: int, width: int, longest: int, margin: int) -> list[Rect]:
    """Rectangles, in pixels, that hold all these cells of a picture; no two overlap, and none is longer than `longest`.

    What a window costs is counted as that of one larger by `margin` pixels on every side, of which much has to be seen.
    """
    return [
        Rect(window.left * CELL, window.top * CELL, window.right * CELL, window.bottom * CELL).clip(width, height)
        for window in gathered(cells, max(1, longest // CELL), 2 * margin / CELL)
    ]
