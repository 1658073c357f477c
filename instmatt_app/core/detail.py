"""Detail: what is finer than the mattes of the working size, kept where it differs and nowhere else.

A finished matte is a stack: the alphas of the whole photo at the working size, and over them tiles at the photo's own
resolution, near outlines only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.planes import TILE, tiles_of
from instmatt_app.core.rect import Rect

BACKGROUND: None = None
"""Whose plane the background's is, beside the ids of people."""

Whose = int | None
Levels = NDArray[np.uint16]
_TOP = np.float32(65535)


@dataclass(frozen=True, eq=False)
class Detail:
    """Sparse planes of alphas at photo size (height, width).

    ``tiles`` are by (row, column) of :data:`instmatt_app.core.planes.TILE` pixels; each holds the planes of those whose
    alpha it knows better, by instance id and :data:`BACKGROUND`: uint16 (h, w), full scale. ``windows`` counts the
    windows that were matted for it.
    """

    height: int
    width: int
    tiles: Mapping[tuple[int, int], Mapping[Whose, Levels]] = field(default_factory=dict)
    windows: int = 0

    @property
    def nbytes(self) -> int:
        return sum(plane.nbytes for tile in self.tiles.values() for plane in tile.values())

    def outside(self, area: NDArray[np.bool_]) -> Detail:
        """The same without tiles that touch an area, bool (h, w), of the whole photo at any size."""
        down, across = area.shape[0] / self.height, area.shape[1] / self.width
        kept = {}
        for place, planes in self.tiles.items():
            box = Rect.of_size(place[1] * TILE, place[0] * TILE, TILE, TILE).clip(self.width, self.height)
            rows = slice(int(box.top * down), int(np.ceil(box.bottom * down)))
            columns = slice(int(box.left * across), int(np.ceil(box.right * across)))
            if not area[rows, columns].any():
                kept[place] = planes
        return Detail(self.height, self.width, kept, self.windows)

    def at(self, whose: Whose, x: int, y: int) -> float | None:
        """The alpha of a photo pixel, where it is known."""
        plane = self.tiles.get((y // TILE, x // TILE), {}).get(whose)
        return None if plane is None else float(plane[y % TILE, x % TILE] / _TOP)

    def lay(self, whose: Whose, area: Rect, alpha: NDArray[np.float32]) -> None:
        """Write what is known into an alpha, float32 (h, w), of the box ``area``, in place."""
        for place, box in tiles_of(area, self.height, self.width):
            plane = self.tiles.get(place, {}).get(whose)
            if plane is not None:
                common = box.intersect(area)
                alpha[common.within(area).slices] = alphas_of(plane[common.within(box).slices])


def levels_of(alpha: NDArray[np.float32]) -> Levels:
    """Alphas, 0..1, as a tile keeps them."""
    kept: Levels = np.rint(np.clip(alpha, 0, 1) * _TOP).astype(np.uint16)
    kept.setflags(write=False)
    return kept


def alphas_of(levels: Levels) -> NDArray[np.float32]:
    """What is kept as levels, as alphas again, 0..1."""
    alphas: NDArray[np.float32] = np.divide(levels, _TOP, dtype=np.float32)
    return alphas
