"""What goes wrong while somebody works: one calm sentence in place, the document stays, and no stroke is lost."""

import struct
import threading
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeBackend
from hands import drop_files
from pytestqt.qtbot import QtBot

from instmatt_app.core.edits import paint, remove_people
from instmatt_app.core.hints import Hint
from instmatt_app.core.rect import Rect
from instmatt_app.ui.main_window import MainWindow


def scribble(window: MainWindow, person: int = 1, at: int = 0) -> None:
    window.document.do(paint(person, Hint.NOT_THIS_PERSON, Rect(at, 0, at + 10, 10), np.ones((10, 10), bool)))


def held(qtbot: QtBot, window: MainWindow, backend: FakeBackend) -> None:
    """A run is under way that does not go on until it is let."""
    backend.hold = threading.Event()
    runs = len(backend.matted)
    scribble(window)
    qtbot.waitUntil(lambda: len(backend.matted) > runs)


def released(backend: FakeBackend) -> None:
    assert backend.hold is not None
    backend.hold.set()


def test_a_huge_file_is_refused_from_its_header_and_the_document_stays(
    qtbot: QtBot, two: MainWindow, tmp_path: Path
) -> None:
    header = struct.pack(">IIBBBBB", 90_000, 90_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    huge = tmp_path / "huge.png"
    huge.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + bytes(5000))
    before = two.document.photo
    two.opening.open_paths([huge])
    qtbot.waitUntil(lambda: "huge.png" in two.message.text())
    assert "90000" in two.message.text().replace("\u202f", "").replace(",", "").replace(" ", "")
    assert two.document.photo is before
    assert two.conductor.is_current


@pytest.mark.parametrize(
    ("failure", "words"), [(MemoryError(), "not enough memory"), (RuntimeError("The network tripped."), "tripped")]
)
def test_a_run_that_fails_is_said_and_can_be_asked_for_again(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend, failure: Exception, words: str
) -> None:
    backend.failure = failure
    scribble(two)
    qtbot.waitUntil(two.conductor.is_failed)
    assert words in two.message.text()
    assert "failed" in two.badge.text()
    assert two.people.state_of(two.document.state.person(1))[0] == "failed"
    assert two.document.state.person(1).hints is not None
    backend.failure = None
    two.run()
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert two.badge.isHidden()


def test_nobody_found_offers_a_box_and_strokes_need_somebody(
    qtbot: QtBot, window: MainWindow, backend: FakeBackend, photo_file: Path
) -> None:
    backend.people = []
    drop_files(window, photo_file)
    qtbot.waitUntil(lambda: "box" in window.message.text())
    assert window.document.state.ids() == ()
    window.conductor.finder.add_box(Rect(20, 20, 60, 80))
    qtbot.waitUntil(lambda: window.conductor.is_current)
    assert window.document.state.ids() == (1,)


def test_a_person_who_is_deleted_while_matted_is_in_no_result(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend
) -> None:
    held(qtbot, two, backend)
    two.document.do(remove_people([1]))
    released(backend)
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert [one.id for one in two.conductor.result.people] == [2]
    assert two.conductor.result.alphas.shape[0] == 2
    two.document.history.undo()
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert [one.id for one in two.conductor.result.people] == [1, 2]


def test_a_stroke_during_a_run_is_in_the_result_that_follows(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend
) -> None:
    held(qtbot, two, backend)
    scribble(two, 2, 50)
    strokes = two.document.state.person(2).hints
    released(backend)
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert backend.matted[-1].instances[1].hints is strokes


def test_undo_during_a_run_shows_what_was_and_never_what_comes_late(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend
) -> None:
    before = two.conductor.result
    held(qtbot, two, backend)
    two.document.history.undo()
    assert two.conductor.result is before
    assert two.conductor.is_current
    released(backend)
    qtbot.waitUntil(lambda: not two.conductor.is_running)
    qtbot.wait(100)
    assert two.conductor.result is before


def test_esc_during_the_first_run_leaves_masks_and_enter_goes_on(
    qtbot: QtBot, window: MainWindow, backend: FakeBackend, photo_file: Path
) -> None:
    backend.hold = threading.Event()
    drop_files(window, photo_file)
    qtbot.waitUntil(lambda: len(backend.matted) == 1)
    began = time.monotonic()
    window.stop()
    qtbot.waitUntil(lambda: not window.conductor.is_running)
    assert time.monotonic() - began < 0.5
    assert window.document.state.ids() == (1, 2)
    assert window.conductor.result is None
    assert window.badge.isVisible()
    backend.hold.set()
    window.run()
    qtbot.waitUntil(lambda: window.conductor.is_current)


def test_esc_while_a_photo_is_read_leaves_the_start_page(
    qtbot: QtBot, window: MainWindow, backend: FakeBackend, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = threading.Event()

    def slow(path: Path, step):  # type: ignore[no-untyped-def]
        while True:
            step(0, 1, "reading")
            reading.set()
            time.sleep(0.01)

    monkeypatch.setattr(backend, "read", slow)
    window.opening.open_paths([photo_file])
    qtbot.waitUntil(reading.is_set)
    window.stop()
    qtbot.waitUntil(lambda: not window.conductor.is_running)
    assert window.document.photo is None
    assert window.pages.currentIndex() == 0
    monkeypatch.undo()
    window.opening.open_paths([photo_file])
    qtbot.waitUntil(lambda: window.conductor.is_current)


def test_quitting_while_all_photos_are_matted_leaves_no_half_session(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend, photo_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(photo_file.read_bytes())
    two.opening.open_paths([photo_file, other])
    qtbot.waitUntil(lambda: len(two.roll.photos) == 2 and two.roll.current is not None and two.conductor.is_current)
    backend.hold = threading.Event()
    two.batch.start()
    qtbot.waitUntil(lambda: backend.matted[-1].photo.path == other)
    two.close()
    assert not two.conductor.is_running
    kept = [folder for folder in two.projects.autosave.home.iterdir() if not folder.name.startswith(".")]
    assert all((folder / "project.json").is_file() for folder in kept)
