"""Frame: what a canvas shows at one moment, painted: the photo, people before it, a wipe, strokes, the tool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap

from instmatt_app.core.composite import checkerboard
from instmatt_app.core.planes import Tile, TilePlane
from instmatt_app.ui.canvas.pyramid import level_for
from instmatt_app.ui.canvas.rendering import Backdrop, Rendering
from instmatt_app.ui.canvas.views import View, hint_tile, pin_tile
from instmatt_app.ui.images import rgb_image

if TYPE_CHECKING:
    from instmatt_app.ui.canvas.canvas import Canvas

SURROUND = QColor(30, 30, 30)
# What lies between the photo and the changes of a step.
VEIL = QColor(0, 0, 0, 120)


class Frame:
    """Keeps the pictures that frames are painted from: the photo's pyramid, backdrops, tiles of strokes."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._levels: list[QImage] = []
        self._tiles: dict[tuple[int, object], tuple[Tile, QImage]] = {}
        board = rgb_image(np.ascontiguousarray(checkerboard(48, 48, 12)))
        self._checker = Backdrop(QBrush(QPixmap.fromImage(board)))
        self._backdrops = {
            View.BLACK: Backdrop(QBrush(Qt.GlobalColor.black)),
            View.WHITE: Backdrop(QBrush(Qt.GlobalColor.white)),
            View.BACKDROP: Backdrop(QBrush(QColor(0, 160, 90))),
        }

    def set_photo(self, levels: Sequence[NDArray[np.uint8]]) -> None:
        """Another photo, by its pyramid."""
        self._levels = [
            QImage(level.data, level.shape[1], level.shape[0], 4 * level.shape[1], QImage.Format.Format_RGB32)
            for level in levels
        ]
        self._tiles.clear()

    def set_backdrop(self, backdrop: Backdrop) -> None:
        """What people stand before in the view with a background of one's own."""
        self._backdrops[View.BACKDROP] = backdrop

    def paint(self, painter: QPainter, box: QRect) -> None:
        """Paints what lies in a box of the widget."""
        canvas = self._canvas
        painter.setClipRect(box)
        painter.fillRect(box, SURROUND)
        photo, zoom = canvas.document.photo, canvas.viewport.zoom
        if photo is None or not self._levels:
            return
        left, top = canvas.viewport.to_widget(0, 0)
        area = QRectF(left, top, photo.width * zoom, photo.height * zoom)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < 3)
        if canvas.shows_original:
            self._paint_photo(painter, area)
        elif canvas.quick_mask.is_active:
            self._paint_photo(painter, area)
            size = canvas.width(), canvas.height(), canvas.devicePixelRatioF()
            canvas.quick_mask.paint_film(painter, canvas.viewport, *size)
        elif canvas.wipe is not None:
            line = round(canvas.wipe.share * canvas.width())
            painter.setClipRect(box.intersected(QRect(0, 0, line, canvas.height())))
            if canvas.left is None:
                self._paint_photo(painter, area)
            else:
                self._paint_view(painter, area, canvas.left)
            painter.setClipRect(box.intersected(QRect(line, 0, canvas.width() - line, canvas.height())))
            self._paint_view(painter, area, canvas.shown)
            painter.setClipRect(box)
            self._paint_line(painter, line, canvas.wipe.names)
        else:
            self._paint_view(painter, area, canvas.shown)
            if canvas.step is not None:
                if canvas.view is View.OVERLAY:
                    painter.fillRect(area, VEIL)
                painter.drawImage(area, canvas.step.changes)
            if canvas.view is View.OVERLAY:
                self._paint_strokes(painter)
            if canvas.view in (View.OVERLAY, View.OUTLINES, View.CONFLICTS):
                self._paint_window(painter)
            if canvas.candidates is not None and canvas.view in (View.OVERLAY, View.OUTLINES):
                canvas.candidates.paint(painter, area)
        if canvas.tool is not None:
            canvas.tool.paint(painter)

    def _paint_photo(self, painter: QPainter, area: QRectF) -> None:
        canvas = self._canvas
        level = self._levels[level_for(canvas.viewport.zoom * canvas.devicePixelRatioF(), len(self._levels))]
        seen = area.intersected(QRectF(canvas.rect()))
        scale = level.width() / area.width()
        source = QRectF(
            (seen.left() - area.left()) * scale,
            (seen.top() - area.top()) * scale,
            seen.width() * scale,
            seen.height() * scale,
        )
        painter.drawImage(seen, level, source)

    def _paint_view(self, painter: QPainter, area: QRectF, rendering: Rendering) -> None:
        canvas = self._canvas
        # Tints would hide what a step changed.
        view = View.OUTLINES if canvas.step is not None and canvas.view is View.OVERLAY else canvas.view
        rendering.paint(
            painter, area, view, canvas.document.selected, canvas.hovered,
            self._backdrops.get(canvas.view, self._checker), self._paint_photo,
            (canvas.size(), canvas.devicePixelRatioF()),
        )  # fmt: skip

    def _paint_line(self, painter: QPainter, line: int, names: tuple[str, str]) -> None:
        """The line of the wipe with its grip, and what lies left and right of it."""
        canvas = self._canvas
        middle = canvas.height() // 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((QColor(0, 0, 0, 150), 4.0), (QColor(255, 255, 255), 1.6)):
            painter.setPen(QPen(colour, width))
            painter.setBrush(QColor(40, 40, 40))
            painter.drawLine(line, 0, line, canvas.height())
            painter.drawEllipse(QPointF(line, middle), 9, 9)
        metrics = canvas.fontMetrics()
        for name, is_left in zip(names, (True, False), strict=True):
            width = metrics.horizontalAdvance(name) + 16
            box = QRect(line - width - 10 if is_left else line + 10, 12, width, metrics.height() + 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 190))
            painter.drawRoundedRect(box, 5, 5)
            painter.setPen(QColor("#eeeeee"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_window(self, painter: QPainter) -> None:
        """The box inside which alone people are refined."""
        canvas = self._canvas
        wish = canvas.document.state.refinement
        if wish.window is None or wish.strategy == "none":
            return
        corners = (wish.window.left, wish.window.top), (wish.window.right, wish.window.bottom)
        box = QRectF(*(QPointF(*canvas.viewport.to_widget(*corner)) for corner in corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, style in ((QColor(0, 0, 0, 150), Qt.PenStyle.SolidLine), (QColor("#ffd54f"), Qt.PenStyle.DashLine)):
            painter.setPen(QPen(colour, 1.6, style))
            painter.drawRect(box)
        text = canvas.tr("refined only here")
        width, height = canvas.fontMetrics().horizontalAdvance(text) + 12, canvas.fontMetrics().height() + 4
        place = QRectF(box.left(), box.top() - height, width, height)
        painter.fillRect(place, QColor(0, 0, 0, 170))
        painter.setPen(QColor("#ffd54f"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_strokes(self, painter: QPainter) -> None:
        """Strokes and pins of who is selected, while a painting tool is in use; tiles keep their pictures."""
        canvas = self._canvas
        if canvas.tool is None or not canvas.tool.paints or not canvas.document.selected:
            return
        person, zoom = canvas.document.state.person(canvas.document.selected[0]), canvas.viewport.zoom
        kept: dict[tuple[int, object], tuple[Tile, QImage]] = {}
        planes: tuple[TilePlane | None, ...] = (person.hints, person.pins)
        for plane, make in zip(planes, (hint_tile, pin_tile), strict=True):
            for (row, column), tile in (plane.tiles if plane is not None else {}).items():
                # Hints and pins may share a tile that is the same everywhere.
                name = (id(tile), make)
                kept[name] = self._tiles.get(name) or (tile, make(tile.numbers))
                left, top = canvas.viewport.to_widget(column * 256, row * 256)
                box = QRectF(left, top, tile.width * zoom, tile.height * zoom)
                if box.intersects(QRectF(canvas.rect())):
                    painter.drawImage(box, kept[name][1])
        self._tiles = kept
