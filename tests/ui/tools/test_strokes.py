"""Strokes in the window: pins, soft rims, pens, lines, sizes, and what Ctrl and Alt do."""

import numpy as np
import pytest
from hands import LEFT, RIGHT, drag, on_screen
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from instmatt_app.core.hints import Hint, Pin
from instmatt_app.ui.main_window import MainWindow

ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def painting(two: MainWindow) -> MainWindow:
    two.document.select([1])
    two.toolbox.use("brush")
    two.toolbox.brush.set_radius(4)
    return two


def hints(window: MainWindow) -> np.ndarray:
    plane = window.document.state.person(1).hints
    return np.zeros((96, 160), np.uint8) if plane is None else plane.full()


def test_a_pinned_stroke_is_exact_in_what_is_written(qtbot: QtBot, painting: MainWindow) -> None:
    qtbot.keyClick(painting.canvas, Qt.Key.Key_K)
    assert painting.brush_bar.pin.isChecked()
    drag(qtbot, painting, (90, 20), (90, 80))
    drag(qtbot, painting, (30, 30), (50, 30), RIGHT)
    pins = painting.document.state.person(1).pins
    assert pins is not None
    assert pins.full()[50, 90] == Pin.ONE
    assert pins.full()[30, 40] == Pin.ZERO
    assert hints(painting)[50, 90] == Hint.THIS_PERSON
    painting.canvas.grab()
    drag(qtbot, painting, (90, 20), (90, 40), keys=Qt.KeyboardModifier.NoModifier)
    painting.toolbox.use("eraser")
    painting.toolbox.brush.set_radius(6)
    drag(qtbot, painting, (90, 15), (90, 90))
    erased = painting.document.state.person(1).pins
    assert erased is not None
    assert erased.full()[50, 90] == Pin.NONE


def test_a_soft_brush_leaves_its_rim_to_the_network(qtbot: QtBot, painting: MainWindow) -> None:
    painting.toolbox.brush.set_radius(10)
    painting.toolbox.brush.set_hardness(50)
    drag(qtbot, painting, (64, 30), (64, 70))
    painted = hints(painting)
    assert painted[50, 64] == Hint.THIS_PERSON
    assert painted[50, 71] == Hint.UNDECIDED
    assert painted[50, 76] == Hint.NONE


def test_a_line_with_shift(qtbot: QtBot, painting: MainWindow) -> None:
    qtbot.mouseClick(painting.canvas, LEFT, pos=on_screen(painting, 20, 10))
    qtbot.mouseClick(painting.canvas, LEFT, SHIFT, on_screen(painting, 100, 10))
    assert (hints(painting)[10, 20:100] == Hint.THIS_PERSON).all()


def pen(
    window: MainWindow, kind: QEvent.Type, x: float, pressure: float, held: bool,
    tip: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen,
) -> None:  # fmt: skip
    device = QPointingDevice(
        "pen", 7, QInputDevice.DeviceType.Stylus, tip, QInputDevice.Capability.Pressure, 1, 1, "",
        QPointingDeviceUniqueId(),
    )  # fmt: skip
    at = QPointF(on_screen(window, x, 10))
    button = LEFT if kind != QEvent.Type.TabletMove else Qt.MouseButton.NoButton
    event = QTabletEvent(
        kind, device, at, QPointF(window.canvas.mapToGlobal(at)), pressure, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, button, LEFT if held else Qt.MouseButton.NoButton,
    )  # fmt: skip
    QApplication.sendEvent(window.canvas, event)


def test_a_pen_paints_as_wide_as_it_is_pressed(qtbot: QtBot, painting: MainWindow) -> None:
    painting.toolbox.brush.set_radius(10)
    pen(painting, QEvent.Type.TabletPress, 20, 0.2, True)
    pen(painting, QEvent.Type.TabletMove, 60, 0.2, True)
    pen(painting, QEvent.Type.TabletMove, 90, 1.0, True)
    pen(painting, QEvent.Type.TabletMove, 120, 1.0, True)
    pen(painting, QEvent.Type.TabletRelease, 120, 0.0, False)
    wide = (hints(painting) == Hint.THIS_PERSON).sum(axis=0)
    assert 3 <= wide[40] <= 6
    assert wide[110] >= 18
    pen(painting, QEvent.Type.TabletPress, 20, 1.0, True, QPointingDevice.PointerType.Eraser)
    pen(painting, QEvent.Type.TabletMove, 40, 1.0, True, QPointingDevice.PointerType.Eraser)
    pen(painting, QEvent.Type.TabletRelease, 40, 1.0, False, QPointingDevice.PointerType.Eraser)
    assert hints(painting)[10, 30] == Hint.NONE


def test_every_tool_has_its_own_size(painting: MainWindow) -> None:
    painting.toolbox.use("eraser")
    painting.toolbox.brush.set_radius(77)
    painting.toolbox.use("brush")
    assert painting.toolbox.brush.radius == 4
    assert painting.brush_bar.slider.value() == 4
    painting.toolbox.use("eraser")
    assert painting.brush_bar.slider.value() == 77


def test_alt_with_the_right_button_sizes_the_brush(qtbot: QtBot, painting: MainWindow) -> None:
    start = on_screen(painting, 60, 50)
    zoom = painting.canvas.viewport.zoom
    qtbot.mousePress(painting.canvas, RIGHT, ALT, start)
    qtbot.mouseMove(painting.canvas, start + QPointF(40 * zoom, 60).toPoint())
    qtbot.mouseRelease(painting.canvas, RIGHT, ALT, start + QPointF(40 * zoom, 60).toPoint())
    assert painting.toolbox.brush.radius == 44
    assert painting.toolbox.brush.hardness == 70
    assert not hints(painting).any()
    qtbot.keyClick(painting.canvas, Qt.Key.Key_BracketRight, SHIFT)
    assert painting.toolbox.brush.hardness == 80


def test_ctrl_takes_the_class_or_the_person_under_the_cursor(qtbot: QtBot, painting: MainWindow) -> None:
    painting.toolbox.brush.choose(Hint.UNDECIDED)
    drag(qtbot, painting, (64, 20), (64, 80))
    painting.toolbox.brush.choose(Hint.THIS_PERSON)
    qtbot.mouseClick(painting.canvas, LEFT, CTRL, on_screen(painting, 64, 50))
    assert painting.toolbox.brush.hint is Hint.UNDECIDED
    qtbot.mouseClick(painting.canvas, LEFT, CTRL, on_screen(painting, 120, 50))
    assert painting.document.selected == (2,)
    assert painting.document.state.person(2).hints is None


def test_run_on_enter_is_a_switch(qtbot: QtBot, painting: MainWindow) -> None:
    qtbot.waitUntil(lambda: painting.conductor.is_current)
    painting.brush_bar.when.setCurrentIndex(1)
    drag(qtbot, painting, (64, 20), (64, 80))
    assert "Enter" in painting.badge.text()
    qtbot.wait(400)
    assert not painting.conductor.is_current
    qtbot.keyClick(painting.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: painting.conductor.is_current)
    assert not painting.badge.isVisible()
