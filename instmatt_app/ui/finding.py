"""Finding: people are looked for by the recogniser, in boxes, and at clicks."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from instmatt_app.core.edits import add_people
from instmatt_app.core.interfaces import Detection, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.ui.backend import Backend, Clicks
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import MATTING, Job, Lane


class Finder(QObject):
    """Looks for people on the engine lane, and makes who is found a part of the document.

    ``pointed_at`` carries clicks and who was found at them, ``candidates_came`` the people of
    whom the recogniser is less sure, ``said`` a sentence and whether it is about trouble.
    """

    pointed_at = Signal(object, object)
    candidates_came = Signal(list)
    said = Signal(str, bool)

    def __init__(self, document: Document, backend: Backend, lane: Lane, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._backend = backend
        self._lane = lane
        lane.finished.connect(self._on_finished)
        lane.cancelled.connect(self._on_ended)
        lane.failed.connect(self._on_ended)

    def recognise(self) -> None:
        """Looks for people, where a recogniser is ready."""
        photo = self._document.photo
        if photo is not None:
            self._lane.submit(Job("find", lambda step: (photo, self._find(photo, step))))

    def add_box(self, box: Rect) -> None:
        """Adds the person whom a box holds."""
        photo = self._document.photo
        if photo is not None and not box.clip(photo.width, photo.height).is_empty:
            self._lane.submit(Job("box", lambda step: (photo, self._backend.find_in_box(photo, box, step))))

    def look_for_candidates(self) -> None:
        """Looks for people of whom the recogniser is less sure, who come by ``candidates_came``."""
        photo = self._document.photo
        if photo is not None:
            self._lane.stop_all(("candidates",))
            self._lane.submit(Job("candidates", lambda step: (photo, self._backend.find_candidates(photo, step))))

    def point_at(self, clicks: Clicks) -> None:
        """Looks for whom clicks point at, who comes by ``pointed_at``; newer clicks take the place of older ones."""
        project = self._document.snapshot()
        if project is not None:
            photo = project.photo
            self._lane.stop_all((*MATTING, "clicks"))
            work = Job("clicks", lambda step: (photo, clicks, self._backend.find_at_clicks(project, clicks, step)))
            self._lane.submit(work)

    def add(self, found: Detection) -> None:
        """Makes somebody who was pointed at one of the people."""
        self._document.do(add_people([found]))

    def _find(self, photo: Photo, step: Step) -> list[Detection]:
        return self._backend.find(photo, step) if self._backend.finds_people() else []

    def _on_ended(self, job: Job, error: Exception | None = None) -> None:
        # Somebody may be waiting for them.
        if job.name == "candidates":
            self.candidates_came.emit([])

    def _on_finished(self, job: Job, result: object) -> None:
        if job.name not in ("find", "box", "clicks", "candidates") or job.stopped.is_set():
            return
        assert isinstance(result, tuple)
        photo, *rest = result
        if photo is not self._document.photo:
            return
        if job.name == "clicks":
            self.pointed_at.emit(*rest)
            return
        if job.name == "candidates":
            self.candidates_came.emit(*rest)
            return
        self._document.do(add_people(rest[0]))
        if not rest[0]:
            self.said.emit(self.tr("Draw a box round each person (W and drag), or click on them (C)."), False)
