"""What the stand-alone program brings with it: notices, and what a Debian package of it holds."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from xml.etree import ElementTree

import pytest
from scripts import script

from instmatt_app.bootstrap.environment import package_name, requirements
from instmatt_app.files.project_zip import MIMETYPE

ROOT = Path(__file__).parent.parent
PACKAGING = ROOT / "packaging"


def test_every_package_has_its_notice(tmp_path: Path) -> None:
    asked = [package_name(line) for line in requirements(ROOT / "pyproject.toml", ())]
    script(PACKAGING / "notices.py").write(tmp_path / "notices.txt", asked)
    parts = (tmp_path / "notices.txt").read_text("utf-8").split(f"\n{'=' * 100}\n")
    heads = [part.partition("\n")[0] for part in parts]
    for name in asked:
        one = distribution(name)
        assert f"{one.name} {one.version}" in heads
    pyside = parts[heads.index(f"PySide6_Essentials {distribution('PySide6-Essentials').version}")]
    assert "LGPL-3.0" in pyside
    if Path("/usr/share/common-licenses/LGPL-3").is_file():
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in pyside
    assert "Permission is hereby granted" in parts[heads.index(f"rich {distribution('rich').version}")]


def test_modules_and_their_libraries_are_told_by_package() -> None:
    found = script(PACKAGING / "notices.py").of_modules(["numpy.libs", "PIL", "no_such_module"])
    assert {"numpy", "pillow"} <= {name.lower() for name in found}


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
def test_a_debian_package(tmp_path: Path) -> None:
    program = tmp_path / "instmatt-studio"
    (program / "_internal").mkdir(parents=True)
    (program / "instmatt-studio").write_text("#!/bin/sh\necho started\n")
    (program / "instmatt-studio").chmod(0o755)
    (program / "_internal" / "libxkbcommon.so.0").write_bytes(b"library")
    (program / "_internal" / "libxkbcommon.so.0").chmod(0o755)
    (program / "_internal" / "NOTICES.txt").write_text("Notices\n")
    package = script(PACKAGING / "make_deb.py").make_deb(program, tmp_path)
    fields = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True).stdout
    assert "Package: instmatt-studio\n" in fields
    assert "libxcb-cursor0" in fields
    assert "libxkbcommon0" not in fields
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "root"], check=True)
    usr = tmp_path / "root" / "usr"
    for command in ("instmatt-studio", "instmatt"):
        assert subprocess.run([usr / "bin" / command], capture_output=True, check=True).stdout == b"started\n"
    assert (usr / "lib/instmatt-studio/_internal/NOTICES.txt").read_text() == "Notices\n"
    assert (usr / "lib/instmatt-studio/_internal/libxkbcommon.so.0").stat().st_mode & 0o777 == 0o644
    assert (usr / "share/icons/hicolor/scalable/apps/instmatt-studio.svg").is_file()
    types = ElementTree.parse(usr / "share/mime/packages/instmatt-studio.xml").getroot()
    assert types[0].get("type") == MIMETYPE.decode()
    entry = (usr / "share/applications/instmatt-studio.desktop").read_text()
    assert 'Exec="instmatt-studio" %F\n' in entry
    assert f"MimeType={MIMETYPE.decode()};image/jpeg;" in entry
    assert "image/heif" not in entry
    assert {path.name for path in tmp_path.iterdir()} == {package.name, "instmatt-studio", "root"}


def test_the_program_starts_its_own_modules(tmp_path: Path) -> None:
    """What sys.executable -m would do with an interpreter, and nothing else."""
    start = [sys.executable, "-P", PACKAGING / "start.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*start, "--version"], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("InstMatt Studio ")
    module = subprocess.run(
        [*start, "-m", "instmatt_app.cli", "--version"], env=environment, capture_output=True, text=True, check=True
    )
    assert module.stdout == done.stdout
    other = subprocess.run([*start, "-m", "this"], env=environment, capture_output=True, text=True, check=False)
    assert other.returncode == 2
    assert "Zen" not in other.stdout
