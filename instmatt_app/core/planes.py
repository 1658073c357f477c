"""TilePlane: a photo-size plane of small numbers that costs only where something changes, as masks and strokes do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.rect import Rect

TILE = 256

Numbers = NDArray[np.uint8]
Place = tuple[int, int]


@dataclass(frozen=True, eq=False, slots=True)
class Tile:
    """A tile (height, width) of uint8 numbers that never change, from ``low`` to ``high``.

    ``packed`` is nothing where both are the same, one bit for each number (set: high) where there are no others, and
    else the numbers themselves, uint8 (height, width).
    """

    height: int
    width: int
    low: int
    high: int
    packed: Numbers | None = None

    @classmethod
    def of(cls, numbers: Numbers) -> Tile:
        """The tile of an array (h, w), of which nothing is kept."""
        height, width = numbers.shape
        low, high = int(numbers.min()), int(numbers.max())
        if low == high:
            return uniform_tile(low, height, width)
        upper = numbers == high
        if (upper | (numbers == low)).all():
            return cls(height, width, low, high, np.packbits(upper))
        return cls(height, width, low, high, numbers.copy())

    @property
    def is_uniform(self) -> bool:
        return self.packed is None

    @property
    def numbers(self) -> Numbers:
        """Its numbers (height, width); not to be written to."""
        if self.packed is None:
            return np.broadcast_to(np.uint8(self.low), (self.height, self.width))
        if self.packed.ndim == 2:
            return self.packed
        upper = np.unpackbits(self.packed, count=self.height * self.width).reshape(self.height, self.width)
        upper *= np.uint8(self.high - self.low)
        upper += np.uint8(self.low)
        return upper

    @property
    def nbytes(self) -> int:
        """What its numbers take."""
        return 0 if self.packed is None else self.packed.nbytes


@lru_cache(maxsize=1024)
def uniform_tile(number: int, height: int, width: int) -> Tile:
    """The one tile of that size that holds the same number everywhere."""
    return Tile(height, width, number, number)


@dataclass(frozen=True, eq=False)
class TilePlane:
    """A uint8 plane (height, width) that keeps only tiles with something in them; never changes.

    A tile that is the same everywhere takes nothing, one of two numbers a bit for each pixel: a mask costs its outline,
    whatever the photo. A change makes a new plane that shares all other tiles, so a stroke costs the tiles it touched,
    and undo keeps old planes for nothing more.
    """

    height: int
    width: int
    tiles: Mapping[Place, Tile] = field(default_factory=dict)

    @classmethod
    def of(cls, plane: Numbers) -> TilePlane:
        """The plane of an array, uint8 (H, W). Raises ValueError for one of another shape or type."""
        if plane.ndim != 2 or plane.dtype != np.uint8:
            raise ValueError(f"a plane is made of uint8 (H, W), not of {plane.dtype} {plane.shape}")
        height, width = plane.shape
        return cls(height, width).patched(Rect(0, 0, width, height), plane)

    def at(self, area: Rect, step: int = 1) -> Numbers:
        """What lies in the box, which must be inside the plane: a new array (h, w); every so many rows and columns."""
        places = list(tiles_of(area, self.height, self.width))
        if step > 1:
            return self._where(np.arange(area.top, area.bottom, step), np.arange(area.left, area.right, step))
        patch = np.zeros((area.height, area.width), np.uint8)
        for place, box in places:
            tile = self.tiles.get(place)
            if tile is not None:
                common = box.intersect(area)
                patch[common.within(area).slices] = tile.numbers[common.within(box).slices]
        return patch

    def full(self) -> Numbers:
        """The whole plane as a new array (height, width)."""
        return self.at(Rect(0, 0, self.width, self.height))

    def reduced(self, height: int, width: int, window: Rect | None = None) -> Numbers:
        """The plane at another size (height, width), or a window of that, by OpenCV's nearest neighbour."""
        rows, columns = _nearest(self.height, height), _nearest(self.width, width)
        if window is not None:
            rows, columns = rows[window.slices[0]], columns[window.slices[1]]
        return self._where(rows, columns)

    def patched(self, area: Rect, patch: Numbers) -> TilePlane:
        """A plane with other numbers, uint8 (h, w), in that box; tiles that become empty are let go."""
        if patch.shape != (area.height, area.width):
            raise ValueError(f"a patch of the shape {patch.shape} does not fill {area}")
        tiles = dict(self.tiles)
        for place, box in tiles_of(area, self.height, self.width):
            common = box.intersect(area)
            new = patch[common.within(area).slices]
            if common != box:
                whole = self._tile(place, box).numbers.copy()
                whole[common.within(box).slices] = new
                new = whole
            tiles[place] = Tile.of(new)
            if not tiles[place].high:
                del tiles[place]
        return TilePlane(self.height, self.width, tiles)

    def mapped(self, change: Callable[[Rect, Numbers], Numbers]) -> TilePlane:
        """What ``change`` makes of each box that has something in it, and of its numbers (h, w)."""
        made = {place: Tile.of(change(self._box(place), tile.numbers)) for place, tile in self.tiles.items()}
        return TilePlane(self.height, self.width, {place: tile for place, tile in made.items() if tile.high})

    def translated(self, table: Numbers) -> TilePlane:
        """The plane with ``table[n]`` for every number n; the table is uint8 (256)."""
        everywhere = tiles_of(Rect(0, 0, self.width, self.height), self.height, self.width)
        boxes = everywhere if table[0] else ((place, self._box(place)) for place in self.tiles)
        return _filled(self.height, self.width, boxes, [self], lambda numbers: table[numbers[0]])

    def count(self, least: int = 1) -> int:
        """How many pixels hold at least that number, which is above 0."""
        total = 0
        for tile in self.tiles.values():
            if tile.low >= least:
                total += tile.height * tile.width
            elif tile.high >= least:
                total += int(np.count_nonzero(tile.numbers >= least))
        return total

    def levels(self) -> list[int]:
        """Which numbers occur, in order."""
        found = np.zeros(256, bool)
        found[0] = len(self.tiles) < _tiles_along(self.height) * _tiles_along(self.width)
        for tile in self.tiles.values():
            found[[tile.low, tile.high]] = True
            if tile.packed is not None and tile.packed.ndim == 2:
                found |= np.bincount(tile.packed.ravel(), minlength=256) > 0
        return [int(number) for number in np.flatnonzero(found)]

    @property
    def box(self) -> Rect:
        """The smallest box that holds everything; empty if there is nothing."""
        found = Rect(0, 0, 0, 0)
        for place, tile in self.tiles.items():
            whole = self._box(place)
            if found.union(whole) != found:
                found = found.union(_box_where(tile.numbers > 0, whole))
        return found

    @property
    def shape(self) -> tuple[int, int]:
        return self.height, self.width

    @property
    def is_empty(self) -> bool:
        return not self.tiles

    @property
    def nbytes(self) -> int:
        """What the tiles' numbers take, shared ones included."""
        return sum(tile.nbytes for tile in self.tiles.values())

    def _box(self, place: Place) -> Rect:
        row, column = place
        return Rect.of_size(column * TILE, row * TILE, TILE, TILE).clip(self.width, self.height)

    def _tile(self, place: Place, box: Rect) -> Tile:
        return self.tiles.get(place) or uniform_tile(0, box.height, box.width)

    def _where(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Numbers:
        """The pixels where these rows and columns meet, both in order: a new array (rows, columns)."""
        result = np.zeros((rows.size, columns.size), np.uint8)
        down = np.searchsorted(rows, np.arange(_tiles_along(self.height) + 1) * TILE)
        across = np.searchsorted(columns, np.arange(_tiles_along(self.width) + 1) * TILE)
        for (row, column), tile in self.tiles.items():
            part = slice(down[row], down[row + 1]), slice(across[column], across[column + 1])
            if tile.is_uniform:
                result[part] = tile.low
            elif part[0].start < part[0].stop and part[1].start < part[1].stop:
                inside = rows[part[0], None] - row * TILE, columns[None, part[1]] - column * TILE
                result[part] = tile.numbers[inside]
        return result


def combined(planes: Sequence[TilePlane], how: Callable[[Sequence[Numbers]], Numbers]) -> TilePlane:
    """One plane of several of the same size, where any of them has something.

    ``how`` is given what lies in a tile, an array (h, w) of each plane, and works pixel by pixel: of tiles that are the
    same everywhere it sees a single one.
    """
    first = planes[0]
    places = sorted({place for plane in planes for place in plane.tiles})
    return _filled(*first.shape, ((place, first._box(place)) for place in places), planes, how)


def differing(first: TilePlane | None, second: TilePlane | None) -> Rect:
    """The box of what differs between two planes of one size; empty if nothing does. None is an empty plane."""
    found = Rect(0, 0, 0, 0)
    whole = first if first is not None else second
    if whole is None:
        return found
    old, new = (TilePlane(*whole.shape) if plane is None else plane for plane in (first, second))
    for place in old.tiles.keys() | new.tiles.keys():
        box = whole._box(place)
        was, now = old._tile(place, box), new._tile(place, box)
        if was is not now:
            found = found.union(_box_where(was.numbers != now.numbers, box))
    return found


def tiles_of(area: Rect, height: int, width: int) -> Iterator[tuple[Place, Rect]]:
    """Places (row, column) and boxes of the tiles that a box touches. ValueError if it reaches outside the plane."""
    if area.is_empty:
        return
    if area.clip(width, height) != area:
        raise ValueError(f"{area} reaches outside a plane of {width} × {height}")
    for row in range(area.top // TILE, (area.bottom - 1) // TILE + 1):
        for column in range(area.left // TILE, (area.right - 1) // TILE + 1):
            yield (row, column), Rect.of_size(column * TILE, row * TILE, TILE, TILE).clip(width, height)


def _filled(
    height: int,
    width: int,
    boxes: Iterator[tuple[Place, Rect]],
    planes: Sequence[TilePlane],
    how: Callable[[Sequence[Numbers]], Numbers],
) -> TilePlane:
    """A plane of what ``how`` makes of the planes' numbers in each of the boxes, pixel by pixel."""
    tiles = {}
    for place, box in boxes:
        parts = [plane._tile(place, box) for plane in planes]
        if all(part.is_uniform for part in parts):
            one = how([np.full((1, 1), part.low, np.uint8) for part in parts])
            tiles[place] = uniform_tile(int(one[0, 0]), box.height, box.width)
        else:
            tiles[place] = Tile.of(how([part.numbers for part in parts]))
    return TilePlane(height, width, {place: tile for place, tile in tiles.items() if tile.high})


def _tiles_along(side: int) -> int:
    return -(-side // TILE)


def _nearest(before: int, after: int) -> NDArray[np.int64]:
    """Which of ``before`` rows each of ``after`` rows is, as OpenCV chooses them."""
    rows = np.arange(before, dtype=np.int32)[:, None]
    chosen: NDArray[np.int64] = cv2.resize(rows, (1, after), interpolation=cv2.INTER_NEAREST).astype(np.int64)[:, 0]
    return chosen


def _box_where(there: NDArray[np.bool_], box: Rect) -> Rect:
    """The smallest box round what is there, bool (h, w), of a box of the plane."""
    rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    if not rows.size:
        return Rect(0, 0, 0, 0)
    left, top = box.left, box.top
    return Rect(left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)
