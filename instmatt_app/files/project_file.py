"""Projects on the disk: saved whole or not at all, three generations deep, and opened with distrust.

docs/project-format.md describes the file.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from instmatt_app import __version__
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.project import Project
from instmatt_app.files.atomic import WriteError, sweep_leftovers, write_beside, write_error
from instmatt_app.files.project_making import KeptMattes, make_record
from instmatt_app.files.project_parts import PartLost, PartStore, ProjectError
from instmatt_app.files.project_record import MOST_RECORD_BYTES, Json, ProjectRecord, read_record, record_bytes
from instmatt_app.files.project_restoring import OpenedProject, restore
from instmatt_app.files.project_zip import scan_zip, write_zip

SUFFIX = ".instmatt"
GENERATIONS = 3


@dataclass(frozen=True)
class Stamp:
    """What tells one state of a file on the disk from another."""

    device: int
    number: int
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> Stamp | None:
        """The file's stamp; None if there is none."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


# --- Saving -----------------------------------------------------------------------------------------------------------


def save_project(
    path: Path,
    project: Project,
    *,
    mattes: Sequence[KeptMattes] = (),
    settings: Mapping[str, Json] | None = None,
    link_photo: bool = False,
    store: PartStore | None = None,
    overwrite: bool = False,
    step: Step = silent,
) -> Stamp:
    """Writes the project to a file, and returns the file's stamp.

    ``link_photo`` leaves the photo where it is and keeps its place and sum. ``store`` has what was encoded before. With
    ``overwrite`` a file that is there becomes ``….instmatt1``, and that one ``….instmatt2``; at every moment there is a
    whole file under ``path``. Raises FileExistsError, WriteError; ProjectError for a photo that cannot be kept.
    """
    if store is None:
        with contextlib.ExitStack() as stack:
            try:
                folder = stack.enter_context(tempfile.TemporaryDirectory(dir=path.parent, prefix="."))
            except OSError as error:
                raise write_error(path, error) from error
            return save_project(
                path, project, mattes=mattes, settings=settings, link_photo=link_photo,
                store=PartStore(Path(folder)), overwrite=overwrite, step=step,
            )  # fmt: skip
    # A link to a project stays a link.
    path = Path(os.path.realpath(path))
    if not overwrite and os.path.lexists(path):
        raise FileExistsError(f"“{path.name}” exists already in “{path.parent}”; choose another name.")
    sweep_leftovers(path.parent)
    record = make_record(project, store, mattes=mattes, settings=settings, link_photo=link_photo, step=step)
    parts = [(part.name, store.path(part)) for part in record.parts()]

    def write(beside: Path) -> None:
        write_zip(beside, record_bytes(record, __version__), parts, step)

    def swap(beside: Path) -> None:
        write(beside)
        with beside.open("r+b") as file:
            os.fsync(file.fileno())
        # As late as can be, so that a save that fails has moved nothing.
        keep_generations(path)

    write_beside(path, swap if overwrite else write, overwrite)
    stamp = Stamp.of(path)
    if stamp is None:
        raise WriteError(f"“{path.name}” was written and is gone again; look whether the disk is still there.")
    return stamp


def keep_generations(path: Path) -> None:
    """Gives the file that is there a second name, that of the generation before; older ones move on, the last goes.

    The file itself stays under its own name. Raises WriteError.
    """
    if not path.is_file():
        return
    names = [path.with_name(f"{path.name}{number}") for number in range(1, GENERATIONS)]
    try:
        for newer, older in reversed(list(pairwise(names))):
            if newer.exists():
                newer.replace(older)
        _twin(path, names[0])
    except OSError as error:
        raise write_error(names[0], error) from error


def _twin(path: Path, name: Path) -> None:
    """The same file under another name, or a copy where the disk knows no second names."""
    name.unlink(missing_ok=True)
    try:
        os.link(path, name)
    except OSError:
        write_beside(name, partial(_copy, path), overwrite=True)


def _copy(path: Path, beside: Path) -> None:
    shutil.copyfile(path, beside)


# --- Opening ----------------------------------------------------------------------------------------------------------


def open_project(
    path: Path, *, photo: Photo | None = None, store: PartStore | None = None, step: Step = silent
) -> OpenedProject:
    """The project in a file; ``photo`` and ``store`` as for :func:`project_restoring.restore`.

    Nothing in the file is run or written anywhere under a name of its own. Sizes are known before anything is
    unpacked, every part is checked by its sum, and what is lost is said. Raises ProjectError, PhotoMissing.
    """
    try:
        with path.open("rb") as file:
            found = scan_zip(file, path.name)
            record = best_record(found.records(MOST_RECORD_BYTES), path.name)
            opened = restore(record, found, path.name, near=path.parent, photo=photo, store=store, step=step)
    except FileNotFoundError as error:
        raise ProjectError(
            f"“{path.name}” was not found; it may have been moved or renamed, so choose it again."
        ) from error
    except OSError as error:
        raise ProjectError(f"“{path.name}” cannot be read ({error.strerror or error}).") from error
    if found.damaged and not opened.lost:
        return replace(opened, lost=(f"“{path.name}” is damaged, but nothing of it was lost; save it anew.",))
    return opened


def read_thumbnail(path: Path) -> bytes | None:
    """The small PNG picture of a project file, or None."""
    try:
        with path.open("rb") as file:
            found = scan_zip(file, path.name)
            thumbnail = best_record(found.records(MOST_RECORD_BYTES), path.name).thumbnail
            return None if thumbnail is None else found.read(thumbnail)
    except (OSError, ProjectError, PartLost):
        return None


def best_record(candidates: list[bytes], name: str) -> ProjectRecord:
    """The first record that can be read; the error of the first if none can."""
    if not candidates:
        raise ProjectError(f"“{name}” is no project of InstMatt Studio, or is damaged beyond reading.")
    first: ProjectError | None = None
    for data in candidates:
        try:
            return read_record(data, name)
        except ProjectError as error:
            first = first or error
    assert first is not None
    raise first
