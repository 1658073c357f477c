"""The order of a cycle: people side by side, to be dragged, or moved with the keys; who is not ticked is left out."""

from __future__ import annotations

from collections.abc import Sequence

import qtawesome
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from instmatt_app.core.instance import Instance

_PERSON = Qt.ItemDataRole.UserRole


class OrderList(QListWidget):
    """``ordered`` carries the ids of those who take part, in their new order; never nobody."""

    ordered = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._shown: list[tuple[int, str, tuple[int, int, int], bool]] = []
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSpacing(2)
        self.setIconSize(QSize(10, 10))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFixedHeight(64)
        self.setAccessibleName(self.tr("Order of the cycle"))
        self.setToolTip(
            self.tr("Drag people into the order of the cycle, or move them with Alt and the arrows; "
                    "whoever is not ticked is held as they are")
        )  # fmt: skip
        self.model().rowsMoved.connect(lambda *_: self._tell())
        self.itemChanged.connect(lambda _: self._tell())

    def show_order(self, people: Sequence[Instance], order: Sequence[int]) -> None:
        """Shows those in the order first, then those who are left out."""
        left_out = [one.id for one in people if one.id not in order]
        by_id = {one.id: one for one in people}
        wanted = [(by_id[number], number in order) for number in (*order, *left_out)]
        shown = [(one.id, one.name, one.colour, taking_part) for one, taking_part in wanted]
        if shown == self._shown:
            # Rows that are made anew would fall out of a hand that is dragging them.
            return
        self._shown = shown
        self._filling = True
        row = self.currentRow()
        self.clear()
        for person, taking_part in wanted:
            item = QListWidgetItem(
                qtawesome.icon("mdi6.circle", color=QColor(*person.colour)), person.name
            )  # fmt: skip
            item.setData(_PERSON, person.id)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if taking_part else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setCurrentRow(row)
        self._filling = False

    def order(self) -> tuple[int, ...]:
        items = (self.item(row) for row in range(self.count()))
        return tuple(item.data(_PERSON) for item in items if item.checkState() == Qt.CheckState.Checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            row = self.currentRow()
            if 0 <= row + by < self.count() and row >= 0:
                self._filling = True
                self.insertItem(row + by, self.takeItem(row))
                self._filling = False
                self.setCurrentRow(row + by)
                self._tell()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        if self._filling:
            return
        # What is shown is no longer what was asked for.
        self._shown = []
        if not self.order():
            # An empty order would mean everybody.
            self._filling = True
            self.item(0).setCheckState(Qt.CheckState.Checked)
            self._filling = False
        self.ordered.emit(self.order())
