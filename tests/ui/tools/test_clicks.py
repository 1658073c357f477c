"""Pointing at somebody who was not found."""

import threading

import pytest
from fakes import FakeBackend
from hands import LEFT, RIGHT, on_screen
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from instmatt_app.core.edits import colour_of, remove_people
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.tools.clicks import ClickTool


def test_clicks_propose_and_enter_adds(qtbot: QtBot, two: MainWindow) -> None:
    qtbot.mouseClick(two.people.buttons["add"], LEFT)
    tool = two.canvas.tool
    assert isinstance(tool, ClickTool)
    plain = two.canvas.grab().toImage().pixelColor(on_screen(two, 72, 56))
    qtbot.mouseClick(two.canvas, LEFT, pos=on_screen(two, 80, 48))
    qtbot.waitUntil(lambda: tool.found is not None)
    assert two.document.state.ids() == (1, 2), "nothing is decided yet"
    qtbot.mouseClick(two.canvas, RIGHT, pos=on_screen(two, 85, 48))
    qtbot.waitUntil(lambda: tool.found is not None and not tool.found.mask.full()[48, int(tool.clicks.outside[0][0])])
    shown = two.canvas.grab().toImage().pixelColor(on_screen(two, 72, 56))
    tint = [
        (after - 0.45 * before) / 0.55 for after, before in zip(shown.toTuple()[:3], plain.toTuple()[:3], strict=True)
    ]
    assert tint == pytest.approx(colour_of(3), abs=5), "in the colour that the person will have"
    qtbot.keyClick(two.canvas, Qt.Key.Key_Return)
    assert two.document.state.ids() == (1, 2, 3)
    assert two.document.state.person(3).colour == colour_of(3)
    assert two.document.selected == (3,)
    assert tool.found is None
    two.document.history.undo()
    assert two.document.state.ids() == (1, 2)
    qtbot.waitUntil(lambda: two.conductor.is_current)


def test_escape_drops_the_clicks(qtbot: QtBot, two: MainWindow) -> None:
    two.toolbox.use("clicks")
    tool = two.canvas.tool
    assert isinstance(tool, ClickTool)
    qtbot.mouseClick(two.canvas, LEFT, pos=on_screen(two, 80, 48))
    two.stop()
    assert tool.clicks.inside == ()
    qtbot.waitUntil(lambda: not two.conductor.is_running)
    assert tool.found is None, "who comes too late is not shown"
    qtbot.keyClick(two.canvas, Qt.Key.Key_Return)
    assert two.document.state.ids() == (1, 2)


def test_mattes_that_clicks_interrupted_go_on_after_them(qtbot: QtBot, two: MainWindow, backend: FakeBackend) -> None:
    backend.hold = threading.Event()
    runs = len(backend.matted)
    two.document.do(remove_people([1]))
    qtbot.waitUntil(lambda: len(backend.matted) == runs + 1)
    two.toolbox.use("clicks")
    qtbot.mouseClick(two.canvas, LEFT, pos=on_screen(two, 80, 48))
    qtbot.waitUntil(lambda: getattr(two.canvas.tool, "found", None) is not None)
    two.stop()
    backend.hold.set()
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert two.document.state.ids() == (2,)
