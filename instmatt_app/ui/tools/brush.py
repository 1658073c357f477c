"""Brushes: strokes for or against a person, from which the tri-masks are made anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from instmatt_app.core.edits import paint
from instmatt_app.core.hints import Hint
from instmatt_app.core.instance import Instance
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
    """What all brushes share — the class that is painted, whether it is pinned — and the size that each has."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hint = Hint.THIS_PERSON
        self.before = Hint.NOT_THIS_PERSON
        self.pin = False
        self._tool = "brush"
        self._radius = {"brush": 24}
        self._hardness = {"brush": 100}

    @property
    def radius(self) -> int:
        """In photo pixels."""
        return self._radius.get(self._tool, 24)

    @property
    def hardness(self) -> int:
        """The share of the radius that is painted with the class, in per cent; what lies outside is left open."""
        return self._hardness.get(self._tool, 100)

    def use(self, tool: str) -> None:
        """Takes the size of this tool."""
        self._tool = tool
        self.changed.emit()

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

    def set_pin(self, pin: bool) -> None:
        """Whether strokes fix the final alpha."""
        self.pin = pin
        self.changed.emit()

    def set_radius(self, radius: float) -> None:
        """In photo pixels."""
        self._radius[self._tool] = int(min(max(round(radius), RADIUS_MIN), RADIUS_MAX))
        self.changed.emit()

    def set_hardness(self, hardness: float) -> None:
        """In per cent."""
        self._hardness[self._tool] = int(min(max(round(hardness), 0), 100))
        self.changed.emit()

    def resize(self, direction: int) -> None:
        """A tenth larger or smaller, by a pixel at least."""
        self.set_radius(self.radius + direction * max(1, round(self.radius * 0.1)))

    def harden(self, direction: int) -> None:
        """Ten per cent harder or softer."""
        self.set_hardness(self.hardness + 10 * direction)


def opposite(hint: Hint) -> Hint:
    """What Alt and the right button paint: for a person against them, and the other way round."""
    return Hint.NOT_THIS_PERSON if hint is Hint.THIS_PERSON else Hint.THIS_PERSON


def drawn_line(
    points: Sequence[Point], radius: float | Sequence[float], width: int, height: int, area: Rect | None = None
) -> tuple[Rect, NDArray[np.bool_]]:
    """A round brush along these photo points: the box it touches, clipped to the photo, and where in it.

    ``radius`` is one for all points or one for each. A box that is given is used as it is.
    """
    array = np.array(points, float)
    radii = np.broadcast_to(np.asarray(radius, float), len(array))
    if area is None:
        most = radii.max()
        low, high = np.floor(array.min(axis=0)) - most - 1, np.ceil(array.max(axis=0)) + most + 1
        area = Rect(int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1).clip(width, height)
    where = np.zeros((area.height, area.width), np.uint8)
    if not where.size:
        return area, where > 0
    line = array - 0.5 - (area.left, area.top)
    for (x, y), own in zip(_sixteenths(line), _sixteenths(radii), strict=True):
        cv2.circle(where, (int(x), int(y)), max(int(own), 1), 1, -1, cv2.LINE_8, SHIFT)
    for first, second, start, end in zip(line, line[1:], radii, radii[1:], strict=False):
        way = second - first
        length = float(np.hypot(*way))
        if length > 0:
            across = np.array([-way[1], way[0]]) / length
            corners = [first + across * start, second + across * end, second - across * end, first - across * start]
            cv2.fillConvexPoly(where, _sixteenths(np.array(corners)), 1, cv2.LINE_8, SHIFT)
    return area, where > 0


def _sixteenths(numbers: NDArray[np.float64]) -> NDArray[np.int32]:
    scaled: NDArray[np.int32] = np.rint(numbers * 2**SHIFT).astype(np.int32)
    return scaled


