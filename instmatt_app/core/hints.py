"""Hints: what a person painted to correct the guidance, and the rules by which strokes for several people meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.instance import Instance
from instmatt_app.core.planes import TILE, TilePlane, combined
from instmatt_app.core.rect import Rect


class Hint(IntEnum):
    """The classes a brush can paint; NONE gives the pixel back to the network."""

    NONE = 0
    THIS_PERSON = 1
    ANOTHER_PERSON = 2
    NOT_THIS_PERSON = 3
    UNDECIDED = 4


class Pin(IntEnum):
    """What a plane of pins holds at a pixel: nothing, alpha exactly 1, alpha exactly 0."""

    NONE = 0
    ONE = 1
    ZERO = 2


def reduce_hints(hints: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """The plane at a smaller (or equal) size, made so that a stroke one pixel wide survives.

    Any photo pixel with a hint counts; where several classes fall into one working pixel the rank 1 > 2 > 3 > 4
    decides. Input uint8 (H, W), output uint8 (height, width). A larger size is filled by the nearest pixel.
    """
    rows = np.arange(hints.shape[0]) * height // hints.shape[0]
    columns = np.arange(hints.shape[1]) * width // hints.shape[1]
    if height > hints.shape[0] or width > hints.shape[1]:
        nearest_rows = np.arange(height) * hints.shape[0] // height
        nearest_columns = np.arange(width) * hints.shape[1] // width
        enlarged: NDArray[np.uint8] = hints[nearest_rows[:, None], nearest_columns[None, :]]
        return enlarged
    small = np.zeros((height, width), np.uint8)
    # Written from the lowest rank to the highest, so that the highest is what stays.
    for hint in (Hint.UNDECIDED, Hint.NOT_THIS_PERSON, Hint.ANOTHER_PERSON, Hint.THIS_PERSON):
        y, x = np.nonzero(hints == hint)
        small[rows[y], columns[x]] = hint
    return small


def reduce_plane(plane: TilePlane, height: int, width: int) -> NDArray[np.uint8]:
    """What :func:`reduce_hints` makes of a sparse plane, at the cost of the tiles that have something in them."""
    if height > plane.height or width > plane.width:
        return reduce_hints(plane.full(), height, width)
    small = np.zeros((height, width), np.uint8)
    for hint in (Hint.UNDECIDED, Hint.NOT_THIS_PERSON, Hint.ANOTHER_PERSON, Hint.THIS_PERSON):
        for (row, column), tile in plane.tiles.items():
            if tile.low <= hint <= tile.high:
                rows, columns = np.arange(tile.height) + row * TILE, np.arange(tile.width) + column * TILE
                rows, columns = rows * height // plane.height, columns * width // plane.width
                if tile.is_uniform:
                    small[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = hint
                else:
                    y, x = np.nonzero(tile.numbers == hint)
                    small[rows[y], columns[x]] = hint
    return small


def effective_mask(
    mask: NDArray[np.float32], hint: NDArray[np.uint8] | None, others: Sequence[NDArray[np.uint8] | None]
) -> NDArray[np.float32]:
    """A person's own mask after everybody's strokes: column e of the tri-mask table.

    ``mask`` is float32 (h, w), 0..1; ``hint`` the person's own plane, ``others`` those of the other people.
    """
    effective = mask.copy()
    for other in others:
        if other is not None:
            effective[other == Hint.THIS_PERSON] = 0
    if hint is not None:
        effective[hint == Hint.THIS_PERSON] = 1
        effective[(hint == Hint.ANOTHER_PERSON) | (hint == Hint.NOT_THIS_PERSON)] = 0
    return effective


def effective_plane(mask: TilePlane, hint: TilePlane | None, others: Sequence[TilePlane | None]) -> TilePlane:
    """:func:`effective_mask` of whole planes; the mask's numbers and those of the result are 0..255."""
    strokes = [other for other in others if other is not None]

    def effective(numbers: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
        levels, own, *rest = numbers
        shares = effective_mask(levels.astype(np.float32) / np.float32(255), own, rest)
        whole: NDArray[np.uint8] = np.rint(shares * np.float32(255)).astype(np.uint8)
        return whole

    return combined([mask, hint or TilePlane(*mask.shape), *strokes], effective)


def open_for(
    instances: Sequence[Instance], person: int, hint: Hint, area: Rect, where: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Where of ``where``, bool (h, w) in the box ``area``, a stroke of that class for that person may be written.

    Everywhere, but for class 1 not where a locked other person has an effective mask above 0 or a pin of 1.
    """
    if hint is not Hint.THIS_PERSON:
        return where
    where = where.copy()
    for other in instances:
        if other.locked and other.id != person:
            rest = [None if one.hints is None else one.hints.at(area) for one in instances if one is not other]
            mask = other.mask.at(area).astype(np.float32) / np.float32(255)
            own = None if other.hints is None else other.hints.at(area)
            where &= effective_mask(mask, own, rest) == 0
            if other.pins is not None:
                where &= other.pins.at(area) != Pin.ONE
    return where


def painted(
    instances: Sequence[Instance], person: int, hint: Hint, area: Rect, where: NDArray[np.bool_]
) -> Mapping[int, TilePlane]:
    """The new hint planes after painting one class for one person: those that change, by instance id.

    ``where`` is bool (h, w) in the box ``area`` of the photo. A locked person is not painted for. Class 1 is written
    only where :func:`open_for` allows it, and erases classes 1 and 4 of the other, unlocked people where it is
    written — so that at most one person has class 1 at a pixel.
    """
    by_id = {instance.id: instance for instance in instances}
    own = by_id[person]
    if own.locked:
        return {}
    where = open_for(instances, person, hint, area, where)
    planes: dict[int, TilePlane] = {}

    def write(instance: Instance, value: Hint, place: NDArray[np.bool_]) -> None:
        plane = instance.hints or TilePlane(*instance.mask.shape)
        patch = plane.at(area)
        patch[place] = value
        planes[instance.id] = plane.patched(area, patch)

    write(own, hint, where)
    if hint is Hint.THIS_PERSON:
        for other in instances:
            if other.id == person or other.locked or other.hints is None:
                continue
            patch = other.hints.at(area)
            erased = where & ((patch == Hint.THIS_PERSON) | (patch == Hint.UNDECIDED))
            if erased.any():
                write(other, Hint.NONE, erased)
    return planes
