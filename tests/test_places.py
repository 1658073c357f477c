"""Resources and models are found from a checkout and from an installed wheel."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from instmatt_app import places

ROOT = Path(__file__).parent.parent
FOLDERS = ("models", "resources", "docs")


def test_a_checkout_has_its_folders() -> None:
    assert (places.models_folder() / "models.toml").is_file()
    assert (places.resources_folder() / "app.svg").is_file()
    assert (places.guide_folder() / "README.md").is_file()


def test_every_package_is_named_for_the_wheel() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    there = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "instmatt_app").rglob("__init__.py")}
    assert there == {name for name in named if not name.startswith(tuple(f"instmatt_app.{one}" for one in FOLDERS))}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # A copy, because building leaves folders beside the sources.
    source = folder / "source"
    source.mkdir()
    for name in ("instmatt_app", *FOLDERS):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    command = ["build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_resources_and_models_and_finds_them(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        file.extractall(tmp_path)
    assert "instmatt_app/models/models.toml" in names
    assert "instmatt_app/resources/app.svg" in names
    assert {"instmatt_app/docs/guide/README.md", "instmatt_app/docs/pictures/window-start.jpg"} <= set(names)
    code = (
        "from instmatt_app import places as p; print(p.models_folder(), p.resources_folder(), p.guide_folder().parent)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(tmp_path / "instmatt_app" / name) for name in FOLDERS]
