"""Backdrops: the colour or the photo of one's own that people stand before in the view Backdrop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QBrush, QColor, QImage
from PySide6.QtWidgets import QColorDialog, QFileDialog, QWidget

from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.canvas.rendering import Backdrop
from instmatt_app.ui.conductor import Conductor

GREEN = QColor(0, 160, 90)


class Backdrops(QObject):
    """Asks for them, and hands them to the canvas."""

    def __init__(self, conductor: Conductor, canvas: Canvas, window: QWidget) -> None:
        super().__init__(window)
        self._conductor = conductor
        self._canvas = canvas
        self._window = window
        conductor.pictured.connect(self._on_picture)

    def choose_colour(self) -> None:
        """A colour of the person's choice."""
        colour = QColorDialog.getColor(GREEN, self._window, self.tr("Backdrop"))
        if colour.isValid():
            self._canvas.set_backdrop(Backdrop(QBrush(colour)))

    def choose_photo(self) -> None:
        """A photo of the person's choice, which is read on the files lane."""
        folder = str(QSettings().value("open/folder", ""))
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Backdrop"), folder)
        if name:
            self._conductor.read_picture(Path(name))

    def _on_picture(self, level: NDArray[np.uint8]) -> None:
        height, width = level.shape[:2]
        picture = QImage(level.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        self._canvas.set_backdrop(Backdrop(QBrush(Qt.GlobalColor.black), picture))
