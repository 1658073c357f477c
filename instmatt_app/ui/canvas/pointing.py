"""Pointing: what pointer, pen, wheel and held keys do on a canvas — pan, zoom, move the wipe, or go to the tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QTabletEvent, QWheelEvent

from instmatt_app.ui.tools.pick import CLICK, FARTHER, NEARER
from instmatt_app.ui.tools.tool import Pointer

if TYPE_CHECKING:
    from instmatt_app.ui.canvas.canvas import Canvas

# Screen pixels: the line of the wipe can be taken from so near.
GRIP = 7


class Pointing:
    """The hands on one canvas, which passes its events on."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._panning: QPointF | None = None
        self._wiping = False
        self._right_pressed: QPointF | None = None
        self._space_held = False

    # --- Pointer ------------------------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        canvas, at, left = self._canvas, event.position(), event.button() == Qt.MouseButton.LeftButton
        keys = event.modifiers()
        if left and self._space_held and keys & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            canvas.zoom_by(FARTHER if keys & Qt.KeyboardModifier.AltModifier else NEARER, at)
        elif event.button() == Qt.MouseButton.MiddleButton or (left and self._space_held):
            self._panning = at
            canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left and self._is_at_line(at):
            self._wiping = True
        elif canvas.tool is not None and canvas.document.photo is not None:
            if event.button() == Qt.MouseButton.RightButton:
                self._right_pressed = at
            canvas.tool.press(Pointer.of(event, canvas.to_photo(at)))

    def move(self, event: QMouseEvent) -> None:
        canvas, at = self._canvas, event.position()
        if self._panning is not None:
            moved = at - self._panning
            self._panning = at
            canvas.set_viewport(canvas.viewport.panned(moved.x(), moved.y()))
            return
        if self._wiping:
            canvas.move_wipe(at.x() / max(1, canvas.width()))
            return
        if not event.buttons():
            self.show_cursor(at)
        self._point(at, bool(event.buttons()))
        if self._right_pressed is not None and _far(at, self._right_pressed):
            self._right_pressed = None
        if canvas.tool is not None and canvas.document.photo is not None:
            canvas.tool.move(Pointer.of(event, canvas.to_photo(at)))

    def release(self, event: QMouseEvent) -> None:
        canvas, at = self._canvas, event.position()
        if self._panning is not None:
            self._panning = None
            self.show_cursor(at)
        elif self._wiping:
            self._wiping = False
        elif canvas.tool is not None and canvas.document.photo is not None:
            clicked = event.button() == Qt.MouseButton.RightButton and self._right_pressed is not None
            self._right_pressed = None
            if clicked and not canvas.tool.takes_right_clicks:
                # Pressed and released in one place: not a stroke, but a question.
                canvas.tool.cancel()
                canvas.menu_asked.emit(event.globalPosition().toPoint(), canvas.person_at(*canvas.to_photo(at)))
            else:
                canvas.tool.release(Pointer.of(event, canvas.to_photo(at)))

    def pen(self, event: QTabletEvent) -> None:
        """A pen paints and never pans; its pressure goes to the tool."""
        canvas = self._canvas
        if canvas.tool is None or canvas.document.photo is None or self._space_held:
            event.ignore()
            return
        pointer = Pointer.of(event, canvas.to_photo(event.position()))
        if event.type() == QEvent.Type.TabletPress:
            canvas.tool.press(pointer)
        elif event.type() == QEvent.Type.TabletRelease:
            canvas.tool.release(pointer)
        else:
            self._point(event.position(), bool(event.buttons()))
            canvas.tool.move(pointer)
        event.accept()

    def wheel(self, event: QWheelEvent) -> None:
        canvas, turned = self._canvas, event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            canvas.zoom_by(1.2 ** (turned.y() / 120), event.position())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            canvas.set_viewport(canvas.viewport.panned(turned.y() + turned.x(), 0))
        else:
            canvas.set_viewport(canvas.viewport.panned(turned.x(), turned.y()))

    def gesture(self, event: QNativeGestureEvent) -> bool:
        """Two fingers on a touch pad: pinching zooms; False for anything else."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._canvas.zoom_by(1 + event.value(), event.position())
        return True

    def leave(self) -> None:
        self._canvas.pointed.emit(None)
        self._canvas.hover(None)
        if self._canvas.tool is not None:
            self._canvas.tool.leave()

    # --- Keys that are held -------------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent, held: bool) -> bool:
        """A key went down or up; False if it is none of those that are held here."""
        if event.isAutoRepeat() or event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_P):
            return False
        if event.key() == Qt.Key.Key_Space:
            self._space_held = held
            self.show_cursor()
        else:
            self._canvas.hold_original(held)
        return True

    def show_cursor(self, at: QPointF | None = None) -> None:
        """The cursor says what a press would do."""
        canvas = self._canvas
        if self._space_held:
            canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._is_at_line(at):
            canvas.setCursor(Qt.CursorShape.SplitHCursor)
        elif canvas.tool is not None:
            canvas.setCursor(canvas.tool.cursor())

    def _point(self, at: QPointF, held: bool) -> None:
        point = self._canvas.to_photo(at)
        self._canvas.pointed.emit(point)
        if not held:
            self._canvas.hover(self._canvas.person_at(*point))

    def _is_at_line(self, at: QPointF | None) -> bool:
        wipe = self._canvas.wipe
        return wipe is not None and at is not None and abs(at.x() - wipe.share * self._canvas.width()) <= GRIP


def _far(first: QPointF, second: QPointF) -> bool:
    way = first - second
    return max(abs(way.x()), abs(way.y())) >= CLICK
