"""The recogniser on the photos that it was never trained on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from instmatt_app.core.interfaces import silent
from instmatt_app.engine.network.people import People
from instmatt_app.engine.recognisers.builtin import SCORE, View, find_people, share_out
from instmatt_app.training.composition.coco import CocoPhoto
from instmatt_app.training.recogniser_scenes import Scenes
from instmatt_app.training.recogniser_scores import Tally, joined

# Findings below this score are not even counted.
LEAST_SCORE = 0.1
SEVERAL_TRUE, SEVERAL_PSEUDO = "several people, drawn masks", "several people, masks by models"
ONE, NOBODY = "one person", "nobody"


@dataclass
class Evaluation:
    """Tallies by kind of photo, the number of photos of each kind, and the seconds that finding took altogether."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    photos: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def several(self) -> Tally:
        """All photos of several people."""
        return joined([self.tallies[kind] for kind in (SEVERAL_TRUE, SEVERAL_PSEUDO) if kind in self.tallies])

    def all(self) -> Tally:
        """All photos."""
        return joined(list(self.tallies.values()))


def evaluate(network: People, scenes: Scenes, views: Sequence[View]) -> Evaluation:
    """Find everybody in the held-out photos whose people all have masks; the network is in evaluation mode after it."""
    network.eval()
    result = Evaluation()
    for photo in scenes.held_out():
        scene = scenes.view(photo, max(view.side for view in views))
        began = time.perf_counter()
        people = find_people(network, scene.photo[: scene.rows, : scene.columns], LEAST_SCORE, views, silent)
        result.seconds += time.perf_counter() - began
        painted = [person.painted(scene.rows, scene.columns) for person in people]
        # As the recogniser does: those below its score must not take pixels from those above.
        share_out([one for one, person in zip(painted, people, strict=True) if person.score >= SCORE])
        found = []
        for person, (shares, where) in zip(people, painted, strict=True):
            mask = np.zeros(scene.ignore.shape, bool)
            mask[where.slices] = shares > 127
            found.append((mask, person.score))
        kind = _kind(photo)
        result.tallies.setdefault(kind, Tally()).add(scene, found)
        result.photos[kind] = result.photos.get(kind, 0) + 1
    return result


def _kind(photo: CocoPhoto) -> str:
    if len(photo.annotations) > 1:
        return SEVERAL_PSEUDO if photo.pseudo else SEVERAL_TRUE
    return ONE if photo.annotations else NOBODY
