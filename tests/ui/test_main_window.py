"""The window as it is used: with pointer and keys, and on the real engine from a dropped photo to files on disk."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import FakeBackend
from golden_rule import fill
from hands import LEFT, RIGHT, drag, drop, drop_files, on_screen
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from pytestqt.qtbot import QtBot

from instmatt_app.api import MatteOptions
from instmatt_app.cli import main as command_line
from instmatt_app.core.edits import look
from instmatt_app.core.hints import Hint
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.ui.application import build
from instmatt_app.ui.canvas.views import View
from instmatt_app.ui.images import array_of, rgb_image
from instmatt_app.ui.main_window import MainWindow


def test_a_dropped_photo_becomes_people(two: MainWindow) -> None:
    assert two.pages.currentIndex() == 1
    assert "two.png" in two.windowTitle()
    assert two.people.list.count() == 2
    assert two.people.count.text() == "2 found"
    assert not two.badge.isVisible()


def test_a_folder_a_picture_and_what_is_neither(
    qtbot: QtBot, window: MainWindow, photo_file: Path, tmp_path: Path
) -> None:
    drop_files(window, photo_file.parent)
    qtbot.waitUntil(lambda: window.conductor.is_current)
    picture = QMimeData()
    picture.setImageData(rgb_image(np.full((90, 150, 3), 99, np.uint8)))
    drop(window, picture)
    qtbot.waitUntil(lambda: window.document.photo is not None and window.document.photo.path is None)
    words = QMimeData()
    words.setText("no picture")
    drop(window, words)
    assert "no picture" in window.message.text()
    (tmp_path / "empty").mkdir()
    drop_files(window, tmp_path / "empty")
    assert "no photo" in window.message.text()


def test_a_photo_is_known_by_its_whole_path(
    qtbot: QtBot, window: MainWindow, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photo_file.parent)
    window.opening.open_paths([Path(photo_file.name)])
    qtbot.waitUntil(lambda: window.document.photo is not None)
    assert window.document.photo is not None
    assert window.document.photo.path == photo_file
    assert window.export.folder.text() == str(photo_file.parent / "layers")


def test_the_clipboard_and_recent_photos(qtbot: QtBot, two: MainWindow, photo_file: Path) -> None:
    assert two.opening.recent() == [photo_file]
    QGuiApplication.clipboard().setImage(rgb_image(np.full((90, 150, 3), 99, np.uint8)))
    two.opening.paste()
    qtbot.waitUntil(lambda: two.document.photo is not None and two.document.photo.width == 150)


def test_clicks_choose_people_and_drags_add_them(qtbot: QtBot, two: MainWindow) -> None:
    qtbot.mouseClick(two.canvas, LEFT, pos=on_screen(two, 120, 50))
    assert two.document.selected == (2,)
    qtbot.mouseClick(two.canvas, LEFT, Qt.KeyboardModifier.ShiftModifier, on_screen(two, 40, 50))
    assert two.document.selected == (1, 2)
    qtbot.mouseClick(two.canvas, LEFT, pos=on_screen(two, 80, 5))
    assert two.document.selected == ()
    drag(qtbot, two, (65, 30), (95, 90))
    qtbot.waitUntil(lambda: two.document.state.ids() == (1, 2, 3))
    assert two.document.selected == (3,)
    qtbot.mouseMove(two.canvas, on_screen(two, 120, 50))
    assert two.canvas.hovered == 2


@pytest.mark.parametrize(
    ("tool", "button", "keys", "hint"),
    [
        ("brush", LEFT, Qt.KeyboardModifier.NoModifier, Hint.THIS_PERSON),
        ("brush", RIGHT, Qt.KeyboardModifier.NoModifier, Hint.NOT_THIS_PERSON),
        ("brush", LEFT, Qt.KeyboardModifier.AltModifier, Hint.NOT_THIS_PERSON),
        ("hair", LEFT, Qt.KeyboardModifier.NoModifier, Hint.UNDECIDED),
    ],
)
def test_strokes_paint_their_class(
    qtbot: QtBot, two: MainWindow, tool: str, button: Qt.MouseButton, keys: Qt.KeyboardModifier, hint: Hint
) -> None:
    two.document.select([1])
    two.toolbox.use(tool)
    two.toolbox.brush.set_radius(4)
    drag(qtbot, two, (64, 20), (64, 80), button, keys)
    hints = two.document.state.person(1).hints
    assert hints is not None
    assert hints.full()[50, 64] == hint
    two.toolbox.use("eraser")
    drag(qtbot, two, (64, 15), (64, 85))
    erased = two.document.state.person(1).hints
    assert erased is not None
    assert erased.full()[50, 64] == Hint.NONE
    two.document.history.undo()
    assert two.document.state.person(1).hints is hints


def test_a_stroke_can_be_dropped_and_a_locked_person_is_left_alone(qtbot: QtBot, two: MainWindow) -> None:
    two.document.select([1])
    two.toolbox.use("brush")
    qtbot.mousePress(two.canvas, LEFT, pos=on_screen(two, 64, 30))
    qtbot.mouseMove(two.canvas, on_screen(two, 70, 60))
    two.stop()
    qtbot.mouseRelease(two.canvas, LEFT, pos=on_screen(two, 70, 60))
    assert two.document.state.person(1).hints is None
    two.document.do(look(1, "Lock", locked=True))
    drag(qtbot, two, (64, 20), (64, 80))
    assert two.document.state.person(1).hints is None
    assert "locked" in two.message.text()


def test_a_lasso_fills(qtbot: QtBot, two: MainWindow) -> None:
    two.document.select([1])
    two.toolbox.use("lasso")
    corners = [on_screen(two, x, y) for x, y in ((62, 30), (78, 30), (78, 60), (62, 60))]
    qtbot.mousePress(two.canvas, LEFT, pos=corners[0])
    for corner in corners[1:]:
        qtbot.mouseMove(two.canvas, corner)
    qtbot.mouseRelease(two.canvas, LEFT, pos=corners[-1])
    hints = two.document.state.person(1).hints
    assert hints is not None
    assert hints.full()[45, 70] == Hint.THIS_PERSON


def test_splitting_merging_and_deleting_from_the_panel(qtbot: QtBot, two: MainWindow) -> None:
    two.document.select([1])
    qtbot.mouseClick(two.people.buttons["split"], LEFT)
    drag(qtbot, two, (40, 90), (40, 5))
    assert two.document.state.ids() == (1, 3, 2)
    two.document.select([1, 3])
    qtbot.mouseClick(two.people.buttons["merge"], LEFT)
    assert two.document.state.ids() == (1, 2)
    qtbot.mouseClick(two.people.buttons["delete"], LEFT)
    assert two.document.state.ids() == (2,)
    for _ in range(3):
        two.document.history.undo()
    assert two.document.state.ids() == (1, 2)


def test_every_view_can_be_painted_and_shows_something_else(two: MainWindow) -> None:
    two.document.select([1])
    seen = set()
    for _ in View:
        two.canvas.next_view()
        seen.add(array_of(two.canvas.grab().toImage()).tobytes())
    # No conflict anywhere, so that view is the photo alone; all others differ from it and from each other.
    assert len(seen) == len(View)
    two.canvas.hold_original(True)
    original = array_of(two.canvas.grab().toImage())
    two.canvas.hold_original(False)
    two.canvas.set_view(View.CONFLICTS)
    assert np.array_equal(array_of(two.canvas.grab().toImage()), original)
    two.fly_to_conflict()
    assert "no conflict" in two.message.text()


def test_zoom_pan_and_fit(qtbot: QtBot, two: MainWindow) -> None:
    canvas = two.canvas
    whole = canvas.viewport
    at = QPointF(200, 150)
    under = canvas.viewport.to_photo(at.x(), at.y())

    def wheel(keys: Qt.KeyboardModifier) -> None:
        event = QWheelEvent(
            at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        canvas.wheelEvent(event)

    wheel(Qt.KeyboardModifier.ControlModifier)
    assert canvas.viewport.zoom > whole.zoom
    assert canvas.viewport.to_photo(at.x(), at.y()) == pytest.approx(under)
    before = canvas.viewport
    wheel(Qt.KeyboardModifier.NoModifier)
    assert canvas.viewport.top < before.top
    qtbot.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(100, 100))
    qtbot.mouseMove(canvas, QPoint(130, 100))
    qtbot.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(130, 100))
    assert canvas.viewport.left < before.left
    canvas.fit()
    assert canvas.viewport == whole


def test_refinement_names_eye_and_lock_are_steps_of_the_history(qtbot: QtBot, two: MainWindow) -> None:
    count = two.document.history.count()
    qtbot.mouseClick(two.refinement.buttons["cycle"], LEFT)
    assert two.document.state.refinement.strategy == "cycle"
    assert two.refinement.order.order() == (1, 2)
    two.refinement.passes.setValue(4)
    two.refinement.passes.setValue(5)
    assert two.document.state.refinement.passes == 5
    assert two.document.history.count() == count + 2
    two.document.history.undo()
    two.document.history.undo()
    assert two.refinement.buttons["parallel"].isChecked()


def test_quitting_during_a_run_waits_for_one_unit(
    qtbot: QtBot, window: MainWindow, backend: FakeBackend, photo_file: Path
) -> None:
    backend.hold = threading.Event()
    drop_files(window, photo_file)
    qtbot.waitUntil(lambda: len(backend.matted) == 1)
    window.close()
    assert not window.conductor.is_running


@pytest.fixture
def real(qtbot: QtBot, no_weights: None) -> Iterator[MainWindow]:
    made = build(MatteOptions(working_size=256))
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.conductor.close()


def test_from_a_dropped_photo_to_the_files_of_the_command_line(
    qtbot: QtBot, real: MainWindow, group_file: Path, tmp_path: Path
) -> None:
    drop_files(real, group_file)
    qtbot.waitUntil(lambda: real.document.photo is not None and not real.conductor.is_running, timeout=30_000)
    qtbot.waitUntil(lambda: "box" in real.message.text(), timeout=30_000)
    boxes = [(14, 2, 280, 380), (400, 24, 290, 356)]
    for number, (x, y, width, height) in enumerate(boxes, 1):
        drag(qtbot, real, (x, y), (x + width, y + height))
        qtbot.waitUntil(lambda n=number: len(real.document.state.instances) == n, timeout=60_000)
    asked = [one.box for one in real.document.state.instances]
    qtbot.waitUntil(lambda: real.conductor.is_current, timeout=120_000)
    real.document.select([1])
    real.toolbox.use("brush")
    drag(qtbot, real, (300, 200), (330, 240))
    qtbot.waitUntil(lambda: real.conductor.is_current, timeout=60_000)
    painted = real.conductor.result
    real.document.history.undo()
    assert real.conductor.is_current
    assert real.conductor.result is not painted
    real.export.folder.setText(str(tmp_path / "window"))
    real.export.form.layers.setCurrentIndex(2)
    with qtbot.waitSignal(real.conductor.exported, timeout=60_000):
        qtbot.mouseClick(real.export.button, LEFT)
    arguments = [f"--box={one.left},{one.top},{one.width},{one.height}" for one in asked]
    done = command_line(
        ["matte", str(group_file), *arguments, "--working-size", "256", "--layers", "both", "--out",
         str(tmp_path / "command")]
    )  # fmt: skip
    assert done == 0
    files = sorted(path.relative_to(tmp_path / "command") for path in (tmp_path / "command").rglob("*.png"))
    assert len(files) == 4
    for name in files:
        assert (tmp_path / "window" / name).read_bytes() == (tmp_path / "command" / name).read_bytes()


def test_other_weights_are_another_question(qtbot: QtBot, two: MainWindow, backend: FakeBackend) -> None:
    runs = len(backend.matted)
    two.conductor.use(MatteOptions(model="other.pth"))
    assert not two.conductor.is_current
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert len(backend.matted) == runs + 1


def test_the_network_in_the_window(qtbot: QtBot, real: MainWindow, group_file: Path, tmp_path: Path) -> None:
    network = InstMatt()
    fill(network)
    weights = tmp_path / "rule.pth"
    torch.save({"state_dict": network.state_dict()}, weights)
    drop_files(real, group_file)
    qtbot.waitUntil(lambda: real.document.photo is not None and not real.conductor.is_running, timeout=30_000)
    real.conductor.runs_by_itself = False
    for number, box in enumerate(((14, 2, 294, 382), (400, 24, 690, 380)), 1):
        drag(qtbot, real, box[:2], box[2:])
        qtbot.waitUntil(lambda n=number: len(real.document.state.instances) == n, timeout=60_000)
    real.settings.change(model=str(weights), working_size=256)
    results = []
    for strategy in ("parallel", "cycle"):
        qtbot.mouseClick(real.refinement.buttons[strategy], LEFT)
        real.conductor.run()
        qtbot.waitUntil(lambda: real.conductor.is_current, timeout=120_000)
        assert real.conductor.result is not None
        assert real.conductor.result.engine.startswith("instmatt:")
        results.append(real.conductor.result.alphas)
    assert not np.array_equal(*results)
    real.settings.change(model=str(tmp_path / "missing.pth"))
    real.conductor.run()
    qtbot.waitUntil(real.conductor.is_failed, timeout=30_000)
    assert "missing.pth" in real.message.text()
