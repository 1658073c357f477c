"""The recogniser's losses, its figures, and a run on drawn people that makes them better."""

import json
import tomllib
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from training.drawn_photos import DATA, a_pack

from instmatt_app.cli import main
from instmatt_app.engine.network.mobilenet import MobileNetV2
from instmatt_app.engine.network.people import MASK, People
from instmatt_app.engine.recognisers.builtin import View
from instmatt_app.engine.weights import WeightsError
from instmatt_app.training.composition.archive import DataError
from instmatt_app.training.config import ConfigError, find_config, read_config
from instmatt_app.training.recogniser import RecogniserConfig, open_scenes, recogniser_task
from instmatt_app.training.recogniser_data import NOBODY, UNKNOWN
from instmatt_app.training.recogniser_evaluation import evaluate
from instmatt_app.training.recogniser_losses import mask_loss, overlaps, score_loss, targets
from instmatt_app.training.recogniser_scenes import Figure, Scene
from instmatt_app.training.recogniser_scores import Tally, joined


def test_unknown_places_are_not_asked() -> None:
    scores = torch.tensor([[3.0, -2.0, 1.0]], requires_grad=True)
    owners = torch.tensor([[UNKNOWN, NOBODY, 0]])
    quality = torch.tensor([[0.0, 0.0, 0.7]])
    score_loss(scores, quality, owners).backward()
    assert scores.grad is not None
    assert scores.grad[0, 0] == 0
    assert scores.grad[0, 1] > 0


def test_a_score_that_says_the_quality_costs_least() -> None:
    quality = torch.full((1, 1), 0.7)
    owners = torch.zeros(1, 1, dtype=torch.int64)
    right = torch.logit(quality)
    losses = [float(score_loss(right + off, quality, owners)) for off in (-1.0, 0.0, 1.0)]
    assert losses[1] == 0
    assert min(losses[0], losses[2]) > 0


def test_overlaps_of_boxes() -> None:
    found = torch.tensor([[0.0, 0, 2, 2], [0, 0, 2, 2], [0, 0, 2, 2]])
    true = torch.tensor([[0.0, 0, 2, 2], [1, 0, 3, 2], [4, 0, 6, 2]])
    share, generalised = overlaps(found, true)
    torch.testing.assert_close(share, torch.tensor([1, 1 / 3, 0]))
    torch.testing.assert_close(generalised, torch.tensor([1, 1 / 3, -1 / 3]))


def test_mask_loss_believes_people_as_far_as_they_are_trusted() -> None:
    logits = torch.zeros(2, 4, 4, requires_grad=True)
    truth = torch.ones(2, 4, 4)
    mask_loss(logits, truth, torch.tensor([1.0, 0.0])).backward()
    assert logits.grad is not None
    assert (logits.grad[0] < 0).all()
    assert (logits.grad[1] == 0).all()
    assert float(mask_loss(20 * (2 * truth - 1), truth, torch.ones(2))) == pytest.approx(0, abs=1e-6)
    assert float(mask_loss(torch.zeros(0, 4, 4), torch.zeros(0, 4, 4), torch.zeros(0))) == 0


def test_what_is_to_be_drawn_is_the_mask_inside_its_widened_box() -> None:
    masks = torch.zeros(1, 32, 32, dtype=torch.uint8)
    masks[0, 8:24, 10:20] = 255
    drawn = targets(masks, torch.tensor([[20.0, 16, 40, 48]]))
    assert drawn.shape == (1, MASK, MASK)
    inner = drawn[0, 6:-6, 6:-6]
    assert (inner == 1).all()
    assert drawn.mean() == pytest.approx(1 / 1.2**2, abs=0.03)


# --- Figures ----------------------------------------------------------------------------------------------------------


def a_scene(*figures: Figure) -> Scene:
    return Scene(np.zeros((100, 100, 3), np.uint8), np.zeros((100, 100), np.uint8), list(figures), 100, 100)