def filled(points: list[Point], width: int, height: int) -> tuple[Rect, NDArray[np.bool_]]:
    """The inside of a closed line: the box it touches, clipped to the photo, and where in it."""
    array = np.array(points)
    low, high = np.floor(array.min(axis=0)), np.ceil(array.max(axis=0))
    area = Rect(int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1).clip(width, height)
    where = np.zeros((area.height, area.width), np.uint8)
    if where.size:
        cv2.fillPoly(where, [_sixteenths(array - 0.5 - (area.left, area.top))], 1, cv2.LINE_8, SHIFT)
    return area, where > 0


class BrushTool(Tool):
    """Paints a class for the selected person; the right button and Alt paint the opposite.

    Shift-click draws a line from where the last stroke ended, Ctrl-click takes the class or the person under the
    cursor, Alt with the right button changes size (sideways) and hardness (up and down). A pen's pressure is the size.
    """

    paints = True

    def __init__(self, canvas: Canvas, settings: BrushSettings, fixed: Hint | None = None) -> None:
        """``fixed`` is the class of a brush that has its own: the hair brush, the eraser."""
        super().__init__(canvas)
        self.settings = settings
        self._fixed = fixed
        self._points: list[Point] = []
        self._radii: list[float] = []
        self._hint = Hint.THIS_PERSON
        self._button = Qt.MouseButton.NoButton
        self._last: Point | None = None
        self._cursor: QPointF | None = None
        self._sizing: tuple[QPointF, int, int] | None = None
        self._picture: QImage | None = None
        self._seen: object = None
        self._count = 0

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    def press(self, pointer: Pointer) -> None:
        # A second button while one is held is a slip.
        if self._points or self._sizing or pointer.button not in (
            Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton,
        ):  # fmt: skip
            return
        is_right = pointer.button == Qt.MouseButton.RightButton
        if is_right and pointer.alt:
            self._sizing = (pointer.at, self.settings.radius, self.settings.hardness)
            return
        if pointer.control and not is_right:
            self._take(pointer)
            return
        person = self._paintable()
        if person is None:
            return
        self._hint = self._fixed if self._fixed is not None else self.settings.hint
        if pointer.rubber:
            self._hint = Hint.NONE
        elif (pointer.alt or is_right) and self._fixed is None:
            self._hint = opposite(self._hint)
        self._button = pointer.button
        self._points, self._radii = [], []
        if pointer.shift and self._last is not None:
            self._add(self._last, pointer.pressure)
        self._add((pointer.x, pointer.y), pointer.pressure)
        self._picture = None
        self.canvas.update()

    def move(self, pointer: Pointer) -> None:
        if self._sizing is not None:
            start, radius, hardness = self._sizing
            way = pointer.at - start
            self.settings.set_radius(radius + way.x() / self.canvas.viewport.zoom)
            self.settings.set_hardness(hardness - way.y() / 2)
            return
        self._cursor = pointer.at
        if self._points:
            self._add((pointer.x, pointer.y), pointer.pressure)
        self.canvas.update()

    def release(self, pointer: Pointer) -> None:
        if self._sizing is not None:
            self._sizing = None
            return
        if not self._points or pointer.button != self._button:
            return
        points, self._points = self._points, []
        self._last = points[-1]
        photo, document = self.canvas.document.photo, self.canvas.document
        if photo is None or not document.selected:
            return
        area, where, rim = self.rasterised(points, self._radii, photo.width, photo.height)
        if where.any() and self.canvas.quick_mask.is_active:
            self.canvas.quick_mask.paint(self._hint, area, where, rim)
        elif where.any():
            pin = self.settings.pin and self._hint not in (Hint.NONE, Hint.UNDECIDED)
            document.do(paint(document.selected[0], self._hint, area, where, pin=pin, rim=rim))
        self.canvas.update()

    def rasterised(
        self, points: list[Point], radii: list[float], width: int, height: int
    ) -> tuple[Rect, NDArray[np.bool_], NDArray[np.bool_] | None]:
        """The box a stroke touches, which photo pixels in it get the class, and which, if any, are the soft rim."""
        area, whole = drawn_line(points, radii, width, height)
        hardness = self.settings.hardness
        if hardness == 100 or self._hint in (Hint.NONE, Hint.UNDECIDED):
            return area, whole, None
        inner = [max(radius * hardness / 100, 0.5) for radius in radii]
        return area, drawn_line(points, inner, width, height, area)[1], whole

    def leave(self) -> None:
        self._cursor = None
        self.canvas.update()

    def cancel(self) -> bool:
        begun = bool(self._points) or self._sizing is not None
        self._points = []
        self._sizing = None
        self.canvas.update()
        return begun

    def paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = max(self.settings.radius * self.canvas.viewport.zoom, 1.5)
        if self._points:
            painter.drawImage(QPointF(0, 0), self._drawn())
        middle = self._sizing[0] if self._sizing is not None else self._cursor
        if middle is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((QColor(0, 0, 0, 150), 3.0), (QColor(255, 255, 255), 1.4)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(middle, radius, radius)
            if self.settings.hardness < 100:
                painter.setPen(QPen(QColor(255, 255, 255, 150), 1.0))
                inner = radius * self.settings.hardness / 100
                painter.drawEllipse(middle, inner, inner)

    def _paintable(self) -> Instance | None:
        """Whom to paint for; says why nobody."""
        document, said = self.canvas.document, self.canvas.conductor.said
        if not document.selected:
            said.emit(self.canvas.tr("Choose the person to paint for first."), False)
            return None
        person = document.state.person(document.selected[0])
        if person.locked:
            said.emit(self.canvas.tr("{name} is locked; unlock the layer to paint.").format(name=person.name), False)
            return None
        return person

    def _take(self, pointer: Pointer) -> None:
        """The class of a stroke under the cursor, or else the person there, is painted from now on."""
        document, photo = self.canvas.document, self.canvas.document.photo
        if photo is None or not (0 <= pointer.x < photo.width and 0 <= pointer.y < photo.height):
            return
        if document.selected:
            hints = document.state.person(document.selected[0]).hints
            if hints is not None:
                hint = Hint(int(hints.at(Rect.of_size(int(pointer.x), int(pointer.y), 1, 1))[0, 0]))
                if hint is not Hint.NONE:
                    self.settings.choose(hint)
                    return
        person = self.canvas.person_at(pointer.x, pointer.y)
        if person is not None:
            document.select((person,))

    def _add(self, point: Point, pressure: float) -> None:
        self._points.append(point)
        self._radii.append(max(self.settings.radius * pressure, 0.5))

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
            first = max(0, self._count - 1)
            points = [QPointF(*canvas.viewport.to_widget(*point)) for point in self._points[first:]]
            # A line of no length is not drawn, and a click must show.
            ends = points[1:] or [points[0] + QPointF(0.01, 0)]
            for start, end, radius in zip(points, ends, self._radii[first:][-len(ends) :], strict=False):
                pen = QPen(self._colour(self._hint, 140), 2 * radius * canvas.viewport.zoom)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLine(start, end)
            painter.end()
            self._count = len(self._points)
        return self._picture

    @staticmethod
    def _colour(hint: Hint, opacity: int) -> QColor:
        return QColor(*HINT_COLOURS.get(hint, (255, 255, 255)), opacity)


class LassoTool(BrushTool):
    """Draws a closed line and fills it with the class."""

    def rasterised(
        self, points: list[Point], radii: list[float], width: int, height: int
    ) -> tuple[Rect, NDArray[np.bool_], NDArray[np.bool_] | None]:
        return (*filled(points, width, height), None)

    def paint(self, painter: QPainter) -> None:
        if not self._points:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(255, 255, 255), 1.4))
        painter.setBrush(self._colour(self._hint, 110))
        painter.drawPolygon([QPointF(*self.canvas.viewport.to_widget(*point)) for point in self._points])
