"""Two views side by side: at the same place and zoom, each in a view of its own; backdrops are remembered."""

from pathlib import Path

import numpy as np
from hands import drop_files
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.canvas.viewport import Viewport
from instmatt_app.ui.canvas.views import View
from instmatt_app.ui.main_window import MainWindow


def colour_at(canvas: Canvas, x: float, y: float) -> tuple[int, int, int]:
    at = QPointF(*canvas.viewport.to_widget(x, y)).toPoint()
    colour = canvas.grab().toImage().pixelColor(at)
    return colour.red(), colour.green(), colour.blue()


def wheel(canvas: Canvas, at: QPointF, turned: int, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(0, 0), QPoint(0, turned), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(event)


def both(qtbot: QtBot, window: MainWindow) -> tuple[Canvas, Canvas]:
    QTest.keyClick(window.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.twin.isVisible() and window.canvas.width() < 600)
    return window.canvas, window.twin.canvas


def test_they_zoom_and_pan_together_from_either_side(qtbot: QtBot, two: MainWindow) -> None:
    first, second = both(qtbot, two)
    assert abs(first.width() - second.width()) <= 2
    photo = two.document.photo
    assert photo is not None
    fitting = Viewport.fitting(first.width(), first.height(), photo.width, photo.height)
    assert second.viewport == first.viewport == fitting, "the whole photo is in both"
    first.zoom_by(3.0)
    assert second.viewport == first.viewport
    wheel(second, QPointF(100, 80), 240, Qt.KeyboardModifier.ControlModifier)
    assert first.viewport == second.viewport
    before = first.viewport
    wheel(second, QPointF(100, 80), -120, Qt.KeyboardModifier.NoModifier)
    assert first.viewport == second.viewport != before
    middle = QPoint(150, 200)
    QTest.mousePress(second, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(second, middle + QPoint(40, 10))
    QTest.mouseRelease(second, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle + QPoint(40, 10))
    assert first.viewport == second.viewport
    two.resize(1000, 700)
    first.fit()
    qtbot.waitUntil(lambda: first.viewport == second.viewport)


def test_the_line_of_the_wipe_is_moved_with_the_keys(qtbot: QtBot, two: MainWindow) -> None:
    two.canvas.shift_wipe(0.1)
    assert two.canvas.wipe is None
    QTest.keyClick(two.canvas, Qt.Key.Key_A)
    assert two.canvas.wipe is not None
    for key in (Qt.Key.Key_Period, Qt.Key.Key_Period, Qt.Key.Key_Comma):
        QTest.keyClick(two.canvas, key)
    assert round(two.canvas.wipe.share, 3) == 0.55


def test_each_shows_what_it_is_told(qtbot: QtBot, two: MainWindow) -> None:
    first, second = both(qtbot, two)
    two.canvas.set_view(View.ALPHA)
    photo = colour_at(second, 5, 5)
    assert colour_at(first, 5, 5) == (0, 0, 0)
    assert photo != (0, 0, 0)
    two.twin.choice.setCurrentIndex(two.twin.choice.findData(View.WHITE.name))
    assert colour_at(second, 5, 5) == (255, 255, 255)
    assert first.view is View.ALPHA
    two.twin.toggle()
    assert not two.twin.isVisible()


def test_another_photo_is_in_both(qtbot: QtBot, two: MainWindow, tmp_path: Path) -> None:
    first, second = both(qtbot, two)
    Image.fromarray(np.full((80, 120, 3), (200, 30, 60), np.uint8)).save(tmp_path / "red.png")
    drop_files(two, tmp_path / "red.png")
    qtbot.waitUntil(lambda: two.document.photo is not None and two.document.photo.width == 120)
    qtbot.waitUntil(lambda: colour_at(second, 60, 70) == (200, 30, 60))
    assert second.viewport == first.viewport


def test_a_backdrop_is_handed_to_both_and_remembered(qtbot: QtBot, two: MainWindow, tmp_path: Path) -> None:
    first, second = both(qtbot, two)
    two.backdrops.set_colour(QColor(10, 20, 200))
    assert first.view is View.BACKDROP
    assert colour_at(first, 5, 5) == (10, 20, 200)
    two.twin.choice.setCurrentIndex(two.twin.choice.findData(View.BACKDROP.name))
    assert colour_at(second, 5, 5) == (10, 20, 200)
    again = MainWindow(two.document, two.conductor)
    qtbot.addWidget(again)
    again.show()
    two.document.replaced.emit()
    again.canvas.set_photo(two.conductor.levels)
    assert again.canvas.view is View.OVERLAY, "it is there when it is asked for, and not before"
    again.canvas.set_view(View.BACKDROP)
    assert colour_at(again.canvas, 5, 5) == (10, 20, 200)


def test_a_photo_as_backdrop_is_remembered(qtbot: QtBot, two: MainWindow, tmp_path: Path) -> None:
    Image.fromarray(np.full((40, 60, 3), (250, 200, 10), np.uint8)).save(tmp_path / "wall.png")
    two.backdrops.set_photo(tmp_path / "wall.png")
    qtbot.waitUntil(lambda: two.canvas.view is View.BACKDROP)
    assert colour_at(two.canvas, 5, 5) == (250, 200, 10)
    again = MainWindow(two.document, two.conductor)
    qtbot.addWidget(again)
    again.show()
    again.canvas.set_photo(two.conductor.levels)
    two.document.replaced.emit()
    again.canvas.set_view(View.BACKDROP)
    qtbot.waitUntil(lambda: colour_at(again.canvas, 5, 5) == (250, 200, 10))
