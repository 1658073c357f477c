"""What the window gets ready beside its work."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from instmatt_app import api
from instmatt_app.core.interfaces import Cancelled, silent
from instmatt_app.engine.recognisers import builtin
from instmatt_app.ui import application
from instmatt_app.ui.engines import Engines
from instmatt_app.ui.main_window import MainWindow


def test_what_is_compiled_is_compiled_once_in_a_process_of_its_own(qapp: object) -> None:
    said: list[str] = []
    application.warm_up(lambda done, total, what: said.append(what))
    assert "getting ready for the first time" in said
    assert QSettings().value("engine/compiled")
    said.clear()
    application.warm_up(lambda done, total, what: said.append(what))
    assert said == ["getting ready"]


def test_candidates_are_those_of_whom_the_recogniser_is_less_sure(group_file: Path) -> None:
    engines = Engines(api.MatteOptions(recogniser="builtin"))
    photo = api.read_photo(group_file)
    sure = engines.find(photo, silent)
    all_of_them = engines.find_candidates(photo, silent)
    assert len(sure) >= 1
    assert len(all_of_them) > len(sure)
    assert min(one.score or 0 for one in all_of_them) < builtin.SCORE
    for one in sure:
        mine, others = one.mask.full() > 0, [other.mask.full() > 0 for other in all_of_them]
        overlaps = [(other & mine).sum() / (other | mine).sum() for other in others]
        assert max(overlaps) > 0.9


def test_getting_ready_can_be_stopped(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    children: list[subprocess.Popen[bytes]] = []

    def started(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        children.append(subprocess_popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        return children[-1]

    subprocess_popen = subprocess.Popen
    monkeypatch.setattr(application.subprocess, "Popen", started)

    def step(done: int, total: int, what: str) -> None:
        if children:
            raise Cancelled

    with pytest.raises(Cancelled):
        application.warm_up(step)
    assert children[0].returncode is not None
    assert QSettings().value("engine/compiled") is None


def test_the_compiled_kernels_are_all_there() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "instmatt_app.engine.compiled"], cwd=root, capture_output=True, text=True, timeout=200
    )
    assert (done.returncode, done.stderr) == (0, "")


class Desktop:
    """A launcher that only remembers."""

    def __init__(self) -> None:
        self.installed = False
        self.failure: OSError | None = None

    def is_installed(self) -> bool:
        return self.installed

    def install(self) -> list[str]:
        if self.failure is not None:
            raise self.failure
        self.installed = True
        return []


def offered(window: MainWindow) -> list[QPushButton]:
    return [one for one in window.start_page.findChildren(QPushButton) if one.text() in ("Add", "No, thanks")]


def test_the_launcher_is_offered_in_place_and_added_on_a_yes(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = Desktop()
    monkeypatch.setattr(application, "launcher", lambda: desktop)
    application.offer_launcher(window)
    add, _ = offered(window)
    assert not desktop.installed
    desktop.failure = OSError("The disk is full.")
    add.click()
    assert "The disk is full." in window.message.text()
    qtbot.waitUntil(lambda: not offered(window))
    desktop.failure = None
    application.offer_launcher(window)
    offered(window)[0].click()
    assert desktop.installed
    qtbot.waitUntil(lambda: not offered(window))
    application.offer_launcher(window)
    assert not offered(window), "it is there already"


def test_the_launcher_can_be_refused(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    desktop = Desktop()
    monkeypatch.setattr(application, "launcher", lambda: desktop)
    application.offer_launcher(window)
    offered(window)[1].click()
    qtbot.waitUntil(lambda: not offered(window))
    assert not desktop.installed


def test_files_of_another_start_are_opened(qtbot: QtBot, window: MainWindow, photo_file: Path) -> None:
    window.showMinimized()
    window.take_over([photo_file])
    assert not window.isMinimized()
    qtbot.waitUntil(lambda: window.document.photo is not None)
