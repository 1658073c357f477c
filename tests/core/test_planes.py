"""Sparse planes behave like arrays, keep old states, and keep nothing that is empty or the same everywhere."""

import tracemalloc
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from instmatt_app.core.planes import TILE, TilePlane, combined, differing
from instmatt_app.core.rect import Rect

HEIGHT, WIDTH = 2 * TILE + 40, TILE + 17
Patches = list[tuple[Rect, list[int]]]


@st.composite
def boxes(draw: st.DrawFn) -> Rect:
    left, top = draw(st.integers(0, WIDTH)), draw(st.integers(0, HEIGHT))
    return Rect(left, top, draw(st.integers(left, WIDTH)), draw(st.integers(top, HEIGHT)))


# One number fills a box; of several every pixel has its own, in turn.
patches = st.lists(st.tuples(boxes(), st.lists(st.integers(0, 255), min_size=1, max_size=4)), max_size=5)
sizes = st.tuples(st.integers(1, HEIGHT + 90), st.integers(1, WIDTH + 90))


def patch_of(area: Rect, numbers: list[int]) -> np.ndarray:
    return np.resize(np.array(numbers, np.uint8), (area.height, area.width))


def drawn(what: Patches) -> tuple[TilePlane, np.ndarray]:
    """The same as a plane and as an array."""
    plane, array = TilePlane(HEIGHT, WIDTH), np.zeros((HEIGHT, WIDTH), np.uint8)
    for area, numbers in what:
        plane = plane.patched(area, patch_of(area, numbers))
        array[area.slices] = patch_of(area, numbers)
    return plane, array


def box_of(where: np.ndarray) -> Rect:
    y, x = np.nonzero(where)
    return Rect(int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1) if y.size else Rect(0, 0, 0, 0)


@settings(deadline=None, max_examples=40)
@given(patches, boxes())
def test_a_plane_is_an_array_that_remembers_its_past(what: Patches, seen: Rect) -> None:
    plane, array = TilePlane(HEIGHT, WIDTH), np.zeros((HEIGHT, WIDTH), np.uint8)
    past = []
    for area, numbers in what:
        past.append((plane, array.copy()))
        plane = plane.patched(area, patch_of(area, numbers))
        array[area.slices] = patch_of(area, numbers)
    assert np.array_equal(plane.at(seen), array[seen.slices])
    for old, was in past:
        assert np.array_equal(old.full(), was)
    assert plane.is_empty == (not array.any())


@settings(deadline=None, max_examples=60)
@given(patches, boxes(), sizes, st.integers(1, 300), st.integers(1, 255))
def test_whatever_is_asked_the_answer_is_the_arrays(
    what: Patches, seen: Rect, size: tuple[int, int], step: int, least: int
) -> None:
    plane, array = drawn(what)
    made = TilePlane.of(array)
    assert np.array_equal(made.full(), array)
    assert made.nbytes == plane.nbytes
    assert np.array_equal(plane.at(seen, step), array[seen.slices][::step, ::step])
    height, width = size
    small = cv2.resize(array, (width, height), interpolation=cv2.INTER_NEAREST)
    window = Rect(width // 3, height // 4, width, height // 2)
    assert np.array_equal(plane.reduced(height, width), small)
    assert np.array_equal(plane.reduced(height, width, window), small[window.slices])
    assert plane.count(least) == np.count_nonzero(array >= least)
    assert plane.levels() == np.unique(array).tolist()
    assert plane.box == box_of(array > 0)
    assert plane.shape == array.shape


@settings(deadline=None, max_examples=40)
@given(patches, patches, st.integers(0, 255))
def test_planes_together_and_changed_are_what_their_arrays_would_be(
    first: Patches, second: Patches, number: int
) -> None:
    (one, array), (other, beside) = drawn(first), drawn([*first, *second])
    assert differing(one, other) == box_of(array != beside)
    assert differing(None, other) == box_of(beside > 0)
    assert np.array_equal(combined([one, other], np.maximum.reduce).full(), np.maximum(array, beside))
    table = (np.arange(256) * 7 + number).astype(np.uint8)
    assert np.array_equal(one.translated(table).full(), table[array])
    rows = one.mapped(lambda box, numbers: numbers * (np.arange(box.top, box.bottom)[:, None] % 3 == 1))
    assert np.array_equal(rows.full(), array * (np.arange(HEIGHT)[:, None] % 3 == 1))


def test_untouched_tiles_are_shared_and_empty_ones_let_go() -> None:
    array = np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) % 7 + 1
    plane = TilePlane.of(array.astype(np.uint8))
    area = Rect(0, 0, 10, 10)
    changed = plane.patched(area, np.zeros((10, 10), np.uint8))
    assert sum(changed.tiles[place] is tile for place, tile in plane.tiles.items()) == len(plane.tiles) - 1
    whole = Rect(0, 0, WIDTH, HEIGHT)
    assert changed.patched(whole, np.zeros((HEIGHT, WIDTH), np.uint8)).is_empty


