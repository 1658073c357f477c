"""The two stages: what the refiner learns from is the published step, and a run of each makes errors smaller."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch
from golden_rule import checksums, fill, golden, scene
from safetensors.torch import save_file
from torch import Tensor, nn
from training.drawn import DrawnPeople

from instmatt_app.engine.network.instmatt import InstMatt, Prediction
from instmatt_app.engine.network.lite import InstMattLite
from instmatt_app.engine.network.refiner import Refiner
from instmatt_app.engine.weights import WeightsError
from instmatt_app.training.config import MattingConfig, ValidationOptions
from instmatt_app.training.networks import build, start_from, start_trunk_from
from instmatt_app.training.run import Plan
from instmatt_app.training.samples import SampleOptions
from instmatt_app.training.stage1 import Stage1, against_the_rest, fuse_for_training
from instmatt_app.training.stage2 import refine_one_patch


@pytest.mark.parametrize("passes", [1, 2, 3])
def test_the_refiner_is_trained_as_published(passes: int) -> None:
    numbers = golden("golden_train")
    refiner = Refiner()
    fill(refiner, "refiner.")
    trimattes, feature, image = (torch.from_numpy(one) for one in scene(3, 160, 192, 1.3))
    made = refine_one_patch(refiner, trimattes, feature, image, passes)
    loss = nn.functional.mse_loss(made, trimattes)
    loss.backward()
    prefix = f"train_refiner/it{passes}"
    np.testing.assert_allclose(float(loss.detach()), numbers[f"{prefix}_loss"], rtol=1e-5)
    np.testing.assert_allclose(checksums(made.detach()), numbers[f"{prefix}_out_cs"], rtol=1e-5, atol=1e-6)
    norms = [float(one.grad.norm()) for one in refiner.parameters() if one.grad is not None]
    np.testing.assert_allclose(norms, numbers[f"{prefix}_grad_norms"], rtol=1e-4)


# --- Stage 1 ----------------------------------------------------------------------------------------------------------


def config(network: Literal["published", "lite", "mgm"], warmup: int = 0) -> MattingConfig:
    return MattingConfig(
        network=network,
        run=Plan(steps=10, batch=2, lr=1e-3, warmup=warmup),
        data=(),
        samples=SampleOptions(crop=64, canvas=96, largest=5, shared=1),
        validation=ValidationOptions(compositions=1, side=96),
    )


class Oracle(nn.Module):
    """In a network's place: gives the alphas it was told, whatever it sees."""

    refiner = None

    def __init__(self, alphas: Tensor) -> None:
        super().__init__()
        self.alphas = nn.Parameter(alphas)

    def forward(self, image: Tensor, guidance: Tensor) -> Prediction:
        assert guidance.shape[1] == self.alphas.shape[1]
        return Prediction(self.alphas, self.alphas, self.alphas, image)


def batch_of(task: Stage1) -> dict[str, Tensor]:
    batch: dict[str, Tensor] = task.data.collate([task.data.sample(0, position) for position in range(2)])
    return batch


@pytest.mark.parametrize(("network", "channels"), [("lite", 3), ("mgm", 1)])
@pytest.mark.parametrize("step", [0, 5, 50])
def test_the_truth_costs_little_and_anything_else_more(
    network: Literal["lite", "mgm"], channels: int, step: int
) -> None:
    source = DrawnPeople()
    oracle = Oracle(torch.zeros(2, channels, 64, 64))
    task = Stage1(config(network, warmup=4), oracle, source, source)  # type: ignore[arg-type]
    batch = batch_of(task)
    truth = batch["alphas"][:, :channels]

    def cost(alphas: Tensor) -> float:
        oracle.alphas.data = alphas
        return float(task.loss(batch, step)[0])

    with torch.no_grad():
        best = cost(truth.clone())
        assert best < 0.02
        for other in (0.9 * truth, truth.roll(3, dims=3), torch.full_like(truth, 0.5)):
            assert cost(other) > 3 * best + 0.01


def test_what_is_not_supervised_costs_nothing_in_stage_1() -> None:
    source = DrawnPeople(hard=True)
    oracle = Oracle(torch.zeros(2, 3, 64, 64))
    task = Stage1(config("lite"), oracle, source, source)  # type: ignore[arg-type]
    batch = batch_of(task)
    batch["supervised"].zero_()
    total, _ = task.loss(batch, 50)
    assert float(total.detach()) == 0


