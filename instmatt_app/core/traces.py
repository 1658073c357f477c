"""Traces: pieces of a person's alpha that do not hang together with the person.

A network that is unsure leaves faint marks at other people's outlines and in the background. Whatever belongs to
somebody touches what their mask, or the user, says is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import Alphas

# A piece reaches as far as alphas above this, which nobody sees, and one pixel further.
FAINT = 2 / 255


def without_traces(alphas: Alphas, trimasks: Sequence[TriMask]) -> Alphas:
    """The alphas, float32 (K + 1, h, w), adding up to one, without pieces apart from their person's mask.

    ``trimasks`` are the K people's, float32 (3, h, w). A piece is a set of 8-connected pixels of one person above
    2/255; it stays if its tri-mask has anything of the target, or is undecided, at one of them. What goes is shared out
    among the others in proportion to what they have there, or else is background. Of whom the tri-mask shows nothing,
    everything stays. A new array where anything changes.
    """
    result = alphas
    for place, trimask in enumerate(trimasks):
        apart = _apart(alphas[place], (trimask[0] > 0) | ~trimask.any(axis=0))
        if apart.any():
            result = alphas.copy() if result is alphas else result
            result[place][apart] = 0
    if result is alphas:
        return alphas
    total = result.sum(axis=0)
    result[-1][total == 0] = 1
    result /= np.where(total == 0, 1, total)
    return result


def _apart(alpha: NDArray[np.float32], own: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where an alpha above 0 belongs to no piece that touches `own`; nowhere if there is nothing to touch."""
    if not own.any():
        return np.zeros(own.shape, bool)
    count, labels = cv2.connectedComponents((alpha > FAINT).astype(np.uint8), connectivity=8)
    touching = np.zeros(count, np.uint8)
    touching[np.unique(labels[own])] = 1
    touching[0] = 0
    near = cv2.dilate(touching[labels], np.ones((3, 3), np.uint8))
    apart: NDArray[np.bool_] = (near == 0) & (alpha > 0)
    return apart
