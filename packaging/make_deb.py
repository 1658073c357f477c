"""Makes a Debian package of the stand-alone program: python packaging/make_deb.py PROGRAM_FOLDER TARGET_FOLDER

Everything goes to /usr/lib/instmatt-studio; the launcher's entry, its icon and the type of .instmatt files go to where
desktops look for them. No script runs at installation: dpkg's own triggers renew the desktop's caches.
"""

from __future__ import annotations

import gzip
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from instmatt_app import __version__  # noqa: E402
from instmatt_app.bootstrap.libraries import LIBRARIES  # noqa: E402
from instmatt_app.desktop import NAME  # noqa: E402
from instmatt_app.desktop.linux import MIME, entry  # noqa: E402

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
MAINTAINER = "InstMatt Studio <instmatt-studio@localhost>"
DESCRIPTION = """\
 InstMatt Studio takes a photo of several people and gives back one fine alpha
 matte per person, as layers for any editor, so that the people and the
 background add up to one everywhere. The networks that find and matte people
 come with it; it needs no network and no graphics card.
"""
# Beside each other because a library's package changed its name with the 64-bit time of day.
RENAMED = {"libglib2.0-0": "libglib2.0-0t64 | libglib2.0-0"}


def make_deb(program: Path, target: Path) -> Path:
    """The package, written into the target folder; ``program`` is the folder that PyInstaller made."""
    architecture = ARCHITECTURES[platform.machine()]
    tree = target / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    inside = tree / "usr" / "lib" / NAME
    shutil.copytree(program, inside, symlinks=True)
    for folder in ("bin", "share/applications", "share/mime/packages", f"share/doc/{NAME}"):
        (tree / "usr" / folder).mkdir(parents=True)
    for command in (NAME, "instmatt"):
        (tree / "usr" / "bin" / command).symlink_to(f"../lib/{NAME}/{NAME}")
    icons = tree / "usr" / "share" / "icons" / "hicolor" / "scalable" / "apps"
    icons.mkdir(parents=True)
    shutil.copy(ROOT / "resources" / "app.svg", icons / f"{NAME}.svg")
    offered = entry([NAME]) if any(inside.rglob("_pillow_heif*")) else entry([NAME]).replace("image/heif;", "")
    (tree / "usr" / "share" / "applications" / f"{NAME}.desktop").write_text(offered, encoding="utf-8")
    (tree / "usr" / "share" / "mime" / "packages" / f"{NAME}.xml").write_text(MIME, encoding="utf-8")
    documents = tree / "usr" / "share" / "doc" / NAME
    shutil.move(str(inside / "_internal" / "NOTICES.txt"), documents / "copyright")
    (inside / "_internal" / "NOTICES.txt").symlink_to(f"../../../share/doc/{NAME}/copyright")
    day = time.strftime(
        "%a, %d %b %Y %H:%M:%S +0000", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time())))
    )
    log = f"{NAME} ({__version__}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- {MAINTAINER}  {day}\n"
    (documents / "changelog.gz").write_bytes(gzip.compress(log.encode(), mtime=0))
    tidy(tree)
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(
        f"Package: {NAME}\nVersion: {__version__}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n"
        f"Section: graphics\nPriority: optional\nInstalled-Size: {size // 1024}\n"
        f"Depends: {', '.join(depends(inside))}\n"
        f"Description: one fine alpha matte per person in a photo\n{DESCRIPTION}",
        encoding="utf-8",
    )
    package = target / f"{NAME}_{__version__}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, package], check=True)
    shutil.rmtree(tree)
    return package


def depends(inside: Path) -> list[str]:
    """The packages with what the program takes from the system: the C library it was built for, and Qt's and cv2's."""
    there = {path.name for path in inside.rglob("*.so*")}
    packages = [str(row[2]) for row in LIBRARIES if row[0] not in there]
    version = platform.libc_ver()[1]
    return [f"libc6 (>= {version})", *dict.fromkeys(RENAMED.get(name, name) for name in packages)]


def tidy(tree: Path) -> None:
    """Modes as Debian wants them: libraries and data are not programs."""
    for path in tree.rglob("*"):
        if path.is_symlink():
            continue
        runs = path.is_dir() or (os.access(path, os.X_OK) and not re.search(r"\.so(\.|$)", path.name))
        path.chmod(0o755 if runs else 0o644)


if __name__ == "__main__":
    print(make_deb(Path(sys.argv[1]), Path(sys.argv[2])))
