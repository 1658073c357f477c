"""``python -m instmatt_app``: the window, or the command line if a command is given."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """No arguments, or photos and folders: the window with them. Anything else: the command line.

    ``--new-window`` before them opens another window where one is open; ``--install-launcher`` and
    ``--remove-launcher`` make the program one of the desktop's, or no longer.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--install-launcher"], ["--remove-launcher"]):
        from instmatt_app.desktop import say

        return say("install" if given == ["--install-launcher"] else "remove")
    new_window = given[:1] == ["--new-window"]
    given = given[1:] if new_window else given
    wants_window = all(not name.startswith("-") and Path(name).exists() for name in given)
    if wants_window and has_display():
        from instmatt_app.ui.application import main as show

        return show(given, new_window)
    from instmatt_app.cli import main as command

    return command(given)


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


if __name__ == "__main__":
    sys.exit(main())
