"""Candidates: drawn as ghosts, no part of the document until one is accepted, found once, never of another photo."""

import threading
from pathlib import Path

import pytest
from fakes import FakeBackend
from hands import drop_files
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instmatt_app.core.rect import Rect
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.panels.candidates import CandidatesPanel


@pytest.fixture
def backend() -> FakeBackend:
    weak = [(Rect(65, 60, 80, 90), 0.3), (Rect(145, 5, 155, 25), 0.1), (Rect(22, 22, 40, 50), 0.2)]
    return FakeBackend([Rect(20, 20, 60, 80), Rect(100, 20, 140, 80)], weak)


@pytest.fixture
def looked(qtbot: QtBot, two: MainWindow) -> MainWindow:
    two.activateWindow()
    QTest.keyClick(two.canvas, Qt.Key.Key_W, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: two.candidates.is_on and not two.candidates.is_looking)
    return two


def scores(window: MainWindow) -> list[float]:
    return [one.score for one in window.candidates.shown]


def click(window: MainWindow, x: float, y: float) -> None:
    at = QPointF(*window.canvas.viewport.to_widget(x, y)).toPoint()
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def test_the_surer_ones_show_and_those_within_people_do_not(qtbot: QtBot, looked: MainWindow) -> None:
    panel = looked.findChild(CandidatesPanel)
    assert scores(looked) == [0.3]
    assert panel.list.count() == 1
    panel.slider.setValue(8)
    assert scores(looked) == [0.3, 0.1]
    assert panel.count.text() == "2 found"
    panel.slider.setValue(50)
    assert scores(looked) == []
    assert not panel.add.isEnabled()
    assert len(looked.document.state.instances) == 2
    assert looked.conductor.result is not None
    assert len(looked.conductor.result.people) == 2, "not part of mattes and exports"


def test_a_click_makes_one_a_person_and_undo_a_ghost_again(qtbot: QtBot, looked: MainWindow) -> None:
    click(looked, 72, 75)
    person = looked.document.state.instances[-1]
    assert (len(looked.document.state.instances), person.score) == (3, 0.3)
    assert person.box == Rect(65, 60, 80, 90)
    assert scores(looked) == []
    qtbot.waitUntil(lambda: looked.conductor.is_current)
    looked.document.history.undo()
    assert len(looked.document.state.instances) == 2
    assert scores(looked) == [0.3]
    click(looked, 40, 40)
    assert looked.document.selected == (1,)
    click(looked, 150, 15)
    assert len(looked.document.state.instances) == 2, "it is less sure than what is shown"


def test_the_list_is_worked_with_the_keyboard(qtbot: QtBot, looked: MainWindow) -> None:
    panel = looked.findChild(CandidatesPanel)
    panel.slider.setValue(5)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert looked.candidates.pointed is not None
    assert looked.candidates.pointed.score == 0.1
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert looked.document.state.instances[-1].score == 0.1
    panel.add.click()
    assert looked.document.state.instances[-1].score == 0.3


def test_ghosts_are_drawn_only_while_they_are_on(qtbot: QtBot, looked: MainWindow) -> None:
    with_ghosts = looked.canvas.grab().toImage()
    looked.candidates.toggle()
    without = looked.canvas.grab().toImage()
    assert with_ghosts != without
    assert scores(looked) == []
    looked.candidates.toggle()
    assert scores(looked) == [0.3]
    assert not looked.candidates.is_looking, "they are looked for once"


def test_those_of_another_photo_are_never_shown(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend, photo_file: Path
) -> None:
    backend.hold, before = threading.Event(), two.document.photo
    two.candidates.toggle()
    drop_files(two, photo_file)
    qtbot.waitUntil(lambda: two.document.photo is not before)
    backend.hold.set()
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert not two.candidates.is_on
    assert scores(two) == []
    two.candidates.toggle()
    qtbot.waitUntil(lambda: scores(two) == [0.3])


def test_escape_ends_the_search(qtbot: QtBot, two: MainWindow, backend: FakeBackend) -> None:
    backend.hold = threading.Event()
    two.candidates.toggle()
    qtbot.waitUntil(lambda: two.conductor.is_running)
    assert two.candidates.is_looking
    two.stop()
    qtbot.waitUntil(lambda: not two.candidates.is_looking)
    assert scores(two) == []
    backend.hold.set()
    two.candidates.toggle()
    two.candidates.toggle()
    qtbot.waitUntil(lambda: scores(two) == [0.3])
