"""Matting data: samples that share a composition, in whatever order they are asked for."""

from pathlib import Path

import numpy as np
import pytest
from training.composition.drawn import a_folder

from instmatt_app.training.composition.backgrounds import Backgrounds
from instmatt_app.training.composition.composer import Composer
from instmatt_app.training.composition.cutouts import CutOuts
from instmatt_app.training.config import MattingConfig, find_config, read_config
from instmatt_app.training.matting import MattingData
from instmatt_app.training.networks import build
from instmatt_app.training.run import Plan
from instmatt_app.training.samples import SampleOptions, one_target
from instmatt_app.training.stage1 import Stage1


@pytest.fixture(scope="module")
def composer(tmp_path_factory: pytest.TempPathFactory) -> Composer:
    cutouts, backgrounds = a_folder(tmp_path_factory.mktemp("sources"))
    return Composer(CutOuts([cutouts], validation=False), Backgrounds([backgrounds], validation=False))


def test_samples_share_compositions_without_depending_on_the_order(composer: Composer) -> None:
    options = SampleOptions(crop=64, canvas=96, shared=2, flip=0, zoom=(1, 1), shear=0)
    asked: list[int] = []
    draw = composer.draw

    class Counting:
        def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> object:
            asked.append(1)
            return draw(rng, size)

    data = MattingData(Counting(), one_target, options, seed=3, stack=True)  # type: ignore[arg-type]
    there = [data.sample(5, position) for position in range(4)]
    assert len(asked) == 2
    back = [data.sample(5, position) for position in reversed(range(4))][::-1]
    for one, other in zip(there, back, strict=True):
        assert (one["image"] == other["image"]).all()
        assert (one["guidance"] == other["guidance"]).all()
    assert (there[0]["image"] != there[2]["image"]).any()


def test_the_trunk_of_the_light_network_has_its_own_rate(composer: Composer, tmp_path: Path) -> None:
    config = read_config(find_config("lite-stage1"), MattingConfig)
    assert isinstance(config.run, Plan)
    network = build("lite", refiner=False)
    groups = Stage1(config, network, composer, composer).groups()
    assert [group.get("scale", 1.0) for group in groups] == [1.0, config.trunk_rate]
    assert sum(len(group["params"]) for group in groups) == len(list(network.parameters()))
    assert {id(one) for one in groups[1]["params"]} == {id(one) for one in network.trunk.parameters()}
