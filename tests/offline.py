"""Runs the program from its start to exported files and prints what would have gone over a network: nothing.

Run by tests/ui/test_offline.py in a process of its own, because what listens to Python's sockets stays for good.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

FOUND: list[str] = []
NAMES = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")


def listen(event: str, arguments: tuple[object, ...]) -> None:
    """Notes every wish for a connection; the local ones between programs of one computer are none."""
    if event in NAMES and not (event == "socket.connect" and isinstance(arguments[1], str | bytes)):
        FOUND.append(f"{event} {arguments[1:]}")


def until(holds: Callable[[], bool]) -> None:
    """Lets the window live until something holds; whoever started this has set a limit."""
    while not holds():
        QTest.qWait(20)


def main() -> None:
    sys.addaudithook(listen)
    photo, folder = Path(sys.argv[1]), Path(sys.argv[2])
    from instmatt_app.api import MatteOptions
    from instmatt_app.ui.application import build

    application = QApplication([])
    window = build(MatteOptions(working_size=128))
    window.show()
    window.opening.open_paths([photo])
    # The network that comes with the program finds somebody.
    until(lambda: bool(window.document.state.instances))
    until(lambda: window.conductor.is_current)
    assert window.conductor.result is not None
    assert window.conductor.result.engine.startswith("instmatt:")
    window.export.folder.setText(str(folder))
    written: list[object] = []
    window.conductor.exported.connect(written.append)
    window.export.export()
    until(lambda: bool(written))
    window.beside.show_models()
    window.beside.show_guide()
    window.beside.show_preferences()
    window.beside.copy_report()
    until(lambda: "clipboard" in window.message.text())
    window.close()
    application.quit()
    print("asked for:", *FOUND)
    # Nobody listens there.
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), timeout=1).close()
    print("noticed:", any("127.0.0.1" in one for one in FOUND))


if __name__ == "__main__":
    main()
