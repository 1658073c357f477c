"""TilePlane: a photo-size plane of small numbers that is empty almost everywhere, as strokes are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.rect import Rect

TILE = 256


@dataclass(frozen=True, eq=False)
class TilePlane:
    """A uint8 plane (height, width) that keeps only tiles with something in them; never changes.

    A change makes a new plane that shares all other tiles, so a stroke on a photo of any size costs the tiles it
    touched, and undo keeps old planes for nothing more.
    """

    height: int
    width: int
    tiles: Mapping[tuple[int, int], NDArray[np.uint8]] = field(default_factory=dict)

    @classmethod
    def of(cls, plane: NDArray[np.uint8]) -> TilePlane:
        """The plane of an array (H, W)."""
        height, width = plane.shape
        return cls(height, width).patched(Rect(0, 0, width, height), plane)

    def at(self, area: Rect) -> NDArray[np.uint8]:
        """What lies in the box, which must be inside the plane: a new array (h, w)."""
        patch = np.zeros((area.height, area.width), np.uint8)
        for place, box in tiles_of(area, self.height, self.width):
            tile = self.tiles.get(place)
            if tile is not None:
                common = box.intersect(area)
                patch[common.within(area).slices] = tile[common.within(box).slices]
        return patch

    def full(self) -> NDArray[np.uint8]:
        """The whole plane as a new array (height, width)."""
        return self.at(Rect(0, 0, self.width, self.height))

    def patched(self, area: Rect, patch: NDArray[np.uint8]) -> TilePlane:
        """A plane with other numbers, uint8 (h, w), in that box; tiles that become empty are let go."""
        if patch.shape != (area.height, area.width):
            raise ValueError(f"a patch of the shape {patch.shape} does not fill {area}")
        tiles = dict(self.tiles)
        for place, box in tiles_of(area, self.height, self.width):
            old = tiles.get(place)
            new = np.zeros((box.height, box.width), np.uint8) if old is None else old.copy()
            common = box.intersect(area)
            new[common.within(box).slices] = patch[common.within(area).slices]
            if new.any():
                new.setflags(write=False)
                tiles[place] = new
            else:
                tiles.pop(place, None)
        return TilePlane(self.height, self.width, tiles)

    @property
    def is_empty(self) -> bool:
        return not self.tiles

    @property
    def nbytes(self) -> int:
        """What the tiles take, shared ones included."""
        return sum(tile.nbytes for tile in self.tiles.values())


def tiles_of(area: Rect, height: int, width: int) -> Iterator[tuple[tuple[int, int], Rect]]:
    """Places (row, column) and boxes of the tiles that a box touches. ValueError if it reaches outside the plane."""
    if area.is_empty:
        return
    if area.clip(width, height) != area:
        raise ValueError(f"{area} reaches outside a plane of {width} × {height}")
    for row in range(area.top // TILE, (area.bottom - 1) // TILE + 1):
        for column in range(area.left // TILE, (area.right - 1) // TILE + 1):
            yield (row, column), Rect.of_size(column * TILE, row * TILE, TILE, TILE).clip(width, height)
