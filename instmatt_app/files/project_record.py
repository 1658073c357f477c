"""The record of a project: everything about it but pixels, as JSON, and every field looked at on the way back.

docs/project-format.md describes the fields. A record of an older version goes through MIGRATIONS first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn, get_args

from instmatt_app.core.edges import DEFAULT, LIMITS, Edge
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import OrderError, Refinement, Strategy
from instmatt_app.files.project_parts import KINDS, PART_NAME, Part, ProjectError

VERSION = 2
MOST_RECORD_BYTES = 8_000_000
MOST_PEOPLE = 1000
MOST_SIDE = 1_000_000
Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def _with_edges(record: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew no edge settings."""
    return {**record, "people": [{**one, "edge": asdict(DEFAULT)} for one in record["people"]]}


MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _with_edges}
"""From a version to the next: takes a record and gives one of the version after."""


@dataclass(frozen=True)
class PhotoRecord:
    """Where the photo is: embedded as ``part``, or linked at ``path`` to a file whose SHA-256 is ``sum``."""

    width: int
    height: int
    fingerprint: str
    name: str
    path: str | None = None
    sum: str | None = None
    part: Part | None = None


@dataclass(frozen=True)
class PersonRecord:
    """An Instance with parts in the place of planes."""

    id: int
    name: str
    colour: tuple[int, int, int]
    visible: bool
    locked: bool
    score: float | None
    box: Rect
    revision: int
    mask: Part
    hints: Part | None = None
    pins: Part | None = None
    pin_revision: int = 0
    refinement: Refinement | None = None
    edge: Edge = DEFAULT


@dataclass(frozen=True)
class MattesRecord:
    """Finished mattes: the key of their input, whose they are in order, and what is told about the run."""

    key: str
    people: tuple[int, ...]
    alphas: Part
    conflicts: Part | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)
    detail: Part | None = None


@dataclass(frozen=True)
class ProjectRecord:
    """What is saved of a project. ``settings`` are the window's, kept as they are; ``saved`` is the time in UTC."""

    photo: PhotoRecord
    people: tuple[PersonRecord, ...]
    refinement: Refinement
    revision: int
    mattes: tuple[MattesRecord, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)
    thumbnail: Part | None = None
    saved: str = ""

    def parts(self) -> list[Part]:
        """All parts, what matters most first, each once."""
        people = [part for one in self.people for part in (one.mask, one.hints, one.pins)]
        mattes = [part for one in self.mattes for part in (one.alphas, one.conflicts, one.detail)]
        every = [self.thumbnail, *people, self.photo.part, *mattes]
        return list(dict.fromkeys(part for part in every if part is not None))


