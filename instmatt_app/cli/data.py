"""``instmatt data``: cut-outs from labelled photos, and benchmarks composed of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instmatt_app.cli.progress import ProgressLine

if TYPE_CHECKING:
    from instmatt_app.training.composition.archive import Archive
    from instmatt_app.training.composition.cutouts import Labelled


def add_to(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser("data", help="data for training and evaluation: cut-outs, composed benchmarks")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT")

    cutouts = kinds.add_parser(
        "cutouts",
        help="people cut out of labelled photos",
        description="Mattes the people of labelled photos anew and writes NAME.png, straight RGBA, one per person, and "
        "NAME-hair.png where the labels say where hair is. People who are there already are passed over.",
    )
    form = cutouts.add_mutually_exclusive_group(required=True)
    form.add_argument(
        "--labels",
        nargs="+",
        type=Path,
        metavar="SOURCE",
        help="photos/NAME.jpg and labels/NAME.png, in folders or tars",
    )
    form.add_argument(
        "--drawn", nargs="+", type=Path, metavar="SOURCE", help="images/SEQUENCE/N.jpg and masks/SEQUENCE/N.png"
    )
    form.add_argument("--coco", nargs="+", type=Path, metavar="SOURCE", help="photos of a set in COCO's format")
    cutouts.add_argument("--annotations", type=Path, metavar="JSON", help="the list that belongs to --coco")
    cutouts.add_argument("--least-side", type=int, default=300, metavar="N", help="of a person of --coco, in pixels")
    cutouts.add_argument("--hair", type=int, default=-1, metavar="ID", help="the label of hair, for --labels")
    cutouts.add_argument("--quality", type=Path, metavar="JSON", help='{"photos": {NAME: {"agree": 0..1}}}')
    cutouts.add_argument("--least-agreement", type=float, default=0.9, metavar="A", help="for --quality (default 0.9)")
    cutouts.add_argument("--kind-name", default="person", metavar="NAME", help="begins the names of the files")
    cutouts.add_argument("--out", type=Path, required=True, metavar="DIR")
    cutouts.set_defaults(run=run_cutouts)

    compose = kinds.add_parser(
        "compose",
        help="a benchmark with exact alphas",
        description="Composes photos of two to five people with exact alphas, rough masks and tags, in HIM2K's form, "
        "for `evaluate` and `compare`.",
    )
    compose.add_argument("--cutouts", nargs="+", type=Path, required=True, metavar="DIR")
    compose.add_argument("--backgrounds", nargs="+", type=Path, required=True, metavar="SOURCE")
    compose.add_argument("--coco", nargs="+", type=Path, metavar="SOURCE", help="its photos without people, too")
    compose.add_argument("--annotations", type=Path, metavar="JSON", help="the list that belongs to --coco")
    compose.add_argument("--count", type=int, default=100, metavar="N")
    compose.add_argument("--seed", type=int, default=0, metavar="N")
    compose.add_argument(
        "--people",
        nargs="+",
        type=float,
        default=[0, 0.4, 0.3, 0.2, 0.1],
        metavar="P",
        help="how often there are one, two, three … people (default 0 0.4 0.3 0.2 0.1)",
    )
    compose.add_argument(
        "--sizes", nargs="+", type=_size, default=[(768, 1024), (960, 720)], metavar="WxH", help="in turn"
    )
    compose.add_argument("--split", choices=("validation", "training"), default="validation")
    compose.add_argument("--out", type=Path, required=True, metavar="DIR")
    compose.set_defaults(run=run_compose)


def run_cutouts(given: argparse.Namespace) -> int:
    """Cut out everybody; returns 0, or 2 if the data cannot be used."""
    from instmatt_app.training.composition.archive import DataError
    from instmatt_app.training.composition.cutouts import write_cutouts

    try:
        people = _labelled(given)
        with ProgressLine() as progress:
            progress.begin("cut-outs")
            count = write_cutouts(people, given.out, progress.step)
    except (DataError, OSError) as wrong:
        print(f"instmatt data cutouts: {wrong}", file=sys.stderr)
        return 2
    print(f"{count} people were cut out; they are in {given.out}.", file=sys.stderr)
    return 0


def _labelled(given: argparse.Namespace) -> list[Labelled] | Iterable[Labelled]:
    from instmatt_app.training.composition import cutouts
    from instmatt_app.training.composition.archive import Archive, DataError
    from instmatt_app.training.composition.coco import CocoPeople

    if given.coco:
        if given.annotations is None:
            raise DataError("Photos in COCO's format (--coco) need their list (--annotations FILE.json).")
        return cutouts.from_coco(CocoPeople(given.coco, given.annotations), given.least_side)
    archive = Archive(given.labels or given.drawn)
    if given.drawn:
        return cutouts.from_masks(archive, _names(archive, "images/"), given.kind_name)
    names = _names(archive, "photos/")
    if given.quality is not None:
        agreement = json.loads(given.quality.read_text("utf-8"))["photos"]
        names = [name for name in names if agreement.get(name, {}).get("agree", 0) >= given.least_agreement]
    return cutouts.from_labels(archive, names, given.hair, given.kind_name)


def _names(archive: Archive, folder: str) -> list[str]:
    found = [name for name in archive.pictures if name.startswith(folder)]
    return sorted(name.removeprefix(folder).rpartition(".")[0] for name in found)


def run_compose(given: argparse.Namespace) -> int:
    """Compose a benchmark; returns 0, or 2 if the data cannot be used."""
    from instmatt_app.training.composition.archive import DataError
    from instmatt_app.training.composition.backgrounds import Backgrounds
    from instmatt_app.training.composition.benchmark import write_benchmark
    from instmatt_app.training.composition.coco import CocoPeople
    from instmatt_app.training.composition.composer import Composer, Recipe
    from instmatt_app.training.composition.cutouts import CutOuts

    validation = given.split == "validation"
    try:
        if given.coco and given.annotations is None:
            raise DataError("Photos in COCO's format (--coco) need their list (--annotations FILE.json).")
        coco = CocoPeople(given.coco, given.annotations) if given.coco else None
        total = sum(given.people)
        if total <= 0 or min(given.people) < 0:
            raise DataError("--people needs shares that are not negative and not all zero.")
        recipe = Recipe(people=tuple(share / total for share in given.people))
        cutouts = CutOuts(given.cutouts, validation)
        composer = Composer(cutouts, Backgrounds(given.backgrounds, validation, coco), recipe)
        with ProgressLine() as progress:
            progress.begin("compose")
            notes = {"split": given.split, "cut-outs": len(cutouts), "people": given.people}
            write_benchmark(composer, given.out, given.count, given.sizes, given.seed, notes, progress.step)
    except (DataError, OSError) as wrong:
        print(f"instmatt data compose: {wrong}", file=sys.stderr)
        return 2
    return 0


def _size(text: str) -> tuple[int, int]:
    """WxH as (h, w)."""
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) >= 32 and int(height) >= 32):
        raise argparse.ArgumentTypeError(f"{text!r} is no size like 1024x768")
    return int(height), int(width)
