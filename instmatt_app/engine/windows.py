"""Windows: rectangles that together hold an area, so that work is done there and not on the whole photo."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.rect import Rect

# Side of the squares that areas are counted in, in pixels.
CELL = 64
# What a window costs is counted as that of one larger by this on every side: convolutions must see its surroundings.
MARGIN = 24


def cells_of(area: NDArray[np.bool_], widen: int = 0) -> NDArray[np.bool_]:
    """Which cells hold something of an area, bool (h, w), widened by that many pixels: bool (⌈h / 64⌉, ⌈w / 64⌉)."""
    height, width = area.shape
    wide = cv2.dilate(area.astype(np.uint8), np.ones((2 * widen + 1, 2 * widen + 1), np.uint8))
    padded = np.pad(wide, ((0, -height % CELL), (0, -width % CELL)))
    rows, columns = (size // CELL for size in padded.shape)
    return np.asarray(padded.reshape(rows, CELL, columns, CELL).any(axis=(1, 3)))


def windows_of(cells: NDArray[np.bool_], height: int, width: int, longest: int) -> list[Rect]:
    """Rectangles, in pixels, that hold all these cells of a picture; their sides are at most `longest` pixels.

    Cells are joined as long as one window costs no more than two; what is between them is then done along.
    """
    limit = max(1, longest // CELL)
    windows: list[Rect] = []
    for row, line in enumerate(cells):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False]))))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            for left in range(int(start), int(end), limit):
                windows.append(Rect(left, row, min(left + limit, int(end)), row + 1))
    while True:
        joined: list[Rect] = []
        for window in windows:
            for place, other in enumerate(joined):
                union = window.union(other)
                if max(union.width, union.height) <= limit and _cost(union) <= _cost(window) + _cost(other):
                    joined[place] = union
                    break
            else:
                joined.append(window)
        if len(joined) == len(windows):
            break
        windows = joined
    return [
        Rect(window.left * CELL, window.top * CELL, window.right * CELL, window.bottom * CELL).clip(width, height)
        for window in windows
    ]


def _cost(window: Rect) -> int:
    return (window.width * CELL + 2 * MARGIN) * (window.height * CELL + 2 * MARGIN)
