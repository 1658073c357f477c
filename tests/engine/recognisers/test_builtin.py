"""The built-in recogniser: whatever the weights say, what comes out keeps its promises."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from instmatt_app.core.interfaces import Cancelled, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TILE
from instmatt_app.core.rect import Rect
from instmatt_app.engine.network.people import MASK, People
from instmatt_app.engine.recognisers import builtin
from instmatt_app.engine.recognisers.builtin import (
    BuiltIn,
    Person,
    View,
    box_overlaps,
    distinct_boxes,
    distinct_people,
    drawn_masks,
    find_people,
    share_out,
    without_specks,
)
from instmatt_app.engine.weights import WeightsError


@pytest.fixture(autouse=True)
def small_views(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "VIEWS", (View(96), View(96, mirrored=True)))


@pytest.fixture
def network() -> People:
    torch.manual_seed(0)
    return People()


def saved(network: People, path: Path) -> Path:
    save_file({key: value.half() for key, value in network.state_dict().items()}, path)
    return path


def eager(network: People) -> People:
    """Sure of a person everywhere, drawing whatever its untrained weights draw."""
    torch.nn.init.constant_(network.score.bias, 6.0)
    torch.nn.init.normal_(network.mask[1].weight, std=2.0)
    torch.nn.init.normal_(network.sides.weight, std=0.02)
    torch.nn.init.constant_(network.sides.bias, 0.0)
    return network


def recogniser(network: People, folder: Path, **options: float) -> BuiltIn:
    path = saved(network, folder / "people.safetensors")
    return BuiltIn(lambda step: path, **options)


def person(left: float, top: float, right: float, bottom: float, score: float = 0.9) -> Person:
    """Somebody who fills this box, in shares of the photo."""
    return Person(np.ones((MASK, MASK), np.float32), np.array([left, top, right, bottom], np.float32), score)


def test_an_unsure_network_finds_nobody(network: People, tmp_path: Path) -> None:
    assert recogniser(network, tmp_path).find(Photo(np.zeros((40, 60, 3), np.uint8)), silent) == []


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (90, 60), (1, 900), (900, 1), (700, 1000)])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_people_fit_the_photo_and_the_largest_come_first(
    network: People, tmp_path: Path, size: tuple[int, int], kind: type
) -> None:
    finder = recogniser(eager(network), tmp_path, score=0.1, min_area=0.01)
    pixels = np.random.default_rng(0).integers(0, np.iinfo(kind).max, (*size, 3), kind, endpoint=True)
    found = finder.find(Photo(pixels), silent)
    areas = [one.mask.count() for one in found]
    assert areas == sorted(areas, reverse=True)
    if size == (90, 60):
        assert len(found) > 1
    if found:
        assert sum(np.int64(one.mask.full() > 0) for one in found).max() <= 1
    for one in found:
        assert one.mask.shape == size
        assert set(np.unique(one.mask.full())) <= {0, 255}
        assert one.mask.count() >= 0.01 * size[0] * size[1]
        assert one.score is not None
        assert 0.1 <= one.score <= 1
        outside = one.mask.full()
        outside[one.box.slices] = 0
        assert not outside.any()


def test_small_people_are_left_out(network: People, tmp_path: Path) -> None:
    photo = Photo(np.random.default_rng(0).integers(0, 255, (90, 60, 3), np.uint8))
    everybody = recogniser(eager(network), tmp_path, score=0.1, min_area=0.0).find(photo, silent)
    limit = np.count_nonzero(everybody[0].mask.full()) / everybody[0].mask.full().size
    larger = recogniser(network, tmp_path, score=0.1, min_area=limit).find(photo, silent)
    assert 0 < len(larger) < len(everybody)


def test_the_same_photo_gives_the_same_people(network: People, tmp_path: Path) -> None:
    finder = recogniser(eager(network), tmp_path, score=0.1)
    photo = Photo(np.random.default_rng(1).integers(0, 255, (80, 100, 3), np.uint8))
    for one, other in zip(finder.find(photo, silent), finder.find(photo, silent), strict=True):
        assert one.score == other.score
        assert (one.mask.full() == other.mask.full()).all()


def test_a_mirrored_photo_has_the_same_people_mirrored(network: People) -> None:
    image = np.random.default_rng(2).integers(0, 255, (64, 96, 3), np.uint8)
    views = (View(96), View(96, mirrored=True))
    with_eager = eager(network).eval()
    plain = find_people(with_eager, image, 0.1, views, silent)
    mirrored = find_people(with_eager, np.ascontiguousarray(image[:, ::-1]), 0.1, views, silent)
    assert plain
    surest, other = plain[0], mirrored[0]
    assert surest.score == pytest.approx(other.score, abs=1e-3)
    np.testing.assert_allclose(surest.box[[0, 2]], 1 - other.box[[2, 0]], atol=2e-3)
    np.testing.assert_allclose(surest.mask, other.mask[:, ::-1], atol=0.02)


def test_a_cancelled_search_stops(network: People, tmp_path: Path) -> None:
    def cancel(done: int, total: int, what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        recogniser(network, tmp_path).find(Photo(np.zeros((40, 60, 3), np.uint8)), cancel)


def test_weights_that_do_not_fit_are_explained(network: People, tmp_path: Path) -> None:
    network.score = torch.nn.Conv2d(64, 2, 3)
    photo = Photo(np.zeros((40, 60, 3), np.uint8))
    with pytest.raises(WeightsError, match=r"people.safetensors does not fit .* 'score"):
        recogniser(network, tmp_path).find(photo, silent)
    with pytest.raises(WeightsError, match="missing"):
        BuiltIn(lambda step: tmp_path / "none.safetensors").find(photo, silent)


def test_a_mask_lies_exactly_over_its_box() -> None:
    shares, where = person(0.25, 0.5, 0.75, 1.0).painted(40, 80)
    assert where == Rect(20, 20, 60, 40)
    assert (shares[1:-1, 1:-1] == 255).all()
    mask = np.zeros((MASK, MASK), np.float32)
    mask[:, : MASK // 2] = 1
    shares, where = Person(mask, np.array([0.25, 0.5, 0.75, 1.0], np.float32), 0.9).painted(400, 800)
    inside = shares > 127
    assert inside[200 // 2].sum() == pytest.approx(where.width / 2, abs=2)


def test_a_box_beside_the_photo_paints_nothing() -> None:
    shares, where = person(1.1, 0.2, 1.5, 0.6).painted(40, 80)
    assert shares.size == 0
    assert where.is_empty


def test_boxes_of_one_person_count_once() -> None:
    boxes = torch.tensor([[0.1, 0.1, 0.5, 0.9], [0.12, 0.1, 0.5, 0.9], [0.5, 0.1, 0.9, 0.9]])
    assert distinct_boxes(boxes) == [0, 2]
    assert box_overlaps(boxes[:1], boxes[2:]).item() == 0


def test_copies_and_parts_of_a_surer_person_are_dropped() -> None:
    whole, copy, part, beside = (
        person(0.1, 0.1, 0.5, 0.9),
        person(0.1, 0.15, 0.5, 0.9),
        person(0.15, 0.1, 0.45, 0.4),
        person(0.4, 0.1, 0.8, 0.9),
    )
    assert distinct_people([whole, copy, part, beside]) == [0, 3]
    # Somebody small whose own mask is surer than the larger one around it stays.
    assert distinct_people([part, whole]) == [0, 1]
    assert distinct_people([]) == []


def test_a_claimed_pixel_goes_to_who_claims_it_more() -> None:
    mine, theirs = np.full((4, 6), 200, np.uint8), np.full((4, 6), 150, np.uint8)
    theirs[:, 0] = 250
    share_out([(mine, Rect(0, 0, 6, 4)), (theirs, Rect(4, 0, 10, 4))])
    assert mine[0].tolist() == [200] * 4 + [0, 200]
    assert theirs[0].tolist() == [250, 0] + [150] * 4


def test_specks_go_and_parts_of_a_divided_person_stay() -> None:
    mask = np.zeros((MASK, MASK), np.float32)
    mask[4:40, 4:20], mask[4:40, 30:50], mask[50:52, 50:52] = 0.9, 0.8, 1.0
    clean = without_specks(mask)
    assert clean[50:52, 50:52].max() == 0
    assert (clean[:45] == mask[:45]).all()


def test_masks_that_are_drawn_by_strips_are_those_that_are_drawn_at_once() -> None:
    rng = np.random.default_rng(3)
    people = [
        Person(cv2.GaussianBlur(rng.random((MASK, MASK), np.float32), (0, 0), 2), np.array(box, np.float32), 0.9)
        for box in ([-0.1, 0.05, 0.6, 0.97], [0.4, 0.3, 1.2, 0.8], [0.3, 0.5, 0.7, 0.7], [1.1, 0.0, 1.3, 1.0])
    ]
    height, width = 2 * TILE + 77, TILE + 50
    painted = [one.painted(height, width) for one in people]
    share_out(painted)
    for mask, (shares, where) in zip(drawn_masks(people, height, width), painted, strict=True):
        whole = np.zeros((height, width), np.uint8)
        whole[where.slices] = np.where(shares > 127, 255, 0)
        assert np.array_equal(mask.full(), whole)
