"""Roll: the photos that were opened together. One is the document; the work on the others lies in their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from instmatt_app.core.photo import Photo
from instmatt_app.files.project_file import SUFFIX
from instmatt_app.files.project_parts import ProjectError
from instmatt_app.ui.autosave import Work
from instmatt_app.ui.backend import sentence
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job
from instmatt_app.ui.project_actions import ProjectActions


class Stage(Enum):
    """How far a photo is."""

    WAITING = "waiting"
    RUNNING = "running"
    EDITED = "edited"
    DONE = "done"
    FAILED = "failed"


@dataclass(eq=False)
class RollPhoto:
    """One photo, or project, of a roll.

    ``session`` is the folder in which its work lies while another photo is open, ``project`` the file it was saved in;
    ``work`` is what keeps it while it is the document, and until it is let go of; ``is_busy`` says that a batch holds
    its session; ``reason`` says why it failed.
    """

    path: Path
    stage: Stage = Stage.WAITING
    session: Path | None = None
    project: Path | None = None
    work: Work | None = None
    is_busy: bool = False
    reason: str = ""
    picture: QImage | None = None


class Roll(QObject):
    """Opens one photo of the roll after the other, and keeps the work on that which gives way first.

    ``changed`` says that there are other photos, ``renewed`` carries one that looks different, or has become the
    document or ceased to be; ``said`` a sentence for the person and whether it is about trouble.
    """

    changed = Signal()
    renewed = Signal(object)
    said = Signal(str, bool)

    def __init__(self, document: Document, conductor: Conductor, projects: ProjectActions, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._projects = projects
        self.photos: tuple[RollPhoto, ...] = ()
        self.current: RollPhoto | None = None
        self._shown: Photo | None = None
        self._wanted: RollPhoto | None = None
        self._keeping: Job | None = None
        self._opening: Job | None = None
        lane, keeper = conductor.files_lane, projects.autosave
        lane.finished.connect(self._on_finished)
        lane.failed.connect(self._on_failed)
        lane.cancelled.connect(self._on_cancelled)
        keeper.lane.finished.connect(self._on_kept)
        keeper.lane.failed.connect(self._on_not_kept)
        keeper.ended.connect(self._on_ended)
        conductor.shown_changed.connect(self._renew_current)
        document.changed.connect(self._renew_current)
        projects.in_use = lambda: [one.session for one in self.photos if one.session is not None]

    @property
    def wanted(self) -> RollPhoto | None:
        """The photo that is about to take the place of the document."""
        return self._wanted

    def show(self, paths: Sequence[Path]) -> None:
        """These photos and projects are the roll from now on; the first is opened."""
        self._let_go()
        self.photos = tuple(RollPhoto(path) for path in paths)
        self.changed.emit()
        self._want(self.photos[0])

    def go_to(self, photo: RollPhoto) -> None:
        """Opens this photo of the roll, once the work on the one that is open is on the disk."""
        if photo is (self._wanted or self.current) or self._document.photo is not self._shown:
            return
        if photo is self.current:
            # Back again before another one was there.
            self._wanted = self._keeping = None
            if self._opening is not None:
                self._opening.stop()
            return
        self._wanted = photo
        self.renewed.emit(photo)
        if self.current is not None:
            self.current.project = self._projects.path
        if self._keeping is None:
            self._keeping = self._projects.autosave.keep_whole()
        if self._keeping is None:
            self._want(photo)

    def go(self, by: int) -> None:
        """The next photo, or with -1 the one before; at the ends nothing."""
        here = self._wanted or self.current
        if here in self.photos:
            place = self.photos.index(here) + by
            if 0 <= place < len(self.photos):
                self.go_to(self.photos[place])

    def free(self, photo: RollPhoto) -> None:
        """A batch has let go of this photo."""
        photo.is_busy = False
        if photo is self._wanted and self._keeping is None:
            self._want(photo)

    def set_stage(self, photo: RollPhoto, stage: Stage, reason: str = "") -> None:
        """How far a photo is now."""
        if (photo.stage, photo.reason) != (stage, reason):
            photo.stage, photo.reason = stage, reason
            self.renewed.emit(photo)

    # --- Opening ------------------------------------------------------------------------------------------------------

    def _want(self, photo: RollPhoto) -> None:
        self._wanted = photo
        if photo.is_busy or photo.work is not None:
            return  # its work is still being written; goes on when that is done
        file = photo.project or (photo.path if photo.path.suffix.lower() == SUFFIX else None)
        if photo.session is not None:
            self._opening = self._projects.open_session(photo.session)
        elif file is not None:
            self._opening = self._projects.open(file)
        else:
            self._opening = self._conductor.open(photo.path)
        if self._opening is None:
            self._wanted = None
            self.renewed.emit(photo)

    def _on_kept(self, job: Job, result: object) -> None:
        if job is self._keeping:
            self._keeping = None
            if self._wanted is not None:
                self._want(self._wanted)

    def _on_not_kept(self, job: Job, error: Exception) -> None:
        # The window has said so; the photo stays, as its work would be lost.
        if job is self._keeping:
            photo, self._keeping, self._wanted = self._wanted, None, None
            if photo is not None:
                self.renewed.emit(photo)

    def _on_ended(self, work: Work, folder: Path | None) -> None:
        for photo in self.photos:
            if photo.work is work and photo is not self.current:
                photo.work, photo.session = None, folder
                if photo is self._wanted and self._keeping is None:
                    self._want(photo)

    def _on_finished(self, job: Job, result: object) -> None:
        if job.name not in ("open", "project"):
            return
        if job.stopped.is_set():
            self._on_cancelled(job)
        elif job is self._opening and self._wanted is not None:
            photo, before = self._wanted, self.current
            self._opening = self._wanted = None
            self.current, self._shown = photo, self._document.photo
            photo.work, photo.session = self._projects.autosave.work, None
            photo.project = self._projects.path
            if before is not None:
                if before.stage is Stage.RUNNING:
                    before.stage = Stage.EDITED
                self.renewed.emit(before)
            self.renewed.emit(photo)
            self._renew_current()
        else:
            # Something that is not of the roll has taken the place of the document.
            self._let_go()
            self.photos = ()
            self.changed.emit()

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job is not self._opening or self._wanted is None:
            return
        photo, self._opening, self._wanted = self._wanted, None, None
        if photo.session is not None and isinstance(error, ProjectError) and not photo.session.is_dir():
            # Somebody has thrown that work away; the photo itself is still there.
            photo.session = None
            self._want(photo)
            return
        self.set_stage(photo, Stage.FAILED, sentence(error))
        self.renewed.emit(photo)
        if self.current is None:
            others = (one for one in self.photos if one.stage is Stage.WAITING)
            following = next(others, None)
            if following is not None:
                self._want(following)

    def _on_cancelled(self, job: Job) -> None:
        if job is self._opening:
            photo, self._opening, self._wanted = self._wanted, None, None
            if photo is not None:
                self.renewed.emit(photo)

    # --- How far they are ---------------------------------------------------------------------------------------------

    def _renew_current(self) -> None:
        photo, conductor = self.current, self._conductor
        if photo is None or self._document.photo is not self._shown:
            return  # another document, which is told about later
        if not self._document.state.instances:
            if photo.stage is Stage.FAILED:
                return  # nobody was found, and nobody has been added
            stage = Stage.WAITING
        elif conductor.is_current:
            stage = Stage.DONE
        elif conductor.is_failed():
            stage = Stage.FAILED
        else:
            stage = Stage.RUNNING if conductor.is_matting else Stage.EDITED
        self.set_stage(photo, stage)

    def _let_go(self) -> None:
        """The roll is at its end; what was kept of its photos stays on the disk."""
        if any(one.session is not None for one in self.photos):
            self.said.emit(self.tr("The work on the other photos is kept: File › Unsaved work."), False)
        self.current = self._shown = self._wanted = self._keeping = self._opening = None
