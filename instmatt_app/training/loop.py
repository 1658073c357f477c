"""The trainer: steps, validation, checkpoints and scalars for whatever task it is given.

A run is a folder. It can be stopped at any step, by a time budget, Ctrl-C or a power cut, and goes on from its last
checkpoint; on the CPU the weights then become what they would have become without the stop, to the last bit.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from instmatt_app.engine.device import has_bfloat16
from instmatt_app.training.checkpoint import (
    BEST,
    LAST,
    RunError,
    random_states,
    read_checkpoint,
    restore_random_states,
    write_checkpoint,
)
from instmatt_app.training.feeding import SampleError, batches, moved
from instmatt_app.training.processes import Team
from instmatt_app.training.run import Outcome, Plan, Progress, Reporter, Task
from instmatt_app.training.scalars import Board, Table
from instmatt_app.training.schedule import AveragedWeights, Clipping
from instmatt_app.training.surroundings import faded_is_zero, requests_to_end, threads

# After so many steps in a row whose gradients are no numbers, the run has run away.
HOPELESS = 20


class _Loss(nn.Module):
    """The task's loss as a module's forward, which is what DistributedDataParallel listens to."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.module = task.module
        self._task = task

    def forward(self, batch: Any, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        total, parts = self._task.loss(batch, step)
        return total, {name: part.detach() for name, part in parts.items()}


class Trainer:
    """One run of a task in a folder."""

    def __init__(self, task: Task, plan: Plan, folder: Path, team: Team, reporter: Reporter, config: str = "") -> None:
        """Nothing is read or written yet. `config` is kept with the checkpoints, as text."""
        self._task, self._plan, self._folder, self._team, self._reporter = task, plan, folder, team, reporter
        self._config = config
        self._device = team.device
        self._step = 0
        self._validated = 0
        self._seconds = 0.0
        self._best: dict[str, float] = {}
        self._sums: dict[str, float] = {}
        self._useless = 0
        self._validation_seconds = 0.0
        self._write_seconds = 1.0
        torch.manual_seed(plan.seed)
        module = task.module.to(self._device)
        if team.size > 1 and self._device.startswith("cuda"):
            # Changes the normalisations inside; parameters and names stay.
            nn.SyncBatchNorm.convert_sync_batchnorm(module)  # type: ignore[no-untyped-call]
        if plan.channels_last:
            module.to(memory_format=torch.channels_last)
        self._clipping = Clipping(plan.clip or None)
        self._average = AveragedWeights(module, plan.average) if plan.average else None
        groups = [{"scale": 1.0, **group} for group in task.groups()]
        self._trained = [parameter for group in groups for parameter in group["params"]]
        kind = torch.optim.AdamW if plan.optimiser == "adamw" else torch.optim.Adam
        self._optimiser = kind(
            groups, plan.lr, plan.betas, weight_decay=plan.weight_decay, fused=not self._device.startswith("mps")
        )
        half = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}[plan.precision]
        there = self._device.startswith("cuda") or (self._device == "cpu" and half == torch.bfloat16 and has_bfloat16())
        self._half = half if there else None
        self._scaler = torch.amp.GradScaler("cuda", enabled=self._half == torch.float16)
        loss = _Loss(task)
        self._loss: nn.Module = DistributedDataParallel(loss) if team.size > 1 else loss

    def run(self, resume: bool = False, minutes: float | None = None) -> Outcome:
        """Trains until all steps are done, the minutes are over or somebody asks to end, and writes a checkpoint.

        Raises RunError if there is a run in the folder already and it is not to be resumed, if the folder's run is
        another task's, or if the gradients are no longer numbers; SampleError for data that turn out to be bad.
        """
        began = time.monotonic()
        self._begin(resume)
        team, plan = self._team, self._plan
        self._scalars = Table(self._folder / "training.csv", self._step) if team.leads else None
        self._figures = Table(self._folder / "validation.csv", self._step) if team.leads else None
        self._board = Board(self._folder, self._step) if team.leads else None
        self._task.training_mode()
        feed = batches(
            self._task.data,
            self._step,
            plan.steps,
            plan.batch,
            team.rank,
            plan.workers,
            self._device.startswith("cuda"),
        )
        first, last_write, base = self._step, time.monotonic(), self._seconds
        longest = 0.0
        with requests_to_end() as asked, faded_is_zero(), threads(plan.threads):
            while True:
                spent = time.monotonic() - began
                left = math.inf if minutes is None else 60 * minutes - spent - self._write_seconds
                due = self._step > self._validated and (
                    self._step == plan.steps or self._step % plan.validate_every == 0
                )
                # At least one step or validation is made in every run, however short.
                late = self._step > first and left < (self._validation_seconds if due else longest)
                if due and not team.any(late) and not team.any(asked.is_set()):
                    self._validate()
                    continue
                if self._step == plan.steps and not due:
                    reason: Literal["done", "time", "interrupted"] = "done"
                    break
                if team.any(asked.is_set()):
                    reason = "interrupted"
                    break
                if team.any(late):
                    reason = "time"
                    break
                start = time.monotonic()
                try:
                    self._one_step(feed)
                except SampleError:
                    # Bad data were met: nothing that was learnt is lost by them.
                    self._write()
                    raise
                longest = max(longest, time.monotonic() - start) if self._step > first + 1 else 0.0
                self._seconds = base + time.monotonic() - began
                if time.monotonic() - last_write > 60 * plan.checkpoint_minutes:
                    self._write()
                    last_write = time.monotonic()
            self._write()
        if self._board is not None:
            self._board.close()
        return Outcome(reason, self._step)

    def _begin(self, resume: bool) -> None:
        last = self._folder / LAST
        if not last.is_file():
            if self._team.leads:
                self._folder.mkdir(parents=True, exist_ok=True)
            self._team.wait()
            return
        if not resume:
            raise RunError(f"“{self._folder}” holds a run already; go on with --resume, or choose another folder.")
        stored = read_checkpoint(last)
        if stored["task"] != self._task.name:
            raise RunError(f"“{self._folder}” holds a run of {stored['task']}, not of {self._task.name}.")
        if stored["config"] != self._config:
            self._reporter.say("The configuration has changed since the run began; the new one is used from here on.")
        try:
            self._task.module.load_state_dict(stored["state_dict"])
            self._optimiser.load_state_dict(stored["optimiser"])
            if self._average is not None and stored["average"]:
                self._average.state = moved(stored["average"]["state"], self._device, False)
                self._average.steps = stored["average"]["steps"]
        except (RuntimeError, ValueError, KeyError) as error:
            raise RunError(f"The run in “{self._folder}” is of another network than the configuration's.") from error
        self._scaler.load_state_dict(stored["scaler"])
        restore_random_states(stored["random"])
        self._step, self._validated, self._seconds = stored["step"], stored["validated"], stored["seconds"]
        self._best, self._sums = stored["best"], stored["sums"]
        self._clipping.average = stored["gradient"]
        self._validation_seconds = stored["validation_seconds"]
        self._reporter.say(f"Going on at step {self._step} of {self._plan.steps}.")

    def _one_step(self, feed: Iterator[Any]) -> None:
        plan = self._plan
        start = time.monotonic()
        batch = moved(next(feed), self._device, plan.channels_last)
        waited = time.monotonic() - start
        rate = plan.rate(self._step)
        for group in self._optimiser.param_groups:
            group["lr"] = rate * group["scale"]
        with torch.autocast(self._device.partition(":")[0], self._half, enabled=self._half is not None):
            total, parts = self._loss(batch, self._step)
        self._scaler.scale(total).backward()
        self._scaler.unscale_(self._optimiser)
        norm = float(self._clipping.clip(self._trained))
        usable = math.isfinite(norm)
        if usable:
            self._scaler.step(self._optimiser)
            self._clipping.remember(norm)
            if self._average is not None:
                self._average.update(self._task.module)
        self._scaler.update()
        self._optimiser.zero_grad(set_to_none=True)
        self._step += 1
        self._useless = 0 if usable else self._useless + 1
        if self._useless == HOPELESS:
            raise RunError(
                f"The gradients have been no numbers for {HOPELESS} steps, up to step {self._step}; lower the rate."
            )
        if usable:
            values = {"loss": float(total.detach()), **{name: float(part) for name, part in parts.items()}}
            self._count({**values, "gradient": norm, "usable_steps": 1.0})
        self._count({"steps": 1.0, "step_seconds": time.monotonic() - start, "data_seconds": waited})
        if self._step % plan.log_every == 0 or self._step == plan.steps:
            self._log(rate)

    def _count(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._sums[name] = self._sums.get(name, 0.0) + value

    def _log(self, rate: float) -> None:
        sums, self._sums = self._sums, {}
        steps, usable = sums.pop("steps"), sums.pop("usable_steps", 0.0)
        row: dict[str, float] = {"step": self._step, "lr": rate}
        timed = {name: sums.pop(name) / steps for name in ("step_seconds", "data_seconds")}
        row |= {name: value / usable for name, value in sums.items()}
        row |= {"skipped": int(steps - usable), **timed}
        if self._scalars is not None and self._board is not None:
            self._scalars.add(row)
            self._board.add("training", row)
            left = (self._plan.steps - self._step) * timed["step_seconds"]
            self._reporter.progress(
                Progress(self._step, self._plan.steps, row.get("loss", math.nan), rate, **timed, left_seconds=left)
            )

    def _validate(self) -> None:
        start = time.monotonic()
        if self._figures is not None and self._board is not None:
            with self._weights_for_use(), torch.no_grad():
                figures = dict(self._task.validate())
                better = "score" in figures and not figures["score"] >= self._best.get("score", math.inf)
                if better:
                    self._best = {"score": figures["score"], "step": self._step}
                    best = {"state_dict": self._task.module.state_dict(), "score": figures["score"]}
                    write_checkpoint(self._folder / BEST, {**self._label(), **best})
            row = {"step": self._step, **figures}
            self._figures.add(row)
            self._board.add("validation", row)
            text = ", ".join(f"{name} {value:.4g}" for name, value in figures.items())
            self._reporter.say(f"Validation at step {self._step}: {text}{' (best so far)' if better else ''}.")
        self._validated = self._step
        self._task.training_mode()
        self._team.wait()
        self._validation_seconds = time.monotonic() - start

    @contextlib.contextmanager
    def _weights_for_use(self) -> Iterator[None]:
        """The averaged weights in the module's place, for a while."""
        if self._average is None:
            yield
            return
        module = self._task.module
        present = {key: value.clone() for key, value in module.state_dict().items()}
        module.load_state_dict(self._average.state)
        try:
            yield
        finally:
            module.load_state_dict(present)

    def _label(self) -> dict[str, Any]:
        return {"task": self._task.name, "config": self._config, "step": self._step}

    def _write(self) -> None:
        if not self._team.leads:
            return
        start = time.monotonic()
        average = self._average
        content = {
            **self._label(),
            "state_dict": self._task.module.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "average": {"state": average.state, "steps": average.steps} if average else None,
            "scaler": self._scaler.state_dict(),
            "random": random_states(),
            "gradient": self._clipping.average,
            "best": self._best,
            "sums": self._sums,
            "validated": self._validated,
            "seconds": self._seconds,
            "validation_seconds": self._validation_seconds,
        }
        write_checkpoint(self._folder / LAST, content)
        self._write_seconds = time.monotonic() - start
