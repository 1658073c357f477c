"""The canvas: one widget that paints the photo and hands the pointer to the tool in use."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from instmatt_app.core.composite import checkerboard
from instmatt_app.ui.canvas.pyramid import level_for
from instmatt_app.ui.canvas.viewport import Viewport
from instmatt_app.ui.canvas.views import (
    Shape,
    View,
    alpha_view,
    conflicts_view,
    hint_tile,
    shapes_of,
    tints,
    together,
    trimask_view,
    worst_conflict,
)
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.images import alpha_image, rgb_image
from instmatt_app.ui.tools.tool import Pointer, Tool

SURROUND = QColor(30, 30, 30)
MATTING_SIDE = 1280


class Canvas(QWidget):
    """The photo in the middle. ``zoomed`` tells the zoom, ``pointed`` the photo point under the cursor, or None."""

    zoomed = Signal(float)
    pointed = Signal(object)
    view_changed = Signal(object)

    def __init__(self, document: Document, conductor: Conductor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.conductor = conductor
        self.viewport = Viewport()
        self.view = View.OVERLAY
        self.overlay_shown = True
        self.hovered: int | None = None
        self._tool: Tool | None = None
        self._levels: list[QImage] = []
        self._shapes: list[Shape] | None = None
        self._layers: dict[str, list[QImage]] = {}
        self._hint_tiles: dict[int, tuple[NDArray[np.uint8], QImage]] = {}
        self._original_held = False
        self._panning: QPointF | None = None
        self._space_held = False
        self._fits = True
        board = rgb_image(np.ascontiguousarray(checkerboard(48, 48, 12)))
        self._checker = QBrush(QPixmap.fromImage(board))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Photo"))
        self.setMinimumSize(200, 150)
        document.changed.connect(self.renew)
        document.replaced.connect(self.renew)
        document.selected_changed.connect(self.renew)
        conductor.shown_changed.connect(self.renew)

    # --- What is shown ------------------------------------------------------------------------------------------------

    def set_photo(self, levels: list[NDArray[np.uint8]]) -> None:
        """Shows the photo of this pyramid, whole."""
        self._levels = [
            QImage(level.data, level.shape[1], level.shape[0], 4 * level.shape[1], QImage.Format.Format_RGB32)
            for level in levels
        ]
        self._hint_tiles.clear()
        self.fit()

    def set_view(self, view: View) -> None:
        self.view = view
        self._layers.clear()
        self.view_changed.emit(view)
        self.update()

    def next_view(self, by: int = 1) -> None:
        """The next view, or with -1 the one before."""
        views = list(View)
        self.set_view(views[(views.index(self.view) + by) % len(views)])

    def show_overlay(self, shown: bool) -> None:
        self.overlay_shown = shown
        self.update()

    def hold_original(self, held: bool) -> None:
        """Nothing but the photo, while held."""
        self._original_held = held
        self.update()

    def set_tool(self, tool: Tool) -> None:
        if self._tool is not None:
            self._tool.cancel()
        self._tool = tool
        self.setCursor(tool.cursor())
        self.update()

    @property
    def tool(self) -> Tool | None:
        return self._tool

    def renew(self) -> None:
        """People, mattes or the selection have changed."""
        self._shapes = None
        self._layers.clear()
        self.update()

    def matting_size(self) -> tuple[int, int]:
        """(h, w) in which people are shown: that of the mattes, or of those to come."""
        result = self.conductor.result
        if result is not None:
            return int(result.alphas.shape[1]), int(result.alphas.shape[2])
        photo = self.document.photo
        return photo.size_at(MATTING_SIDE) if photo is not None else (1, 1)

    def shapes(self) -> list[Shape]:
        if self._shapes is None:
            self._shapes = shapes_of(self.document.state, self.conductor.result, self.matting_size())
        return self._shapes

    def person_at(self, x: float, y: float) -> int | None:
        """Whose alpha is largest at a photo point, if anybody's is at least one half."""
        photo = self.document.photo
        if photo is None or not (0 <= x < photo.width and 0 <= y < photo.height):
            return None
        height, width = self.matting_size()
        row, column = int(y * height / photo.height), int(x * width / photo.width)
        there = [(int(shape.alpha[row, column]), shape.person) for shape in self.shapes() if shape.person.visible]
        alpha, person = max(there, key=lambda one: one[0], default=(0, None))
        return person.id if person is not None and alpha >= 128 else None

    # --- Where ------------------------------------------------------------------------------------------------------

    def set_viewport(self, viewport: Viewport) -> None:
        self._fits = False
        self.viewport = viewport
        self.zoomed.emit(viewport.zoom)
        self.update()

    def fit(self) -> None:
        """The whole photo in the window."""
        photo = self.document.photo
        if photo is not None:
            self.set_viewport(Viewport.fitting(self.width(), self.height(), photo.width, photo.height))
            self._fits = True

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        point = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        self.set_viewport(self.viewport.zoomed(point.x(), point.y(), factor))

    def zoom_to(self, zoom: float) -> None:
        """A zoom of 1 shows a photo pixel per screen pixel."""
        self.zoom_by(zoom / self.devicePixelRatioF() / self.viewport.zoom)

    def fly_to_conflict(self) -> bool:
        """Shows the worst conflict from near; False where everything adds up."""
        result, photo = self.conductor.result, self.document.photo
        spot = worst_conflict(result.conflicts) if result is not None and result.conflicts is not None else None
        if spot is None or photo is None:
            return False
        zoom = max(self.viewport.zoom, 1.0)
        x, y = spot[0] * photo.width, spot[1] * photo.height
        self.set_viewport(Viewport(zoom, x - self.width() / 2 / zoom, y - self.height() / 2 / zoom))
        return True

    def to_photo(self, at: QPointF) -> tuple[float, float]:
        return self.viewport.to_photo(at.x(), at.y())

    # --- Painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.fillRect(event.rect(), SURROUND)
        photo = self.document.photo
        if photo is None or not self._levels:
            return
        left, top = self.viewport.to_widget(0, 0)
        area = QRectF(left, top, photo.width * self.viewport.zoom, photo.height * self.viewport.zoom)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.viewport.zoom < 3)
        if self._original_held or not self.overlay_shown:
            self._paint_photo(painter, area)
        else:
            self._paint_view(painter, area)
            if self.view is View.OVERLAY:
                self._paint_hints(painter)
        if self._tool is not None:
            self._tool.paint(painter)

    def _paint_photo(self, painter: QPainter, area: QRectF) -> None:
        level = self._levels[level_for(self.viewport.zoom * self.devicePixelRatioF(), len(self._levels))]
        seen = area.intersected(QRectF(self.rect()))
        scale = level.width() / area.width()
        source = QRectF(
            (seen.left() - area.left()) * scale,
            (seen.top() - area.top()) * scale,
            seen.width() * scale,
            seen.height() * scale,
        )
        painter.drawImage(seen, level, source)

    def _paint_view(self, painter: QPainter, area: QRectF) -> None:
        selected = self.document.selected
        size = self.matting_size()
        if self.view is View.ALPHA:
            self._paint_layer(painter, area, "alpha", lambda: [alpha_view(self.shapes(), selected, size)])
            return
        if self.view in (View.BLACK, View.WHITE, View.CUTOUT):
            self._paint_cutout(painter, area, size)
            return
        self._paint_photo(painter, area)
        if self.view is View.OVERLAY:
            self._paint_layer(painter, area, "tint", lambda: tints(self.shapes(), selected, self.hovered))
            self._paint_outlines(painter, area, size)
        elif self.view is View.TRIMASK and selected:
            self._paint_layer(painter, area, "trimask", lambda: [trimask_view(self.document.state, selected[0], size)])
        elif self.view is View.CONFLICTS:
            result = self.conductor.result
            conflicts = result.conflicts if result is not None else None
            if conflicts is not None:
                self._paint_layer(painter, area, "conflicts", lambda: [conflicts_view(conflicts)])

    def _paint_layer(self, painter: QPainter, area: QRectF, name: str, make: Callable[[], list[QImage]]) -> None:
        if name not in self._layers:
            self._layers[name] = make()
        for image in self._layers[name]:
            painter.drawImage(area, image)

    def _paint_cutout(self, painter: QPainter, area: QRectF, size: tuple[int, int]) -> None:
        """The photo where people are, at its own resolution, over what the view has behind it."""
        if "together" not in self._layers:
            self._layers["together"] = [alpha_image(together(self.shapes(), size))]
        ratio = self.devicePixelRatioF()
        buffer = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        buffer.setDevicePixelRatio(ratio)
        buffer.fill(Qt.GlobalColor.transparent)
        inner = QPainter(buffer)
        inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.viewport.zoom < 3)
        self._paint_photo(inner, area)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        inner.drawImage(area, self._layers["together"][0])
        inner.end()
        behind = {View.BLACK: QBrush(Qt.GlobalColor.black), View.WHITE: QBrush(Qt.GlobalColor.white)}
        painter.fillRect(area, behind.get(self.view, self._checker))
        painter.drawImage(QPointF(0, 0), buffer)

    def _paint_outlines(self, painter: QPainter, area: QRectF, size: tuple[int, int]) -> None:
        place = QTransform.fromScale(area.width() / size[1], area.height() / size[0])
        place *= QTransform.fromTranslate(area.left(), area.top())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for shape in self.shapes():
            chosen = shape.person.id in self.document.selected
            if shape.person.visible and (chosen or shape.person.id == self.hovered):
                pen = QPen(QColor(*shape.person.colour).lighter(140), 1.5)
                pen.setStyle(Qt.PenStyle.DashLine if chosen else Qt.PenStyle.SolidLine)
                painter.setPen(pen)
                painter.drawPath(place.map(shape.outline))
        painter.restore()

    def _paint_hints(self, painter: QPainter) -> None:
        """Strokes of who is selected, while a painting tool is in use; tiles keep their pictures."""
        if self._tool is None or not self._tool.paints or not self.document.selected:
            return
        plane = self.document.state.person(self.document.selected[0]).hints
        if plane is None:
            return
        kept: dict[int, tuple[NDArray[np.uint8], QImage]] = {}
        for (row, column), tile in plane.tiles.items():
            kept[id(tile)] = self._hint_tiles.get(id(tile)) or (tile, hint_tile(tile))
            left, top = self.viewport.to_widget(column * 256, row * 256)
            box = QRectF(left, top, tile.shape[1] * self.viewport.zoom, tile.shape[0] * self.viewport.zoom)
            if box.intersects(QRectF(self.rect())):
                painter.drawImage(box, kept[id(tile)][1])
        self._hint_tiles = kept

    # --- Pointer and keys ---------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        wants_pan = event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._space_held
        )
        if wants_pan:
            self._panning = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._tool is not None and self.document.photo is not None:
            self._tool.press(Pointer.of(event, self.to_photo(event.position())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._panning is not None:
            moved = at - self._panning
            self._panning = at
            self.set_viewport(self.viewport.panned(moved.x(), moved.y()))
            return
        point = self.to_photo(at)
        self.pointed.emit(point)
        self._hover(self.person_at(*point) if not event.buttons() else self.hovered)
        if self._tool is not None and self.document.photo is not None:
            self._tool.move(Pointer.of(event, point))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._panning is not None:
            self._panning = None
            self._show_cursor()
        elif self._tool is not None and self.document.photo is not None:
            self._tool.release(Pointer.of(event, self.to_photo(event.position())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1.2 ** (turned.y() / 120), event.position())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.set_viewport(self.viewport.panned(turned.y() + turned.x(), 0))
        else:
            self.set_viewport(self.viewport.panned(turned.x(), turned.y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = True
            self._show_cursor()
        elif event.key() == Qt.Key.Key_P and not event.isAutoRepeat():
            self.hold_original(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            self._show_cursor()
        elif event.key() == Qt.Key.Key_P and not event.isAutoRepeat():
            self.hold_original(False)
        else:
            super().keyReleaseEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def leaveEvent(self, event: object) -> None:
        self.pointed.emit(None)
        self._hover(None)
        if self._tool is not None:
            self._tool.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fits:
            self.fit()

    def _hover(self, person: int | None) -> None:
        if person != self.hovered:
            self.hovered = person
            self._layers.pop("tint", None)
            self.update()

    def _show_cursor(self) -> None:
        if self._space_held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._tool is not None:
            self.setCursor(self._tool.cursor())
