"""``instmatt evaluate``: alphas against exact ones, in figures (IMQ, MQ, RQ)."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from instmatt_app.cli.progress import ProgressLine
from instmatt_app.core.metrics import METRICS, Quality
from instmatt_app.evaluation import page
from instmatt_app.evaluation.folders import BenchmarkError
from instmatt_app.evaluation.scoring import THRESHOLDS, Evaluation, as_json, score_folders
from instmatt_app.files.atomic import write_beside

COLUMNS = ("", *(metric.upper() if len(metric) == 3 else metric.title() for metric in METRICS))


def add_to(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser(
        "evaluate",
        help="how good alphas are, where exact ones are known",
        description="IMQ, MQ and RQ of the alphas in PRED_DIR. Each folder holds one folder per photo with NN.png in "
        "it; the root of a benchmark in HIM2K's form will do, too.",
    )
    parser.add_argument("predictions", metavar="PRED_DIR", type=Path)
    parser.add_argument("truths", metavar="GT_DIR", type=Path)
    add_scoring(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures, in points")
    parser.add_argument("--html", type=Path, metavar="FILE", help="all figures as a page")
    parser.set_defaults(run=run)


def add_scoring(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how figures are made."""
    parser.add_argument(
        "--iou", nargs="+", type=_share, default=list(THRESHOLDS), metavar="T", help="thresholds (default 0.5 0.75)"
    )
    parser.add_argument(
        "--missing",
        choices=("count", "skip"),
        default="count",
        help="photos without prediction: missed people (default), or left out as the released evaluation does",
    )
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N photos, by name")
    parser.add_argument("--jobs", type=positive, metavar="N", help="processes that score (default: as many as help)")


def run(given: argparse.Namespace) -> int:
    """Score the folders and print the figures; returns 0, 1 if a file could not be written, 2 if nothing fits."""
    with ProgressLine() as progress:
        progress.begin("evaluate")
        try:
            evaluation = score_folders(
                given.predictions, given.truths, given.iou, given.missing, given.limit, given.jobs, progress.step
            )
        except (BenchmarkError, OSError) as wrong:
            print(f"instmatt evaluate: {wrong}", file=sys.stderr)
            return 2
    print_notes(evaluation)
    console = Console()
    for one in evaluation.thresholds:
        console.print(_table(one))
    return write_results(
        "evaluate", given.json, as_json(evaluation), given.html, lambda: page.page("Evaluation", parts(evaluation))
    )


def write_results(command: str, json_file: Path | None, data: Any, html_file: Path | None, html: Any) -> int:
    """Write the JSON and the page that were asked for; returns the exit code. ``html()`` makes the page's bytes."""
    try:
        if json_file is not None:
            write_beside(json_file, json.dumps(data, indent=2).encode() + b"\n", overwrite=True)
        if html_file is not None:
            write_beside(html_file, html(), overwrite=True)
    except OSError as error:
        print(f"instmatt {command}: {error}", file=sys.stderr)
        return 1
    return 0


def print_notes(evaluation: Evaluation) -> None:
    """Say on stderr which photos were counted as missed or left out."""
    for sentence in _notes(evaluation):
        print(sentence, file=sys.stderr)


def parts(evaluation: Evaluation) -> list[str]:
    """The evaluation as parts of a page."""
    made = [page.paragraph(sentence) for sentence in _notes(evaluation)]
    for one in evaluation.thresholds:
        made += [page.heading(_title(one)), page.table(COLUMNS, _rows(one))]
    pairs = [
        (photo.name, photo.files[pair.prediction], photo.truths[pair.truth], f"{100 * pair.iou:.2f}",
         *(("–",) * 4 if pair.errors is None else (f"{getattr(pair.errors, metric):.5f}" for metric in METRICS[:4])))
        for photo in evaluation.photos
        for pair in photo.matching.pairs
    ]  # fmt: skip
    columns = ("Photo", "Prediction", "Truth", "IoU", "MAD", "MSE", "Grad", "Conn")
    return [*made, page.heading("Matched people"), page.table(columns, pairs)]


def _notes(evaluation: Evaluation) -> list[str]:
    said = {
        "Without prediction, counted as missed people": evaluation.missing,
        "Without prediction, left out": evaluation.skipped,
        "Predicted, but the truth is not known, left out": evaluation.strangers,
    }
    return [f"{what}: {', '.join(names)}." for what, names in said.items() if names]


def _title(one: Quality) -> str:
    return f"IoU ≥ {one.iou:g}: {one.tp} people found, {one.fn} missed, {one.fp} too many"


def _rows(one: Quality) -> list[list[str]]:
    values = (("IMQ", one.imq), ("MQ", one.mq), ("RQ", one.rq))
    return [[name, *(f"{100 * figures[metric]:.2f}" for metric in METRICS)] for name, figures in values]


def _table(one: Quality) -> Table:
    table = Table(title=_title(one), title_justify="left")
    for column in COLUMNS:
        table.add_column(column, justify="right" if column else "left")
    for row in _rows(one):
        table.add_row(*row)
    return table


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a threshold above 0 and up to 1")
    return value


def positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)
