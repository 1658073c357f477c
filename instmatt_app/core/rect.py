"""Rect: a half-open box of whole pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rect:
    """A half-open box in photo pixels: columns ``left <= x < right``, rows ``top <= y < bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of_size(cls, x: int, y: int, width: int, height: int) -> Rect:
        """The box with its corner at (x, y)."""
        return cls(x, y, x + width, y + height)

    @property
    def width(self) -> int:
        return max(0, self.right - self.left)

    @property
    def height(self) -> int:
        return max(0, self.bottom - self.top)

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def is_empty(self) -> bool:
        return self.area == 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Row and column slices, for indexing an array [y, x]."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def clip(self, width: int, height: int) -> Rect:
        """The part of this box inside a picture of that size; empty if there is none."""
        return self.intersect(Rect(0, 0, width, height))

    def intersect(self, other: Rect) -> Rect:
        """What both boxes cover; an empty box (of no width or no height) if they do not meet."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(left, top, max(left, right), max(top, bottom))

    def union(self, other: Rect) -> Rect:
        """The smallest box that holds both; an empty box adds nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        return Rect(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def grow(self, pixels: int) -> Rect:
        """The box moved outwards by that many pixels on every side; not clipped."""
        return Rect(self.left - pixels, self.top - pixels, self.right + pixels, self.bottom + pixels)

    def within(self, whole: Rect) -> Rect:
        """This box in the coordinates of another, whose upper left corner becomes (0, 0)."""
        return Rect(self.left - whole.left, self.top - whole.top, self.right - whole.left, self.bottom - whole.top)
