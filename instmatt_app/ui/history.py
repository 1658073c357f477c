"""History: the states a project went through, as far as memory allows, and where in them it stands."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from instmatt_app.core.edits import State, added_bytes

BUDGET = 512 * 2**20


class _Step(NamedTuple):
    text: str
    state: State
    series: str
    nbytes: int


class History(QObject):
    """Undo is going back to the state that was.

    The oldest steps are let go when what the steps made new takes more than ``budget`` bytes; the newest always stays.
    ``moved`` is sent whenever the state is another one, or the list of steps.
    """

    moved = Signal()

    def __init__(self, budget: int = BUDGET, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.budget = budget
        self._first = State()
        self._steps: list[_Step] = []
        self._done = 0
        self._clean: State | None = self._first

    @property
    def state(self) -> State:
        return self._steps[self._done - 1].state if self._done else self._first

    @property
    def texts(self) -> list[str]:
        """What was done, the oldest first, undone steps included."""
        return [step.text for step in self._steps]

    @property
    def done(self) -> int:
        """How many of the steps are done."""
        return self._done

    @property
    def nbytes(self) -> int:
        return sum(step.nbytes for step in self._steps)

    def count(self) -> int:
        return len(self._steps)

    def can_undo(self) -> bool:
        return self._done > 0

    def can_redo(self) -> bool:
        return self._done < len(self._steps)

    def is_clean(self) -> bool:
        """Whether the state is the one that :meth:`set_clean` was called in."""
        return self.state is self._clean

    def set_clean(self) -> None:
        """The state as it stands is what is on the disk."""
        self._clean = self.state
        self.moved.emit()

    def set_unsaved(self) -> None:
        """No state is on the disk, not even the one where it began."""
        self._clean = None
        self.moved.emit()

    def begin(self, state: State) -> None:
        """Forgets everything; that state is where it begins."""
        self._first, self._steps, self._done, self._clean = state, [], 0, state
        self.moved.emit()

    def push(self, text: str, state: State, series: str = "") -> None:
        """A new state; what was undone is gone. Steps that follow each other in the same ``series`` are one."""
        del self._steps[self._done :]
        if series and self._steps and self._steps[-1].series == series:
            self._steps.pop()
            self._done -= 1
        self._steps.append(_Step(text, state, series, added_bytes(self.state, state)))
        self._done += 1
        while len(self._steps) > 1 and self.nbytes > self.budget:
            self._first = self._steps.pop(0).state
            self._done -= 1
        self.moved.emit()

    def undo(self) -> None:
        self.go_to(self._done - 1)

    def redo(self) -> None:
        self.go_to(self._done + 1)

    def go_to(self, done: int) -> None:
        """To the state in which so many steps are done; nothing where there is none."""
        if 0 <= done <= len(self._steps) and done != self._done:
            self._done = done
            self.moved.emit()
