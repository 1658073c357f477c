"""The window of models: states, terms, fetching with progress and stop, importing, choosing — and no connection."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from instmatt_app.core.interfaces import Step, silent
from instmatt_app.files.download import DownloadError
from instmatt_app.model_store import ModelStore
from instmatt_app.ui.dialogs.models import CLOSED_FORM, ModelsDialog
from instmatt_app.ui.jobs import Lane
from instmatt_app.ui.settings import Settings

CATALOGUE = """
[large]
kind = "instmatt"
title = "mattes people better"
file = "large.safetensors"
url = "https://models.example/large"
megabytes = 12.5
sha256 = "abc123"
licence = "CC0"
page = "https://models.example/about"
[finder]
kind = "mask-rcnn-torchvision"
title = "finds people"
file = "finder.safetensors"
url = "https://models.example/finder"
licence = "CC0"
[small]
kind = "instmatt"
title = "mattes people"
file = "small.safetensors"
licence = "own"
"""


class Store(ModelStore):
    """Fetches without a network: in ten steps, each of which waits for ``go``."""

    def __init__(self, folder: Path) -> None:
        (folder / "shipped").mkdir()
        (folder / "own").mkdir()
        (folder / "shipped" / "models.toml").write_text(CATALOGUE, "utf-8")
        (folder / "shipped" / "small.safetensors").write_bytes(b"x")
        super().__init__(folder / "shipped", folder / "own")
        self.go = threading.Event()
        self.failure: Exception | None = None
        self.asked: list[str] = []

    def fetch(self, name: str, step: Step = silent) -> Path:
        self.asked.append(name)
        while not self.go.wait(0.01):
            step(5_000_000, 12_500_000, f"fetching {name}")
        if self.failure is not None:
            raise self.failure
        path = self.own / self.models[name].file
        path.write_bytes(b"y")
        return path

    def recognise(self, file: Path) -> str:
        return file.stem

    def take(self, file: Path, name: str, step: Step = silent, source: str = "") -> Path:
        path = self.own / self.models[name].file
        path.write_bytes(file.read_bytes())
        return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def dialog(qtbot: QtBot, settings: Settings, store: Store) -> Iterator[ModelsDialog]:
    lane = Lane("models")
    made = ModelsDialog(settings, store, lane)
    qtbot.addWidget(made)
    made.show()
    yield made
    lane.close()


def test_each_model_says_its_state_and_its_terms(dialog: ModelsDialog) -> None:
    small, large, finder = (dialog.rows[name] for name in ("small", "large", "finder"))
    assert small.state.text() == "Ready"
    assert not small.fetch.isVisible()
    assert large.state.text() == "Not there; it can be fetched"
    assert large.fetch.isVisible()
    words = large._terms()
    for part in ("CC0", "models.example", "12.5 MB", "SHA-256 begins with abc123", "https://models.example/about"):
        assert part in words
    assert "publish none" in finder._terms()


def test_nothing_is_fetched_unasked(dialog: ModelsDialog, store: Store) -> None:
    dialog.renew()
    assert store.asked == []


def test_enter_fetches_nothing(qtbot: QtBot, dialog: ModelsDialog, store: Store) -> None:
    for box in (dialog.engine, dialog.recogniser):
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert store.asked == []
    assert not dialog._jobs
    assert dialog.isVisible()


def test_a_fetch_shows_how_far_it_is_and_is_in_use_when_it_is_ready(
    qtbot: QtBot, dialog: ModelsDialog, store: Store, settings: Settings
) -> None:
    row = dialog.rows["large"]
    row.fetch.click()
    qtbot.waitUntil(lambda: row.progress.value() == 5_000_000)
    assert "5.0 / 12.5 MB" in row.state.text()
    assert row.stop.isVisible()
    assert not row.fetch.isVisible()
    dialog.fetch("large")
    with qtbot.waitSignal(dialog.said) as said:
        store.go.set()
    assert store.asked == ["large"]
    assert said.args == ["large is ready and in use.", False]
    assert row.state.text() == "Ready"
    assert settings.now.model == "large"
    assert dialog.engine.currentData() == "large"
    assert "large" in dialog.in_use.text()


def test_a_fetch_can_be_stopped_and_begun_again(qtbot: QtBot, dialog: ModelsDialog, store: Store) -> None:
    row = dialog.rows["finder"]
    row.fetch.click()
    qtbot.waitUntil(lambda: row.progress.value() > 0)
    row.stop.click()
    qtbot.waitUntil(row.fetch.isVisible)
    assert row.state.text() == "Not there; it can be fetched"
    store.go.set()
    row.fetch.click()
    qtbot.waitUntil(lambda: row.state.text() == "Ready")


def test_why_it_did_not_come_is_said_in_place(qtbot: QtBot, dialog: ModelsDialog, store: Store) -> None:
    store.failure = DownloadError("models.example does not have this file any more.")
    store.go.set()
    row = dialog.rows["large"]
    with qtbot.waitSignal(dialog.said):
        row.fetch.click()
    assert row.trouble.text() == "models.example does not have this file any more."
    assert row.trouble.isVisible()
    assert row.fetch.isVisible()


def test_a_file_is_imported(qtbot: QtBot, dialog: ModelsDialog, tmp_path: Path) -> None:
    (tmp_path / "finder.pth").write_bytes(b"weights")
    with qtbot.waitSignal(dialog.said) as said:
        dialog.take(tmp_path / "finder.pth")
    assert said.args == ["finder is ready.", False]
    assert dialog.rows["finder"].state.text() == "Ready"


def test_the_engine_is_chosen(dialog: ModelsDialog, settings: Settings) -> None:
    for data, wanted in ((CLOSED_FORM, ("closed-form", "")), ("small", ("auto", "small")), ("", ("auto", ""))):
        dialog.engine.setCurrentIndex(dialog.engine.findData(data))
        dialog.engine.activated.emit(dialog.engine.currentIndex())
        assert (settings.now.engine, settings.now.model) == wanted
        assert dialog.engine.currentData() == data
    settings.change(model="/elsewhere/mine.pth")
    assert dialog.engine.currentText() == "InstMatt with mine.pth"


def test_the_recogniser_is_chosen_and_what_is_not_ready_says_so(dialog: ModelsDialog, settings: Settings) -> None:
    place = dialog.recogniser.findData("torchvision")
    assert "not ready" in dialog.recogniser.itemText(place)
    dialog.recogniser.setCurrentIndex(dialog.recogniser.findData("builtin"))
    dialog.recogniser.activated.emit(dialog.recogniser.currentIndex())
    assert settings.now.recogniser == "builtin"
    assert "builtin:people" in dialog.in_use.text()
