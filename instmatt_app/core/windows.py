"""Windows: a picture too large to be worked on at once, cut so that what is made of the parts joins without a seam.

Only a part of the picture is wanted, often a thin line of it. It is divided into cells, cells with something wanted are
gathered into rectangles, and each rectangle has a window round it. A window's weight
falls from one to zero across every edge of its rectangle, over ``ramp`` pixels; its share is its weight divided by
everybody's. So shares add up to one wherever something is wanted, and two windows that disagree by d leave a slope of
about d / ramp and no step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.rect import Rect

# Whoever works on a window sees so many pixels more on every side, mirrored; for what a window costs.
MIRRORED = 32
# Windows are whole multiples of this, where there is room, because whoever works on them would fill them up.
MULTIPLE = 64
# The shortest window is this part of the longest: less says too little of what is around.
LEAST = 4
# A window's support ends at multiples of this, or where that of its rectangle ends.
STEP = 16


@dataclass(frozen=True, slots=True)
class Window:
    """One part. ``area`` is what is read; ``support``, inside it, is where something is wanted of it.

    ``core`` is the rectangle of cells that its weight is about, ``ramp`` the width of the fall, and ``size`` that of
    the picture, (height, width).
    """

    area: Rect
    support: Rect
    core: Rect
    ramp: int
    size: tuple[int, int]

    @property
    def inner(self) -> tuple[slice, slice]:
        """Rows and columns of the support within an array that holds the area."""
        return self.support.within(self.area).slices

    def weights(self, box: Rect) -> NDArray[np.float32]:
        """The weight of every pixel of a box: float32 (h, w), 0..1."""
        down = self._axis(box.top, box.bottom, self.core.top, self.core.bottom, self.size[0])
        across = self._axis(box.left, box.right, self.core.left, self.core.right, self.size[1])
        return down[:, None] * across[None, :]

    def _axis(self, first: int, last: int, start: int, end: int, size: int) -> NDArray[np.float32]:
        middle = np.arange(first, last, dtype=np.float32) + np.float32(0.5)
        rising = 1.0 if start == 0 else np.clip((middle - start) / self.ramp + 0.5, 0, 1)
        falling = 1.0 if end == size else np.clip((end - middle) / self.ramp + 0.5, 0, 1)
        return (np.ones_like(middle) * rising * falling).astype(np.float32)

    def share(self, windows: Sequence[Window]) -> NDArray[np.float32]:
        """Its part in every pixel of its support, among all ``windows``: float32 (h, w), 0..1."""
        own = self.weights(self.support)
        total = own.copy()
        half = self.ramp // 2
        for other in windows:
            common = other.core.grow(half).intersect(self.support)
            if other is not self and not common.is_empty:
                total[common.within(self.support).slices] += other.weights(common)
        # Zero only where this window has no say and nothing is wanted.
        return np.divide(own, total, out=np.zeros_like(own), where=total > 0)


def windows(wanted: NDArray[np.bool_], height: int, width: int, side: int, ramp: int, guard: int) -> list[Window]:
    """The windows over what is wanted of a picture of that size, from top to bottom; none is longer than ``side``.

    ``wanted`` is bool (h, w), of the picture or of a smaller copy; of that, all pixels are wanted which bilinear
    enlarging gives something of one. Between the support of a window and its edge lie at least ``guard`` pixels, but
    for the edge of the picture: what is computed there lacks surroundings, and nobody sees it. ``ramp`` is even. Raises
    ValueError where that leaves no room for cells.
    """
    cell = max(1, ramp)
    most = (side - ramp - 2 * guard) // cell
    if most < 1:
        raise ValueError(f"windows of {side} pixels have no room for ramps of {ramp} and guards of {guard}")
    cells = _cells(wanted, height, width, cell)
    made = []
    for piece in gathered(cells, most, (ramp + 2 * (guard + MIRRORED)) / cell):
        core = Rect(piece.left * cell, piece.top * cell, piece.right * cell, piece.bottom * cell).clip(width, height)
        support = _tight(wanted, height, width, core.grow(ramp // 2).clip(width, height))
        left, right = _around(support.left - guard, support.right + guard, side, width)
        top, bottom = _around(support.top - guard, support.bottom + guard, side, height)
        made.append(Window(Rect(left, top, right, bottom), support, core, ramp, (height, width)))
    return sorted(made, key=lambda window: (window.support.top, window.support.left))


def _cells(wanted: NDArray[np.bool_], height: int, width: int, cell: int) -> NDArray[np.bool_]:
    """In which cells of the picture something is wanted: bool (rows, columns)."""
    top, bottom = _seen(np.arange(0, height, cell), cell, height, wanted.shape[0])
    left, right = _seen(np.arange(0, width, cell), cell, width, wanted.shape[1])
    count = np.pad(
        wanted.astype(np.int32).cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32), ((1, 0), (1, 0))
    )
    upper, lower = count[top], count[bottom]
    return np.asarray(lower[:, right] - lower[:, left] > upper[:, right] - upper[:, left])


def _seen(first: NDArray[np.int_], length: int, large: int, small: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of which of ``small`` samples bilinear enlarging makes so many of ``large`` pixels: from where, to where."""
    last = np.minimum(first + length, large) - 1
    begin, end = (
        np.clip((place + 0.5) * (small / large) - 0.5, 0, small - 1).astype(np.intp) for place in (first, last)
    )
    return begin, np.minimum(end + 2, small)


