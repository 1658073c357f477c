"""``instmatt train recogniser`` and ``instmatt train evaluate-recogniser``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from instmatt_app.cli.train import Prepared, add_run, run


def add_to(kinds: Any) -> None:
    """Add both to what can be trained."""
    trained = add_run(kinds, "recogniser", "the recogniser that comes with the program")
    trained.add_argument("--start", type=Path, metavar="FILE", help="weights to go on with, instead of the file's")
    trained.set_defaults(run=run, prepare=_prepare)
    about = "how many people a recogniser's weights find in the held-out photos"
    parser = kinds.add_parser("evaluate-recogniser", help=about, description=f"Say {about}.")
    parser.add_argument("weights", type=Path, metavar="FILE", help="exported weights, .safetensors")
    parser.add_argument(
        "--config", default="recogniser", metavar="FILE", help="whose [data] to use (default: the shipped)"
    )
    parser.add_argument(
        "--data", type=Path, default=Path(), metavar="DIR", help="where the configuration's paths begin"
    )
    parser.set_defaults(run=run_evaluation)


def _prepare(given: argparse.Namespace) -> Prepared:
    from instmatt_app.training.config import find_config, read_config
    from instmatt_app.training.recogniser import RecogniserConfig, recogniser_task

    path = find_config(given.config)
    config = read_config(path, RecogniserConfig)
    return Prepared(recogniser_task(config, given.data, given.start), config.run, path.read_text("utf-8"))


def run_evaluation(given: argparse.Namespace) -> int:
    """Print recall and precision; returns 0, or 2 for weights or data that cannot be used."""
    from instmatt_app.engine.recognisers.builtin import SCORE, VIEWS, load_people
    from instmatt_app.training.config import find_config, read_config
    from instmatt_app.training.recogniser import RecogniserConfig, open_scenes
    from instmatt_app.training.recogniser_evaluation import evaluate

    try:
        network = load_people(given.weights)
        config = read_config(find_config(given.config), RecogniserConfig)
        result = evaluate(network, open_scenes(config.data, given.data, check=False), VIEWS)
    except ValueError as wrong:
        print(f"instmatt train evaluate-recogniser: {wrong}", file=sys.stderr)
        return 2
    print("People of at least 2 % of the photo, at an intersection over union of 0.5:\n")
    print(f"{'':<34}{'photos':>7}{'people':>7}{'recall':>8}{'precision':>11}{'AP':>7}{'IoU':>7}")
    rows = [(kind, result.photos[kind], tally) for kind, tally in sorted(result.tallies.items())]
    several = sum(number for kind, number in result.photos.items() if kind.startswith("several"))
    rows += [("all with several people", several, result.several()), ("all", sum(result.photos.values()), result.all())]
    for name, photos, tally in rows:
        recall, precision = tally.at(SCORE)
        quality = sum(tally.overlaps) / max(len(tally.overlaps), 1)
        figures = f"{recall:>8.3f}{precision:>11.3f}{tally.average_precision():>7.3f}{quality:>7.3f}"
        print(f"{name:<34}{photos:>7}{tally.people:>7}{figures}")
    best, recall, precision = result.all().best()
    seconds = result.seconds / max(sum(result.photos.values()), 1)
    print(
        f"\nScores of at least {SCORE} count; over all photos {best:.2f} would give {recall:.3f} and {precision:.3f}."
    )
    print(f"{seconds:.2f} s a photo.")
    return 0
