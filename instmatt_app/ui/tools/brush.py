"""Brushes: strokes for or against a person, from which the tri-masks are made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from instmatt_app.core.edits import paint
from instmatt_app.core.hints import Hint
from instmatt_app.core.rect import Rect
from instmatt_app.ui.canvas.views import HINT_COLOURS
from instmatt_app.ui.tools.tool import Pointer, Tool

if TYPE_CHECKING:
    from instmatt_app.ui.canvas.canvas import Canvas

RADIUS_MIN, RADIUS_MAX = 1, 500
# OpenCV draws at sixteenths of a pixel.
SHIFT = 4

Point = tuple[float, float]


class BrushSettings(QObject):
    """What all brushes share: the class that is painted, and the size."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hint = Hint.THIS_PERSON
        self.before = Hint.NOT_THIS_PERSON
        self.radius = 24

    def choose(self, hint: Hint) -> None:
        if hint is not self.hint:
            self.before, self.hint = self.hint, hint
        self.changed.emit()

    def swap(self) -> None:
        """The class that was chosen before, and back."""
        self.before, self.hint = self.hint, self.before
        self.changed.emit()

    def reset(self) -> None:
        self.hint, self.before = Hint.THIS_PERSON, Hint.NOT_THIS_PERSON
        self.changed.emit()

    def set_radius(self, radius: float) -> None:
        """In photo pixels."""
        self.radius = int(min(max(round(radius), RADIUS_MIN), RADIUS_MAX))
        self.changed.emit()

    def resize(self, direction: int) -> None:
        """A tenth larger or smaller, by a pixel at least."""
        self.set_radius(self.radius + direction * max(1, round(self.radius * 0.1)))


def opposite(hint: Hint) -> Hint:
    """What Alt and the right button paint: for a person against them, and the other way round."""
    return Hint.NOT_THIS_PERSON if hint is Hint.THIS_PERSON else Hint.THIS_PERSON


def drawn_line(points: list[Point], radius: int, width: int, height: int) -> tuple[Rect, NDArray[np.bool_]]:
    """A round brush along these photo points: the box it touches, clipped to the photo, and where in it."""
    array = np.array(points)
    low, high = np.floor(array.min(axis=0)) - radius - 1, np.ceil(array.max(axis=0)) + radius + 1
    area = Rect(int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1).clip(width, height)
    where = np.zeros((area.height, area.width), np.uint8)
    if where.size:
        line = np.rint((array - 0.5 - (area.left, area.top)) * 2**SHIFT).astype(np.int32)
        cv2.polylines(where, [line], False, 1, 2 * radius, cv2.LINE_8, SHIFT)
        for x, y in line:
            cv2.circle(where, (int(x), int(y)), radius << SHIFT, 1, -1, cv2.LINE_8, SHIFT)
    return area, where > 0


def filled(points: list[Point], width: int, height: int) -> tuple[Rect, NDArray[np.bool_]]:
    """The inside of a closed line: the box it touches, clipped to the photo, and where in it."""
    array = np.array(points)
    low, high = np.floor(array.min(axis=0)), np.ceil(array.max(axis=0))
    area = Rect(int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1).clip(width, height)
    where = np.zeros((area.height, area.width), np.uint8)
    if where.size:
        line = np.rint((array - 0.5 - (area.left, area.top)) * 2**SHIFT).astype(np.int32)
        cv2.fillPoly(where, [line], 1, cv2.LINE_8, SHIFT)
    return area, where > 0


