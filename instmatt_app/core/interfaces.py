"""What the rings ask of each other: recognisers, engines, and the one argument for progress and cancelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import TriMatte

Step = Callable[[int, int, str], None]
"""``step(done, total, what)``: called between units of work; raises :class:`Cancelled` if nobody wants the result."""


Scores = Mapping[int, float | None]
"""The recogniser's scores by person, 0..1; None for a person whom somebody pointed at."""


class Cancelled(Exception):
    """Nobody wants the result any more."""


class NotReady(RuntimeError):
    """A recogniser, an engine or a model that is not there; the message says what to do instead."""


def silent(done: int, total: int, what: str) -> None:
    """A step that reports to nobody and never cancels."""


@dataclass(frozen=True, eq=False)
class Detection:
    """One person that a recogniser found.

    ``mask`` is a plane of photo size, 0..255 (:meth:`TilePlane.of` makes one of an array); ``score`` is 0..1, or None
    for a person whom somebody pointed at; ``box`` is in photo pixels. Raises TypeError for a mask that is an array.
    """

    mask: TilePlane
    score: float | None
    box: Rect

    def __post_init__(self) -> None:
        if not isinstance(self.mask, TilePlane):
            raise TypeError(
                f"the mask of a detection is a TilePlane, not {type(self.mask).__name__}; TilePlane.of makes one of an "
                "array of uint8 (H, W)"
            )


@dataclass(frozen=True, eq=False)
class Turn:
    """Everybody's tri-mattes after so many turns of a refinement; number 0 is the start, before the first turn.

    In parallel refinement a turn is a pass over everybody, in cycle refinement it is one person's, and ``person`` is
    that person's id (None for the start and for a pass). ``mattes`` is what :meth:`MattingEngine.refine` would give if
    it stopped here; people whom the turn did not change have the very arrays of the turn before. ``state`` is the
    engine's own: what it needs to go on from here.
    """

    number: int
    person: int | None
    mattes: Mapping[int, TriMatte]
    state: object = None


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

    @property
    def precision(self) -> str:
        """How it rounds inside convolutions; a part of every key, empty for float32."""

    @property
    def notes(self) -> Sequence[str]:
        """Sentences about what it had to decide on the way, such as to go on on the CPU."""

    @property
    def refines(self) -> bool:
        """Whether it has a multi-instance refinement; without one, refining gives the mattes before refinement."""

    def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
        """Tri-mattes before refinement, one per person, at the size of the tri-masks; not to be written to."""

    def refine(
        self,
        photo: Photo,
        trimasks: Mapping[int, TriMask],
        refinement: Refinement,
        step: Step,
        scores: Scores | None = None,
    ) -> dict[int, TriMatte]:
        """Tri-mattes after multi-instance refinement: those of the last of :meth:`turns`.

        What :meth:`matte` found out about the same people is kept for this, as a cache: without it the answer is the
        same. ``scores`` are the recogniser's, by person; see :meth:`turns`.

        Raises:
            OrderError: the order of "cycle" names a person twice, or one who is not there.
        """

    def turns(
        self,
        photo: Photo,
        trimasks: Mapping[int, TriMask],
        refinement: Refinement,
        step: Step,
        scores: Scores | None = None,
        after: Turn | None = None,
    ) -> Iterator[Turn]:
        """The refinement turn by turn: the start first, then the state after each turn as soon as it is computed.

        ``after`` is a turn given out before for the same photo, people and strategy: the run then starts there, as if
        its turns had been made in the order that ``refinement`` has now, and it is yielded first. Turns that would
        renew nobody, because that person no longer moves, are left out, so that numbers may skip. Two people who look
        the same are one person found twice, of whom only the one with the higher score takes part (then the one with
        more area); a person without a score was pointed at by hand and counts as certain.

        Raises:
            OrderError: the order of "cycle" names a person twice, or one who is not there.
        """
