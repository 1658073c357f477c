"""Foreground: a person's own colours where they are mixed with the background's and the neighbours' light.

Germer et al.: Fast Multi-Level Foreground Estimation (ICPR 2020), as implemented by PyMatting.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.photo import Pixels
from instmatt_app.core.rect import Rect

# Colours are continued this far beyond the outline, so that scaling a cut-out brings in no stranger's colour.
BLEED = 2


def clean_colours(pixels: Pixels, alpha: NDArray[np.float32], levels: int = 65535) -> Pixels:
    """The person's own colours, of the photo's dtype and size (H, W, 3).

    ``pixels`` is uint8 or uint16 (H, W, 3), ``alpha`` float32 (H, W), 0..1. Where alpha is one the photo's pixels stay
    as they are; where it lies between, the other light is removed; where it is zero there is nothing (black), but for
    two pixels beside the outline. The estimate is made on a crop round the soft area only. ``levels`` is the highest
    value of the file's alpha (255 or 65535): what it rounds to 0 or 1 counts as such.
    """
    least = 0.5 / levels
    present = alpha >= least
    soft = present & (alpha <= 1 - least)
    clean: Pixels = pixels.copy()
    clean[~present] = 0
    rows, columns = np.nonzero(soft)
    if rows.size == 0:
        return clean
    height, width = alpha.shape
    area = Rect(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    crop = area.grow(16).clip(width, height).slices
    # Imported here: PyMatting compiles for seconds when it is first loaded.
    from pymatting import estimate_foreground_ml

    top = np.iinfo(pixels.dtype).max
    scaled = pixels[crop].astype(np.float32) / np.float32(top)
    estimate = np.clip(estimate_foreground_ml(scaled, alpha[crop]), 0, 1)
    kernel = np.ones((2 * BLEED + 1, 2 * BLEED + 1), np.uint8)
    near = cv2.dilate(present[crop].astype(np.uint8), kernel) > 0
    renewed = near & (alpha[crop] <= 1 - least)
    clean[crop][renewed] = np.rint(estimate[renewed] * top).astype(pixels.dtype)
    return clean
