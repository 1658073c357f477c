"""From a record and its parts to a project, as far as they can be read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.hints import Hint, Pin
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.files.photo_reader import read_photo
from instmatt_app.files.project_making import THUMBNAIL, KeptMattes, decoded_photo
from instmatt_app.files.project_parts import (
    Part,
    PartLost,
    PartStore,
    ProjectError,
    decode_detail,
    decode_floats,
    decode_mask,
    decode_tiles,
)
from instmatt_app.files.project_record import Json, MattesRecord, PersonRecord, PhotoRecord, ProjectRecord
from instmatt_app.files.samples import PhotoError

MOST_PLANE_BYTES = 8 * 2**30
T = TypeVar("T")


class PhotoMissing(ProjectError):
    """A project whose photo was not found; it can be opened with a photo that somebody chooses."""


@dataclass(frozen=True, eq=False)
class OpenedProject:
    """A project from the disk. ``lost`` says in sentences what could not be read of it."""

    project: Project
    mattes: tuple[KeptMattes, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


class PartSource(Protocol):
    """Where the parts of a project are read from."""

    def read(self, part: Part) -> bytes:
        """The bytes of a part. Raises PartLost."""


def restore(
    record: ProjectRecord,
    source: PartSource,
    name: str,
    *,
    near: Path | None = None,
    photo: Photo | None = None,
    store: PartStore | None = None,
    step: Step = silent,
) -> OpenedProject:
    """The project that a record describes; ``near`` is the folder where a linked photo is looked for as well.

    ``photo`` takes the place of the photo; ``store`` is given what was read, so that the next save encodes nothing.

    Raises ProjectError if there is no photo.
    """
    count = len(record.people) + 2
    step(0, count, "reading the photo")
    lost: list[str] = []
    parts = _Parts(source, store)
    picture = photo or _restored_photo(record.photo, parts, name, near, lost)
    if (picture.width, picture.height) != (record.photo.width, record.photo.height):
        raise ProjectError(
            f"The photo is {picture.width} × {picture.height} pixels and “{name}” was made for one of "
            f"{record.photo.width} × {record.photo.height}; choose the photo that belongs to it."
        )
    project = Project(picture, refinement=record.refinement, revision=record.revision)
    for number, one in enumerate(record.people):
        step(number + 1, count, f"reading {one.name}")
        person = _restored_person(one, parts, picture, project.next_revision, lost)
        if person is not None:
            project.instances.append(person)
        if parts.plane_bytes > MOST_PLANE_BYTES:
            raise ProjectError(f"“{name}” holds more masks than fit into memory; it was not opened.")
    step(count - 1, count, "reading the mattes")
    mattes = []
    ids = {one.id for one in project.instances}
    for kept in record.mattes:
        # Mattes can be made again, so their loss is not worth a sentence.
        with contextlib.suppress(PartLost):
            if set(kept.people) <= ids and len(set(kept.people)) == len(kept.people):
                mattes.append(_restored_mattes(kept, parts, picture))
    return OpenedProject(_without_the_lost(project), tuple(mattes), record.settings, tuple(lost))


def _without_the_lost(project: Project) -> Project:
    """The project with nobody in an order who is not there."""
    ids = {one.id for one in project.instances}
    project.refinement = project.refinement.after_loss(ids)
    for one in project.instances:
        if one.refinement is not None:
            one.refinement = one.refinement.after_loss(ids)
    return project


def _restored_photo(record: PhotoRecord, parts: _Parts, name: str, near: Path | None, lost: list[str]) -> Photo:
    place = _link_target(record, near)
    if record.part is not None:
        with contextlib.suppress(PartLost, PhotoError, OSError):
            data = parts.source.read(record.part)
            shown = place or (near / record.name if near is not None else Path(record.name))
            photo = replace(decoded_photo(data, record.name), path=shown)
            parts.adopt(photo.pixels, record.part, data)
            return photo
    if place is not None:
        with contextlib.suppress(PhotoError, OSError):
            photo = read_photo(place)
            same = (
                photo.fingerprint == record.fingerprint
                if record.sum is None
                else sha256(place.read_bytes()).hexdigest() == record.sum
            )
            if same and record.part is not None:
                lost.append(f"The photo inside “{name}” is lost; it was read from “{place}” instead.")
            if same:
                return photo
        raise PhotoMissing(
            f"“{place.name}” is not, or not any more, the photo “{name}” was made for; choose the original."
        )
    raise PhotoMissing(f"“{name}” needs its photo “{record.name}”, which was not found; choose the photo.")


def _link_target(record: PhotoRecord, near: Path | None) -> Path | None:
    """Where the photo's own file is: beside the project, or where it was; never on a computer that a project names."""
    candidates = [] if near is None else [near / record.name]
    if record.path is not None and not record.path.startswith(("\\\\", "//")) and "\0" not in record.path:
        candidates.append(Path(record.path))
    for place in candidates:
        with contextlib.suppress(OSError):
            if place.is_file():
                return place
    return None


