"""TriMatte: target, reference and background alphas of one person, and how everybody's are made to agree."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.rect import Rect

TriMatte = NDArray[np.float32]
"""float32 (3, h, w), 0..1: the target's, the reference's (all other people's) and the background's alpha."""

Alphas = NDArray[np.float32]


def background_of(mattes: Sequence[TriMatte]) -> NDArray[np.float32]:
    """The background's alpha, float32 (h, w): the mean of what every person's tri-matte says of it."""
    background: NDArray[np.float32] = np.mean([matte[2] for matte in mattes], axis=0, dtype=np.float32)
    return background


def error_map(mattes: Sequence[TriMatte]) -> NDArray[np.float32]:
    """Where the people's targets and the background do not add up to one: |1 − Σ T_i − mean B_i|, float32 (h, w).

    Sun, Tang, Tai (CVPR 2022), eq. 2.
    """
    targets = np.sum([matte[0] for matte in mattes], axis=0, dtype=np.float32)
    error: NDArray[np.float32] = np.abs(1 - targets - background_of(mattes))
    return error


def project_to_simplex(values: Alphas, pinned: NDArray[np.bool_] | None = None) -> Alphas:
    """The nearest alphas that are at least 0 and add up to one at every pixel (Euclidean projection).

    ``values`` is float32 (C, h, w): the people's alphas and, last, the background's. ``pinned`` is bool of the same
    shape: values there are held as they are, and what they leave is shared out among the free ones; where they leave
    nothing the free ones become 0. Where everything at a pixel is pinned, nothing moves.

    Each free value becomes max(v − τ, 0), with the one τ that makes the sum right, found by sorting: Duchi et al.,
    Efficient projections onto the l1-ball for learning in high dimensions, ICML 2008, figure 1.
    """
    channels = values.shape[0]
    held = np.zeros(values.shape, bool) if pinned is None else pinned
    room = np.maximum(1 - np.sum(np.where(held, values, 0), axis=0), 0)
    # A pinned channel never reaches the front of the descending order, so it takes no part in τ.
    free = np.where(held, np.float32(-np.inf), values)
    ordered = _descending(free)
    tau = np.full(room.shape, np.inf, np.float32)
    total = np.zeros(room.shape, np.float32)
    for count in range(1, channels + 1):
        value = ordered[count - 1]
        usable = np.isfinite(value)
        total = np.where(usable, total + np.where(usable, value, 0), total)
        candidate = (total - room) / count
        tau = np.where(usable & (value > candidate), candidate, tau)
    nearest = np.maximum(np.where(held, 0, values) - tau, 0)
    return np.where(held, values, nearest).astype(np.float32)


def _descending(values: Alphas) -> Sequence[NDArray[np.float32]]:
    """The planes of (C, h, w) with every pixel's values in order, the largest first.

    Neighbours change places, C times over (odd-even transposition): few planes are sorted faster so than pixels.
    """
    planes = list(values)
    for turn in range(len(planes)):
        for upper in range(turn % 2, len(planes) - 1, 2):
            one, other = planes[upper : upper + 2]
            planes[upper : upper + 2] = np.maximum(one, other), np.minimum(one, other)
    return planes


def stacked(mattes: Sequence[TriMatte]) -> Alphas:
    """Everybody's target and, last, the background, as the tri-mattes have them: float32 (K + 1, h, w)."""
    return np.stack([*(matte[0] for matte in mattes), background_of(mattes)])


def partition(mattes: Sequence[TriMatte], pinned: NDArray[np.bool_] | None = None) -> Alphas:
    """Everybody's final alphas and, last, the background's: float32 (K + 1, h, w), adding up to one at every pixel.

    ``pinned`` is bool (K, h, w); a person's target is held there. This is the last step of every engine.
    """
    if pinned is not None:
        pinned = np.concatenate([pinned, np.zeros((1, *pinned.shape[1:]), bool)])
    return project_to_simplex(stacked(mattes), pinned)


def partition_error(alphas: Alphas) -> float:
    """The mean over all pixels of |1 − Σ α|, for alphas of :func:`partition`'s layout."""
    return float(np.abs(1 - alphas.sum(axis=0, dtype=np.float64)).mean())


def resized(alpha: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """One alpha at photo size, by bilinear interpolation: float32 (height, width), 0..1.

    Interpolation is linear, so alphas that add up to one still do after it.
    """
    if alpha.shape == (height, width):
        return alpha
    large: NDArray[np.float32] = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR)
    return large


def enlarged(planes: Alphas, height: int, width: int, area: Rect) -> Alphas:
    """What :func:`resized` makes of planes (…, h, w) at the size ``height`` × ``width``, but only in the box ``area``.

    float32 (…, area.height, area.width); equal to the part of the whole within rounding.
    """
    rows, row_share = _between(area.top, area.bottom, height, planes.shape[-2])
    columns, column_share = _between(area.left, area.right, width, planes.shape[-1])
    part = planes[..., rows[0] : rows[-1] + 2, :]
    upper = rows - rows[0]
    lower = np.minimum(upper + 1, part.shape[-2] - 1)
    tall = part[..., upper, :] * (1 - row_share[:, None]) + part[..., lower, :] * row_share[:, None]
    right = np.minimum(columns + 1, planes.shape[-1] - 1)
    result: Alphas = np.take(tall, columns, axis=-1)
    result *= 1 - column_share
    result += np.take(tall, right, axis=-1) * column_share
    return result


def _between(first: int, last: int, large: int, small: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Between which two of ``small`` samples the pixels from ``first`` to ``last`` of ``large`` lie: the first of them,
    and the share of the second. Middles of pixels are mapped on middles, as OpenCV does."""
    place = np.clip((np.arange(first, last) + 0.5) * (small / large) - 0.5, 0, small - 1)
    whole = place.astype(np.intp)
    return whole, (place - whole).astype(np.float32)
