"""A toy task for the trainer: a small network with normalisation and dropout that learns to sharpen squares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from instmatt_app.training.run import Progress


class ToyData:
    def __init__(self, seed: int) -> None:
        self.seed = seed

    def sample(self, step: int, position: int) -> dict[str, Tensor]:
        rng = np.random.default_rng([self.seed, step, position])
        target = np.zeros((1, 12, 12), np.float32)
        y, x = rng.integers(0, 8, 2)
        target[:, y : y + 4, x : x + 4] = 1
        noisy = target + rng.normal(0, 0.5, target.shape).astype(np.float32)
        return {"noisy": torch.from_numpy(noisy), "target": torch.from_numpy(target)}

    def collate(self, samples: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        return {key: torch.stack([sample[key] for sample in samples]) for key in samples[0]}


class ToyTask:
    name = "toy"

    def __init__(self, seed: int = 0, plain: bool = False) -> None:
        torch.manual_seed(100 + seed)
        middle: list[nn.Module] = [] if plain else [nn.BatchNorm2d(8), nn.Dropout(0.2)]
        self.module: nn.Module = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), *middle, nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1)
        )
        self.data = ToyData(seed)

    def groups(self) -> list[dict[str, Any]]:
        return [{"params": list(self.module.parameters())}]

    def training_mode(self) -> None:
        self.module.train()

    def loss(self, batch: dict[str, Tensor], step: int) -> tuple[Tensor, Mapping[str, Tensor]]:
        made = self.module(batch["noisy"])
        square, absolute = F.mse_loss(made, batch["target"]), F.l1_loss(made, batch["target"])
        return square + absolute, {"square": square, "absolute": absolute}

    def validate(self) -> dict[str, float]:
        self.module.eval()
        batch = self.data.collate([ToyData(999).sample(0, position) for position in range(4)])
        return {"score": float(F.mse_loss(self.module(batch["noisy"]), batch["target"]))}


class Notes:
    """A reporter that remembers."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.reports: list[Progress] = []

    def progress(self, progress: Progress) -> None:
        self.reports.append(progress)

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)
