"""Projects in the window: saved and opened, kept by themselves, offered again, and not fought over by two windows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeBackend
from PIL import Image
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from instmatt_app.core.edits import look, paint
from instmatt_app.core.hints import Hint
from instmatt_app.core.rect import Rect
from instmatt_app.files.project_file import open_project
from instmatt_app.files.sessions import left_sessions
from instmatt_app.ui import autosave
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.main_window import MainWindow

BOXES = [Rect(20, 20, 60, 80), Rect(100, 20, 140, 80)]


@pytest.fixture
def windows(qtbot: QtBot) -> Iterator[Callable[[], MainWindow]]:
    """Makes windows as separate starts of the program would."""
    made: list[MainWindow] = []

    def window() -> MainWindow:
        document = Document()
        one = MainWindow(document, Conductor(document, FakeBackend(BOXES)))
        document.setParent(one)
        qtbot.addWidget(one)
        made.append(one)
        return one

    yield window
    for one in made:
        one.close()


def opened(qtbot: QtBot, window: MainWindow, path: Path) -> MainWindow:
    window.opening.open_paths([path])
    qtbot.waitUntil(lambda: window.document.photo is not None and window.conductor.is_current, timeout=10_000)
    return window


def edit(window: MainWindow) -> None:
    window.document.do(paint(1, Hint.NOT_THIS_PERSON, Rect(0, 0, 10, 10), np.ones((10, 10), bool)))


def saved(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    with qtbot.waitSignal(window.projects.used, timeout=10_000):
        window.projects.save_to(path)


def home(window: MainWindow) -> Path:
    return window.projects.autosave.home


def test_a_project_comes_back_with_its_mattes_and_nothing_is_run(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path
) -> None:
    first = opened(qtbot, windows(), photo_file)
    edit(first)
    first.document.do(look(2, "Rename", name="Bea"))
    qtbot.waitUntil(lambda: first.conductor.is_current)
    assert first.windowTitle().endswith("unsaved")
    saved(qtbot, first, tmp_path / "two.instmatt")
    assert first.windowTitle() == "two.instmatt — 160 × 96"
    mattes = first.conductor.result
    assert mattes is not None
    revision = first.document.snapshot().revision
    first.close()
    assert left_sessions(home(first)) == []

    again = opened(qtbot, windows(), tmp_path / "two.instmatt")
    assert again.windowTitle() == "two.instmatt — 160 × 96"
    assert [one.name for one in again.document.state.instances] == ["Person 1", "Bea"]
    assert again.conductor._backend.matted == []
    assert np.array_equal(again.conductor.result.alphas, mattes.alphas)
    assert again.opening.recent()[0] == tmp_path / "two.instmatt"
    edit(again)
    again.document.do(paint(2, Hint.UNDECIDED, Rect(0, 0, 10, 10), np.ones((10, 10), bool)))
    assert again.document.state.person(2).revision > revision
    assert again.windowTitle().endswith("unsaved")
    again.document.history.undo()
    assert not again.windowTitle().endswith("unsaved")


def test_mattes_of_another_engine_are_made_anew_and_that_is_said(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path
) -> None:
    first = opened(qtbot, windows(), photo_file)
    edit(first)
    qtbot.waitUntil(lambda: first.conductor.is_current)
    saved(qtbot, first, tmp_path / "two.instmatt")
    first.close()
    again = windows()
    again.conductor._backend.name = "another"
    opened(qtbot, again, tmp_path / "two.instmatt")
    assert "made anew" in again.message.text()
    qtbot.waitUntil(lambda: again.conductor.is_current)
    assert len(again.conductor._backend.matted) == 1


def test_mattes_that_were_finished_after_the_work_was_kept_come_back_too(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path
) -> None:
    first = opened(qtbot, windows(), photo_file)
    edit(first)
    first.projects.autosave.keep()
    qtbot.waitUntil(lambda: first.projects.autosave.is_kept and first.conductor.is_current)
    mattes = first.conductor.result
    first.close()
    again = windows()
    (left,) = left_sessions(home(again))
    again.projects.open_session(left.folder)
    qtbot.waitUntil(lambda: again.conductor.is_current)
    assert again.conductor._backend.matted == []
    assert np.array_equal(again.conductor.result.alphas, mattes.alphas)


def test_unsaved_work_is_offered_when_the_program_starts_again(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path
) -> None:
    first = opened(qtbot, windows(), photo_file)
    edit(first)
    first.close()
    again = windows()
    again.projects.show_left(only_if_any=True)
    qtbot.waitUntil(lambda: again.projects.dialog is not None)
    (row,) = again.projects.dialog.rows.values()
    assert row.name.text() == "two.png"
    assert not row.findChildren(type(row.name))[0].pixmap().isNull()
    row.open_button.click()
    qtbot.waitUntil(lambda: again.document.photo is not None and again.conductor.is_current)
    assert again.document.state.person(1).hints is not None
    assert again.windowTitle().endswith("unsaved")
    assert left_sessions(home(again)) == []  # somebody works on it
    again.close()
    assert len(left_sessions(home(again))) == 1  # and it is in no file yet
    third = windows()
    third.projects.show_left()
    qtbot.waitUntil(lambda: third.projects.dialog is not None)
    (row,) = third.projects.dialog.rows.values()
    for answer in ("Cancel", "Throw away"):
        row.discard_button.click()
        assert len(left_sessions(home(third))) == 1, "it is the only copy, and nobody has said yes"
        question = third.projects.dialog.question
        assert "two.png" in question.text()
        next(one for one in question.buttons() if one.text().strip("&") == answer).click()
    qtbot.waitUntil(lambda: left_sessions(home(third)) == [] and not list(home(third).iterdir()))
    third.projects.dialog = None
    with qtbot.waitSignal(third.projects.said) as heard:
        third.projects.show_left()
    assert heard.args == ["There is no unsaved work.", False]


def test_work_is_kept_before_each_run_and_every_minute(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path
) -> None:
    assert autosave.EVERY_MS == 60_000
    window = windows()
    window.projects.autosave.timer.setInterval(50)
    opened(qtbot, window, photo_file)
    qtbot.waitUntil(lambda: window.projects.autosave.is_kept)
    window.projects.autosave.timer.stop()
    window.document.do(look(1, "Rename", name="Ann"))
    assert not window.projects.autosave.is_kept
    window.conductor.runs_by_itself = False
    edit(window)
    window.conductor.run()
    qtbot.waitUntil(lambda: window.projects.autosave.is_kept)
    window.document.do(look(1, "Rename", name="Bea"))
    window.projects.autosave.timer.start()
    qtbot.waitUntil(lambda: window.projects.autosave.is_kept)


def test_a_failing_autosave_is_said_once_and_closing_asks(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = windows()
    home(window).parent.mkdir(parents=True, exist_ok=True)
    home(window).write_text("in the way")
    heard: list[str] = []
    window.projects.said.connect(lambda text, trouble: heard.append(text))
    opened(qtbot, window, photo_file)
    qtbot.waitUntil(lambda: bool(heard))
    for number in range(3):
        window.document.do(look(1, "Rename", name=str(number)))
        window.projects.autosave.keep()
        qtbot.waitUntil(lambda: not window.projects.autosave.lane.is_busy)
    assert len(heard) == 1
    assert "could not be kept" in heard[0]
    assert window.windowTitle().endswith("unsaved")
    asked: list[str] = []

    def stay(parent: object, title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", stay)
    assert not window.close()
    assert len(asked) == 1
    home(window).unlink()
    window.projects.autosave.timer.setInterval(50)
    qtbot.waitUntil(lambda: window.projects.autosave.is_kept)
    assert window.close()


def test_another_photo_leaves_the_work_to_be_taken_up(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path
) -> None:
    window = opened(qtbot, windows(), photo_file)
    edit(window)
    Image.fromarray(np.zeros((50, 60, 3), np.uint8)).save(tmp_path / "other.png")
    window.opening.open_paths([tmp_path / "other.png"])
    qtbot.waitUntil(lambda: window.document.photo.width == 60 and not window.projects.autosave.lane.is_busy)
    (left,) = left_sessions(home(window))
    assert left.name == "two.png"
    window.projects.open_session(left.folder)
    qtbot.waitUntil(lambda: window.document.photo.width == 160)
    assert window.document.state.person(1).hints is not None


def test_two_windows_do_not_fight_over_a_file(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "two.instmatt"
    first = opened(qtbot, windows(), photo_file)
    saved(qtbot, first, path)
    second = windows()
    with qtbot.waitSignal(second.projects.said) as heard:
        opened(qtbot, second, path)
    assert "open in another window" in heard.args[0]
    assert second.projects.path is None
    before = path.read_bytes()
    with qtbot.waitSignal(second.projects.said):
        second.projects.save_to(path, asked=True)
    assert path.read_bytes() == before
    saved(qtbot, second, tmp_path / "copy.instmatt")
    assert second.projects.path == tmp_path / "copy.instmatt"
    first.close()
    saved(qtbot, second, path)
    assert second.projects.path == path


def test_a_file_that_another_program_changed_is_not_written_over_unasked(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "two.instmatt"
    window = opened(qtbot, windows(), photo_file)
    saved(qtbot, window, path)
    path.write_bytes(b"somebody else's")
    with qtbot.waitSignal(window.projects.said) as heard:
        window.projects.save()
    assert "changed by another program" in heard.args[0]
    assert path.read_bytes() == b"somebody else's"


def test_save_asks_for_a_name_once_and_escape_does_not_stop_it(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, windows(), photo_file)
    shown: list[list[str]] = []

    def accept(dialog: QFileDialog) -> int:
        shown.append(dialog.selectedFiles())
        return 1

    monkeypatch.setattr(QFileDialog, "exec", accept)
    for _ in range(2):
        edit(window)
        with qtbot.waitSignal(window.projects.used):
            window.projects.save()
            window.stop()
        qtbot.waitUntil(lambda: window.projects.is_saved)
    assert shown == [[str(photo_file.with_suffix(".instmatt"))]]
    assert open_project(photo_file.with_suffix(".instmatt")).lost == ()


def test_what_is_saved_while_one_goes_on_stays_unsaved(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path
) -> None:
    window = opened(qtbot, windows(), photo_file)
    with qtbot.waitSignal(window.projects.used):
        window.projects.save_to(tmp_path / "two.instmatt")
        window.document.do(look(1, "Rename", name="later"))
    assert not window.projects.is_saved
    window.close()
    (left,) = left_sessions(home(window))
    again = windows()
    again.projects.open_session(left.folder)
    qtbot.waitUntil(lambda: again.document.photo is not None)
    assert again.document.state.person(1).name == "later"
    assert again.projects.path == tmp_path / "two.instmatt"
    saved(qtbot, again, tmp_path / "two.instmatt")
    assert again.projects.is_saved


def test_a_broken_project_is_a_sentence_and_what_is_open_stays(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path
) -> None:
    window = opened(qtbot, windows(), photo_file)
    (tmp_path / "bad.instmatt").write_bytes(b"PK\x03\x04 nothing")
    with qtbot.waitSignal(window.conductor.said) as heard:
        window.opening.open_paths([tmp_path / "bad.instmatt"])
    assert "no project" in heard.args[0]
    assert window.document.photo.path == photo_file
    qtbot.waitUntil(lambda: not window.projects._opening)


def test_a_project_that_lost_its_photo_asks_for_it(
    qtbot: QtBot, windows: Callable[[], MainWindow], photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, windows(), photo_file)
    path = tmp_path / "two.instmatt"
    saved(qtbot, window, path)
    window.close()
    content = path.read_bytes()
    photo = photo_file.read_bytes()
    elsewhere = tmp_path / "elsewhere.png"
    photo_file.rename(elsewhere)
    path.write_bytes(content.replace(photo, photo[:-1] + b"?"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(elsewhere), ""))
    again = opened(qtbot, windows(), path)
    assert len(again.document.state.instances) == 2
