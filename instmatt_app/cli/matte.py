"""``instmatt matte``: photos in, one layer per person out."""

from __future__ import annotations

import argparse
import io
import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from instmatt_app import api
from instmatt_app.api.exporting import Export
from instmatt_app.cli.journal import NAME as JOURNAL
from instmatt_app.cli.journal import Journal
from instmatt_app.cli.overlap import overlapped
from instmatt_app.cli.plan import Job, edge_option, export_options, make_plan
from instmatt_app.cli.progress import ProgressLine
from instmatt_app.cli.report import machine_report, photo_report
from instmatt_app.core.edges import LIMITS, Edge
from instmatt_app.core.interfaces import MattingEngine, Recogniser, Step
from instmatt_app.core.photo import Photo
from instmatt_app.files.atomic import write_beside
from instmatt_app.files.export_options import LAYERS_KINDS, ExportOptions, check_template
from instmatt_app.files.formats import DOCUMENTS, FORMATS, check_size
from instmatt_app.files.mask_reader import find_masks
from instmatt_app.files.profiles import PROFILES

# While a photo with more pixel data than this is worked on, no other is read or written: 50 megapixels of 8 bits.
LARGE_BYTES = 150_000_000
NAME_HELP = (
    "file name of each person without suffix; {index} counts from 0, {number} from 1, {name} is the person's name or "
    "the mask's, {photo} the photo's; {index:03} pads (default {index:02}, with --masks {name})"
)
EDGES = {
    "fill_holes": "everybody's outline: fill holes up to so many photo pixels across",
    "drop_specks": "drop loose pieces up to so many photo pixels across",
    "smooth": "smooth the outline over this radius",
    "shift": "grow (or, negative, shrink: --edge-shift=-2) by so many photo pixels",
    "feather": "soften the outline by this standard deviation",
    "contrast": "make the outline steeper, at 100 hard",
}


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
        "--box",
        action="append",
        default=[],
        type=_box,
        metavar="X,Y,W,H",
        help="a box round one person; repeat it (write --box=-9,… if it begins outside)",
    )
    people.add_argument("--score", type=_share, metavar="S", help="least score of a person (default 0.7)")
    people.add_argument("--min-area", type=_share, metavar="A", help="least share of the photo (default 0.02)")
    people.add_argument(
        "--masks", type=Path, metavar="DIR", help="guidance masks: DIR/*.png, or DIR/<photo stem>/*.png"
    )
    people.add_argument(
        "--hints", type=Path, metavar="DIR",
        help="strokes: a grey PNG per person, of the photo's size, in order of names: 1 this person, 2 another person, "
        "3 not this person, 4 undecided; in DIR or DIR/<photo stem>",
    )  # fmt: skip
    people.add_argument(
        "--pins", type=Path, metavar="DIR", help="pinned pixels, likewise: 1 alpha exactly 1, 2 alpha exactly 0"
    )
    matting = parser.add_argument_group("matting")
    matting.add_argument("--engine", choices=("auto", "instmatt", "closed-form"), default="auto")
    matting.add_argument(
        "--model", metavar="FILE|NAME", help="weights: a .pth file as released, .safetensors, or a name of models list"
    )
    matting.add_argument("--refine", choices=("parallel", "cycle", "none"), default="parallel")
    matting.add_argument("--order", type=_order, default=(), metavar="2,1,3", help="the order of cycle, from 1")
    matting.add_argument(
        "--keep", action="append", default=[], type=_kept, metavar="N=STRATEGY",
        help="a strategy for person N alone, such as 2=none; repeat it",
    )  # fmt: skip
    matting.add_argument(
        "--refine-window", type=_box, metavar="X,Y,W,H", help="refine only inside this box, in photo pixels"
    )
    matting.add_argument("--passes", type=_whole(1, 100), metavar="N", help="most passes (default 2)")
    matting.add_argument(
        "--patch", type=_whole(21, 4096), metavar="N", help="side of the refinement's patches (default as released)"
    )
    matting.add_argument("--published", action="store_true", help="follow the released script to the letter")
    matting.add_argument(
        "--working-size", type=_whole(32, 16384), default=api.DEFAULT_WORKING_SIZE, metavar="N",
        help=f"long side that is matted, in pixels (default {api.DEFAULT_WORKING_SIZE})",
    )  # fmt: skip
    matting.add_argument(
        "--detail", choices=("auto", "native", "none"), default="auto",
        help="native: outlines once more at the photo's own resolution, where that is above the working size; none: "
        "quicker, as fine as the working size; auto (default): native with InstMatt, none with closed-form",
    )  # fmt: skip
    for name, text in EDGES.items():
        least, most = LIMITS[name]
        matting.add_argument(
            edge_option(name), dest=name, default=0.0, type=_number(least, most),
            metavar="N" if name == "contrast" else "PX", help=f"{text}, from {least:g} to {most:g}",
        )  # fmt: skip
    matting.add_argument("--device", type=_device, default="auto", metavar="auto|cpu|cuda|cuda:N|mps")
    output = parser.add_argument_group("output")
    output.add_argument("--layers", choices=LAYERS_KINDS, help="of png and webp (default alpha)")
    output.add_argument(
        "--format", choices=(*FORMATS, *DOCUMENTS), default="png",
        help="png, png16, webp: a file per layer; the others: one file with everybody, named after the photo",
    )  # fmt: skip
    output.add_argument(
        "--recomposable",
        action="store_true",
        help="psd, psb, ora, tiff: layers that show the photo again when they are laid over each other",
    )
    output.add_argument(
        "--background", choices=("photo", "clean", "none"), default="photo",
        help="of a document: the photo, the background's own colours where people were soft, or no such layer",
    )  # fmt: skip
    output.add_argument(
        "--colours", choices=("clean", "photo"), default="clean",
        help="of cut-outs: cleaned of what shines through (default), or the photo's own, as under a mask",
    )  # fmt: skip
    output.add_argument(
        "--cleaning", type=_whole(0, 100), default=100, metavar="N",
        help="how far colours of cut-outs are cleaned, in per cent (default 100)",
    )  # fmt: skip
    output.add_argument(
        "--canvas", choices=("full", "cropped"),
        help="every layer as large as the photo (default of files), or cut to what it shows, with its place (default "
        "in documents; not in webp)",
    )  # fmt: skip
    output.add_argument(
        "--profile", choices=PROFILES, default="keep", help="colour space of what is written (default the photo's own)"
    )
    output.add_argument(
        "--metadata", choices=("strip", "keep"), default="strip",
        help="keep: what the camera wrote, places included, in png, webp, psd, psb and ora",
    )  # fmt: skip
    output.add_argument("--name", type=_template, metavar="TEMPLATE", help=NAME_HELP)
    output.add_argument("--report", type=Path, metavar="FILE.json", help="what was found, how well, how long")
    output.add_argument(
        "--resume", action="store_true", help=f"go on with a run that was stopped; done photos stand in DIR/{JOURNAL}"
    )
    output.add_argument("--review", type=Path, metavar="FILE", help="list of the photos, the most conflicting first")
    output.add_argument("--overwrite", action="store_true", help="replace layers that are there already")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Matte every photo; returns 0 if all were done, 1 if some failed, 2 on wrong use."""
    try:
        plan = make_plan(given)
        options = _options(given)
        # Asked for once before the first photo, so that what is missing is wrong use and not a failure of every photo.
        engine = api.make_engine(options)
        finder = None if given.masks is not None else api.make_recogniser(options)
    except (ValueError, api.NotReady) as wrong:
        print(f"instmatt matte: {wrong}", file=sys.stderr)
        return 2
    # File names are bytes: one that is no UTF-8 must come out as it went in.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")
    journal = Journal(given.out, given) if given.resume or given.review is not None else None
    reports: list[dict[str, Any]] = []
    failed: list[dict[str, str]] = []
    with ProgressLine() as progress:
        for note in plan.notes:
            progress.say(note)
        for path, reason in plan.failures:
            failed.append({"photo": str(path), "reason": reason})
            progress.say(f"{path}: {reason}")
        parts = _Run(options, engine, finder, given, export_options(given), progress, journal)
        jobs = [job for job in plan.jobs if not (given.resume and journal is not None and journal.has(job.photo))]
        if len(jobs) < len(plan.jobs):
            progress.say(f"{len(plan.jobs) - len(jobs)} of {len(plan.jobs)} photos were done before.")
        for job, outcome in overlapped(jobs, parts.read, parts.matte, parts.write, parts.is_large, progress.step):
            if isinstance(outcome, Exception):
                # Whatever happens to one photo, the others go on.
                reason = _sentence(outcome, given.working_size)
                failed.append({"photo": str(job.photo), "reason": reason})
                progress.say(f"{job.photo}: {reason}")
                continue
            for note in outcome["notes"]:
                progress.say(f"{job.photo.name}: {note}")
            reports.append(outcome)
            for path in outcome["files"]:
                print(path, flush=True)
    if given.review is not None and journal is not None:
        try:
            journal.write_review(given.review, given.overwrite or given.resume)
        except OSError as error:
            print(f"instmatt matte: {error}", file=sys.stderr)
            return 1
    if given.report is not None:
        content = json.dumps({"photos": reports, "failed": failed, **machine_report()}, indent=2)
        try:
            write_beside(given.report, content.encode() + b"\n", given.overwrite)
        except OSError as error:
            print(f"instmatt matte: {error}", file=sys.stderr)
            return 1
    return 1 if failed else 0


@dataclass(frozen=True, eq=False)
class _Ready:
    """A photo that has been read, with what it asks for; ``seconds`` is what reading took."""

    photo: Photo
    options: api.MatteOptions
    seconds: float


@dataclass(frozen=True, eq=False)
class _Run:
    """The three parts of what is done to every photo."""

    options: api.MatteOptions
    engine: MattingEngine
    finder: Recogniser | None
    given: argparse.Namespace
    output: ExportOptions
    progress: ProgressLine
    journal: Journal | None

    def overwrites(self, job: Job) -> bool:
        """Whether files may be replaced: where it is wished, or where they come from the run that goes on."""
        begun = self.journal is not None and self.journal.was_begun(job.photo)
        return bool(self.given.overwrite or (self.given.resume and begun))

    def export(self, job: Job) -> Export:
        """Where the photo's layers go, and how."""
        return Export(self.output, job.folder, job.photo.stem)

    def read(self, job: Job) -> _Ready:
        given, options = self.given, self.options
        if given.masks is not None:
            options = replace(options, masks=find_masks(given.masks, job.photo.stem))
        if given.hints is not None:
            options = replace(options, hints=find_masks(given.hints, job.photo.stem))
        if given.pins is not None:
            options = replace(options, pins=find_masks(given.pins, job.photo.stem))
        # Known before the work where it can be, so that nobody waits for a result that cannot be written.
        if options.masks or options.boxes or given.format in DOCUMENTS:
            self.export(job).check(_names(options), None, self.overwrites(job))
        started = time.perf_counter()
        photo = api.read_photo(job.photo)
        check_size(given.format, photo.width, photo.height)
        return _Ready(photo, options, round(time.perf_counter() - started, 3))

    def is_large(self, ready: _Ready) -> bool:
        """Whether the photo had better be alone in memory."""
        return int(ready.photo.pixels.nbytes) > LARGE_BYTES

    def matte(self, job: Job, ready: _Ready) -> api.Result:
        self.progress.begin(job.photo.name)
        result = api.matte(ready.photo, ready.options, engine=self.engine, finder=self.finder, step=self.progress.step)
        result.seconds["read"] = ready.seconds
        return result

    def write(self, job: Job, result: api.Result, step: Step) -> dict[str, Any]:
        if self.journal is not None:
            self.journal.begin(job.photo)
        written = self.export(job).write(result, overwrite=self.overwrites(job), step=step)
        report = photo_report(job.photo, job.folder, result, written)
        if self.journal is not None:
            self.journal.add(job.photo, report["files"], report["sigma_error"]["before refinement"])
        return report


