"""Arrays to Qt's pictures: the only place where one becomes the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def rgb_image(array: NDArray[np.uint8]) -> QImage:
    """A picture of an RGB array, uint8 (H, W, 3); a copy, so the array may change or go."""
    height, width = array.shape[:2]
    packed = np.ascontiguousarray(array)
    return QImage(packed.data, width, height, 3 * width, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def grey_image(array: NDArray[np.uint8]) -> QImage:
    """A grey picture of a uint8 array (H, W); a copy."""
    height, width = array.shape
    packed = np.ascontiguousarray(array)
    return QImage(packed.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def tint_image(alpha: NDArray[np.uint8], colour: tuple[int, int, int], strength: float) -> QImage:
    """One colour whose opacity is alpha times ``strength`` (0..1); alpha is uint8 (H, W).

    A table of 256 premultiplied colours instead of arithmetic over all pixels.
    """
    height, width = alpha.shape
    levels = np.arange(256, dtype=np.float64) * strength
    table = np.rint(levels).astype(np.uint32) << 24
    for shift, channel in zip((16, 8, 0), colour, strict=True):
        table |= np.rint(levels * channel / 255).astype(np.uint32) << shift
    packed = np.ascontiguousarray(table[alpha])
    return QImage(packed.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


def alpha_image(alpha: NDArray[np.uint8]) -> QImage:
    """A picture that is nothing but opacity, for composition modes; alpha is uint8 (H, W)."""
    height, width = alpha.shape
    packed = np.ascontiguousarray(alpha)
    return QImage(packed.data, width, height, width, QImage.Format.Format_Alpha8).copy()


def rgba_image(array: NDArray[np.uint8]) -> QImage:
    """A picture of a straight RGBA array, uint8 (H, W, 4); a copy."""
    height, width = array.shape[:2]
    packed = np.ascontiguousarray(array)
    return QImage(packed.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def array_of(image: QImage) -> NDArray[np.uint8]:
    """The colours of a picture: uint8 (H, W, 3); a copy."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()