class BrushTool(Tool):
    """Paints a class for the selected person; the right button and Alt paint the opposite."""

    paints = True

    def __init__(self, canvas: Canvas, settings: BrushSettings, fixed: Hint | None = None) -> None:
        """``fixed`` is the class of a brush that has its own: the hair brush, the eraser."""
        super().__init__(canvas)
        self.settings = settings
        self._fixed = fixed
        self._points: list[Point] = []
        self._hint = Hint.THIS_PERSON
        self._button = Qt.MouseButton.NoButton
        self._last: Point | None = None
        self._cursor: QPointF | None = None
        self._picture: QImage | None = None
        self._seen: object = None
        self._count = 0

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    def press(self, pointer: Pointer) -> None:
        # A second button while one is held is a slip.
        if self._points or pointer.button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        document = self.canvas.document
        if not document.selected:
            self.canvas.conductor.said.emit(self.canvas.tr("Choose the person to paint for first."), False)
            return
        person = document.state.person(document.selected[0])
        if person.locked:
            self.canvas.conductor.said.emit(
                self.canvas.tr("{name} is locked; unlock the layer to paint.").format(name=person.name), False
            )
            return
        inverted = pointer.alt or pointer.button == Qt.MouseButton.RightButton
        self._hint = self._fixed if self._fixed is not None else self.settings.hint
        if inverted and self._fixed is None:
            self._hint = opposite(self._hint)
        self._button = pointer.button
        self._points = [self._last] if pointer.shift and self._last is not None else []
        self._points.append((pointer.x, pointer.y))
        self._picture = None
        self.canvas.update()

    def move(self, pointer: Pointer) -> None:
        self._cursor = pointer.at
        if self._points:
            self._points.append((pointer.x, pointer.y))
        self.canvas.update()

    def _drawn(self) -> QImage:
        """The stroke as it looks in the widget: only what is new is drawn, however long the stroke has become."""
        canvas = self.canvas
        seen = (canvas.viewport, canvas.size(), canvas.devicePixelRatioF())
        if self._picture is None or self._seen != seen or self._count > len(self._points):
            ratio = canvas.devicePixelRatioF()
            self._picture = QImage(canvas.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            self._seen, self._count = seen, 0
        if self._count < len(self._points):
            painter = QPainter(self._picture)
            # Not laid over: where the stroke crosses itself it must not become darker.
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            pen = QPen(self._colour(self._hint, 140), 2 * self.settings.radius * canvas.viewport.zoom)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            points = [QPointF(*canvas.viewport.to_widget(*point)) for point in self._points[max(0, self._count - 1) :]]
            # A line of no length is not drawn, and a click must show.
            for start, end in zip(points, points[1:] or [points[0] + QPointF(0.01, 0)], strict=False):
                painter.drawLine(start, end)
            painter.end()
            self._count = len(self._points)
        return self._picture

    def release(self, pointer: Pointer) -> None:
        if not self._points or pointer.button != self._button:
            return
        points, self._points = self._points, []
        self._last = points[-1]
        photo, document = self.canvas.document.photo, self.canvas.document
        if photo is None or not document.selected:
            return
        area, where = self.rasterised(points, photo.width, photo.height)
        if where.any():
            document.do(paint(document.selected[0], self._hint, area, where))
        self.canvas.update()

    def rasterised(self, points: list[Point], width: int, height: int) -> tuple[Rect, NDArray[np.bool_]]:
        """Which photo pixels the stroke covers."""
        return drawn_line(points, self.settings.radius, width, height)

    def leave(self) -> None:
        self._cursor = None
        self.canvas.update()

    def cancel(self) -> bool:
        begun = bool(self._points)
        self._points = []
        self.canvas.update()
        return begun

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self.settings.radius * self.canvas.viewport.zoom
        if self._points:
            painter.drawImage(QPointF(0, 0), self._drawn())
        if self._cursor is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((QColor(0, 0, 0, 150), 3.0), (QColor(255, 255, 255), 1.4)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(self._cursor, max(radius, 1.5), max(radius, 1.5))

    @staticmethod
    def _colour(hint: Hint, opacity: int) -> QColor:
        return QColor(*HINT_COLOURS.get(hint, (255, 255, 255)), opacity)


class LassoTool(BrushTool):
    """Draws a closed line and fills it with the class."""

    def rasterised(self, points: list[Point], width: int, height: int) -> tuple[Rect, NDArray[np.bool_]]:
        return filled(points, width, height)

    def paint(self, painter: QPainter) -> None:
        if not self._points:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(255, 255, 255), 1.4))
        painter.setBrush(self._colour(self._hint, 110))
        painter.drawPolygon([QPointF(*self.canvas.viewport.to_widget(*point)) for point in self._points])
