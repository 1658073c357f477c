"""Edits: every change a person can make to a project.

An edit is a function from one state of the decisions to the next. States are never changed: people and planes that an
edit leaves alone are shared by the state before and after, so undo is going back to the state that was, pixels,
revisions and all, and keeps only what the edit made new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.edges import Edge
from instmatt_app.core.hints import Hint, open_for, painted
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Detection
from instmatt_app.core.pins import pinned
from instmatt_app.core.planes import Tile, TilePlane, combined
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

    def next_id(self) -> int:
        """What the next person who comes is called by."""
        return max(self.ids(), default=0) + 1


def added_bytes(before: State, after: State) -> int:
    """What the planes take that are in the second state and not in the first."""
    old = {id(tile) for tile in _tiles(before)}
    return sum(tile.nbytes for tile in _tiles(after) if id(tile) not in old)


def _tiles(state: State) -> Iterator[Tile]:
    for one in state.instances:
        for plane in (one.mask, one.hints, one.pins):
            if plane is not None:
                yield from plane.tiles.values()


@dataclass(frozen=True)
class Edit:
    """One step of the history: ``text`` names it, ``change(state, next_revision)`` gives the new state.

    A change that changes nothing gives the very state it was given. Edits that follow each other with the same
    ``series`` — the ticks of one slider — are one step.
    """

    text: str
    change: Callable[[State, NextRevision], State]
    series: str = ""


def colour_of(number: int) -> tuple[int, int, int]:
    """The RGB colour of a person with that id, until somebody chooses another one."""
    return COLOURS[(number - 1) % len(COLOURS)]


def add_people(found: Sequence[Detection]) -> Edit:
    """Puts the people that a recogniser found, or somebody pointed at, at the end of the list, and of a named order."""

    def change(state: State, next_revision: NextRevision) -> State:
        people = list(state.instances)
        for number, one in enumerate(found, state.next_id()):
            colour = colour_of(number)
            person = Instance(number, f"Person {number}", one.mask, one.box, score=one.score, colour=colour)
            people.append(replace(person, revision=next_revision()))
        return _with(people, state)

    return Edit("Add person" if len(found) == 1 else "Add people", change)


def import_people(found: Sequence[tuple[str, TilePlane, TilePlane | None]]) -> Edit:
    """Puts people from files at the end of the list: name, mask, not empty, and strokes or None each."""

    def change(state: State, next_revision: NextRevision) -> State:
        people = list(state.instances)
        for number, (name, mask, hints) in enumerate(found, state.next_id()):
            colour = colour_of(number)
            person = Instance(number, name, mask, mask.box, hints, revision=next_revision(), colour=colour)
            people.append(person)
        return _with(people, state)

    return Edit("Import person" if len(found) == 1 else "Import people", change)


def remove_people(numbers: Collection[int]) -> Edit:
    """Takes people out of the list, and out of the order of the cycle."""

    def change(state: State, next_revision: NextRevision) -> State:
        gone = set(numbers) & set(state.ids())
        if not gone:
            return state
        return _without(state.instances, state.refinement, gone)

    return Edit("Delete person" if len(numbers) == 1 else "Delete people", change)


def merge_people(numbers: Sequence[int]) -> Edit:
    """Makes one person of several: masks and strokes together, under the name of the first in the list."""

    def change(state: State, next_revision: NextRevision) -> State:
        parts = [one for one in state.instances if one.id in numbers]
        if len(parts) < 2 or any(part.locked for part in parts):
            return state
        first, *rest = parts
        mask = combined([part.mask for part in parts], np.maximum.reduce)
        box, hints, pins = first.box, first.hints, first.pins
        for part in rest:
            box = box.union(part.box)
            # "Another person" was said about the others, who are now the same one.
            hints = _together(hints, part.hints, but=Hint.ANOTHER_PERSON)
            pins = _together(pins, part.pins)
        merged = replace(first, mask=mask, box=box, hints=hints, pins=pins, revision=next_revision())
        if pins is not None:
            merged = replace(merged, pin_revision=next_revision())
        kept = [merged if one is first else one for one in state.instances]
        return _without(kept, state.refinement, {part.id for part in rest})

    return Edit("Merge people", change)


def split_person(number: int, start: tuple[float, float], end: tuple[float, float]) -> Edit:
    """Makes two people of one: what lies left of the line from start to end, and what lies right; points are (x, y)."""

    def change(state: State, next_revision: NextRevision) -> State:
        person = state.person(number)
        left = person.mask.mapped(lambda box, mask: mask * _left_of(start, end, box))
        right = person.mask.mapped(lambda box, mask: mask * ~_left_of(start, end, box))
        if person.locked or left.is_empty or right.is_empty:
            return state
        new = state.next_id()
        first = replace(
            person, mask=left, box=left.box, hints=None, pins=None, pin_revision=0, revision=next_revision(),
        )  # fmt: skip
        second = replace(
            first, id=new, name=f"Person {new}", mask=right, box=right.box,
            colour=colour_of(new), revision=next_revision(),
        )  # fmt: skip
        people: list[Instance] = []
        for one in state.instances:
            people += [first, second] if one is person else [one]
        return _with(people, state)

    return Edit("Split person", change)


def paint(
    number: int,
    hint: Hint,
    area: Rect,
    where: NDArray[np.bool_],
    *,
    pin: bool = False,
    rim: NDArray[np.bool_] | None = None,
) -> Edit:
    """A stroke: one class for one person; ``where`` is bool (h, w) in the box ``area``.

    See :func:`hints.painted`, and :func:`pins.pinned` for ``pin``. ``rim``, of the same shape, is a soft brush's edge:
    left to the network where this person has no hint yet.
    """

    def change(state: State, next_revision: NextRevision) -> State:
        people = state.instances
        if rim is not None:
            own = state.person(number).hints
            free = rim & ~where if own is None else rim & ~where & (own.at(area) == Hint.NONE)
            if free.any():
                people = _stroke(people, number, Hint.UNDECIDED, area, free, False, next_revision)
        people = _stroke(people, number, hint, area, where, pin, next_revision)
        changed = any(new is not old for new, old in zip(people, state.instances, strict=True))
        return replace(state, instances=people) if changed else state

    return Edit("Erase" if hint is Hint.NONE else "Pin" if pin else "Paint", change)


def _stroke(
    people: tuple[Instance, ...], number: int, hint: Hint, area: Rect, where: NDArray[np.bool_], pin: bool,
    next_revision: NextRevision,
) -> tuple[Instance, ...]:  # fmt: skip
    """The people after a stroke; who is not touched by it is the very same object."""
    hints = painted(people, number, hint, area, where)
    pins = pinned(people, number, hint, pin, area, where)
    new = []
    for one in people:
        plane = hints.get(one.id)
        before = one.hints.at(area) if one.hints is not None else np.zeros(where.shape, np.uint8)
        if plane is not None and not np.array_equal(plane.at(area), before):
            one = replace(one, hints=plane, revision=next_revision())
        if one.id in pins:
            one = replace(one, pins=pins[one.id], pin_revision=next_revision())
        new.append(one)
    return tuple(new)


def edit_mask(number: int, area: Rect, mask: NDArray[np.uint8], where: NDArray[np.bool_]) -> Edit:
    """Other pixels in one person's mask: ``mask`` is uint8 (h, w), 0..255, in the box ``area``, written ``where``.

    What it says counts: the person's own strokes there are taken back, and what it adds erases others' strokes as a
    stroke for this person would (:func:`hints.painted`); it adds nothing where a locked person is. Nothing is changed
    for a locked person, or if nothing would be left of the mask.
    """

    def change(state: State, next_revision: NextRevision) -> State:
        person = state.person(number)
        before = person.mask.at(area)
        adds = where & (mask > before)
        refused = adds & ~open_for(state.instances, number, Hint.THIS_PERSON, area, adds)
        new = np.where(where & ~refused, mask, before)
        edited = person.mask.patched(area, new)
        if person.locked or edited.is_empty:
            return state
        people = _stroke(state.instances, number, Hint.THIS_PERSON, area, adds & (mask >= 128), False, next_revision)
        people = _stroke(people, number, Hint.NONE, area, where & ~refused, False, next_revision)
        if np.array_equal(new, before) and all(one is old for one, old in zip(people, state.instances, strict=True)):
            return state
        hints = next(one.hints for one in people if one.id == number)
        person = replace(person, mask=edited, box=edited.box, hints=hints, revision=next_revision())
        return replace(state, instances=tuple(person if one.id == number else one for one in people))

    return Edit("Quick mask", change)


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


def show_only(number: int) -> Edit:
    """Shows this person alone; everybody again, if it was so already."""

    def change(state: State, next_revision: NextRevision) -> State:
        alone = all(one.visible == (one.id == number) for one in state.instances)
        people = tuple(
            one if one.visible == (alone or one.id == number) else replace(one, visible=not one.visible)
            for one in state.instances
        )
        changed = any(new is not old for new, old in zip(people, state.instances, strict=True))
        return replace(state, instances=people) if changed else state

    return Edit("Solo", change)


def set_refinement(refinement: Refinement, series: str = "") -> Edit:
    """Chooses how the people's alphas are made to agree."""

    def change(state: State, next_revision: NextRevision) -> State:
        refinement.checked_order(state.ids())
        return state if refinement == state.refinement else replace(state, refinement=refinement)

    return Edit("Refinement", change, series)


