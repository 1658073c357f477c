"""Pointing at a person who was not found: clicks on them, clicks beside them, Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from instmatt_app.core.edits import colour_of
from instmatt_app.core.interfaces import Detection
from instmatt_app.ui.backend import Clicks
from instmatt_app.ui.canvas.views import mask_levels
from instmatt_app.ui.images import tint_image
from instmatt_app.ui.tools.tool import Pointer, Tool

if TYPE_CHECKING:
    from instmatt_app.ui.canvas.canvas import Canvas

SHOWN_SIDE = 1280


class ClickTool(Tool):
    """Left on the person, right (or Alt) beside them; who is found shows at once, and Enter adds them to the people."""

    takes_right_clicks = True

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.clicks = Clicks()
        self.found: Detection | None = None
        self._picture: QImage | None = None
        canvas.conductor.finder.pointed_at.connect(self._on_pointed_at)
        canvas.document.replaced.connect(self._drop)

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.PointingHandCursor

    def press(self, pointer: Pointer) -> None:
        point = ((pointer.x, pointer.y),)
        if pointer.button == Qt.MouseButton.RightButton or pointer.alt:
            self.clicks = Clicks(self.clicks.inside, self.clicks.outside + point)
        elif pointer.button == Qt.MouseButton.LeftButton:
            self.clicks = Clicks(self.clicks.inside + point, self.clicks.outside)
        else:
            return
        if self.clicks.inside:
            self.canvas.conductor.finder.point_at(self.clicks)
        self.canvas.update()

    def accept(self) -> bool:
        """Makes who was found one of the people."""
        found = self.found
        if found is None:
            return False
        self._drop()
        self.canvas.conductor.finder.add(found)
        return True

    def cancel(self) -> bool:
        begun = bool(self.clicks.inside or self.clicks.outside)
        self._drop()
        return begun

    def paint(self, painter: QPainter) -> None:
        canvas, photo = self.canvas, self.canvas.document.photo
        if photo is None:
            return
        if self._picture is not None:
            left, top = canvas.viewport.to_widget(0, 0)
            zoom = canvas.viewport.zoom
            painter.drawImage(QRectF(left, top, photo.width * zoom, photo.height * zoom), self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for points, colour in ((self.clicks.inside, QColor(102, 187, 106)), (self.clicks.outside, QColor(239, 83, 80))):
            for point in points:
                painter.setPen(QPen(QColor(255, 255, 255), 2))
                painter.setBrush(colour)
                painter.drawEllipse(QPointF(*canvas.viewport.to_widget(*point)), 6, 6)

    def _on_pointed_at(self, clicks: Clicks, found: list[Detection]) -> None:
        # Those of other clicks than the ones that are shown come too late.
        if clicks != self.clicks or not found:
            return
        self.found = found[0]
        # The colour that they will have: another one might be that of somebody who is there.
        colour = colour_of(self.canvas.document.state.next_id())
        self._picture = tint_image(mask_levels(found[0].mask, SHOWN_SIDE), colour, 0.55)
        self.canvas.update()
        self.canvas.conductor.said.emit(
            self.canvas.tr("Click what is missing, right-click what is too much; Enter adds the person."), False
        )

    def _drop(self) -> None:
        self.clicks, self.found, self._picture = Clicks(), None, None
        self.canvas.update()