def _names(options: api.MatteOptions) -> list[str]:
    if options.masks:
        return [Path(path).stem for path in options.masks]
    return [f"Person {number}" for number in range(1, len(options.boxes) + 1)]


def _options(given: argparse.Namespace) -> api.MatteOptions:
    return api.MatteOptions(
        recogniser=given.recogniser,
        score=given.score,
        min_area=given.min_area,
        boxes=given.box,
        engine=given.engine,
        model=given.model,
        refine=given.refine,
        refine_window=given.refine_window,
        order=given.order,
        passes=given.passes or api.MatteOptions.passes,
        published=given.published,
        working_size=given.working_size,
        device=given.device,
        patch=given.patch,
        keep=dict(given.keep),
        detail=given.detail,
        edge=Edge(**{name: getattr(given, name) for name in EDGES}),
    )


def _sentence(error: Exception, working_size: int) -> str:
    """What went wrong with one photo, for the person; what nobody foresaw is named as such."""
    text = str(error)
    if isinstance(error, MemoryError) or "out of memory" in text.lower() or "not enough memory" in text.lower():
        return f"Not enough memory for this photo; try a --working-size smaller than {working_size}."
    if isinstance(error, FileExistsError):
        return f"{text.rstrip('.')} (--overwrite replaces them)."
    if not isinstance(error, ValueError | OSError | api.NotReady):
        return f"Something unexpected happened ({type(error).__name__}: {text}); please report it."
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


def _number(least: float, most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least:g} to {most:g}")
        return value

    return parse


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


def _kept(text: str) -> tuple[int, str]:
    number, _, strategy = text.partition("=")
    if not number.isdecimal() or int(number) < 1 or strategy not in ("parallel", "cycle", "none"):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a choice for a person; give N=parallel, N=cycle or N=none, people counted from 1"
        )
    return int(number), strategy


def _device(text: str) -> str:
    family, _, number = text.partition(":")
    if text in ("auto", "cpu", "cuda", "mps") or (family == "cuda" and number.isdecimal()):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is not a device; use auto, cpu, cuda, cuda:N or mps")


def _template(text: str) -> str:
    try:
        check_template(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{wrong}; {NAME_HELP}") from None
    return text
