"""Trimaps: known foreground, known background and the unknown area between, in and out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.hints import Hint
from instmatt_app.core.planes import TilePlane

FOREGROUND, UNKNOWN, BACKGROUND = 255, 128, 0
WIDENED = 5
"""The unknown area reaches this many pixels beyond the soft pixels."""


def trimap_of(alpha: NDArray[np.float32], widened: int = WIDENED) -> NDArray[np.uint8]:
    """The trimap of an alpha (H, W), 0..1: 255, 128, 0.

    Unknown is what is within ``widened`` pixels of an alpha strictly between 1/255 and 254/255, or of an outline.
    """
    opaque = alpha >= np.float32(254 / 255)
    soft = ~opaque & (alpha > np.float32(1 / 255))
    kernel = np.ones((3, 3), np.uint8)
    inside = opaque.astype(np.uint8)
    # A hard outline has no soft pixel, and is still not known to the pixel.
    outline = cv2.dilate(inside, kernel) != cv2.erode(inside, kernel)
    size = 2 * widened + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    unknown = cv2.dilate((soft | outline).astype(np.uint8), disc) > 0
    return np.where(unknown, UNKNOWN, np.where(opaque, FOREGROUND, BACKGROUND)).astype(np.uint8)


def is_trimap(picture: TilePlane) -> bool:
    """Whether a grey picture is a trimap: 0, 255 and one grey between, and all three are there."""
    levels = picture.levels()
    return len(levels) == 3 and levels[0] == 0 and levels[2] == 255 and 64 <= levels[1] <= 192


def guidance_of(trimap: TilePlane) -> tuple[TilePlane, TilePlane]:
    """A person's mask and strokes that say what a trimap says.

    Foreground is "this person", background "not this person", and what is between "undecided".
    """
    mask = np.zeros(256, np.uint8)
    mask[255] = 255
    hints = np.full(256, Hint.UNDECIDED, np.uint8)
    hints[255], hints[0] = Hint.THIS_PERSON, Hint.NOT_THIS_PERSON
    return trimap.translated(mask), trimap.translated(hints)
