"""Click prompts: who is meant, what is not, and what belongs to others."""

import numpy as np
import pytest
from photos import GroupPhoto, drawn_people

from instmatt_app.core.interfaces import Cancelled, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.engine.recognisers.clicks import ClickPrompt


def test_a_click_on_and_one_below_find_a_plain_person_and_nobody_else() -> None:
    picture, truth = drawn_people(2)
    (found,) = ClickPrompt([(40, 48)], [(60, 88)]).find(Photo(picture), silent)
    assert np.mean((found.mask.full() > 0) == (truth[0] > 0.5)) > 0.98
    assert found.mask.full()[found.box.slices].any(axis=0).all()
    assert found.score is None


def test_real_people_need_a_few_clicks(group: GroupPhoto) -> None:
    photo = Photo(group.pixels)
    (x, y), (other_x, other_y) = group.faces
    (found,) = ClickPrompt([(x, y), (x - 45, y + 195)], [(other_x, other_y), (x + 150, y + 50)]).find(photo, silent)
    assert found.mask.full()[y - 10 : y + 10, x - 10 : x + 10].all(), "the face"
    assert found.mask.full()[y + 150 : y + 170, x - 60 : x - 40].all(), "the suit"
    assert not found.mask.full()[other_y, other_x]
    assert not found.mask.full()[10:40, 10:60].any(), "the flag"


def test_what_is_clicked_beside_the_person_and_what_others_have_is_left_out(group: GroupPhoto) -> None:
    photo = Photo(group.pixels)
    (x, y), _ = group.faces
    taken = np.zeros(group.pixels.shape[:2], np.uint8)
    taken[200:] = 255
    (found,) = ClickPrompt([(x, y)], [(x, y + 60)], [TilePlane.of(taken)]).find(photo, silent)
    assert found.mask.full()[y, x]
    assert not found.mask.full()[y + 60, x]
    assert not found.mask.full()[210:].any()


@pytest.mark.parametrize("size", [(1, 1), (1, 60), (60, 2)])
def test_tiny_photos_and_clicks_that_miss(size: tuple[int, int]) -> None:
    photo = Photo(np.zeros((*size, 3), np.uint8))
    (found,) = ClickPrompt([(0, 0)]).find(photo, silent)
    assert found.mask.full()[0, 0] == 255
    assert ClickPrompt([(-1, 0), (0, 500)]).find(photo, silent) == []


def test_it_can_be_stopped(group: GroupPhoto) -> None:
    def step(done: int, total: int, what: str) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        ClickPrompt([group.faces[0]]).find(Photo(group.pixels), step)
