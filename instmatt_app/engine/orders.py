"""Every order of a cycle, tried from the same mattes; what two orders have in common is computed once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations

from instmatt_app.core.interfaces import MattingEngine, Scores, Step, Turn
from instmatt_app.core.photo import Photo
from instmatt_app.core.refinement import MOST_ORDERED, Refinement
from instmatt_app.core.trimask import TriMask


def every_order(
    engine: MattingEngine,
    photo: Photo,
    trimasks: Mapping[int, TriMask],
    people: Sequence[int],
    wish: Refinement,
    scores: Scores,
    step: Step,
) -> Iterator[tuple[tuple[int, ...], Turn]]:
    """Each order of these people with the last turn of a cycle in it; the order as given comes first.

    Whoever has no turn (a person found twice, say) stands at the end of every order. The passes of ``wish`` count. A
    run goes on from the last turn that an earlier order had in common with it. ``step`` is called within each run.

    Raises:
        OrderError: ``people`` names a person twice, or one who is not there.
        ValueError: they are more than MOST_ORDERED.
    """
    if len(people) > MOST_ORDERED:
        raise ValueError(f"all orders are tried of at most {MOST_ORDERED} people, not of {len(people)}")
    common: list[tuple[tuple[int, ...], Turn]] = []
    members = tuple(people)
    orders: Iterator[tuple[int, ...]] = iter((members,))
    begun = False
    while (order := next(orders, None)) is not None:
        while common and order[: len(common[-1][0])] != common[-1][0]:
            common.pop()
        full = (*order, *(one for one in people if one not in order))
        after = common[-1][1] if common else None
        path = common[-1][0] if common else ()
        last: Turn | None = None
        for last in engine.turns(photo, trimasks, replace(wish, strategy="cycle", order=full), step, scores, after):
            if last.person is not None and last.person not in path and last.number == len(path) + 1:
                path = (*path, last.person)
                # The last of the first pass, and all later turns, belong to one order alone.
                if len(path) < len(members):
                    common.append((path, last))
        assert last is not None
        if not begun:
            begun, members = True, path
            orders = iter(list(permutations(members))[1:])
            common = [one for one in common if len(one[0]) < len(members)]
            full = (*members, *(one for one in people if one not in members))
        yield full, last