def mask(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    drawn = np.zeros((100, 100), bool)
    drawn[top:bottom, left:right] = True
    return drawn


def figure(left: int, top: int, right: int, bottom: int, masked: bool = True) -> Figure:
    box = np.array([left, top, right, bottom], np.float32)
    return Figure(box, mask(left, top, right, bottom).astype(np.uint8) * 255 if masked else None, 1.0, 1.0)


def test_hits_misses_and_second_findings() -> None:
    tally = Tally()
    people = (figure(0, 0, 20, 50), figure(50, 0, 70, 50))
    tally.add(a_scene(*people), [(mask(0, 0, 20, 45), 0.9), (mask(0, 0, 20, 40), 0.8), (mask(80, 60, 99, 99), 0.3)])
    assert tally.people == 2
    assert tally.hits == [True, False, False]
    assert tally.overlaps == [0.9]
    assert tally.at(0.5) == (0.5, 0.5)
    assert tally.at(0.95) == (0, 1)
    assert tally.average_precision() == 0.5
    assert tally.best() == (0.9, 0.5, 1.0)


def test_small_people_and_unknown_places_count_neither_way() -> None:
    tally = Tally()
    scene = a_scene(figure(0, 0, 12, 12), figure(30, 0, 50, 50, masked=False))
    scene.ignore[60:100, 60:100] = 255
    found = [
        (mask(0, 0, 12, 13), 0.9),
        (mask(30, 0, 50, 40), 0.9),
        (mask(62, 62, 99, 99), 0.9),
        (mask(0, 90, 8, 99), 0.9),
    ]
    tally.add(scene, found)
    assert tally.people == 0
    assert tally.hits == []
    other = Tally()
    other.add(a_scene(), [(mask(0, 0, 40, 40), 0.7)])
    assert other.hits == [False]
    both = joined([tally, other])
    assert (both.people, both.hits) == (0, [False])


# --- A run ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from safetensors.torch import save_file

    folder = a_pack(tmp_path_factory.mktemp("pack"))
    torch.manual_seed(0)
    save_file(MobileNetV2().state_dict(), folder / "trunk.safetensors")
    return folder


@pytest.fixture
def config() -> RecogniserConfig:
    shipped = read_config(find_config("recogniser"), RecogniserConfig)
    return replace(shipped, data=DATA, trunk="trunk.safetensors", sides=(96,))


@pytest.mark.parametrize("name", ["recogniser", "recogniser-long"])
def test_shipped_configurations_can_be_read(name: str) -> None:
    shipped = read_config(find_config(name), RecogniserConfig)
    assert bool(shipped.trunk) != bool(shipped.start)
    assert all(side % 32 == 0 for side in shipped.sides)


def test_a_few_steps_make_it_better(config: RecogniserConfig, pack: Path) -> None:
    task = recogniser_task(config, pack)
    task.training_mode()
    optimiser = torch.optim.Adam([parameter for group in task.groups() for parameter in group["params"]], 1e-3)

    def total(step: int) -> tuple[Tensor, dict[str, Tensor]]:
        loss, parts = task.loss(task.data.collate([task.data.sample(step, position) for position in range(4)]), step)
        return loss, dict(parts)

    before = sum(float(total(step)[0].detach()) for step in range(100, 103))
    for step in range(15):
        loss, parts = total(step)
        assert set(parts) == {"score", "box", "mask", "anybody"}
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert sum(float(total(step)[0].detach()) for step in range(100, 103)) < 0.8 * before


def test_the_trunk_s_first_blocks_stay(config: RecogniserConfig, pack: Path) -> None:
    task = recogniser_task(config, pack)
    names = {name for name, parameter in task.module.named_parameters() if not parameter.requires_grad}
    assert names
    assert all(name.split(".")[:2] == ["trunk", "features"] and int(name.split(".")[2]) < 4 for name in names)
    trained = [id(parameter) for group in task.groups() for parameter in group["params"]]
    assert len(trained) == len(set(trained)) == len(list(task.module.parameters())) - len(names)


def test_training_goes_on_from_weights(config: RecogniserConfig, pack: Path) -> None:
    from safetensors.torch import save_file

    torch.manual_seed(5)
    weights = People().state_dict()
    save_file({name: one.half() for name, one in weights.items()}, pack / "people.safetensors")
    begun = replace(config, trunk="", start="people.safetensors")
    for task in (recogniser_task(begun, pack), recogniser_task(config, pack, pack / "people.safetensors")):
        for name, one in task.module.state_dict().items():
            assert one.dtype == weights[name].dtype
            assert torch.equal(one, weights[name].half().to(one.dtype))
        task.training_mode()
        assert task.module.training
    with pytest.raises(ConfigError, match="`trunk` or `start`"):
        recogniser_task(replace(config, trunk=""), pack)
    with pytest.raises(WeightsError, match="does not fit the network that finds people"):
        recogniser_task(replace(begun, start="trunk.safetensors"), pack)


def test_validation_names_what_it_found(config: RecogniserConfig, pack: Path) -> None:
    task = recogniser_task(config, pack)
    figures = task.validate()
    assert figures["score"] == pytest.approx(1 - (figures["several_ap"] + figures["all_ap"]) / 2)
    assert 0 <= figures["all_recall"] <= 1


def test_evaluation_counts_every_kind_of_photo(pack: Path) -> None:
    torch.manual_seed(0)
    result = evaluate(People(), open_scenes(DATA, pack), (View(64), View(64, mirrored=True)))
    assert set(result.photos) == {"several people, drawn masks", "one person", "nobody"}
    assert result.several().people == 2 * result.photos["several people, drawn masks"]
    assert result.all().people == result.several().people + result.photos["one person"]
    assert result.seconds > 0


def test_the_command_that_evaluates(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from safetensors.torch import save_file

    torch.manual_seed(0)
    save_file(People().state_dict(), tmp_path / "people.safetensors")
    table = tomllib.loads(find_config("recogniser").read_text("utf-8"))["data"] | {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(DATA).items()
    }
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in table.items())
    (tmp_path / "drawn.toml").write_text(f'trunk = ""\n[run]\nsteps = 1\nbatch = 1\nlr = 1.0\n[data]\n{lines}\n')
    command = ["train", "evaluate-recogniser", "--config", str(tmp_path / "drawn.toml"), "--data", str(pack)]
    assert main([*command, str(tmp_path / "people.safetensors")]) == 0
    assert "all with several people" in capsys.readouterr().out
    assert main([*command, str(tmp_path / "none.safetensors")]) == 2
    assert "missing" in capsys.readouterr().err


def test_bad_configurations_and_data_are_explained(config: RecogniserConfig, pack: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"multiples of 32 from 64 on, not 100"):
        recogniser_task(replace(config, sides=(96, 100)), pack)
    with pytest.raises(WeightsError, match="missing"):
        recogniser_task(replace(config, trunk="none.safetensors"), pack)
    from safetensors.torch import save_file

    save_file({"some.weight": torch.zeros(1)}, pack / "other.safetensors")
    with pytest.raises(WeightsError, match="does not hold the weights of a MobileNetV2"):
        recogniser_task(replace(config, trunk="other.safetensors"), pack)
    (pack / "empty.json").write_text(json.dumps([]))
    with pytest.raises(DataError, match=r"empty\.json.*how good"):
        recogniser_task(replace(config, data=replace(DATA, street_quality="empty.json")), pack)
