"""One model in the window of models: what it is, its terms, and how it is had."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from instmatt_app.files.catalogue import Model


class ModelRow(QFrame):
    """Says everything that a person should know before a download begins; the buttons are the window's to join."""

    def __init__(self, model: Model, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setFrameShape(QFrame.Shape.StyledPanel)
        name = QLabel(model.name)
        name.setObjectName("heading")
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of {name}").format(name=model.name))
        self.fetch = QPushButton(self.tr("Fetch"))
        self.fetch.setAccessibleName(self.tr("Fetch {name}").format(name=model.name))
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setAccessibleName(self.tr("Stop fetching {name}").format(name=model.name))
        first = QHBoxLayout()
        first.addWidget(name)
        first.addStretch()
        first.addWidget(self.fetch)
        first.addWidget(self.stop)
        about = QLabel(self._terms())
        about.setObjectName("faint")
        about.setWordWrap(True)
        about.setTextFormat(Qt.TextFormat.RichText)
        about.setOpenExternalLinks(True)
        layout = QVBoxLayout(self)
        layout.addLayout(first)
        for widget in (self.state, about, self.progress, self.trouble):
            layout.addWidget(widget)

    def _terms(self) -> str:
        model = self._model
        lines = [model.title, self.tr("Licence: {licence}").format(licence=model.licence)]
        if model.page:
            lines[1] += f' (<a href="{model.page}">{model.page.split("/")[2]}</a>)'
        if model.url:
            source = self.tr("Source: {host}").format(host=model.url.split("/")[2])
            if model.megabytes:
                source += ", " + self.tr("about {size} MB").format(size=f"{model.megabytes:g}")
            lines.append(source)
            checksum = model.sha256 or model.md5
            if checksum:
                text = self.tr("Checksum: {kind} begins with {digits}")
                lines.append(text.format(kind="SHA-256" if model.sha256 else "MD5", digits=checksum))
            else:
                lines.append(self.tr("Checksum: its owners publish none, so only its structure can be checked"))
        return "<br>".join(lines)

    def show_state(self, path: Path | None, is_elsewhere: bool, is_running: bool) -> None:
        """Ready at ``path``, kept by another program, being fetched, or none of these."""
        if path is not None:
            self.state.setText(self.tr("Ready"))
            self.state.setToolTip(str(path))
        elif is_elsewhere:
            self.state.setText(self.tr("Another program has it; it is taken over when it is first used"))
        elif is_running:
            self.state.setText(self.tr("Being fetched"))
        elif self._model.url:
            self.state.setText(self.tr("Not there; it can be fetched"))
        else:
            self.state.setText(self.tr("Not there; it comes with the program"))
        self.fetch.setVisible(path is None and not is_elsewhere and not is_running and bool(self._model.url))
        self.stop.setVisible(is_running)
        self.progress.setVisible(is_running)
        if is_running:
            self.trouble.hide()
        else:
            self.progress.setRange(0, 0)

    def show_progress(self, done: int, total: int, what: str) -> None:
        """How far the fetching is, in whatever units."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        megabytes = f"{done / 1e6:.1f} / {total / 1e6:.1f} MB"
        self.state.setText(f"{what}: {megabytes}" if total > 10_000 else what)

    def show_trouble(self, text: str) -> None:
        """Why it did not come."""
        self.trouble.setText(text)
        self.trouble.show()
