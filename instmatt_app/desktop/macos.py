"""macOS: a small application bundle in the person's own Applications folder, whose program starts this one.

Written after Apple's "Information Property List". The logic is tested, but nobody has tried it on macOS.
"""

from __future__ import annotations

import plistlib
import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from instmatt_app import __version__
from instmatt_app.desktop import NAME, PHOTO_TYPES, PROJECT_SUFFIX, PROJECT_TYPE, TITLE
from instmatt_app.desktop.icons import icns
from instmatt_app.places import resources_folder

IDENTIFIER = "studio.instmatt.launcher"
PROJECT_UTI = "studio.instmatt.project"
REGISTER = "/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework/Support/lsregister"


def information() -> dict[str, Any]:
    """The bundle's Info.plist: who it is, and what it opens — projects as their owner, photos as one of several."""
    return {
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleName": TITLE,
        "CFBundleDisplayName": TITLE,
        "CFBundleExecutable": NAME,
        "CFBundleIconFile": NAME,
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": __version__,
        "CFBundleVersion": __version__,
        "NSHighResolutionCapable": True,
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": PROJECT_UTI,
                "UTTypeDescription": "InstMatt Studio project",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": [PROJECT_SUFFIX.removeprefix(".")],
                    "public.mime-type": [PROJECT_TYPE],
                },
            }
        ],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "InstMatt Studio project",
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [PROJECT_UTI],
            },
            {
                "CFBundleTypeName": "Photo",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "CFBundleTypeExtensions": sorted(
                    one.removeprefix(".") for suffixes in PHOTO_TYPES.values() for one in suffixes
                ),
            },
        ],
    }


def register(bundle: Path) -> None:
    """Lets the Finder know of the bundle at once; otherwise it finds it by itself some time."""
    if Path(REGISTER).is_file():
        subprocess.run([REGISTER, "-f", str(bundle)], timeout=30, check=False)


class MacLauncher:
    """See :class:`instmatt_app.desktop.Launcher`."""

    def __init__(
        self,
        command: Sequence[str],
        applications: Path | None = None,
        register: Callable[[Path], None] = register,
    ) -> None:
        self._command = command
        self._bundle = (applications or Path.home() / "Applications") / f"{TITLE}.app"
        self._register = register

    def is_installed(self) -> bool:
        """Whether the bundle is there and ours."""
        try:
            with (self._bundle / "Contents" / "Info.plist").open("rb") as file:
                return bool(plistlib.load(file).get("CFBundleIdentifier") == IDENTIFIER)
        except (OSError, ValueError, plistlib.InvalidFileException, AttributeError):
            return False

    def install(self) -> list[str]:
        """Builds the bundle beside and swaps it in."""
        if self._bundle.exists() and not self.is_installed():
            raise FileExistsError(f"“{self._bundle}” was made by somebody else; move it away first")
        beside = self._bundle.with_name(f".{self._bundle.name}.part")
        shutil.rmtree(beside, ignore_errors=True)
        contents = beside / "Contents"
        (contents / "MacOS").mkdir(parents=True)
        (contents / "Resources").mkdir()
        (contents / "Info.plist").write_bytes(plistlib.dumps(information()))
        icon = icns((resources_folder() / "app-256.png").read_bytes())
        (contents / "Resources" / f"{NAME}.icns").write_bytes(icon)
        program = contents / "MacOS" / NAME
        program.write_text(f'#!/bin/sh\nexec {shlex.join(self._command)} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        if self._bundle.exists():
            shutil.rmtree(self._bundle)
        beside.rename(self._bundle)
        self._register(self._bundle)
        return [str(self._bundle)]

    def remove(self) -> list[str]:
        """Takes the bundle away, if it is ours."""
        if not self.is_installed():
            return []
        shutil.rmtree(self._bundle)
        return [str(self._bundle)]
