"""The program among the others of the desktop: a launcher entry with icon, "Open with" for photos, and projects.

Everything is the person's own, nothing the whole computer's; nothing here needs more than the standard library. Each
system has a file: :mod:`linux`, :mod:`windows`, :mod:`macos`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Protocol

NAME = "instmatt-studio"
TITLE = "InstMatt Studio"
PROJECT_SUFFIX = ".instmatt"
PROJECT_TYPE = "application/x-instmatt"
PHOTO_TYPES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
    "image/webp": (".webp",),
    "image/bmp": (".bmp",),
    "image/heif": (".heic", ".heif"),
    "image/avif": (".avif",),
    "image/x-adobe-dng": (".dng",),
    "image/x-canon-cr2": (".cr2",),
    "image/x-canon-cr3": (".cr3",),
    "image/x-nikon-nef": (".nef",),
    "image/x-sony-arw": (".arw",),
    "image/x-fuji-raf": (".raf",),
    "image/x-olympus-orf": (".orf",),
    "image/x-panasonic-rw2": (".rw2",),
    "image/x-pentax-pef": (".pef",),
}
"""What "Open with" offers the program for; it is made nobody's standard program for photos."""


class Launcher(Protocol):
    """How one system knows its programs. All methods raise OSError where the system refuses."""

    def is_installed(self) -> bool:
        """Whether the entry is there, put there by us."""

    def install(self) -> list[str]:
        """Adds the entry, or renews it; returns where its parts lie."""

    def remove(self) -> list[str]:
        """Takes away what :meth:`install` added, and nothing else; returns where that lay."""


def launcher() -> Launcher:
    """The launcher of this system, for the program as it runs now."""
    if sys.platform == "win32":
        from instmatt_app.desktop.windows import WindowsLauncher

        return WindowsLauncher(command())
    if sys.platform == "darwin":
        from instmatt_app.desktop.macos import MacLauncher

        return MacLauncher(command())
    from instmatt_app.desktop.linux import LinuxLauncher

    return LinuxLauncher(command())


def command() -> list[str]:
    """The words that start the program as it was started now, from whatever folder."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    root = Path(__file__).resolve().parents[2]
    if (root / "main.py").is_file():
        python = getattr(sys, "_base_executable", None) or sys.executable
        own = Path(sys.prefix) == root / ".venv"
        return [python, str(root / "main.py"), *([] if own else ["--env", sys.prefix])]
    return [sys.executable, "-P", "-m", "instmatt_app"]


def say(action: str) -> int:
    """Installs or removes the launcher and says what was done, for the command line; returns the exit code."""
    try:
        places = launcher().install() if action == "install" else launcher().remove()
    except OSError as error:
        print(f"InstMatt Studio: the launcher could not be changed: {error}.", file=sys.stderr)
        return 1
    if action == "install":
        print("InstMatt Studio is among your programs now, and under “Open with” for photos and projects:")
    else:
        print("What made InstMatt Studio one of your programs is gone:" if places else "There was no launcher.")
    for place in places:
        print(f"  {place}")
    return 0
