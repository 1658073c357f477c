"""What hands do in the window: drop, drag, point."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from instmatt_app.ui.main_window import MainWindow

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def drop(window: MainWindow, mime: QMimeData) -> None:
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)


def drop_files(window: MainWindow, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    drop(window, mime)


def on_screen(window: MainWindow, x: float, y: float) -> QPoint:
    return QPointF(*window.canvas.viewport.to_widget(x, y)).toPoint()


def drag(
    qtbot: QtBot, window: MainWindow, start: tuple[float, float], end: tuple[float, float],
    button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:  # fmt: skip
    canvas, first, last = window.canvas, on_screen(window, *start), on_screen(window, *end)
    qtbot.mousePress(canvas, button, keys, first)
    for part in range(1, 6):
        qtbot.mouseMove(canvas, first + (last - first) * part / 5)
    qtbot.mouseRelease(canvas, button, keys, last)
