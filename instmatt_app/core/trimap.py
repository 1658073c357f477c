"""Trimaps: known foreground, known background and the unknown area between, in and out."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.hints import Hint

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


def is_trimap(picture: NDArray[np.uint8]) -> bool:
    """Whether a grey picture (H, W) is a trimap: 0, 255 and one grey between, and all three are there."""
    # OpenCV counts without a copy in wider numbers.
    levels = np.flatnonzero(cv2.calcHist([picture], [0], None, [256], [0, 256]))
    return levels.size == 3 and levels[0] == 0 and levels[2] == 255 and 64 <= levels[1] <= 192


def guidance_of(trimap: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A person's mask and strokes, uint8 (H, W) each, that say what a trimap says.

    Foreground is "this person", background "not this person", and what is between "undecided".
    """
    mask = np.where(trimap == 255, 255, 0).astype(np.uint8)
    hints = np.full(trimap.shape, Hint.UNDECIDED, np.uint8)
    hints[trimap == 255] = Hint.THIS_PERSON
    hints[trimap == 0] = Hint.NOT_THIS_PERSON
    return mask, hints
