"""Backdrops: the colour or the photo of one's own that people stand before in the view Backdrop; it is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QBrush, QColor, QImage
from PySide6.QtWidgets import QColorDialog, QFileDialog, QWidget

from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.canvas.rendering import Backdrop
from instmatt_app.ui.canvas.views import View
from instmatt_app.ui.conductor import Conductor

GREEN = QColor(0, 160, 90)
COLOUR, PHOTO = "view/backdrop-colour", "view/backdrop-photo"


class Backdrops(QObject):
    """Asks for them, hands them to the canvases (the first of which shows a new one at once), and keeps the last."""

    def __init__(self, conductor: Conductor, canvases: Sequence[Canvas], window: QWidget) -> None:
        super().__init__(window)
        self._conductor = conductor
        self._canvases = canvases
        self._window = window
        self._asked: Path | None = None
        self._restored = False
        conductor.pictured.connect(self._on_picture)
        canvases[0].document.replaced.connect(self._restore)

    def choose_colour(self) -> None:
        """A colour of the person's choice."""
        colour = QColorDialog.getColor(GREEN, self._window, self.tr("Backdrop"))
        if colour.isValid():
            self.set_colour(colour)

    def choose_photo(self) -> None:
        """A photo of the person's choice."""
        folder = str(QSettings().value("open/folder", ""))
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Backdrop"), folder)
        if name:
            self.set_photo(Path(name))

    def set_colour(self, colour: QColor) -> None:
        """People stand before this colour from now on."""
        self._restored = True
        self._keep(colour=colour.name())
        self._hand_over(Backdrop(QBrush(colour)))
        self._canvases[0].set_view(View.BACKDROP)

    def set_photo(self, path: Path) -> None:
        """People stand before this photo as soon as the files lane has read it."""
        self._restored, self._asked = True, path
        self._conductor.read_picture(path)

    def _restore(self) -> None:
        """What was chosen last, when the first photo is there: nothing of it is needed before."""
        if self._restored:
            return
        self._restored = True
        settings = QSettings()
        colour, name = QColor(str(settings.value(COLOUR, ""))), str(settings.value(PHOTO, ""))
        if name and Path(name).is_file():
            self._conductor.read_picture(Path(name))
        elif colour.isValid():
            self._hand_over(Backdrop(QBrush(colour)))

    def _on_picture(self, level: NDArray[np.uint8]) -> None:
        height, width = level.shape[:2]
        picture = QImage(level.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        self._hand_over(Backdrop(QBrush(Qt.GlobalColor.black), picture))
        asked, self._asked = self._asked, None
        if asked is not None:
            self._keep(photo=str(asked.absolute()))
            self._canvases[0].set_view(View.BACKDROP)

    def _hand_over(self, backdrop: Backdrop) -> None:
        for canvas in self._canvases:
            canvas.set_backdrop(backdrop)

    @staticmethod
    def _keep(colour: str = "", photo: str = "") -> None:
        QSettings().setValue(COLOUR, colour)
        QSettings().setValue(PHOTO, photo)
