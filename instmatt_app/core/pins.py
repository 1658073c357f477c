"""Pins: places where somebody has fixed a person's final alpha to exactly 1 or exactly 0, at photo size.

A hint tells the network what is meant; a pin leaves it no say. Whatever the mattes are, a pin is held in the last step:
the pinned alpha stays as it is, and what it leaves is shared out among the others and the background.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.hints import Hint, Pin, open_for
from instmatt_app.core.instance import Instance
from instmatt_app.core.planes import TILE, TilePlane, tiles_of
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimatte import Alphas, project_to_simplex


def pinned(
    instances: Sequence[Instance], person: int, hint: Hint, fixed: bool, area: Rect, where: NDArray[np.bool_]
) -> Mapping[int, TilePlane]:
    """The new planes of pins after a stroke of that class for one person: those that change, by instance id.

    A ``fixed`` stroke pins 1 where it says "this person" and 0 where it says somebody or something else; any other
    stroke, the eraser's too, takes the person's own pins away, because the newest word counts. ``where`` is bool
    (h, w) in the box ``area`` of the photo. A locked person is not painted for. "This person" takes the place of
    another unlocked person's pin of 1, and is refused where a locked person has one, as it is where
    :func:`hints.open_for` says so.
    """
    by_id = {instance.id: instance for instance in instances}
    if by_id[person].locked:
        return {}
    where = open_for(instances, person, hint, area, where)
    pin = Pin.NONE
    if fixed and hint is Hint.THIS_PERSON:
        pin = Pin.ONE
    elif fixed and hint in (Hint.ANOTHER_PERSON, Hint.NOT_THIS_PERSON):
        pin = Pin.ZERO
    planes: dict[int, TilePlane] = {}
    for one in instances:
        if one.id == person:
            new, place = pin, where
        elif hint is Hint.THIS_PERSON and not one.locked and one.pins is not None:
            new, place = Pin.NONE, where & (one.pins.at(area) == Pin.ONE)
        else:
            continue
        before = one.pins or TilePlane(*one.mask.shape)
        patch = before.at(area)
        if (patch[place] != new).any():
            patch[place] = new
            planes[one.id] = before.patched(area, patch)
    return planes


@dataclass(frozen=True, eq=False)
class PinnedPixels:
    """The final alphas of the pixels where anybody pinned anything.

    ``places`` are flat indices of photo pixels, int64 (P,); ``values`` is float32 (K + 1, P): people in order, then the
    background; every column adds up to one.
    """

    places: NDArray[np.int64]
    values: Alphas


def pinned_pixels(
    planes: Sequence[TilePlane | None], alpha: Callable[[int, Rect], NDArray[np.float32]]
) -> PinnedPixels | None:
    """What people's planes of pins, in order, make of the alphas there; None where nobody pinned anything.

    ``alpha(number, box)`` gives a person's alpha in a box of the photo, float32 (h, w), and for ``len(planes)`` the
    background's.
    """
    used = [plane for plane in planes if plane is not None and not plane.is_empty]
    if not used:
        return None
    height, width = used[0].height, used[0].width
    found: list[NDArray[np.int64]] = []
    kinds: list[NDArray[np.uint8]] = []
    before: list[Alphas] = []
    everywhere = tiles_of(Rect(0, 0, width, height), height, width)
    for box in [box for place, box in everywhere if any(place in plane.tiles for plane in used)]:
        empty = np.zeros((box.height, box.width), np.uint8)
        tiles = np.stack([empty if plane is None else plane.at(box) for plane in planes])
        y, x = np.nonzero(tiles.any(axis=0))
        kinds.append(tiles[:, y, x])
        found.append((y + box.top).astype(np.int64) * width + x + box.left)
        before.append(np.stack([alpha(number, box)[y, x] for number in range(len(planes) + 1)]))
    values = _held(np.concatenate(before, axis=1), np.concatenate(kinds, axis=1))
    return PinnedPixels(np.concatenate(found), values)


def hold_pins(alphas: Alphas, planes: Sequence[TilePlane | None]) -> Alphas:
    """Alphas of a smaller size, float32 (K + 1, h, w), with pins held where all photo pixels of a pixel are pinned."""
    height, width = alphas.shape[1:]
    kinds = np.zeros((len(planes), height, width), np.uint8)
    for kind, plane in zip(kinds, planes, strict=True):
        if plane is not None and not plane.is_empty:
            _reduce_pins(plane, kind)
    y, x = np.nonzero(kinds.any(axis=0))
    if not y.size:
        return alphas
    held = alphas.copy()
    held[:, y, x] = _held(alphas[:, y, x], kinds[:, y, x])
    return held


def _reduce_pins(plane: TilePlane, small: NDArray[np.uint8]) -> None:
    """Writes a pin into each pixel of ``small``, uint8 (h, w), that covers nothing else of the plane, even in part."""
    height, width = small.shape
    rows, columns = np.arange(height + 1) * plane.height, np.arange(width + 1) * plane.width
    top, bottom = rows[:-1] // height, -(-rows[1:] // height)
    left, right = columns[:-1] // width, -(-columns[1:] // width)
    band = max(1, TILE * height // plane.height)
    for part in (slice(first, min(first + band, height)) for first in range(0, height, band)):
        above, below = top[part] - top[part.start], bottom[part] - top[part.start]
        area = Rect(0, int(top[part.start]), plane.width, int(bottom[part.stop - 1]))
        numbers = plane.at(area)
        for pin in (Pin.ONE, Pin.ZERO):
            if (numbers == pin).any():
                sums = cv2.integral((numbers == pin).astype(np.uint8))
                inside = sums[below] - sums[above]
                full = (below - above)[:, None] * (right - left)
                small[part][inside[:, right] - inside[:, left] == full] = pin


def _held(alphas: Alphas, kinds: NDArray[np.uint8]) -> Alphas:
    """Alphas (K + 1, P) that add up to one, with the pins (K, P) of the people held."""
    values = alphas.copy()
    values[:-1][kinds == Pin.ONE] = 1
    values[:-1][kinds == Pin.ZERO] = 0
    free = np.zeros((1, *kinds.shape[1:]), bool)
    return project_to_simplex(values, np.concatenate([kinds > 0, free]))
