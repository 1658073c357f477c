"""The history as a list: what was done; a click goes back, or forth, to there."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from instmatt_app.ui.history import History


class HistorySheet(QWidget):
    """A window of its own beside the main one."""

    def __init__(self, history: History, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle(self.tr("History"))
        self.resize(260, 420)
        self._history = history
        self._filling = False
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("History"))
        self.memory = QLabel()
        self.memory.setObjectName("faint")
        layout = QVBoxLayout(self)
        layout.addWidget(self.list)
        layout.addWidget(self.memory)
        self.list.currentRowChanged.connect(self._go)
        history.moved.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Shows the steps; what was undone is faint."""
        self._filling = True
        self.list.clear()
        texts = [QCoreApplication.translate("Edit", text) for text in self._history.texts]
        for number, text in enumerate((self.tr("As it began"), *texts)):
            item = QListWidgetItem(text)
            if number > self._history.done:
                item.setForeground(self.palette().placeholderText())
            self.list.addItem(item)
        self.list.setCurrentRow(self._history.done)
        self._filling = False
        self.memory.setText(
            self.tr("{used} of {budget} MB").format(
                used=round(self._history.nbytes / 2**20), budget=self._history.budget // 2**20
            )
        )

    def _go(self, row: int) -> None:
        if not self._filling:
            self._history.go_to(row)
