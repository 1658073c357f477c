"""The weights that come with the program: they are small, and they find the two people of the sample photo."""

import numpy as np
from photos import GroupPhoto

from instmatt_app import places
from instmatt_app.core.interfaces import silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.engine.recognisers.builtin import BuiltIn

WEIGHTS = places.models_folder() / "people.safetensors"


def test_they_are_small() -> None:
    assert WEIGHTS.stat().st_size <= 20e6


def test_they_find_two_portraits_and_nobody_in_noise(group: GroupPhoto) -> None:
    finder = BuiltIn(lambda step: WEIGHTS)
    found = finder.find(Photo(group.pixels), silent)
    assert len(found) == 2
    for box in group.boxes:
        asked = Rect.of_size(*box)
        assert any(_overlap(asked, one.box) > 0.6 for one in found)
    noise = np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8)
    assert finder.find(Photo(noise), silent) == []


def _overlap(a: Rect, b: Rect) -> float:
    common = a.intersect(b).area
    return common / (a.area + b.area - common)
