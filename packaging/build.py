"""Builds the stand-alone program in an environment of its own: python packaging/build.py FOLDER

FOLDER gets `env` (the environment), `src` (a copy of the sources), `dist/instmatt-studio` (the program) and, with
--deb, the Debian package. Nothing is written elsewhere. README.md beside this file says what is left out, and why.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from instmatt_app.bootstrap.environment import env_python, package_name, requirements  # noqa: E402
from instmatt_app.bootstrap.installing import TORCH_INDEX, constraints_for  # noqa: E402

NAME = "instmatt-studio"
TOOLS = ("pyinstaller==6.22.3", "pyinstaller-hooks-contrib==2026.9")
# The same OpenCV without windows of its own, which bring a second Qt.
INSTEAD = {"opencv-python": "opencv-python-headless"}
# torchvision is needed for Mask R-CNN only, whose weights are fetched. HEIC's reader comes with GPL code: --heic.
LEFT_OUT = {"torch", "torchvision", "pillow-heif"}
# Their tables of symbols, which only debuggers read, are a tenth of the program. Others were rewritten after they were
# linked (auditwheel), and strip may break those.
STRIPPED = ("torch/lib/libtorch_*.so", "llvmlite/binding/libllvmlite.so", "libpython3*")
CUDA = "import sys, torch; sys.exit(torch.version.cuda is not None)"


def main() -> int:
    """Build what the options ask for."""
    parser = argparse.ArgumentParser(description="Build the stand-alone program.")
    parser.add_argument("folder", type=Path, help="where everything is written; made if it is missing")
    parser.add_argument(
        "--torch",
        metavar="REQUIREMENT",
        help="a CPU build of PyTorch that pip finds by itself, such as torch==2.13.0+cpu; "
        "without it the tested version is taken from PyTorch's own index (on Linux)",
    )
    parser.add_argument("--heic", action="store_true", help="with pillow-heif, whose wheel is GPL (see README.md)")
    parser.add_argument("--deb", action="store_true", help="then make the Debian package")
    given = parser.parse_args()
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python = make_environment(folder, given.torch, given.heic)
    program = build(folder, python, given.heic)
    print(f"{program}: {size(program) / 1e6:.0f} MB")
    if given.deb:
        from make_deb import make_deb

        package = make_deb(program, folder)
        print(f"{package}: {package.stat().st_size / 1e6:.0f} MB")
    return 0


def make_environment(folder: Path, torch: str | None, heic: bool) -> Path:
    """The environment's Python, with everything that the program carries; what is there already stays."""
    env = folder / "env"
    if not env_python(env).exists():
        venv.create(env, with_pip=True)
    python = env_python(env)
    constraints = constraints_for((ROOT / "constraints.txt").read_text(encoding="utf-8"), "cpu").splitlines()
    pinned = next(line for line in constraints if package_name(line) == "torch")
    pins = folder / "constraints.txt"
    pins.write_text("\n".join(line for line in constraints if package_name(line) != "torch") + "\n", encoding="utf-8")
    if torch is None:
        where = ["--index-url", TORCH_INDEX + "cpu"] if sys.platform == "linux" else []
        pip(python, *where, pinned)
    else:
        pip(python, torch)
    if subprocess.run([python, "-c", CUDA], check=False).returncode:
        raise SystemExit("This PyTorch is built for CUDA, whose libraries are gigabytes; name a CPU one with --torch.")
    wanted = {package_name(line): line for line in requirements(ROOT / "pyproject.toml", ())}
    left_out = LEFT_OUT - ({"pillow-heif"} if heic else set())
    pip(python, "-c", str(pins), *(INSTEAD.get(name, line) for name, line in wanted.items() if name not in left_out))
    pip(python, *TOOLS)
    return python


def build(folder: Path, python: Path, heic: bool) -> Path:
    """The program's folder, built anew from a copy of the sources."""
    source = folder / "src"
    shutil.rmtree(source, ignore_errors=True)
    for name in ("instmatt_app", "models", "resources", "docs", "packaging"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy2(ROOT / name, source / name)
    pip(python, "--no-deps", "--force-reinstall", str(source))
    recipe = source / "packaging" / f"{NAME}.spec"
    where = ["--distpath", str(folder / "dist"), "--workpath", str(folder / "work")]
    command = [str(python), "-m", "PyInstaller", "--noconfirm", *where, str(recipe)]
    subprocess.run(command, check=True, env={**os.environ, "INSTMATT_BUNDLE_HEIC": str(int(heic))})
    program = folder / "dist" / NAME
    if sys.platform == "linux":
        libraries = [path for pattern in STRIPPED for path in (program / "_internal").glob(pattern)]
        subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)
    return program


def pip(python: Path, *arguments: str) -> None:
    """Install into the environment."""
    subprocess.run([python, "-m", "pip", "install", "--disable-pip-version-check", *arguments], check=True)


def size(folder: Path) -> int:
    """Bytes of all files below a folder, links counted as nothing."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    sys.exit(main())
