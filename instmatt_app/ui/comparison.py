"""Comparison: the mattes as they are beside those that another refinement makes of the same guidance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from instmatt_app.api import Result
from instmatt_app.core.edits import keep_refinement, set_refinement
from instmatt_app.core.project import Key
from instmatt_app.core.refinement import Refinement
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job
from instmatt_app.ui.turns import as_everybody


class Comparison(QObject):
    """What lies left in the wipe: ``other`` is made by ``wish`` for everybody. ``changed`` says that either is new."""

    changed = Signal()

    def __init__(self, document: Document, conductor: Conductor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._wanted: Key | None = None
        self._job: Job | None = None
        self.wish: Refinement | None = None
        self.other: Result | None = None
        conductor.shown_changed.connect(self._renew)
        conductor.answered.connect(self._on_answered)
        conductor.engine_lane.cancelled.connect(self._on_cancelled)
        conductor.engine_lane.failed.connect(self._on_failed)
        document.replaced.connect(lambda: self.compare(None))

    def compare(self, wish: Refinement | None) -> None:
        """Compares with this refinement from now on; None: no longer."""
        self.wish, self.other, self._wanted, self._job = wish, None, None, None
        self.changed.emit()
        self._renew()

    def give_up(self) -> None:
        """Compares no longer, where what lies left is still being computed."""
        if self.other is None:
            self.compare(None)

    def keep(self, people: Collection[int]) -> None:
        """Keeps the other one: for these people alone, or, if none are named, for everybody."""
        if self.wish is None:
            return
        if people:
            self._document.do(keep_refinement(people, self.wish))
        else:
            self._document.do(set_refinement(self.wish))

    def _renew(self) -> None:
        # Only beside mattes that are complete: the project's own come first.
        project = self._document.snapshot()
        if self.wish is None or project is None or not self._conductor.is_current:
            return
        order = [number for number in self.wish.order if number in self._document.state.ids()]
        wish = replace(self.wish, order=tuple(order), begun=())
        aside = as_everybody(project, wish)
        key = self._conductor.key_of(aside)
        if key == self._wanted:
            return
        self._wanted = key
        self._take(self._conductor.ask(aside))

    def _on_answered(self, key: Key, result: Result) -> None:
        if key == self._wanted:
            self._take(result)

    def _take(self, found: Result | Job) -> None:
        self.other, self._job = (None, found) if isinstance(found, Job) else (found, None)
        self.changed.emit()

    def _on_cancelled(self, job: Job) -> None:
        if job is self._job:
            # A change of the project came in between, which may be undone by now.
            self._job = self._wanted = None
            self._renew()

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self.compare(None)
