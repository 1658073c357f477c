"""Autosave: keeps the work in a session of its own, every minute and before each run, until it is in a project file.

All disk work is done on a lane of its own, which Esc does not stop. Nothing is asked when the window closes or another
photo takes the place of this one: work that is in no project file stays in its session, and is offered again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from instmatt_app.core.edits import State
from instmatt_app.core.interfaces import Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.project import Project
from instmatt_app.files.project_making import KeptMattes
from instmatt_app.files.project_record import Json
from instmatt_app.files.sessions import Session
from instmatt_app.ui.backend import sentence
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job, Lane
from instmatt_app.ui.kept import kept_of

EVERY_MS = 60_000


@dataclass(eq=False)
class Work:
    """What is kept of one document. Both fields belong to the lane's thread once a job has been submitted.

    ``saved`` is the state that was last written to a project's file.
    """

    session: Session | None = None
    saved: State | None = None

    def begun(self, home: Path) -> Session:
        """The session, which begins when there is something to keep. Raises WriteError."""
        if self.session is None:
            self.session = Session.begin(home)
        return self.session

    def end(self, keep: bool) -> Path | None:
        """Lets go of the session, or removes it; its folder, if there is something in it to be taken up."""
        session, self.session = self.session, None
        if session is None:
            return None
        if keep:
            session.leave()
            return session.folder
        session.discard()
        return None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The document at one moment, for the lane."""

    project: Project
    mattes: list[KeptMattes]
    settings: dict[str, Json]


class Autosave(QObject):
    """Keeps the document.

    ``settings`` is asked for what else belongs to the project. ``said`` carries a sentence about trouble, once until it
    works again; ``kept_changed`` says that :attr:`is_kept` may be another; ``ended`` carries the work on a document
    that is no longer there, and the folder in which it was left, or None.
    """

    said = Signal(str, bool)
    kept_changed = Signal()
    ended = Signal(object, object)

    def __init__(
        self,
        document: Document,
        conductor: Conductor,
        home: Path,
        settings: Callable[[], dict[str, Json]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._settings = settings
        self.home = home
        self.work = Work()
        self.failing = False
        self._photo: Photo | None = None
        self._latest: tuple[State, Project] | None = None
        self._latest_settings: dict[str, Json] = {}
        self._unsaved = False
        self._kept: State | None = None
        self._asked: dict[Job, State] = {}
        self.lane = Lane("projects", self)
        self.lane.finished.connect(self._on_finished)
        self.lane.failed.connect(self._on_failed)
        self.timer = QTimer(self)
        self.timer.setInterval(EVERY_MS)
        self.timer.timeout.connect(self.keep)
        self.timer.start()
        conductor.engine_lane.started.connect(self._before_run)
        document.history.moved.connect(self._on_moved)
        document.replaced.connect(self._on_replaced)

    @property
    def is_kept(self) -> bool:
        """Whether the document as it stands is on the disk, in its session or in a project file."""
        return not self._unsaved or self._kept is self._document.state

    def snapshot(self) -> Snapshot | None:
        """The document as it stands, with its mattes where they are current."""
        project, result = self._document.snapshot(), self._conductor.result
        if project is None:
            return None
        mattes = []
        if result is not None and self._conductor.is_current:
            mattes = [kept_of(self._conductor.key_of(project), result)]
        return Snapshot(project, mattes, self._settings())

    def keep(self) -> None:
        """Keeps the document, if it has changed since and is in no project file."""
        if self.is_kept or self._document.state in self._asked.values():
            return
        snapshot = self.snapshot()
        if snapshot is not None:
            self._asked[self._submit(self.work, snapshot)] = self._document.state

    def keep_whole(self) -> Job | None:
        """Keeps the document with its mattes, before another takes its place; None where there is nothing to keep."""
        snapshot = self.snapshot()
        if not self._unsaved or snapshot is None:
            return None
        job = self._submit(self.work, snapshot)
        self._asked[job] = self._document.state
        return job

    def adopt(self, session: Session) -> None:
        """The document as it stands came from this session, and is kept in it."""
        self.work.session = session
        self._kept = self._document.state

    def forget(self) -> None:
        """The document is in a project's file, and what its session held is not needed any more."""
        self._kept = None

    def close(self, is_wanted: Callable[[str], bool]) -> bool:
        """Keeps what is in no project file, with its mattes, waits for the lane and ends it.

        If that fails ``is_wanted`` is asked, with the reason, whether to close all the same; if not, nothing is closed
        and False comes back.
        """
        if not self.lane.is_alive:
            return True
        self._wait(lambda step: None)
        keep = self._unsaved and self.work.saved is not self._document.state
        snapshot = self.snapshot() if keep else None
        # What was kept while they were computed has no mattes, which may have taken minutes.
        if snapshot is not None and (snapshot.mattes or not self.is_kept):
            error = self._wait(lambda step: self._keep(self.work, snapshot, step))
            if error is not None and not self.is_kept and not is_wanted(sentence(error)):
                return False
        self.timer.stop()
        self._wait(lambda step: self.work.end(keep))
        self.lane.close()
        return True

    # --- What happened ------------------------------------------------------------------------------------------------

    def _submit(self, work: Work, snapshot: Snapshot) -> Job:
        return self.lane.submit(Job("keep", lambda step: self._keep(work, snapshot, step)))

    def _keep(self, work: Work, snapshot: Snapshot, step: Step) -> None:
        work.begun(self.home).save(snapshot.project, snapshot.mattes, snapshot.settings, step)

    def _wait(self, work: Callable[[Step], object]) -> Exception | None:
        """Does this on the lane, after all that waits there, and comes back when it is done."""
        done, errors = threading.Event(), list[Exception]()

        def all_of_it(step: Step) -> None:
            try:
                work(step)
            except Exception as error:
                errors.append(error)
            finally:
                done.set()

        self.lane.submit(Job("last", all_of_it))
        done.wait()
        return errors[0] if errors else None

    def _before_run(self, job: Job) -> None:
        if job.name == "matte":
            self.keep()

    def _on_moved(self) -> None:
        if self._document.photo is not self._photo:
            return  # another document, which is told about by ``replaced``
        project = self._document.snapshot()
        if project is not None:
            self._latest = (self._document.state, project)
            self._latest_settings = self._settings()
        self._unsaved = not self._document.history.is_clean()
        self.kept_changed.emit()

    def _on_replaced(self) -> None:
        work, latest, unsaved, kept = self.work, self._latest, self._unsaved, self._kept
        if unsaved and latest is not None and latest[0] is not kept:
            self._submit(work, Snapshot(latest[1], [], self._latest_settings))
        self.lane.submit(Job("end", lambda step: (work, work.end(keep=unsaved))))
        self.work = Work()
        self._photo, self._latest, self._kept = self._document.photo, None, None
        self._latest_settings = {}
        self._asked.clear()
        self._on_moved()

    def _on_finished(self, job: Job, result: object) -> None:
        if job in self._asked:
            self._kept = self._asked.pop(job)
            self.failing = False
            self.kept_changed.emit()
        elif job.name == "end":
            assert isinstance(result, tuple)
            self.ended.emit(*result)

    def _on_failed(self, job: Job, error: Exception) -> None:
        self._asked.pop(job, None)
        if job.name == "keep":
            if not self.failing:
                self.said.emit(self.tr("The work could not be kept. {reason}").format(reason=sentence(error)), True)
            self.failing = True
            self.kept_changed.emit()
