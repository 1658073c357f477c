"""Refinement in the window: for everybody or kept per person, an order that can be moved, steps, and the comparison."""

import threading

import numpy as np
import pytest
from fakes import FakeBackend
from hands import LEFT
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from instmatt_app.core import edits
from instmatt_app.core.hints import Hint
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.ui.main_window import MainWindow


@pytest.fixture
def cycling(qtbot: QtBot, two: MainWindow) -> MainWindow:
    qtbot.mouseClick(two.refinement.buttons["cycle"], LEFT)
    qtbot.waitUntil(lambda: two.conductor.is_current)
    return two


def test_the_order_is_moved_with_the_keys_and_people_are_left_out(qtbot: QtBot, cycling: MainWindow) -> None:
    order = cycling.refinement.order
    order.setCurrentRow(0)
    qtbot.keyClick(order, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert cycling.document.state.refinement.order == (2, 1)
    order.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert cycling.document.state.refinement.order == (2,)
    order.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert cycling.document.state.refinement.order == (2,), "an empty order would mean everybody"
    cycling.document.history.undo()
    cycling.document.history.undo()
    assert order.order() == (1, 2)


def test_a_person_keeps_a_refinement_of_their_own(qtbot: QtBot, cycling: MainWindow) -> None:
    panel, document = cycling.refinement, cycling.document
    document.select([2])
    panel.scope.setCurrentIndex(1)
    qtbot.mouseClick(panel.buttons["none"], LEFT)
    own = document.state.person(2).refinement
    assert own is not None
    assert own.strategy == "none"
    assert document.state.refinement.strategy == "cycle"
    document.select([1])
    assert panel.buttons["cycle"].isChecked()
    panel.scope.setCurrentIndex(0)
    panel.renew()
    assert "Person 2: None" in panel.note.text()
    qtbot.mouseClick(panel.same, LEFT)
    assert document.state.person(2).refinement is None


def test_stepping_shows_what_each_turn_changed(qtbot: QtBot, cycling: MainWindow) -> None:
    panel, turns = cycling.refinement, cycling.turns
    qtbot.mouseClick(panel.step, LEFT)
    qtbot.waitUntil(lambda: turns.shown is not None)
    assert panel.step_label.text() == "2 / 2 — Person 2"
    assert cycling.canvas.step is not None
    qtbot.mouseClick(panel.back, LEFT)
    shown = turns.shown
    assert shown is not None
    assert shown.person == 1
    assert shown.planes[1] is turns.turns[0].planes[1], "who was not renewed keeps the very picture"
    assert shown.changes.max() == pytest.approx(0.1, abs=0.01)
    assert np.array_equal(shown.changes > 0, turns.turns[0].planes[0] > 0)
    qtbot.mouseClick(panel.back, LEFT)
    assert not panel.back.isEnabled()
    cycling.canvas.grab()
    qtbot.mouseClick(panel.step, LEFT)
    assert turns.shown is None
    assert cycling.canvas.step is None


def test_the_run_goes_on_from_a_step_in_another_order(qtbot: QtBot, cycling: MainWindow) -> None:
    panel, turns, document = cycling.refinement, cycling.turns, cycling.document
    qtbot.mouseClick(panel.step, LEFT)
    qtbot.waitUntil(lambda: turns.shown is not None)
    turns.go_to(1)
    panel.order.setCurrentRow(0)
    qtbot.keyClick(panel.order, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert document.state.refinement == Refinement("cycle", (2, 1), 2, (((1, 2), 1),))
    qtbot.waitUntil(lambda: turns.shown is not None and turns.place == 1)
    turns.leave()
    assert "after step 1" in panel.note.text()
    document.history.undo()
    assert document.state.refinement.begun == ()


def test_a_change_of_the_project_ends_the_stepping(qtbot: QtBot, cycling: MainWindow) -> None:
    qtbot.mouseClick(cycling.refinement.step, LEFT)
    qtbot.waitUntil(lambda: cycling.turns.shown is not None)
    cycling.document.do(edits.look(1, "Rename", name="Ann"))
    assert cycling.turns.shown is not None
    cycling.document.do(edits.paint(1, Hint.UNDECIDED, Rect(1, 1, 9, 9), np.ones((8, 8), bool)))
    assert cycling.turns.shown is None


def test_another_refinement_is_compared_in_a_wipe_and_kept_per_person(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend
) -> None:
    panel, document = two.refinement.compare_panel, two.document
    qtbot.mouseClick(two.refinement.compare, LEFT)
    qtbot.waitUntil(lambda: two.comparison.other is not None)
    assert two.canvas.wipe is not None
    assert two.canvas.wipe.left is two.comparison.other
    assert two.canvas.wipe.names == ("Cycle", "Parallel")
    assert backend.matted[-1].refinement.strategy == "cycle"
    # Dragged with the mouse, the line stays where it is put.
    middle = two.canvas.rect().center()
    qtbot.mousePress(two.canvas, LEFT, pos=middle)
    qtbot.mouseMove(two.canvas, middle * 0.5)
    qtbot.mouseRelease(two.canvas, LEFT, pos=middle * 0.5)
    assert two.canvas.wipe.share == pytest.approx(0.25, abs=0.01)
    two.canvas.grab()
    document.select([2])
    qtbot.mouseClick(panel.keep_selected, LEFT)
    assert document.state.person(2).refinement == Refinement("cycle")
    assert document.state.refinement.strategy == "parallel"
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert two.canvas.wipe.share == pytest.approx(0.25, abs=0.01)
    qtbot.mouseClick(panel.keep_all, LEFT)
    assert document.state.refinement.strategy == "cycle"
    qtbot.mouseClick(panel.close_button, LEFT)
    assert two.canvas.wipe is None


def test_escape_and_trouble_end_a_comparison_and_a_change_that_is_undone_does_not(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend
) -> None:
    comparison = two.comparison
    backend.hold = threading.Event()
    qtbot.mouseClick(two.refinement.compare, LEFT)
    qtbot.waitUntil(lambda: backend.matted[-1].refinement.strategy == "cycle")
    two.stop()
    qtbot.waitUntil(lambda: not two.conductor.is_running)
    assert comparison.wish is None, "nothing is “being computed” that is not"
    runs = len(backend.matted)
    qtbot.mouseClick(two.refinement.compare, LEFT)
    qtbot.waitUntil(lambda: len(backend.matted) > runs)
    two.document.do(edits.paint(1, Hint.UNDECIDED, Rect(1, 1, 9, 9), np.ones((8, 8), bool)))
    two.document.history.undo()
    backend.hold.set()
    qtbot.waitUntil(lambda: comparison.other is not None)
    comparison.compare(None)
    backend.failure = MemoryError()
    comparison.compare(Refinement("none"))
    qtbot.waitUntil(lambda: comparison.wish is None)


def test_two_orders_are_compared(qtbot: QtBot, cycling: MainWindow) -> None:
    panel = cycling.refinement.compare_panel
    qtbot.mouseClick(cycling.refinement.compare, LEFT)
    panel.strategy.setCurrentIndex(panel.strategy.findData("cycle"))
    panel.strategy.activated.emit(panel.strategy.currentIndex())
    panel.order.setCurrentRow(0)
    qtbot.keyClick(panel.order, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: cycling.comparison.other is not None)
    assert cycling.comparison.wish == Refinement("cycle", (2, 1))
    assert cycling.document.state.refinement == Refinement("cycle")


def test_before_and_after_in_a_wipe(qtbot: QtBot, two: MainWindow) -> None:
    qtbot.keyClick(two.canvas, Qt.Key.Key_A)
    assert two.canvas.wipe is not None
    assert two.canvas.wipe.left is None
    two.canvas.grab()
    qtbot.keyClick(two.canvas, Qt.Key.Key_A)
    assert two.canvas.wipe is None


def test_a_drawn_box_limits_the_refinement_and_a_click_lifts_the_limit(qtbot: QtBot, two: MainWindow) -> None:
    panel, document = two.refinement, two.document
    assert not panel.everywhere.isVisible()

    def at(x: float, y: float) -> QPoint:
        return QPointF(*two.canvas.viewport.to_widget(x, y)).toPoint()

    two.toolbox.use("refine-window")
    qtbot.mousePress(two.canvas, LEFT, pos=at(30, 20))
    qtbot.mouseMove(two.canvas, at(60, 40))
    qtbot.mouseMove(two.canvas, at(90, 70))
    qtbot.mouseRelease(two.canvas, LEFT, pos=at(90, 70))
    assert document.state.refinement.window == Rect(30, 20, 90, 70)
    assert two.toolbox.actions["pick"].isChecked()
    assert panel.inside.text() == "Only inside 60 × 50 px"
    qtbot.waitUntil(lambda: two.conductor.is_current)
    qtbot.mouseClick(panel.buttons["cycle"], LEFT)
    assert document.state.refinement.window == Rect(30, 20, 90, 70), "another strategy keeps it"
    qtbot.mouseClick(panel.everywhere, LEFT)
    assert document.state.refinement.window is None
    document.history.undo()
    assert panel.everywhere.isVisible()
    two.toolbox.use("refine-window")
    qtbot.mouseClick(two.canvas, LEFT, pos=at(10, 10))
    assert document.state.refinement.window is None
