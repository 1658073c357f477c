"""The start page: what the window says before there is a photo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import qtawesome
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

MOST_RECENT = 4


class StartPage(QWidget):
    """Says what to do, and offers the ways to do it."""

    open_asked = Signal()
    paste_asked = Signal()
    sample_asked = Signal()
    recent_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icon = QLabel()
        icon.setPixmap(qtawesome.icon("mdi6.image-multiple-outline", color="#8c8c8c").pixmap(QSize(72, 72)))
        icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = QLabel(self.tr("Drop a photo here"))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setStyleSheet("font-size: 26px; font-weight: 300;")
        words = QLabel(self.tr("Every person becomes a layer with a fine alpha matte."))
        words.setObjectName("faint")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.addStretch()
        for text, name, asked in (
            (self.tr("Open…"), "mdi6.folder-open-outline", self.open_asked),
            (self.tr("Paste"), "mdi6.content-paste", self.paste_asked),
            (self.tr("Try the sample"), "mdi6.account-group-outline", self.sample_asked),
        ):
            button = QPushButton(qtawesome.icon(name, color="#8c8c8c"), text)
            button.clicked.connect(asked)
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.addStretch()
        for widget in (icon, title, words):
            layout.addWidget(widget)
        layout.addSpacing(14)
        layout.addLayout(row)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        layout.addSpacing(18)
        layout.addLayout(self._recent)
        layout.addStretch()
        self._offers = QVBoxLayout()
        layout.addLayout(self._offers)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offers photos and projects that were opened before; ``recent_asked`` carries the one that is chosen."""
        if paths:
            words = QLabel(self.tr("Opened before"))
            words.setObjectName("faint")
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._recent.addWidget(words)
        for path in paths[:MOST_RECENT]:
            button = QPushButton(self.fontMetrics().elidedText(path.name, Qt.TextElideMode.ElideMiddle, 320))
            button.setFlat(True)
            button.setToolTip(str(path))
            button.setAccessibleName(path.name)
            button.clicked.connect(lambda _=False, chosen=path: self.recent_asked.emit(chosen))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)

    def offer(self, text: str, yes: str, do: Callable[[], object]) -> None:
        """Asks something in a quiet row at the lower edge, until it is answered or a photo is opened."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 12)
        words = QLabel(text)
        words.setObjectName("faint")
        accept, refuse = QPushButton(yes), QPushButton(self.tr("No, thanks"))
        line.addStretch()
        for widget in (words, accept, refuse):
            line.addWidget(widget)
        line.addStretch()
        accept.clicked.connect(do)
        for button in (accept, refuse):
            button.clicked.connect(row.deleteLater)
        self._offers.addWidget(row)