def record_bytes(record: ProjectRecord, program: str) -> bytes:
    """The record as JSON in UTF-8."""
    photo = record.photo
    content = {
        "format": "instmatt",
        "version": VERSION,
        "program": program,
        "saved": record.saved or datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": record.revision,
        "photo": {
            "width": photo.width, "height": photo.height, "fingerprint": photo.fingerprint, "name": photo.name,
            "path": photo.path, "sum": photo.sum, "part": _part_json(photo.part),
        },
        "people": [
            {
                "id": one.id, "name": one.name, "colour": list(one.colour), "visible": one.visible,
                "locked": one.locked, "score": one.score,
                "box": [one.box.left, one.box.top, one.box.right, one.box.bottom], "revision": one.revision,
                "mask": _part_json(one.mask), "hints": _part_json(one.hints), "pins": _part_json(one.pins),
                "pin_revision": one.pin_revision, "refinement": _refinement_json(one.refinement),
                "edge": asdict(one.edge),
            }
            for one in record.people
        ],
        "refinement": _refinement_json(record.refinement),
        "mattes": [
            {
                "key": one.key, "people": list(one.people), "alphas": _part_json(one.alphas),
                "conflicts": _part_json(one.conflicts), "facts": one.facts, "detail": _part_json(one.detail),
            }
            for one in record.mattes
        ],
        "settings": record.settings,
        "thumbnail": _part_json(record.thumbnail),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8", "surrogatepass")


def _part_json(part: Part | None) -> list[Any] | None:
    return None if part is None else [part.name, part.size]


def _refinement_json(wish: Refinement | None) -> dict[str, Any] | None:
    if wish is None:
        return None
    begun = [{"order": list(order), "turn": turn} for order, turn in wish.begun]
    plain = {"strategy": wish.strategy, "order": list(wish.order), "passes": wish.passes}
    window = wish.window
    box = None if window is None else [window.left, window.top, window.right, window.bottom]
    return {**plain, **({"begun": begun} if begun else {}), **({"window": box} if box else {})}


def read_record(data: bytes, name: str) -> ProjectRecord:
    """The record in these bytes; ``name`` is the file's, for sentences.

    Raises ProjectError if it is of a newer version or is not what docs/project-format.md describes.
    """

    def refuse(constant: str) -> NoReturn:
        raise ValueError(constant)

    try:
        content = json.loads(data.decode("utf-8", "surrogatepass"), parse_constant=refuse)
        top = _Fields(content, "record")
        if top.text("format") != "instmatt":
            raise _Wrong("format")
        version = top.whole("version", 1, 10**9)
        if version > VERSION:
            raise ProjectError(
                f"“{name}” was saved by a newer InstMatt Studio (format {version}, this one reads up to {VERSION}); "
                "open it there."
            )
        while version < VERSION:
            content = MIGRATIONS[version](content)
            version += 1
        return _record(_Fields(content, "record"))
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        if isinstance(error, ProjectError):
            raise
        reason = f": {error}" if isinstance(error, _Wrong) else ""
        raise ProjectError(f"The record of “{name}” cannot be read{reason}.") from error


class _Wrong(ValueError):
    """A field that does not hold what it should; the message is its name."""


class _Fields:
    """A JSON object whose fields are looked at one by one."""

    def __init__(self, content: Any, name: str) -> None:
        if not isinstance(content, dict):
            raise _Wrong(name)
        self._content: dict[str, Any] = content
        self._name = name

    def any(self, name: str) -> Any:
        return self._content.get(name)

    def text(self, name: str, longest: int = 4096) -> str:
        value = self.any(name)
        if not isinstance(value, str) or len(value) > longest:
            raise self.wrong(name)
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self.any(name) is None else self.text(name, 65536)

    def truth(self, name: str) -> bool:
        value = self.any(name)
        if not isinstance(value, bool):
            raise self.wrong(name)
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        return self._whole(self.any(name), name, least, most)

    def wholes(self, name: str, least: int, most: int, count: int | None = None) -> tuple[int, ...]:
        values = self.several(name, MOST_PEOPLE)
        if count is not None and len(values) != count:
            raise self.wrong(name)
        return tuple(self._whole(value, name, least, most) for value in values)

    def edge(self, name: str) -> Edge:
        fields = self.object(name)
        return Edge(**{setting: fields.number(setting, *limits) for setting, limits in LIMITS.items()})

    def number(self, name: str, least: float, most: float) -> float:
        value = self.any(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.wrong(name)
        return float(value)

    def share_or_none(self, name: str) -> float | None:
        return None if self.any(name) is None else self.number(name, 0, 1)

    def several(self, name: str, longest: int) -> list[Any]:
        value = self.any(name)
        if not isinstance(value, list) or len(value) > longest:
            raise self.wrong(name)
        return value

    def objects(self, name: str, longest: int) -> list[_Fields]:
        return [_Fields(value, name) for value in self.several(name, longest)]

    def object(self, name: str) -> _Fields:
        return _Fields(self.any(name), name)

    def mapping(self, name: str) -> dict[str, Json]:
        value = self.any(name)
        if not isinstance(value, dict):
            raise self.wrong(name)
        return value

    def part(self, name: str, *kinds: str) -> Part:
        value = self.several(name, 2)
        match = PART_NAME.fullmatch(value[0]) if len(value) == 2 and isinstance(value[0], str) else None
        if match is None or match[2] not in (kinds or KINDS):
            raise self.wrong(name)
        return Part(match[1], self._whole(value[1], name, 0, 2**32), match[2])

    def part_or_none(self, name: str, *kinds: str) -> Part | None:
        return None if self.any(name) is None else self.part(name, *kinds)

    def window(self) -> Rect | None:
        if self.any("window") is None:
            return None
        box = Rect(*self.wholes("window", 0, MOST_SIDE, 4))
        if box.is_empty:
            raise self.wrong("window")
        return box

    def refinement_or_none(self, name: str) -> Refinement | None:
        return None if self.any(name) is None else self.refinement(name)

    def refinement(self, name: str) -> Refinement:
        fields = self.object(name)
        strategy: Any = fields.text("strategy")
        if strategy not in get_args(Strategy):
            raise self.wrong(name)
        before = [] if fields.any("begun") is None else fields.objects("begun", 100 * MOST_PEOPLE)
        begun = tuple((one.wholes("order", 1, 2**31), one.whole("turn", 1, 100 * MOST_PEOPLE)) for one in before)
        return Refinement(
            strategy, fields.wholes("order", 1, 2**31), fields.whole("passes", 0, 100), begun, fields.window()
        )

    def wrong(self, name: str) -> _Wrong:
        return _Wrong(f"{self._name}.{name}")

    def _whole(self, value: Any, name: str, least: int, most: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.wrong(name)
        return value


def _record(top: _Fields) -> ProjectRecord:
    seen = top.object("photo")
    photo = PhotoRecord(
        seen.whole("width", 1, MOST_SIDE), seen.whole("height", 1, MOST_SIDE), seen.text("fingerprint"),
        seen.text("name"), seen.text_or_none("path"), seen.text_or_none("sum"), seen.part_or_none("part", "photo"),
    )  # fmt: skip
    # A photo whose record were "a/../b" would lend its name to the files that an export writes.
    if not photo.name or photo.name in (".", "..") or any(sign in photo.name for sign in "/\\\0:"):
        raise _Wrong("photo.name")
    revision = top.whole("revision", 0, 2**53)
    people = tuple(_person(one, photo, revision) for one in top.objects("people", MOST_PEOPLE))
    ids = [one.id for one in people]
    if len(set(ids)) < len(ids):
        raise _Wrong("people.id")
    refinement = top.refinement("refinement")
    try:
        for wish in (refinement, *(one.refinement for one in people if one.refinement is not None)):
            wish.checked_order(ids)
            for order, _ in wish.begun:
                Refinement("cycle", order).checked_order(ids)
    except OrderError as error:
        raise _Wrong("refinement.order") from error
    mattes = tuple(
        MattesRecord(
            one.text("key"), one.wholes("people", 1, 2**31), one.part("alphas", "floats"),
            one.part_or_none("conflicts", "floats"), one.mapping("facts"),
            one.part_or_none("detail", "detail"),
        )
        for one in top.objects("mattes", 16)
    )  # fmt: skip
    return ProjectRecord(
        photo, people, refinement, revision, mattes, top.mapping("settings"), top.part_or_none("thumbnail", "png"),
        top.text("saved"),
    )  # fmt: skip


def _person(one: _Fields, photo: PhotoRecord, revision: int) -> PersonRecord:
    red, green, blue = one.wholes("colour", 0, 255, 3)
    box = Rect(*one.wholes("box", 0, MOST_SIDE, 4))
    if box.is_empty or box.clip(photo.width, photo.height) != box:
        raise one.wrong("box")
    return PersonRecord(
        one.whole("id", 1, 2**31), one.text("name"), (red, green, blue), one.truth("visible"), one.truth("locked"),
        one.share_or_none("score"), box, one.whole("revision", 0, revision), one.part("mask", "png"),
        one.part_or_none("hints", "tiles"), one.part_or_none("pins", "tiles"),
        one.whole("pin_revision", 0, revision), one.refinement_or_none("refinement"), one.edge("edge"),
    )  # fmt: skip
