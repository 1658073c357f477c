"""Choosing people: click on one, or drag a box round one who was not found; moving the photo; splitting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from instmatt_app.core.edits import refine_inside, split_person
from instmatt_app.core.rect import Rect
from instmatt_app.ui.tools.tool import Pointer, Tool

if TYPE_CHECKING:
    from instmatt_app.ui.canvas.canvas import Canvas

# A drag of fewer screen pixels is a click.
CLICK = 5
# A click of the zoom tool comes so much nearer, or goes so much farther.
NEARER, FARTHER = 1.5, 1 / 1.5


class _Dragging(Tool):
    """A tool that draws something from where the button went down to where it goes up."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._start: Pointer | None = None
        self._end: Pointer | None = None

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    def press(self, pointer: Pointer) -> None:
        if pointer.button == Qt.MouseButton.LeftButton:
            self._start = self._end = pointer

    def move(self, pointer: Pointer) -> None:
        if self._start is not None:
            self._end = pointer
            self.canvas.update()

    def release(self, pointer: Pointer) -> None:
        start, self._start = self._start, None
        if start is None or pointer.button != Qt.MouseButton.LeftButton:
            return
        self.canvas.update()
        way = pointer.at - start.at
        if max(abs(way.x()), abs(way.y())) < CLICK:
            self.clicked(pointer)
        else:
            self.dragged(start, pointer)

    def cancel(self) -> bool:
        begun = self._start is not None
        self._start = None
        self.canvas.update()
        return begun

    def clicked(self, pointer: Pointer) -> None:
        """Pressed and released in one place."""

    def dragged(self, start: Pointer, end: Pointer) -> None:
        """Pressed in one place and released in another."""

    def paint(self, painter: QPainter) -> None:
        if self._start is None or self._end is None:
            return
        ends = [QPointF(*self.canvas.viewport.to_widget(one.x, one.y)) for one in (self._start, self._end)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255), 1.5)):
            pen = QPen(colour, width)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            self.draw(painter, *ends)

    def draw(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        """What is shown while the button is held."""
        raise NotImplementedError


def choose(canvas: Canvas, pointer: Pointer) -> None:
    """Selects who is under the pointer (Shift: one more, or one less), or makes a candidate one of the people."""
    document, candidates = canvas.document, canvas.candidates
    person = canvas.person_at(pointer.x, pointer.y)
    ghost = candidates.at(pointer.x, pointer.y) if candidates is not None and person is None else None
    if candidates is not None and ghost is not None:
        candidates.accept(ghost)
    elif person is None:
        document.select(())
    elif pointer.shift:
        document.select(set(document.selected) ^ {person})
    else:
        document.select((person,))


class PickTool(_Dragging):
    """Click: choose a person (Shift: one more, nobody: nobody), or add a candidate. Drag: a box round one to add."""

    def clicked(self, pointer: Pointer) -> None:
        choose(self.canvas, pointer)

    def dragged(self, start: Pointer, end: Pointer) -> None:
        self.canvas.conductor.finder.add_box(_box(start, end))

    def draw(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        painter.drawRect(QRectF(start, end).normalized())


class RefineWindowTool(_Dragging):
    """Drags the box inside which alone people are refined (a click: everywhere), then gives way to another tool."""

    def __init__(self, canvas: Canvas, done: Callable[[], None]) -> None:
        super().__init__(canvas)
        self._done = done

    def clicked(self, pointer: Pointer) -> None:
        self.canvas.document.do(refine_inside(None))
        self._done()

    def dragged(self, start: Pointer, end: Pointer) -> None:
        photo = self.canvas.document.photo
        if photo is not None:
            box = _box(start, end).clip(photo.width, photo.height)
            if not box.is_empty:
                self.canvas.document.do(refine_inside(box))
        self._done()

    def draw(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        painter.drawRect(QRectF(start, end).normalized())


def _box(start: Pointer, end: Pointer) -> Rect:
    left, right = sorted((round(start.x), round(end.x)))
    top, bottom = sorted((round(start.y), round(end.y)))
    return Rect(left, top, right, bottom)


class SplitTool(_Dragging):
    """Draws the line along which the selected person becomes two; then gives way to another tool."""

    def __init__(self, canvas: Canvas, done: Callable[[], None]) -> None:
        super().__init__(canvas)
        self._done = done

    def dragged(self, start: Pointer, end: Pointer) -> None:
        document = self.canvas.document
        if document.selected:
            split = split_person(document.selected[0], (start.x, start.y), (end.x, end.y))
            if not document.do(split):
                self.canvas.conductor.said.emit(
                    self.canvas.tr("Draw the line through the person, who must not be locked."), False
                )
        self._done()

    def draw(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        painter.drawLine(start, end)


class HandTool(Tool):
    """Moves the photo."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._last: QPointF | None = None

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.OpenHandCursor

    def press(self, pointer: Pointer) -> None:
        self._last = pointer.at

    def move(self, pointer: Pointer) -> None:
        if self._last is not None:
            moved = pointer.at - self._last
            self._last = pointer.at
            self.canvas.set_viewport(self.canvas.viewport.panned(moved.x(), moved.y()))

    def release(self, pointer: Pointer) -> None:
        self._last = None


class SelectTool(HandTool):
    """Click: choose a person, and never a box; drag: move the photo."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._start = QPointF()

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor

    def press(self, pointer: Pointer) -> None:
        self._start = pointer.at
        super().press(pointer)

    def release(self, pointer: Pointer) -> None:
        super().release(pointer)
        way = pointer.at - self._start
        if pointer.button == Qt.MouseButton.LeftButton and max(abs(way.x()), abs(way.y())) < CLICK:
            choose(self.canvas, pointer)


class ZoomTool(_Dragging):
    """Click: nearer, with Alt farther. Drag: what lies in the box fills the window."""

    def clicked(self, pointer: Pointer) -> None:
        self.canvas.zoom_by(FARTHER if pointer.alt else NEARER, pointer.at)

    def dragged(self, start: Pointer, end: Pointer) -> None:
        (left, right), (top, bottom) = sorted((start.x, end.x)), sorted((start.y, end.y))
        self.canvas.show_box(left, top, right, bottom)

    def draw(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        painter.drawRect(QRectF(start, end).normalized())
