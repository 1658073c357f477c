"""The status bar: what is said about time, place and results."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from instmatt_app.core.edits import reorder
from instmatt_app.core.photo import Photo
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.status import Remaining


def test_the_time_left_follows_the_units() -> None:
    left = Remaining()
    assert left.seconds(0, 4, 10.0) is None
    assert left.seconds(0, 4, 11.0) is None
    assert left.seconds(1, 4, 12.0) == 6.0
    assert left.seconds(3, 4, 13.0) == 1.0
    # Another piece of work, and one that begins in the middle.
    assert left.seconds(0, 3, 20.0) is None
    assert left.seconds(1, 10, 30.0) is None
    assert left.seconds(2, 10, 31.0) == 8.0


def test_what_is_being_done_and_for_how_long(two: MainWindow) -> None:
    bar = two.status
    two.conductor.progressed.emit(0, 4, "matting person 1 of 4")
    assert bar.work.text() == "matting person 1 of 4 — Esc stops"
    assert not bar.progress.isHidden()
    two.conductor.progressed.emit(0, 0, "")
    assert bar.work.text() == ""
    assert bar.progress.isHidden()


def test_many_seconds_are_minutes(two: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("instmatt_app.ui.status.time.monotonic", lambda: now)
    for done, at, said in ((0, 100.0, ""), (1, 110.0, "about 7 min left"), (40, 500.0, "about 20 s left")):
        now = at
        two.conductor.progressed.emit(done, 42, "detail, window 1 of 42")
        assert said in two.status.work.text()


def test_under_a_cursor_that_rests_alphas_become_others(qtbot: QtBot, two: MainWindow) -> None:
    two.canvas.pointed.emit((40.0, 50.0))
    assert two.status.point.text().endswith("α 1.00 / 0.00")
    two.document.do(reorder((2, 1)))
    qtbot.waitUntil(lambda: two.status.point.text().endswith("α 0.00 / 1.00"))


def test_place_alphas_error_engine_and_memory(qtbot: QtBot, two: MainWindow) -> None:
    bar = two.status
    two.canvas.pointed.emit((40.0, 50.0))
    assert bar.point.text() == "x 40  y 50  α 1.00 / 0.00"
    two.canvas.pointed.emit((-3.0, 50.0))
    assert bar.point.text() == "x -3  y 50"
    two.canvas.pointed.emit(None)
    assert bar.point.text() == ""
    assert bar.error.text() == "Σα 0.0000"
    assert bar.engine.text() == "fake · fake · cpu"
    assert "GB" in bar.memory.text()
    two.canvas.zoom_to(2.0)
    assert bar.zoom.text() == "200 %"
    two.document.replace(Photo(np.zeros((60, 80, 3), np.uint8)))
    assert (bar.error.text(), bar.engine.text()) == ("", ""), "nothing of the photo before is said about this one"
