"""Progressive refinement: the coarse alphas where they are sure, finer ones where they are not.

As in Mask Guided Matting, which the paper builds on: stride 8 first, then stride 4 in its unknown area, then stride 1.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

# Widths of the unknown areas in the published inference; the ellipse that widens them has half that side.
WIDTH_OS4 = 30
WIDTH_OS1 = 15


def unknown_pixels(alpha: Tensor) -> Tensor:
    """Where alpha is neither clearly 0 nor clearly 1: bool, shape of alpha."""
    return ~((alpha < 1 / 255) | (alpha > 1 - 1 / 255))


def dilate(mask: Tensor, side: int) -> Tensor:
    """The bool mask [..., H, W] widened by OpenCV's ellipse of that side; pixel for pixel what cv2.dilate gives.

    The ellipse is not the same lying and standing, and for an even side its centre lies right of and below the middle.
    """
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    if mask.device.type != "cpu":
        return dilate_by_rows(mask, ellipse)
    height, width = mask.shape[-2:]
    planes = mask.reshape(-1, height, width).to(torch.uint8).numpy()
    widened = np.stack([cv2.dilate(plane, ellipse) for plane in planes])
    return torch.from_numpy(widened).bool().reshape(mask.shape)


def dilate_by_rows(mask: Tensor, ellipse: NDArray[np.uint8]) -> Tensor:
    """The bool mask [..., H, W] widened by this ellipse without leaving the device that it is on.

    Each row of an ellipse is one run of pixels: a row is a running maximum, and the ellipse the union of its rows.
    """
    side = len(ellipse)
    before, after = side // 2, side - 1 - side // 2
    height, width = mask.shape[-2:]
    padded = F.pad(mask.reshape(1, -1, height, width).float(), (before, after, before, after))
    runs: dict[int, Tensor] = {}
    widened = torch.zeros((1, padded.shape[1], height, width), dtype=torch.bool, device=mask.device)
    for row, taps in enumerate(ellipse):
        length, start = int(taps.sum()), int(taps.argmax())
        if length not in runs:
            runs[length] = F.max_pool2d(padded, (1, length), stride=1) > 0
        widened |= runs[length][..., row : row + height, start : start + width]
    return widened.reshape(mask.shape)


def unknown_area(alpha: Tensor, width: int) -> Tensor:
    """The unknown pixels of each channel of alpha [..., H, W], widened by an ellipse of side width // 2: bool."""
    return dilate(unknown_pixels(alpha), width // 2)


class Fused(NamedTuple):
    """The tri-matte put together from three scales, and where the finest of them was used."""

    trimatte: Tensor  # float32 [N, C, H, W], 0..1
    unknown: Tensor  # bool [N, 1, H, W]; only here may the multi-instance refinement change the result


def fuse(os8: Tensor, os4: Tensor, os1: Tensor) -> Fused:
    """One tri-matte from three scales, each [N, C, H, W]; every row for itself.

    A pixel that is unknown in any channel is unknown in all of them.
    """
    unknown = dilate(unknown_pixels(os8).any(dim=1, keepdim=True), WIDTH_OS4 // 2)
    fused = torch.where(unknown, os4, os8)
    unknown = dilate(unknown_pixels(fused).any(dim=1, keepdim=True), WIDTH_OS1 // 2)
    return Fused(torch.where(unknown, os1, fused), unknown)


def keep_known(refined: Tensor, fused: Fused) -> Tensor:
    """The refined tri-mattes in the unknown area, the fused ones elsewhere: the final result, [N, C, H, W]."""
    return torch.where(fused.unknown, refined, fused.trimatte)
