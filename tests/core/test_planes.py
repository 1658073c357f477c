"""Sparse planes behave like arrays, keep old states, and keep nothing that is empty."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instmatt_app.core.planes import TILE, TilePlane
from instmatt_app.core.rect import Rect

HEIGHT, WIDTH = 2 * TILE + 40, TILE + 17


@st.composite
def boxes(draw: st.DrawFn) -> Rect:
    left, top = draw(st.integers(0, WIDTH)), draw(st.integers(0, HEIGHT))
    return Rect(left, top, draw(st.integers(left, WIDTH)), draw(st.integers(top, HEIGHT)))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(boxes(), st.integers(0, 4)), max_size=6), boxes())
def test_a_plane_is_an_array_that_remembers_its_past(patches: list[tuple[Rect, int]], seen: Rect) -> None:
    plane = TilePlane(HEIGHT, WIDTH)
    array = np.zeros((HEIGHT, WIDTH), np.uint8)
    past = []
    for area, value in patches:
        past.append((plane, array.copy()))
        plane = plane.patched(area, np.full((area.height, area.width), value, np.uint8))
        array[area.slices] = value
    assert np.array_equal(plane.at(seen), array[seen.slices])
    for old, was in past:
        assert np.array_equal(old.full(), was)
    assert plane.is_empty == (not array.any())


def test_untouched_tiles_are_shared_and_empty_ones_let_go() -> None:
    plane = TilePlane.of(np.ones((HEIGHT, WIDTH), np.uint8))
    area = Rect(0, 0, 10, 10)
    changed = plane.patched(area, np.zeros((10, 10), np.uint8))
    assert sum(changed.tiles[place] is tile for place, tile in plane.tiles.items()) == len(plane.tiles) - 1
    whole = Rect(0, 0, WIDTH, HEIGHT)
    assert changed.patched(whole, np.zeros((HEIGHT, WIDTH), np.uint8)).nbytes == 0


def test_boxes_outside_and_patches_of_another_size_are_errors() -> None:
    plane = TilePlane(10, 10)
    with pytest.raises(ValueError, match="outside"):
        plane.at(Rect(5, 5, 11, 8))
    with pytest.raises(ValueError, match="fill"):
        plane.patched(Rect(0, 0, 2, 2), np.zeros((3, 2), np.uint8))
