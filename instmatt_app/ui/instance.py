"""One running window: a second start hands its photos to the first one and ends.

Per person and display. The two speak through a local socket that only the person may open; a message is bounded and
looked at before anything is done with it, and a socket that a crash left behind is taken over.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDir, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from instmatt_app.places import user_log_folder

VERSION = 1
MOST_BYTES = 256 * 1024
MOST_PATHS = 1000
# A running window that is asked for this long and does not answer is not waited for.
ANSWER_MS = 3000
TAKEN = b"taken\n"
# Longer names of sockets are cut off by systems.
MOST_NAME = 90


class MessageError(ValueError):
    """What came is no wish of another start of this program."""


def server_name() -> str:
    """The name of the socket of this person on this display; a path where sockets are files."""
    shown = (os.environ.get("WAYLAND_DISPLAY", ""), os.environ.get("DISPLAY", ""))
    name = f"instmatt-studio-{sha256(repr((str(Path.home()), shown)).encode()).hexdigest()[:16]}"
    if sys.platform == "win32":
        return name
    # Folders that nobody else may write into; in one for everybody, somebody else could take the name first.
    for folder in (os.environ.get("XDG_RUNTIME_DIR"), str(user_log_folder().parent)):
        if folder and len(os.fsencode(f"{folder}/{name}")) <= MOST_NAME:
            return f"{folder}/{name}"
    return f"{QDir.tempPath()}/{name}"


def message_of(paths: Sequence[Path]) -> bytes:
    """The wish to open these files, as one line."""
    return json.dumps({"version": VERSION, "open": [str(path.absolute()) for path in paths]}).encode() + b"\n"


def paths_of(message: bytes) -> list[Path]:
    """The files that a message names. Raises MessageError for anything but a whole message of ours."""
    if len(message) > MOST_BYTES or not message.endswith(b"\n"):
        raise MessageError("too long, or cut off")
    try:
        wish: Any = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise MessageError("no JSON") from error
    if not isinstance(wish, dict) or wish.get("version") != VERSION or not isinstance(wish.get("open"), list):
        raise MessageError("another version")
    names = wish["open"]
    if len(names) > MOST_PATHS:
        raise MessageError("too many files")
    for name in names:
        if not isinstance(name, str) or "\0" in name or not Path(name).is_absolute():
            raise MessageError("not the name of a file")
    return [Path(name) for name in names]


def hand_over(name: str, paths: Sequence[Path]) -> bool:
    """Whether a running window has taken these files; no paths: whether it has come to the front."""
    message = message_of(paths[:MOST_PATHS])
    socket = QLocalSocket()
    socket.connectToServer(name)
    if len(message) > MOST_BYTES or not socket.waitForConnected(ANSWER_MS):
        return False
    socket.write(message)
    answer = b""
    while not answer.endswith(b"\n") and len(answer) < len(TAKEN) and socket.waitForReadyRead(ANSWER_MS):
        answer += bytes(socket.readAll().data())
    return answer == TAKEN


def _answers(name: str) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(name)
    return socket.waitForConnected(ANSWER_MS)


class Instance(QObject):
    """Listens to other starts. ``asked`` carries the files that one was given, as paths; none: it was only started."""

    asked = Signal(list)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        # The name is taken only if nobody answers under it: what a crash left behind does not.
        self.listens = self._server.listen(name)
        if not self.listens and not _answers(name):
            QLocalServer.removeServer(name)
            self.listens = self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            _Listener(socket, self)


class _Listener(QObject):
    """One connection, until its message is whole, too long, or too late."""

    def __init__(self, socket: QLocalSocket, instance: Instance) -> None:
        super().__init__(socket)
        self._socket, self._instance = socket, instance
        self._message = b""
        socket.readyRead.connect(self._on_bytes)
        socket.disconnected.connect(socket.deleteLater)
        QTimer.singleShot(ANSWER_MS, self, socket.abort)
        self._on_bytes()

    def _on_bytes(self) -> None:
        self._message += bytes(self._socket.read(MOST_BYTES + 1 - len(self._message)).data())
        if not self._message.endswith(b"\n") and len(self._message) <= MOST_BYTES:
            return
        try:
            paths = paths_of(self._message)
        except MessageError:
            self._socket.abort()
            return
        self._message = b""
        self._socket.write(TAKEN)
        self._socket.flush()
        self._socket.disconnectFromServer()
        self._instance.asked.emit(paths)


class FileEvents(QObject):
    """What the Finder asks a running program to open; ``asked`` carries a list of one path."""

    asked = Signal(list)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.asked.emit([Path(event.file())])
            return True
        return super().eventFilter(watched, event)
