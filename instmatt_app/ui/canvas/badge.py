"""The badge on the photo: which mattes are shown while they are not those of the project as it stands."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document

MARGIN = 14


class Badge(QLabel):
    """Lies in the lower left corner of the canvas; gone while the full mattes are shown."""

    def __init__(self, document: Document, conductor: Conductor, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._document = document
        self._conductor = conductor
        self._canvas = canvas
        self.setObjectName("badge")
        self.hide()
        conductor.shown_changed.connect(self.renew)
        document.changed.connect(self.renew)

    def renew(self) -> None:
        """Says what is shown now."""
        stale = bool(self._document.state.instances) and not self._conductor.is_current
        if stale:
            self.setText(self._words())
            self.adjustSize()
            self.move(MARGIN, self._canvas.height() - self.height() - MARGIN)
        self.setVisible(stale)

    def _words(self) -> str:
        conductor = self._conductor
        if conductor.is_failed():
            return self.tr("Matting failed — see above")
        follows = conductor.runs_by_itself or conductor.is_matting
        if conductor.is_preview:
            return self.tr("Preview — the full result follows") if follows else self.tr("Preview — Enter runs the rest")
        if conductor.result is None:
            return self.tr("Masks — mattes follow") if follows else self.tr("Masks — Enter makes the mattes")
        return self.tr("The last mattes — new ones follow") if follows else self.tr("The last mattes — Enter runs")
