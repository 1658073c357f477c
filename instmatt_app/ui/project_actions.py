"""Projects in the window: open, save, save as, and the work that was left; who holds a project's file."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from instmatt_app.core.edits import State
from instmatt_app.core.interfaces import Step
from instmatt_app.files.atomic import WriteError
from instmatt_app.files.locks import FileLock, lock_for
from instmatt_app.files.photo_reader import read_photo
from instmatt_app.files.project_file import SUFFIX, Stamp, open_project, save_project
from instmatt_app.files.project_parts import ProjectError
from instmatt_app.files.project_record import Json
from instmatt_app.files.project_restoring import OpenedProject, PhotoMissing
from instmatt_app.files.sessions import LeftSession, Session, left_sessions
from instmatt_app.ui.autosave import Autosave, Work
from instmatt_app.ui.backend import sentence
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job
from instmatt_app.ui.recovery import RecoveryDialog


def data_folder() -> Path:
    """Where the program keeps what is being worked on."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))


Done = Callable[[OpenedProject], None]
Undone = Callable[[Exception | None], None]


class _Save(NamedTuple):
    """A save under way: where to, and of which document in which state."""

    path: Path
    lock: FileLock
    work: Work
    state: State


class ProjectActions(QObject):
    """Which file the document is saved in, and how it gets there and back.

    ``changed`` says that :attr:`path`, or whether everything is saved, may be another; ``said`` as in the conductor;
    ``used`` carries a project's file that was opened or saved; ``restored`` the settings of a project that was opened.
    """

    changed = Signal()
    said = Signal(str, bool)
    used = Signal(object)
    restored = Signal(object)

    def __init__(self, document: Document, conductor: Conductor, window: QWidget, home: Path | None = None) -> None:
        super().__init__(window)
        self._document = document
        self._conductor = conductor
        self._window = window
        self._home = home or data_folder()
        self.path: Path | None = None
        self._stamp: Stamp | None = None
        self._lock: FileLock | None = None
        # What else belongs to the document, such as how it is to be exported.
        self.more_settings: Callable[[], dict[str, Json]] = dict
        self._opening: dict[Job, tuple[Done, Undone]] = {}
        self._saving: dict[Job, _Save] = {}
        self.dialog: RecoveryDialog | None = None
        # Sessions that are a click away, and need not be offered.
        self.in_use: Callable[[], Collection[Path]] = tuple
        self.autosave = Autosave(document, conductor, self._home / "sessions", self._settings, self)
        self.autosave.said.connect(self.said)
        self.autosave.kept_changed.connect(self.changed)
        self.autosave.lane.finished.connect(self._on_finished)
        self.autosave.lane.failed.connect(self._on_failed)
        conductor.files_lane.finished.connect(self._on_opened)
        conductor.files_lane.failed.connect(self._on_not_opened)
        conductor.files_lane.cancelled.connect(self._on_not_opened)
        document.replaced.connect(self._on_replaced)

    @property
    def is_saved(self) -> bool:
        """Whether the document as it stands is in its project file, or there is nothing to save."""
        return self._document.history.is_clean()

    # --- Saving -------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Saves the project in its file; asks for one where it has none."""
        if self.path is None:
            self.save_as()
        else:
            self.save_to(self.path)

    def save_as(self) -> None:
        photo = self._document.photo
        if photo is None:
            return
        dialog = QFileDialog(self._window, self.tr("Save the project"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Projects (*{suffix})").format(suffix=SUFFIX))
        # The dialog adds it before it asks about a file that is there.
        dialog.setDefaultSuffix(SUFFIX)
        dialog.selectFile(str(self.path or (photo.path or Path(photo.stem)).with_suffix(SUFFIX)))
        if dialog.exec():
            self.save_to(Path(dialog.selectedFiles()[0]), asked=True)

    def save_to(self, path: Path, *, asked: bool = False) -> None:
        """Saves the project in that file, replacing it; ``asked``: somebody has agreed to that just now."""
        snapshot = self.autosave.snapshot()
        if snapshot is None:
            return
        is_own = self.path is not None and path == self.path
        if is_own and not asked and Stamp.of(path) != self._stamp:
            text = self.tr("“{name}” was changed by another program since; save under another name, or over it.")
            self.said.emit(text.format(name=path.name), True)
            return
        lock = self._lock if is_own else None
        try:
            lock = lock or self._held(path)
        except OSError as error:
            self.said.emit(sentence(error), True)
            return
        if lock is None:
            text = self.tr("“{name}” is open in another window; save under another name.")
            self.said.emit(text.format(name=path.name), True)
            return
        work, home, state = self.autosave.work, self.autosave.home, self._document.state
        # The window's own settings go along; the place of the file would be wrong when it is moved.
        settings = {name: value for name, value in snapshot.settings.items() if name not in ("file", "stamp")}

        def write(step: Step) -> Stamp:
            session = work.begun(home)
            stamp = save_project(
                path, snapshot.project, mattes=snapshot.mattes, settings=settings, store=session.store, overwrite=True,
                step=step,
            )  # fmt: skip
            session.forget()
            work.saved = state
            return stamp

        job = Job("save", write)
        self._saving[job] = _Save(path, lock, work, state)
        self.autosave.lane.submit(job)

    # --- Opening ------------------------------------------------------------------------------------------------------

    def open(self, path: Path, photo: Path | None = None) -> Job | None:
        """Opens a project's file in the place of the document; ``photo`` is a file for where its own is lost.

        None where it cannot even be begun.
        """
        path = path.absolute()
        stamp = Stamp.of(path)
        try:
            lock = self._lock if path == self.path else self._held(path)
        except OSError as error:
            self.said.emit(sentence(error), True)
            return None

        def read(step: Step) -> OpenedProject:
            return open_project(path, photo=None if photo is None else read_photo(photo), step=step)

        def done(opened: OpenedProject) -> None:
            # The document before this one has let go of its file, which may have been the same.
            if lock is not None and lock.acquire():
                self._own(path, stamp, lock)
            else:
                text = self.tr("“{name}” is open in another window; what you do here is saved under another name.")
                self.said.emit(text.format(name=path.name), True)
            self.used.emit(path)

        def undone(error: Exception | None) -> None:
            if lock is not None and lock is not self._lock:
                lock.release()
            if isinstance(error, PhotoMissing):
                self._ask_for_photo(path)

        return self._begin(read, done, undone)

    def open_session(self, folder: Path) -> Job:
        """Takes up work that was left."""
        taken: list[Session] = []

        def read(step: Step) -> OpenedProject:
            session = Session.take_up(folder)
            if session is None:
                raise ProjectError(self.tr("This work is open in another window."))
            taken.append(session)
            return session.open(step)

        def done(opened: OpenedProject) -> None:
            self.autosave.adopt(taken[0])
            self._own_again(opened.settings)
            self._document.history.set_unsaved()

        def undone(error: Exception | None) -> None:
            for session in taken:
                session.leave()

        return self._begin(read, done, undone)

    def show_left(self, only_if_any: bool = False) -> None:
        """Offers the work that was left; ``only_if_any`` says nothing where there is none."""
        home = self.autosave.home

        def look(step: Step) -> tuple[list[LeftSession], bool]:
            return left_sessions(home), only_if_any

        self.autosave.lane.submit(Job("left", look))

    def close(self) -> bool:
        """Before the window closes: keeps what is in no file; False if that failed and the person wants to stay."""

        def is_wanted(reason: str) -> bool:
            text = self.tr("Your work could not be kept. {reason} Close all the same, and lose it?")
            answer = QMessageBox.question(self._window, self.tr("Close"), text.format(reason=reason))
            return answer == QMessageBox.StandardButton.Yes

        if not self.autosave.close(is_wanted):
            return False
        self._let_go()
        return True

    # --- What happened ------------------------------------------------------------------------------------------------

    def _begin(self, read: Callable[[Step], OpenedProject], done: Done, undone: Undone) -> Job:
        job = self._conductor.open_project(read)
        self._opening[job] = (done, undone)
        return job

    def _on_opened(self, job: Job, result: object) -> None:
        if job in self._opening:
            done, undone = self._opening.pop(job)
            if job.stopped.is_set():
                undone(None)
                return
            assert isinstance(result, tuple)
            done(result[0])
            self.restored.emit(result[0].settings)
            self.changed.emit()

    def _on_not_opened(self, job: Job, error: Exception | None = None) -> None:
        if job in self._opening:
            self._opening.pop(job)[1](error)

    def _ask_for_photo(self, path: Path) -> None:
        title = self.tr("The photo of “{name}”").format(name=path.name)
        name, _ = QFileDialog.getOpenFileName(self._window, title, str(path.parent))
        if name:
            self.open(path, Path(name))

    def _on_replaced(self) -> None:
        self._let_go()
        self.changed.emit()

    def _on_finished(self, job: Job, result: object) -> None:
        if job.name == "save":
            done = self._saving.pop(job)
            assert isinstance(result, Stamp)
            if done.work is not self.autosave.work:
                done.lock.release()  # another document is open by now
            else:
                self._own(done.path, result, done.lock)
                self.autosave.forget()
                if done.state is self._document.state:
                    self._document.history.set_clean()
            self.used.emit(done.path)
            self.changed.emit()
        elif job.name == "left":
            assert isinstance(result, tuple)
            self._offer(*result)

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job.name == "save":
            failed = self._saving.pop(job)
            if failed.lock is not self._lock:
                failed.lock.release()
            self.said.emit(self.tr("The project was not saved. {reason}").format(reason=sentence(error)), True)

    def _offer(self, sessions: list[LeftSession], only_if_any: bool) -> None:
        sessions = [one for one in sessions if one.folder not in self.in_use()]
        if not sessions:
            if not only_if_any:
                self.said.emit(self.tr("There is no unsaved work."), False)
            return
        self.dialog = RecoveryDialog(sessions, self._window)
        self.dialog.open_asked.connect(self.open_session)
        self.dialog.discard_asked.connect(self._discard)
        self.dialog.show()

    def _discard(self, folder: Path) -> None:
        def work(step: Step) -> None:
            session = Session.take_up(folder)
            if session is not None:
                session.discard()

        self.autosave.lane.submit(Job("discard", work))

    def _settings(self) -> dict[str, Json]:
        stamp = None if self._stamp is None else list(astuple(self._stamp))
        return {**self.more_settings(), "file": None if self.path is None else str(self.path), "stamp": stamp}

    def _own_again(self, settings: Mapping[str, Json]) -> None:
        """The file that the session's settings name, if no other window has it."""
        file, stamp = settings.get("file"), settings.get("stamp")
        if isinstance(file, str) and isinstance(stamp, list):
            with contextlib.suppress(OSError, TypeError):
                lock = self._held(Path(file))
                if lock is not None:
                    self._own(Path(file), Stamp(*stamp), lock)

    def _held(self, path: Path) -> FileLock | None:
        """The lock of a project's file, if no other window holds it. Raises WriteError."""
        try:
            lock = lock_for(path, self._home / "locks")
            return lock if lock.acquire() else None
        except OSError as error:
            raise WriteError(f"The folder “{self._home}” cannot be written to, so no project can be opened.") from error

    def _own(self, path: Path, stamp: Stamp | None, lock: FileLock) -> None:
        if lock is not self._lock:
            self._let_go()
        self.path, self._stamp, self._lock = path, stamp, lock

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()
        self.path = self._stamp = self._lock = None
