"""The window's log: a few files that take each other's place, in the folder that the system has for such things.

What goes in is what went wrong and when the program started, never what is on a photo; the folder of the person's own
files is written as ``~``.
"""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

NAME = "instmatt-studio.log"
MOST_BYTES = 512 * 1024
OLDER = 3


class _Shortened(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return shortened(super().format(record))


def start_log(folder: Path) -> logging.Handler | None:
    """Writes what is logged from now on into a file in ``folder``; None where that cannot be written.

    Whoever starts it removes the handler from the root logger, and closes it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / NAME, maxBytes=MOST_BYTES, backupCount=OLDER, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(_Shortened("%(asctime)s %(levelname)s %(name)s [%(threadName)s]: %(message)s"))
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    root.addHandler(handler)
    ours = logging.getLogger("instmatt_app")
    if ours.level == logging.NOTSET:
        ours.setLevel(logging.INFO)
    return handler


def last_lines(folder: Path, count: int) -> list[str]:
    """The newest lines of the log, the oldest of them first; those before the last change of files included."""
    lines: list[str] = []
    for number in range(OLDER + 1):
        path = folder / (NAME if number == 0 else f"{NAME}.{number}")
        try:
            older = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            break
        lines = [*older[-count:], *lines][-count:]
        if len(lines) == count:
            break
    return lines


def shortened(text: str) -> str:
    """The text with ``~`` in the place of the person's own folder, whose name says who they are."""
    home = str(Path.home())
    if len(home) <= len(Path(home).anchor):
        return text  # the root of a disk is nobody's
    for form in (home, home.replace("\\", "/"), home.replace("\\", "\\\\")):
        text = text.replace(form, "~")
    return text