@dataclass(eq=False)
class _Parts:
    """Reads each part once, so people who share one share its array; ``store`` keeps it for the next save.

    ``plane_bytes`` is what all masks, strokes and pins that were read take in memory.
    """

    source: PartSource
    store: PartStore | None
    plane_bytes: int = 0
    _read: dict[tuple[Part, int], object] = field(default_factory=dict)

    def once(self, part: Part, decode: Callable[[bytes], T], kind: int = 0) -> T:
        """What ``decode`` makes of a part; ``kind`` tells uses of the same bytes apart. Raises PartLost."""
        known: T | None = self._read.get((part, kind))  # type: ignore[assignment]
        if known is not None:
            return known
        data = self.source.read(part)
        made = decode(data)
        self._read[part, kind] = made
        if isinstance(made, TilePlane):
            self.plane_bytes += made.nbytes
        self.adopt(made, part, data)
        return made

    def adopt(self, made: object, part: Part, data: bytes) -> None:
        # A full disk is no reason to leave a project closed.
        with contextlib.suppress(OSError):
            if self.store is not None:
                self.store.put(made, part.kind, lambda: data)


def _restored_person(
    record: PersonRecord, parts: _Parts, photo: Photo, next_revision: Callable[[], int], lost: list[str]
) -> Instance | None:
    person = Instance(
        record.id, record.name, TilePlane(photo.height, photo.width), record.box, None, record.score, record.locked,
        record.visible, record.revision, record.colour, None, record.pin_revision, record.refinement,
        record.edge,
    )  # fmt: skip
    gone = []
    for what, part, most in (("strokes", record.hints, int(max(Hint))), ("pins", record.pins, int(max(Pin)))):
        if part is not None:
            try:
                plane = parts.once(part, partial(decode_tiles, height=photo.height, width=photo.width, most=most), most)
                person = replace(person, hints=plane) if what == "strokes" else replace(person, pins=plane)
            except PartLost:
                gone.append(what)
    try:
        person = replace(
            person, mask=parts.once(record.mask, partial(decode_mask, height=photo.height, width=photo.width))
        )
    except PartLost:
        if person.hints is None:
            lost.append(f"{record.name} is lost.")
            return None
        gone.append("mask")
    if gone:
        lost.append(f"{record.name}: {' and '.join(gone)} lost.")
        # Other pixels than those that had the old numbers.
        person = replace(person, revision=next_revision())
        person = replace(person, pin_revision=0 if person.pins is None else next_revision())
    return person


def _restored_mattes(kept: MattesRecord, parts: _Parts, photo: Photo) -> KeptMattes:
    most = (len(kept.people) + 1, photo.height, photo.width)
    alphas = parts.once(kept.alphas, partial(decode_floats, most=most, highest=1))
    if alphas.shape[0] != most[0]:
        raise PartLost("mattes of other people")
    conflicts = None
    if kept.conflicts is not None:
        conflicts = parts.once(kept.conflicts, partial(decode_floats, most=most[1:], highest=most[0]))
        if conflicts.shape != alphas.shape[1:]:
            raise PartLost("conflicts of another size")
    detail = None
    if kept.detail is not None:
        read = partial(decode_detail, height=photo.height, width=photo.width, people=kept.people)
        detail = parts.once(kept.detail, read)
    return KeptMattes(kept.key, kept.people, alphas, conflicts, kept.facts, detail)


def thumbnail_pixels(data: bytes) -> NDArray[np.uint8] | None:
    """The picture of a thumbnail's PNG file, uint8 (h, w, 3) RGB; None if it is anything else."""
    if len(data) < 26 or max(int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) > THUMBNAIL:
        return None
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    return None if decoded is None else decoded.astype(np.uint8, copy=False)
