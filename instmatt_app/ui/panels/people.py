"""The people: one row each, the uppermost layer first, and what can be done with those who are selected."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.edits import look, merge_people, remove_people, reorder, show_only
from instmatt_app.core.instance import Instance
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.panels.people_list import PERSON, PeopleList
from instmatt_app.ui.panels.person_row import PersonRow

# Two rows stay in sight, whatever is unfolded below.
LEAST_HEIGHT = 112


class PeoplePanel(QWidget):
    """The list. ``add_asked``: another person; ``split_asked``: the line is to be drawn; ``hovered`` tells whose row
    the cursor is over, or None; ``menu_asked`` a place on the screen and the person there."""

    split_asked = Signal()
    add_asked = Signal()
    hovered = Signal(object)
    menu_asked = Signal(object, object)

    def __init__(self, document: Document, conductor: Conductor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._filling = False
        self._progress = 0
        self.rows: dict[int, PersonRow] = {}
        self.list = PeopleList()
        self.list.setAccessibleName(self.tr("People"))
        self.list.setMinimumHeight(LEAST_HEIGHT)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Rows follow when the panels get a scroll bar beside them.
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.itemSelectionChanged.connect(self._on_selection)
        self.list.model().rowsMoved.connect(self._on_moved)
        self.list.customContextMenuRequested.connect(self._ask_menu)
        self.count = QLabel()
        self.count.setObjectName("faint")
        heading = QLabel(self.tr("People"))
        heading.setObjectName("heading")
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch()
        top.addWidget(self.count)
        self.buttons = {
            "add": QPushButton(self.tr("Add")),
            "merge": QPushButton(self.tr("Merge")),
            "split": QPushButton(self.tr("Split")),
            "delete": QPushButton(self.tr("Delete")),
        }
        self.buttons["add"].setToolTip(self.tr("Point at somebody who was not found: clicks, or a box"))
        self.buttons["merge"].setToolTip(self.tr("These pieces are one person"))
        self.buttons["split"].setToolTip(self.tr("Two people were found as one: draw the line between them"))
        self.buttons["add"].clicked.connect(self.add_asked)
        self.buttons["merge"].clicked.connect(lambda: document.do(merge_people(document.selected)))
        self.buttons["split"].clicked.connect(self.split_asked)
        self.buttons["delete"].clicked.connect(lambda: document.do(remove_people(document.selected)))
        grid = QGridLayout()
        for column, button in enumerate(self.buttons.values()):
            grid.addWidget(button, 0, column)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.list)
        layout.addLayout(grid)
        document.changed.connect(self.renew)
        document.replaced.connect(self._begin)
        document.selected_changed.connect(self._show_selection)
        conductor.shown_changed.connect(self._show_states)
        conductor.progressed.connect(self._on_progress)
        self.renew()

    def renew(self) -> None:
        """Shows the people as they are now; rows of people who stay in their place stay."""
        people, photo = self._document.state.instances, self._document.photo
        if tuple(self.rows) != tuple(one.id for one in people) or photo is None:
            self._fill(people)
        for person in people:
            if photo is not None:
                row = self.rows[person.id]
                row.show_person(person, photo)
        self._show_states()
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setSizeHint(self.rows[item.data(PERSON)].sizeHint())
        self.count.setText(self.tr("{count} found").format(count=len(people)) if people else "")
        self._show_selection()

    def rename(self, number: int) -> None:
        """Lets the name be edited in place."""
        if number in self.rows:
            self.rows[number].edit_name()

    def state_of(self, person: Instance) -> tuple[str, str]:
        """How far this person is: a word or two, and the name of an icon."""
        conductor = self._conductor
        if conductor.is_current:
            return self.tr("done"), "mdi6.check-circle-outline"
        if conductor.is_failed():
            return self.tr("failed"), "mdi6.alert-circle-outline"
        if conductor.is_matting:
            word = self.tr("running {share} %").format(share=self._progress)
            return word, "mdi6.progress-clock"
        if conductor.is_preview:
            return self.tr("preview"), "mdi6.circle-half-full"
        if conductor.index(person.id) is None:
            return self.tr("found, not run"), "mdi6.circle-outline"
        return self.tr("edited, not run"), "mdi6.pencil-circle-outline"

    def _begin(self) -> None:
        self.rows.clear()
        self._fill(())
        self.renew()

    def _fill(self, people: tuple[Instance, ...]) -> None:
        self._filling = True
        self.list.clear()
        self.rows = {}
        for person in people:
            row = PersonRow()
            row.looked.connect(partial(self._look, person.id))
            row.solo_asked.connect(partial(self._solo, person.id))
            row.hovered.connect(partial(self._hover, person.id))
            item = QListWidgetItem()
            item.setData(PERSON, person.id)
            self.list.addItem(item)
            self.list.setItemWidget(item, row)
            self.rows[person.id] = row
        self._filling = False

    def _look(self, number: int, text: str, changes: dict[str, object]) -> None:
        self._document.do(look(number, text, **changes))

    def _solo(self, number: int) -> None:
        self._document.do(show_only(number))

    def _hover(self, number: int, over: bool) -> None:
        self.hovered.emit(number if over else None)

    def _show_states(self) -> None:
        for person in self._document.state.instances:
            row = self.rows.get(person.id)
            if row is None:
                continue
            words, icon = self.state_of(person)
            if person.score is not None:
                words += f" · {person.score:.2f}"
            if person.refinement is not None:
                words += f" · {person.refinement.strategy}"
            if not person.edge.is_default:
                words += " · " + self.tr("edges")
            row.show_state(words, icon)

    def _on_progress(self, done: int, total: int, what: str) -> None:
        share = round(100 * done / total) if total else 0
        if share != self._progress:
            self._progress = share
            self._show_states()

    def _on_selection(self) -> None:
        if not self._filling:
            self._document.select([item.data(PERSON) for item in self.list.selectedItems()])

    def _show_selection(self) -> None:
        self._filling = True
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setSelected(item.data(PERSON) in self._document.selected)
        self._filling = False
        chosen = len(self._document.selected)
        self.buttons["merge"].setEnabled(chosen > 1)
        self.buttons["split"].setEnabled(chosen == 1)
        self.buttons["delete"].setEnabled(chosen > 0)
        self.buttons["add"].setEnabled(self._document.photo is not None)

    def _ask_menu(self, at: object) -> None:
        item = self.list.itemAt(at)  # type: ignore[call-overload]
        place = self.list.viewport().mapToGlobal(at)  # type: ignore[call-overload]
        self.menu_asked.emit(place, item.data(PERSON) if item is not None else None)

    def _on_moved(self, *_: QModelIndex) -> None:
        order = [self.list.item(row).data(PERSON) for row in range(self.list.count())]
        self.rows = {number: self.rows[number] for number in order}
        if not self._document.do(reorder(order)):
            self._fill(self._document.state.instances)
            self.renew()
