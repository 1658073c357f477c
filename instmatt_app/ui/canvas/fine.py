"""Fine: the tiles of a result's detail as pictures, where the canvas is nearer than the working size shows.

Only what is seen is made, at the level of the photo's pyramid that the zoom asks for, and kept while there is room.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QRegion, QTransform

from instmatt_app.core.detail import Detail
from instmatt_app.core.hints import Pin
from instmatt_app.core.instance import Instance
from instmatt_app.core.planes import tiles_of
from instmatt_app.core.rect import Rect
from instmatt_app.ui.canvas.pyramid import level_for
from instmatt_app.ui.canvas.views import outline_of, together

Levels = NDArray[np.uint8]

# What is kept of tiles' pictures, in bytes.
BUDGET = 96 * 2**20
# A tile is halved no more often than this: it has 256 pixels.
SMALLEST = 5
# An outline is looked for in pixels of which each has at least so many of the screen's.
LINE_ZOOM = 0.75
# Steps from pixel to pixel are half a one off; a line without them is drawn many times as fast.
LINE_WITHIN = 0.75
# So many photo pixels beyond what is seen it goes on: where it ends it would be closed along the edge.
BEYOND = 8


@dataclass(frozen=True)
class Place:
    """Where a photo lies in a widget: its ``area``, and what of the widget is ``seen``.

    ``ratio`` is the screen's pixels per widget pixel.
    """

    area: QRectF
    seen: QRectF
    ratio: float


class Fine:
    """The detail of one result for the canvas.

    ``coarse`` gives the levels of a person at the working size, uint8 of the shape ``size``; they are what is known
    where there is nothing finer. Those in ``people`` may have pins, which hold at the photo's own resolution.
    """

    def __init__(
        self, detail: Detail, people: Sequence[Instance], size: tuple[int, int], coarse: Callable[[int], Levels]
    ) -> None:
        self.detail = detail
        self.coarse = coarse
        self._size = size
        self._pins = {one.id: one.pins.tiles for one in people if one.pins is not None}
        self._pictures: OrderedDict[Hashable, QImage] = OrderedDict()
        self._bytes = 0
        self._lines: dict[int, tuple[Hashable, QPainterPath]] = {}

    def is_seen(self, place: Place) -> bool:
        """Whether the screen has more pixels than the working size."""
        return place.area.width() * place.ratio > self._size[1]

    def paint(
        self, painter: QPainter, place: Place, whole: QImage, whose: Collection[int], name: Hashable,
        make: Callable[[Levels], QImage],
    ) -> None:  # fmt: skip
        """Paints ``whole``, a picture of these people's levels at the working size, and in its place what is finer.

        ``make`` makes such a picture of levels, uint8 (h, w); ``name`` says which.
        """
        level = level_for(place.area.width() * place.ratio / self.detail.width, SMALLEST + 1)
        around = QRegion(place.seen.toAlignedRect())
        pieces: list[tuple[QRect, QImage]] = []
        for tile, box in self._tiles(self._part(place)):
            known = self.detail.tiles.get(tile, {})
            if any(one in known for one in whose):
                target = self._target(place, box)
                around -= QRegion(target)
                make_it = partial(self._made, tile, box, level, whose, make)
                pieces.append((target, self._picture((name, tile, level), make_it)))
        painter.save()
        painter.setClipRegion(around, Qt.ClipOperation.IntersectClip)
        painter.drawImage(place.area, whole)
        painter.restore()
        for target, picture in pieces:
            painter.drawImage(target, picture)

    def outline(self, person: int, place: Place) -> QPainterPath:
        """The line where a person's alpha is one half, in the widget, as far as it is seen."""
        zoom = place.area.width() / self.detail.width
        level = next(one for one in range(32) if zoom * place.ratio * 2**one >= LINE_ZOOM)
        boxes = list(self._tiles(self._part(place).grow(BEYOND).clip(self.detail.width, self.detail.height)))
        if not boxes:
            return QPainterPath()
        area = boxes[0][1].union(boxes[-1][1])
        kept = self._lines.get(person)
        if kept is None or kept[0] != (area, level):
            levels = self._area(person, area, level)
            kept = self._lines[person] = ((area, level), outline_of(levels, LINE_WITHIN))
        scale = zoom * 2**level
        to_widget = QTransform.fromScale(scale, scale)
        corner = place.area.left() + area.left * zoom, place.area.top() + area.top * zoom
        return (to_widget * QTransform.fromTranslate(*corner)).map(kept[1])

    # --- Where --------------------------------------------------------------------------------------------------------

    def _part(self, place: Place) -> Rect:
        """What of the photo is seen."""
        zoom = place.area.width() / self.detail.width
        seen = place.seen.intersected(place.area).translated(-place.area.topLeft())
        corners = seen.left(), seen.top(), seen.right(), seen.bottom()
        left, top, right, bottom = (corner / zoom for corner in corners)
        part = Rect(int(left), int(top), int(np.ceil(right)), int(np.ceil(bottom)))
        return part.clip(self.detail.width, self.detail.height)

    def _tiles(self, part: Rect) -> Iterator[tuple[tuple[int, int], Rect]]:
        return tiles_of(part, self.detail.height, self.detail.width)

    def _target(self, place: Place, box: Rect) -> QRect:
        """Where a tile lies, in whole pixels of the widget, so that two that meet leave no seam."""
        zoom = place.area.width() / self.detail.width
        left, right = (round(place.area.left() + x * zoom) for x in (box.left, box.right))
        top, bottom = (round(place.area.top() + y * zoom) for y in (box.top, box.bottom))
        return QRect(left, top, right - left, bottom - top)

    # --- What ---------------------------------------------------------------------------------------------------------

    def _picture(self, name: Hashable, make: Callable[[], QImage]) -> QImage:
        picture = self._pictures.pop(name, None)
        if picture is None:
            picture = make()
            self._bytes += picture.sizeInBytes()
        self._pictures[name] = picture
        while self._bytes > BUDGET and len(self._pictures) > 1:
            self._bytes -= self._pictures.popitem(last=False)[1].sizeInBytes()
        return picture

    def _made(
        self, tile: tuple[int, int], box: Rect, level: int, whose: Collection[int], make: Callable[[Levels], QImage]
    ) -> QImage:
        known = self.detail.tiles[tile]
        parts = [self._known(one, tile, level) if one in known else self._enlarged(one, box, level) for one in whose]
        return make(together(parts, parts[0].shape))

    def _known(self, person: int, tile: tuple[int, int], level: int) -> Levels:
        """A person's levels in a tile of the detail, as the pins hold them."""
        levels = (self.detail.tiles[tile][person] >> 8).astype(np.uint8)
        for one, planes in self._pins.items():
            if tile in planes:
                pins = planes[tile].numbers
                levels[pins == Pin.ONE] = 255 if one == person else 0
                if one == person:
                    levels[pins == Pin.ZERO] = 0
        if level:
            size = _halved(levels.shape, level)[::-1]
            levels = cv2.resize(levels, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
        return levels

    def _enlarged(self, person: int, area: Rect, level: int) -> Levels:
        """A person's levels of the working size in a box of the photo, at the size of that level."""
        height, width = _halved((area.height, area.width), level)
        across, down = self._size[1] / self.detail.width, self._size[0] / self.detail.height
        steps = area.width / width * across, area.height / height * down
        to_coarse = np.array(
            [
                [steps[0], 0, area.left * across + (steps[0] - 1) / 2],
                [0, steps[1], area.top * down + (steps[1] - 1) / 2],
            ]
        )
        levels: Levels = cv2.warpAffine(
            self.coarse(person), to_coarse, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ).astype(np.uint8)  # fmt: skip
        return levels

    def _area(self, person: int, area: Rect, level: int) -> Levels:
        """A person's levels in a box of whole tiles."""
        levels = self._enlarged(person, area, level)
        for tile, box in self._tiles(area):
            if person in self.detail.tiles.get(tile, {}):
                known = self._known(person, tile, level)
                top, left = (box.top - area.top) >> level, (box.left - area.left) >> level
                part = levels[top : top + known.shape[0], left : left + known.shape[1]]
                part[:] = known[: part.shape[0], : part.shape[1]]
        return levels


def _halved(shape: tuple[int, ...], level: int) -> tuple[int, int]:
    return max(1, shape[0] >> level), max(1, shape[1] >> level)
