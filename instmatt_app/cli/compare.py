"""``instmatt compare``: several methods on one benchmark, in the layout of the paper's table, and side by side."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from instmatt_app import api
from instmatt_app.cli.evaluate import add_scoring, positive, write_results
from instmatt_app.cli.progress import ProgressLine
from instmatt_app.core.metrics import Quality
from instmatt_app.evaluation import page
from instmatt_app.evaluation.comparison import Task, find_tasks, matte_all
from instmatt_app.evaluation.folders import (
    BenchmarkError,
    alpha_files,
    find_tags,
    read_alphas,
    read_tags,
)
from instmatt_app.evaluation.methods import METHODS, make_methods
from instmatt_app.evaluation.scoring import Evaluation, as_json, score_photos
from instmatt_app.files.photo_reader import read_photo

COLUMNS = ("Method", "IMQ mad", "IMQ mse", "IMQ grad", "IMQ conn", "MQ mad", "RQ")
SIDE = 320  # pixels, the long side of a picture on the page


def add_to(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser(
        "compare",
        help="several methods on one benchmark",
        description="Runs each method on the photos with the given masks, scores it against the exact alphas and "
        f"prints the paper's table. Methods: {METHODS}.",
    )
    parser.add_argument("photos", metavar="PHOTOS", type=Path, help="folder of photos, or a benchmark's root")
    parser.add_argument("--masks", required=True, type=Path, metavar="DIR", help="DIR/NAME/NN.png, or a root")
    parser.add_argument("--gt", required=True, type=Path, metavar="DIR", help="exact alphas, likewise")
    parser.add_argument("--methods", required=True, metavar="A,B,…", help=METHODS)
    parser.add_argument("--model", type=Path, metavar="FILE", help="weights for instmatt:… or mgm")
    parser.add_argument("--out", type=Path, metavar="DIR", help="keep the alphas; a later run goes on from them")
    parser.add_argument("--working", type=positive, default=api.DEFAULT_WORKING_SIZE, metavar="N")
    parser.add_argument("--device", default="auto", metavar="auto|cpu|cuda|mps")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--html", type=Path, metavar="FILE", help="one page with the pictures side by side")
    add_scoring(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Compare and print; returns 0, 1 if a photo failed or a file could not be written, 2 on wrong use."""
    try:
        tasks = find_tasks(given.photos, given.masks, given.gt, given.limit)
        found = find_tags(given.gt)
        tags = {} if found is None else read_tags(found)
        names = list(dict.fromkeys(name.strip() for name in given.methods.split(",")))
        methods = make_methods(names, given.model, given.working, given.device)
    except (ValueError, api.NotReady, OSError) as wrong:
        print(f"instmatt compare: {wrong}", file=sys.stderr)
        return 2
    failures: list[str] = []
    evaluations: dict[str, Evaluation] = {}
    made: dict[str, Mapping[str, Path]] = {}
    with tempfile.TemporaryDirectory() as temporary, ProgressLine() as progress:
        out = given.out or Path(temporary)
        truths = {task.name: task.truth for task in tasks}

        def failed(method: str, photo: str, error: Exception) -> None:
            failures.append(f"{method}, {photo}: {error}")
            progress.say(failures[-1])

        try:
            for name, method in methods.items():
                progress.begin(name)
                made[name] = matte_all(method, tasks, out, partial(failed, name), progress.step)
                evaluations[name] = score_photos(
                    made[name], truths, given.iou, given.missing, given.jobs, progress.step
                )
        except (BenchmarkError, OSError) as wrong:
            print(f"instmatt compare: {wrong}", file=sys.stderr)
            return 2
        groups = _groups(tags, tasks)
        Console().print(_sizes(given.working))
        for title, one in _tables(evaluations, groups):
            _print(title, one)
        data = {
            "working": given.working,
            "methods": {name: as_json(one) for name, one in evaluations.items()},
            "tags": {
                tag: {name: as_json(one.among(photos))["thresholds"] for name, one in evaluations.items()}
                for tag, photos in groups.items()
            },
            "failed": failures,
        }
        html = partial(_page, _sizes(given.working), tasks, made, evaluations, groups, failures)
        code = write_results("compare", given.json, data, given.html, html)
    return code or (1 if failures else 0)


def _sizes(working: int) -> str:
    """At what size the methods worked."""
    return f"Matted at a long side of {working} pixels and enlarged; with +native once more in native detail."


def _groups(tags: Mapping[str, Sequence[str]], tasks: Sequence[Task]) -> dict[str, list[str]]:
    """The photos of each tag."""
    groups: dict[str, list[str]] = {}
    for task in tasks:
        for tag in tags.get(task.name, ()):
            groups.setdefault(tag, []).append(task.name)
    return dict(sorted(groups.items()))


def _tables(
    evaluations: Mapping[str, Evaluation], groups: Mapping[str, Sequence[str]]
) -> list[tuple[str, list[list[str]]]]:
    """Titles and rows: everything at each threshold, then each tag at the first."""
    some = next(iter(evaluations.values()))
    tables = [
        (
            f"{len(some.photos)} photos, IoU ≥ {at.iou:g}",
            [_row(name, one.thresholds[index]) for name, one in evaluations.items()],
        )
        for index, at in enumerate(some.thresholds)
    ]
    for tag, photos in groups.items():
        rows = [_row(name, one.among(photos).thresholds[0]) for name, one in evaluations.items()]
        tables.append((f"“{tag}”: {len(photos)} photos, IoU ≥ {some.thresholds[0].iou:g}", rows))
    return tables


def _row(name: str, at: Quality) -> list[str]:
    figures = [at.imq["mad"], at.imq["mse"], at.imq["grad"], at.imq["conn"], at.mq["mad"], at.rq["mad"]]
    return [name, *(f"{100 * figure:.2f}" for figure in figures)]


def _print(title: str, rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == COLUMNS[0] else "right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _page(
    sizes: str,
    tasks: Sequence[Task],
    made: Mapping[str, Mapping[str, Path]],
    evaluations: Mapping[str, Evaluation],
    groups: Mapping[str, Sequence[str]],
    failures: Sequence[str],
) -> bytes:
    parts = [page.paragraph(sentence) for sentence in (sizes, *failures)]
    for title, rows in _tables(evaluations, groups):
        parts += [page.heading(title), page.table(COLUMNS, rows)]
    for task in tasks:
        photo = read_photo(task.photo)
        height, width = photo.height, photo.width
        exact = read_alphas(alpha_files(task.truth))
        parts += [page.heading(task.name), page.figure(photo.at(SIDE), "photo")]
        parts.append(page.figure(page.coloured(exact, height, width, SIDE), "truth"))
        for name, folders in made.items():
            if task.name in folders:
                alphas = read_alphas(alpha_files(folders[task.name]))
                at = evaluations[name].among([task.name]).thresholds[0]
                caption = f"{name}: IMQ mad {100 * at.imq['mad']:.2f}"
                parts.append(page.figure(page.coloured(alphas, height, width, SIDE), caption))
    return page.page("Comparison", parts)
