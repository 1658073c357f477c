"""One test per row of the tri-mask table, and what must hold for every mixture of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from instmatt_app.core.hints import Hint
from instmatt_app.core.instance import Instance
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimask import published_trimasks, trimasks, trimasks_of


def one(value: float) -> NDArray[np.float32]:
    return np.full((1, 1), value, np.float32)


def painted(value: int) -> NDArray[np.uint8]:
    return np.full((1, 1), value, np.uint8)


def pixel(masks: list[float], hints: list[int], person: int) -> list[float]:
    made = trimasks([one(mask) for mask in masks], [painted(hint) for hint in hints])
    return [round(float(value), 5) for value in made[person][:, 0, 0]]


def test_without_hint_the_masks_decide() -> None:
    assert pixel([0.6, 0.3, 0.0], [0, 0, 0], 0) == [0.6, 0.3, 0.1]
    assert pixel([0.6, 0.3, 0.0], [0, 0, 0], 2) == [0.0, 0.9, 0.1]


def test_without_hint_another_persons_claim_takes_the_mask() -> None:
    assert pixel([1, 0], [Hint.NONE, Hint.THIS_PERSON], 0) == [0, 1, 0]
    assert pixel([1, 0], [Hint.NONE, Hint.THIS_PERSON], 1) == [1, 0, 0]


def test_this_person() -> None:
    assert pixel([0, 1], [Hint.THIS_PERSON, Hint.NONE], 0) == [1, 0, 0]


def test_another_person() -> None:
    assert pixel([1, 0], [Hint.ANOTHER_PERSON, Hint.NONE], 0) == [0, 1, 0]
    # Nobody is named, so the neighbour's own guidance is left as it was.
    assert pixel([1, 0], [Hint.ANOTHER_PERSON, Hint.NONE], 1) == [0, 0, 1]


def test_not_this_person_leaves_the_neighbours_share_as_reference() -> None:
    assert pixel([1, 0.25], [Hint.NOT_THIS_PERSON, Hint.NONE], 0) == [0, 0.25, 0.75]
    assert pixel([1, 0.25], [Hint.NOT_THIS_PERSON, Hint.NONE], 1) == [0.25, 0, 0.75]


def test_undecided_is_a_gap_for_this_person_only() -> None:
    assert pixel([0.5, 0], [Hint.UNDECIDED, Hint.NONE], 0) == [0, 0, 0]
    assert pixel([0.5, 0], [Hint.UNDECIDED, Hint.NONE], 1) == [0, 0.5, 0.5]


def test_undecided_yields_to_another_persons_claim_in_the_neighbours_reference() -> None:
    assert pixel([1, 0, 0], [Hint.UNDECIDED, Hint.THIS_PERSON, 0], 2) == [0, 1, 0]


def test_sums_are_clipped() -> None:
    assert pixel([1, 1, 1], [0, 0, 0], 0) == [1, 1, 0]


def test_published_sums_are_plain() -> None:
    made = published_trimasks([one(1), one(0.75), one(0.5)])
    assert made[0][:, 0, 0].tolist() == [1, 1.25, -1.25]


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 4)), min_size=1, max_size=5))
def test_channels_stay_between_0_and_1_and_cover_the_pixel(people: list[tuple[float, int]]) -> None:
    made = trimasks([one(mask) for mask, _ in people], [painted(hint) for _, hint in people])
    for (_, hint), tri in zip(people, made, strict=True):
        assert tri.dtype == np.float32
        assert tri.min() >= 0
        assert tri.max() <= 1
        if hint == Hint.UNDECIDED:
            assert not tri.any()
        else:
            assert tri.sum() >= 1 - 1e-6


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 4)), min_size=2, max_size=5), st.randoms())
def test_the_order_of_people_changes_nothing(people: list[tuple[float, int]], random: object) -> None:
    order = list(range(len(people)))
    random.shuffle(order)  # type: ignore[attr-defined]
    plain = trimasks([one(mask) for mask, _ in people], [painted(hint) for _, hint in people])
    mixed = trimasks([one(people[i][0]) for i in order], [painted(people[i][1]) for i in order])
    for place, i in enumerate(order):
        np.testing.assert_allclose(mixed[place], plain[i], atol=1e-6)


def test_at_the_working_size() -> None:
    mask = np.zeros((40, 60), np.uint8)
    mask[10:30, 10:30] = 255
    hints = np.zeros((40, 60), np.uint8)
    hints[20, 45] = Hint.THIS_PERSON  # one photo pixel, which nearest-neighbour shrinking would lose
    person = Instance(7, "A", TilePlane.of(mask), Rect(10, 10, 30, 30), hints=TilePlane.of(hints))
    tri = trimasks_of([person], 10, 15)[7]
    assert tri.shape == (3, 10, 15)
    assert tri[:, 5, 11].tolist() == [1, 0, 0]
    assert tri[0].sum() == 5 * 5 + 1
    plain = trimasks_of([person], 10, 15, published=True)[7]
    assert plain[0].sum() == 5 * 5
    assert trimasks_of([], 10, 15) == {}


def test_hints_of_another_size_than_masks_are_an_error() -> None:
    with pytest.raises((ValueError, IndexError)):
        trimasks([one(1)], [np.zeros((2, 2), np.uint8)])


def test_a_part_of_the_people_and_of_the_picture_is_that_part_of_the_whole() -> None:
    rng = np.random.default_rng(5)
    people = []
    for number in (1, 2, 3):
        mask = (rng.random((40, 60)) > 0.5).astype(np.uint8) * 255
        hints = TilePlane.of(rng.integers(0, 5, (40, 60)).astype(np.uint8))
        people.append(Instance(number, str(number), TilePlane.of(mask), Rect(0, 0, 60, 40), hints))
    whole = trimasks_of(people, 20, 30)
    window = Rect(3, 5, 21, 17)
    part = trimasks_of(people, 20, 30, window=window, whose=(3, 1))
    assert list(part) == [1, 3]
    for number, tri in part.items():
        np.testing.assert_array_equal(tri, whole[number][(slice(None), *window.slices)])
