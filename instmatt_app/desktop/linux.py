"""Linux: a desktop entry, an icon and a MIME type, in the person's own data folder (freedesktop.org)."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from instmatt_app.desktop import NAME, PHOTO_TYPES, PROJECT_SUFFIX, PROJECT_TYPE, TITLE
from instmatt_app.places import resources_folder

# So that nothing is taken away that somebody else put there.
MARK = "X-InstMatt-Studio-Launcher=1"
# Characters that a quoted argument of Exec must have escaped (Desktop Entry Specification, "The Exec key").
ESCAPED = '"`$\\'

MIME = f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{PROJECT_TYPE}">
    <comment>InstMatt Studio project</comment>
    <comment xml:lang="de">InstMatt-Studio-Projekt</comment>
    <comment xml:lang="zh_CN">InstMatt Studio 项目</comment>
    <sub-class-of type="application/zip"/>
    <icon name="{NAME}"/>
    <glob pattern="*{PROJECT_SUFFIX}"/>
  </mime-type>
</mime-info>
"""


def quoted(word: str) -> str:
    """A word of a command as the Exec key wants it: in quotes, nothing in it taken for a field or a variable."""
    inner = "".join(f"\\{one}" if one in ESCAPED else one for one in word)
    # The value is a string, in which backslashes are escaped once more; a per cent sign begins a field.
    return '"' + inner.replace("\\", "\\\\").replace("%", "%%") + '"'


def entry(command: Sequence[str]) -> str:
    """The desktop entry."""
    run = " ".join(map(quoted, command))
    return f"""[Desktop Entry]
Type=Application
Name={TITLE}
GenericName=Photo Matting
GenericName[de]=Fotos freistellen
GenericName[zh_CN]=照片抠图
Comment=One fine alpha matte per person, from a photo of several people
Comment[de]=Für jede Person auf dem Foto eine feine Alphamaske
Comment[zh_CN]=为照片中的每个人生成精细的 Alpha 遮罩
Exec={run} %F
Icon={NAME}
Terminal=false
Categories=Graphics;2DGraphics;RasterGraphics;
Keywords=matte;alpha;cut out;background;people;
MimeType={";".join([PROJECT_TYPE, *PHOTO_TYPES])};
StartupNotify=true
StartupWMClass={NAME}
Actions=new-window;
{MARK}

[Desktop Action new-window]
Name=New Window
Name[de]=Neues Fenster
Name[zh_CN]=新建窗口
Exec={run} --new-window
"""


def renew_database(command: Sequence[str]) -> None:
    """Lets the desktop look at its folders again, where it has a program for that."""
    if shutil.which(command[0]) is not None:
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30, check=False)


class LinuxLauncher:
    """See :class:`instmatt_app.desktop.Launcher`. ``data`` is the person's data folder, ``renew`` runs a command."""

    def __init__(
        self,
        command: Sequence[str],
        data: Path | None = None,
        renew: Callable[[Sequence[str]], None] = renew_database,
    ) -> None:
        self._command = command
        self._renew = renew
        self._data = data or Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
        self._entry = self._data / "applications" / f"{NAME}.desktop"
        self._icon = self._data / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"
        self._mime = self._data / "mime" / "packages" / f"{NAME}.xml"

    def is_installed(self) -> bool:
        """Whether the entry is there, put there by us."""
        try:
            return MARK in self._entry.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return False

    def install(self) -> list[str]:
        """Adds the three files and has the desktop look at them."""
        if self._entry.exists() and not self.is_installed():
            raise FileExistsError(f"“{self._entry}” was made by somebody else; move it away first")
        contents = {
            self._icon: (resources_folder() / "app.svg").read_text(encoding="utf-8"),
            self._mime: MIME,
            self._entry: entry(self._command),  # last, because it is what counts
        }
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.part")
            beside.write_text(content, encoding="utf-8")
            beside.replace(path)
        self._renew_all()
        return [str(path) for path in contents]

    def remove(self) -> list[str]:
        """Takes the three files away, if the entry is ours."""
        if not self.is_installed():
            return []
        gone = [path for path in (self._entry, self._icon, self._mime) if path.exists()]
        for path in gone:
            path.unlink()
        self._renew_all()
        return [str(path) for path in gone]

    def _renew_all(self) -> None:
        self._renew(["update-desktop-database", str(self._data / "applications")])
        self._renew(["update-mime-database", str(self._data / "mime")])
        self._renew(["gtk-update-icon-cache", "-q", "-t", str(self._data / "icons" / "hicolor")])
