"""OrderTried: what a cycle in one order comes to, as far as it is looked at: its error, and a piece of its picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.api import Result
from instmatt_app.core.instance import Instance
from instmatt_app.core.photo import Photo

Levels = NDArray[np.uint8]
# Side of the picture, and the least side of the piece of the mattes that it shows, both in pixels.
SIDE, PIECE = 96, 96
TINT = 0.65


@dataclass(frozen=True, eq=False)
class OrderTried:
    """``order`` holds instance ids; ``error`` is the mean |1 − Σ α| after the cycle; ``picture`` is uint8 RGB.

    All orders of one trial show the same piece: where they differ most.
    """

    order: tuple[int, ...]
    error: float
    picture: Levels


def orders_tried(photo: Photo, results: Iterable[tuple[tuple[int, ...], Result]]) -> list[OrderTried]:
    """The orders with what they came to, the least error first, of equal errors the one that came first."""
    tried: list[tuple[tuple[int, ...], float, list[Levels]]] = []
    people: Sequence[Instance] = ()
    for order, result in results:
        people = result.people
        levels = [np.rint(alpha * 255).astype(np.uint8) for alpha in result.alphas[:-1]]
        tried.append((order, result.error["after refinement"], levels))
    if not tried:
        return []
    top, left, side = _where_they_differ([planes for _, _, planes in tried])
    height, width = tried[0][2][0].shape
    colours = photo.at(max(height, width))[top : top + side, left : left + side]
    made = []
    for order, error, planes in tried:
        pieces = [plane[top : top + side, left : left + side] for plane in planes]
        made.append(OrderTried(order, error, _picture(colours, pieces, people)))
    return sorted(made, key=lambda one: one.error)


def _where_they_differ(tried: Sequence[Sequence[Levels]]) -> tuple[int, int, int]:
    """Top, left and side of the square in which the alphas of the orders differ most; planes are uint8 (h, w)."""
    height, width = tried[0][0].shape
    spread = np.zeros((height, width), np.float32)
    for planes in zip(*tried, strict=True):
        highest, lowest = planes[0].copy(), planes[0].copy()
        for plane in planes[1:]:
            np.maximum(highest, plane, out=highest)
            np.minimum(lowest, plane, out=lowest)
        np.maximum(spread, highest - lowest, out=spread)
    side = min(height, width, max(PIECE, min(height, width) // 4))
    # A bell and not a box, so that what differs lies in the middle of the piece.
    around = cv2.GaussianBlur(spread, (0, 0), side / 4, borderType=cv2.BORDER_CONSTANT)
    y, x = np.unravel_index(int(around.argmax()), around.shape)
    return min(max(0, int(y) - side // 2), height - side), min(max(0, int(x) - side // 2), width - side), side


def _picture(colours: Levels, planes: Sequence[Levels], people: Sequence[Instance]) -> Levels:
    """The people's colours over the photo's, (h, w, 3), at SIDE pixels."""
    shown = cv2.cvtColor(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB).astype(np.float32)
    for plane, one in zip(planes, people, strict=True):
        share = (plane.astype(np.float32) / 255 * TINT)[..., None]
        shown += share * (np.array(one.colour, np.float32) - shown)
    small: Levels = cv2.resize(shown, (SIDE, SIDE), interpolation=cv2.INTER_AREA).round().astype(np.uint8)
    return small
