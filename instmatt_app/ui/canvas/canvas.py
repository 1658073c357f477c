"""The canvas: one widget that paints the photo and hands the pointer to the tool in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from instmatt_app.ui.candidates import Candidates
from instmatt_app.ui.canvas.frame import Frame
from instmatt_app.ui.canvas.pointing import Pointing
from instmatt_app.ui.canvas.rendering import Backdrop, Rendering, Shown
from instmatt_app.ui.canvas.viewport import Viewport
from instmatt_app.ui.canvas.views import View, worst_conflict
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.quick_mask import QuickMask
from instmatt_app.ui.tools.tool import Tool

MATTING_SIDE = 1280


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
    under it; ``menu_asked`` a place on the screen and the person there, ``wiped`` whether there is a wipe;
    ``panels_asked`` says that the panels are to go, or to come back.
    """

    zoomed = Signal(float)
    pointed = Signal(object)
    hovered_changed = Signal(object)
    view_changed = Signal(object)
    menu_asked = Signal(QPoint, object)
    wiped = Signal(bool)
    panels_asked = Signal()

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
        self.quick_mask = QuickMask(document, self)
        self.candidates: Candidates | None = None
        self._tool: Tool | None = None
        self.shown = Rendering(document.state, None, (1, 1))
        self.left: Rendering | None = None
        self._original_held = False
        self._fits = True
        self._frame = Frame(self)
        self._pointing = Pointing(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Photo"))
        self.setMinimumSize(200, 150)
        document.changed.connect(self.renew)
        document.replaced.connect(self._on_replaced)
        document.selected_changed.connect(self.update)
        conductor.shown_changed.connect(self.renew)
        self.quick_mask.changed.connect(self.update)

    # --- What is shown ------------------------------------------------------------------------------------------------

    def set_photo(self, levels: list[NDArray[np.uint8]]) -> None:
        """Shows the photo of this pyramid, whole."""
        self._frame.set_photo(levels)
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
        """What people stand before in the view with a background of one's own."""
        self._frame.set_backdrop(backdrop)
        self.update()

    def set_candidates(self, candidates: Candidates) -> None:
        """Who may be there is drawn over the people."""
        self.candidates = candidates
        candidates.changed.connect(self.update)

    def set_wipe(self, wipe: Wipe | None) -> None:
        """Shows two pictures in one, or one again. A line that was moved stays where it was."""
        if wipe is not None and self.wipe is not None:
            wipe = Wipe(wipe.left, wipe.names, self.wipe.share)
        self.wipe = wipe
        self.wiped.emit(wipe is not None)
        self.renew()

    def move_wipe(self, share: float) -> None:
        """The line of the wipe to this share of the width."""
        if self.wipe is not None:
            self.wipe = Wipe(self.wipe.left, self.wipe.names, min(max(share, 0.0), 1.0))
            self.update()

    def shift_wipe(self, by: float) -> None:
        """The line by that share of the width to the right, if there is one."""
        if self.wipe is not None:
            self.move_wipe(self.wipe.share + by)

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

    @property
    def shows_original(self) -> bool:
        """Whether there is nothing but the photo to see."""
        return self._original_held or not self.overlay_shown

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
        left = self.wipe.left if self.wipe is not None else None
        if self.step is not None:
            self.shown = Rendering(state, self.step.result, size, self.shown)
        else:
            # What is compared has no detail, and would look worse for that alone.
            detail = self.conductor.detailing.seen() if left is None else None
            self.shown = Rendering(state, self.conductor.result, size, self.shown, detail)
        self.left = None if left is None else Rendering(state, left, size, self.left)
        self.update()

    def _on_replaced(self) -> None:
        self.step = None
        if self.wipe is not None:
            self.set_wipe(None)
        self.renew()

    def hover(self, person: int | None) -> None:
        """Lights up a person, as the cursor over them does."""
        if person != self.hovered:
            self.hovered = person
            self.hovered_changed.emit(person)
            self.update()

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
        return None if place is None else self.shown.person_at(*place)

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

    def follow(self, viewport: Viewport) -> None:
        """Goes where another canvas is, and tells nobody."""
        self._fits = False
        self.viewport = viewport
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

    def show_box(self, left: float, top: float, right: float, bottom: float) -> None:
        """This part of the photo fills the window."""
        self.set_viewport(Viewport.showing(self.width(), self.height(), (left, top, right, bottom)))

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

    # --- What Qt asks for -------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._frame.paint(QPainter(self), event.rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointing.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointing.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointing.release(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        self._pointing.pen(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._pointing.wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._pointing.key(event, held=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._pointing.key(event, held=False):
            super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            return self._pointing.gesture(event) or super().event(event)
        return super().event(event)

    def focusNextPrevChild(self, following: bool) -> bool:
        # On the photo Tab is the key that gives it all the room; Shift+Tab leads on to the controls.
        if following:
            self.panels_asked.emit()
            return True
        return super().focusNextPrevChild(following)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def leaveEvent(self, event: object) -> None:
        self._pointing.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fits:
            self.fit()
