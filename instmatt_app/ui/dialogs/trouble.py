"""What an unexpected error looks like to the person: calm, with details for whoever can mend it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QStyle,
    QVBoxLayout,
    QWidget,
)

# More of the same says nothing new.
MOST = 5


class TroubleDialog(QDialog):
    """Not modal; further errors are added to the one that is shown, and counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something unexpected happened"))
        self.count = 0
        icon = QLabel()
        standard = self.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxInformation)
        icon.setPixmap(standard.pixmap(QSize(32, 32)))
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setAccessibleName(self.tr("Details"))
        self.details.hide()
        buttons = QDialogButtonBox()
        close = buttons.addButton(self.tr("Go on"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.show_button = buttons.addButton(self.tr("Details"), QDialogButtonBox.ButtonRole.ActionRole)
        self.show_button.setCheckable(True)
        copy = buttons.addButton(self.tr("Copy the details"), QDialogButtonBox.ButtonRole.ActionRole)
        close.setDefault(True)
        buttons.accepted.connect(self.accept)
        self.show_button.toggled.connect(self.details.setVisible)
        self.show_button.toggled.connect(lambda: self.adjustSize())
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details.toPlainText()))
        line = QHBoxLayout()
        line.addWidget(icon)
        line.addWidget(self.words, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(line)
        layout.addWidget(self.details, 1)
        layout.addWidget(buttons)
        self.setMinimumWidth(560)

    def add(self, what: str, details: str) -> None:
        """Tells of one more error."""
        self.count += 1
        words = self.tr(
            "The program goes on, and your work is kept. If it happens again, copy the details and send them to "
            "whoever looks after the program; there is no photo in them."
        )
        often = "" if self.count == 1 else " " + self.tr("({count} times)").format(count=self.count)
        self.words.setText(f"{words}\n\n{what}{often}")
        if self.count <= MOST:
            self.details.appendPlainText(details)
