"""All orders of a cycle as a list: what each leaves of the error, and a picture of where they differ most."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from instmatt_app.core.refinement import MOST_ORDERED
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.images import rgb_image
from instmatt_app.ui.order_tried import OrderTried
from instmatt_app.ui.orders import Orders
from instmatt_app.ui.panels.choice_list import ChoiceList

PICTURE = QSize(64, 64)
# So many are seen without scrolling.
SEEN = 3


class OrdersPanel(QWidget):
    """A button that tries them, and the list to choose from; Enter or a double click chooses."""

    def __init__(self, document: Document, conductor: Conductor, orders: Orders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._orders = orders
        self._listed: list[OrderTried] = []
        self.button = QPushButton(self.tr("Try all orders"))
        self.button.setCheckable(True)
        self.note = QLabel()
        self.note.setObjectName("faint")
        self.use = QPushButton(self.tr("Use"))
        self.use.setAccessibleName(self.tr("Use the order"))
        self.list = ChoiceList()
        self.list.setAccessibleName(self.tr("Orders, the least error first"))
        self.list.setIconSize(PICTURE)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.note, 1)
        row.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.list)
        self.button.clicked.connect(lambda on: orders.begin() if on else orders.leave())
        self.list.taken.connect(lambda _: self._choose())
        self.use.clicked.connect(self._choose)
        orders.changed.connect(self.renew)
        conductor.shown_changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Shows what was tried, or whether anything can be."""
        orders = self._orders
        under_way = orders.is_running or bool(orders.tried)
        self.button.setChecked(under_way)
        self.button.setEnabled(under_way or orders.can_try())
        self.button.setToolTip(
            self.tr("Every order of the cycle of up to {count} people, the least error first").format(
                count=MOST_ORDERED
            )
        )
        self.note.setText(self.tr("trying …") if orders.is_running else "")
        for widget in (self.list, self.use):
            widget.setVisible(bool(orders.tried))
        if orders.tried is not self._listed:
            self._fill(orders.tried)
        for row, one in enumerate(self._listed):
            self._word(self.list.item(row), one)

    def _fill(self, tried: list[OrderTried]) -> None:
        self._listed = tried
        with QSignalBlocker(self.list):
            self.list.clear()
            for one in tried:
                picture, icon = QPixmap.fromImage(rgb_image(one.picture)), QIcon()
                for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
                    icon.addPixmap(picture, mode)
                self.list.addItem(QListWidgetItem(icon, ""))
            if tried:
                self.list.setCurrentRow(0)
        self.list.setFixedHeight(min(len(tried), SEEN) * (PICTURE.height() + 2) + 8)

    def _word(self, item: QListWidgetItem, tried: OrderTried) -> None:
        names = {one.id: one.name for one in self._document.state.instances}
        order = " → ".join(names.get(number, "") for number in tried.order)
        chosen = "  ✓" if self._orders.is_chosen(tried) else ""
        text = f"Σα {tried.error:.5f}{chosen}\n{order}"
        if item.text() != text:
            item.setText(text)
            item.setToolTip(order)

    def _choose(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._listed):
            self._orders.choose(self._listed[row])
