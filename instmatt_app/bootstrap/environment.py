"""What the program needs, where its environment is, and what state that is in. Every start passes through here."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from instmatt_app.bootstrap.messages import Failure, last_line, say

STAMP = "instmatt-stamp.json"
PYPI = "pypi"


class Project(NamedTuple):
    """What decides about the environment: the project folder, the packages it asks for, the pinned versions."""

    root: Path
    dependencies: tuple[str, ...]
    test_dependencies: tuple[str, ...]
    constraints: str

    @property
    def requirements(self) -> tuple[str, ...]:
        return self.dependencies + self.test_dependencies


class Stamp(NamedTuple):
    """What an environment was made from; `key` is empty until it is complete, `libraries` is '', 'core' or 'all'."""

    key: str = ""
    torch: str = ""
    python: str = ""
    libraries: str = ""


# --- what is needed ---------------------------------------------------------------------------------------------------


def read_project(root: Path) -> Project:
    """Read which packages the program needs."""
    pyproject = root / "pyproject.toml"
    try:
        constraints = (root / "constraints.txt").read_text(encoding="utf-8")
        dependencies = tuple(requirements(pyproject, extras=()))
        return Project(root, dependencies, tuple(requirements(pyproject, ("test",)))[len(dependencies) :], constraints)
    except FileNotFoundError as error:
        raise Failure(f"{error.filename} is missing: unpack or clone the program's folder again.") from error


def requirements(pyproject: Path, extras: Sequence[str]) -> list[str]:
    """Read the requirement lines of a pyproject.toml: the dependencies, then those of the extras."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    optional = project.get("optional-dependencies", {})
    return [*project.get("dependencies", []), *(line for extra in extras for line in optional.get(extra, []))]


def env_key(project: Project, torch: str, version: str) -> str:
    """Hash everything the environment is made from."""
    parts = [project.constraints, *project.requirements, torch, version]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def package_name(requirement: str) -> str:
    """Return the normalised package name of a requirement line."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


# --- where the environment is, and what state it is in ----------------------------------------------------------------


def find_env(project: Project, torch: str, version: str) -> tuple[Path, Stamp | None]:
    """Choose the environment's folder: a complete one, else .venv, else (read-only folder) the user's cache."""
    local = project.root / ".venv"
    stamp = read_stamp(local)
    if is_ready(local, stamp, project, torch, version):
        return local, stamp
    if can_hold_env(local if local.is_dir() else project.root):
        return local, stamp
    # No --torch means whichever was installed last time, so the complete environments are looked through.
    for env in sorted(cache_folder().glob("env-*")):
        stamp = read_stamp(env)
        if is_ready(env, stamp, project, torch, version):
            return env, stamp
    env = cache_folder() / f"env-{env_key(project, torch or PYPI, version)}"
    say(f"{project.root} cannot hold the environment; it goes to {env}.")
    return env, read_stamp(env)


def cache_folder() -> Path:
    """Return the user's folder for files that can be made again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "instmatt-studio"


def can_hold_env(folder: Path) -> bool:
    """Say whether an environment can be made in a folder, by trying what it takes: writing, and links on POSIX."""
    import tempfile

    try:
        with tempfile.TemporaryDirectory(prefix=".instmatt-", dir=folder) as probe:
            if os.name == "posix":
                (Path(probe) / "link").symlink_to("target")
    except OSError:
        return False
    return True


def read_stamp(env: Path) -> Stamp | None:
    """Return an environment's stamp; None where there is none, an empty one where it cannot be read."""
    try:
        return Stamp(**json.loads((env / STAMP).read_bytes()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError):
        return Stamp()


def write_stamp(env: Path, stamp: Stamp) -> None:
    """Write an environment's stamp in one step, so that it is never half there."""
    new = env / f"{STAMP}.{os.getpid()}"
    new.write_text(json.dumps(stamp._asdict()), encoding="utf-8")
    new.replace(env / STAMP)


def remember_libraries(env: Path, stamp: Stamp, found: str) -> None:
    """Write into the stamp that the libraries are there, so that the next start need not look."""
    if found != stamp.libraries and os.access(env, os.W_OK):
        write_stamp(env, stamp._replace(libraries=found))


def is_ready(env: Path, stamp: Stamp | None, project: Project, torch: str, version: str) -> bool:
    """Say whether the environment is complete and made from what is asked for now."""
    return (
        stamp is not None and stamp.key == env_key(project, torch or stamp.torch, version) and env_python(env).exists()
    )


def env_python(env: Path) -> Path:
    """Return the Python of an environment."""
    if os.name == "posix":
        return env / "bin" / "python"
    conda = env / "python.exe"
    return conda if conda.exists() else env / "Scripts" / "python.exe"


def child_environment() -> dict[str, str]:
    """Return the environment variables for the environment's Python: the user's, without those of another Python."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "__PYVENV_LAUNCHER__")
    }
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        # cv2 sets these to its own Qt when it is imported, which PySide6 cannot use.
        if "cv2" in environment.get(name, ""):
            del environment[name]
    return environment


def check_foreign_env(env: Path, project: Project, with_tests: bool) -> None:
    """Refuse an environment given by the user that lacks packages, naming them."""
    if not env_python(env).exists():
        raise Failure(f"{env} is not an environment: there is no {env_python(env)}.")
    # A requirement with a marker is for some systems only, and judging markers takes a package.
    asked = project.requirements if with_tests else project.dependencies
    names = {package_name(requirement) for requirement in asked if ";" not in requirement}
    for packages in [*env.glob("lib/python3.1[123]/site-packages"), env / "Lib" / "site-packages"]:
        if packages.is_dir() and names <= {package_name(p.name.split("-")[0]) for p in packages.glob("*.dist-info")}:
            return
    # Not all are in the usual place: its Python knows the others (system packages, conda).
    missing = ask_python_for_missing(env_python(env), sorted(names))
    if missing:
        raise Failure(f"the environment {env} lacks {', '.join(missing)}; install them there, or leave out --env.")


def ask_python_for_missing(python: Path, names: list[str]) -> list[str]:
    """Ask a Python which packages it lacks."""
    import subprocess

    script = (
        "import sys; from importlib.metadata import distributions; import re\n"
        "there = {re.sub('[-_.]+', '-', d.metadata['Name'] or '').lower() for d in distributions()}\n"
        "print(sys.version_info[0], sys.version_info[1], *sorted(set(sys.argv[1:]) - there))"
    )
    command = [str(python), "-I", "-c", script, *names]
    answer = subprocess.run(command, env=child_environment(), capture_output=True, text=True, check=False)
    if answer.returncode:
        raise Failure(f"{python} does not run: {last_line(answer.stderr)}")
    major, minor, *missing = answer.stdout.split()
    if (int(major), int(minor)) not in ((3, 11), (3, 12), (3, 13)):
        raise Failure(f"{python} is Python {major}.{minor}, and Python 3.11, 3.12 or 3.13 is needed.")
    return missing
