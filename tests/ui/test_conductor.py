import threading
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeBackend
from PIL import Image
from pytestqt.qtbot import QtBot

from instmatt_app.api import Result
from instmatt_app.core import edits
from instmatt_app.core.hints import Hint
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.ui.backend import in_order, sentence
from instmatt_app.ui.conductor import QUIET_MS, Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job

STROKE = edits.paint(1, Hint.UNDECIDED, Rect(1, 1, 9, 9), np.ones((8, 8), bool))


def matted(qtbot: QtBot, conductor: Conductor, photo_file: Path) -> None:
    conductor.open(photo_file)
    qtbot.waitUntil(lambda: conductor.is_current)


def test_a_photo_becomes_people_and_mattes(
    qtbot: QtBot, document: Document, conductor: Conductor, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    assert document.photo is not None
    assert document.photo.path == photo_file
    assert document.state.ids() == (1, 2)
    assert conductor.index(2) == 1
    assert len(conductor.levels) == 1


def test_a_photo_that_cannot_be_read_leaves_everything_as_it_was(
    qtbot: QtBot, document: Document, conductor: Conductor, photo_file: Path, tmp_path: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    (tmp_path / "broken.jpg").write_bytes(b"no photo")
    with qtbot.waitSignal(conductor.said) as said:
        conductor.open(tmp_path / "broken.jpg")
    assert said.args[1] is True
    assert document.photo is not None
    assert document.photo.path == photo_file
    assert conductor.is_current


def test_of_two_quick_drops_the_last_wins(
    qtbot: QtBot, document: Document, conductor: Conductor, photo_file: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (160, 96), (9, 9, 9)).save(tmp_path / "other.png")
    conductor.open(photo_file)
    conductor.open(tmp_path / "other.png")
    qtbot.waitUntil(lambda: conductor.is_current)
    assert document.photo is not None
    assert document.photo.path == tmp_path / "other.png"


def test_a_stroke_runs_again_and_undo_needs_no_work(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    before, runs = conductor.result, len(backend.matted)
    document.do(STROKE)
    assert not conductor.is_current
    assert conductor.result is before, "the last mattes stay until there are new ones"
    qtbot.waitUntil(lambda: conductor.is_current)
    assert conductor.result is not before
    document.history.undo()
    assert conductor.is_current
    assert conductor.result is before
    assert len(backend.matted) == runs + 1


def test_several_quick_strokes_are_one_run(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    runs = len(backend.matted)
    for left in range(1, 40, 8):
        document.do(edits.paint(1, Hint.UNDECIDED, Rect(left, 1, left + 4, 9), np.ones((8, 4), bool)))
    qtbot.waitUntil(lambda: conductor.is_current)
    assert len(backend.matted) == runs + 1


def test_a_result_that_came_too_late_is_not_shown(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    backend.hold = threading.Event()
    conductor.open(photo_file)
    qtbot.waitUntil(lambda: len(backend.matted) == 1)
    document.do(edits.remove_people([1]))
    backend.hold.set()
    qtbot.waitUntil(lambda: conductor.is_current)
    assert conductor.result is not None
    assert [one.id for one in conductor.result.people] == [2]


def test_undo_during_a_run(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    runs = len(backend.matted)
    backend.hold = threading.Event()
    document.do(STROKE)
    qtbot.waitUntil(lambda: len(backend.matted) == runs + 1)
    document.history.undo()
    assert conductor.is_current
    backend.hold.set()
    qtbot.waitUntil(lambda: not conductor.is_running)
    assert conductor.is_current


def test_cancelling_stops_within_a_step_and_keeps_what_is_shown(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    runs = len(backend.matted)
    backend.hold = threading.Event()
    document.do(STROKE)
    qtbot.waitUntil(lambda: len(backend.matted) == runs + 1 and conductor.is_preview)
    shown = conductor.result
    conductor.cancel()
    qtbot.waitUntil(lambda: not conductor.is_running)
    assert conductor.result is shown
    assert not conductor.is_current
    backend.hold.set()
    conductor.run()
    qtbot.waitUntil(lambda: conductor.is_current)


def test_a_preview_comes_first_and_the_full_result_replaces_it(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    before, runs = conductor.result, len(backend.matted)
    backend.hold = threading.Event()
    document.do(STROKE)
    qtbot.waitUntil(lambda: conductor.is_preview)
    assert conductor.result is not before
    assert not conductor.is_current
    qtbot.waitUntil(lambda: len(backend.matted) == runs + 1)
    # A second stroke takes the place of the full run, and its preview builds on the first one.
    document.do(edits.paint(2, Hint.UNDECIDED, Rect(30, 30, 34, 34), np.ones((4, 4), bool)))
    assert not conductor.is_preview
    qtbot.waitUntil(lambda: len(backend.previewed) == 2 and conductor.is_preview)
    backend.hold.set()
    qtbot.waitUntil(lambda: conductor.is_current)
    assert not conductor.is_preview
    # Undo goes to full results only: the one between was never made.
    document.history.undo()
    assert not conductor.is_current
    document.history.undo()
    assert conductor.is_current
    assert conductor.result is before


def test_a_preview_is_never_exported(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path, tmp_path: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    backend.hold = threading.Event()
    document.do(STROKE)
    qtbot.waitUntil(lambda: conductor.is_preview)
    seen: list[bool] = []
    conductor.export(lambda result, step: seen.append(bool((result.alphas[0] == 1).any())) or [])
    qtbot.waitUntil(lambda: conductor.is_matting)
    assert not seen
    backend.hold.set()
    with qtbot.waitSignal(conductor.exported):
        pass
    assert seen == [True]


def test_where_enter_runs_nothing_runs_by_itself(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    conductor.runs_by_itself = False
    document.do(STROKE)
    qtbot.wait(2 * QUIET_MS)
    assert not backend.previewed
    assert not conductor.is_running
    conductor.run()
    qtbot.waitUntil(lambda: conductor.is_current)


def test_another_refinement_can_be_asked_for_beside_the_project(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    project = document.snapshot()
    assert project is not None
    project.refinement = Refinement("cycle")
    with qtbot.waitSignal(conductor.answered):
        assert isinstance(conductor.ask(project), Job)
    assert isinstance(conductor.ask(project), Result)
    assert conductor.is_current
    # Chosen in earnest, it is there at once.
    runs = len(backend.matted)
    document.do(edits.set_refinement(Refinement("cycle")))
    assert conductor.is_current
    assert len(backend.matted) == runs


def test_a_failed_run_is_said_and_not_tried_again_by_itself(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    backend.failure = MemoryError()
    with qtbot.waitSignal(conductor.said, check_params_cb=lambda text, trouble: trouble) as said:
        conductor.open(photo_file)
    assert "not enough memory" in said.args[0]
    qtbot.waitUntil(conductor.is_failed)
    backend.failure = None
    conductor.run()
    qtbot.waitUntil(lambda: conductor.is_current)


def test_where_nobody_can_be_found_the_box_tool_is_offered(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    backend.ready = False
    with qtbot.waitSignal(conductor.said) as said:
        conductor.open(photo_file)
    assert "box" in said.args[0]
    conductor.finder.add_box(Rect(10, 10, 50, 60))
    qtbot.waitUntil(lambda: conductor.is_current)
    assert document.state.ids() == (1,)
    conductor.finder.add_box(Rect(500, 500, 600, 600))
    assert not conductor.engine_lane.is_busy


def test_export_waits_for_the_mattes_of_the_project_as_it_stands(
    qtbot: QtBot, document: Document, conductor: Conductor, photo_file: Path, tmp_path: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    conductor.runs_by_itself = False
    document.do(edits.remove_people([1]))
    with qtbot.waitSignal(conductor.exported) as exported:
        conductor.export(lambda result, step: result.save(tmp_path / "out", layers="alpha", step=step))
    assert [path.name for path in exported.args[0]] == ["00.png"]


def test_order_and_names_need_no_new_mattes(
    qtbot: QtBot, document: Document, conductor: Conductor, backend: FakeBackend, photo_file: Path
) -> None:
    matted(qtbot, conductor, photo_file)
    runs = len(backend.matted)
    document.do(edits.reorder([2, 1]))
    document.do(edits.look(2, "Rename", name="Ann"))
    assert conductor.is_current
    assert conductor.result is not None
    ordered = in_order(conductor.result, document.state.instances)
    assert [one.name for one in ordered.people] == ["Ann", "Person 1"]
    assert np.array_equal(ordered.alphas[0], conductor.result.alphas[1])
    assert np.array_equal(ordered.alphas[2], conductor.result.alphas[2])
    assert len(backend.matted) == runs


@pytest.mark.parametrize(
    ("error", "words"),
    [(MemoryError(), "not enough memory"), (ValueError("A sentence."), "A sentence."), (KeyError("x"), "unexpected")],
)
def test_errors_are_sentences(error: Exception, words: str) -> None:
    assert words in sentence(error)