def _tight(wanted: NDArray[np.bool_], height: int, width: int, box: Rect) -> Rect:
    """The part of a box of the picture in which something is wanted, in which there is something."""
    (top,), (bottom,) = _seen(np.array([box.top]), box.height, height, wanted.shape[0])
    (left,), (right,) = _seen(np.array([box.left]), box.width, width, wanted.shape[1])
    part = wanted[top:bottom, left:right]
    rows, columns = np.flatnonzero(part.any(axis=1)) + top, np.flatnonzero(part.any(axis=0)) + left
    # A sample has a say in the pixels up to its neighbours' middles. In whole steps, so that what changes elsewhere by
    # little leaves a window as it is, and what was kept of it.
    down, across = height / wanted.shape[0], width / wanted.shape[1]
    edges = Rect(
        int(((columns[0] - 0.5) * across - 0.5) // STEP) * STEP,
        int(((rows[0] - 0.5) * down - 0.5) // STEP) * STEP,
        -int(-((columns[-1] + 1.5) * across + 1.5) // STEP) * STEP,
        -int(-((rows[-1] + 1.5) * down + 1.5) // STEP) * STEP,
    )
    return edges.intersect(box)


def _around(first: int, last: int, side: int, size: int) -> tuple[int, int]:
    """From where to where is read round what lies between: a multiple, at most ``side``, inside the picture."""
    length = min(max(-(-(last - first) // MULTIPLE) * MULTIPLE, side // LEAST), side, size)
    at = min(max(0, (first + last - length) // 2), size - length)
    return at, at + length


def gathered(cells: NDArray[np.bool_], most: int, around: float) -> list[Rect]:
    """Rectangles, in cells, that together hold all these, bool (rows, columns); none longer than ``most``, and no two
    overlap.

    Each costs its area with ``around`` more cells on both axes. Rectangles are joined as long as one costs no more than
    two; what is between them is then done along.
    """

    def cost(box: Rect) -> float:
        return (box.width + around) * (box.height + around)

    # Rows that begin apart cannot be joined if each is cut by its own beginning, and a line that would be one
    # rectangle is two if it crosses a column where all are cut: neither is better everywhere.
    ways = (_joined(_rows(cells, most, together), most, cost) for together in (False, True))
    return min(ways, key=lambda boxes: sum(map(cost, boxes)))


def _rows(cells: NDArray[np.bool_], most: int, together: bool) -> list[Rect]:
    """The runs of each row in pieces of at most ``most``: each cut from where it begins, or all at common columns."""
    pieces = []
    for row, line in enumerate(cells):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False])))).tolist()
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            cut = range((start // most + 1) * most if together else start + most, end, most)
            pieces += [Rect(left, row, right, row + 1) for left, right in pairwise((start, *cut, end))]
    return pieces


def _joined(pieces: list[Rect], most: int, cost: Callable[[Rect], float]) -> list[Rect]:
    while True:
        joined: list[Rect] = []
        for number, piece in enumerate(pieces):
            for place, other in enumerate(joined):
                union = piece.union(other)
                if max(union.width, union.height) <= most and cost(union) <= cost(piece) + cost(other):
                    others = (*joined[:place], *joined[place + 1 :], *pieces[number + 1 :])
                    if all(union.intersect(one).is_empty for one in others):
                        joined[place] = union
                        break
            else:
                joined.append(piece)
        if len(joined) == len(pieces):
            return joined
        pieces = joined
