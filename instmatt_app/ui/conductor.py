"""Conductor: keeps the mattes in step with the project, and asks the lanes for what is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from instmatt_app.api import MatteOptions, Result
from instmatt_app.core.edits import State
from instmatt_app.core.interfaces import Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.project import Key, Project
from instmatt_app.core.shelf import Shelf
from instmatt_app.files.project_restoring import OpenedProject
from instmatt_app.ui.backend import Backend, in_order, named_mattes, sentence
from instmatt_app.ui.canvas.pyramid import pyramid_of
from instmatt_app.ui.detailing import Detailing
from instmatt_app.ui.document import Document
from instmatt_app.ui.finding import Finder
from instmatt_app.ui.jobs import MATTING, OF_ONE_PHOTO, Job, Lane
from instmatt_app.ui.kept import result_named

# Several strokes in quick succession are one question.
QUIET_MS = 150
SHELF_BYTES = 512 * 2**20

Levels = list[NDArray[np.uint8]]
Writer = Callable[[Result, Step], list[Path]]


class Conductor(QObject):
    """Opens photos, mattes people when the project has changed, exports; :attr:`finder` looks for people,
    :attr:`detailing` has the detail made of what is shown.

    After a stroke a quick preview of whom it touched comes first, and the full result of everybody when it is quiet.

    ``shown_changed`` says that :attr:`result` is another one or has become stale; ``progressed`` carries done, total
    and what is done now (total 0: nothing runs); ``said`` a sentence for the person and whether it is about trouble;
    ``exported`` the files; ``answered`` the key and the result of what :meth:`ask` asked for, ``stepped`` those of
    :meth:`ask_turns`, ``pictured`` what :meth:`read_picture` read, at a size for the screen.
    """

    shown_changed = Signal()
    progressed = Signal(int, int, str)
    said = Signal(str, bool)
    exported = Signal(list)
    answered = Signal(object, object)
    stepped = Signal(object, object)
    pictured = Signal(object)

    def __init__(self, document: Document, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = self._document = document
        self._backend = backend
        self._shelf: Shelf[Result] = Shelf(SHELF_BYTES)
        self._shown: Result | None = None
        self._shown_key: Key | None = None
        self._is_preview = False
        self._running: tuple[Key, Job] | None = None
        self._failed_key: Key | None = None
        self.runs_by_itself = True
        self.levels: Levels = []
        self.engine_lane = Lane("engine", self)
        self.files_lane = Lane("files", self)
        for lane in (self.engine_lane, self.files_lane):
            lane.progressed.connect(self._on_progress)
            lane.finished.connect(self._on_finished)
            lane.failed.connect(self._on_failed)
            lane.cancelled.connect(self._settle)
        self.finder = Finder(document, backend, self.engine_lane, self)
        self.finder.said.connect(self.said)
        self.detailing = Detailing(self)
        self.detailing.said.connect(self.said)
        self.detailing.made.connect(self._on_detail)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._when_quiet)
        document.changed.connect(self._on_changed)
        document.replaced.connect(self._on_replaced)

    # --- What is shown ------------------------------------------------------------------------------------------------

    @property
    def result(self) -> Result | None:
        """The mattes that are shown; see :attr:`is_current` for whether they belong to the project as it stands."""
        return self._shown

    @property
    def is_current(self) -> bool:
        """Whether the shown mattes are the full ones of the project as it stands."""
        return self._shown is not None and not self._is_preview and self._shown_key == self._key()

    @property
    def shown_key(self) -> Key | None:
        """The name of what is shown."""
        return self._shown_key

    @property
    def is_preview(self) -> bool:
        """Whether the shown mattes are the preview of the project as it stands."""
        return self._is_preview and self._shown_key == self._key()

    @property
    def backend(self) -> Backend:
        """What the lanes call."""
        return self._backend

    @property
    def is_running(self) -> bool:
        return self.engine_lane.is_busy or self.files_lane.is_busy

    @property
    def is_matting(self) -> bool:
        """Whether the full result of the project as it stands is under way."""
        return self._running is not None and self._running[0] == self._key()

    def is_failed(self) -> bool:
        """Whether matting the project as it stands was tried and failed."""
        return self._failed_key is not None and self._failed_key == self._key()

    def index(self, person: int) -> int | None:
        """Where a person's alpha lies in the shown result; None if it has none yet."""
        if self._shown is None:
            return None
        ids = [one.id for one in self._shown.people]
        return ids.index(person) if person in ids else None

    # --- Wishes -------------------------------------------------------------------------------------------------------

    def open(self, path: Path) -> Job:
        """Reads a photo and, when it is complete, shows it in the place of the one that is open."""
        return self._open(lambda step: self._backend.read(path, step))

    def open_photo(self, photo: Photo) -> None:
        """Shows a photo that is in memory already, such as one from the clipboard."""
        self._open(lambda step: photo)

    def open_project(self, read: Callable[[Step], OpenedProject]) -> Job:
        """Reads a project and, when it is complete, shows it in the place of the one that is open."""

        def work(step: Step) -> tuple[OpenedProject, Levels]:
            opened = read(step)
            step(1, 2, self.tr("preparing the photo"))
            self._get_to_know_the_name()
            return opened, pyramid_of(opened.project.photo)

        self.files_lane.stop_all()
        return self.files_lane.submit(Job("project", work))

    def read_picture(self, path: Path) -> None:
        """Reads a picture that is no part of the project, such as a background to look at people before."""
        self.files_lane.submit(Job("picture", lambda step: pyramid_of(self._backend.read(path, step))))

    def run(self) -> None:
        """Mattes the project as it stands, unless that is done or under way; its detail is begun where it is."""
        key, project = self._key(), self._document.snapshot()
        if key is None or project is None or not project.instances:
            return
        found = self._shelf.get(key)
        if found is not None:
            self._show(key, found)
            self.detailing.begin()
            return
        if self._running is not None:
            if self._running[0] == key and not self._running[1].stopped.is_set():
                return
            self._running[1].stop()
        job = Job("matte", lambda step: named_mattes(self._backend, project, step))
        self._running = (key, job)
        self.engine_lane.submit(job)
        self.shown_changed.emit()

    def ask(self, project: Project) -> Result | Job:
        """The mattes of another project, such as this one refined otherwise; or the job whose ``answered`` has them."""
        found = self._shelf.get(self.key_of(project))
        if found is not None:
            return found
        self.engine_lane.stop_all(("aside",))
        return self.engine_lane.submit(Job("aside", lambda step: named_mattes(self._backend, project, step)))

    def ask_turns(self, project: Project) -> Key:
        """The turns of the refinement of a project, which come by ``stepped`` with this key."""
        key = self.turns_key(project)
        self.engine_lane.stop_all(("turns",))
        self.engine_lane.submit(Job("turns", lambda step: (key, self._backend.turns(project, step))))
        return key

    def try_orders(self, project: Project) -> Job:
        """Tries every order of the cycle's people; the lane's signals tell what becomes of the job."""
        self.engine_lane.stop_all(("orders",))
        return self.engine_lane.submit(Job("orders", lambda step: self._backend.orders(project, step)))

    def key_of(self, project: Project) -> Key:
        """The name of the mattes of a project with the engine as it is now."""
        return project.key(self._backend.name, 0)

    def turns_key(self, project: Project) -> Key:
        """The name of the turns of a project's own refinement."""
        wish = project.refinement.resolved([one.id for one in project.instances])
        return (*project.base_key(self._backend.name, 0), wish)

    def orders_key(self, project: Project) -> Key:
        """The name of what trying all orders comes to: whatever the order is now, but for who takes part."""
        wish = project.refinement
        people = tuple(sorted(wish.checked_order([one.id for one in project.instances])))
        return (*project.base_key(self._backend.name, 0), people, wish.passes, wish.window)

    def export(self, writer: Writer) -> None:
        """Writes the mattes of the project as it stands, in full detail; waits for them where they are not ready."""

        def write(result: Result) -> None:
            ordered = in_order(result, self._document.state.instances)
            self.files_lane.submit(Job("export", lambda step: writer(ordered, step)))

        self.detailing.use("export", write, self.tr("The export was cancelled: no file was written."))
        if not self.is_current:
            self._failed_key = None
            self.run()

    def use(self, options: MatteOptions) -> None:
        """Mattes as these options say from now on."""
        self._backend.use(options)
        # Their name may have to be read from large files.
        self.files_lane.submit(Job("name", lambda step: self._get_to_know_the_name()))

    def set_runs_by_itself(self, by_itself: bool) -> None:
        """Whether a change runs by itself; what was left undone runs now."""
        self.runs_by_itself = by_itself
        if by_itself and not self.is_current:
            self._quiet.start()
        self.shown_changed.emit()

    def cancel(self) -> None:
        """Stops everything that runs or waits; what is shown stays."""
        self.detailing.give_up()
        self._quiet.stop()
        self.engine_lane.stop_all()
        self.files_lane.stop_all()

    def close(self) -> None:
        """Stops everything and waits for the lanes to end."""
        self._quiet.stop()
        self.detailing.close()
        self.engine_lane.close()
        self.files_lane.close()

    # --- What happened ------------------------------------------------------------------------------------------------

    def _open(self, read: Callable[[Step], Photo]) -> Job:
        def work(step: Step) -> tuple[Photo, Levels]:
            photo = read(step)
            step(1, 2, self.tr("preparing the photo"))
            self._get_to_know_the_name()
            return photo, pyramid_of(photo)

        self.files_lane.stop_all()
        return self.files_lane.submit(Job("open", work))

    def _get_to_know_the_name(self) -> None:
        """Has the backend read the weights, if it must, before the UI thread asks for their name."""
        _ = self._backend.name

    def _key(self) -> Key | None:
        project = self._document.snapshot()
        return None if project is None else self.key_of(project)

    def _on_replaced(self) -> None:
        self.engine_lane.stop_all(OF_ONE_PHOTO)
        self._running = None
        self._failed_key = None
        self._shelf.clear()
        self._shown = self._shown_key = None
        self._is_preview = False
        self.detailing.give_up()
        self.shown_changed.emit()

    def _on_changed(self) -> None:
        key = self._key()
        if self._running is None or self._running[0] != key:
            self.engine_lane.stop_all(MATTING)
        if key == self._shown_key and not self._is_preview:
            # Names, colours, order, eyes and locks, or no wish for detail: nothing to compute, but something to show.
            if key is not None and self._shown is not None:
                self._show(key, self._shelf.get(key) or self._shown)
            else:
                self.shown_changed.emit()
            return
        found = self._shelf.get(key) if key is not None else None
        if key is not None and found is not None:
            self._show(key, found)
            return
        if not self._document.state.instances:
            self._shown = self._shown_key = None
            self.detailing.give_up()
        if self.runs_by_itself and self._shown is not None and key is not None and not self.is_matting:
            self._preview(key, self._shown)
        self.shown_changed.emit()
        self._quiet.start()

    def _preview(self, key: Key, shown: Result) -> None:
        project = self._document.snapshot()
        assert project is not None
        self.engine_lane.submit(Job("preview", lambda step: (key, self._backend.preview(project, shown, step))))

    def _when_quiet(self) -> None:
        if (self.runs_by_itself or self.detailing.is_wished) and not self.is_failed():
            self.run()

    def _show(self, key: Key, result: Result, is_preview: bool = False) -> None:
        self._shown, self._shown_key, self._is_preview = self.detailing.fitting(result), key, is_preview
        self.shown_changed.emit()

    def _on_progress(self, job: Job, done: int, total: int, what: str) -> None:
        if not job.stopped.is_set():
            self.progressed.emit(done, total, what)

    def _on_finished(self, job: Job, result: object) -> None:
        if job.name == "open":
            assert isinstance(result, tuple)
            photo, levels = result
            if not job.stopped.is_set():
                self.levels = levels
                self._document.replace(photo)
                for note in photo.notes:
                    self.said.emit(note, False)
                self.finder.recognise()
        elif job.name == "project":
            assert isinstance(result, tuple)
            if not job.stopped.is_set():
                self._on_project(*result)
        elif job.name == "turns":
            assert isinstance(result, tuple)
            self.stepped.emit(*result)
        elif job.name in ("matte", "preview", "aside"):
            assert isinstance(result, tuple)
            self._on_mattes(job.name, *result)
        elif job.name == "picture":
            # Half a screen's worth is enough to stand behind people.
            assert isinstance(result, list)
            self.pictured.emit(next((one for one in result if max(one.shape) <= 2560), result[-1]))
        elif job.name == "export":
            assert isinstance(result, list)
            self.exported.emit(result)
        self._settle(job)

    def _on_project(self, opened: OpenedProject, levels: Levels) -> None:
        self.levels = levels
        project = opened.project
        self._document.replace(project.photo, State(tuple(project.instances), project.refinement), project.revision)
        result = result_named(key := self.key_of(project), opened)
        if result is not None:
            self._shelf.put(key, result, result.nbytes)
        self._on_changed()
        if opened.lost:
            self.said.emit(" ".join(opened.lost), True)
        elif opened.mattes and result is None:
            self.said.emit(self.tr("Its mattes are of another engine, size or version: they are made anew."), False)

    def _on_mattes(self, kind: str, key: Key, mattes: Result | None) -> None:
        if kind == "preview":
            if mattes is not None and key == self._key() and not self.is_current:
                self._show(key, mattes, is_preview=True)
            return
        assert mattes is not None
        self._shelf.put(key, mattes, mattes.nbytes)
        if key == self._key():
            self._show(key, mattes)
        if kind == "aside":
            self.answered.emit(key, mattes)

    def _on_detail(self, key: Key, result: Result) -> None:
        self._shelf.put(key, result, result.nbytes)
        if key == self._key():
            self._show(key, result)

    def _on_failed(self, job: Job, error: Exception) -> None:
        if job.name == "matte":
            self._failed_key = self._running[0] if self._running is not None and self._running[1] is job else None
            self.detailing.give_up()
        if job.name not in ("preview", "batch", "detail"):
            # The full run follows, and says it better; of a batch the strip of photos says it, of detail detailing.
            self.said.emit(sentence(error), True)
        self._settle(job)

    def _settle(self, job: Job) -> None:
        if self._running is not None and self._running[1] is job:
            self._running = None
        if job.name == "name":
            self._on_changed()
        if job.name in ("clicks", "detail") and not self.is_current:
            # Clicks come before the mattes, which go on after them; or the engine that was made has other mattes.
            self._quiet.start()
        self.progressed.emit(0, 0, "")
        self.shown_changed.emit()
