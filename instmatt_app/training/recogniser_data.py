"""What the recogniser is asked of a scene: which place is whose, and whom it is to draw in which box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from instmatt_app.engine.network.people import STRIDE
from instmatt_app.training.recogniser_scenes import Scene, Scenes

NOBODY, UNKNOWN = -1, -2
# Places around a person's middle that are theirs: up to this share of the box, and up to so many strides.
NEAR_SHARE, NEAR_STRIDES = 0.25, 1.8
# Masks are learnt on boxes that are a little wrong, as found ones are: standard deviation of a side, of the box's size.
WRONG = 0.05
# Masks are kept at every second pixel.
MASK_STEP = 2


@dataclass(frozen=True)
class RecogniserData:
    """Batches of scenes, all drawn from (seed, step, position)."""

    scenes: Scenes
    sides: tuple[int, ...]  # each step has one of these
    seed: int

    def sample(self, step: int, position: int) -> dict[str, Any]:
        """A scene and the questions about it; a collated batch is described at :meth:`collate`."""
        side = self.sides[int(np.random.default_rng((self.seed, step)).integers(len(self.sides)))]
        rng = np.random.default_rng((self.seed, step, position))
        return asked(self.scenes.make(rng, side), rng)

    def collate(self, samples: list[dict[str, Any]]) -> dict[str, Tensor]:
        """N scenes with K people altogether.

        ``pictures`` float32 [N, 3, S, S], -1..1; ``owners`` int64 [N, P], per place the number of the person among the
        K, NOBODY or UNKNOWN; ``boxes`` float32 [K, 4]; ``people`` uint8 [N, S/8, S/8], 0..255: covered by people, with
        ``unknown`` bool of the same shape. For the M people with masks: ``masks`` uint8 [M, S/2, S/2]; ``picture``
        int64 [M]; ``drawn`` float32 [M, 4], the box to draw in; ``place`` int64 [M]; ``trust`` float32 [M].
        """
        pixels = torch.from_numpy(np.stack([sample["photo"] for sample in samples]))
        owners, before = [], 0
        for sample in samples:
            owners.append(np.where(sample["owners"] >= 0, sample["owners"] + before, sample["owners"]))
            before += len(sample["boxes"])
        counts = [len(sample["masks"]) for sample in samples]
        joined = {
            key: torch.from_numpy(np.concatenate([sample[key] for sample in samples]))
            for key in ("boxes", "masks", "drawn", "place", "trust")
        }
        return {
            "pictures": pixels.permute(0, 3, 1, 2).float() / 127.5 - 1,
            "owners": torch.from_numpy(np.stack(owners)),
            "people": torch.from_numpy(np.stack([sample["people"] for sample in samples])),
            "unknown": torch.from_numpy(np.stack([sample["unknown"] for sample in samples])),
            "picture": torch.from_numpy(np.repeat(np.arange(len(samples)), counts)),
            **joined,
        }


def asked(scene: Scene, rng: np.random.Generator) -> dict[str, Any]:
    """The sample of one scene; owners and places count within it."""
    side, figures = scene.side, scene.figures
    owners = owners_of_places(scene)
    covered = np.zeros((side, side), np.uint8)
    unknown = scene.ignore.copy()
    for figure in figures:
        if figure.mask is None:
            left, top, right, bottom = np.rint(figure.box).astype(int)
            unknown[top:bottom, left:right] = 255
        else:
            covered |= figure.mask
    unknown &= ~covered
    masks, drawn, place, trust = [], [], [], []
    for number, figure in enumerate(figures):
        own = np.flatnonzero(owners == number)
        if figure.mask is None or not len(own):
            continue
        masks.append(figure.mask[::MASK_STEP, ::MASK_STEP])
        size = np.tile(figure.box[2:] - figure.box[:2], 2)
        drawn.append(figure.box + size * rng.normal(0, WRONG, 4).clip(-0.15, 0.15))
        place.append(rng.choice(own))
        trust.append(figure.trust)
    half = side // MASK_STEP
    return {
        "photo": scene.photo,
        "owners": owners,
        "boxes": np.array([figure.box for figure in figures], np.float32).reshape(-1, 4),
        "people": cv2.resize(covered, (side // 8, side // 8), interpolation=cv2.INTER_AREA),
        "unknown": cv2.resize(unknown, (side // 8, side // 8), interpolation=cv2.INTER_AREA) > 0,
        "masks": np.array(masks, np.uint8).reshape(-1, half, half),
        "drawn": np.array(drawn, np.float32).reshape(-1, 4),
        "place": np.array(place, np.int64),
        "trust": np.array(trust, np.float32),
    }


def owners_of_places(scene: Scene) -> NDArray[np.int64]:
    """Whose each place is, [P]: a figure's number, NOBODY, or UNKNOWN where people may be.

    A person's places lie around the middle of the box, on the person where the mask is known; everybody has at least
    one unless smaller people took them all.
    """
    count = scene.side // STRIDE
    y, x = np.divmod(np.arange(count * count), count)
    x, y = (x + 0.5) * STRIDE, (y + 0.5) * STRIDE
    owners = np.full(count * count, NOBODY, np.int64)
    row, column = y.astype(int), x.astype(int)
    owners[scene.ignore[row, column] > 0] = UNKNOWN
    by_size = sorted(range(len(scene.figures)), key=lambda number: -_area(scene.figures[number].box))
    for number in by_size:
        figure = scene.figures[number]
        left, top, right, bottom = figure.box
        away_x = np.abs(x - (left + right) / 2)
        away_y = np.abs(y - (top + bottom) / 2)
        reach = NEAR_STRIDES * STRIDE
        near = (away_x <= min(NEAR_SHARE * (right - left), reach)) & (away_y <= min(NEAR_SHARE * (bottom - top), reach))
        on = figure.mask[row, column] > 0 if figure.mask is not None else np.ones(len(x), bool)
        if not (near & on).any():
            distance = np.hypot(away_x, away_y) + np.where(on, 0, 2 * STRIDE)
            near = on = distance == distance.min()
        owners[near & on] = number
    return owners


def _area(box: NDArray[np.float32]) -> float:
    return float((box[2] - box[0]) * (box[3] - box[1]))
