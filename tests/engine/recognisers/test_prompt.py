import numpy as np
import pytest
from photos import GroupPhoto, drawn_people

from instmatt_app.core.interfaces import silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.engine.recognisers.prompt import BoxError, BoxPrompt


def iou(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


def test_a_box_finds_the_person_in_it() -> None:
    picture, truth = drawn_people(2)
    boxes = [Rect(10, 18, 70, 78), Rect(90, 18, 150, 78)]
    found = BoxPrompt(boxes).find(Photo(picture), silent)
    assert [one.box for one in found] == boxes
    for one, alpha in zip(found, truth, strict=True):
        assert one.mask.shape == picture.shape[:2]
        assert set(np.unique(one.mask.full())) <= {0, 255}
        assert iou(one.mask.full() > 0, alpha > 0.5) > 0.9


def test_real_people_are_cut_out_of_a_real_photo(group: GroupPhoto) -> None:
    found = BoxPrompt([Rect.of_size(*box) for box in group.boxes]).find(Photo(group.pixels), silent)
    for one, (_, _, width, height), (x, y) in zip(found, group.boxes, group.faces, strict=True):
        assert (one.mask.full()[y - 15 : y + 15, x - 15 : x + 15] > 0).all()
        assert 0.35 < (one.mask.full() > 0).sum() / (width * height) < 0.95
    assert not ((found[0].mask.full() > 0) & (found[1].mask.full() > 0)).any()


def test_the_same_boxes_give_the_same_masks(group: GroupPhoto) -> None:
    boxes = [Rect.of_size(*box) for box in group.boxes]
    first, second = (BoxPrompt(boxes).find(Photo(group.pixels), silent) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a.mask.full(), b.mask.full())


def test_a_box_beyond_the_edge_is_clipped_and_one_outside_is_explained() -> None:
    photo = Photo(drawn_people(2)[0])
    assert BoxPrompt([Rect(100, -20, 400, 400)]).find(photo, silent)[0].box == Rect(100, 0, 160, 96)
    with pytest.raises(BoxError, match=r"Box 2 .*160 × 96 pixels"):
        BoxPrompt([Rect(0, 0, 50, 50), Rect(500, 0, 550, 50)]).find(photo, silent)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (2, 3)])
def test_odd_photos_are_answered_with_the_box(size: tuple[int, int]) -> None:
    photo = Photo(np.full((*size, 3), 100, np.uint8))
    found = BoxPrompt([Rect(0, 0, size[1], size[0])]).find(photo, silent)
    assert (found[0].mask.full() == 255).all()


def test_overlapping_boxes_give_no_pixel_to_two_people() -> None:
    picture = np.full((60, 90, 3), (40, 90, 160), np.uint8)
    picture[10:55, 15:75] = (210, 90, 60)
    found = BoxPrompt([Rect(5, 5, 60, 58), Rect(30, 5, 85, 58)]).find(Photo(picture), silent)
    assert not ((found[0].mask.full() > 0) & (found[1].mask.full() > 0)).any()
    assert (found[0].mask.full() > 0).any()
    assert (found[1].mask.full() > 0).any()


def test_large_photos_are_cut_out_small_and_come_back_at_full_size() -> None:
    picture, truth = drawn_people(1, 1200, 1500)
    found = BoxPrompt([Rect(200, 100, 1300, 1100)]).find(Photo(picture), silent)[0]
    assert found.mask.shape == (1200, 1500)
    assert iou(found.mask.full() > 0, truth[0] > 0.5) > 0.9
