"""What every tool is, and what it is told about the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPointingDevice, QTabletEvent

if TYPE_CHECKING:
    from instmatt_app.ui.canvas.canvas import Canvas


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is — (x, y) in photo pixels, ``at`` in the widget — and what is held.

    ``pressure`` is a pen's, 0..1, and 1 for a mouse; ``rubber`` says that a pen is held by its other end.
    """

    x: float
    y: float
    at: QPointF
    button: Qt.MouseButton
    held: Qt.MouseButton
    shift: bool
    alt: bool
    control: bool
    pressure: float = 1.0
    rubber: bool = False

    @classmethod
    def of(cls, event: QMouseEvent | QTabletEvent, point: tuple[float, float]) -> Pointer:
        keys = event.modifiers()
        pressure, rubber = 1.0, False
        if isinstance(event, QTabletEvent):
            pressure = event.pressure()
            rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
        return cls(
            point[0],
            point[1],
            event.position(),
            event.button(),
            event.buttons(),
            bool(keys & Qt.KeyboardModifier.ShiftModifier),
            bool(keys & Qt.KeyboardModifier.AltModifier),
            bool(keys & Qt.KeyboardModifier.ControlModifier),
            pressure,
            rubber,
        )


class Tool:
    """A tool on a canvas; does nothing by itself."""

    paints = False
    # A click of the right button is this tool's own; elsewhere it opens the menu of what lies there.
    takes_right_clicks = False

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor

    def press(self, pointer: Pointer) -> None:
        """A button went down."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moved, with or without a button held."""

    def release(self, pointer: Pointer) -> None:
        """A button went up."""

    def leave(self) -> None:
        """The pointer left the canvas."""

    def cancel(self) -> bool:
        """Drops what was begun, without a trace; False if nothing was."""
        return False

    def accept(self) -> bool:
        """Enter: makes what was begun part of the project; False if there is nothing to."""
        return False

    def paint(self, painter: QPainter) -> None:
        """What the tool shows on top of the canvas."""
