"""Batch: all photos of a roll are matted, one after the other, whenever the engine has nothing else to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from instmatt_app.core.edits import State, add_people
from instmatt_app.core.interfaces import Step
from instmatt_app.core.project import Project
from instmatt_app.files.project_parts import ProjectError
from instmatt_app.files.project_record import Json
from instmatt_app.files.sessions import Session
from instmatt_app.ui.backend import Backend, lacks_detail, named_detail, named_mattes, sentence
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.jobs import Job, Urgency
from instmatt_app.ui.kept import kept_of
from instmatt_app.ui.roll.roll import Roll, RollPhoto, Stage


class NobodyFound(ValueError):
    """A photo in which nobody was found; the message is a sentence."""


class Batch(QObject):
    """Mattes the photos of a roll that are not done, each into a session of its own.

    The engine's lane has one photo of them at a time, which gives way to whatever the window asks for and is begun anew
    afterwards. ``changed`` says that :attr:`is_running`, :attr:`done` or :attr:`count` is another.
    """

    changed = Signal()

    def __init__(self, roll: Roll, conductor: Conductor, home: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._roll = roll
        self._conductor = conductor
        self._home = home
        self._waiting: list[RollPhoto] = []
        self._running: tuple[Job, RollPhoto, Stage] | None = None
        self.done = 0
        self.count = 0
        lane = conductor.engine_lane
        lane.finished.connect(self._on_finished)
        lane.failed.connect(self._on_failed)
        lane.cancelled.connect(self._on_cancelled)
        roll.changed.connect(self.stop)
        roll.renewed.connect(self._make_way)

    @property
    def is_running(self) -> bool:
        return self._running is not None

    def start(self) -> None:
        """Mattes everything that is not done; the photo that is open as well."""
        if self.is_running:
            return
        self._waiting = [one for one in self._roll.photos if self._is_to_do(one)]
        self.done, self.count = 0, len(self._waiting)
        if self._roll.current is not None and not self._conductor.is_current:
            self._conductor.run()
        self._next()

    def stop(self) -> None:
        """Leaves the rest as it is; the photo that is under way is given up."""
        self._waiting = []
        if self._running is not None:
            self._running[0].stop()
        self.changed.emit()

    def _is_to_do(self, photo: RollPhoto) -> bool:
        """Whether a photo needs it, and nobody is at work on it."""
        is_open = photo in (self._roll.current, self._roll.wanted) or photo.work is not None
        return photo.stage is not Stage.DONE and photo.project is None and not is_open

    def _next(self) -> None:
        while self._waiting:
            photo = self._waiting.pop(0)
            if self._is_to_do(photo):
                self._submit(photo)
                break
        self.changed.emit()

    def _submit(self, photo: RollPhoto) -> None:
        text = self.tr("photo {number} of {count}").format(number=self.done + 1, count=self.count)
        path, folder, backend, home = photo.path, photo.session, self._conductor.backend, self._home

        def work(step: Step) -> Path:
            return matte_into_session(
                path, folder, backend, home, lambda done, total, what: step(done, total, f"{text} — {what}")
            )

        job = Job("batch", work, urgency=Urgency.BEHIND)
        self._running = (job, photo, photo.stage)
        photo.is_busy = True
        self._roll.set_stage(photo, Stage.RUNNING)
        self._conductor.engine_lane.submit(job)

    def _make_way(self, photo: RollPhoto) -> None:
        """A photo that somebody wants to work on is not matted behind their back."""
        if self._running is not None and self._running[1] is photo and not self._is_to_do(photo):
            # Whoever wanted it may want another one before it has ended; then its turn comes again.
            self._running[0].gave_way = True
            self._running[0].stop()

    def _ended(self, job: Job) -> tuple[RollPhoto, Stage] | None:
        if self._running is None or self._running[0] is not job:
            return None
        _, photo, before = self._running
        self._running = None
        return photo, before

    def _on_finished(self, job: Job, result: object) -> None:
        ended = self._ended(job)
        if ended is not None:
            assert isinstance(result, Path)
            photo, _ = ended
            photo.session = result
            self.done += 1
            self._roll.set_stage(photo, Stage.DONE)
            self._roll.free(photo)
            self._next()

    def _on_failed(self, job: Job, error: Exception) -> None:
        ended = self._ended(job)
        if ended is not None:
            self.done += 1
            self._roll.set_stage(ended[0], Stage.FAILED, sentence(error))
            self._roll.free(ended[0])
            self._next()

    def _on_cancelled(self, job: Job) -> None:
        ended = self._ended(job)
        if ended is None:
            return
        photo, before = ended
        self._roll.set_stage(photo, before)
        self._roll.free(photo)
        if job.gave_way:
            self._waiting.insert(0, photo)
        else:
            # Esc: nobody wants any of it.
            self._waiting = []
        self._next()


def matte_into_session(path: Path, folder: Path | None, backend: Backend, home: Path, step: Step) -> Path:
    """Mattes a photo as it was left in the session ``folder``, or from its file, into a session; that one's folder.

    Raises:
        NobodyFound: there is nobody to matte.
        PhotoError, ProjectError, WriteError: it cannot be read or kept. What was kept before stays.
    """
    session = None if folder is None else Session.take_up(folder)
    settings: Mapping[str, Json] = {}
    try:
        if folder is None:
            photo = backend.read(path, step)
            found = backend.find(photo, step) if backend.finds_people() else []
            project = Project(photo)
            project.instances = list(add_people(found).change(State(), project.next_revision).instances)
        elif session is not None:
            opened = session.open(step)
            project, settings = opened.project, opened.settings
        else:
            raise ProjectError(f"The work on “{path.name}” is open in another window.")
        if not project.instances:
            raise NobodyFound(f"Nobody was found in “{path.name}”; open it and draw a box round each person.")
        finished = None
        while finished is None:
            key, result = named_mattes(backend, project, step)
            is_lacking = lacks_detail(backend, result)
            finished = named_detail(backend, key, project, result, step) if is_lacking else result
        session = session or Session.begin(home)
        session.save(project, [kept_of(key, finished)], settings, step)
    except BaseException:
        if session is not None:
            session.leave() if folder is not None else session.discard()
        raise
    session.leave()
    return session.folder
