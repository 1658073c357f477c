"""Windows: a shortcut in the person's Start menu, and their part of the registry (Software\\Classes).

Written after Microsoft's "File Types and File Associations". The logic is tested, but nobody has tried it on Windows.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from instmatt_app.desktop import NAME, PHOTO_TYPES, PROJECT_SUFFIX, PROJECT_TYPE, TITLE
from instmatt_app.desktop.icons import ico
from instmatt_app.desktop.registry import Registry, system_registry
from instmatt_app.places import resources_folder

PROJECT, PHOTO = "InstMattStudio.Project", "InstMattStudio.Photo"
# What it says comes in variables, so that no path is ever read as a command.
SHORTCUT = (
    "$s = (New-Object -ComObject WScript.Shell).CreateShortcut($env:IMS_LINK);"
    "$s.TargetPath = $env:IMS_TARGET; $s.Arguments = $env:IMS_ARGUMENTS;"
    "$s.IconLocation = $env:IMS_ICON; $s.Description = 'InstMatt Studio'; $s.Save()"
)


class WindowsLauncher:
    """See :class:`instmatt_app.desktop.Launcher`."""

    def __init__(
        self,
        command: Sequence[str],
        registry: Registry | None = None,
        roaming: Path | None = None,
        local: Path | None = None,
        run: Callable[[dict[str, str]], None] | None = None,
    ) -> None:
        """``run`` makes a shortcut from the variables of SHORTCUT; folders are those of the person's data."""
        self._command = [_without_console(command[0]), *command[1:]]
        self._registry = registry or system_registry()
        roaming = roaming or Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
        local = local or Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        self._link = roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / f"{TITLE}.lnk"
        self._icon = local / NAME / f"{NAME}.ico"
        self._run = run or make_shortcut

    def is_installed(self) -> bool:
        """Whether the classes are there."""
        return self._registry.get(rf"{PROJECT}\shell\open\command", "") is not None

    def install(self) -> list[str]:
        """Adds icon, classes and shortcut, and offers the program for photos without taking them from others."""
        self._icon.parent.mkdir(parents=True, exist_ok=True)
        self._icon.write_bytes(ico((resources_folder() / "app-256.png").read_bytes()))
        opens = f'{subprocess.list2cmdline(self._command)} "%1"'
        classes = self._registry
        for kind, title in ((PROJECT, "InstMatt Studio project"), (PHOTO, TITLE)):
            classes.set(kind, "", title)
            classes.set(kind, "FriendlyTypeName", title)
            classes.set(rf"{kind}\DefaultIcon", "", f'"{self._icon}"')
            classes.set(rf"{kind}\shell\open", "FriendlyAppName", TITLE)
            classes.set(rf"{kind}\shell\open\command", "", opens)
        classes.set(PROJECT_SUFFIX, "", PROJECT)
        classes.set(PROJECT_SUFFIX, "Content Type", PROJECT_TYPE)
        for suffix in _photo_suffixes():
            classes.set(rf"{suffix}\OpenWithProgids", PHOTO, "")
        self._link.parent.mkdir(parents=True, exist_ok=True)
        self._run(
            {
                "IMS_LINK": str(self._link),
                "IMS_TARGET": self._command[0],
                "IMS_ARGUMENTS": subprocess.list2cmdline(self._command[1:]),
                "IMS_ICON": str(self._icon),
            }
        )
        return [str(self._link), str(self._icon), rf"HKEY_CURRENT_USER\Software\Classes\{PROJECT}"]

    def remove(self) -> list[str]:
        """Takes away the classes, our offer for photos, the shortcut and the icon."""
        classes = self._registry
        gone = [path for path in (self._link, self._icon) if path.exists()]
        was_there = self.is_installed()
        if classes.get(PROJECT_SUFFIX, "") == PROJECT:
            classes.delete_key(PROJECT_SUFFIX)
        for kind in (PROJECT, PHOTO):
            classes.delete_key(kind)
        for suffix in _photo_suffixes():
            classes.delete_value(rf"{suffix}\OpenWithProgids", PHOTO)
        for path in gone:
            path.unlink()
        return [*map(str, gone), *([rf"HKEY_CURRENT_USER\Software\Classes\{PROJECT}"] if was_there else [])]


def make_shortcut(variables: dict[str, str]) -> None:
    """Has PowerShell write the shortcut. Raises OSError if it does not."""
    shell = ["powershell", "-NoProfile", "-NonInteractive", "-Command", SHORTCUT]
    done = subprocess.run(shell, env=os.environ | variables, capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        raise OSError(f"the shortcut {variables['IMS_LINK']} could not be made")


def _photo_suffixes() -> list[str]:
    return [suffix for suffixes in PHOTO_TYPES.values() for suffix in suffixes]


def _without_console(program: str) -> str:
    """pythonw.exe in the place of python.exe, where it is there: a window needs no console beside it."""
    path = Path(program)
    quiet = path.with_name("pythonw.exe")
    return str(quiet) if path.name.lower() == "python.exe" and quiet.is_file() else program
