"""Several photos: one is open, work on the others is on the disk, and all of them can be matted behind one's back."""

import gc
import threading
import weakref
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeBackend
from hands import LEFT, drop_files
from photos import drawn_people
from PIL import Image
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from instmatt_app.core.edits import look, paint
from instmatt_app.core.hints import Hint
from instmatt_app.core.rect import Rect
from instmatt_app.files.sessions import left_sessions
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.roll.roll import Stage


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "photos"
    folder.mkdir()
    paths = []
    for number in range(3):
        picture, _ = drawn_people(2)
        picture[:4] = 60 * number
        paths.append(folder / f"{number}.png")
        Image.fromarray(picture).save(paths[-1])
    return paths


@pytest.fixture
def roll(qtbot: QtBot, window: MainWindow, three: list[Path]) -> MainWindow:
    """The window with three photos, the first of them matted."""
    drop_files(window, *three)
    settled(qtbot, window, 0)
    return window


def settled(qtbot: QtBot, window: MainWindow, place: int) -> None:
    """Until that photo is open and done."""

    def is_there() -> None:
        assert (window.roll.current, window.roll.wanted) == (window.roll.photos[place], None)
        assert window.conductor.is_current

    qtbot.waitUntil(is_there, timeout=30_000)


def at_the_second(qtbot: QtBot, window: MainWindow, backend: FakeBackend) -> threading.Event:
    """Lets a batch begin; it is at the second photo until the event is set."""
    backend.hold = threading.Event()
    window.batch.start()
    qtbot.waitUntil(lambda: backend.matted[-1].photo.path.name == "1.png")
    return backend.hold


def go(qtbot: QtBot, window: MainWindow, place: int) -> None:
    window.strip.list.setCurrentRow(place)
    settled(qtbot, window, place)


def stages(window: MainWindow) -> list[Stage]:
    return [one.stage for one in window.roll.photos]


def scribble(window: MainWindow, at: int = 0) -> None:
    window.document.do(paint(1, Hint.NOT_THIS_PERSON, Rect(at, 0, at + 10, 10), np.ones((10, 10), bool)))


def test_several_photos_are_a_strip_and_one_is_not(
    qtbot: QtBot, window: MainWindow, three: list[Path], photo_file: Path
) -> None:
    drop_files(window, photo_file)
    qtbot.waitUntil(lambda: window.conductor.is_current)
    assert not window.strip.isVisible()
    drop_files(window, three[0].parent)
    settled(qtbot, window, 0)
    assert window.strip.isVisible()
    assert window.strip.list.count() == 3
    assert [window.strip.list.item(row).text().split("\n")[0] for row in range(3)] == ["0.png", "1.png", "2.png"]
    qtbot.waitUntil(lambda: all(one.picture is not None for one in window.roll.photos))
    window.opening.open_paths([photo_file])
    qtbot.waitUntil(lambda: not window.strip.isVisible())
    settled(qtbot, window, 0)


def test_work_on_each_photo_comes_back_with_its_mattes_and_only_one_is_in_memory(
    qtbot: QtBot, roll: MainWindow, backend: FakeBackend
) -> None:
    scribble(roll)
    roll.document.do(look(2, "Rename", name="Bea"))
    qtbot.waitUntil(lambda: roll.conductor.is_current)
    mattes, hints = roll.conductor.result.alphas, roll.document.state.person(1).hints.full()
    gone = weakref.ref(roll.document.photo)
    go(qtbot, roll, 1)
    assert roll.windowTitle().startswith("1.png")
    assert stages(roll) == [Stage.DONE, Stage.DONE, Stage.WAITING]
    scribble(roll, 50)
    qtbot.waitUntil(lambda: roll.conductor.is_current)
    backend.matted.clear()
    backend.previewed.clear()
    gc.collect()
    assert gone() is None, "the photo that is not open is still in memory"
    go(qtbot, roll, 0)
    assert backend.matted == []
    assert roll.document.state.person(2).name == "Bea"
    assert np.array_equal(roll.document.state.person(1).hints.full(), hints)
    assert np.array_equal(roll.conductor.result.alphas, mattes)
    go(qtbot, roll, 1)
    assert roll.document.state.person(1).hints.full()[5, 55] == Hint.NOT_THIS_PERSON
    assert backend.matted == []


def test_keys_go_to_the_next_photo_and_the_one_before(qtbot: QtBot, roll: MainWindow) -> None:
    actions = {action.text(): action for action in roll.findChildren(QAction)}
    actions["Next photo"].trigger()
    settled(qtbot, roll, 1)
    actions["Next photo"].trigger()
    settled(qtbot, roll, 2)
    actions["Next photo"].trigger()
    assert roll.roll.wanted is None
    actions["Previous photo"].trigger()
    settled(qtbot, roll, 1)
    assert roll.strip.list.currentRow() == 1


