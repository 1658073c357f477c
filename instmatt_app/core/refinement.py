"""Refinement: how the people's tri-mattes are made to agree — a wish that is saved, undone and replayed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from instmatt_app.core.rect import Rect

# People of whom all orders are tried: five would have 120.
MOST_ORDERED = 4

Strategy = Literal["none", "parallel", "cycle"]


class OrderError(ValueError):
    """An order that names a person twice, or one who is not there; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Refinement:
    """Which strategy, in which order and how often.

    ``order`` holds instance ids and matters to "cycle" only; empty means the order of the people's list; people who
    are left out are held fixed. ``passes`` is the
    most passes that are made over all people (the published code makes at most two).
    ``begun`` says that a cycle did not begin in this order: for each (order, number) in turn the run was made in that
    order up to turn ``number``, and what is left is made in ``order``.
    ``window`` is a box in photo pixels: nothing outside it is changed; None: the whole photo.
    """

    strategy: Strategy = "parallel"
    order: tuple[int, ...] = ()
    passes: int = 2
    begun: tuple[tuple[tuple[int, ...], int], ...] = ()
    window: Rect | None = None

    def checked_order(self, people: Collection[int]) -> tuple[int, ...]:
        """The order to use for these people.

        Raises:
            OrderError: the order names a person twice, or one who is not there.
        """
        if not self.order:
            return tuple(people)
        for person in self.order:
            if self.order.count(person) > 1:
                raise OrderError(f"The order names person {person} twice; name each person at most once.")
            if person not in people:
                names = ", ".join(str(one) for one in people)
                raise OrderError(f"The order names person {person}, who is not there; the people are {names}.")
        return self.order

    def resolved(self, people: Collection[int]) -> Refinement:
        """The same wish in full for these people, in list order: two that give the same pixels are equal.

        Raises:
            OrderError: as :meth:`checked_order`.
        """
        order = self.checked_order(people)
        if self.strategy == "none":
            return Refinement("none", (), 0)
        if self.strategy == "parallel":
            return Refinement("parallel", (), self.passes, window=self.window)
        for earlier, _ in self.begun:
            Refinement("cycle", earlier).checked_order(people)
        return Refinement("cycle", order, self.passes, self.begun, self.window)

    def after_loss(self, people: Collection[int]) -> Refinement:
        """The same wish where only these people are left for good; a run in which others had turns begins anew."""
        order = tuple(number for number in self.order if number in people)
        whole = all(number in people for used, _ in self.begun for number in used)
        return replace(self, order=order, begun=self.begun if whole else ())

    def after_arrival(self, people: Collection[int]) -> Refinement:
        """The same wish where these people have come: last in an order that names people; a run begins anew."""
        return replace(self, order=(*self.order, *people), begun=()) if self.order else self

    def again_from(self, number: int, order: tuple[int, ...], people: Collection[int]) -> Refinement:
        """This cycle as far as turn ``number``, and from there on in another order."""
        begun = [one for one in self.begun if one[1] < number]
        earlier = next((used for used, last in self.begun if last >= number), self.checked_order(people))
        begun = [*begun, (earlier, number)] if number else []
        return replace(self, strategy="cycle", order=order, begun=tuple(begun))

    def within(self, area: Rect) -> Refinement:
        """The same wish for a part of the photo, whose upper left corner becomes (0, 0)."""
        if self.window is None or self.strategy == "none":
            return self
        common = self.window.intersect(area)
        return Refinement("none", (), 0) if common.is_empty else replace(self, window=common.within(area))

    def among(self, people: Collection[int]) -> Refinement:
        """The same wish, in full (see :meth:`resolved`), where only some of its people are there.

        The others' turns are left out. A cycle of which nobody is there renews nobody.
        """
        if self.strategy != "cycle":
            return self
        order = _of(self.order, people)
        begun = []
        for earlier, last in self.begun:
            there = _of(earlier, people)
            rounds, rest = divmod(last, len(earlier))
            number = rounds * len(there) + len(_of(earlier[:rest], people))
            if number:
                begun.append((there, number))
        return replace(self, order=order, begun=tuple(begun)) if order else Refinement("none", (), 0)


def _of(order: Sequence[int], people: Collection[int]) -> tuple[int, ...]:
    return tuple(person for person in order if person in people)
