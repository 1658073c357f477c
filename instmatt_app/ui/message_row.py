"""The row above the photo in which the window says something, calmly and in place."""

from __future__ import annotations

import qtawesome
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

TROUBLE, WORD = "#7a4a1e", "#33475f"


class MessageRow(QFrame):
    """A sentence; it stays until it is closed or another one comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setContentsMargins(12, 8, 12, 8)
        close = QToolButton()
        close.setIcon(qtawesome.icon("mdi6.close", color="#d8d8d8"))
        close.setAccessibleName(self.tr("Close the message"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self._words, 1)
        row.addWidget(close)
        self.hide()

    def say(self, text: str, trouble: bool = False) -> None:
        """Shows a sentence, which is about trouble or not."""
        self._words.setText(text)
        colour = TROUBLE if trouble else WORD
        self.setStyleSheet(f"MessageRow {{ background: {colour}; }} QLabel {{ color: white; }}")
        self.show()

    def text(self) -> str:
        """What was said last."""
        return self._words.text()
