"""The canvas: one widget that paints the photo and hands the pointer to the tool in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
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
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from instmatt_app.core.composite import checkerboard
from instmatt_app.core.planes import TilePlane
from instmatt_app.ui.canvas.pyramid import level_for
from instmatt_app.ui.canvas.rendering import Backdrop, Rendering, Shown
from instmatt_app.ui.canvas.viewport import Viewport
from instmatt_app.ui.canvas.views import View, hint_tile, pin_tile, worst_conflict
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.images import rgb_image
from instmatt_app.ui.tools.tool import Pointer, Tool

SURROUND = QColor(30, 30, 30)
MATTING_SIDE = 1280
# Screen pixels: a press that moves no farther is a click; the line of the wipe can be taken from so near.
CLICK = 5
GRIP = 7


@dataclass(frozen=True, eq=False)
class Wipe:
    """Two pictures in one: what ``left`` says lies left of the line, what is shown anyway lies right of it.

    ``left`` None is the photo itself; ``share`` is where the line is, of the width of the canvas; ``names`` of both.
    """

    left: Shown | None
    names: tuple[str, str]
    share: float = 0.5


@dataclass(frozen=True, eq=False)
class Step:
    """A result to show for a while in the place of the conductor's, and a picture of what it changed."""

    result: Shown
    changes: QImage


