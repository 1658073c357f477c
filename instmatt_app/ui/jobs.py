"""Jobs: work off the UI thread, one at a time per lane, with progress, cancelling and errors."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, Signal

from instmatt_app.core.interfaces import Cancelled, Step

# Kinds of jobs that a change of the project makes pointless.
MATTING = ("matte", "preview", "aside", "turns", "orders")
# Kinds of jobs on the engine's lane that another photo makes pointless.
OF_ONE_PHOTO = (*MATTING, "find", "box", "clicks", "candidates", "detail")

_LOG = logging.getLogger(__name__)


class Urgency(IntEnum):
    """How much somebody waits for a job: one that is less urgent is stopped by one that is more."""

    BEHIND = 0  # nobody waits
    AWAITED = 1  # somebody waits, and goes on working meanwhile
    AT_ONCE = 2  # what the hand has just done


@dataclass(eq=False)
class Job:
    """One piece of work. ``name`` says what kind; ``work(step)`` runs on the lane and its result is sent back.

    ``gave_way`` says that it was stopped by something more urgent.
    """

    name: str
    work: Callable[[Step], Any]
    stopped: threading.Event = field(default_factory=threading.Event)
    urgency: Urgency = Urgency.AT_ONCE
    gave_way: bool = False

    def stop(self) -> None:
        """Nobody wants the result any more; the work ends at its next step."""
        self.stopped.set()


class Lane(QObject):
    """A worker thread that does one job after the other. All signals arrive on the thread that made the lane.

    ``finished`` carries the job and its result, ``failed`` the job and the exception, ``cancelled`` the job;
    ``progressed`` the job, units done, units in all, and what is being done.
    """

    started = Signal(object)
    progressed = Signal(object, int, int, str)
    finished = Signal(object, object)
    failed = Signal(object, object)
    cancelled = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._waiting: list[Job] = []
        self._lock = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> Job:
        """Queues a job; a lane that is closed does nothing any more."""
        with self._lock:
            if self._is_closed:
                job.stop()
                return job
            self._make_way(job)
            self._waiting.append(job)
        self._jobs.put(job)
        return job

    def urge(self, job: Job, urgency: Urgency) -> None:
        """A job that was submitted is more urgent than it was."""
        with self._lock:
            job.urgency = max(job.urgency, urgency)
            self._make_way(job)

    def _make_way(self, job: Job) -> None:
        for other in self._waiting:
            if other.urgency < job.urgency and not other.stopped.is_set():
                other.gave_way = True
                other.stop()

    def stop_all(self, names: Collection[str] | None = None) -> None:
        """Stops the running job and everything that waits; of those kinds, if any are named."""
        with self._lock:
            for job in self._waiting:
                if names is None or job.name in names:
                    job.stop()

    @property
    def is_busy(self) -> bool:
        with self._lock:
            return bool(self._waiting)

    def has(self, name: str) -> bool:
        """Whether a job of that kind runs or waits, which nobody has stopped."""
        with self._lock:
            return any(job.name == name and not job.stopped.is_set() for job in self._waiting)

    @property
    def is_alive(self) -> bool:
        """Whether the lane still takes jobs."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stops everything and waits for the thread to end; at most one unit of work."""
        self.stop_all()
        with self._lock:
            self._is_closed = True
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                self._do(job)
            finally:
                with self._lock:
                    self._waiting.remove(job)

    def _do(self, job: Job) -> None:
        def step(done: int, total: int, what: str) -> None:
            if job.stopped.is_set():
                raise Cancelled
            self.progressed.emit(job, done, total, what)

        try:
            if job.stopped.is_set():
                raise Cancelled
            self.started.emit(job)
            result = job.work(step)
        except Cancelled:
            self.cancelled.emit(job)
        except Exception as error:
            # Whatever a job does, the lane lives on; the window says what happened.
            _LOG.exception("the job %s failed", job.name)
            self.failed.emit(job, error)
        else:
            self.finished.emit(job, result)
