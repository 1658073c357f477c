"""Document: the one door through which every change to the project goes."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal

from instmatt_app.core.edits import Edit, State
from instmatt_app.core.photo import Photo
from instmatt_app.core.project import Project
from instmatt_app.ui.history import History


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
        self.history = History(parent=self)
        self.history.moved.connect(self._on_moved)
        self._photo: Photo | None = None
        self._seen = self.history.state
        self._revision = 0
        self._selected: tuple[int, ...] = ()

    @property
    def photo(self) -> Photo | None:
        return self._photo

    @property
    def state(self) -> State:
        """What has been decided; never changes itself, so it can be handed to any thread."""
        return self.history.state

    @property
    def selected(self) -> tuple[int, ...]:
        """Ids of the selected people, in list order."""
        return self._selected

    def snapshot(self) -> Project | None:
        """A project of its own for a worker; it shares planes, which nobody changes."""
        if self._photo is None:
            return None
        return Project(self._photo, list(self.state.instances), self.state.refinement, self._revision)

    def replace(self, photo: Photo, state: State | None = None, revision: int = 0) -> None:
        """Opens a photo, with nobody in it or with what was decided before; the history begins anew.

        ``revision`` is the highest that was ever given to a plane of that photo.
        """
        self._photo = photo
        self._selected = ()
        self._seen = state or State()
        self._revision = max(self._revision, revision)
        self.history.begin(self._seen)
        self.replaced.emit()
        self.select(self._seen.ids()[:1])

    def do(self, edit: Edit) -> bool:
        """Makes an edit part of the history; False if it changed nothing. Raises what the edit raises."""
        after = edit.change(self.state, self._next_revision)
        if after is self.state:
            return False
        self.history.push(edit.text, after, edit.series)
        return True

    def select(self, numbers: Collection[int]) -> None:
        """Selects people by id; those who are not there are left out."""
        chosen = tuple(number for number in self.state.ids() if number in numbers)
        if chosen != self._selected:
            self._selected = chosen
            self.selected_changed.emit()

    def _next_revision(self) -> int:
        # Never goes back, not even by undo: a revision names one state of the pixels for ever.
        self._revision += 1
        return self._revision

    def _on_moved(self) -> None:
        before, state = self._seen, self.state
        if state is before:
            return
        self._seen = state
        # Who is gone is not selected any more, not even for those who are told first.
        selected, self._selected = self._selected, tuple(one for one in self._selected if one in state.ids())
        pruned = self._selected
        self.changed.emit()
        new = [number for number in state.ids() if number not in before.ids()]
        self.select(new[:1] or selected or state.ids()[:1])
        if pruned != selected and self._selected == pruned:
            self.selected_changed.emit()
