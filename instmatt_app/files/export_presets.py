"""Presets: sets of export options under names of one's own, in a small file that outlives damage.

The file that is replaced stays beside it as the generation before, which is read where the newest cannot be. A preset
that makes no sense is left out, and the file that held it is kept under another name before it is written again.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from instmatt_app.files.atomic import WriteError, write_beside, write_error
from instmatt_app.files.export_options import ExportOptions, options_from_json
from instmatt_app.files.locks import FileLock

VERSION = 1
MOST_BYTES = 2**20
MOST_PRESETS = 500
LONGEST_NAME = 80
_PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Presets:
    """What a file of presets held: options by name, and the names of those that were lost."""

    options: dict[str, ExportOptions] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def read_presets(path: Path) -> Presets:
    """The presets of a file, or of the generation before where it is damaged; none where there is no file."""
    newest = _read(path)
    if newest is not None:
        return newest
    return _read(_before(path)) or Presets(lost=(path.name,) if path.exists() else ())


def save_preset(path: Path, name: str, options: ExportOptions) -> Presets:
    """Keeps options under a name, in the place of those that had it; returns all. Raises WriteError, ValueError."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"“{name[:LONGEST_NAME]}” cannot be the name of a preset; take a short one.")
    return _change(path, name, options)


def delete_preset(path: Path, name: str) -> Presets:
    """Forgets a preset; returns those that are left. Raises WriteError."""
    return _change(path, name, None)


def _change(path: Path, name: str, options: ExportOptions | None) -> Presets:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _held(path)
    except OSError as error:
        raise write_error(path, error) from error
    try:
        # Read anew under the lock: another window may have kept one meanwhile.
        presets = read_presets(path)
        changed = dict(presets.options)
        changed.pop(name, None)
        if options is not None:
            if len(changed) >= MOST_PRESETS:
                raise ValueError(f"There are {MOST_PRESETS} presets already; delete one first.")
            changed[name] = options
        _keep(path, damaged=bool(presets.lost))
        content = {"version": VERSION, "presets": {key: one.to_json() for key, one in changed.items()}}
        write_beside(path, json.dumps(content, ensure_ascii=False, indent=1).encode(), overwrite=True)
        return Presets(changed)
    finally:
        lock.release()


def _held(path: Path) -> FileLock:
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    until = time.monotonic() + _PATIENCE_SECONDS
    while not lock.acquire():
        if time.monotonic() > until:
            raise WriteError(f"“{path.name}” is being written by another window; try again.")
        time.sleep(0.02)
    return lock


def _keep(path: Path, damaged: bool) -> None:
    """The file that is there, as the generation before, or aside where something in it cannot be read."""
    with contextlib.suppress(FileNotFoundError):
        data = path.read_bytes()
        if _read(path) is not None:
            write_beside(_before(path), data, overwrite=True)
        if damaged:
            write_beside(path.with_name(f"{path.name}.damaged"), data, overwrite=True)


def _before(path: Path) -> Path:
    return path.with_name(f"{path.name}1")


def _read(path: Path) -> Presets | None:
    """None if there is no such file or it is damaged as a whole."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        content = json.loads(data.decode()) if len(data) <= MOST_BYTES else None
    except (OSError, ValueError, RecursionError):
        return None
    entries: Any = content.get("presets") if isinstance(content, dict) else None
    if not isinstance(entries, dict):
        return None
    found: dict[str, ExportOptions] = {}
    lost: list[str] = []
    for name, value in entries.items():
        try:
            found[name] = options_from_json(value)
        except ValueError:
            lost.append(name)
    return Presets(dict(list(found.items())[:MOST_PRESETS]), tuple(lost))
