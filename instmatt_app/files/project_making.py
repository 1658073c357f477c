"""From a project to its record and its parts."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.detail import Detail
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.files.formats.png import encode_png
from instmatt_app.files.photo_reader import read_photo
from instmatt_app.files.project_parts import (
    Part,
    PartStore,
    ProjectError,
    encode_detail,
    encode_floats,
    encode_mask,
    encode_tiles,
)
from instmatt_app.files.project_record import Json, MattesRecord, PersonRecord, PhotoRecord, ProjectRecord
from instmatt_app.files.samples import PhotoError

THUMBNAIL = 256
# Python's zip writer changes to another header beyond this, which the reader of damaged files does not follow.
MOST_PART_BYTES = 2**31 - 2**27


@dataclass(frozen=True, eq=False)
class KeptMattes:
    """Finished mattes that go with a project.

    ``key`` names their input; ``people`` are instance ids; ``alphas`` is float32 (K + 1, h, w), ``conflicts`` (h, w) or
    None. ``facts`` say what is told about the run, such as the engine's name; ``detail`` is finer than the alphas.
    """

    key: str
    people: tuple[int, ...]
    alphas: NDArray[np.float32]
    conflicts: NDArray[np.float32] | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)
    detail: Detail | None = None


def make_record(
    project: Project,
    store: PartStore,
    *,
    mattes: Sequence[KeptMattes] = (),
    settings: Mapping[str, Json] | None = None,
    link_photo: bool = False,
    step: Step = silent,
) -> ProjectRecord:
    """The project's record, with all its parts in the store. Raises WriteError, ProjectError."""
    count = len(project.instances) + 2
    step(0, count, "saving the photo")
    photo = _photo_record(project.photo, store, link_photo)
    people = []
    for number, one in enumerate(project.instances):
        step(number + 1, count, f"saving {one.name}")
        people.append(_person_record(one, project.photo, store))
    step(count - 1, count, "saving the mattes")
    kept = []
    for done in mattes:
        conflicts = None if done.conflicts is None else _floats(done.conflicts, store)
        detail = None if done.detail is None else _detail(done.detail, store)
        kept.append(MattesRecord(done.key, done.people, _floats(done.alphas, store), conflicts, done.facts, detail))
    thumbnail = store.put(project.photo, "png", lambda: encode_png(project.photo.at(THUMBNAIL)))
    record = ProjectRecord(
        photo, tuple(people), project.refinement, project.revision, tuple(kept), settings or {}, thumbnail
    )
    if any(part.size > MOST_PART_BYTES for part in record.parts()):
        raise ProjectError("The photo is too large to lie inside a project; save with a link to the photo instead.")
    return record


def _floats(array: NDArray[np.float32], store: PartStore) -> Part:
    return store.put(array, "floats", lambda: encode_floats(array))


def _detail(detail: Detail, store: PartStore) -> Part:
    return store.put(detail, "detail", lambda: encode_detail(detail))


def _person_record(one: Instance, photo: Photo, store: PartStore) -> PersonRecord:
    def plane(tiles: TilePlane | None) -> Part | None:
        return None if tiles is None or tiles.is_empty else store.put(tiles, "tiles", lambda: encode_tiles(tiles))

    box = one.box.clip(photo.width, photo.height)
    return PersonRecord(
        one.id,
        one.name[:4096],
        one.colour,
        one.visible,
        one.locked,
        one.score,
        Rect(0, 0, photo.width, photo.height) if box.is_empty else box,
        one.revision,
        store.put(one.mask, "png", lambda: encode_mask(one.mask)),
        plane(one.hints),
        plane(one.pins),
        one.pin_revision,
        one.refinement,
        one.edge,
    )


def _photo_record(photo: Photo, store: PartStore, link: bool) -> PhotoRecord:
    name = photo.path.name if photo.path is not None else "photo.png"
    plain = PhotoRecord(
        photo.width, photo.height, photo.fingerprint, "".join("_" if sign in "/\\\0:" else sign for sign in name)
    )
    path = None if photo.path is None else str(photo.path.absolute())
    if link and photo.path is not None:
        data = _file_of(photo, store)
        if data is not None:
            return replace(plain, path=path, sum=sha256(data).hexdigest())
    part = store.put(photo.pixels, "photo", lambda: _file_of(photo, store) or encode_png(photo.pixels, photo.profile))
    return replace(plain, path=path, part=part)


def _file_of(photo: Photo, store: PartStore) -> bytes | None:
    """The bytes of the photo's file, as long as it still holds this photo: as small as it came, with all it says."""
    if photo.path is None or not photo.path.is_file():
        return None
    try:
        data = photo.path.read_bytes()
        same = decoded_photo(data, photo.path.name).fingerprint == photo.fingerprint
    except (OSError, PhotoError):
        return None
    return data if same else None


def decoded_photo(data: bytes, name: str) -> Photo:
    """The photo in these bytes, read from a file of a name that is ours. Raises PhotoError, OSError."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "photo"
        place.write_bytes(data)
        try:
            return read_photo(place)
        except PhotoError as error:
            raise PhotoError(str(error).replace("“photo”", f"“{name}”")) from error
