"""Edits: every change a person can make to a project.

An edit is a function from one state of the decisions to the next. States are never changed: people and planes that an
edit leaves alone are shared by the state before and after, so undo is going back to the state that was, pixels,
revisions and all, and keeps only what the edit made new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.hints import Hint, painted
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Detection
from instmatt_app.core.planes import TILE
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement

# Told apart by people with any kind of colour vision, and on skin, cloth and sky.
COLOURS = (
    (255, 112, 67), (41, 182, 246), (156, 204, 101), (171, 71, 188),
    (255, 202, 40), (38, 166, 154), (236, 64, 122), (141, 110, 99),
)  # fmt: skip

NextRevision = Callable[[], int]


@dataclass(frozen=True, eq=False)
class State:
    """What has been decided about a photo: its people in order, and how they are refined."""

    instances: tuple[Instance, ...] = ()
    refinement: Refinement = field(default_factory=Refinement)

    def person(self, number: int) -> Instance:
        """The person with that id. Raises KeyError if there is none."""
        for one in self.instances:
            if one.id == number:
                return one
        raise KeyError(number)

    def ids(self) -> tuple[int, ...]:
        return tuple(one.id for one in self.instances)


@dataclass(frozen=True)
class Edit:
    """One step of the history: ``text`` names it, ``change(state, next_revision)`` gives the new state.

    A change that changes nothing gives the very state it was given.
    """

    text: str
    change: Callable[[State, NextRevision], State]


def add_people(found: Sequence[Detection]) -> Edit:
    """Puts the people that a recogniser found, or somebody pointed at, at the end of the list."""

    def change(state: State, next_revision: NextRevision) -> State:
        people = list(state.instances)
        for one in found:
            number = max((person.id for person in people), default=0) + 1
            colour = COLOURS[(number - 1) % len(COLOURS)]
            person = Instance(number, f"Person {number}", one.mask, one.box, score=one.score, colour=colour)
            people.append(replace(person, revision=next_revision()))
        return replace(state, instances=tuple(people)) if found else state

    return Edit("Add person" if len(found) == 1 else "Add people", change)


def remove_people(numbers: Collection[int]) -> Edit:
    """Takes people out of the list, and out of the order of the cycle."""

    def change(state: State, next_revision: NextRevision) -> State:
        gone = set(numbers) & set(state.ids())
        if not gone:
            return state
        kept = tuple(one for one in state.instances if one.id not in gone)
        return State(kept, _without(state.refinement, gone))

    return Edit("Delete person" if len(numbers) == 1 else "Delete people", change)


def merge_people(numbers: Sequence[int]) -> Edit:
    """Makes one person of several: masks and strokes together, under the name of the first in the list."""

    def change(state: State, next_revision: NextRevision) -> State:
        parts = [one for one in state.instances if one.id in numbers]
        if len(parts) < 2 or any(part.locked for part in parts):
            return state
        first, *rest = parts
        mask = np.maximum.reduce([part.mask for part in parts])
        box, hints = first.box, first.hints
        for part in rest:
            box = box.union(part.box)
            if part.hints is not None:
                for (row, column), tile in part.hints.tiles.items():
                    area = Rect.of_size(column * TILE, row * TILE, tile.shape[1], tile.shape[0])
                    mine = hints.at(area) if hints is not None else np.zeros_like(tile)
                    # "Another person" was said about the others, who are now the same one.
                    theirs = np.where(tile == Hint.ANOTHER_PERSON, Hint.NONE, tile)
                    mine = np.where(mine == Hint.ANOTHER_PERSON, Hint.NONE, mine)
                    together = np.where(mine == Hint.NONE, theirs, mine).astype(np.uint8)
                    hints = (hints or part.hints).patched(area, together)
        merged = replace(first, mask=mask, box=box, hints=hints, revision=next_revision())
        gone = {part.id for part in rest}
        kept = tuple(merged if one is first else one for one in state.instances if one.id not in gone)
        return State(kept, _without(state.refinement, gone))

    return Edit("Merge people", change)


def split_person(number: int, start: tuple[float, float], end: tuple[float, float]) -> Edit:
    """Makes two people of one: what lies left of the line from start to end, and what lies right; points are (x, y)."""

    def change(state: State, next_revision: NextRevision) -> State:
        person = state.person(number)
        side = _left_of(start, end, person.box)
        inside = person.mask[person.box.slices] > 0
        if person.locked or not (inside & side).any() or not (inside & ~side).any():
            return state
        masks = []
        for half in (side, ~side):
            mask = np.zeros_like(person.mask)
            mask[person.box.slices] = np.where(half, person.mask[person.box.slices], 0)
            masks.append(mask)
        new = max(state.ids()) + 1
        first = replace(person, mask=masks[0], box=_box_of(masks[0]), hints=None, revision=next_revision())
        second = replace(
            first, id=new, name=f"Person {new}", mask=masks[1], box=_box_of(masks[1]),
            colour=COLOURS[(new - 1) % len(COLOURS)], revision=next_revision(),
        )  # fmt: skip
        people: list[Instance] = []
        for one in state.instances:
            people += [first, second] if one is person else [one]
        return replace(state, instances=tuple(people))

    return Edit("Split person", change)


def paint(number: int, hint: Hint, area: Rect, where: NDArray[np.bool_]) -> Edit:
    """A stroke: one class for one person; ``where`` is bool (h, w) in the box ``area``. See :func:`hints.painted`."""

    def change(state: State, next_revision: NextRevision) -> State:
        planes = painted(state.instances, number, hint, area, where)
        people = []
        for one in state.instances:
            plane = planes.get(one.id)
            before = one.hints.at(area) if one.hints is not None else np.zeros(where.shape, np.uint8)
            if plane is None or np.array_equal(plane.at(area), before):
                people.append(one)
            else:
                people.append(replace(one, hints=plane, revision=next_revision()))
        changed = any(new is not old for new, old in zip(people, state.instances, strict=True))
        return replace(state, instances=tuple(people)) if changed else state

    return Edit("Erase" if hint is Hint.NONE else "Paint", change)


def reorder(numbers: Sequence[int]) -> Edit:
    """Puts the people into that order; the first is the uppermost layer."""

    def change(state: State, next_revision: NextRevision) -> State:
        if sorted(numbers) != sorted(state.ids()) or tuple(numbers) == state.ids():
            return state
        return replace(state, instances=tuple(state.person(number) for number in numbers))

    return Edit("Reorder people", change)


def look(number: int, text: str, **changes: Any) -> Edit:
    """Changes what does not touch pixels: ``name``, ``colour``, ``visible``, ``locked``."""
    if not changes.keys() <= {"name", "colour", "visible", "locked"}:
        raise ValueError(f"{sorted(changes)} is more than looks")

    def change(state: State, next_revision: NextRevision) -> State:
        person = state.person(number)
        if all(getattr(person, name) == value for name, value in changes.items()):
            return state
        changed = replace(person, **changes)
        return replace(state, instances=tuple(changed if one is person else one for one in state.instances))

    return Edit(text, change)


def set_refinement(refinement: Refinement) -> Edit:
    """Chooses how the people's alphas are made to agree."""

    def change(state: State, next_revision: NextRevision) -> State:
        refinement.checked_order(state.ids())
        return state if refinement == state.refinement else replace(state, refinement=refinement)

    return Edit("Refinement", change)


def _without(refinement: Refinement, gone: Iterable[int]) -> Refinement:
    return replace(refinement, order=tuple(number for number in refinement.order if number not in set(gone)))


def _left_of(start: tuple[float, float], end: tuple[float, float], box: Rect) -> NDArray[np.bool_]:
    """Which pixels of the box have their centre to the left of the line, seen from start to end: bool (h, w)."""
    y, x = np.ogrid[box.top : box.bottom, box.left : box.right]
    across = (end[0] - start[0]) * (y + 0.5 - start[1]) - (end[1] - start[1]) * (x + 0.5 - start[0])
    left: NDArray[np.bool_] = across < 0
    return left


def _box_of(mask: NDArray[np.uint8]) -> Rect:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
