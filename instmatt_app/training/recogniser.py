"""The recogniser's training: the task that the trainer is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from instmatt_app.engine.network.people import Found, People
from instmatt_app.engine.recognisers.builtin import View, load_people
from instmatt_app.engine.weights import WeightsError, read_state
from instmatt_app.training.composition.archive import Archive, DataError
from instmatt_app.training.composition.coco import CocoPeople
from instmatt_app.training.config import ConfigError
from instmatt_app.training.recogniser_data import RecogniserData
from instmatt_app.training.recogniser_evaluation import evaluate
from instmatt_app.training.recogniser_losses import losses
from instmatt_app.training.recogniser_scenes import Scenes
from instmatt_app.training.run import Plan

# Of a large set of photos the check opens about so many.
OPENED = 400
# Of the trunk's blocks these stay as ImageNet left them: edges and colours are nothing new, and they are half the cost.
FIXED_BLOCKS = 4
TRUNK_SCALE = 0.25
WEIGHTS = {"score": 1.0, "box": 1.5, "mask": 1.0, "anybody": 0.5}
# One look at each photo is enough to compare weights by.
VALIDATION_VIEWS = (View(448),)


@dataclass(frozen=True)
class SceneData:
    """[data]: files of the training pack, or others of the same form.

    ``photos`` and ``annotations``: a set in COCO's format, some of whose photos show nobody. ``street``: photos/ of one
    person each, with label maps in labels/; ``street_quality``: how far two opinions about each of them agree.
    ``video``: images/ with masks/. ``backgrounds``: pictures without people.
    """

    photos: tuple[str, ...]
    annotations: str
    street: tuple[str, ...]
    street_quality: str
    video: tuple[str, ...]
    backgrounds: tuple[str, ...]


@dataclass(frozen=True)
class RecogniserConfig:
    """A configuration of the recogniser.

    ``trunk``: weights of a MobileNetV2 that knows ImageNet, or ``start``: a recogniser's, to go on with. ``sides``:
    scenes of a step have one of these, in pixels.
    """

    run: Plan
    data: SceneData
    trunk: str = ""
    start: str = ""
    sides: tuple[int, ...] = (320, 384, 448)


def open_scenes(data: SceneData, folder: Path, check: bool = True) -> Scenes:
    """The files that the table names, from ``folder`` on. Raises DataError, with names, for what cannot be used."""
    people = CocoPeople([folder / name for name in data.photos], folder / data.annotations)
    try:
        quality = json.loads((folder / data.street_quality).read_text("utf-8"))["photos"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"“{data.street_quality}” does not say how good the street photos are ({error}).") from error
    if check:
        people.check(max(1, len(people) // OPENED))
    street, video, backgrounds = (
        Archive([folder / name for name in names]) for names in (data.street, data.video, data.backgrounds)
    )
    return Scenes(people, street, video, backgrounds, quality)


def recogniser_task(config: RecogniserConfig, folder: Path, start: Path | None = None) -> RecogniserTask:
    """The task of a configuration, its paths counted from ``folder``; ``start`` takes the place of the configuration's.

    Raises ConfigError, DataError or WeightsError for what cannot be used.
    """
    if start is None and config.start:
        start = folder / config.start
    if start is None and not config.trunk:
        raise ConfigError("Weights to begin with are lacking: give `trunk` or `start`.")
    if wrong := [side for side in config.sides if side < 64 or side % 32]:
        raise ConfigError(f"sides must be multiples of 32 from 64 on, not {wrong[0]}.")
    torch.manual_seed(config.run.seed)
    if start is not None:
        network = load_people(start)
    else:
        network = People()
        trunk = read_state(folder / config.trunk)
        try:
            network.trunk.start_from(trunk)
        except (KeyError, RuntimeError) as error:
            raise WeightsError(f"“{config.trunk}” does not hold the weights of a MobileNetV2.") from error
    return RecogniserTask(RecogniserData(open_scenes(config.data, folder), config.sides, config.run.seed), network)


class RecogniserTask:
    """Trains :class:`People` on scenes; validated on the held-out photos whose people all have masks."""

    name = "recogniser"

    def __init__(self, data: RecogniserData, network: People) -> None:
        for parameter in network.trunk.features[:FIXED_BLOCKS].parameters():
            parameter.requires_grad_(False)
        self._network = network
        self._data = data

    @property
    def module(self) -> nn.Module:
        return self._network

    @property
    def data(self) -> RecogniserData:
        return self._data

    def groups(self) -> list[dict[str, Any]]:
        """The trunk learns slower than what begins at random."""
        trunk = [parameter for parameter in self._network.trunk.parameters() if parameter.requires_grad]
        rest = [parameter for name, parameter in self._network.named_parameters() if not name.startswith("trunk.")]
        return [{"params": trunk, "scale": TRUNK_SCALE}, {"params": rest}]

    def training_mode(self) -> None:
        self._network.train()

    def loss(self, batch: Mapping[str, Tensor], step: int) -> tuple[Tensor, Mapping[str, Tensor]]:
        found = self._network(batch["pictures"])
        logits = self._network.draw(found, batch["picture"], batch["drawn"], batch["place"])
        with torch.autocast(logits.device.type, enabled=False):
            parts = losses(Found(*(plane.float() for plane in found)), logits.float(), batch)
        return torch.stack([weight * parts[name] for name, weight in WEIGHTS.items()]).sum(), parts

    def validate(self) -> Mapping[str, float]:
        """Average precision, best recall and precision; "score" is 1 minus the mean of the two average precisions."""
        result = evaluate(self._network, self._data.scenes, VALIDATION_VIEWS)
        several, everybody = result.several(), result.all()
        figures = {"score": 1 - (several.average_precision() + everybody.average_precision()) / 2}
        for name, tally in (("several", several), ("all", everybody)):
            threshold, recall, precision = tally.best()
            figures |= {
                f"{name}_ap": tally.average_precision(),
                f"{name}_recall": recall,
                f"{name}_precision": precision,
                f"{name}_threshold": threshold,
                f"{name}_iou": float(np.mean(tally.overlaps)) if tally.overlaps else 0.0,
            }
        return figures
