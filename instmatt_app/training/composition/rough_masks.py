"""Rough masks: what a recogniser might have found of a person whose alpha is known.

Mask R-CNN draws a mask as 28 × 28 cells in a box and enlarges it (He et al., ICCV 2017); so does this, with the errors
that are seen in practice: boxes a little off, wavering outlines, a limb missing, a piece of somebody else.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Alphas = NDArray[np.float32]

CELLS = 28
# How often a mask lacks a part of the person, and how often it holds a part of a neighbour.
INCOMPLETE, FOREIGN = 0.12, 0.1


def rough_mask(alpha: Alphas, rng: np.random.Generator, cells: int = CELLS) -> Bytes:
    """A mask like a recogniser's for an alpha (h, w): uint8 (h, w), 0 or 255; all 0 where nobody is to be seen."""
    mask = np.zeros(alpha.shape, np.uint8)
    seen = (alpha > 0.5).astype(np.uint8)
    left, top, width, height = cv2.boundingRect(seen)
    if width < 2 or height < 2:
        return seen * 255
    # The box is off by a few per cent on every side.
    x0, x1 = left - width * rng.normal(0.01, 0.015), left + width * (1 + rng.normal(0.01, 0.015))
    y0, y1 = top - height * rng.normal(0.01, 0.015), top + height * (1 + rng.normal(0.01, 0.015))
    across, down = max(x1 - x0, 2.0), max(y1 - y0, 2.0)
    to_cells = np.array([[cells / across, 0, -x0 * cells / across - 0.5], [0, cells / down, -y0 * cells / down - 0.5]])
    # Area averaging first: a warp alone would look at single pixels.
    blurred = cv2.GaussianBlur(
        seen.astype(np.float32), (0, 0), sigmaX=max(across / cells / 2, 0.3), sigmaY=max(down / cells / 2, 0.3)
    )
    small = cv2.warpAffine(blurred, to_cells, (cells, cells), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    waver = cv2.GaussianBlur(rng.normal(0, 1, (cells, cells)).astype(np.float32), (0, 0), 1.2)
    small = small + waver * float(rng.uniform(0, 0.35)) + float(rng.normal(0, 0.04))
    large = cv2.warpAffine(
        small,
        to_cells,
        alpha.shape[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    )
    mask[large >= 0.5] = 255
    mask[: max(0, int(y0))] = 0
    mask[int(y1) + 1 :] = 0
    return mask


def rough_masks(alphas: Alphas, rng: np.random.Generator, faults: bool = True) -> tuple[Bytes, frozenset[str]]:
    """Masks for all people (K, h, w), and which faults were built in ("incomplete", "foreign").

    A third of the masks are finer than a recogniser's, as those are that a person has corrected with a brush.
    """
    masks = np.zeros(alphas.shape, np.uint8)
    said: set[str] = set()
    for person, alpha in enumerate(alphas):
        cells = CELLS if rng.random() < 0.65 else int(rng.integers(40, 129))
        mask = rough_mask(alpha, rng, cells)
        if faults and rng.random() < INCOMPLETE:
            lacking = _piece(mask, rng)
            if lacking.any():
                mask[lacking] = 0
                said.add("incomplete")
        if faults and len(alphas) > 1 and rng.random() < FOREIGN:
            other = alphas[(person + int(rng.integers(1, len(alphas)))) % len(alphas)] > 0.5
            reach = cv2.dilate(mask, np.ones((9, 9), np.uint8)) > 0
            if (other & reach).any():
                piece = _piece((other * np.uint8(255)), rng, near=reach)
                mask[piece & other] = 255
                said.add("foreign")
        masks[person] = mask
    return masks, frozenset(said)


def _piece(mask: Bytes, rng: np.random.Generator, near: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """A random ellipse round a point of the mask (of the part that is ``near``), of 3 to 12 % of its size."""
    rows, columns = np.nonzero((mask > 0) if near is None else (mask > 0) & near)
    piece = np.zeros(mask.shape, np.uint8)
    if rows.size:
        at = int(rng.integers(rows.size))
        radius = np.sqrt(np.count_nonzero(mask) * rng.uniform(0.01, 0.05))
        axes = (max(2, int(radius * rng.uniform(0.5, 1.6))), max(2, int(radius * rng.uniform(0.5, 1.6))))
        angle = float(rng.uniform(0, 180))
        cv2.ellipse(piece, (int(columns[at]), int(rows[at])), axes, angle, 0, 360, 1, -1)
    return piece > 0
