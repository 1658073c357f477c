"""Where a loss may look: away from outlines that are not exact, and in the unknown area of each scale."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from instmatt_app.engine.progressive import dilate

Flags = NDArray[np.bool_]
Alpha = NDArray[np.float32]

# Side of the ellipse by which a hard outline is widened on either side, as released: about 17 pixels each way.
BAND = 35
HALF_LEVEL = 0.5 / 255
# The released code takes an alpha for a hard mask if so many of its pixels are exactly 0 or 1.
HARD = 0.99


def ellipse(side: int) -> NDArray[np.uint8]:
    """OpenCV's ellipse of that side."""
    kernel: NDArray[np.uint8] = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return kernel


def outline_band(alpha: Alpha, side: int = BAND) -> Flags:
    """The band round the outline of an alpha (H, W): pixels near something of it as well as near something outside.

    For a hard mask this is the released band. What interpolation made soft, slivers included, lies in the band.
    """
    return _both_near(alpha > 1 / 255, alpha < 254 / 255, side)


def _both_near(inside: Flags, outside: Flags, side: int) -> Flags:
    kernel = ellipse(side)
    return np.asarray(cv2.dilate(inside.astype(np.uint8), kernel) & cv2.dilate(outside.astype(np.uint8), kernel), bool)


def released_supervision(alpha: Alpha, side: int = BAND) -> Flags:
    """The released rule: the band of an alpha that is a hard mask by its values is excluded, otherwise nothing."""
    hard = np.count_nonzero((alpha == 0) | (alpha == 1)) >= HARD * alpha.size
    return ~_both_near(alpha == 1, alpha == 0, side) if hard else np.ones(alpha.shape, bool)


def unknown_of(alpha: Alpha, inner: int, outer: int) -> NDArray[np.uint8]:
    """The unknown area of a trimap made from an alpha (H, W): what is left when both sure areas are eroded; 0 or 1.

    Sure is what 8 bits cannot tell from 0 or 1: interpolated alphas hardly ever are exactly that.
    """
    inside = cv2.erode((alpha > 1 - HALF_LEVEL).astype(np.uint8), ellipse(inner))
    outside = cv2.erode((alpha < HALF_LEVEL).astype(np.uint8), ellipse(outer))
    unknown: NDArray[np.uint8] = 1 - (inside | outside)
    return unknown


def widened(pixels: Tensor, sides: list[int]) -> Tensor:
    """Bool masks [N, 1, H, W], each widened by the ellipse of its side."""
    if pixels.device.type != "cpu":
        return torch.stack([dilate(mask, side) for mask, side in zip(pixels, sides, strict=True)])
    made = [cv2.dilate(mask, ellipse(side)) for mask, side in zip(pixels[:, 0].byte().numpy(), sides, strict=True)]
    return torch.from_numpy(np.stack(made)[:, None]).bool()
