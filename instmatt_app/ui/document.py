"""Document: the one door through which every change to the project goes."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from instmatt_app.core.edits import Edit, State
from instmatt_app.core.photo import Photo
from instmatt_app.core.project import Project


class Document(QObject):
    """The project that is open, its history, and who is selected.

    ``replaced`` is sent when another project takes the place of this one, ``changed`` after every edit, undo and redo,
    ``selected_changed`` when other people are selected.
    """

    replaced = Signal()
    changed = Signal()
    selected_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = QUndoStack(self)
        self._photo: Photo | None = None
        self._state = State()
        self._revision = 0
        self._selected: tuple[int, ...] = ()

    @property
    def photo(self) -> Photo | None:
        return self._photo

    @property
    def state(self) -> State:
        """What has been decided; never changes itself, so it can be handed to any thread."""
        return self._state

    @property
    def selected(self) -> tuple[int, ...]:
        """Ids of the selected people, in list order."""
        return self._selected

    def snapshot(self) -> Project | None:
        """A project of its own for a worker; it shares planes, which nobody changes."""
        if self._photo is None:
            return None
        return Project(self._photo, list(self._state.instances), self._state.refinement, self._revision)

    def replace(self, photo: Photo) -> None:
        """Opens a photo with nobody in it yet; the history begins anew."""
        self.history.clear()
        self._photo = photo
        self._state = State()
        self._selected = ()
        self.replaced.emit()

    def do(self, edit: Edit) -> bool:
        """Makes an edit part of the history; False if it changed nothing. Raises what the edit raises."""
        after = edit.change(self._state, self._next_revision)
        if after is self._state:
            return False
        self.history.push(_Step(self, edit.text, self._state, after))
        return True

    def select(self, numbers: Collection[int]) -> None:
        """Selects people by id; those who are not there are left out."""
        chosen = tuple(number for number in self._state.ids() if number in numbers)
        if chosen != self._selected:
            self._selected = chosen
            self.selected_changed.emit()

    def _next_revision(self) -> int:
        # Never goes back, not even by undo: a revision names one state of the pixels for ever.
        self._revision += 1
        return self._revision

    def _enter(self, state: State) -> None:
        before = set(self._state.ids())
        self._state = state
        self.changed.emit()
        new = [number for number in state.ids() if number not in before]
        self.select(new[:1] or self._selected or state.ids()[:1])


class _Step(QUndoCommand):
    """One step of the history: the states before and after it."""

    def __init__(self, document: Document, text: str, before: State, after: State) -> None:
        super().__init__(text)
        self._document = document
        self._before = before
        self._after = after

    def redo(self) -> None:
        self._document._enter(self._after)

    def undo(self) -> None:
        self._document._enter(self._before)
