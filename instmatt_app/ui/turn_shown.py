"""TurnShown: the mattes after one turn of a refinement, as far as they are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instmatt_app.api import Result
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Turn


@dataclass(frozen=True, eq=False)
class TurnShown:
    """The mattes after a turn, as far as they are looked at.

    ``number`` and ``person`` as in :class:`instmatt_app.core.interfaces.Turn`; ``planes`` are uint8 (h, w) by place in
    ``people``, and the very planes of the turn before where nothing changed; ``changes`` float32 (h, w) is the largest
    change of an alpha in the turn; ``error`` the mean |1 − Σ α| after it.
    """

    number: int
    person: int | None
    people: Sequence[Instance]
    planes: Sequence[NDArray[np.uint8]]
    changes: NDArray[np.float32]
    error: float
    conflicts: NDArray[np.float32] | None = None


def turn_shown(turn: Turn, result: Result, before: TurnShown | None) -> TurnShown:
    """A turn as it is looked at, after the one before it; takes an eighth of what the result does."""
    planes: list[NDArray[np.uint8]] = []
    changes = np.zeros(result.alphas.shape[1:], np.float32)
    for place, alpha in enumerate(result.alphas[:-1]):
        levels = np.rint(alpha * 255).astype(np.uint8)
        if before is not None:
            old = before.planes[place]
            if np.array_equal(levels, old):
                levels = old
            else:
                np.maximum(changes, np.abs(alpha - old.astype(np.float32) / 255), out=changes)
        planes.append(levels)
    # Half a level is what rounding alone can make.
    changes[changes < 1 / 255] = 0
    return TurnShown(turn.number, turn.person, result.people, planes, changes, result.error["after refinement"])
