import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from instmatt_app.core.hints import Hint, effective_mask, effective_plane, painted, reduce_hints, reduce_plane
from instmatt_app.core.instance import Instance
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect


def person(number: int, mask: int = 0, hints: int | None = None, locked: bool = False) -> Instance:
    plane = None if hints is None else TilePlane.of(np.full((2, 3), hints, np.uint8))
    return Instance(
        number, f"P{number}", TilePlane.of(np.full((2, 3), mask, np.uint8)), Rect(0, 0, 3, 2), plane, locked=locked
    )


EVERYWHERE = np.ones((2, 3), bool)


def stroke(people: list[Instance], who: int, hint: Hint, where: np.ndarray) -> dict[int, np.ndarray]:
    return {number: plane.full() for number, plane in painted(people, who, hint, Rect(0, 0, 3, 2), where).items()}


@given(arrays(np.uint8, (12, 9), elements=st.integers(0, 4)))
def test_the_highest_rank_in_a_working_pixel_decides(plane: np.ndarray) -> None:
    small = reduce_hints(plane, 4, 3)
    for y in range(4):
        for x in range(3):
            block = plane[y * 3 : y * 3 + 3, x * 3 : x * 3 + 3]
            present = [hint for hint in (1, 2, 3, 4) if (block == hint).any()]
            assert small[y, x] == (present[0] if present else 0)


@given(st.integers(0, 99), st.integers(0, 69), st.integers(1, 100), st.integers(1, 70))
def test_a_single_pixel_survives_any_reduction(y: int, x: int, height: int, width: int) -> None:
    plane = np.zeros((100, 70), np.uint8)
    plane[y, x] = Hint.UNDECIDED
    small = reduce_hints(plane, height, width)
    assert small.shape == (height, width)
    assert (small == Hint.UNDECIDED).sum() == 1


def test_enlarging_repeats_pixels() -> None:
    plane = np.array([[1, 0], [0, 4]], np.uint8)
    assert reduce_hints(plane, 4, 4).tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 4, 4], [0, 0, 4, 4]]


@pytest.mark.parametrize("erased", [Hint.THIS_PERSON, Hint.UNDECIDED])
def test_claiming_erases_the_others_claims_and_open_questions(erased: Hint) -> None:
    people = [person(1), person(2, hints=erased)]
    planes = stroke(people, 1, Hint.THIS_PERSON, EVERYWHERE)
    assert (planes[1] == Hint.THIS_PERSON).all()
    assert not planes[2].any()
    assert (people[1].hints.full() == erased).all(), "the planes that were there stay untouched, for undo"


@pytest.mark.parametrize("kept", [Hint.ANOTHER_PERSON, Hint.NOT_THIS_PERSON])
def test_claiming_keeps_what_does_not_contradict(kept: Hint) -> None:
    assert set(stroke([person(1), person(2, hints=kept)], 1, Hint.THIS_PERSON, EVERYWHERE)) == {1}


@pytest.mark.parametrize("hint", [Hint.ANOTHER_PERSON, Hint.NOT_THIS_PERSON, Hint.UNDECIDED, Hint.NONE])
def test_other_classes_touch_nobody_else(hint: Hint) -> None:
    planes = stroke([person(1), person(2, hints=Hint.THIS_PERSON)], 1, hint, EVERYWHERE)
    assert set(planes) == {1}
    assert (planes[1] == hint).all()


def test_a_locked_neighbour_keeps_its_pixels() -> None:
    people = [person(1), person(2, mask=0, hints=None, locked=True)]
    people[1].mask = people[1].mask.patched(Rect(0, 0, 1, 1), np.full((1, 1), 255, np.uint8))
    planes = stroke(people, 1, Hint.THIS_PERSON, EVERYWHERE)
    assert planes[1].tolist() == [[0, 1, 1], [1, 1, 1]]
    assert set(planes) == {1}


def test_a_locked_neighbours_own_hints_count_for_what_it_holds() -> None:
    people = [person(1), person(2, mask=255, hints=Hint.NOT_THIS_PERSON, locked=True)]
    assert (stroke(people, 1, Hint.THIS_PERSON, EVERYWHERE)[1] == Hint.THIS_PERSON).all()


def test_a_locked_person_is_not_painted_for() -> None:
    assert stroke([person(1, locked=True)], 1, Hint.THIS_PERSON, EVERYWHERE) == {}


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4), arrays(np.bool_, (2, 3))), max_size=8))
def test_at_most_one_person_claims_a_pixel(strokes: list[tuple[int, int, np.ndarray]]) -> None:
    people = [person(1), person(2), person(3)]
    for who, hint, where in strokes:
        for number, plane in stroke(people, who, Hint(hint), where).items():
            people[number - 1].hints = TilePlane.of(plane)
        claims = sum((one.hints.full() == Hint.THIS_PERSON).astype(int) for one in people if one.hints is not None)
        assert np.max(claims) <= 1


def test_only_the_painted_box_changes() -> None:
    mask = TilePlane(600, 700)
    people = [Instance(1, "A", mask, Rect(0, 0, 700, 600)), Instance(2, "B", mask, Rect(0, 0, 700, 600))]
    area = Rect(250, 240, 260, 260)
    planes = painted(people, 1, Hint.UNDECIDED, area, np.ones((20, 10), bool))
    expected = np.zeros((600, 700), np.uint8)
    expected[area.slices] = Hint.UNDECIDED
    assert np.array_equal(planes[1].full(), expected)
    assert len(planes[1].tiles) == 4
    assert planes[1].nbytes == 4 * 256 * 256 // 8, "a bit for each pixel"


@given(st.integers(1, 700), st.integers(1, 400), st.integers(0, 99))
def test_a_sparse_plane_is_reduced_like_the_plane_itself(height: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    plane = np.zeros((600, 350), np.uint8)
    y, x = rng.integers(0, 600, 40), rng.integers(0, 350, 40)
    plane[y, x] = rng.integers(1, 5, 40)
    small = reduce_plane(TilePlane.of(plane), height, width)
    np.testing.assert_array_equal(small, reduce_hints(plane, height, width))


@given(
    arrays(np.uint8, (5, 7)), st.lists(arrays(np.uint8, (5, 7), elements=st.integers(0, 4)), max_size=3), st.booleans()
)
def test_whole_planes_are_corrected_like_the_arrays(mask: np.ndarray, strokes: list[np.ndarray], has_own: bool) -> None:
    own, others = (strokes[0], strokes[1:]) if has_own and strokes else (None, strokes)
    expected = effective_mask(mask.astype(np.float32) / 255, own, others) * 255
    planes = [TilePlane.of(one) for one in others]
    made = effective_plane(TilePlane.of(mask), None if own is None else TilePlane.of(own), [*planes, None])
    assert np.array_equal(made.full(), np.rint(expected))
