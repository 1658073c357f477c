"""Candidates: people of whom the recogniser is less sure, shown as ghosts until somebody says that they are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from instmatt_app.core.edits import add_people
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Detection
from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.ui.canvas.views import mask_levels, outline_of
from instmatt_app.ui.document import Document
from instmatt_app.ui.finding import Finder

# Where a ghost lies this much under people who are there, it is one of them, or a part.
COVERED = 0.6
# Ghosts are drawn and compared at no more than this side, in pixels.
SIDE = 640
LEAST = 0.15
SHADE, FAINT, STRONG = QColor(0, 0, 0, 140), QColor(255, 255, 255, 120), QColor(255, 255, 255, 235)


@dataclass(frozen=True, eq=False)
class Ghost:
    """Somebody who may be there; ``small`` is their mask at a size for the screen, ``outline`` its line in pixels."""

    found: Detection
    small: NDArray[np.uint8]
    outline: QPainterPath

    @property
    def score(self) -> float:
        return self.found.score or 0.0


class Candidates(QObject):
    """The ghosts of a photo. They are no part of the document: :meth:`accept` makes one of them a person.

    ``changed`` says that others are shown, or another one is pointed at.
    """

    changed = Signal()

    def __init__(self, document: Document, finder: Finder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._finder = finder
        self._all: list[Ghost] = []
        self._of: Photo | None = None
        self._free: tuple[object, object, list[Ghost]] | None = None
        self.is_on = False
        self.is_looking = False
        self.least = LEAST
        self.pointed: Ghost | None = None
        finder.candidates_came.connect(self._on_found)
        document.changed.connect(self._on_changed)
        document.replaced.connect(self.leave)

    @property
    def shown(self) -> list[Ghost]:
        """Those who are sure enough and not among the people yet, the surest first."""
        if not self.is_on:
            return []
        return [one for one in self._not_there() if one.score >= self.least]

    def look(self) -> None:
        """Shows ghosts from now on; looks for them where that was not done yet."""
        if self._document.photo is None:
            return
        self.is_on = True
        if not self._all:
            self.is_looking = True
            self._finder.look_for_candidates()
        self.changed.emit()

    def leave(self) -> None:
        """Shows none any more, and forgets those of another photo."""
        self.is_on = self.is_looking = False
        self.pointed = None
        if self._of is not self._document.photo:
            self._all = []
        self.changed.emit()

    def toggle(self) -> None:
        if self.is_on:
            self.leave()
        else:
            self.look()

    def set_least(self, least: float) -> None:
        """Shows those of at least this score, 0..1."""
        self.least = least
        self.changed.emit()

    def accept(self, ghost: Ghost) -> None:
        """Makes this one a person."""
        self.pointed = None
        self._document.do(add_people([ghost.found]))

    def point_at(self, ghost: Ghost | None) -> None:
        """Lights this one up."""
        if ghost is not self.pointed:
            self.pointed = ghost
            self.changed.emit()

    def at(self, x: float, y: float) -> Ghost | None:
        """Who may be at a photo point; of several the smallest."""
        height, width = self._size()
        if not (0 <= x < width and 0 <= y < height):
            return None
        pixel = Rect.of_size(int(x), int(y), 1, 1)
        there = [one for one in self.shown if one.found.mask.at(pixel)[0, 0] > 127]
        return min(there, key=lambda one: int(np.count_nonzero(one.small)), default=None)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Faint dashed lines, and how sure the recogniser is; ``area`` is where the photo lies in the widget."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for one in self.shown:
            scale = QTransform.fromScale(area.width() / one.small.shape[1], area.height() / one.small.shape[0])
            line = (scale * QTransform.fromTranslate(area.left(), area.top())).map(one.outline)
            painter.setPen(QPen(SHADE, 1.4))
            painter.drawPath(line)
            painter.setPen(QPen(STRONG if one is self.pointed else FAINT, 1.4, Qt.PenStyle.DashLine))
            painter.drawPath(line)
            box = line.boundingRect().adjusted(4, 4, 0, 0)
            for pen, place in ((SHADE, box.translated(1, 1)), (STRONG, box)):
                painter.setPen(pen)
                painter.drawText(place, Qt.AlignmentFlag.AlignLeft, f"{one.score:.2f} ?")
        painter.restore()

    def _size(self) -> tuple[int, int]:
        photo = self._document.photo
        return (0, 0) if photo is None else (photo.height, photo.width)

    def _not_there(self) -> list[Ghost]:
        """Those who are not among the people; looked up once for each, as every frame that is painted asks."""
        people, ghosts = self._document.state.instances, self._all
        if self._free is None or self._free[0] is not people or self._free[1] is not ghosts:
            self._free = (people, ghosts, _uncovered(ghosts, people))
        return self._free[2]

    def _on_found(self, found: Sequence[Detection]) -> None:
        self.is_looking = False
        self._of = self._document.photo
        self._all = [_ghost(one) for one in sorted(found, key=lambda one: -(one.score or 0))]
        self.changed.emit()

    def _on_changed(self) -> None:
        if self.is_on:
            self.changed.emit()


def _ghost(found: Detection) -> Ghost:
    small = mask_levels(found.mask, SIDE)
    return Ghost(found, small, outline_of(small))


def _uncovered(ghosts: Sequence[Ghost], people: Sequence[Instance]) -> list[Ghost]:
    """The ghosts that do not lie under people who are there."""
    if not ghosts:
        return []
    height, width = ghosts[0].small.shape
    covered = np.zeros((height, width), bool)
    for person in people:
        covered |= person.mask.reduced(height, width) > 127
    masks = ((one, one.small > 127) for one in ghosts)
    return [one for one, mine in masks if (mine & covered).sum() <= COVERED * mine.sum()]
