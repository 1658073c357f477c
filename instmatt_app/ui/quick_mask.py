"""Quick mask: the selected person's mask under a red film that the brushes wipe off and lay on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from instmatt_app.core.edits import edit_mask
from instmatt_app.core.hints import Hint, effective_plane
from instmatt_app.core.planes import TilePlane, differing
from instmatt_app.core.rect import Rect
from instmatt_app.ui.canvas.viewport import Viewport
from instmatt_app.ui.document import Document
from instmatt_app.ui.images import tint_image

RED = (230, 20, 30)
FILM = 0.55


class QuickMask(QObject):
    """A mask that is worked on beside the document, and becomes one step of its history when it is left.

    ``changed`` says that it began, ended or looks different; ``said`` as in the conductor.
    """

    changed = Signal()
    said = Signal(str, bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._made_of: tuple[object, object] = (None, None)
        self._person: int | None = None
        self._before = self._mask = TilePlane(0, 0)
        self._done: list[TilePlane] = []
        self._picture: tuple[object, QImage] | None = None
        document.changed.connect(self._on_changed)
        document.replaced.connect(self.drop)
        document.selected_changed.connect(self._on_selected)

    @property
    def is_active(self) -> bool:
        return self._person is not None

    @property
    def mask(self) -> TilePlane:
        """The mask as it stands."""
        return self._mask

    def toggle(self) -> None:
        """Begins, or makes what was painted part of the document."""
        if self.is_active:
            self.apply()
        else:
            self.begin()

    def begin(self) -> None:
        """Puts the film over the first of the selected people; says why it cannot."""
        if not self._document.selected:
            self.said.emit(self.tr("Choose the person whose mask you want to paint first."), False)
            return
        people = self._document.state.instances
        person = self._document.state.person(self._document.selected[0])
        if person.locked:
            self.said.emit(self.tr("{name} is locked; unlock the layer to paint.").format(name=person.name), False)
            return
        others = [one.hints for one in people if one is not person]
        self._before = self._mask = effective_plane(person.mask, person.hints, others)
        self._done = []
        self._made_of, self._person = (person.mask, person.hints), person.id
        text = self.tr("Mask of {name}: the brush wipes the film off, its opposite lays it on. Q: done, Esc: drop it.")
        self.said.emit(text.format(name=person.name), False)
        self._renew()

    def apply(self) -> None:
        """Makes what was painted one step of the document."""
        number, self._person = self._person, None
        area = differing(self._before, self._mask)
        if number is not None and not area.is_empty:
            mask, before = self._mask.at(area), self._before.at(area)
            if not self._document.do(edit_mask(number, area, mask, mask != before)):
                self.said.emit(self.tr("Nothing would be left of this person; delete the person instead."), False)
        self._end()

    def drop(self) -> bool:
        """Leaves without a trace; False if there was nothing to leave."""
        was, self._person = self.is_active, None
        self._end()
        return was

    def paint(
        self, hint: Hint, area: Rect, where: NDArray[np.bool_], rim: NDArray[np.bool_] | None = None
    ) -> None:  # fmt: skip
        """A stroke, as for :func:`core.edits.paint`: this person wipes the film off, others lay it on.

        Erasing brings back what was there at first. In the soft rim the film grows thinner.
        """
        if hint is Hint.UNDECIDED:
            self.said.emit(self.tr("The film knows no undecided places; leave it and use the hair brush."), False)
            return
        share = where.astype(np.float32) if rim is None else _soft(where, rim)
        old = self._mask.at(area)
        goal = {Hint.NONE: self._before.at(area), Hint.THIS_PERSON: np.full_like(old, 255)}.get(
            hint, np.zeros_like(old)
        )
        new = np.rint(old + share * (goal.astype(np.float32) - old)).astype(np.uint8)
        if np.array_equal(new, old):
            return
        self._done.append(self._mask)
        self._mask = self._mask.patched(area, new)
        self._renew()

    def undo(self) -> bool:
        """Takes the last stroke back; False if there is none."""
        if not self.is_active or not self._done:
            return False
        self._mask = self._done.pop()
        self._renew()
        return True

    def paint_film(self, painter: QPainter, viewport: Viewport, width: int, height: int, ratio: float) -> None:
        """The film over what is seen of the photo in a widget of that size."""
        tall, wide = self._mask.shape
        left, top = viewport.to_photo(0, 0)
        right, bottom = viewport.to_photo(width, height)
        seen = Rect(int(left), int(top), int(right) + 1, int(bottom) + 1).clip(wide, tall)
        if seen.is_empty:
            return
        # No more pixels than the screen has.
        step = max(1, int(1 / (viewport.zoom * ratio)))
        name = (seen, step)
        if self._picture is None or self._picture[0] != name:
            self._picture = (name, tint_image(255 - self._mask.at(seen, step), RED, FILM))
        image = self._picture[1]
        x, y = viewport.to_widget(seen.left, seen.top)
        zoom = viewport.zoom * step
        painter.drawImage(QRectF(x, y, image.width() * zoom, image.height() * zoom), image)

    def _renew(self) -> None:
        self._picture = None
        self.changed.emit()

    def _end(self) -> None:
        self._before = self._mask = TilePlane(0, 0)
        self._done, self._made_of = [], (None, None)
        self._renew()

    def _on_changed(self) -> None:
        # Mask or strokes are others by now, such as after an undo: the film was made for what was.
        now = [(one.mask, one.hints) for one in self._document.state.instances if one.id == self._person]
        if self.is_active and (not now or any(a is not b for a, b in zip(now[0], self._made_of, strict=True))):
            self.drop()

    def _on_selected(self) -> None:
        if self.is_active and self._document.selected[:1] != (self._person,):
            self.apply()


def _soft(inner: NDArray[np.bool_], whole: NDArray[np.bool_]) -> NDArray[np.float32]:
    """1 inside, 0 outside of the whole, and between them by how near each is: float32 (h, w)."""
    if not inner.any():
        return whole.astype(np.float32)
    to_inner = cv2.distanceTransform((~inner).astype(np.uint8), cv2.DIST_L2, 3)
    to_outside = cv2.distanceTransform(np.pad(whole, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    share: NDArray[np.float32] = to_outside / np.maximum(to_inner + to_outside, 1e-6)
    return share
