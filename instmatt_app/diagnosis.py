"""Diagnosis: what is installed and ready here, as doctor prints it, and as a report that can be sent to somebody.

A report names no photo: versions, devices, models with their checksums, and the last lines of the log.
"""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from instmatt_app import __version__, bootstrap
from instmatt_app.bootstrap.environment import package_name
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.engine.recognisers import registry
from instmatt_app.files.log import last_lines, shortened
from instmatt_app.model_store import ModelStore, digest

DETECTRON2_HELP = """\
not installed; optional, torchvision finds the same people without it. Its own INSTALL.md
               (github.com/facebookresearch/detectron2) installs it by pip from its repository, on Linux and macOS;
               there is no official Windows support. Watch for: after PyTorch, into the same environment, with pip's
               --no-build-isolation (its build imports torch); a C++20 compiler, wheel, about 2.5 GB of memory a job;
               the main branch, as the last release is from 2021; built anew after every change of torch"""

LOG_LINES = 80
# Another build of the same package, which does as well.
INSTEAD = {"opencv-python": "opencv-python-headless"}


def report(log: Path, window: Mapping[str, str], step: Step = silent) -> str:
    """Everything that somebody who is asked for help should know; ``window`` is what only the window knows.

    Loads torch and reads all models that are ready: seconds. The person's folder is written as ``~``.
    """
    lines = [
        f"InstMatt Studio {__version__}",
        f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} processors, {memory()}",
        *(f"{name}: {value}" for name, value in window.items()),
        "",
        "Packages",
        *(f"  {name} {version or 'missing'}" for name, version in installed().items()),
        f"  detectron2 {'installed' if registry.detectron2_is_installed() else 'not installed'}",
    ]
    step(1, 3, "looking at the devices")
    lines += ["", "Devices", *(f"  {line}" for line in devices())]
    step(2, 3, "checking the models")
    lines += ["", "Models", *(f"  {line}" for line in _models(step))]
    lines += ["", f"The last lines of {log}", *last_lines(log, LOG_LINES)]
    return shortened("\n".join(lines)) + "\n"


def _models(step: Step) -> list[str]:
    store = ModelStore()
    lines = []
    for name in store.models:
        path = store.ready_file(name)
        if path is not None:
            lines.append(f"{name} {path} SHA-256 {digest(path, 'sha256', step)}")
        else:
            lines.append(f"{name} {'in the cache of another program' if store.is_ready(name) else 'not there'}")
    return lines


def installed() -> dict[str, str | None]:
    """The versions of the packages that the program needs, by name; None for what is missing."""
    found: dict[str, str | None] = {}
    for name in sorted(_requirements(), key=str.lower):
        found[name] = _version(name) or _version(INSTEAD.get(name, name))
    return found


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def is_stand_alone() -> bool:
    """Whether this is the stand-alone program, which does without some packages (packaging/README.md)."""
    return bool(getattr(sys, "frozen", False))


def _requirements() -> list[str]:
    project = bootstrap.ROOT / "pyproject.toml"
    if project.is_file():
        return [_name(text) for text in bootstrap.requirements(project, extras=())]
    return [_name(text) for text in metadata.requires("instmatt-studio") or () if "extra ==" not in text]


def _name(requirement: str) -> str:
    for mark in "[<>=!~; ":
        requirement = requirement.partition(mark)[0]
    return requirement


def tested_versions() -> dict[str, str]:
    """The versions that are tested, by package; empty where the program is not a checkout."""
    constraints = bootstrap.ROOT / "constraints.txt"
    if not constraints.is_file():
        return {}
    lines = (line.partition("#")[0].strip() for line in constraints.read_text("utf-8").splitlines())
    pairs = (line.split("==") for line in lines if "==" in line)
    return {package_name(name): version.partition(";")[0].strip() for name, version in pairs}


def memory() -> str:
    """How much memory and room on the disk there is, in a few words."""
    try:
        psutil = importlib.import_module("psutil")
    except ImportError:
        return "memory unknown"
    free_disk = shutil.disk_usage(bootstrap.ROOT).free / 2**30
    there = psutil.virtual_memory()
    return (
        f"{there.total / 2**30:.0f} GiB memory ({there.available / 2**30:.0f} free), "
        f"{free_disk:.0f} GiB free on the disk"
    )


def devices() -> list[str]:
    """A line for each device: its name, and whether it is ready. Loads torch, which takes seconds."""
    try:
        torch = importlib.import_module("torch")
    except (ImportError, OSError) as error:
        return [f"torch cannot be loaded: {error}"]
    lines = [f"cpu          ready, {torch.get_num_threads()} threads"]
    for number in range(torch.cuda.device_count()):
        properties = torch.cuda.get_device_properties(number)
        lines.append(f"cuda:{number}       ready, {properties.name}, {properties.total_memory / 2**30:.0f} GiB")
    if not torch.cuda.is_available():
        if sys.platform == "win32":
            lines.append(
                "cuda         no: PyPI's torch for Windows has no GPU; main.py --torch cu130 takes one that has"
            )
        elif torch.version.cuda is None:
            lines.append("cuda         no: this torch has no GPU; main.py --torch cu130 takes one that has")
        else:
            lines.append("cuda         no: no NVIDIA GPU or driver was found")
    if torch.backends.mps.is_available():
        lines.append("mps          ready")
    return lines
