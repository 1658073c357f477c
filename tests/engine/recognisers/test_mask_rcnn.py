"""Detectron2's weights without Detectron2: what the library finds, to the bit where the processor is the same."""

from collections.abc import Mapping
from typing import Any

import mask_rcnn_rule as rule
import numpy as np
import pytest
import torch
from golden_rule import bits, golden
from numpy.typing import NDArray

from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.engine.network.mask_rcnn import MaskRCNN, own_names
from instmatt_app.engine.recognisers.mask_rcnn import just_below, network_picture, network_size, pasted, scaled_boxes

Arrays = Mapping[str, NDArray[Any]]


def network_without_library() -> MaskRCNN:
    network = MaskRCNN()
    state = {key: torch.from_numpy(value) for key, value in rule.weights().items()}
    network.load_state_dict(own_names(state), strict=True)
    return network.eval()


def found_without_library(network: MaskRCNN, picture: NDArray[np.uint8], score: float = 0.05) -> dict[str, Any]:
    """Everything of a higher score, not only people, as the library gives it."""
    height, width = picture.shape[:2]
    seen = torch.from_numpy(network_picture(Photo(picture.copy()))).permute(2, 0, 1).float()
    with torch.inference_mode():
        found = network(seen, score)
        boxes = scaled_boxes(found.boxes, seen.shape[1:], height, width)
        full = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        masks = [
            pasted(mask, box, height, width).full() > 0
            for mask, box in zip(found.masks[full], boxes[full], strict=True)
        ]
    return {
        "boxes": boxes[full].numpy(),
        "scores": found.scores[full].numpy(),
        "classes": found.classes[full].numpy(),
        "masks": np.stack(masks),
    }


@pytest.fixture(scope="module")
def network() -> MaskRCNN:
    return network_without_library()


@pytest.mark.parametrize("size", rule.SIZES, ids=str)
def test_it_finds_what_detectron2_finds(network: MaskRCNN, size: tuple[int, int]) -> None:
    name = "x".join(map(str, size))
    theirs = {
        key.partition("/")[2]: value for key, value in golden("golden_detectron2").items() if key.startswith(name)
    }
    mine = found_without_library(network, rule.picture(*size))
    # Another processor may round otherwise and so, once in a while, decide a close call between two boxes otherwise.
    pairs = [
        (a, b)
        for a in range(len(theirs["scores"]))
        for b in range(len(mine["scores"]))
        if theirs["classes"][a] == mine["classes"][b]
        and np.abs(theirs["boxes"][a] - mine["boxes"][b]).max() < 0.01
        and abs(theirs["scores"][a] - mine["scores"][b]) < 1e-4
    ]
    assert len({a for a, _ in pairs}) >= 0.95 * max(len(theirs["scores"]), len(mine["scores"]))
    people = np.flatnonzero(theirs["classes"] == 0).tolist()
    assert len(people) >= 20
    for a, b in pairs:
        if a in people:
            mask = bits(theirs["masks"][people.index(a)], size[1])
            # One thread and two round otherwise: 2 of 871 pixels were seen to differ.
            assert (mask != mine["masks"][b]).sum() <= 2e-3 * mask.sum() + 2


@pytest.mark.parametrize(
    ("photo", "seen"),
    [
        ((480, 640), (800, 1067)),
        ((1080, 1920), (750, 1333)),
        ((3000, 2000), (1200, 800)),
        ((1, 1), (800, 800)),
        ((5000, 5), (1333, 1)),
    ],
)
def test_sizes_are_rounded_as_by_detectron2(photo: tuple[int, int], seen: tuple[int, int]) -> None:
    assert network_size(*photo) == seen


def test_a_score_that_is_just_reached_counts() -> None:
    assert np.float32(0.7) > np.float32(just_below(0.7))
    assert np.float32(just_below(0.7)) == np.nextafter(np.float32(0.7), np.float32(0))


def test_a_mask_fills_its_box_and_nothing_else() -> None:
    drawn = pasted(torch.ones(28, 28), torch.tensor([10.0, 20.0, 30.0, 40.0]), 50, 60)
    assert (drawn.box, drawn.count(255)) == (Rect(10, 20, 30, 40), 400)
    beyond = pasted(torch.ones(28, 28), torch.tensor([40.0, 30.0, 60.0, 50.0]), 50, 60)
    assert beyond.full()[30:, 40:].all()
    assert pasted(torch.zeros(28, 28), torch.tensor([0.0, 0.0, 60.0, 50.0]), 50, 60).is_empty
