"""Everybody's refinement: the one they share, or the one that a person has of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from instmatt_app.core.interfaces import MattingEngine, Scores, Step, Turn
from instmatt_app.core.photo import Photo
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import TriMatte


def refine_each(
    engine: MattingEngine,
    photo: Photo,
    trimasks: Mapping[int, TriMask],
    mattes: Mapping[int, TriMatte],
    refinements: Mapping[int, Refinement],
    scores: Scores,
    step: Step,
) -> dict[int, TriMatte]:
    """The tri-mattes after refinement, by person; ``mattes`` are those before it.

    ``refinements`` are everybody's in full (see :meth:`Refinement.resolved`); each is run once, over all people, and
    gives the tri-mattes of those who have it.
    """
    made: dict[Refinement, Mapping[int, TriMatte]] = {}
    for wish in dict.fromkeys(refinements.values()):
        if wish.strategy == "none" or not engine.refines:
            made[wish] = mattes
        elif wish.begun:
            # Only the last turn is kept: each holds the states of whom it renewed.
            made[wish] = deque(all_turns(engine, photo, trimasks, wish, step, scores), 1).pop().mattes
        else:
            made[wish] = engine.refine(photo, trimasks, wish, step, scores)
    # In the order of the engine's own mattes: sums of floats depend on it.
    return {number: made[refinements[number]][number] for number in mattes}


def all_turns(
    engine: MattingEngine,
    photo: Photo,
    trimasks: Mapping[int, TriMask],
    wish: Refinement,
    step: Step,
    scores: Scores,
    after: Turn | None = None,
) -> Iterator[Turn]:
    """All turns of a refinement, those it began with in another order included, unless it starts ``after`` them.

    See :meth:`core.interfaces.MattingEngine.turns`.
    """
    last, rest = after, replace(wish, begun=())
    for order, number in wish.begun if after is None else ():
        for turn in engine.turns(photo, trimasks, replace(rest, order=order), step, scores, last):
            if turn is not last:
                yield turn
            last = turn
            if turn.number >= number:
                break
    for turn in engine.turns(photo, trimasks, rest, step, scores, last):
        if turn is not last or after is not None:
            yield turn
        last = turn