def test_the_last_of_several_quick_clicks_wins(qtbot: QtBot, roll: MainWindow) -> None:
    scribble(roll)
    for row in (1, 0, 2, 1, 2):
        roll.strip.list.setCurrentRow(row)
    settled(qtbot, roll, 2)
    go(qtbot, roll, 0)
    assert roll.document.state.person(1).hints is not None
    roll.strip.list.setCurrentRow(1)
    roll.strip.list.setCurrentRow(0)
    qtbot.waitUntil(lambda: roll.roll.wanted is None and not roll.conductor.is_running)
    settled(qtbot, roll, 0)
    assert roll.document.state.person(1).hints is not None


def test_a_photo_that_cannot_be_read_says_so_and_the_one_that_is_open_stays(
    qtbot: QtBot, window: MainWindow, three: list[Path]
) -> None:
    three[0].write_bytes(b"no picture")
    three[2].write_bytes(b"no picture either")
    drop_files(window, *three)
    settled(qtbot, window, 1)
    assert window.roll.photos[0].stage is Stage.FAILED
    scribble(window)
    qtbot.waitUntil(lambda: window.conductor.is_current)
    window.strip.list.setCurrentRow(2)
    qtbot.waitUntil(lambda: window.roll.photos[2].stage is Stage.FAILED)
    assert "not a picture" in window.roll.photos[2].reason
    assert window.strip.list.currentRow() == 1
    assert window.document.state.person(1).hints is not None
    assert window.strip.list.item(2).text().endswith("failed")


def test_work_that_cannot_be_kept_is_not_given_up_for_another_photo(
    qtbot: QtBot, roll: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    scribble(roll)
    qtbot.waitUntil(lambda: roll.conductor.is_current)

    def full(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(type(roll.projects.autosave), "_keep", full)
    roll.strip.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: "disk is full" in roll.message.text())
    assert roll.roll.current is roll.roll.photos[0]
    assert roll.document.state.person(1).hints is not None
    assert roll.strip.list.currentRow() == 0
    monkeypatch.undo()
    go(qtbot, roll, 1)
    go(qtbot, roll, 0)
    assert roll.document.state.person(1).hints is not None


def test_matte_all_leaves_sessions_that_open_at_once(qtbot: QtBot, roll: MainWindow, backend: FakeBackend) -> None:
    qtbot.mouseClick(roll.strip.all, LEFT)
    qtbot.waitUntil(lambda: not roll.batch.is_running)
    assert stages(roll) == [Stage.DONE] * 3
    assert roll.strip.about.text() == "3 of 3 done"
    assert not roll.strip.all.isEnabled()
    backend.matted.clear()
    go(qtbot, roll, 2)
    assert len(roll.document.state.instances) == 2
    assert backend.matted == []
    assert roll.windowTitle().endswith("unsaved")


def test_matte_all_makes_the_detail_too(qtbot: QtBot, roll: MainWindow, backend: FakeBackend) -> None:
    backend.working_size, backend.wants_detail = 64, True
    qtbot.mouseClick(roll.strip.all, LEFT)
    qtbot.waitUntil(lambda: not roll.batch.is_running)
    backend.detailed.clear()
    go(qtbot, roll, 2)
    assert roll.status.detail.text() == "detail ready"
    assert roll.conductor.result is not None
    assert roll.conductor.result.detail is not None
    assert backend.detailed == []


def test_matte_all_goes_on_where_the_engine_becomes_another_during_the_detail(
    qtbot: QtBot, roll: MainWindow, backend: FakeBackend
) -> None:
    backend.working_size, backend.wants_detail, backend.hold_detail = 64, True, threading.Event()
    roll.conductor.detailing._idle.setInterval(60_000)
    qtbot.mouseClick(roll.strip.all, LEFT)
    qtbot.waitUntil(lambda: len(backend.detailed) == 1)
    backend.name = "other"
    backend.hold_detail.set()
    qtbot.waitUntil(lambda: not roll.batch.is_running)
    assert all(one.stage is Stage.DONE for one in roll.roll.photos if one is not roll.roll.current)
    assert len(backend.detailed) == len({project.photo.fingerprint for project in backend.detailed}) + 1


def test_a_batch_gives_way_to_the_window_and_goes_on(qtbot: QtBot, roll: MainWindow, backend: FakeBackend) -> None:
    hold = at_the_second(qtbot, roll, backend)
    roll.conductor.runs_by_itself = False
    scribble(roll)
    runs = len(backend.matted)
    roll.conductor.run()
    qtbot.waitUntil(lambda: len(backend.matted) > runs)
    assert backend.matted[-1].photo.path.name == "0.png"
    hold.set()
    qtbot.waitUntil(lambda: not roll.batch.is_running and roll.conductor.is_current)
    assert stages(roll) == [Stage.DONE] * 3


def test_a_batch_can_be_stopped_and_lets_go_of_a_photo_that_is_opened(
    qtbot: QtBot, roll: MainWindow, backend: FakeBackend
) -> None:
    hold = at_the_second(qtbot, roll, backend)
    assert stages(roll) == [Stage.DONE, Stage.RUNNING, Stage.WAITING]
    assert roll.strip.all.text() == "Stop"
    roll.stop()
    qtbot.waitUntil(lambda: not roll.batch.is_running)
    assert stages(roll) == [Stage.DONE, Stage.WAITING, Stage.WAITING]
    roll.batch.start()
    qtbot.waitUntil(lambda: stages(roll)[1] is Stage.RUNNING)
    roll.strip.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: roll.roll.current is roll.roll.photos[1])
    hold.set()
    qtbot.waitUntil(lambda: stages(roll) == [Stage.DONE] * 3 and not roll.batch.is_running)
    assert [one.name for one in left_sessions(roll.projects.autosave.home)] in (["2.png", "0.png"], ["0.png", "2.png"])


