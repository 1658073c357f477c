"""``instmatt doctor``: what is installed, which device, which models are ready, what is missing and how to get it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from typing import Any

from instmatt_app import __version__, bootstrap
from instmatt_app.bootstrap.environment import package_name
from instmatt_app.cli.models import state
from instmatt_app.diagnosis import DETECTRON2_HELP, devices, installed, is_stand_alone, memory, tested_versions
from instmatt_app.engine.recognisers import registry
from instmatt_app.model_store import ModelStore


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
    print(f"  system       {platform.platform()}, {os.cpu_count()} processors, {memory()}")
    print("\nPackages")
    pins = tested_versions()
    for name, version in installed().items():
        if version is None and is_stand_alone():
            print(f"  {name:<20} left out of the stand-alone program")
            continue
        if version is None:
            print(f"  {name:<20} missing — run python3 main.py once more; it repairs its environment")
            missing += 1
            continue
        tested = pins.get(package_name(name))
        remark = "" if tested in (None, version.partition("+")[0]) else f"  (tested with {tested})"
        print(f"  {name:<20} {version}{remark}")
    print("\nDevices")
    there = devices()
    for line in there:
        print(f"  {line}")
    missing += not any("ready" in line for line in there)
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
        if recogniser == "torchvision" and not registry.torchvision_is_installed():
            lines.append("torchvision  not installed")
            continue
        models = [choice.model for choice in choices if choice.recogniser == recogniser]
        wanted = [choice.model for choice in registry.CHOICES if choice.recogniser == recogniser]
        missing = f"lacks its weights: instmatt models fetch {wanted[0]} (licence: {store.models[wanted[0]].licence})"
        lines.append(f"{recogniser:<12} {f'ready with {models[0]}' if models else missing}")
    best = choices[0].name if choices else "boxes, as nothing that finds people by itself is ready"
    return [*lines, f"auto         takes {best}"]
