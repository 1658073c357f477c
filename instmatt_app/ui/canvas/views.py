"""Views: what the canvas shows over or instead of the photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QImage, QPainterPath, QPolygonF

from instmatt_app.api import Result
from instmatt_app.core.edits import State
from instmatt_app.core.hints import Hint
from instmatt_app.core.instance import Instance
from instmatt_app.core.trimask import trimasks_of
from instmatt_app.ui.images import grey_image, rgba_image, tint_image

# The classes a brush paints, as the tool bar and the canvas show them.
HINT_COLOURS = {
    Hint.THIS_PERSON: (255, 112, 67),
    Hint.ANOTHER_PERSON: (41, 182, 246),
    Hint.NOT_THIS_PERSON: (158, 158, 158),
    Hint.UNDECIDED: (255, 235, 59),
}
TINT = 0.45
TINT_SELECTED = 0.6
# A conflict of this size is shown in full red.
CONFLICT_FULL = 0.25


class View(Enum):
    """In the order in which F goes through them."""

    OVERLAY = "Overlay"
    BLACK = "Black"
    WHITE = "White"
    ALPHA = "Alpha"
    CUTOUT = "Cut-out"
    TRIMASK = "Tri-mask"
    CONFLICTS = "Conflicts"

    @property
    def label(self) -> str:
        return QCoreApplication.translate("View", self.value)


@dataclass(frozen=True, eq=False)
class Shape:
    """One person as the canvas shows it: alpha uint8 (h, w) at a size of its own, and its outline in that size."""

    person: Instance
    alpha: NDArray[np.uint8]
    outline: QPainterPath


def shapes_of(state: State, result: Result | None, size: tuple[int, int]) -> list[Shape]:
    """Everybody's alpha where it is known, else the mask, at the size (h, w) of the mattes."""
    height, width = size
    places = {} if result is None else {one.id: place for place, one in enumerate(result.people)}
    shapes = []
    for person in state.instances:
        if result is not None and person.id in places:
            alpha = np.rint(result.alphas[places[person.id]] * 255).astype(np.uint8)
        else:
            # Every second pixel of what is wanted is enough for a mask, and 24 megapixels of it would be felt.
            step = max(1, person.mask.shape[0] // height // 2)
            coarse = np.ascontiguousarray(person.mask[::step, ::step])
            alpha = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
        shapes.append(Shape(person, alpha, outline_of(alpha)))
    return shapes


def outline_of(alpha: NDArray[np.uint8]) -> QPainterPath:
    """The line where alpha is one half, in pixels of the array."""
    path = QPainterPath()
    contours, _ = cv2.findContours((alpha >= 128).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        if len(contour) > 2:
            polygon = QPolygonF([QPointF(x + 0.5, y + 0.5) for x, y in contour[:, 0].tolist()])
            polygon.append(polygon.first())
            path.addPolygon(polygon)
    return path


def tints(shapes: Sequence[Shape], selected: Sequence[int], hovered: int | None) -> list[QImage]:
    """Everybody visible in their colour; who is selected or under the cursor more strongly."""
    return [
        tint_image(
            shape.alpha,
            shape.person.colour,
            TINT_SELECTED if shape.person.id in selected or shape.person.id == hovered else TINT,
        )
        for shape in shapes
        if shape.person.visible
    ]


def together(shapes: Sequence[Shape], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The alpha of all visible people: uint8 (h, w)."""
    total = np.zeros(size, np.uint16)
    for shape in shapes:
        if shape.person.visible:
            total += shape.alpha
    return np.minimum(total, 255).astype(np.uint8)


def alpha_view(shapes: Sequence[Shape], selected: Sequence[int], size: tuple[int, int]) -> QImage:
    """Black and white: the alpha of who is selected, or of everybody visible."""
    chosen = [shape for shape in shapes if shape.person.id in selected] or list(shapes)
    return grey_image(together(chosen, size))


def trimask_view(state: State, person: int, size: tuple[int, int]) -> QImage:
    """The tri-mask of one person in the colours of the brush: target, reference, background; undecided in yellow."""
    tri = trimasks_of(state.instances, *size)[person]
    classes = (Hint.THIS_PERSON, Hint.ANOTHER_PERSON, Hint.NOT_THIS_PERSON)
    picture = np.zeros((*size, 4), np.float32)
    for plane, hint in zip(tri, classes, strict=True):
        picture[..., :3] += plane[..., None] * np.array(HINT_COLOURS[hint], np.float32)
    picture[tri.sum(axis=0) == 0, :3] = HINT_COLOURS[Hint.UNDECIDED]
    picture[..., 3] = 165
    return rgba_image(np.clip(picture, 0, 255).astype(np.uint8))


def conflicts_view(conflicts: NDArray[np.float32]) -> QImage:
    """Where the people's alphas and the background's do not add up to one: red, the stronger the larger the gap."""
    return tint_image(np.rint(np.clip(conflicts / CONFLICT_FULL, 0, 1) * 255).astype(np.uint8), (255, 40, 40), 0.95)


def worst_conflict(conflicts: NDArray[np.float32]) -> tuple[float, float] | None:
    """The middle of the worst conflict as shares of width and height; None where everything adds up."""
    blurred = cv2.blur(conflicts, (9, 9))
    y, x = np.unravel_index(int(blurred.argmax()), blurred.shape)
    if blurred[y, x] < 1 / 255:
        return None
    return (float(x) + 0.5) / blurred.shape[1], (float(y) + 0.5) / blurred.shape[0]


def hint_tile(tile: NDArray[np.uint8]) -> QImage:
    """A tile of a hint plane in the colours of the classes, transparent where nothing was painted."""
    table = np.zeros((256, 4), np.uint8)
    for hint, colour in HINT_COLOURS.items():
        table[hint] = (*colour, 130)
    return rgba_image(table[tile])
