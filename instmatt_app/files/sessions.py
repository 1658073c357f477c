"""Sessions: what is being worked on, kept in a folder of the program's own until it is saved or thrown away.

A session holds parts and records. Every autosave adds the parts that are new, writes the record beside the last and
swaps it in, and keeps the two records before; so it costs what has changed. The window that works on a session holds
its lock; a session that nobody holds was left, by a crash or on purpose, and can be taken up.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from instmatt_app import __version__
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.project import Project
from instmatt_app.files.atomic import write_beside, write_error
from instmatt_app.files.locks import FileLock
from instmatt_app.files.project_file import GENERATIONS
from instmatt_app.files.project_making import KeptMattes, make_record
from instmatt_app.files.project_parts import PartLost, PartStore, ProjectError
from instmatt_app.files.project_record import MOST_RECORD_BYTES, Json, ProjectRecord, read_record, record_bytes
from instmatt_app.files.project_restoring import OpenedProject, restore

_RECORDS = ("project.json", *(f"project-{number}.json" for number in range(1, GENERATIONS)))


class Session:
    """A session's folder, held by this program."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self.folder = folder
        self.store = PartStore(folder)
        self._lock = lock

    @classmethod
    def begin(cls, home: Path) -> Session:
        """A new session among those in ``home``. Raises WriteError."""
        # Sorted by name they are sorted by age, to the second.
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        hidden, folder = home / f".{name}", home / name
        try:
            home.mkdir(parents=True, exist_ok=True)
            hidden.mkdir(mode=0o700)
            # Held before it can be found: another window that looks for left sessions would take an empty one away.
            lock = FileLock(hidden / "lock")
            lock.acquire()
            hidden.rename(folder)
        except OSError as error:
            raise write_error(folder / "project.json", error) from error
        return cls(folder, lock)

    @classmethod
    def take_up(cls, folder: Path) -> Session | None:
        """A session that was left; None if a running window holds it."""
        lock = FileLock(folder / "lock")
        with contextlib.suppress(OSError):
            if lock.acquire():
                return cls(folder, lock)
        return None

    def save(
        self,
        project: Project,
        mattes: Sequence[KeptMattes] = (),
        settings: Mapping[str, Json] | None = None,
        step: Step = silent,
    ) -> None:
        """Keeps the project as it stands. Raises WriteError, ProjectError; what was kept before stays then."""
        record = make_record(project, self.store, mattes=mattes, settings=settings, step=step)
        content = record_bytes(record, __version__)
        newest = self.folder / _RECORDS[0]
        try:
            for newer, older in reversed(list(pairwise(_RECORDS[1:]))):
                if (self.folder / newer).exists():
                    (self.folder / newer).replace(self.folder / older)
            if newest.exists():
                write_beside(self.folder / _RECORDS[1], newest.read_bytes(), overwrite=True)
        except OSError as error:
            raise write_error(newest, error) from error
        write_beside(newest, content, overwrite=True)
        self.store.keep_only({part.name for one in _records(self.folder) for part in one.parts()})

    def open(self, step: Step = silent) -> OpenedProject:
        """What was kept last, or before where that is lost. Raises ProjectError."""
        return _open(self.folder, self.store, step)

    def forget(self) -> None:
        """What is kept is in a project's file by now; the parts stay for what comes next."""
        for name in _RECORDS:
            with contextlib.suppress(OSError):
                (self.folder / name).unlink(missing_ok=True)

    def leave(self) -> None:
        """Lets go of the session; it stays, to be taken up."""
        self._lock.release()

    def discard(self) -> None:
        """Removes the session with all that is in it."""
        # Records first: whatever stops this, no session is left that looks whole and is not.
        self.forget()
        if os.name == "nt":
            self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()


@dataclass(frozen=True)
class LeftSession:
    """A session that nobody works on: the photo's name, how many people, when it was kept, its small PNG picture."""

    folder: Path
    name: str
    people: int
    saved: datetime
    settings: Mapping[str, Json]
    thumbnail: bytes | None


def left_sessions(home: Path) -> list[LeftSession]:
    """The sessions in ``home`` that nobody works on, the newest first; what holds nothing readable is removed."""
    found = []
    for folder in sorted(home.iterdir(), reverse=True) if home.is_dir() else []:
        session = None if folder.name.startswith(".") or not folder.is_dir() else Session.take_up(folder)
        if session is None:
            continue
        try:
            record = next(_records(folder), None)
            if record is None:
                session.discard()
                continue
            thumbnail = None
            with contextlib.suppress(PartLost):
                thumbnail = None if record.thumbnail is None else session.store.read(record.thumbnail)
            saved = datetime.now(UTC)
            with contextlib.suppress(ValueError):
                saved = datetime.fromisoformat(record.saved)
            found.append(LeftSession(folder, record.photo.name, len(record.people), saved, record.settings, thumbnail))
        finally:
            session.leave()
    return found


def _records(folder: Path) -> Iterator[ProjectRecord]:
    """The records that can be read, the newest first."""
    for data in _record_files(folder):
        with contextlib.suppress(ProjectError):
            yield read_record(data, folder.name)


def _record_files(folder: Path) -> list[bytes]:
    found = []
    for name in _RECORDS:
        with contextlib.suppress(OSError):
            path = folder / name
            if path.stat().st_size <= MOST_RECORD_BYTES:
                found.append(path.read_bytes())
    return found


def _open(folder: Path, store: PartStore, step: Step) -> OpenedProject:
    best: OpenedProject | None = None
    failure: ProjectError | None = None
    for record in _records(folder):
        try:
            opened = restore(record, store, record.photo.name, store=store, step=step)
        except ProjectError as error:
            failure = failure or error
            continue
        if not opened.lost:
            return opened
        best = best or opened
    if best is not None:
        return best
    raise failure or ProjectError("What was kept of this work is damaged beyond reading.")
