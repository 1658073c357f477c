"""The notices of everything that the stand-alone program carries, from what is installed where it is built.

python packaging/notices.py TARGET writes those of all packages that the program needs; the PyInstaller recipe calls
:func:`write` with what it really took in.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

NAME = "instmatt-studio"
# Stands in for a package that is asked for.
INSTEAD = {"opencv-python": "opencv-python-headless"}
RULE = "=" * 100
# Where Debian and Ubuntu keep licences that many packages have.
COMMON = Path("/usr/share/common-licenses")
LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice|authors|copyright", re.IGNORECASE)
INTRODUCTION = """\
InstMatt Studio carries the software below. Each part is under its own licence, which follows it.

The two models that come with the program were trained by its authors; the data and their licences are in
docs/model-card.md.

PySide6 and Qt are used under the LGPL 3: their libraries lie beside the program as files of their own, and may be
replaced by others of the same interface. Their sources are at https://code.qt.io and https://download.qt.io.
"""


def requirements(name: str = NAME) -> list[str]:
    """The distributions that a distribution asks for, as far as they, or what stands in for them, are installed."""
    found = []
    for line in distribution(name).requires or []:
        asked = re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        for one in (asked, INSTEAD.get(asked, asked)):
            if "extra ==" not in line and is_installed(one):
                found.append(distribution(one).name)
                break
    return found


def is_installed(name: str) -> bool:
    """Whether a distribution is installed here."""
    try:
        distribution(name)
    except ModuleNotFoundError:
        return False
    return True


def needed(name: str = NAME) -> list[str]:
    """The distributions that a distribution asks for, and those that they ask for."""
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        for one in requirements(waiting.pop()):
            if plain(one) not in found:
                found[plain(one)] = one
                waiting.append(one)
    return list(found.values())


def of_modules(modules: Iterable[str]) -> list[str]:
    """The distributions that these top-level modules and library folders (numpy.libs) belong to."""
    owners = packages_distributions()
    return [one for module in modules for one in owners.get(module.removesuffix(".libs"), [])]


def write(target: Path, distributions: Iterable[str], libraries: Sequence[Path] = ()) -> None:
    """Writes the notices of distributions, of Python, of PyInstaller's start-up code, and of the system's libraries."""
    own = {plain(NAME), "pyinstaller", "pyinstaller-hooks-contrib", "pip", "setuptools"}
    names = {plain(name): name for name in distributions if plain(name) not in own}
    parts = [INTRODUCTION, _python(), _pyinstaller()]
    parts += [_of(distribution(names[key])) for key in sorted(names)]
    parts += _debian(libraries)
    target.write_text(f"\n{RULE}\n".join(part.strip() + "\n" for part in parts), encoding="utf-8")


def plain(name: str) -> str:
    """A package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _of(one: Distribution) -> str:
    meta = one.metadata
    classifiers = [line.split(" :: ")[-1] for line in meta.get_all("Classifier") or [] if line.startswith("License ::")]
    said = _field(one, "License-Expression") or ", ".join(classifiers) or _field(one, "License").partition("\n")[0]
    pages = [line.split(", ", 1)[-1] for line in meta.get_all("Project-URL") or []]
    page = _field(one, "Home-page") or next(iter(pages), "")
    texts = []
    for file in sorted(one.files or [], key=str):
        inside = any(folder.endswith((".dist-info", "licenses")) for folder in file.parts[:-1])
        named = LICENCE_FILE.search(file.name) or "licenses" in file.parts
        if inside and named and file.suffix not in (".py", ".pyc"):
            text = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()
            if text and text not in texts:
                texts.append(text)
    if not texts and "LGPL-3.0" in said:
        # The text of the one that is made use of, and the one that it builds on.
        texts = [path.read_text(encoding="utf-8") for name in ("LGPL-3", "GPL-3") if (path := COMMON / name).is_file()]
    body = "\n\n".join(texts) or "The package comes without the text of its licence."
    return f"{one.name} {one.version}\nLicence: {said or 'see below'}\n{page}\n\n{body}"


def _field(one: Distribution, name: str) -> str:
    return one.metadata[name] if name in one.metadata else ""  # noqa: SIM401 - it is no dict


def _python() -> str:
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    body = text.read_text(encoding="utf-8") if text.is_file() else "https://docs.python.org/3/license.html"
    return f"Python {sys.version.split()[0]}\nLicence: PSF-2.0\nhttps://www.python.org\n\n{body}"


def _pyinstaller() -> str:
    return (
        "PyInstaller's start-up code\nLicence: GPL-2.0-or-later with an exception, by which programs that are built "
        "with it may be under any licence\nhttps://pyinstaller.org"
    )


def _debian(libraries: Sequence[Path]) -> list[str]:
    """What the packages of Debian and Ubuntu say that these libraries are from."""
    owners: dict[str, list[str]] = {}
    for library in sorted(set(libraries)):
        for path in dict.fromkeys([library, library.resolve(), Path(str(library.resolve()).removeprefix("/usr"))]):
            answer = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True, check=False)
            if answer.returncode == 0:
                owners.setdefault(answer.stdout.partition(":")[0], []).append(library.name)
                break
        else:
            owners.setdefault("", []).append(library.name)
    parts = []
    for owner, names in sorted(owners.items()):
        text = Path("/usr/share/doc") / owner / "copyright"
        body = text.read_text(encoding="utf-8", errors="replace") if owner and text.is_file() else "not known here"
        parts.append(f"{owner or 'Other libraries'} (from the system it was built on: {', '.join(names)})\n\n{body}")
    return parts


if __name__ == "__main__":
    write(Path(sys.argv[1]), needed())
