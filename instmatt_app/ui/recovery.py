"""Recovery: work that is in no project file, left by a crash, a closed window or another photo, with small pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.files.project_restoring import thumbnail_pixels
from instmatt_app.files.sessions import LeftSession
from instmatt_app.ui.images import rgb_image

PICTURE = QSize(128, 96)


class RecoveryDialog(QDialog):
    """A row for each session; not modal. ``open_asked`` and ``discard_asked`` carry the session's folder."""

    open_asked = Signal(object)
    discard_asked = Signal(object)

    def __init__(self, sessions: list[LeftSession], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Unsaved work"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.rows: dict[Path, SessionRow] = {}
        self.question: QMessageBox | None = None
        words = QLabel(
            self.tr("This work is in no project file yet. It stays here until you open it or throw it away.")
        )
        words.setWordWrap(True)
        rows = QWidget()
        column = QVBoxLayout(rows)
        for session in sessions:
            row = self.rows[session.folder] = SessionRow(session)
            row.open_button.clicked.connect(lambda _=False, folder=session.folder: self._open(folder))
            row.discard_button.clicked.connect(lambda _=False, folder=session.folder: self._ask(folder))
            column.addWidget(row)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidget(rows)
        scroll.setWidgetResizable(True)
        later = QPushButton(self.tr("Later"))
        later.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(words)
        layout.addWidget(scroll, 1)
        layout.addWidget(later, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(560, 420)

    def _open(self, folder: Path) -> None:
        self._take_away(folder)
        self.open_asked.emit(folder)

    def _ask(self, folder: Path) -> None:
        """Asks once: it is the only copy, and the next row moves to where the button was."""
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Unsaved work"), "", parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Throw the work on “{name}” away?").format(name=self.rows[folder].name.text()))
        box.setInformativeText(self.tr("It is in no project file and cannot be brought back."))
        away = box.addButton(self.tr("Throw away"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        away.clicked.connect(lambda: self._discard(folder))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(lambda: setattr(self, "question", None))
        self.question = box
        box.open()

    def _discard(self, folder: Path) -> None:
        self._take_away(folder)
        self.discard_asked.emit(folder)

    def _take_away(self, folder: Path) -> None:
        row = self.rows.pop(folder)
        row.hide()
        row.deleteLater()
        if not self.rows:
            self.close()


class SessionRow(QWidget):
    """One session: picture, photo's name, how many people, how long ago, and what can be done with it."""

    def __init__(self, session: LeftSession) -> None:
        super().__init__()
        picture = QLabel()
        picture.setFixedSize(PICTURE)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        pixels = None if session.thumbnail is None else thumbnail_pixels(session.thumbnail)
        if pixels is not None:
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            picture.setPixmap(QPixmap.fromImage(rgb_image(pixels)).scaled(PICTURE, keep, smooth))
        people = self.tr("1 person") if session.people == 1 else self.tr("{count} people").format(count=session.people)
        self.name = QLabel(session.name)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        about = QLabel(f"{people} · {self._ago(session.saved)}")
        about.setObjectName("faint")
        words = QVBoxLayout()
        words.addStretch()
        words.addWidget(self.name)
        words.addWidget(about)
        words.addStretch()
        self.open_button = QPushButton(self.tr("Open"))
        self.discard_button = QPushButton(self.tr("Throw away"))
        line = QHBoxLayout(self)
        line.addWidget(picture)
        line.addLayout(words, 1)
        line.addWidget(self.open_button)
        line.addWidget(self.discard_button)

    def _ago(self, saved: datetime) -> str:
        when = saved if saved.tzinfo is not None else saved.replace(tzinfo=UTC)
        minutes = max(0, int((datetime.now(UTC) - when).total_seconds()) // 60)
        if minutes < 60:
            return self.tr("{count} minutes ago").format(count=minutes)
        if minutes < 48 * 60:
            return self.tr("{count} hours ago").format(count=minutes // 60)
        return self.tr("{count} days ago").format(count=minutes // (24 * 60))
