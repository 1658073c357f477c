"""Settings: the preferences as they are now; whoever depends on them listens, and the file follows by itself."""

from __future__ import annotations

import contextlib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from instmatt_app.core.interfaces import Step
from instmatt_app.files.atomic import WriteError
from instmatt_app.files.preferences import Preferences, damaged_file, read_preferences, write_preferences
from instmatt_app.ui.jobs import Job, Lane


class Settings(QObject):
    """Holds the preferences of one file; without a file they last as long as this object.

    ``changed`` carries the names of the values that are others now (a frozenset), after :attr:`now` has them; ``said``
    as in the conductor. The file is written on a lane of its own.
    """

    changed = Signal(object)
    said = Signal(str, bool)

    def __init__(self, path: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.now, self.lost = (Preferences(), []) if path is None else read_preferences(path)
        self._written = self.now
        self._lane: Lane | None = None

    def change(self, **values: Any) -> None:
        """Prefers these values from now on."""
        self.use(replace(self.now, **values))

    def use(self, wanted: Preferences) -> None:
        """Prefers all of this from now on."""
        different = frozenset(
            one.name for one in fields(Preferences) if getattr(wanted, one.name) != getattr(self.now, one.name)
        )
        if not different:
            return
        self.now = wanted
        if self._path is not None:
            self._write(self._path, wanted)
        self.changed.emit(different)

    def see(self, name: str) -> bool:
        """Notes that something was offered that is offered only once; whether this is the first time."""
        if name in self.now.seen:
            return False
        self.change(seen=self.now.seen | {name})
        return True

    def trouble(self) -> str:
        """A sentence about what could not be read; empty where everything could."""
        if not self.lost or self._path is None:
            return ""
        kept = damaged_file(self._path)
        if "file" in self.lost:
            text = self.tr("The preferences could not be read and are as at first. The file is kept as “{kept}”.")
        else:
            text = self.tr("Some preferences could not be read: {names}. The file as it was is kept as “{kept}”.")
        return text.format(names=", ".join(self.lost), kept=kept)

    def close(self) -> None:
        """Waits until the file says what is preferred."""
        if self._lane is not None:
            self._lane.close()
        if self._path is not None and self._written != self.now:
            # Where the disk takes nothing, that was said when it was tried first.
            with contextlib.suppress(WriteError):
                write_preferences(self._path, self.now)

    def _write(self, path: Path, wanted: Preferences) -> None:
        if self._lane is None:
            self._lane = Lane("preferences", self)
            self._lane.failed.connect(self._on_failed)
            self._lane.finished.connect(self._on_finished)

        def write(step: Step) -> Preferences:
            write_preferences(path, wanted)
            return wanted

        self._lane.submit(Job("write", write))

    def _on_finished(self, job: Job, written: object) -> None:
        assert isinstance(written, Preferences)
        self._written = written

    def _on_failed(self, job: Job, error: Exception) -> None:
        self.said.emit(self.tr("The preferences could not be kept. {reason}").format(reason=error), True)
