"""Learning rate, gradient clipping and averaged weights: what the trainer does beside the loss."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

# The first step is not clipped in earnest: it only measures.
UNBOUNDED = 1e6
# A gradient may be this many times as long as the gradients of late, on average.
SLACK = 2.0
# How fast "of late" moves on.
MEMORY = 0.999


def learning_rate(step: int, lr: float, min_lr: float, warmup: int, cosine: int) -> float:
    """The rate of the step (from 0): lr · (step + 1) / warmup at first, then half a cosine of that length to min_lr."""
    if step < warmup:
        return lr * (step + 1) / warmup
    done = min((step - warmup) / max(cosine, 1), 1.0)
    return min_lr + (lr - min_lr) * (1 + math.cos(math.pi * done)) / 2


@dataclass
class Clipping:
    """Shortens gradients: to a fixed length, or as published to twice the average length of the steps before."""

    fixed: float | None = None
    average: float | None = None

    def clip(self, parameters: Iterable[nn.Parameter]) -> Tensor:
        """Shortens the gradients in place; returns their length before. Not finite: gradients are of no use."""
        limit = self.fixed or (UNBOUNDED if self.average is None else SLACK * self.average)
        norm: Tensor = nn.utils.clip_grad_norm_(parameters, limit)
        return norm

    def remember(self, norm: float) -> None:
        """Takes the length of a step that was made into the average."""
        self.average = norm if self.average is None else MEMORY * self.average + (1 - MEMORY) * norm


class AveragedWeights:
    """An exponential moving average of what is trained and of the normalisations' statistics.

    What is not trained, such as counters and the vectors of the spectral norm, is taken as it is. The average begins
    short and grows to `decay`, so that it does not drag the random beginning along.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.state = {key: value.detach().clone() for key, value in module.state_dict().items()}
        fixed = {name for name, parameter in module.named_parameters() if not parameter.requires_grad}
        self._moving = [key for key, value in self.state.items() if value.is_floating_point() and key not in fixed]

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Moves the average towards the module's present weights."""
        self.steps += 1
        share = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        now = module.state_dict()
        torch._foreach_lerp_([self.state[key] for key in self._moving], [now[key] for key in self._moving], share)
        moving = set(self._moving)
        for key, value in now.items():
            if key not in moving:
                self.state[key].copy_(value)
