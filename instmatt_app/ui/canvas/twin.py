"""The twin: a second look at the same photo beside the first, at the same place and zoom, in a view of its own."""

from __future__ import annotations

from PySide6.QtCore import QSettings, QSignalBlocker
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.canvas.views import View
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.tools.pick import HandTool

MARGIN = 10
PHOTO = "photo"


class Twin(QWidget):
    """Stands left of the canvas that it follows, and is followed by it; hidden until somebody wants it."""

    def __init__(self, document: Document, conductor: Conductor, first: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conductor = conductor
        self._first = first
        self.canvas = Canvas(document, conductor)
        self.canvas.setAccessibleName(self.tr("Second view"))
        self.canvas.set_tool(HandTool(self.canvas))
        self.choice = QComboBox(self.canvas)
        self.choice.setAccessibleName(self.tr("What the second view shows"))
        self.choice.addItem(self.tr("Photo"), PHOTO)
        for view in View:
            self.choice.addItem(view.label, view.name)
        self.choice.move(MARGIN, MARGIN)
        self.choice.adjustSize()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.addWidget(self.canvas)
        self.choice.currentIndexChanged.connect(lambda _: self._show())
        first.zoomed.connect(lambda _: self.canvas.follow(first.viewport))
        self.canvas.zoomed.connect(lambda _: first.follow(self.canvas.viewport))
        document.replaced.connect(self._take_photo)
        kept = self.choice.findData(QSettings().value("view/second", PHOTO))
        self.choice.setCurrentIndex(max(0, kept))
        self._show()
        self.hide()

    def toggle(self) -> None:
        """Shows the second view, or hides it."""
        if self.isHidden():
            self._take_photo()
        self.setVisible(self.isHidden())

    def _take_photo(self) -> None:
        # It fits the photo into its own size, which is not what the other one should follow.
        with QSignalBlocker(self.canvas):
            self.canvas.set_photo(self._conductor.levels)
        self.canvas.follow(self._first.viewport)

    def _show(self) -> None:
        chosen = str(self.choice.currentData())
        self.canvas.show_overlay(chosen != PHOTO)
        if chosen != PHOTO:
            self.canvas.set_view(View[chosen])
        QSettings().setValue("view/second", chosen)
