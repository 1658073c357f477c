"""Traces: parts of a person's alpha that do not hang together with the person.

A network that is unsure leaves marks at other people's outlines, and a haze over the background that may reach from
somebody to the photo's edge. Whatever belongs to somebody hangs together with what their mask, or the user, says is
theirs; and what is hardly there lies near to what is.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import Alphas

# What is less than this makes no piece, and lasts only near one: hair ends so, and so does motion blur.
FAINT = 0.1
# How near, in pixels; at least as far as a soft outline fades from this to nothing.
NEAR = 16
# Pieces hang together over gaps of twice as many pixels: a strand may be interrupted.
GAP = 2


def without_traces(alphas: Alphas, trimasks: Mapping[int, TriMask]) -> Alphas:
    """The alphas, float32 (K + 1, h, w), adding up to one, without what is apart from their person's mask.

    ``trimasks``, float32 (3, h, w), are by place; of whom there is none, everything stays. A piece is a set of pixels
    of one person of at least a tenth, 8-connected or nearly so; it stays if the tri-mask has anything of the target, or
    is undecided, at one of them. Fainter pixels stay within 16 of such pieces and of the tri-mask's target. What goes
    is shared out among the others in proportion to what they have there, or else is background. Of whom the tri-mask
    shows nothing, everything stays. A new array where anything changes.
    """
    result = alphas
    for place, trimask in trimasks.items():
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
    """Where an alpha above 0 is no part of a piece that touches `own`, or near one; nowhere if `own` is empty."""
    if not own.any():
        return np.zeros(own.shape, bool)
    strong = alpha >= FAINT
    bridge = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * GAP + 1, 2 * GAP + 1))
    count, labels = cv2.connectedComponents(cv2.dilate(strong.astype(np.uint8), bridge), connectivity=8)
    touching = np.zeros(count, bool)
    touching[np.unique(labels[own])] = True
    touching[0] = False
    kept = touching[labels] & strong
    away = cv2.distanceTransform((~(kept | own)).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    apart: NDArray[np.bool_] = (alpha > 0) & ~kept & (strong | (away > NEAR))
    return apart
