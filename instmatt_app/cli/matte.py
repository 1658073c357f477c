"""``instmatt matte``: photos in, one layer per person out."""

from __future__ import annotations

import argparse
import json
import os
import string
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from instmatt_app import api
from instmatt_app.cli.progress import ProgressLine
from instmatt_app.cli.report import machine_report, photo_report
from instmatt_app.core.interfaces import MattingEngine
from instmatt_app.files.atomic import WriteError, write_beside
from instmatt_app.files.layer_writer import check_targets
from instmatt_app.files.mask_reader import find_masks
from instmatt_app.files.photo_reader import is_photo_name

NAME_FIELDS = ("photo", "number", "index", "name")
NAME_HELP = (
    "file name of each person without suffix; {index} counts from 0, {number} from 1, {name} is the person's name or "
    "the mask's, {photo} the photo's; {index:03} pads (default {index:02}, with --masks {name})"
)


class UsageError(ValueError):
    """A wrong use that concerns the whole run; the message is a sentence."""


@dataclass(frozen=True)
class _Job:
    """One photo of the run: where it is, and the folder its layers go to."""

    photo: Path
    folder: Path


def add_to(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser(
        "matte",
        help="photos in, one alpha layer per person out",
        description="Writes DIR/<photo stem>/00.png, 01.png … — one grey alpha per person — and, with --layers cutout "
        "or both, 00-cutout.png … in straight RGBA with clean colours.",
    )
    parser.add_argument("photos", nargs="+", metavar="PHOTO|FOLDER", type=Path)
    parser.add_argument("--out", required=True, metavar="DIR", type=Path, help="folder for the layers")
    people = parser.add_argument_group("people")
    people.add_argument(
        "--recogniser", choices=("auto", "detectron2", "torchvision", "builtin", "prompt"), default="auto"
    )
    people.add_argument(
        "--box", action="append", default=[], type=_box, metavar="X,Y,W,H", help="a box round one person; repeat it"
    )
    people.add_argument("--score", type=_share, default=0.7, metavar="S", help="least score of a person (default 0.7)")
    people.add_argument(
        "--min-area", type=_share, default=0.02, metavar="A", help="least share of the photo (default 0.02)"
    )
    people.add_argument(
        "--masks", type=Path, metavar="DIR", help="guidance masks: DIR/*.png, or DIR/<photo stem>/*.png"
    )
    matting = parser.add_argument_group("matting")
    matting.add_argument("--engine", choices=("auto", "instmatt", "closed-form"), default="auto")
    matting.add_argument("--model", metavar="NAME|FILE", help="a name of models.toml, or a .pth or .safetensors file")
    matting.add_argument("--refine", choices=("parallel", "cycle", "none"), default="parallel")
    matting.add_argument("--order", type=_order, default=(), metavar="2,1,3", help="the order of cycle, from 1")
    matting.add_argument("--passes", type=_whole(1, 100), default=2, metavar="N", help="most passes (default 2)")
    matting.add_argument(
        "--patch", type=_whole(21, 4096), metavar="N", help="side of the refinement's patches (default as released)"
    )
    matting.add_argument("--published", action="store_true", help="follow the released script to the letter")
    matting.add_argument(
        "--working-size", type=_whole(32, 16384), default=api.DEFAULT_WORKING_SIZE, metavar="N",
        help=f"long side that is matted, in pixels (default {api.DEFAULT_WORKING_SIZE})",
    )  # fmt: skip
    matting.add_argument("--detail", choices=("native", "none"), default="none")
    matting.add_argument("--device", type=_device, default="auto", metavar="auto|cpu|cuda|cuda:N|mps")
    output = parser.add_argument_group("output")
    output.add_argument("--layers", choices=("cutout", "alpha", "both"), default="alpha")
    output.add_argument("--format", choices=("png", "png16"), default="png")
    output.add_argument("--name", type=_template, metavar="TEMPLATE", help=NAME_HELP)
    output.add_argument("--report", type=Path, metavar="FILE.json", help="what was found, how well, how long")
    output.add_argument("--overwrite", action="store_true", help="replace layers that are there already")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Matte every photo; returns 0 if all were done, 1 if some failed, 2 on wrong use."""
    try:
        jobs, failures = _plan(given)
        options = _options(given)
        # Asked for once before the first photo, so that what is missing is wrong use and not a failure of every photo.
        engine = api.make_engine(options)
        if given.masks is None:
            api.make_recogniser(options)
    except (ValueError, api.NotReady) as wrong:
        print(f"instmatt matte: {wrong}", file=sys.stderr)
        return 2
    reports: list[dict[str, Any]] = []
    failed = [{"photo": str(path), "reason": reason} for path, reason in failures]
    with ProgressLine() as progress:
        for path, reason in failures:
            progress.say(f"{path}: {reason}")
        for job in jobs:
            progress.begin(job.photo.name)
            try:
                reports.append(_matte_one(job, options, engine, given, progress))
            except (ValueError, api.NotReady, OSError) as error:
                # Every error that concerns one photo or its layers is a ValueError or an OSError with a sentence.
                reason = _sentence(error)
            except MemoryError:
                reason = f"Not enough memory for this photo; try a smaller --working-size than {given.working_size}."
            else:
                continue
            failed.append({"photo": str(job.photo), "reason": reason})
            progress.say(f"{job.photo}: {reason}")
    if given.report is not None:
        try:
            _write_report(given.report, reports, failed)
        except WriteError as error:
            print(f"instmatt matte: {error}", file=sys.stderr)
            return 1
    return 1 if failed else 0


def _matte_one(
    job: _Job, options: api.MatteOptions, engine: MattingEngine, given: argparse.Namespace, progress: ProgressLine
) -> dict[str, Any]:
    if given.masks is not None:
        options = replace(options, masks=find_masks(given.masks, job.photo.stem))
    # Known before the work where it can be, so that nobody waits for a result that cannot be written.
    count = len(options.masks) or len(options.boxes)
    if count:
        check_targets(job.folder, _stems(given, job, _names(options)), given.layers, given.overwrite)
    result = api.matte(job.photo, options, engine=engine, step=progress.step)
    stems = _stems(given, job, [person.name for person in result.people])
    written = result.save(
        job.folder,
        layers=given.layers,
        format=given.format,
        stems=stems,
        overwrite=given.overwrite,
        step=progress.step,
    )
    for note in result.notes:
        progress.say(f"{job.photo.name}: {note}")
    for path in written:
        print(path, flush=True)
    return photo_report(job.photo, job.folder, result, written)


def _names(options: api.MatteOptions) -> list[str]:
    if options.masks:
        return [Path(path).stem for path in options.masks]
    return [f"Person {number}" for number in range(1, len(options.boxes) + 1)]


def _stems(given: argparse.Namespace, job: _Job, names: Sequence[str]) -> list[str]:
    template = given.name or ("{name}" if given.masks is not None else "{index:02}")
    return [
        template.format(photo=job.photo.stem, index=index, number=index + 1, name=name)
        for index, name in enumerate(names)
    ]


def _plan(given: argparse.Namespace) -> tuple[list[_Job], list[tuple[Path, str]]]:
    """The photos to do, and those that cannot be done with the reason."""
    if given.box and given.masks is not None:
        raise UsageError("Boxes and masks both say where the people are; give --box or --masks, not both.")
    if given.masks is not None and not given.masks.is_dir():
        raise UsageError(f"The masks folder {given.masks} is not there.")
    if given.out.exists() and not given.out.is_dir():
        raise UsageError(f"--out {given.out} is a file; name a folder.")
    if given.detail == "native":
        raise UsageError("Native detail is not part of this version; leave out --detail native.")
    failures: list[tuple[Path, str]] = []
    photos: list[Path] = []
    for path in given.photos:
        if not path.is_dir():
            photos.append(path)
            continue
        try:
            inside = sorted(entry for entry in path.iterdir() if entry.is_file() and is_photo_name(entry))
        except OSError as error:
            failures.append((path, f"The folder cannot be read: {error.strerror}."))
            continue
        if not inside:
            failures.append((path, "There is no photo in this folder (JPEG, PNG, TIFF, WebP or BMP)."))
        photos += inside
    jobs: list[_Job] = []
    taken: dict[Path, Path] = {}
    for photo in photos:
        folder = given.out / photo.stem
        if folder in taken:
            failures.append((photo, f"Its layers would go to the same folder as those of {taken[folder]}; rename it."))
            continue
        taken[folder] = photo
        jobs.append(_Job(photo, folder))
    return jobs, failures


def _options(given: argparse.Namespace) -> api.MatteOptions:
    return api.MatteOptions(
        recogniser=given.recogniser,
        boxes=given.box,
        engine=given.engine,
        model=given.model,
        refine=given.refine,
        order=given.order,
        passes=given.passes,
        published=given.published,
        working_size=given.working_size,
        device=given.device,
        patch=given.patch,
    )


def _write_report(path: Path, photos: list[dict[str, Any]], failed: list[dict[str, str]]) -> None:
    report = {"photos": photos, "failed": failed, **machine_report()}
    write_beside(path, json.dumps(report, indent=2, ensure_ascii=False).encode() + b"\n", overwrite=True)


def _sentence(error: Exception) -> str:
    text = str(error)
    if isinstance(error, FileExistsError):
        return f"{text.rstrip('.')} (--overwrite replaces them)."
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _box(text: str) -> tuple[int, int, int, int]:
    try:
        x, y, width, height = (round(float(part)) for part in text.split(","))
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a box; give X,Y,W,H in photo pixels") from None
    if width < 1 or height < 1:
        raise argparse.ArgumentTypeError(f"the box {text!r} has no area; width and height come after x and y")
    return x, y, width, height


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return parse


def _order(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is not an order; give people by number from 1, such as 2,1,3")
    order = tuple(int(part) for part in parts)
    for person in order:
        if order.count(person) > 1:
            raise argparse.ArgumentTypeError(f"the order {text!r} names person {person} twice; name each at most once")
    return order


def _device(text: str) -> str:
    family, _, number = text.partition(":")
    if text in ("auto", "cpu", "cuda", "mps") or (family == "cuda" and number.isdecimal()):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is not a device; use auto, cpu, cuda, cuda:N or mps")


def _template(text: str) -> str:
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        # Only plain names: a template must not reach into objects.
        unknown = [name for name in fields if name not in NAME_FIELDS]
        if not unknown:
            example = text.format(photo="photo", index=0, number=1, name="Person 1")
    except (ValueError, IndexError, KeyError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a name template; {NAME_HELP}") from None
    if unknown:
        raise argparse.ArgumentTypeError(f"the template field {{{unknown[0]}}} is unknown; {NAME_HELP}")
    if not example.strip() or any(part in example for part in ("/", "\\", "\0", os.sep)) or example in (".", ".."):
        raise argparse.ArgumentTypeError(f"{text!r} does not make a file name; leave out folders")
    return text
