"""Windows: a picture too large to be worked on at once, cut so that what is made of the parts joins without a seam.

A picture is divided into cells, and each cell has a window round it. Weights fall from one to zero across every edge
between two cells, over ``ramp`` pixels, and add up to one at every pixel. Two windows that disagree by d therefore
leave a slope of d / ramp and no step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.rect import Rect


@dataclass(frozen=True, slots=True)
class _Span:
    """One axis of a window: the cell from ``start`` to ``end`` of a length of ``size``."""

    start: int
    end: int
    size: int
    ramp: int

    def support(self) -> tuple[int, int]:
        half = self.ramp // 2
        return max(0, self.start - half), min(self.size, self.end + half)

    def area(self, side: int) -> tuple[int, int]:
        """``side`` pixels (or all there are) round the middle of the support, moved into the picture."""
        length = min(side, self.size)
        first, last = self.support()
        at = min(max(0, (first + last - length) // 2), self.size - length)
        return at, at + length

    def weights(self) -> NDArray[np.float32]:
        first, last = self.support()
        middle = np.arange(first, last, dtype=np.float32) + np.float32(0.5)
        rising = 1.0 if self.start == 0 else np.clip((middle - self.start) / self.ramp + 0.5, 0, 1)
        falling = 1.0 if self.end == self.size else np.clip((self.end - middle) / self.ramp + 0.5, 0, 1)
        return (np.ones_like(middle) * rising * falling).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Window:
    """One part. ``area`` is what is read; ``support``, inside it, is where its weight is above zero.

    ``row`` counts the rows of windows from 0.
    """

    area: Rect
    support: Rect
    row: int
    _down: _Span
    _across: _Span

    @property
    def inner(self) -> tuple[slice, slice]:
        """Rows and columns of the support within an array that holds the area."""
        return self.support.within(self.area).slices

    def weights(self) -> NDArray[np.float32]:
        """The weight of every pixel of the support: float32 (h, w), 0..1."""
        return self._down.weights()[:, None] * self._across.weights()[None, :]


def windows(height: int, width: int, side: int, ramp: int, guard: int) -> Iterator[Window]:
    """The windows over a picture of that size, in reading order; none is wider or higher than ``side``.

    Between the support of a window and its edge lie at least ``guard`` pixels, but for the edge of the picture: what is
    computed there lacks surroundings, and nobody sees it. ``ramp`` is even. Raises ValueError where that leaves no room
    for cells.
    """
    room = side - ramp - 2 * guard
    if room < 2 * ramp:
        raise ValueError(f"windows of {side} pixels have no room for ramps of {ramp} and guards of {guard}")
    columns = list(_spans(width, side, room, ramp))
    for row, down in enumerate(_spans(height, side, room, ramp)):
        for across in columns:
            (top, bottom), (left, right) = down.area(side), across.area(side)
            (first, last), (begin, end) = down.support(), across.support()
            yield Window(Rect(left, top, right, bottom), Rect(begin, first, end, last), row, down, across)


def _spans(size: int, side: int, room: int, ramp: int) -> Iterator[_Span]:
    """Equal cells; one, if the whole length fits into a window."""
    count = 1 if size <= side else -(-size // room)
    for number in range(count):
        yield _Span(number * size // count, (number + 1) * size // count, size, ramp)
