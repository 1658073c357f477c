"""Turns: stepping through a refinement turn by turn — what each changed, and how well everybody added up after it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from instmatt_app.core.edits import keep_refinement, set_refinement
from instmatt_app.core.project import Key, Project
from instmatt_app.core.refinement import Refinement
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.turn_shown import TurnShown


class Turns(QObject):
    """The turns of the refinement that is looked at, and which of them is shown. ``moved`` says that it is another."""

    moved = Signal()

    def __init__(self, document: Document, conductor: Conductor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._wanted: Key | None = None
        self._person: int | None = None
        self._turns: list[TurnShown] = []
        self._resume: int | None = None
        self.place: int | None = None
        conductor.stepped.connect(self._on_stepped)
        document.changed.connect(self._on_changed)
        document.replaced.connect(self.leave)

    @property
    def turns(self) -> list[TurnShown]:
        """The start and the state after each turn; empty while nobody steps."""
        return self._turns

    @property
    def shown(self) -> TurnShown | None:
        return self._turns[self.place] if self.place is not None else None

    def enter(self, person: int | None = None) -> None:
        """Computes the turns of everybody's refinement, or of one person's own, and shows the last."""
        self._person = person
        project = self._project()
        if project is not None and project.instances:
            self._wanted = self._conductor.ask_turns(project)

    def leave(self) -> None:
        """Shows the result again."""
        self._wanted, self._turns, self.place = None, [], None
        self.moved.emit()

    def go_to(self, place: int) -> None:
        """Shows the state after that turn, counted among those that are there; nothing where there is none."""
        if 0 <= place < len(self._turns):
            self.place = place
            self.moved.emit()

    def go(self, by: int) -> None:
        """A turn on or back."""
        if self.place is not None:
            self.go_to(self.place + by)

    def again_from_here(self, order: tuple[int, ...]) -> None:
        """Makes the run anew from the turn that is shown, in this order from there on."""
        project, shown = self._project(), self.shown
        if project is None or shown is None:
            return
        wish = project.refinement.again_from(shown.number, order, self._document.state.ids())
        edit = set_refinement(wish) if self._person is None else keep_refinement([self._person], wish)
        person, place = self._person, self.place
        if self._document.do(edit):
            self.enter(person)
            self._resume = place

    def _project(self) -> Project | None:
        """The project, refined as what is looked at says."""
        project = self._document.snapshot()
        if project is not None and self._person in self._document.state.ids():
            own = self._document.state.person(self._person or 0).refinement
            project.refinement = own or project.refinement
        return project

    def _on_stepped(self, key: Key, turns: list[TurnShown]) -> None:
        if key == self._wanted:
            self._turns = turns
            place, self._resume = self._resume, None
            self.go_to(min(place, len(turns) - 1) if place is not None else len(turns) - 1)

    def _on_changed(self) -> None:
        project = self._project()
        if self._wanted is not None and (project is None or self._conductor.turns_key(project) != self._wanted):
            self.leave()


def as_everybody(project: Project, refinement: Refinement) -> Project:
    """The project with that refinement for everybody, whatever they have of their own."""
    people = [replace(one, refinement=None) for one in project.instances]
    return Project(project.photo, people, refinement, project.revision)