def test_a_batch_goes_on_where_somebody_only_passes_by_the_photo_that_it_is_at(
    qtbot: QtBot, roll: MainWindow, backend: FakeBackend
) -> None:
    hold = at_the_second(qtbot, roll, backend)
    roll.roll.go(1)
    roll.roll.go(-1)
    hold.set()
    qtbot.waitUntil(lambda: not roll.batch.is_running)
    assert stages(roll) == [Stage.DONE] * 3
    assert roll.roll.current is roll.roll.photos[0]


def test_nobody_found_and_a_failing_engine_are_states_of_their_photos(
    qtbot: QtBot, roll: MainWindow, backend: FakeBackend
) -> None:
    backend.people = []
    roll.batch.start()
    qtbot.waitUntil(lambda: not roll.batch.is_running)
    assert stages(roll) == [Stage.DONE, Stage.FAILED, Stage.FAILED]
    assert "Nobody" in roll.roll.photos[1].reason
    roll.strip.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: roll.roll.current is roll.roll.photos[1] and not roll.conductor.is_running)
    assert stages(roll)[1] is Stage.FAILED, "to open it finds nobody either"
    go(qtbot, roll, 0)
    backend.people = [Rect(20, 20, 60, 80)]
    backend.failure = MemoryError()
    roll.batch.start()
    qtbot.waitUntil(lambda: not roll.batch.is_running and "memory" in roll.roll.photos[2].reason)
    assert left_sessions(roll.projects.autosave.home) == []


def test_what_was_left_half_done_is_matted_where_it_was_left(
    qtbot: QtBot, roll: MainWindow, backend: FakeBackend
) -> None:
    roll.conductor.set_runs_by_itself(False)
    scribble(roll)
    roll.strip.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: roll.roll.current is roll.roll.photos[1] and roll.roll.photos[0].work is None)
    assert stages(roll)[0] is Stage.EDITED
    roll.conductor.set_runs_by_itself(True)
    roll.batch.start()
    qtbot.waitUntil(lambda: not roll.batch.is_running and stages(roll) == [Stage.DONE] * 3)
    backend.matted.clear()
    go(qtbot, roll, 0)
    assert roll.document.state.person(1).hints is not None
    assert backend.matted == []


def test_projects_and_saved_photos_of_a_roll_are_opened_from_their_files(
    qtbot: QtBot, roll: MainWindow, tmp_path: Path
) -> None:
    scribble(roll)
    qtbot.waitUntil(lambda: roll.conductor.is_current)
    with qtbot.waitSignal(roll.projects.used):
        roll.projects.save_to(tmp_path / "kept.instmatt")
    go(qtbot, roll, 1)
    go(qtbot, roll, 0)
    assert roll.projects.path == tmp_path / "kept.instmatt"
    assert roll.document.state.person(1).hints is not None
    assert not roll.windowTitle().endswith("unsaved")
    drop_files(roll, tmp_path / "kept.instmatt", roll.roll.photos[2].path)
    qtbot.waitUntil(lambda: roll.strip.list.count() == 2)
    settled(qtbot, roll, 0)
    assert roll.projects.path == tmp_path / "kept.instmatt"
