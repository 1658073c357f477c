"""The network that finds people: its places, what it samples inside boxes, and that it can learn."""

import pytest
import torch
import torch.nn.functional as F

from instmatt_app.engine.network.people import MARGIN, MASK, STRIDE, WIDTH, People, inside, place_middles, widened


@pytest.fixture
def network() -> People:
    torch.manual_seed(0)
    return People()


def test_every_place_has_a_score_and_a_box_around_it(network: People) -> None:
    with torch.inference_mode():
        found = network(torch.zeros(2, 3, 64, 96))
    assert found.scores.shape == (2, 4 * 6)
    assert found.places.shape == (2, WIDTH, 4, 6)
    assert found.anybody.shape == (2, 8, 12)
    middles = place_middles(4, 6, found.boxes)
    assert middles[0].tolist() == [STRIDE / 2, STRIDE / 2]
    assert middles[-1].tolist() == [96 - STRIDE / 2, 64 - STRIDE / 2]
    assert (found.boxes[:, :, :2] < middles).all()
    assert (found.boxes[:, :, 2:] > middles).all()


def test_it_fits_into_twenty_megabytes_at_half_precision(network: People) -> None:
    assert sum(entry.numel() for entry in network.state_dict().values()) * 2 < 20e6


def test_a_plane_is_sampled_at_the_middles_of_a_box_s_cells() -> None:
    stride, cells = 4, 6
    x = (torch.arange(20.0) + 0.5) * stride
    planes = torch.stack([x.expand(12, 20), x[:12, None].expand(12, 20)])[None]
    box = torch.tensor([[20.0, 8, 44, 38]])
    left, top, right, bottom = widened(box)[0]
    assert left == 20 - MARGIN * 24
    assert bottom == 38 + MARGIN * 30
    sampled = inside(planes, stride, torch.zeros(1, dtype=torch.int64), box, cells)[0]
    share = (torch.arange(cells) + 0.5) / cells
    torch.testing.assert_close(sampled[0], (left + share * (right - left)).expand(cells, cells))
    torch.testing.assert_close(sampled[1], (top + share * (bottom - top))[:, None].expand(cells, cells))


def test_each_box_is_sampled_in_its_own_picture() -> None:
    planes = torch.tensor([1.0, 2.0, 3.0])[:, None, None, None].expand(3, 1, 8, 8)
    boxes = torch.tensor([[8.0, 8, 20, 20]]).expand(4, 4)
    sampled = inside(planes, 4, torch.tensor([2, 0, 2, 1]), boxes, 2)
    assert sampled.mean((1, 2, 3)).tolist() == [3, 1, 3, 2]


def test_outside_of_the_picture_there_is_nothing() -> None:
    sampled = inside(
        torch.ones(1, 1, 8, 8), 4, torch.zeros(1, dtype=torch.int64), torch.tensor([[-40.0, 0, 32, 32]]), 12
    )
    assert (sampled[0, 0, 4:8, :5] == 0).all()
    assert (sampled[0, 0, 4:8, 8:10] == 1).all()


def test_no_box_is_no_mask(network: People) -> None:
    with torch.inference_mode():
        found = network(torch.zeros(1, 3, 64, 64))
        nothing = torch.zeros(0, dtype=torch.int64)
        assert network.draw(found, nothing, torch.zeros(0, 4), nothing).shape == (0, MASK, MASK)


def test_score_box_and_mask_can_be_learnt(network: People) -> None:
    network.eval()
    picture = torch.full((1, 3, 64, 64), -0.5)
    picture[:, :, 16:48, 16:32] = 0.7
    true = torch.tensor([[16.0, 16, 48, 48]])
    target = inside(picture[:, :1].clamp(min=0).ceil(), 1, torch.zeros(1, dtype=torch.int64), true, MASK)[:, 0].round()
    assert 0.3 < target.mean() < 0.5
    place = torch.tensor([5])
    optimiser = torch.optim.Adam(network.parameters(), 2e-3)
    for _ in range(25):
        found = network(picture)
        drawn = network.draw(found, torch.zeros_like(place), true, place)
        loss = F.binary_cross_entropy_with_logits(drawn, target)
        loss = loss + F.binary_cross_entropy_with_logits(found.scores[0], (torch.arange(16) == 5).float())
        loss = loss + (found.boxes[0, place] - true).abs().mean() / 32
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert found.scores[0].argmax() == 5
    assert (found.boxes[0, 5] - true).abs().max() < 6
    assert ((drawn > 0) == (target > 0.5)).float().mean() > 0.95
