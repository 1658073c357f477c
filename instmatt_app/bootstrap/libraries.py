"""The libraries that a Linux system has to bring: which are missing, what they are called there, apt-get."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from instmatt_app.bootstrap.messages import Failure, say

# What PySide6 and cv2 link to, beyond what they bring. True: needed for showing a window only (Qt's xcb platform).
# Then the packages on Debian and Ubuntu, Fedora, Arch, openSUSE.
LIBRARIES = (
    ("libGL.so.1", False, "libgl1", "libglvnd-glx", "libglvnd", "Mesa-libGL1"),
    ("libEGL.so.1", False, "libegl1", "libglvnd-egl", "libglvnd", "Mesa-libEGL1"),
    ("libX11.so.6", False, "libx11-6", "libX11", "libx11", "libX11-6"),
    ("libglib-2.0.so.0", False, "libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    ("libgthread-2.0.so.0", False, "libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    ("libdbus-1.so.3", False, "libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    ("libfontconfig.so.1", False, "libfontconfig1", "fontconfig", "fontconfig", "libfontconfig1"),
    ("libfreetype.so.6", False, "libfreetype6", "freetype", "freetype2", "libfreetype6"),
    ("libxkbcommon.so.0", False, "libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    ("libX11-xcb.so.1", True, "libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    ("libxcb-cursor.so.0", True, "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    ("libxcb-icccm.so.4", True, "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    ("libxcb-image.so.0", True, "libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    ("libxcb-keysyms.so.1", True, "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    ("libxcb-randr.so.0", True, "libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    ("libxcb-render.so.0", True, "libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    (
        "libxcb-render-util.so.0",
        True,
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    ("libxcb-shape.so.0", True, "libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    ("libxcb-shm.so.0", True, "libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    ("libxcb-sync.so.1", True, "libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    ("libxcb-xfixes.so.0", True, "libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    ("libxcb-xkb.so.1", True, "libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    ("libxkbcommon-x11.so.0", True, "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11", "libxkbcommon-x11-0"),
)
WINDOW_ONLY = frozenset(row[0] for row in LIBRARIES if row[1])
INSTALL_COMMANDS = {
    "debian": "apt-get install",
    "fedora": "dnf install",
    "arch": "pacman -S",
    "suse": "zypper install",
}
# Debian's and Ubuntu's releases from before libglib2.0-0 was renamed to libglib2.0-0t64.
BEFORE_T64 = ("buster", "bullseye", "bookworm", "bionic", "focal", "jammy")


def check_libraries(level: str, yes: bool) -> str:
    """Say which of the system's libraries are missing, or bring them; return the level that is there."""
    if not sys.platform.startswith("linux"):
        return "all"
    if os.environ.get("INSTMATT_SKIP_LIBRARIES"):
        return ""  # not looked at: nothing to remember
    missing = missing_system_libraries(level)
    release = read_os_release()
    if missing and distribution(release) == "debian":
        apt_install(packages_for(missing, release), missing_sentence(missing), yes)
        missing = missing_system_libraries(level)
    if not missing:
        return level
    if not WINDOW_ONLY.issuperset(missing):
        raise Failure(f"{libraries_sentence(missing)} (INSTMATT_SKIP_LIBRARIES=1 starts without this check.)")
    say(libraries_sentence(missing))
    return "core"


def missing_system_libraries(level: str = "all") -> list[str]:
    """Return the system libraries of a level that cannot be loaded."""
    import ctypes

    missing = []
    for name, window_only, *_packages in LIBRARIES:
        if level == "all" or not window_only:
            try:
                ctypes.CDLL(name)
            except OSError:
                missing.append(name)
    return missing


def missing_sentence(missing: list[str]) -> str:
    """Name the missing libraries and what lacks them."""
    what = "the window needs" if WINDOW_ONLY.issuperset(missing) else "the program needs"
    return f"{what} system libraries that are not there ({', '.join(missing)})"


def libraries_sentence(missing: list[str], release: dict[str, str] | None = None) -> str:
    """Name the missing libraries and the command that installs them on this system."""
    release = read_os_release() if release is None else release
    family = distribution(release)
    advice = "install the packages of your system that contain them"
    if family:
        advice = f"install them with `sudo {INSTALL_COMMANDS[family]} {' '.join(packages_for(missing, release))}`"
    rest = " Commands that show no window work without." if WINDOW_ONLY.issuperset(missing) else ""
    return f"{missing_sentence(missing)}: {advice}.{rest}"


def packages_for(missing: list[str], release: dict[str, str]) -> list[str]:
    """Return the packages of this system that contain the missing libraries, each once."""
    column = 2 + [*INSTALL_COMMANDS, ""].index(distribution(release))
    packages = [str(row[column]) for row in LIBRARIES if row[0] in missing] if column < 6 else []
    codename = release.get("UBUNTU_CODENAME") or release.get("DEBIAN_CODENAME") or release.get("VERSION_CODENAME", "")
    if codename not in BEFORE_T64:
        packages = [name + "t64" if name == "libglib2.0-0" else name for name in packages]
    return list(dict.fromkeys(packages))


def distribution(release: dict[str, str]) -> str:
    """Return the family of a Linux system by its os-release: debian, fedora, arch, suse, or ''."""
    names = f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".lower().split()
    families = {"ubuntu": "debian", "rhel": "fedora", "centos": "fedora", "opensuse": "suse"}
    families.update((family, family) for family in INSTALL_COMMANDS)
    return next((families[name] for name in names if name in families), "")


def read_os_release() -> dict[str, str]:
    """Read this system's os-release; empty where there is none."""
    for path in (Path("/etc/os-release"), Path("/usr/lib/os-release")):
        if path.is_file():
            return parse_os_release(path.read_text(encoding="utf-8", errors="replace"))
    return {}


def parse_os_release(text: str) -> dict[str, str]:
    """Read the NAME=value lines of an os-release file."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _equals, value in pairs}


def apt_install(packages: list[str], reason: str, yes: bool) -> bool:
    """Install Debian packages as root, after a yes where there is somebody to ask; say whether that was done."""
    import shutil
    import subprocess

    if sys.platform == "win32" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    names = " ".join(packages)
    if yes or sys.stdin is None or not sys.stdin.isatty():
        say(f"{reason}; installing {names} with apt-get.")
    else:
        say(f"{reason}. Install {names} with apt-get now? [Y/n] ", end="")
        if sys.stdin.readline().strip().lower() not in ("", "y", "yes"):
            return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        if subprocess.run(["apt-get", *command], env=environment, stdout=2, check=False).returncode:
            say(f"`apt-get {command[0]}` failed; its message is above.")
            return False
    return True