def refine_inside(window: Rect | None) -> Edit:
    """Refines everybody only inside a box of photo pixels; None: in the whole photo. An empty box changes nothing."""

    def change(state: State, next_revision: NextRevision) -> State:
        own = [one.refinement for one in state.instances if one.refinement is not None]
        if (window is not None and window.is_empty) or all(wish.window == window for wish in (state.refinement, *own)):
            return state
        people = tuple(
            one if one.refinement is None else replace(one, refinement=replace(one.refinement, window=window))
            for one in state.instances
        )
        return replace(state, instances=people, refinement=replace(state.refinement, window=window))

    return Edit("Refine everywhere" if window is None else "Refine only inside", change)


def keep_refinement(numbers: Collection[int], refinement: Refinement | None) -> Edit:
    """Keeps a refinement for these people alone; None: what is chosen for everybody."""

    def change(state: State, next_revision: NextRevision) -> State:
        if refinement is not None:
            refinement.checked_order(state.ids())
        people = tuple(
            replace(one, refinement=refinement) if one.id in numbers and one.refinement != refinement else one
            for one in state.instances
        )
        changed = any(new is not old for new, old in zip(people, state.instances, strict=True))
        return replace(state, instances=people) if changed else state

    return Edit("Refinement of a person" if len(numbers) == 1 else "Refinement of people", change)


