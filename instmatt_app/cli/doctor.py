"""``instmatt doctor``: what is installed, which device, which models are ready, what is missing and how to get it."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import shutil
import sys
from importlib import metadata
from typing import Any

from instmatt_app import __version__, bootstrap
from instmatt_app.cli.models import state
from instmatt_app.engine.recognisers import registry
from instmatt_app.model_store import ModelStore

DETECTRON2_HELP = """\
not installed; optional, torchvision finds the same people without it. Its own INSTALL.md
               (github.com/facebookresearch/detectron2) installs it by pip from its repository, on Linux and macOS;
               there is no official Windows support. Watch for: after PyTorch, into the same environment, with pip's
               --no-build-isolation (its build imports torch); a C++20 compiler, wheel, about 2.5 GB of memory a job;
               the main branch, as the last release is from 2021; built anew after every change of torch"""


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "doctor", help="what is installed, which device, which models are ready, what is missing and how to get it"
    )
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Print the report to stdout; returns 0 if photos can be matted, 1 if something needed is missing."""
    missing = 0
    print(f"InstMatt Studio {__version__}")
    print(f"  Python       {platform.python_version()} ({sys.executable})")
    print(f"  system       {platform.platform()}, {os.cpu_count()} processors, {_memory()}")
    print("\nPackages")
    pins = _pins()
    for name in sorted(_requirements(), key=str.lower):
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            print(f"  {name:<20} missing — run python3 main.py once more; it repairs its environment")
            missing += 1
            continue
        tested = pins.get(_plain(name))
        remark = "" if tested in (None, version.partition("+")[0]) else f"  (tested with {tested})"
        print(f"  {name:<20} {version}{remark}")
    print("\nDevices")
    devices = _devices()
    for line in devices:
        print(f"  {line}")
    missing += not any("ready" in line for line in devices)
    print("\nRecognisers")
    print("  prompt       ready: a box per person, --box X,Y,W,H")
    print("  masks        ready: guidance masks, --masks DIR")
    store = ModelStore()
    for line in _finders(store):
        print(f"  {line}")
    print("\nEngines")
    print("  closed-form  ready: needs no weights")
    ready = [name for name, model in store.models.items() if model.kind == "instmatt" and store.is_ready(name)]
    print(f"  instmatt     ready with {', '.join(['a file of your own', *ready])}: --model FILE|NAME")
    print("\nModels")
    for name in store.models:
        print(f"  {name:<22} {state(store, name)}")
    print(f"  your own lie in {store.own}")
    absent = bootstrap.missing_system_libraries() if sys.platform.startswith("linux") else []
    print("\nSystem libraries")
    print(f"  {bootstrap.libraries_sentence(absent) if absent else 'all there'}")
    return 1 if missing else 0


def _finders(store: ModelStore) -> list[str]:
    """What finds people by itself, and what that needs."""
    lines = []
    choices = registry.choose("auto", store.is_ready)
    for recogniser in dict.fromkeys(choice.recogniser for choice in registry.CHOICES):
        if recogniser == "detectron2" and not registry.detectron2_is_installed():
            lines.append(f"detectron2   {DETECTRON2_HELP}")
            continue
        models = [choice.model for choice in choices if choice.recogniser == recogniser]
        wanted = [choice.model for choice in registry.CHOICES if choice.recogniser == recogniser]
        missing = f"lacks its weights: instmatt models fetch {wanted[0]} (licence: {store.models[wanted[0]].licence})"
        lines.append(f"{recogniser:<12} {f'ready with {models[0]}' if models else missing}")
    best = choices[0].name if choices else "boxes, as nothing that finds people by itself is ready"
    return [*lines, f"auto         takes {best}"]


def _requirements() -> list[str]:
    project = bootstrap.ROOT / "pyproject.toml"
    if project.is_file():
        return [_name(text) for text in bootstrap.requirements(project, extras=())]
    return [_name(text) for text in metadata.requires("instmatt-studio") or () if "extra ==" not in text]


def _name(requirement: str) -> str:
    for mark in "[<>=!~; ":
        requirement = requirement.partition(mark)[0]
    return requirement


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def _pins() -> dict[str, str]:
    constraints = bootstrap.ROOT / "constraints.txt"
    if not constraints.is_file():
        return {}
    lines = (line.partition("#")[0].strip() for line in constraints.read_text("utf-8").splitlines())
    pairs = (line.split("==") for line in lines if "==" in line)
    return {_plain(name): version.partition(";")[0].strip() for name, version in pairs}


def _memory() -> str:
    try:
        psutil = importlib.import_module("psutil")
    except ImportError:
        return "memory unknown"
    free_disk = shutil.disk_usage(bootstrap.ROOT).free / 2**30
    memory = psutil.virtual_memory()
    return (
        f"{memory.total / 2**30:.0f} GiB memory ({memory.available / 2**30:.0f} free), "
        f"{free_disk:.0f} GiB free on the disk"
    )


def _devices() -> list[str]:
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
