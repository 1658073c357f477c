"""The menu of a person: what can be done with who is under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from instmatt_app.core.edits import look, merge_people, remove_people, show_only

if TYPE_CHECKING:
    from instmatt_app.ui.main_window import MainWindow


def _tr(text: str) -> str:
    return QCoreApplication.translate("PersonMenu", text)


def person_menu(window: MainWindow, number: int | None) -> QMenu:
    """The menu for this person, who is selected by it, or for a place where nobody is."""
    document, menu = window.document, QMenu(window)
    if number is None:
        menu.addAction(_tr("Whole photo")).triggered.connect(window.canvas.fit)
        menu.addAction(_tr("Next view")).triggered.connect(lambda: window.canvas.next_view())
        menu.addAction(_tr("Worst conflict")).triggered.connect(window.fly_to_conflict)
        return menu
    if number not in document.selected:
        document.select((number,))
    person, selected = document.state.person(number), document.selected
    menu.addSection(person.name)
    menu.addAction(_tr("Only this person")).triggered.connect(lambda: document.do(show_only(number)))
    lock = _tr("Unlock") if person.locked else _tr("Lock")
    menu.addAction(lock).triggered.connect(lambda: document.do(look(number, lock, locked=not person.locked)))
    menu.addAction(_tr("Rename")).triggered.connect(lambda: window.people.rename(number))
    menu.addSeparator()
    merge = menu.addAction(_tr("These pieces are one person"))
    merge.setEnabled(len(selected) > 1)
    merge.triggered.connect(lambda: document.do(merge_people(selected)))
    menu.addAction(_tr("Split along a line")).triggered.connect(lambda: window.toolbox.use("split"))
    menu.addAction(_tr("Delete")).triggered.connect(lambda: document.do(remove_people(selected)))
    return menu
