"""Views: what the canvas shows over or instead of the photo."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QImage, QPainterPath, QPolygonF

from instmatt_app.core.edits import State
from instmatt_app.core.hints import Hint, Pin
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.trimask import trimasks_of
from instmatt_app.ui.images import grey_image, rgba_image, tint_image

# The classes a brush paints, as the tool bar and the canvas show them.
HINT_COLOURS = {
    Hint.THIS_PERSON: (255, 112, 67),
    Hint.ANOTHER_PERSON: (41, 182, 246),
    Hint.NOT_THIS_PERSON: (158, 158, 158),
    Hint.UNDECIDED: (255, 235, 59),
}
# A mask for the screen is the mean of at most so many of its pixels in either direction.
SMOOTH = 4
TINT = 0.45
TINT_SELECTED = 0.6
# A conflict of this size is shown in full red.
CONFLICT_FULL = 0.25
# So is a change of this size in full yellow.
CHANGE_FULL = 0.1
CHANGE_LEAST = 1 / 3


class View(Enum):
    """In the order in which F goes through them."""

    OVERLAY = "Overlay"
    OUTLINES = "Outlines"
    BLACK = "Black"
    WHITE = "White"
    BACKDROP = "Backdrop"
    ALPHA = "Alpha"
    CUTOUT = "Cut-out"
    TRIMASK = "Tri-mask"
    CONFLICTS = "Conflicts"

    @property
    def label(self) -> str:
        """What the person reads."""
        return {
            View.OVERLAY: QCoreApplication.translate("View", "Overlay"),
            View.OUTLINES: QCoreApplication.translate("View", "Outlines"),
            View.BLACK: QCoreApplication.translate("View", "Black"),
            View.WHITE: QCoreApplication.translate("View", "White"),
            View.BACKDROP: QCoreApplication.translate("View", "Backdrop"),
            View.ALPHA: QCoreApplication.translate("View", "Alpha"),
            View.CUTOUT: QCoreApplication.translate("View", "Cut-out"),
            View.TRIMASK: QCoreApplication.translate("View", "Tri-mask"),
            View.CONFLICTS: QCoreApplication.translate("View", "Conflicts"),
        }[self]


def alpha_levels(alpha: NDArray[np.float32] | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An alpha, float32 (h, w), 0..1, in 256 levels; one that has them already as it is."""
    if alpha.dtype == np.uint8:
        return alpha.astype(np.uint8, copy=False)
    return np.rint(alpha * 255).astype(np.uint8)


def mask_levels(mask: TilePlane, most: int) -> NDArray[np.uint8]:
    """A mask for the screen, uint8 (h, w), its long side at most so many pixels, with a smooth outline."""
    share = min(1.0, most / max(mask.shape))
    height, width = (max(1, round(side * share)) for side in mask.shape)
    # Pixels far apart stand for what lies between them, and no plane of the photo's size is made.
    dense = mask.reduced(min(SMOOTH * height, mask.height), min(SMOOTH * width, mask.width))
    levels: NDArray[np.uint8] = cv2.resize(dense, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
    return levels


def outline_of(alpha: NDArray[np.uint8], within: float = 0.0) -> QPainterPath:
    """The line where alpha is one half, in pixels of the array; with fewer corners, ``within`` so many pixels of it."""
    path = QPainterPath()
    contours, _ = cv2.findContours((alpha >= 128).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        if within:
            contour = cv2.approxPolyDP(contour, within, True)
        if len(contour) > 2:
            polygon = QPolygonF([QPointF(x + 0.5, y + 0.5) for x, y in contour[:, 0].tolist()])
            polygon.append(polygon.first())
            path.addPolygon(polygon)
    return path


def together(levels: Sequence[NDArray[np.uint8]], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Several people's alphas in one: uint8 (h, w)."""
    total = np.zeros(size, np.uint8)
    for one in levels:
        cv2.add(total, one, dst=total)
    return total


def alpha_view(levels: Sequence[NDArray[np.uint8]], size: tuple[int, int]) -> QImage:
    """Black and white: these people's alphas."""
    return grey_image(together(levels, size))


def trimask_view(state: State, person: int, size: tuple[int, int]) -> QImage:
    """The tri-mask of one person in the colours of the brush: target, reference, background; undecided in yellow."""
    tri = trimasks_of(state.instances, *size, whose=(person,))[person]
    classes = (Hint.THIS_PERSON, Hint.ANOTHER_PERSON, Hint.NOT_THIS_PERSON)
    colours = np.array([(*HINT_COLOURS[hint], 0) for hint in classes], np.float32)
    # One product with the matrix of the colours: 4 × 3 times what the three channels say.
    picture = cv2.transform(np.ascontiguousarray(np.moveaxis(tri, 0, -1)), np.ascontiguousarray(colours.T))
    levels = cv2.convertScaleAbs(picture)
    levels[tri.sum(axis=0) == 0, :3] = HINT_COLOURS[Hint.UNDECIDED]
    levels[..., 3] = 165
    return rgba_image(levels)


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


def changes_view(changes: NDArray[np.float32]) -> QImage:
    """Where a step of the refinement changed an alpha, float32 (h, w), 0..1: yellow, the stronger the larger.

    Even the smallest change is a third as strong as the largest: it is to be found.
    """
    share = np.where(changes > 0, CHANGE_LEAST + (1 - CHANGE_LEAST) * np.clip(changes / CHANGE_FULL, 0, 1), 0)
    return tint_image(np.rint(share * 255).astype(np.uint8), (255, 225, 0), 0.95)


def pin_tile(tile: NDArray[np.uint8]) -> QImage:
    """A tile of a plane of pins: white dots where alpha is 1 for good, black ones where it is 0."""
    y, x = np.mgrid[: tile.shape[0], : tile.shape[1]]
    dots = (x % 6 < 2) & ((y + 3 * (x // 6 % 2)) % 6 < 2)
    picture = np.zeros((*tile.shape, 4), np.uint8)
    picture[dots & (tile == Pin.ONE)] = (255, 255, 255, 230)
    picture[dots & (tile == Pin.ZERO)] = (0, 0, 0, 230)
    return rgba_image(picture)


def hint_tile(tile: NDArray[np.uint8]) -> QImage:
    """A tile of a hint plane in the colours of the classes, transparent where nothing was painted."""
    table = np.zeros((256, 4), np.uint8)
    for hint, colour in HINT_COLOURS.items():
        table[hint] = (*colour, 130)
    return rgba_image(table[tile])
