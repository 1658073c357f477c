"""How well people are found: precision and recall at an intersection over union of one half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from instmatt_app.training.recogniser_scenes import Scene

Mask = NDArray[np.bool_]

# A person of at least this share of the photo matters.
MATTERS = 0.02
HIT = 0.5


@dataclass
class Tally:
    """Everybody found and missed in some photos: each finding's score and whether it is a person who matters."""

    people: int = 0  # who matter
    scores: list[float] = field(default_factory=list)
    hits: list[bool] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)  # intersection over union of the hits

    def add(self, scene: Scene, found: Sequence[tuple[Mask, float]]) -> None:
        """Count a photo's findings, masks of the scene's size with scores.

        A finding counts neither way if it is smaller than what matters, if it is a person who does not matter, or if
        half of it lies where nothing is known.
        """
        pixels = scene.rows * scene.columns
        truths = [figure.mask > 0 for figure in scene.figures if figure.mask is not None]
        unknown = scene.ignore > 0
        for figure in scene.figures:
            if figure.mask is None:
                left, top, right, bottom = np.rint(figure.box).astype(int)
                unknown[top:bottom, left:right] = True
        matters = [float(truth.sum()) >= MATTERS * pixels for truth in truths]
        self.people += sum(matters)
        free = set(range(len(truths)))
        for mask, score in sorted(found, key=lambda one: -one[1]):
            shared = {number: overlap(mask, truths[number]) for number in free}
            # Whoever matters comes first: a small person beside must not take the finding away.
            best = max(
                shared, key=lambda number: (matters[number] and shared[number] >= HIT, shared[number]), default=-1
            )
            if best >= 0 and shared[best] >= HIT:
                free.discard(best)
                if matters[best]:
                    self._count(score, True)
                    self.overlaps.append(shared[best])
            elif mask.sum() >= MATTERS * pixels and (mask & unknown).sum() < 0.5 * mask.sum():
                self._count(score, False)

    def _count(self, score: float, hit: bool) -> None:
        self.scores.append(score)
        self.hits.append(hit)

    def at(self, least: float) -> tuple[float, float]:
        """Recall and precision of the findings with at least this score; precision is 1 if there are none."""
        hits = [hit for hit, score in zip(self.hits, self.scores, strict=True) if score >= least]
        return sum(hits) / max(self.people, 1), sum(hits) / len(hits) if hits else 1.0

    def average_precision(self) -> float:
        """The area under precision over recall, precision made monotonous as in COCO's evaluation."""
        order = np.argsort(-np.array(self.scores), kind="stable")
        hits = np.array(self.hits, bool)[order]
        if not hits.any():
            return 0.0
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
        return float(best_from_here[hits].sum() / max(self.people, 1))

    def best(self) -> tuple[float, float, float]:
        """The score with the highest F1, and recall and precision there."""
        candidates = [(score, *self.at(score)) for score in sorted(set(self.scores))] or [(1.0, 0.0, 1.0)]
        return max(candidates, key=lambda one: 2 * one[1] * one[2] / max(one[1] + one[2], 1e-9))


def overlap(a: Mask, b: Mask) -> float:
    """Intersection over union."""
    union = float((a | b).sum())
    return float((a & b).sum()) / union if union else 0.0


def joined(tallies: Sequence[Tally]) -> Tally:
    """All of them as one."""
    return Tally(
        sum(tally.people for tally in tallies),
        [score for tally in tallies for score in tally.scores],
        [hit for tally in tallies for hit in tally.hits],
        [share for tally in tallies for share in tally.overlaps],
    )
