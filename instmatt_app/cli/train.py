"""``instmatt train``: the paper's two stages, and weights for use from a checkpoint."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Without a terminal, a line about the steps appears at most this often.
QUIET_SECONDS = 60.0
# What the shell is told when somebody asked the run to end.
INTERRUPTED = 130


def add_to(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser(
        "train",
        help="train the networks",
        description="A run is a folder: it can be stopped at any time (Ctrl-C, --minutes) and goes on with --resume. "
        "docs/training.md explains configurations and data.",
    )
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT")
    for name, what in (("stage1", "the matting branch"), ("stage2", "the multi-instance refiner")):
        one = add_run(kinds, name, what)
        one.add_argument("--start", type=Path, metavar="FILE", help="weights to begin with, instead of the file's")
        one.set_defaults(run=run, prepare=_prepare_matting)
    # It uses what is below.
    from instmatt_app.cli import recogniser

    recogniser.add_to(kinds)
    out = kinds.add_parser("export", help="weights for use from a checkpoint, in half precision")
    out.add_argument("checkpoint", type=Path, help="last.pt or best.pt of a run")
    out.add_argument("file", type=Path, help="what to write, ending in .safetensors")
    out.add_argument("--overwrite", action="store_true")
    out.set_defaults(run=run_export)


def add_run(kinds: Any, name: str, what: str) -> argparse.ArgumentParser:
    """Add a kind of training with the options that all have."""
    parser: argparse.ArgumentParser = kinds.add_parser(name, help=f"train {what}", description=f"Train {what}.")
    parser.add_argument("--config", required=True, metavar="FILE", help="a .toml, or the name of a shipped one")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the run's folder")
    parser.add_argument(
        "--data", type=Path, default=Path(), metavar="DIR", help="where the configuration's paths begin (default: here)"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run in DIR, or begin if there is none")
    parser.add_argument("--minutes", type=float, metavar="N", help="stop cleanly before so many minutes are over")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps (default: auto)")
    parser.add_argument("--workers", type=int, metavar="N", help="processes that make samples, instead of the file's")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write the weights for use at the end")
    return parser


@dataclass(frozen=True)
class Prepared:
    """A task, its plan, and the configuration as text."""

    task: Any
    plan: Any
    config: str


def run(given: argparse.Namespace) -> int:
    """Train; returns 0 if all is done or the time is over, 1 if a file could not be written, 2 for wrong use, 130."""
    from instmatt_app.engine.device import choose_device
    from instmatt_app.training.checkpoint import BEST, LAST, export
    from instmatt_app.training.loop import Trainer
    from instmatt_app.training.processes import team

    line = Line()
    began = time.monotonic()
    prepare: Callable[[argparse.Namespace], Prepared] = given.prepare
    # What is wrong with configuration, data and weights is said in one sentence: all these errors are ValueErrors.
    try:
        with team(choose_device(given.device)) as members:
            prepared = prepare(given)
            plan = prepared.plan
            if given.workers is not None:
                plan = dataclasses.replace(plan, workers=max(0, given.workers))
            reporter = line if members.leads else Silent()
            trainer = Trainer(prepared.task, plan, given.out, members, reporter, prepared.config)
            # Opening and checking the data took its part of the time.
            minutes = None if given.minutes is None else given.minutes - (time.monotonic() - began) / 60
            outcome = trainer.run(given.resume, minutes)
            if members.leads and given.export is not None:
                best = given.out / BEST
                size = export(best if best.is_file() else given.out / LAST, given.export, overwrite=True)
                line.say(f"Wrote {given.export} ({size / 2**20:.1f} MiB).")
    except ValueError as wrong:
        line.say(f"instmatt train: {wrong}")
        return 2
    except OSError as error:
        line.say(f"instmatt train: {error}")
        return 1
    how = {"done": "Done", "time": "The time is over", "interrupted": "Asked to end"}[outcome.reason]
    go_on = "" if outcome.reason == "done" else "; go on with --resume"
    line.say(f"{how} at step {outcome.step} of {plan.steps}{go_on}.")
    return INTERRUPTED if outcome.reason == "interrupted" else 0


def run_export(given: argparse.Namespace) -> int:
    """Write weights; returns 0, 1 if the file could not be written, 2 if there are no weights."""
    from instmatt_app.training.checkpoint import export

    try:
        size = export(given.checkpoint, given.file, given.overwrite)
    except ValueError as wrong:
        print(f"instmatt train export: {wrong}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"instmatt train export: {error}", file=sys.stderr)
        return 1
    print(f"Wrote {given.file} ({size / 2**20:.1f} MiB).", file=sys.stderr)
    return 0


def _prepare_matting(given: argparse.Namespace) -> Prepared:
    import torch

    from instmatt_app.training.config import ConfigError, MattingConfig, find_config, read_config
    from instmatt_app.training.networks import build, start_from, start_trunk_from
    from instmatt_app.training.sources import open_data
    from instmatt_app.training.stage1 import Stage1
    from instmatt_app.training.stage2 import Stage2

    path = find_config(given.config)
    config = read_config(path, MattingConfig)
    torch.manual_seed(config.run.seed)
    network = build(config.network, refiner=given.kind == "stage2")
    if given.kind == "stage2" and not config.start and not given.start:
        raise ConfigError("Stage 2 needs the weights of stage 1: give --start FILE, or `start` in the configuration.")
    if config.trunk:
        start_trunk_from(network, given.data / config.trunk)
    if given.start is not None or config.start:
        start_from(network, given.start or given.data / config.start)
    sources = [open_data(config.data, given.data, validation) for validation in (False, True)]
    kind = Stage2 if given.kind == "stage2" else Stage1
    return Prepared(kind(config, network, *sources), config.run, path.read_text("utf-8"))


class Line:
    """Tells on stderr how a run goes: one line that is renewed on a terminal, now and then a line elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._open = False
        self._said = 0.0

    def progress(self, progress: Any) -> None:
        """See :class:`instmatt_app.training.run.Reporter`."""
        now = time.monotonic()
        if not self._terminal and now - self._said < QUIET_SECONDS:
            return
        self._said = now
        waiting = 100 * progress.data_seconds / max(progress.step_seconds, 1e-9)
        text = (
            f"step {progress.step}/{progress.steps}  loss {progress.loss:.4f}  rate {progress.lr:.2e}  "
            f"{progress.step_seconds:.2f} s a step ({waiting:.0f} % waiting)  {_clock(progress.left_seconds)} left"
        )
        if self._terminal:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
            self._open = True
        else:
            print(text, file=sys.stderr, flush=True)

    def say(self, sentence: str) -> None:
        """Print a line that stays."""
        if self._open:
            print(file=sys.stderr)
            self._open = False
        print(sentence, file=sys.stderr, flush=True)


class Silent:
    """The reporter of processes that do not lead."""

    def progress(self, progress: Any) -> None:
        """Nothing is said."""

    def say(self, sentence: str) -> None:
        """Nothing is said."""


def _clock(seconds: float) -> str:
    minutes = int(seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes} min"
