"""What the rings ask of each other: recognisers, engines, and the one argument for progress and cancelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import TriMatte

Step = Callable[[int, int, str], None]
"""``step(done, total, what)``: called between units of work; raises :class:`Cancelled` if nobody wants the result."""


class Cancelled(Exception):
    """Nobody wants the result any more."""


def silent(done: int, total: int, what: str) -> None:
    """A step that reports to nobody and never cancels."""


@dataclass(frozen=True, eq=False)
class Detection:
    """One person that a recogniser found.

    ``mask`` is uint8 (H, W), 0..255, at photo size; ``score`` is 0..1, or None for a person whom somebody pointed at;
    ``box`` is in photo pixels.
    """

    mask: NDArray[np.uint8]
    score: float | None
    box: Rect


class Recogniser(Protocol):
    """Finds the people in a photo."""

    @property
    def name(self) -> str:
        """Goes into reports and saved projects."""

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        """The people, the largest first (prompted ones as they were asked for); empty if nobody is there."""


class MattingEngine(Protocol):
    """Turns guidance into tri-mattes, all people together, because the guidance is mutual."""

    @property
    def name(self) -> str:
        """Part of every key: network, weights, working size."""

    @property
    def device(self) -> str:
        """Where it computes, as PyTorch names it: cpu, cuda:0, mps."""

    def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
        """Tri-mattes before refinement, one per person, at the size of the tri-masks."""

    def refine(
        self, photo: Photo, mattes: Mapping[int, TriMatte], refinement: Refinement, step: Step
    ) -> dict[int, TriMatte]:
        """Tri-mattes after multi-instance refinement; an engine without one returns what it was given."""
