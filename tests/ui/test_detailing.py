"""Detail: the result first, detail later; a change stops it, an export waits for it, Esc ends both and says so."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeBackend
from PIL import Image
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from instmatt_app.api import Result
from instmatt_app.core.edits import look, paint, remove_people
from instmatt_app.core.hints import Hint
from instmatt_app.core.interfaces import Step
from instmatt_app.core.rect import Rect
from instmatt_app.ui import detailing, giving
from instmatt_app.ui.canvas.canvas import Wipe
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.detailing import DetailState
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job, Urgency
from instmatt_app.ui.main_window import MainWindow

STROKE = paint(1, Hint.THIS_PERSON, Rect(100, 20, 104, 24), np.ones((4, 4), bool))


@pytest.fixture
def coarse(qtbot: QtBot, window: MainWindow, backend: FakeBackend, photo_file: Path) -> Iterator[MainWindow]:
    """The window with two people matted below the photo's size, whose detail is held and not begun unasked."""
    backend.working_size, backend.wants_detail, backend.hold_detail = 80, True, threading.Event()
    window.conductor.detailing._idle.setInterval(60_000)
    window.conductor.open(photo_file)
    qtbot.waitUntil(lambda: window.conductor.is_current)
    yield window
    backend.hold_detail.set()


def grow_quiet(window: MainWindow) -> None:
    """Nothing changes any more for as long as it takes, which is hardly anything from now on."""
    window.conductor.detailing._idle.setInterval(10)
    window.conductor.shown_changed.emit()


def has_detail(window: MainWindow) -> bool:
    return window.conductor.result is not None and window.conductor.result.detail is not None


