"""The list of people's rows: dragged inside it they change their order, dragged out of it they are files."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QWidget

PERSON = Qt.ItemDataRole.UserRole


class PeopleList(QListWidget):
    """``give`` makes what another program gets of a person, by id; None where there is nothing to give."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.give: Callable[[int], QMimeData | None] = lambda person: None
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        """As the list does it, but with the file beside the rows, and without taking rows away that were given."""
        item, rows = self.currentItem(), self.selectedIndexes()
        if item is None or not rows:
            return
        own = self.model().mimeData(rows)
        mime = self.give(item.data(PERSON)) or QMimeData()
        for name in own.formats():
            mime.setData(name, own.data(name))
        drag = QDrag(self)
        drag.setMimeData(mime)
        row = self.itemWidget(item)
        if row is not None:
            drag.setPixmap(row.grab())
        drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)
