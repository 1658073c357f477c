"""Detailing: the mattes that are shown get their detail afterwards, when it is quiet or somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from instmatt_app.api import Result
from instmatt_app.core.detail import Detail
from instmatt_app.core.interfaces import Cancelled, Step
from instmatt_app.core.project import Key
from instmatt_app.ui.backend import lacks_detail, named_detail, sentence
from instmatt_app.ui.jobs import Job, Urgency

if TYPE_CHECKING:
    from instmatt_app.ui.conductor import Conductor

# Where no alpha has changed by more than this, the detail of the last mattes is shown until there is that of these.
SAME = 2 / 255
# Nothing has to have changed for so long before the detail is begun unasked.
IDLE_MS = 3000

Use = Callable[[Result], None]


class Wish(NamedTuple):
    """What somebody wants to do with the finished mattes, and what to say if nothing comes of it."""

    do: Use
    lost: str


class DetailState(Enum):
    """How fine what is shown is, where a photo is larger than the working size."""

    NONE = auto()  # nothing is shown, or there is nothing finer
    WORKING_SIZE = auto()
    UNDER_WAY = auto()
    READY = auto()


class Detailing(QObject):
    """Has the detail made on the engine's lane, behind everything else, and tells those who wait for finished mattes.

    ``changed`` says that :attr:`state` or :attr:`windows` is another; ``made`` carries a key and the mattes with their
    detail; ``said`` as in the conductor.
    """

    changed = Signal()
    made = Signal(object, object)
    said = Signal(str, bool)

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        self._conductor = conductor
        self._running: tuple[Key, Job] | None = None
        self._wishes: dict[str, Wish] = {}
        self._promise: tuple[Key, Future[Result]] | None = None
        # What was stopped by hand, or failed, is not begun again unasked.
        self._declined: Key | None = None
        # The last mattes that had detail, and what of it is shown with which others.
        self._last: Result | None = None
        self._borrowed: tuple[Result, Detail] | None = None
        # How many windows are done, and of how many, while they are being matted.
        self.windows: tuple[int, int] | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._when_idle)
        lane = conductor.engine_lane
        lane.progressed.connect(self._on_progress)
        lane.finished.connect(self._on_finished)
        lane.failed.connect(self._on_failed)
        lane.cancelled.connect(self._on_cancelled)
        conductor.shown_changed.connect(self._look)

    @property
    def state(self) -> DetailState:
        result = self._conductor.result
        if result is None or result.alphas.shape[1:] == (result.photo.height, result.photo.width):
            return DetailState.NONE
        if result.detail is not None and self._conductor.is_current:
            return DetailState.READY
        return DetailState.WORKING_SIZE if self.windows is None else DetailState.UNDER_WAY

    @property
    def is_missing(self) -> bool:
        """Whether the mattes are those of the project as it stands, but for the detail that they are to have."""
        shown = self._conductor.result
        return shown is not None and self._conductor.is_current and lacks_detail(self._conductor.backend, shown)

    @property
    def is_wished(self) -> bool:
        """Whether somebody waits for finished mattes."""
        return bool(self._wishes) or self._promise is not None

    def owes(self, what: str) -> bool:
        """Whether a wish of that kind (see :meth:`use`) is still to be served."""
        return what in self._wishes

    def seen(self) -> Detail | None:
        """What is finer than the mattes that are shown, for the eye.

        Their detail, or, until it is there, that of the last mattes that had any, where these are as good as the same:
        what was sharp does not become blurred by a stroke somewhere else.
        """
        result, last = self._conductor.result, self._last
        if result is None or result.detail is not None or last is None or not self._conductor.backend.wants_detail:
            return None if result is None else result.detail
        if self._borrowed is None or self._borrowed[0] is not result:
            changed = _changed(last, result)
            if changed is None or last.detail is None:
                return None
            self._borrowed = (result, last.detail.outside(changed))
        return self._borrowed[1]

    def fitting(self, result: Result) -> Result:
        """Mattes as they are wanted now: without the detail that they may have, where nobody wants any."""
        if result.detail is None or self._conductor.backend.wants_detail:
            return result
        return replace(result, detail=None)

    # --- Wishes -------------------------------------------------------------------------------------------------------

    def use(self, what: str, do: Use, lost: str) -> None:
        """Does something with the mattes of the project as it stands and their detail, now or when they are there.

        The newest wish of a kind (``what``) takes the place of older ones; ``lost`` is said if it is given up.
        """
        self._wishes[what] = Wish(do, lost)
        self._look()
        if what in self._wishes:
            self.said.emit(self.tr("This follows as soon as the mattes are ready; Esc cancels it."), False)

    def begin(self) -> None:
        """It is asked for, whether anything runs by itself or not."""
        key = self._conductor.shown_key
        if key is not None and self.is_missing:
            self._declined = None
            self._begin(key, Urgency.AWAITED)

    def promised(self) -> Future[Result]:
        """The mattes that are shown with their detail, for another thread to wait for without the UI thread's help.

        Cancelled if the project changes, or if it is given up.
        """
        shown, key = self._conductor.result, self._conductor.shown_key
        if shown is None or key is None or not self.is_missing:
            there: Future[Result] = Future()
            there.cancel() if shown is None else there.set_result(shown)
            return there
        if self._promise is None:
            self._promise = (key, Future())
        future = self._promise[1]
        self._look()
        return future

    def give_up(self) -> None:
        """Nobody gets what they wait for; the detail is begun again for another project, or when somebody asks."""
        self._declined = self._conductor.shown_key
        wishes, self._wishes = self._wishes, {}
        is_why = self.is_missing
        self._idle.stop()
        self._stop()
        for wish in wishes.values():
            why = self.tr("Without detail at the photo's own resolution (Refinement) it is ready sooner.")
            self.said.emit(f"{wish.lost} {why}" if is_why else wish.lost, False)

    def close(self) -> None:
        """Before the lanes end: nothing is begun any more."""
        self._idle.stop()
        self._wishes = {}

    # --- What happens -------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """What is shown may be another; it is quiet when that has not been so for a while."""
        result = self._conductor.result
        if result is None or result.detail is not None:
            self._last, self._borrowed = result, None
        current = self._conductor.shown_key if self.is_missing else None
        self._stop(current)
        if current is None:
            self._idle.stop()
            if self._conductor.is_current:
                self._serve()
        elif self.is_wished:
            self._begin(current, Urgency.AWAITED)
        elif current == self._declined or not self._conductor.runs_by_itself:
            self._idle.stop()
        elif self._running is None:
            self._idle.start()
        self.changed.emit()

    def _serve(self) -> None:
        result, wishes = self._conductor.result, self._wishes
        self._wishes = {}
        for wish in wishes.values():
            assert result is not None
            wish.do(result)

    def _stop(self, but: Key | None = None) -> None:
        """Stops what is made, and takes back what is promised, but for mattes of that name."""
        if self._running is not None and self._running[0] != but:
            self._running[1].stop()
        promise = self._promise
        if promise is not None and promise[0] != but:
            self._promise = None
            promise[1].cancel()

    def _when_idle(self) -> None:
        key = self._conductor.shown_key
        if key is not None and self.is_missing and self._conductor.runs_by_itself:
            self._begin(key, Urgency.BEHIND)

    def _begin(self, key: Key, urgency: Urgency) -> None:
        """Begins, or goes on, with that urgency."""
        self._idle.stop()
        if self._running is not None and not self._running[1].stopped.is_set():
            self._conductor.engine_lane.urge(self._running[1], urgency)
            return
        project, result = self._conductor.document.snapshot(), self._conductor.result
        assert project is not None
        assert result is not None

        def work(step: Step) -> tuple[Key, Result]:
            made = named_detail(self._conductor.backend, key, project, result, step)
            if made is None:
                raise Cancelled
            self._keep_promise(key, made)
            return key, made

        self._running = (key, Job("detail", work, urgency=urgency))
        self.windows = (0, 0)
        self._conductor.engine_lane.submit(self._running[1])

    def _keep_promise(self, key: Key, made: Result) -> None:
        promise = self._promise
        if promise is not None and promise[0] == key and promise[1].set_running_or_notify_cancel():
            promise[1].set_result(made)

    def _on_progress(self, job: Job, done: int, total: int, what: str) -> None:
        is_own = self._running is not None and self._running[1] is job and what.startswith("detail")
        if is_own and self.windows != (done, total):
            self.windows = (done, total)
            self.changed.emit()

    def _ended(self, job: Job) -> bool:
        """Whether it was the one that is under way, which it is no longer."""
        if self._running is None or self._running[1] is not job:
            return False
        self._running = self.windows = None
        return True

    def _on_finished(self, job: Job, result: object) -> None:
        if job.name == "detail":
            assert isinstance(result, tuple)
            self._ended(job)
            if self._promise is not None and self._promise[0] == result[0]:
                # Somebody may have asked for it when it was just done.
                if not self._promise[1].done():
                    self._keep_promise(*result)
                self._promise = None
            self.made.emit(*result)
            self._look()

    def _on_failed(self, job: Job, error: Exception) -> None:
        if not self._ended(job):
            return
        if job.stopped.is_set():
            # Nobody wanted it any more; who waits waits for something else.
            self._look()
        else:
            self.give_up()
            text = self.tr(
                "There is no detail at the photo's own resolution: {reason} It can be left out (Refinement)."
            )
            self.said.emit(text.format(reason=sentence(error)), True)
            self.changed.emit()

    def _on_cancelled(self, job: Job) -> None:
        if self._ended(job):
            # If it gave way to something more urgent, and somebody still waits, it goes on after that.
            self._look()


def _changed(before: Result, now: Result) -> NDArray[np.bool_] | None:
    """Where anybody's alpha differs, bool (h, w); None where nothing can be compared."""
    if before.photo is not now.photo or before.alphas.shape[1:] != now.alphas.shape[1:]:
        return None
    old = {one.id: plane for one, plane in zip(before.people, before.planes, strict=False)}
    changed: NDArray[np.bool_] = np.abs(before.planes[-1] - now.planes[-1]) > SAME
    for one, plane in zip(now.people, now.planes, strict=False):
        known = old.get(one.id)
        if known is not plane:
            changed |= plane > SAME if known is None else np.abs(known - plane) > SAME
    return changed
