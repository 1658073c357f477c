"""What a person prefers in the window: one typed record, read value by value and written whole.

A value that makes no sense falls back to its default, alone; the file as it was is kept beside it then. Only what
differs from the defaults is written, so that a better default reaches everybody who never chose. The command line does
not read this file.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from instmatt_app.files.atomic import WriteError, write_beside, write_error
from instmatt_app.files.export_options import LAYERS_KINDS, DocumentName, FormatName, LayersKind
from instmatt_app.files.formats import DOCUMENTS, FORMATS
from instmatt_app.files.profiles import PROFILES, ProfileName

VERSION = 1
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From a version to the next: takes the values of a file and gives those of one of the version after."""

MOST_BYTES = 2**20
MOST_SHORTCUTS = 1000
LANGUAGES = ("system", "en", "de", "zh_CN")
THEMES = ("system", "light", "dark")
DETAILS = ("auto", "native", "none")
ENGINES = ("auto", "instmatt", "closed-form")
RECOGNISERS = ("auto", "detectron2", "torchvision", "builtin")
WORKING_SIZES = (256, 4096)
MEMORY_GIB = (0.5, 4096.0)
AUTOSAVE_MINUTES = (1, 60)

Shortcuts = Mapping[str, tuple[str, ...]]


def _one_of(*choices: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value not in choices:
            raise ValueError
        return value

    return read


def _number(least: float, most: float, whole: bool = False) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise TypeError
        # Written this way round, it refuses what is not a number, too.
        if not least <= value <= most:
            raise ValueError
        return value

    return read


def _memory(value: Any) -> float:
    return 0.0 if value == 0 and not isinstance(value, bool) else float(_number(*MEMORY_GIB)(value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _device(value: Any) -> str:
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d{1,2})?", value):
        raise ValueError
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 4096 or "\0" in value:
        raise ValueError
    return value


def _shortcuts(value: Any) -> Shortcuts:
    if not isinstance(value, dict) or len(value) > MOST_SHORTCUTS:
        raise ValueError
    for keys in value.values():
        if not isinstance(keys, list) or not all(isinstance(one, str) and len(one) < 100 for one in keys):
            raise TypeError
    return {name: tuple(keys) for name, keys in value.items()}


def _names(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > 100 or not all(isinstance(one, str) for one in value):
        raise TypeError
    return frozenset(value)


@dataclass(frozen=True)
class Preferences:
    """What a person prefers.

    ``memory_gib`` is the most that a run may take, 0: what is free. ``model`` is a name of models/models.toml or a
    file, empty: the best that is ready. ``shortcuts`` has, by the name of an action, the keys that take the place of
    its own, perhaps none. ``seen`` names what is offered only once.
    """

    language: str = "system"
    theme: str = "system"
    device: str = "auto"
    memory_gib: float = 0.0
    working_size: int = 1280
    detail: str = "auto"
    engine: str = "auto"
    model: str = ""
    recogniser: str = "auto"
    runs_by_itself: bool = True
    autosave_minutes: int = 1
    export_format: FormatName | DocumentName = "png"
    export_layers: LayersKind = "alpha"
    export_profile: ProfileName = "keep"
    export_metadata: bool = False
    export_recomposable: bool = False
    shortcuts: Shortcuts = field(default_factory=dict)
    seen: frozenset[str] = frozenset()


# What reads each value; ValueError or TypeError for what makes no sense.
_READERS: dict[str, Callable[[Any], Any]] = {
    "language": _one_of(*LANGUAGES),
    "theme": _one_of(*THEMES),
    "device": _device,
    "memory_gib": _memory,
    "working_size": _number(*WORKING_SIZES, whole=True),
    "detail": _one_of(*DETAILS),
    "engine": _one_of(*ENGINES),
    "model": _text,
    "recogniser": _one_of(*RECOGNISERS),
    "runs_by_itself": _flag,
    "autosave_minutes": _number(*AUTOSAVE_MINUTES, whole=True),
    "export_format": _one_of(*FORMATS, *DOCUMENTS),
    "export_layers": _one_of(*LAYERS_KINDS),
    "export_profile": _one_of(*PROFILES),
    "export_metadata": _flag,
    "export_recomposable": _flag,
    "shortcuts": _shortcuts,
    "seen": _names,
}


def read_preferences(path: Path) -> tuple[Preferences, list[str]]:
    """What the file says, and the names of the values that fell back to their defaults ("file": all of them).

    Where any did, or the file is of a newer version, it is kept as it was under :func:`damaged_file`. Never raises.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return Preferences(), []
    except OSError:
        return Preferences(), ["file"]
    values, lost = _values(content)
    read: dict[str, Any] = {}
    for name, value in values.items():
        try:
            read[name] = _READERS[name](value)
        except (KeyError, ValueError, TypeError):
            lost.append(name)
    if lost:
        # Where the disk takes nothing, what was read is still worth having.
        with contextlib.suppress(WriteError):
            write_beside(damaged_file(path), content, overwrite=True)
    return Preferences(**read), lost


def write_preferences(path: Path, preferences: Preferences) -> None:
    """Writes the file beside itself and swaps it in. Raises WriteError."""
    values: dict[str, Any] = {"version": VERSION}
    default = Preferences()
    for one in fields(Preferences):
        value = getattr(preferences, one.name)
        if value != getattr(default, one.name):
            values[one.name] = sorted(value) if isinstance(value, frozenset) else value
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(path, error) from error
    write_beside(path, json.dumps(values, indent=2, ensure_ascii=False).encode() + b"\n", overwrite=True)


def damaged_file(path: Path) -> Path:
    """Where a file of preferences is kept that could not be read as a whole."""
    return path.with_name(f"{path.stem}.damaged{path.suffix}")


def _values(content: bytes) -> tuple[dict[str, Any], list[str]]:
    """The values of a file in the form of today's version; ``["file"]`` where there are none to be had."""
    try:
        values = json.loads(content) if len(content) <= MOST_BYTES else None
        if not isinstance(values, dict):
            return {}, ["file"]
        version = values.pop("version")
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            return {}, ["file"]
        for number in range(version, VERSION):
            values = MIGRATIONS[number](values)
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}, ["file"]
    # A newer program's values are kept as far as they are understood; the rest must not be lost for it.
    return values, ["version"] if version > VERSION else []