def test_the_result_comes_first_and_its_detail_when_it_is_quiet(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    assert detailing.IDLE_MS >= 1000
    assert coarse.status.detail.text() == "working size"
    coarse.canvas.pointed.emit((5.0, 5.0))
    assert coarse.status.point.text() == "x 5  y 5  α 0.00 / 0.00"
    grow_quiet(coarse)
    qtbot.waitUntil(lambda: coarse.status.detail.text() == "detail 0 of 2")
    assert coarse.conductor.is_current
    assert not has_detail(coarse)
    assert backend.hold_detail is not None
    backend.hold_detail.set()
    qtbot.waitUntil(lambda: coarse.status.detail.text() == "detail ready")
    assert has_detail(coarse)
    assert len(backend.matted) == len(backend.detailed) == 1
    coarse.canvas.pointed.emit((5.0, 5.0))
    assert coarse.status.point.text() == "x 5  y 5  α 0.50 / 0.50"
    coarse.document.do(STROKE)
    qtbot.waitUntil(lambda: coarse.conductor.is_current and has_detail(coarse))
    coarse.document.history.undo()
    assert has_detail(coarse), "what was is kept"
    assert len(backend.detailed) == 2


def test_a_change_stops_it_and_a_name_does_not(qtbot: QtBot, coarse: MainWindow, backend: FakeBackend) -> None:
    grow_quiet(coarse)
    qtbot.waitUntil(lambda: coarse.conductor.detailing.state is DetailState.UNDER_WAY)
    coarse.document.do(look(1, "Rename", name="Anna"))
    qtbot.wait(60)
    assert coarse.conductor.detailing.state is DetailState.UNDER_WAY
    coarse.conductor.detailing._idle.setInterval(60_000)
    coarse.document.do(STROKE)
    qtbot.waitUntil(lambda: coarse.conductor.is_current and coarse.status.detail.text() == "working size")
    qtbot.waitUntil(lambda: not coarse.conductor.is_running)
    assert len(backend.detailed) == 1


def test_nothing_begins_unasked_where_nothing_runs_by_itself(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    grow_quiet(coarse)
    qtbot.waitUntil(lambda: coarse.conductor.detailing.state is DetailState.UNDER_WAY)
    coarse.conductor.cancel()
    qtbot.waitUntil(lambda: not coarse.conductor.is_running)
    begun = len(backend.detailed)
    qtbot.wait(80)
    assert len(backend.detailed) == begun, "what Esc stopped is not begun again by itself"
    coarse.conductor.set_runs_by_itself(False)
    coarse.document.do(STROKE)
    coarse.conductor.run()
    qtbot.waitUntil(lambda: coarse.conductor.is_current)
    qtbot.wait(80)
    assert len(backend.detailed) == begun
    coarse.run()
    qtbot.waitUntil(lambda: len(backend.detailed) == begun + 1)


def test_the_window_is_not_closed_over_an_export_that_waits_unless_somebody_says_so(
    coarse: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]

    def question(parent: object, title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    coarse.conductor.export(lambda result, step: [])
    assert coarse.export.is_under_way
    coarse.close()
    assert coarse.isVisible()
    coarse.close()
    assert not coarse.isVisible()
    assert len(asked) == 2
    assert "export" in asked[0]


def test_an_export_waits_for_it_through_whatever_is_more_urgent(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    written: list[bool] = []

    def write(result: Result, step: Step) -> list[Path]:
        written.append(result.detail is not None)
        return []

    coarse.conductor.export(write)
    assert "follows as soon as" in coarse.message.text(), "who asked sees that it is not forgotten"
    qtbot.waitUntil(lambda: len(backend.detailed) == 1)
    lane = coarse.conductor.engine_lane
    lane.submit(Job("behind", lambda step: None, urgency=Urgency.BEHIND))
    with qtbot.waitSignal(lane.finished, check_params_cb=lambda job, _: job.name == "urgent"):
        lane.submit(Job("urgent", lambda step: None))
    qtbot.waitUntil(lambda: len(backend.detailed) == 2)
    assert not written
    coarse.document.do(STROKE)
    qtbot.waitUntil(lambda: len(backend.detailed) == 3)
    assert not written, "the mattes of the stroke have no detail yet"
    assert backend.hold_detail is not None
    backend.hold_detail.set()
    qtbot.waitUntil(lambda: written == [True])
    qtbot.waitUntil(lambda: not coarse.conductor.is_running)
    assert written == [True]


def test_an_export_that_is_cancelled_says_so_and_can_do_without(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    written: list[bool] = []

    def write(result: Result, step: Step) -> list[Path]:
        written.append(result.detail is not None)
        return []

    coarse.conductor.export(write)
    qtbot.waitUntil(lambda: coarse.conductor.detailing.state is DetailState.UNDER_WAY)
    coarse.stop()
    assert "cancelled: no file was written" in coarse.message.text()
    assert "Refinement" in coarse.message.text()
    qtbot.waitUntil(lambda: not coarse.conductor.is_running)
    coarse.conductor.export(write)
    qtbot.waitUntil(lambda: coarse.conductor.detailing.state is DetailState.UNDER_WAY)
    assert not written
    backend.wants_detail = False
    coarse.document.changed.emit()
    qtbot.waitUntil(lambda: written == [False])


def test_without_memory_for_it_there_is_a_sentence_and_the_mattes_stay(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    backend.detail_failure = MemoryError()
    assert backend.hold_detail is not None
    backend.hold_detail.set()
    grow_quiet(coarse)
    qtbot.waitUntil(lambda: "not enough memory" in coarse.message.text())
    qtbot.waitUntil(lambda: coarse.status.detail.text() == "working size")
    assert coarse.conductor.is_current
    begun = len(backend.detailed)
    qtbot.wait(80)
    assert len(backend.detailed) == begun, "what failed is not begun again by itself"


def test_who_wants_no_detail_does_not_see_any(qtbot: QtBot, coarse: MainWindow, backend: FakeBackend) -> None:
    assert backend.hold_detail is not None
    backend.hold_detail.set()
    grow_quiet(coarse)
    qtbot.waitUntil(lambda: has_detail(coarse))
    for wanted in (False, True):
        backend.wants_detail = wanted
        coarse.document.changed.emit()
        assert has_detail(coarse) == wanted
    assert len(backend.detailed) == 1


def test_what_was_sharp_stays_so_where_nothing_has_changed(
    qtbot: QtBot, window: MainWindow, backend: FakeBackend, tmp_path: Path
) -> None:
    Image.fromarray(np.zeros((200, 700, 3), np.uint8)).save(tmp_path / "wide.png")
    backend.people = [Rect(20, 20, 200, 180), Rect(550, 20, 690, 180)]
    backend.working_size, backend.wants_detail = 350, True
    conductor = window.conductor
    grow_quiet(window)
    conductor.open(tmp_path / "wide.png")
    qtbot.waitUntil(lambda: has_detail(window))
    assert conductor.result is not None
    whole = conductor.result.detail
    assert conductor.detailing.seen() is whole
    conductor.detailing._idle.setInterval(60_000)
    backend.hold = threading.Event()
    window.document.do(STROKE)
    qtbot.waitUntil(lambda: conductor.is_preview)
    rest = conductor.detailing.seen()
    assert rest is not None
    assert set(rest.tiles) == {(0, 1), (0, 2)}, "the preview has changed the first person"
    assert window.canvas.shown._fine is not None
    assert window.canvas.shown._fine.detail is rest
    backend.hold.set()
    qtbot.waitUntil(lambda: conductor.is_current)
    assert not has_detail(window), "it is for the eye only"
    again = conductor.detailing.seen()
    assert again is not None
    assert len(again.tiles) == 3, "the full result is what it was"
    window.canvas.set_wipe(Wipe(conductor.result, ("Parallel", "Cycle")))
    assert window.canvas.shown._fine is None, "neither side of a comparison has it"
    backend.wants_detail = False
    assert conductor.detailing.seen() is None


def test_copies_and_files_that_are_dragged_out_have_it(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    coarse.document.select([1])
    coarse.exchange.copy_mask()
    qtbot.waitUntil(lambda: len(backend.detailed) == 1)
    monkeypatch.setattr(giving, "DETAIL_SECONDS", 0.05)
    file = coarse.giving.file_of(1)
    assert file is not None
    assert not file.urls(), "it is not ready"
    assert "drag again" in coarse.message.text()
    assert backend.hold_detail is not None
    with qtbot.waitSignal(coarse.exchange.said):
        backend.hold_detail.set()
    copied, _ = coarse.exchange._copied or (None, None)
    assert copied is not None
    assert has_detail(coarse)
    file = coarse.giving.file_of(1)
    assert file is not None
    assert file.urls()[0].toLocalFile().endswith("cutout.png")


def test_a_drag_that_begins_with_the_detail_gets_it_without_the_window(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    assert backend.hold_detail is not None
    backend.hold_detail.set()
    file = coarse.giving.file_of(1)
    assert file is not None
    # The UI thread waits in here, so that no signal of the lane can come through.
    assert file.urls()
    assert not has_detail(coarse)
    qtbot.waitUntil(lambda: has_detail(coarse))


def test_mattes_of_another_engine_get_no_detail_of_this_one(
    qtbot: QtBot, conductor: Conductor, document: Document, coarse: MainWindow, backend: FakeBackend
) -> None:
    grow_quiet(coarse)
    qtbot.waitUntil(lambda: conductor.detailing.state is DetailState.UNDER_WAY)
    backend.name = "other"
    assert backend.hold_detail is not None
    backend.hold_detail.set()
    # The window had no way to know: what it shows is matted anew by the engine as it is now.
    qtbot.waitUntil(lambda: len(backend.matted) == 2 and conductor.is_current)
    assert not has_detail(coarse) or len(backend.detailed) == 2


def test_what_was_stopped_takes_no_wish_of_another_project_along(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    made, lane = coarse.conductor.detailing, coarse.conductor.engine_lane
    first = coarse.conductor.shown_key
    coarse.document.do(STROKE)
    qtbot.waitUntil(lambda: coarse.conductor.is_current)
    made.begin()
    assert made._running is not None
    _, stroke = made._running
    coarse.document.history.undo()
    assert stroke.stopped.is_set()
    assert coarse.conductor.shown_key == first
    promised = made.promised()
    # Both may end otherwise than by being stopped, if that comes late enough.
    lane.finished.emit(stroke, (("stroke",), coarse.conductor.result))
    lane.failed.emit(stroke, RuntimeError("too late"))
    assert "too late" not in coarse.message.text()
    assert backend.hold_detail is not None
    backend.hold_detail.set()
    assert promised.result(10).detail is not None


def test_without_people_there_is_nothing_to_wait_for(qtbot: QtBot, coarse: MainWindow, backend: FakeBackend) -> None:
    coarse.document.select([1])
    coarse.exchange.copy()
    coarse.conductor.export(lambda result, step: [])
    coarse.document.do(remove_people([2]))
    assert coarse.conductor.detailing.is_wished
    coarse.document.do(remove_people([1]))
    assert not coarse.conductor.detailing.is_wished
    assert "cancelled: no file was written" in coarse.message.text()


def test_the_figure_of_a_pixel_is_the_one_that_is_pinned(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    assert backend.hold_detail is not None
    backend.hold_detail.set()
    coarse.document.do(paint(1, Hint.THIS_PERSON, Rect(5, 5, 6, 6), np.ones((1, 1), bool), pin=True))
    qtbot.waitUntil(lambda: coarse.conductor.is_current)
    coarse.conductor.detailing.begin()
    qtbot.waitUntil(lambda: has_detail(coarse))
    for x, figures in ((4, "0.50 / 0.50"), (5, "1.00 / 0.00")):
        coarse.canvas.pointed.emit((float(x), 5.0))
        assert coarse.status.point.text().endswith(figures)


def test_a_project_that_is_opened_again_gets_its_detail_unasked(
    qtbot: QtBot, coarse: MainWindow, backend: FakeBackend
) -> None:
    document, first = coarse.document, coarse.conductor.shown_key
    assert document.photo is not None
    document.replace(document.photo, document.state, 99)
    document.changed.emit()
    qtbot.waitUntil(lambda: coarse.conductor.is_current)
    assert coarse.conductor.shown_key == first
    grow_quiet(coarse)
    qtbot.waitUntil(lambda: len(backend.detailed) == 1)
