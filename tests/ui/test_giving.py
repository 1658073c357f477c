"""A person dragged out of the list is a file for other programs, and nothing but a row for the list itself."""

import struct
import threading
import time
import warnings
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeBackend
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent
from pytestqt.qtbot import QtBot

from instmatt_app.api import MatteOptions, Result
from instmatt_app.core.edits import look
from instmatt_app.ui import giving
from instmatt_app.ui.giving import URIS, file_stem
from instmatt_app.ui.main_window import MainWindow


def test_the_file_is_the_cut_out_with_its_place(two: MainWindow) -> None:
    two.document.do(look(2, "Rename", name="Zoë: left/right"))
    mime = two.giving.file_of(2)
    assert mime is not None
    assert mime.hasUrls()
    assert URIS in mime.formats()
    (url,) = mime.urls()
    path = Path(url.toLocalFile())
    assert path.name == "Zoë_ left_right-cutout.png"
    with Image.open(path) as picture:
        rgba = np.asarray(picture)
    assert np.array_equal(rgba[..., :3], two.document.photo.pixels[20:80, 100:140])
    assert (rgba[..., 3] == 255).all()
    chunk = path.read_bytes().split(b"oFFs")[1]
    assert struct.unpack(">ii", chunk[:8]) == (100, 20)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_every_drag_has_a_file_of_its_own_until_the_window_closes(two: MainWindow) -> None:
    paths = []
    for person in (1, 2, 1):
        mime = two.giving.file_of(person)
        assert mime is not None
        paths += [Path(url.toLocalFile()) for url in mime.urls()]
    assert len(set(paths)) == 3
    assert all(path.is_file() for path in paths)
    two.close()
    assert not paths[0].parent.parent.exists()


def test_without_a_matte_there_is_nothing_to_give(qtbot: QtBot, two: MainWindow, backend: FakeBackend) -> None:
    assert two.giving.file_of(99) is None
    two.conductor.runs_by_itself = False
    two.conductor.use(MatteOptions(working_size=64))
    assert two.giving.file_of(1) is None


def test_what_cannot_be_made_is_not_given(qtbot: QtBot, two: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Result, "cutout", broken)
    mime = two.giving.file_of(1)
    assert mime is not None
    with qtbot.waitSignal(two.giving.said) as said:
        assert mime.urls() == []
    assert said.args == ["the disk is full", True]


def test_patience_ends(two: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    held = threading.Event()
    monkeypatch.setattr(giving, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(giving, "write_layers", lambda *_, **__: held.wait(10))
    mime = two.giving.file_of(1)
    assert mime is not None
    with qtbot.waitSignal(two.giving.said) as said:
        assert mime.urls() == []
    assert "too long" in said.args[0]
    held.set()


def test_a_drag_carries_rows_and_file_and_takes_no_row_away(two: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[QMimeData] = []

    def taken(drag: QDrag, *actions: Qt.DropAction) -> Qt.DropAction:
        assert actions == (Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)
        mime = drag.mimeData()
        seen.append(mime)
        assert [Path(url.toLocalFile()).name for url in mime.urls()] == ["Person 2-cutout.png"]
        assert mime.hasFormat("application/x-qabstractitemmodeldatalist")
        return Qt.DropAction.MoveAction

    monkeypatch.setattr(QDrag, "exec", taken)
    shown = two.people.list
    shown.setCurrentRow(1)
    shown.startDrag(Qt.DropAction.MoveAction)
    assert len(seen) == 1
    assert shown.count() == 2
    assert two.document.state.ids() == (1, 2)


def test_the_window_does_not_open_the_person_as_a_photo(two: MainWindow) -> None:
    mime = two.giving.file_of(1)
    assert mime is not None
    place, buttons = QPoint(400, 400), Qt.MouseButton.LeftButton

    class FromTheList(QDragEnterEvent):
        def source(self) -> object:
            return two.people.list

    for kind, accepted in ((QDragEnterEvent, True), (FromTheList, False)):
        with warnings.catch_warnings():
            # Nothing but a real drag makes these events without it.
            warnings.simplefilter("ignore", DeprecationWarning)
            event = kind(place, Qt.DropAction.CopyAction, mime, buttons, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        two.dragEnterEvent(event)
        assert event.isAccepted() == accepted


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Anna", "Anna"),
        ("a/b\\c:d", "a_b_c_d"),
        ("..", "person"),
        ("", "person"),
        ("x" * 200, "x" * 80),
        ("a\0b", "a_b"),
    ],
)
def test_names_of_files(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_a_file_whose_matte_is_no_more_is_not_waited_for(
    qtbot: QtBot, two: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised: Future[Result] = Future()
    promised.cancel()
    monkeypatch.setattr(two.conductor.detailing, "promised", lambda: promised)
    monkeypatch.setattr(giving, "DETAIL_SECONDS", 60.0)
    mime = two.giving.file_of(1)
    assert mime is not None
    began = time.monotonic()
    assert mime.urls() == []
    assert time.monotonic() - began < 30
