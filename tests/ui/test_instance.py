"""A second start hands its photos over; what is no such wish, too long or too late is turned away."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from instmatt_app.ui import instance as module
from instmatt_app.ui.instance import (
    MOST_BYTES,
    FileEvents,
    Instance,
    MessageError,
    hand_over,
    message_of,
    paths_of,
    server_name,
)


@pytest.fixture
def name(tmp_path: Path) -> str:
    return str(tmp_path / "s") if len(str(tmp_path)) < 80 else f"/tmp/ims-test-{os.getpid()}"


@pytest.fixture
def running(qtbot: QtBot, name: str) -> Iterator[Instance]:
    made = Instance(name)
    assert made.listens
    yield made
    made.close()


def client(name: str) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    return socket


def test_files_come_to_the_window_that_is_there(qtbot: QtBot, running: Instance, name: str, tmp_path: Path) -> None:
    came: list[list[Path]] = []
    running.asked.connect(came.append)
    socket = client(name)
    names = [tmp_path / "a photo.jpg", tmp_path / "é“.png"]
    socket.write(message_of(names))
    qtbot.waitUntil(lambda: socket.bytesAvailable() > 0)
    assert bytes(socket.readAll().data()) == module.TAKEN
    assert came == [names]


def test_a_message_may_come_in_pieces(qtbot: QtBot, running: Instance, name: str, tmp_path: Path) -> None:
    came: list[list[Path]] = []
    running.asked.connect(came.append)
    socket, message = client(name), message_of([tmp_path / "a.jpg"])
    for part in (message[:5], message[5:-1], message[-1:]):
        socket.write(part)
        socket.flush()
        qtbot.wait(20)
    qtbot.waitUntil(lambda: bool(came))
    assert came == [[tmp_path / "a.jpg"]]


@pytest.mark.parametrize(
    "message",
    [b"\n", b"hello\n", b"[]\n", b'{"version": 2, "open": []}\n', b'{"version": 1, "open": "x"}\n',
     b'{"version": 1, "open": ["relative.jpg"]}\n', b'{"version": 1, "open": [1]}\n', b"\xff\xff\n",
     b'{"version": 1, "open": ["/a\\u0000b"]}\n', b"[" * 100_000 + b"\n", b"x" * (MOST_BYTES + 1),
     b'{"version": 1, "open": [' + b", ".join([b'"/a"'] * 1001) + b"]}\n"],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_wish_is_turned_away(qtbot: QtBot, running: Instance, name: str, message: bytes) -> None:
    came: list[list[Path]] = []
    running.asked.connect(came.append)
    with pytest.raises(MessageError):
        paths_of(message)
    socket = client(name)
    socket.write(message)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert came == []


def test_who_says_nothing_is_not_waited_for(
    qtbot: QtBot, running: Instance, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ANSWER_MS", 50)
    socket = client(name)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)


def test_without_a_window_nothing_is_handed_over(qapp: QCoreApplication, name: str, tmp_path: Path) -> None:
    assert not hand_over(name, [tmp_path / "a.jpg"])


def test_a_window_that_hangs_is_not_waited_for_long(
    qapp: QCoreApplication, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ANSWER_MS", 50)
    hanging = QLocalServer()
    assert hanging.listen(name)
    assert not hand_over(name, [])
    hanging.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no files there")
def test_what_a_crash_left_behind_is_taken_over(qtbot: QtBot, name: str) -> None:
    import socket

    left = socket.socket(socket.AF_UNIX)
    left.bind(name)
    left.close()  # the file stays, and nobody listens
    made = Instance(name)
    assert made.listens
    assert stat.S_IMODE(Path(name).stat().st_mode) & 0o077 == 0, "nobody else may open it"
    made.close()


def test_each_display_has_its_own_window(monkeypatch: pytest.MonkeyPatch) -> None:
    names = set()
    for display in (":0", ":1"):
        monkeypatch.setenv("DISPLAY", display)
        names.add(server_name())
    assert len(names) == 2
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/" + "long" * 40)
    assert len(server_name()) < 120


def test_what_the_finder_asks_for(qapp: QCoreApplication, tmp_path: Path) -> None:
    came: list[list[Path]] = []
    events = FileEvents()
    events.asked.connect(came.append)
    target = QCoreApplication.instance()
    assert target is not None
    target.installEventFilter(events)
    QCoreApplication.sendEvent(target, QFileOpenEvent(QUrl.fromLocalFile(str(tmp_path / "a.jpg"))))
    target.removeEventFilter(events)
    assert came == [[tmp_path / "a.jpg"]]