@pytest.mark.parametrize("array", [np.ones((2, 3), bool), np.ones((2, 3), np.float32), np.ones((2, 3, 1), np.uint8)])
def test_a_plane_is_made_of_small_numbers_alone(array: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="a plane is made of uint8"):
        TilePlane.of(array)


def test_a_tile_takes_what_it_needs() -> None:
    array = np.zeros((TILE, 4 * TILE), np.uint8)
    array[:, TILE : 2 * TILE] = 200
    array[:, 2 * TILE : 3 * TILE] = np.tile(np.array([3, 250], np.uint8), TILE // 2)
    array[:, 3 * TILE :] = np.arange(TILE, dtype=np.uint8)
    plane = TilePlane.of(array)
    sizes = {column: tile.nbytes for (_, column), tile in plane.tiles.items()}
    assert sizes == {1: 0, 2: TILE * TILE // 8, 3: TILE * TILE}
    assert plane.nbytes == sum(sizes.values())
    array[:] = 0
    assert plane.full()[:, 3 * TILE :].max() == 255, "it keeps nothing of the array"


def ellipse(height: int, width: int, box: Rect) -> TilePlane:
    """A mask that fills a box as an ellipse does, made without any plane of the photo's size."""
    mask = TilePlane(height, width)
    for top in range(box.top, box.bottom, TILE):
        strip = Rect(box.left, top, box.right, min(top + TILE, box.bottom))
        numbers = np.zeros((strip.height, strip.width), np.uint8)
        middle, axes = (box.width // 2, box.height // 2 + box.top - top), (box.width // 2, box.height // 2)
        cv2.ellipse(numbers, middle, axes, 0, 0, 360, 255, cv2.FILLED)
        mask = mask.patched(strip, numbers)
    return mask


def test_eight_people_in_100_megapixels_take_a_few_megabytes() -> None:
    height, width, count = 8165, 12248, 8
    boxes = [Rect.of_size(n * width // count + 40, 300, width // count - 80, 7400) for n in range(count)]
    tracemalloc.start()
    masks = [ellipse(height, width, box) for box in boxes]
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    areas = [mask.count() / (np.pi / 4 * box.area) for mask, box in zip(masks, boxes, strict=True)]
    assert areas == pytest.approx([1] * count, rel=5e-3)
    assert sum(mask.nbytes for mask in masks) < 5e6
    assert held < 6e6, "with everything that belongs to them"


def test_boxes_outside_and_patches_of_another_size_are_errors() -> None:
    plane = TilePlane(10, 10)
    with pytest.raises(ValueError, match="outside"):
        plane.at(Rect(5, 5, 11, 8))
    with pytest.raises(ValueError, match="outside"):
        plane.at(Rect(5, 5, 11, 8), 2)
    with pytest.raises(ValueError, match="fill"):
        plane.patched(Rect(0, 0, 2, 2), np.zeros((3, 2), np.uint8))