class Canvas(QWidget):
    """The photo in the middle.

    ``zoomed`` tells the zoom, ``pointed`` the photo point under the cursor, or None, ``hovered_changed`` the person
    under it; ``menu_asked`` a place on the screen and the person there, ``wiped`` whether there is a wipe.
    """

    zoomed = Signal(float)
    pointed = Signal(object)
    hovered_changed = Signal(object)
    view_changed = Signal(object)
    menu_asked = Signal(QPoint, object)
    wiped = Signal(bool)

    def __init__(self, document: Document, conductor: Conductor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.conductor = conductor
        self.viewport = Viewport()
        self.view = View.OVERLAY
        self.overlay_shown = True
        self.hovered: int | None = None
        self.wipe: Wipe | None = None
        self.step: Step | None = None
        self._tool: Tool | None = None
        self._levels: list[QImage] = []
        self._shown = Rendering(document.state, None, (1, 1))
        self._left: Rendering | None = None
        self._tiles: dict[int, tuple[NDArray[np.uint8], QImage]] = {}
        self._original_held = False
        self._panning: QPointF | None = None
        self._wiping = False
        self._right_pressed: QPointF | None = None
        self._space_held = False
        self._fits = True
        board = rgb_image(np.ascontiguousarray(checkerboard(48, 48, 12)))
        checker = Backdrop(QBrush(QPixmap.fromImage(board)))
        self._backdrops = {
            View.BLACK: Backdrop(QBrush(Qt.GlobalColor.black)),
            View.WHITE: Backdrop(QBrush(Qt.GlobalColor.white)),
            View.BACKDROP: Backdrop(QBrush(QColor(0, 160, 90))),
        }
        self._checker = checker
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Photo"))
        self.setMinimumSize(200, 150)
        document.changed.connect(self.renew)
        document.replaced.connect(self._on_replaced)
        document.selected_changed.connect(self.update)
        conductor.shown_changed.connect(self.renew)

    # --- What is shown ------------------------------------------------------------------------------------------------

    def set_photo(self, levels: list[NDArray[np.uint8]]) -> None:
        """Shows the photo of this pyramid, whole."""
        self._levels = [
            QImage(level.data, level.shape[1], level.shape[0], 4 * level.shape[1], QImage.Format.Format_RGB32)
            for level in levels
        ]
        self._tiles.clear()
        self.fit()

    def set_view(self, view: View) -> None:
        self.view = view
        self.view_changed.emit(view)
        self.update()

    def next_view(self, by: int = 1) -> None:
        """The next view, or with -1 the one before."""
        views = list(View)
        self.set_view(views[(views.index(self.view) + by) % len(views)])

    def set_backdrop(self, backdrop: Backdrop) -> None:
        """What people stand before in the view with a background of one's own, which is shown now."""
        self._backdrops[View.BACKDROP] = backdrop
        self.set_view(View.BACKDROP)

    def set_wipe(self, wipe: Wipe | None) -> None:
        """Shows two pictures in one, or one again. A line that was moved stays where it was."""
        if wipe is not None and self.wipe is not None:
            wipe = Wipe(wipe.left, wipe.names, self.wipe.share)
        self.wipe = wipe
        self.wiped.emit(wipe is not None)
        self.renew()

    def set_step(self, step: Step | None) -> None:
        """Shows a step of the refinement in the place of the result; None: the result again."""
        self.step = step
        self.renew()

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
        """People or mattes have changed; what has not is kept."""
        state, size = self.document.state, self.matting_size()
        result = self.step.result if self.step is not None else self.conductor.result
        self._shown = Rendering(state, result, size, self._shown)
        left = self.wipe.left if self.wipe is not None else None
        self._left = None if left is None else Rendering(state, left, size, self._left)
        self.update()

    def _on_replaced(self) -> None:
        self.step = None
        if self.wipe is not None:
            self.set_wipe(None)
        self.renew()

    def matting_size(self) -> tuple[int, int]:
        """(h, w) in which people are shown: that of the mattes, or of those to come."""
        result = self.conductor.result
        if result is not None:
            return int(result.alphas.shape[1]), int(result.alphas.shape[2])
        photo = self.document.photo
        return photo.size_at(MATTING_SIDE) if photo is not None else (1, 1)

    def person_at(self, x: float, y: float) -> int | None:
        """Whose alpha is largest at a photo point, if anybody's is at least one half."""
        place = self.working_pixel(x, y)
        return None if place is None else self._shown.person_at(*place)

    def working_pixel(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column of the mattes at a photo point; None outside the photo."""
        photo = self.document.photo
        if photo is None or not (0 <= x < photo.width and 0 <= y < photo.height):
            return None
        height, width = self.matting_size()
        return int(y * height / photo.height), int(x * width / photo.width)

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
        elif self.wipe is not None:
            line = round(self.wipe.share * self.width())
            painter.setClipRect(event.rect().intersected(QRect(0, 0, line, self.height())))
            if self._left is None:
                self._paint_photo(painter, area)
            else:
                self._paint_view(painter, area, self._left)
            painter.setClipRect(event.rect().intersected(QRect(line, 0, self.width() - line, self.height())))
            self._paint_view(painter, area, self._shown)
            painter.setClipRect(event.rect())
            self._paint_line(painter, line, self.wipe.names)
        else:
            self._paint_view(painter, area, self._shown)
            if self.step is not None:
                painter.drawImage(area, self.step.changes)
            if self.view is View.OVERLAY:
                self._paint_strokes(painter)
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

    def _paint_view(self, painter: QPainter, area: QRectF, rendering: Rendering) -> None:
        rendering.paint(
            painter, area, self.view, self.document.selected, self.hovered,
            self._backdrops.get(self.view, self._checker), self._paint_photo,
            (self.size(), self.devicePixelRatioF()),
        )  # fmt: skip

    def _paint_line(self, painter: QPainter, line: int, names: tuple[str, str]) -> None:
        """The line of the wipe with its grip, and what lies left and right of it."""
        middle = self.height() // 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((QColor(0, 0, 0, 150), 4.0), (QColor(255, 255, 255), 1.6)):
            painter.setPen(QPen(colour, width))
            painter.setBrush(QColor(40, 40, 40))
            painter.drawLine(line, 0, line, self.height())
            painter.drawEllipse(QPointF(line, middle), 9, 9)
        metrics = self.fontMetrics()
        for name, is_left in zip(names, (True, False), strict=True):
            width = metrics.horizontalAdvance(name) + 16
            box = QRect(line - width - 10 if is_left else line + 10, 12, width, metrics.height() + 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 190))
            painter.drawRoundedRect(box, 5, 5)
            painter.setPen(QColor("#eeeeee"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_strokes(self, painter: QPainter) -> None:
        """Strokes and pins of who is selected, while a painting tool is in use; tiles keep their pictures."""
        if self._tool is None or not self._tool.paints or not self.document.selected:
            return
        person = self.document.state.person(self.document.selected[0])
        kept: dict[int, tuple[NDArray[np.uint8], QImage]] = {}
        planes: tuple[TilePlane | None, ...] = (person.hints, person.pins)
        for plane, make in zip(planes, (hint_tile, pin_tile), strict=True):
            for (row, column), tile in (plane.tiles if plane is not None else {}).items():
                kept[id(tile)] = self._tiles.get(id(tile)) or (tile, make(tile))
                left, top = self.viewport.to_widget(column * 256, row * 256)
                box = QRectF(left, top, tile.shape[1] * self.viewport.zoom, tile.shape[0] * self.viewport.zoom)
                if box.intersects(QRectF(self.rect())):
                    painter.drawImage(box, kept[id(tile)][1])
        self._tiles = kept

    # --- Pointer and keys ---------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at, left = event.position(), event.button() == Qt.MouseButton.LeftButton
        keys = event.modifiers()
        if left and self._space_held and keys & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            self.zoom_by(0.67 if keys & Qt.KeyboardModifier.AltModifier else 1.5, at)
        elif event.button() == Qt.MouseButton.MiddleButton or (left and self._space_held):
            self._panning = at
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left and self._is_at_line(at):
            self._wiping = True
        elif self._tool is not None and self.document.photo is not None:
            if event.button() == Qt.MouseButton.RightButton:
                self._right_pressed = at
            self._tool.press(Pointer.of(event, self.to_photo(at)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._panning is not None:
            moved = at - self._panning
            self._panning = at
            self.set_viewport(self.viewport.panned(moved.x(), moved.y()))
            return
        if self._wiping and self.wipe is not None:
            share = min(max(at.x() / max(1, self.width()), 0.0), 1.0)
            self.wipe = Wipe(self.wipe.left, self.wipe.names, share)
            self.update()
            return
        if not event.buttons():
            self._show_cursor(at)
        self._point(at, bool(event.buttons()))
        if self._right_pressed is not None and _far(at, self._right_pressed):
            self._right_pressed = None
        if self._tool is not None and self.document.photo is not None:
            self._tool.move(Pointer.of(event, self.to_photo(at)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._panning is not None:
            self._panning = None
            self._show_cursor(at)
        elif self._wiping:
            self._wiping = False
        elif self._tool is not None and self.document.photo is not None:
            clicked = event.button() == Qt.MouseButton.RightButton and self._right_pressed is not None
            self._right_pressed = None
            if clicked and not self._tool.takes_right_clicks:
                # Pressed and released in one place: not a stroke, but a question.
                self._tool.cancel()
                self.menu_asked.emit(event.globalPosition().toPoint(), self.person_at(*self.to_photo(at)))
            else:
                self._tool.release(Pointer.of(event, self.to_photo(at)))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen paints and never pans; its pressure goes to the tool."""
        if self._tool is None or self.document.photo is None or self._space_held:
            event.ignore()
            return
        pointer = Pointer.of(event, self.to_photo(event.position()))
        if event.type() == QEvent.Type.TabletPress:
            self._tool.press(pointer)
        elif event.type() == QEvent.Type.TabletRelease:
            self._tool.release(pointer)
        else:
            self._point(event.position(), bool(event.buttons()))
            self._tool.move(pointer)
        event.accept()

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
        self.hover(None)
        if self._tool is not None:
            self._tool.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fits:
            self.fit()

    def hover(self, person: int | None) -> None:
        """Lights up a person, as the cursor over them does."""
        if person != self.hovered:
            self.hovered = person
            self.hovered_changed.emit(person)
            self.update()

    def _point(self, at: QPointF, held: bool) -> None:
        point = self.to_photo(at)
        self.pointed.emit(point)
        if not held:
            self.hover(self.person_at(*point))

    def _is_at_line(self, at: QPointF | None) -> bool:
        return self.wipe is not None and at is not None and abs(at.x() - self.wipe.share * self.width()) <= GRIP

    def _show_cursor(self, at: QPointF | None = None) -> None:
        if self._space_held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._is_at_line(at):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif self._tool is not None:
            self.setCursor(self._tool.cursor())


def _far(first: QPointF, second: QPointF) -> bool:
    way = first - second
    return max(abs(way.x()), abs(way.y())) >= CLICK
