"""Orders: all orders of a cycle, tried behind the window and sorted by what they leave of the error."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from instmatt_app.core.edits import set_refinement
from instmatt_app.core.project import Key
from instmatt_app.core.refinement import MOST_ORDERED, Refinement
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job
from instmatt_app.ui.order_tried import OrderTried
from instmatt_app.ui.turns import as_everybody


class Orders(QObject):
    """What was tried for the people as they are; ``changed`` says that it is under way, done, or gone.

    Choosing an order keeps the others to choose from; whatever changes the mattes before refinement lets them all go.
    """

    changed = Signal()

    def __init__(self, document: Document, conductor: Conductor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._job: Job | None = None
        self._key: Key | None = None
        self.tried: list[OrderTried] = []
        conductor.engine_lane.finished.connect(self._on_finished)
        conductor.engine_lane.cancelled.connect(self._on_ended)
        conductor.engine_lane.failed.connect(self._on_ended)
        document.changed.connect(self._on_changed)
        document.replaced.connect(self.leave)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def count(self) -> int:
        """How many people take part: whoever is in the order, or everybody."""
        return len(self._taking_part())

    def can_try(self) -> bool:
        """Whether there is more than one order, and not too many."""
        result = self._conductor.result
        return result is not None and result.refines and 2 <= self.count() <= MOST_ORDERED

    def begin(self) -> None:
        """Tries all orders, whatever is chosen now."""
        project = self._document.snapshot()
        if project is None or not self.can_try():
            return
        project = as_everybody(project, self._in_order(self._taking_part()))
        self.tried, self._key = [], self._conductor.orders_key(project)
        self._job = self._conductor.try_orders(project)
        self.changed.emit()

    def leave(self) -> None:
        """Stops, and forgets what was tried."""
        if self._job is not None:
            self._job.stop()
        self._job = self._key = None
        self.tried = []
        self.changed.emit()

    def choose(self, tried: OrderTried) -> None:
        """Refines everybody in this order."""
        self._document.do(set_refinement(self._in_order(tried.order)))

    def is_chosen(self, tried: OrderTried) -> bool:
        """Whether everybody is refined in this order now."""
        wish = self._document.state.refinement
        return wish.strategy == "cycle" and not wish.begun and (wish.order or self._document.state.ids()) == tried.order

    def _in_order(self, order: tuple[int, ...]) -> Refinement:
        return replace(self._document.state.refinement, strategy="cycle", order=order, begun=())

    def _taking_part(self) -> tuple[int, ...]:
        state = self._document.state
        chosen = state.refinement.order if state.refinement.strategy == "cycle" else ()
        return chosen or state.ids()

    def _is_wanted(self) -> bool:
        project = self._document.snapshot()
        return project is not None and self._key is not None and self._conductor.orders_key(project) == self._key

    def _on_finished(self, job: Job, result: object) -> None:
        if job is not self._job:
            return
        self._job = None
        if job.stopped.is_set() or not self._is_wanted():
            self.leave()
            return
        assert isinstance(result, list)
        self.tried = result
        self.changed.emit()

    def _on_ended(self, job: Job, error: Exception | None = None) -> None:
        if job is self._job:
            self._job = None
            self.leave()

    def _on_changed(self) -> None:
        if self._key is not None and not self._is_wanted():
            self.leave()
        else:
            self.changed.emit()
