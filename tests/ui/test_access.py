"""Every control has a name and can be reached with the keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.main_window import MainWindow

CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QListWidget, Canvas)


def controls(window: MainWindow) -> list[QWidget]:
    found = [one for one in window.findChildren(QWidget) if isinstance(one, CONTROLS)]
    # Qt's own parts of a control, such as the line of a spin box and the bars of a list, are reached through it.
    parts = ("qt_", "QTab")
    return [
        one
        for one in found
        if not one.objectName().startswith(parts)
        and not isinstance(one.parent(), QAbstractSpinBox | QComboBox)
        and "ScrollBar" not in type(one).__name__
        and one.window() is window
    ]


def test_every_control_has_a_name(qtbot: QtBot, two: MainWindow) -> None:
    two.refinement.compare_panel.begin()
    found = controls(two)
    assert len(found) > 50
    nameless = []
    for one in found:
        words = one.text() if isinstance(one, QAbstractButton) else ""
        if not (one.accessibleName() or words or one.toolTip()):
            nameless.append(f"{type(one).__name__} in {type(one.parent()).__name__}")
    assert not nameless


def test_every_control_can_be_reached_with_the_keyboard(qtbot: QtBot, two: MainWindow) -> None:
    # What stands in a tool bar has a key of its own, or a place in the menus.
    unreachable = [
        one
        for one in controls(two)
        if not one.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(one.parent(), QToolBar)
    ]
    assert not [f"{type(one).__name__} in {type(one.parent()).__name__}" for one in unreachable]
