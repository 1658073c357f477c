"""Windows and conductors for tests; what a test leaves open is closed, and its settings are its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeBackend
from hands import drop_files
from photos import drawn_people
from PIL import Image
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from instmatt_app.core.rect import Rect
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.settings import Settings


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "STATE", "RUNTIME"):
        folder = tmp_path / name.lower()
        folder.mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR" if name == "RUNTIME" else f"XDG_{name}_HOME", str(folder))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    picture, _ = drawn_people(2)
    Image.fromarray(picture).save(tmp_path / "two.png")
    return tmp_path / "two.png"


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend([Rect(20, 20, 60, 80), Rect(100, 20, 140, 80)])


@pytest.fixture
def document(qapp: object) -> Document:
    return Document()


@pytest.fixture
def settings(qapp: object, tmp_path: Path) -> Iterator[Settings]:
    made = Settings(tmp_path / "preferences.json")
    yield made
    made.close()


@pytest.fixture
def conductor(document: Document, backend: FakeBackend) -> Iterator[Conductor]:
    made = Conductor(document, backend)
    yield made
    if backend.hold is not None:
        backend.hold.set()
    made.close()
    assert not made.is_running


@pytest.fixture
def window(qtbot: QtBot, document: Document, conductor: Conductor, settings: Settings) -> MainWindow:
    made = MainWindow(document, conductor, settings)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def two(qtbot: QtBot, window: MainWindow, photo_file: Path) -> MainWindow:
    """The window with two people in it, matted."""
    drop_files(window, photo_file)
    qtbot.waitUntil(lambda: window.conductor.is_current)
    return window
