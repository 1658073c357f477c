"""What a run is: its plan, the task that is trained, who is told about it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from torch import Tensor, nn

from instmatt_app.training.feeding import Data
from instmatt_app.training.schedule import learning_rate


@dataclass(frozen=True)
class Plan:
    """How long and how a task is trained; a table [run] of the configuration."""

    steps: int
    batch: int  # samples a step, in every process
    lr: float
    min_lr: float = 0.0
    warmup: int = 0  # steps
    cosine: int = 0  # steps from the end of the warm-up to min_lr; 0: what is left
    optimiser: Literal["adam", "adamw"] = "adam"
    betas: tuple[float, float] = (0.5, 0.999)
    weight_decay: float = 0.0
    clip: float = 0.0  # length of a gradient at most; 0: twice the average of late, as published
    average: float = 0.0  # decay of the averaged weights; 0: none
    # Lower ones where the device has the units for them (CPUs: bfloat16 only), else float32.
    precision: Literal["float32", "bfloat16", "float16"] = "float32"
    channels_last: bool = False
    workers: int = 1  # processes that make samples
    threads: int = 0  # of torch on the CPU; 0: as many as it likes
    seed: int = 0
    log_every: int = 20  # steps
    validate_every: int = 1000  # steps; the end of the run is always validated
    checkpoint_minutes: float = 10.0

    def rate(self, step: int) -> float:
        """The learning rate of this step, from 0."""
        cosine = self.cosine or self.steps - self.warmup
        return learning_rate(step, self.lr, self.min_lr, self.warmup, cosine)


class Task(Protocol):
    """What is trained: a module, its samples, its loss and its validation."""

    @property
    def name(self) -> str:
        """What checkpoints of this task are called by: "stage1", "recogniser" …"""

    @property
    def module(self) -> nn.Module:
        """All that is saved. The trainer moves it to its device."""

    @property
    def data(self) -> Data:
        """Where samples come from."""

    def groups(self) -> list[dict[str, Any]]:
        """What is trained: for each group "params", and optionally "scale" (of the rate) and "weight_decay"."""

    def training_mode(self) -> None:
        """Puts every part of the module into the mode it is trained in; called before steps follow."""

    def loss(self, batch: Any, step: int) -> tuple[Tensor, Mapping[str, Tensor]]:
        """The loss and what it consists of. Random numbers must be drawn from the seed and the step alone."""

    def validate(self) -> Mapping[str, float]:
        """Figures of the module as it is; the one called "score" (smaller is better) chooses the best weights."""


@dataclass(frozen=True)
class Progress:
    """Where a run is; losses are means over the steps since the last report."""

    step: int
    steps: int
    loss: float
    lr: float
    step_seconds: float
    data_seconds: float  # the part of step_seconds in which samples were waited for
    left_seconds: float


class Reporter(Protocol):
    """Who is told."""

    def progress(self, progress: Progress) -> None:
        """Called every `log_every` steps."""

    def say(self, sentence: str) -> None:
        """Called for what happens now and then."""


@dataclass(frozen=True)
class Outcome:
    """How a run ended: all steps done, time used up, or asked to end."""

    reason: Literal["done", "time", "interrupted"]
    step: int