def set_edge(numbers: Collection[int], changes: Mapping[str, float], series: str = "") -> Edit:
    """Changes these edge settings of these people, but of nobody who is locked; their other settings stay.

    Raises EdgeError for a value that is out of its range.
    """
    replace(Edge(), **changes)

    def change(state: State, next_revision: NextRevision) -> State:
        people = []
        for one in state.instances:
            edge = replace(one.edge, **changes) if one.id in numbers and not one.locked else one.edge
            people.append(one if edge == one.edge else replace(one, edge=edge))
        changed = any(new is not old for new, old in zip(people, state.instances, strict=True))
        return replace(state, instances=tuple(people)) if changed else state

    return Edit("Edge", change, series)


def _with(people: Sequence[Instance], before: State) -> State:
    """The state with people of whom some have come; in a cycle whose order names people they take part, too."""
    new = [one.id for one in people if one.id not in before.ids()]
    return State(tuple(people), before.refinement.after_arrival(new)) if new else before


def _without(people: Iterable[Instance], refinement: Refinement, gone: Collection[int]) -> State:
    """The state of those who stay, with nobody in an order who is gone."""

    kept = [one for one in people if one.id not in gone]
    ids = [one.id for one in kept]
    own = [one if one.refinement is None else replace(one, refinement=one.refinement.after_loss(ids)) for one in kept]
    return State(tuple(own), refinement.after_loss(ids))


def _together(first: TilePlane | None, second: TilePlane | None, but: int = 0) -> TilePlane | None:
    """Two planes in one, the first on top; ``but`` is a class that is left out of both."""
    if second is None:
        return first

    def how(numbers: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
        upper, lower = (np.where(part == but, np.uint8(0), part) for part in numbers)
        return np.where(upper == 0, lower, upper)

    return combined([first or TilePlane(*second.shape), second], how)


def _left_of(start: tuple[float, float], end: tuple[float, float], box: Rect) -> NDArray[np.bool_]:
    """Which pixels of the box have their centre to the left of the line, seen from start to end: bool (h, w)."""
    y, x = np.ogrid[box.top : box.bottom, box.left : box.right]
    across = (end[0] - start[0]) * (y + 0.5 - start[1]) - (end[1] - start[1]) * (x + 0.5 - start[0])
    left: NDArray[np.bool_] = across < 0
    return left
