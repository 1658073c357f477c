"""Preview: whom a stroke touched, where, and that the quick answer fits into what is there."""

from itertools import count

import numpy as np
import pytest

from instmatt_app.core import edits, preview
from instmatt_app.core.edits import Edit, State
from instmatt_app.core.hints import Hint
from instmatt_app.core.interfaces import Detection
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimask import trimasks_of

HEIGHT, WIDTH = 600, 900
REVISIONS = count(1)


def then(state: State, *steps: Edit) -> State:
    for edit in steps:
        state = edit.change(state, lambda: next(REVISIONS))
    return state


@pytest.fixture
def two() -> State:
    people = []
    for left in (50, 500):
        mask = np.zeros((HEIGHT, WIDTH), np.uint8)
        mask[100:500, left : left + 300] = 255
        people.append(Detection(TilePlane.of(mask), None, Rect(left, 100, left + 300, 500)))
    return then(State(), edits.add_people(people))


def stroke(number: int, hint: Hint, left: int, top: int) -> Edit:
    return edits.paint(number, hint, Rect(left, top, left + 20, top + 10), np.ones((10, 20), bool))


def test_a_stroke_on_free_ground_touches_its_own_person(two: State) -> None:
    after = then(two, stroke(1, Hint.THIS_PERSON, 400, 300))
    found = preview.touched(two.instances, after.instances, HEIGHT, WIDTH)
    assert found is not None
    assert list(found.trimasks) == [1]
    assert found.window.intersect(Rect(400, 300, 420, 310)) == Rect(400, 300, 420, 310)
    assert (found.window.width, found.window.height) == (preview.LEAST, preview.LEAST)
    whole = trimasks_of(after.instances, HEIGHT, WIDTH)[1]
    np.testing.assert_array_equal(found.trimasks[1], whole[(slice(None), *found.window.slices)])


def test_a_stroke_on_somebody_else_touches_both(two: State) -> None:
    after = then(two, stroke(1, Hint.THIS_PERSON, 600, 300))
    found = preview.touched(two.instances, after.instances, HEIGHT // 2, WIDTH // 2)
    assert found is not None
    assert sorted(found.trimasks) == [1, 2]
    assert found.window.right <= WIDTH // 2


def test_what_asks_for_no_preview(two: State) -> None:
    pinned = then(two, edits.paint(1, Hint.THIS_PERSON, Rect(1, 1, 3, 3), np.ones((2, 2), bool), pin=True))
    unpinned = then(pinned, edits.paint(1, Hint.THIS_PERSON, Rect(1, 1, 3, 3), np.ones((2, 2), bool)))
    for before, after in (
        (two, two),
        (two, then(two, edits.remove_people([2]))),
        (two, then(two, edits.split_person(1, (200, 0), (200, 600)))),
        (pinned, unpinned),
    ):
        assert preview.touched(before.instances, after.instances, HEIGHT, WIDTH) is None


def test_new_alphas_have_the_first_word_and_fade_into_the_old() -> None:
    alphas = np.stack([np.full((300, 400), share, np.float32) for share in (0.2, 0.3, 0.5)])
    window = Rect(0, 20, 200, 220)
    result = preview.with_targets(alphas, window, {0: np.ones((200, 200), np.float32)})
    np.testing.assert_allclose(result.sum(axis=0), 1, atol=1e-5)
    assert (result[:, 120, 50] == (1, 0, 0)).all()
    # The left edge is that of the picture: nothing fades there.
    assert result[0, 120, 0] == 1
    assert 0.2 < result[0, 120, 190] < 0.5
    np.testing.assert_array_equal(result[:, :, 200:], alphas[:, :, 200:])
    assert (alphas[0] == np.float32(0.2)).all()


def test_two_new_alphas_that_are_too_much_share() -> None:
    alphas = np.stack([np.zeros((300, 300), np.float32)] * 2 + [np.ones((300, 300), np.float32)])
    one = np.ones((300, 300), np.float32)
    result = preview.with_targets(alphas, Rect(0, 0, 300, 300), {0: one, 1: one})
    np.testing.assert_allclose(result[:, 5, 5], (0.5, 0.5, 0), atol=1e-6)
