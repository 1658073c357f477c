"""``instmatt models``: which models there are, how to get them, and whether they are whole."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from instmatt_app.cli.progress import ProgressLine
from instmatt_app.core.interfaces import NotReady
from instmatt_app.files.catalogue import Model
from instmatt_app.model_store import ModelStore


def add_to(commands: Any) -> None:
    """Add the command and its own commands to the parser."""
    parser = commands.add_parser("models", help="which models there are, fetch, import and verify them")
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|fetch|import|verify|path")
    actions.add_parser("list", help="every model that is known by name, and whether it is ready")
    fetch = actions.add_parser("fetch", help="download a model from its owners; goes on where it was stopped")
    fetch.add_argument("name", metavar="NAME")
    taken = actions.add_parser("import", help="take over a file that was downloaded otherwise")
    taken.add_argument("file", metavar="FILE", type=Path)
    taken.add_argument("--as", dest="name", metavar="NAME", help="which model it is, where that cannot be seen")
    verify = actions.add_parser("verify", help="hold models against the checksums that are known")
    verify.add_argument("names", metavar="NAME", nargs="*", help="default: all that are ready")
    path = actions.add_parser("path", help="where models lie: the folder for your own, or a model's file")
    path.add_argument("name", metavar="NAME", nargs="?")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Do it; returns 0, 1 if a model cannot be had or is damaged, 2 if nobody knows it."""
    store = ModelStore()
    names = [name for name in [getattr(given, "name", None), *getattr(given, "names", ())] if name]
    unknown = [name for name in names if name not in store.models]
    if unknown:
        print(f"instmatt models: there is no model {unknown[0]}; there are {', '.join(store.models)}.", file=sys.stderr)
        return 2
    actions = {"list": _list, "fetch": _fetch, "import": _import, "verify": _verify, "path": _path}
    try:
        return actions[given.action](store, given)
    except (ValueError, OSError, NotReady) as error:
        print(f"instmatt models: {error}", file=sys.stderr)
        return 1


def _list(store: ModelStore, given: argparse.Namespace) -> int:
    for name, model in store.models.items():
        print(f"{name}  ({state(store, name)})")
        print(f"  {model.title}")
        print(f"  licence: {model.licence}" + (f"; {model.page}" if model.page else ""))
    return 0


def state(store: ModelStore, name: str) -> str:
    """Whether a model is there, or how to get it."""
    model = store.models[name]
    if (ready := store.ready_file(name)) is not None:
        return f"ready: {ready}"
    if store.is_ready(name):
        return "ready: another program has it; it is converted when it is first used"
    if not model.url:
        return "not there; it comes with the program"
    size = f", about {model.megabytes:g} MB" if model.megabytes else ""
    return f"not there; instmatt models fetch {name}{size}"


def _fetch(store: ModelStore, given: argparse.Namespace) -> int:
    model = store.models[given.name]
    with ProgressLine() as progress:
        if model.url and not store.is_ready(given.name):
            for line in _terms(model):
                progress.say(line)
        progress.begin(given.name)
        try:
            path = store.fetch(given.name, progress.step)
        except KeyboardInterrupt:
            progress.say("What has arrived is kept; the same command goes on from there.")
            raise
    return _say_ready(store, given.name, path)


def _terms(model: Model) -> list[str]:
    """What a person should know before a download begins."""
    checksum = model.sha256 or model.md5
    if not checksum:
        known = "its owners publish no checksum, so only its structure can be checked"
    else:
        known = f"{'SHA-256' if model.sha256 else 'MD5'} begins with {checksum}"
    return [f"{model.name} {model.title}", f"  from {model.url}", f"  licence: {model.licence}", f"  {known}"]


def _import(store: ModelStore, given: argparse.Namespace) -> int:
    file: Path = given.file
    if not file.is_file():
        raise FileNotFoundError(f"the file {file} is not there.")
    name = given.name or store.recognise(file)
    with ProgressLine() as progress:
        progress.begin(name)
        path = store.take(file, name, progress.step)
    return _say_ready(store, name, path)


def _say_ready(store: ModelStore, name: str, path: Path) -> int:
    origin = store.origin(name)
    if origin is not None:
        print(f"{name}: {origin.checked}; SHA-256 of what came {origin.source_sha256}", file=sys.stderr)
    print(path)
    return 0


def _verify(store: ModelStore, given: argparse.Namespace) -> int:
    names = given.names or [name for name in store.models if store.ready_file(name) is not None]
    if not names:
        print("No model is there yet; see instmatt models list.")
    damaged = 0
    for name in names:
        try:
            print(store.verify(name))
        except (ValueError, NotReady) as error:
            print(f"{name}: {error}")
            damaged += 1
    return 1 if damaged else 0


def _path(store: ModelStore, given: argparse.Namespace) -> int:
    if given.name is None:
        print(store.own)
        return 0
    path = store.ready_file(given.name)
    if path is None:
        raise NotReady(f"the model {given.name} is {state(store, given.name)}.")
    print(path)
    return 0