def test_what_lies_behind_one_person_is_one_picture() -> None:
    generator = torch.Generator().manual_seed(0)
    alphas = torch.softmax(3 * torch.randn(2, 3, 8, 8, generator=generator), dim=1)
    colours = torch.randn(2, 3, 3, 8, 8, generator=generator)
    image = (alphas[:, :, None] * colours).sum(dim=1)
    layer, rest = against_the_rest(alphas, colours, image)
    torch.testing.assert_close(alphas[:, :1] * layer[:, 0], rest, atol=1e-4, rtol=1e-4)


def test_finer_scales_are_used_in_their_unknown_areas_only() -> None:
    sure, unsure = torch.zeros(1, 3, 32, 32), torch.full((1, 3, 32, 32), 0.5)
    coarse = sure.clone()
    coarse[..., 10:12, 10:12] = 0.5
    places = {
        "unknown": torch.zeros(1, 1, 32, 32, dtype=torch.uint8),
        "chance": torch.tensor([0.7]),
        "sides": torch.tensor([[5, 3]]),
    }
    prediction = Prediction(coarse, sure + 0.25, unsure, sure)
    (os8, all8), (os4, area4), (os1, area1) = fuse_for_training(prediction, places, trimap_share=0.5)
    assert all8.all()
    assert torch.equal(os8, coarse)
    assert area4[0, 0, 8:14, 8:14].any()
    assert int(area4.sum()) < 40
    assert torch.equal(os4 == 0.25, area4.expand(-1, 3, -1, -1))
    assert (area1 >= area4).all()
    assert torch.equal(os1 == 0.5, area1.expand(-1, 3, -1, -1))
    # With the true trimap instead, nothing is unknown here.
    (_, _), (os4, area4), (os1, area1) = fuse_for_training(prediction, places, trimap_share=1.0)
    assert not area4.any()
    assert not area1.any()
    assert torch.equal(os1, coarse)


# --- Networks ---------------------------------------------------------------------------------------------------------


def test_the_published_start() -> None:
    torch.manual_seed(0)
    network = build("published", refiner=True)
    assert isinstance(network, InstMatt)
    state = network.state_dict()
    assert not state["encoder.conv1.module.weight_bar"][:, 3:].any()
    assert state["encoder.conv1.module.weight_bar"][:, :3].any()
    assert not state["encoder.layer2.0.bn2.weight"].any()
    assert state["decoder.layer2.0.bn2.weight"].all()
    assert network.refiner is not None
    assert build("mgm", refiner=True).refiner is None


def test_the_light_network_sees_the_photo_from_random_weights() -> None:
    torch.manual_seed(0)
    network = build("lite", refiner=False)
    assert isinstance(network, InstMattLite)
    with torch.no_grad():
        for features in network.trunk(torch.rand(1, 6, 64, 64) * 2 - 1):
            assert 0.05 < float(features.std()) < 50


def test_stage_2_begins_with_stage_1s_weights_and_nothing_else(tmp_path: Path) -> None:
    first = build("lite", refiner=False)
    save_file(first.state_dict(), tmp_path / "one.safetensors")
    second = build("lite", refiner=True)
    start_from(second, tmp_path / "one.safetensors")
    assert all(second.state_dict()[key].equal(value) for key, value in first.state_dict().items())
    with pytest.raises(WeightsError, match="another network"):
        start_from(build("mgm", refiner=False), tmp_path / "one.safetensors")


def test_an_encoder_that_knows_three_channels_is_filled_up_with_zeros(tmp_path: Path) -> None:
    torch.manual_seed(1)
    known = {key: value.clone() for key, value in build("published", refiner=False).encoder.state_dict().items()}
    bar = known["conv1.module.weight_bar"][:, :3].clone()
    known["conv1.module.weight_bar"] = bar
    known["conv1.module.weight_v"] = known["conv1.module.weight_v"][:27].clone()
    known = {key: value for key, value in known.items() if not key.startswith("shortcut")}
    save_file(known, tmp_path / "encoder.safetensors")
    torch.manual_seed(2)
    network = build("published", refiner=False)
    start_trunk_from(network, tmp_path / "encoder.safetensors")
    state = network.encoder.state_dict()
    assert torch.equal(state["conv1.module.weight_bar"][:, :3], bar)
    assert not state["conv1.module.weight_bar"][:, 3:].any()
    assert not state["conv1.module.weight_v"][27:].any()
    assert torch.equal(state["layer3.1.conv2.module.weight_bar"], known["layer3.1.conv2.module.weight_bar"])
    save_file({"something": torch.ones(3)}, tmp_path / "other.safetensors")
    with pytest.raises(WeightsError, match="another network"):
        start_trunk_from(network, tmp_path / "other.safetensors")
