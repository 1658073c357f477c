"""The public Python API: rings joined without a window. The command line is written on it.

import instmatt_app as im

result = im.matte("group.jpg", boxes=[(40, 20, 300, 480), (350, 60, 280, 440)])
alpha = result.alpha(0)                      # float32 (H, W), 0..1
result.save("layers", layers="both")         # 00.png, 00-cutout.png, 01.png, …
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.detail import BACKGROUND as BACKGROUND_PLANE
from instmatt_app.core.detail import Detail
from instmatt_app.core.hints import Hint, Pin
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Detection, MattingEngine, Recogniser, Step, Turn, silent
from instmatt_app.core.photo import Photo, Pixels
from instmatt_app.core.pins import PinnedPixels, hold_pins, pinned_pixels
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.preview import touched, with_targets
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import OrderError, Refinement
from instmatt_app.core.trimap import guidance_of, is_trimap
from instmatt_app.core.trimask import TriMask, trimasks_of
from instmatt_app.core.trimatte import (
    Alphas,
    TriMatte,
    enlarged,
    error_map,
    partition,
    partition_error,
    resized,
    stacked,
)
from instmatt_app.engine.detail import native_detail
from instmatt_app.engine.foreground import clean_colours
from instmatt_app.engine.layer_colours import SoftColours
from instmatt_app.engine.recognisers import registry
from instmatt_app.engine.refining import all_turns, refine_each
from instmatt_app.files.formats import DOCUMENTS, FORMATS, Depth
from instmatt_app.files.formats.document import LayeredPicture, opaque, placed
from instmatt_app.files.layer_writer import (
    DocumentName,
    FormatName,
    Layer,
    LayersKind,
    at_depth,
    quantised,
    write_document,
    write_layers,
)
from instmatt_app.files.mask_reader import read_classes, read_mask
from instmatt_app.files.photo_reader import read_photo as read_photo
from instmatt_app.files.profiles import ProfileName, in_profile
from instmatt_app.files.samples import PhotoError
from instmatt_app.layering import BACKGROUND, BackgroundKind, Layering
from instmatt_app.options import DEFAULT_WORKING_SIZE as DEFAULT_WORKING_SIZE
from instmatt_app.options import MatteOptions as MatteOptions
from instmatt_app.options import NotReady as NotReady
from instmatt_app.options import engine_of as engine_of
from instmatt_app.options import make_engine as make_engine
from instmatt_app.options import make_recogniser as make_recogniser
from instmatt_app.options import recogniser_choices as recogniser_choices

NOBODY = "Nobody was found in the photo; give each person a box or a mask."


class MaskError(ValueError):
    """Masks that cannot guide anything; the message is a sentence."""


@dataclass(eq=False)
class Result:
    """A photo's people and their alphas.

    ``alphas`` is float32 (K + 1, h, w) at the working size: people in list order, then the background. ``error`` holds
    the mean |1 − Σ α| of people and background, by stage; ``seconds`` what each stage took; ``notes`` sentences about
    what had to be decided on the way. ``conflicts`` is float32 (h, w): |1 − Σ α| before refinement (eq. 2). ``refines``
    tells whether the engine has a refinement; closed-form matting has none. ``detail`` is what is finer than
    ``alphas``, at the photo's own resolution.
    """

    photo: Photo
    people: list[Instance]
    alphas: Alphas
    engine: str
    recogniser: str
    device: str
    error: dict[str, float]
    seconds: dict[str, float]
    published: bool = False
    notes: list[str] = field(default_factory=list)
    conflicts: NDArray[np.float32] | None = None
    refines: bool = True
    detail: Detail | None = None
    _soft: tuple[int, list[SoftColours]] | None = field(default=None, init=False, repr=False)

    def alpha(self, person: int) -> NDArray[np.float32]:
        """One person's alpha at photo size: float32 (H, W), 0..1; ``person`` counts from 0 in list order.

        Where somebody pinned an alpha it is exactly that. Under ``published`` it is cut off to 8 bits before it is
        resized, as in the released script.
        """
        alpha: NDArray[np.float32] = self.alphas[person]
        if self.published:
            levels = (alpha * 255).astype(np.uint8)
            height, width = self.photo.height, self.photo.width
            if levels.shape != (height, width):
                levels = cv2.resize(levels, (width, height), interpolation=cv2.INTER_LINEAR)
            cut: NDArray[np.float32] = levels.astype(np.float32) / np.float32(255)
            return cut
        large = resized(alpha, self.photo.height, self.photo.width)
        if large is alpha and (self.detail is not None or self._pinned is not None):
            large = alpha.copy()
        if self.detail is not None:
            self.detail.lay(self._whose(person), Rect(0, 0, self.photo.width, self.photo.height), large)
        if self._pinned is not None:
            large.ravel()[self._pinned.places] = self._pinned.values[person]
        return large

    def alpha_rows(self, rows: slice) -> Alphas:
        """Those rows of all alphas at photo size: float32 (K + 1, h, W), as :meth:`alpha` has them within rounding."""
        if self.published:
            return np.stack([self.alpha(number)[rows] for number in range(len(self.alphas))])
        width = self.photo.width
        area = Rect(0, rows.start, width, rows.stop)
        parts = np.stack([self._unpinned(number, area) for number in range(len(self.alphas))])
        if self._pinned is not None:
            first, last = np.searchsorted(self._pinned.places, [rows.start * width, rows.stop * width])
            places = self._pinned.places[first:last] - rows.start * width
            parts.reshape(len(parts), -1)[:, places] = self._pinned.values[:, first:last]
        return parts

    @cached_property
    def planes(self) -> tuple[NDArray[np.float32], ...]:
        """The planes of :attr:`alphas`, each the same object whenever it is asked for."""
        return tuple(self.alphas)

    @cached_property
    def _pinned(self) -> PinnedPixels | None:
        found = pinned_pixels([one.pins for one in self.people], self._unpinned)
        if found is None:
            return None
        order = np.argsort(found.places, kind="stable")
        return PinnedPixels(found.places[order], found.values[:, order])

    def _unpinned(self, person: int, area: Rect) -> NDArray[np.float32]:
        alpha = enlarged(self.alphas[person], self.photo.height, self.photo.width, area)
        if self.detail is not None:
            self.detail.lay(self._whose(person), area, alpha)
        return alpha

    def _whose(self, person: int) -> int | None:
        place = range(len(self.people) + 1)[person]
        return BACKGROUND_PLANE if place == len(self.people) else self.people[place].id

    def layering(self, dtype: Depth, step: Step = silent) -> Layering:
        """What makes this result's layers, in samples of ``dtype``."""
        pixels = at_depth(self.photo.pixels, dtype)
        return Layering(pixels, [one.name for one in self.people], self.alpha_rows, self.alphas, step)

    @property
    def background(self) -> NDArray[np.float32]:
        """The background's alpha at photo size: float32 (H, W), 0..1."""
        return self.alpha(-1)

    def cutout(self, person: int, levels: int = 65535) -> tuple[Pixels, NDArray[np.float32]]:
        """One person's clean colours (H, W, 3), in the photo's dtype and profile, and alpha: straight, unmultiplied.

        ``levels`` is the highest value of the alpha that will be written: 255 or 65535.
        """
        alpha = self.alpha(person)
        if self.published:
            # Its alphas do not add up to one, so that each person can only be set against the rest.
            return clean_colours(self.photo.pixels, alpha, levels), alpha
        if self._soft is None or self._soft[0] != levels:
            self._soft = (levels, self.layering(self.photo.pixels.dtype.type).soft(levels))
        layering = self.layering(self.photo.pixels.dtype.type)
        return layering.clean(self._soft[1][person], alpha, levels), alpha

    def in_profile(self, profile: ProfileName) -> Result:
        """The same result in another colour space: "srgb", "p3" (Display P3), or "keep" for the photo's own."""
        photo = in_profile(self.photo, profile)
        return self if photo is self.photo else replace(self, photo=photo)

    def layers(self, kind: LayersKind, stems: Sequence[str], levels: int, metadata: bool = False) -> Iterator[Layer]:
        """One layer per person, made one at a time; ``stems`` are file names without suffix, ``levels`` as above."""
        exif = self.photo.exif if metadata else None
        for number in range(len(self.people)):
            stem = stems[number]
            if kind in ("alpha", "trimap"):
                yield Layer(stem, self.alpha(number))
            elif kind == "trimatte":
                yield Layer(stem, self.alpha(number), background=self.background)
            else:
                colours, alpha = self.cutout(number, levels)
                yield Layer(stem, alpha, colours, self.photo.profile, exif=exif)

    def document(
        self,
        dtype: Depth,
        *,
        background: BackgroundKind = "photo",
        recomposable: bool = False,
        step: Step = silent,
    ) -> LayeredPicture:
        """All layers over each other at photo size, the first person uppermost, in samples of ``dtype``.

        Each person is a cut-out with clean colours. Plain, the alphas are those of the partition, and the
        ``background`` is the photo, the background's own colours ("clean"), or left out ("none"). ``recomposable``
        writes stack alphas instead, over the background's own colours,
        and corrects all colours until the layers in normal blending show the photo again, within one level.

        Raises:
            ValueError: ``recomposable`` without a background, or of a published result, whose alphas do not add up.
        """
        if recomposable and (self.published or background == "none"):
            raise ValueError("Only a result whose alphas add up, with its background, can be put together again.")
        layering = self.layering(dtype, step)
        if self.published:
            people = [placed(one.name, *self._published(n, dtype)) for n, one in enumerate(self.people)]
            below = [] if background == "none" else [opaque(BACKGROUND, layering.pixels)]
            layers = [*below, *reversed(people)]
        else:
            layers = layering.recomposable() if recomposable else layering.plain(background)
        title = self.photo.path.name if self.photo.path else ""
        return LayeredPicture(tuple(layers), layering.pixels, self.photo.profile, title)

    def _published(self, person: int, dtype: Depth) -> tuple[Pixels, Pixels]:
        alpha = self.alpha(person)
        colours = clean_colours(at_depth(self.photo.pixels, dtype), alpha, np.iinfo(dtype).max)
        return colours, quantised(alpha, dtype)

    def save(
        self,
        folder: str | Path,
        *,
        layers: LayersKind = "both",
        format: FormatName = "png",
        stems: Sequence[str] = (),
        metadata: bool = False,
        overwrite: bool = False,
        step: Step = silent,
    ) -> list[Path]:
        """Write the layers into a folder, which is made if it is missing; returns the files.

        ``metadata`` keeps what the camera wrote (EXIF, places included) in the cut-outs.

        Raises:
            FileExistsError: a file is there already and ``overwrite`` is False; nothing was written.
            WriteError: the folder or a file could not be written; nothing half-written is left.
        """
        names = list(stems) or [f"{number:02}" for number in range(len(self.people))]
        with _timed(self.seconds, "write"):
            return write_layers(
                Path(folder),
                self.layers(layers, names, np.iinfo(FORMATS[format].dtype).max, metadata),
                stems=names,
                format=format,
                layers_kind=layers,
                overwrite=overwrite,
                step=step,
            )

    def save_document(
        self,
        folder: str | Path,
        *,
        format: DocumentName,
        stem: str | None = None,
        recomposable: bool = False,
        background: BackgroundKind = "photo",
        metadata: bool = False,
        overwrite: bool = False,
        step: Step = silent,
    ) -> Path:
        """Write all layers into one file, which is returned; ``stem`` is its name, by default the photo's.

        ``metadata`` keeps what the camera wrote, in psd and ora.

        Raises:
            FileExistsError: the file is there already and ``overwrite`` is False; nothing was written.
            WriteError: the folder or the file could not be written; nothing half-written is left.
            DocumentError: the format cannot hold a picture of this size.
            ValueError: ``recomposable`` with a format without background, or of a published result.
        """
        writer = DOCUMENTS[format]
        name = stem or (self.photo.path.stem if self.photo.path else "photo")

        def make() -> LayeredPicture:
            below = background if writer.background else "none"
            made = self.document(writer.dtype, background=below, recomposable=recomposable, step=step)
            return replace(made, exif=self.photo.exif) if metadata else made

        with _timed(self.seconds, "write"):
            return write_document(Path(folder), name, make, format=format, overwrite=overwrite, step=step)


def matte(
    photo: str | Path | Photo,
    options: MatteOptions | None = None,
    *,
    engine: MattingEngine | None = None,
    finder: Recogniser | None = None,
    step: Step = silent,
    **changes: object,
) -> Result:
    """Matte every person of a photo.

    Options may be given as an object, by name (``boxes=…``), or both, names having the last word. ``engine`` and
    ``finder`` are what :func:`make_engine` and :func:`make_recogniser` made of the same options, for several photos
    that share their weights. ``step`` is called between units of work with (done, total, what) and may raise to cancel.

    Raises:
        PhotoError: the photo or a mask cannot be read.
        MaskError: the masks are empty.
        BoxError: a box holds nothing of the photo.
        OrderError: the order names a person twice or one who is not there.
        NotReady: the recogniser, engine or model is not there.
    """
    chosen = MatteOptions(**{**vars(options or MatteOptions()), **changes})
    seconds: dict[str, float] = {}
    engine = engine or make_engine(chosen)
    recogniser = None if chosen.masks else finder or make_recogniser(chosen)
    with _timed(seconds, "read"):
        step(0, 1, "reading the photo")
        picture = photo if isinstance(photo, Photo) else read_photo(photo)
    notes = list(picture.notes)
    with _timed(seconds, "recognise"):
        if recogniser is None:
            people, said = _people_of_masks(picture, chosen.masks)
            notes += said
        else:
            people = _people_of(picture, recogniser, step)
            notes += registry.remarks(recogniser.name, chosen.recogniser)
    for number, strategy in chosen.keep.items():
        if not 1 <= number <= len(people):
            raise OrderError(f"Person {number} is to keep {strategy}, but the people are 1 to {len(people)}.")
    _paint(people, picture, chosen)
    project = Project(picture, refinement=Refinement(chosen.refine, tuple(chosen.order), chosen.passes))
    project.add(people)
    for number, strategy in chosen.keep.items():
        people[number - 1].refinement = replace(project.refinement, strategy=strategy)
    name = "masks" if recogniser is None else recogniser.name
    result = matte_project(project, engine, name, chosen.working_size, published=chosen.published, step=step)
    if chosen.detail == "native" and not chosen.published:
        add_detail(result, project, engine, chosen.working_size, step)
    result.seconds = seconds | result.seconds
    result.notes = notes + result.notes
    return result


def matte_project(
    project: Project,
    engine: MattingEngine,
    recogniser: str,
    working_size: int = DEFAULT_WORKING_SIZE,
    *,
    published: bool = False,
    step: Step = silent,
) -> Result:
    """Matte the people of a project as it stands; ``recogniser`` names who found them.

    The project is only read. ``step`` as in :func:`matte`.

    Raises:
        OrderError: an order names a person twice or one who is not there.
    """
    project.refinements()
    unrefined = matte_unrefined(project, engine, working_size, published=published, step=step)
    return refine_project(project, unrefined, engine, recogniser, published=published, step=step)


@dataclass(frozen=True, eq=False)
class Unrefined:
    """What an engine made of a project's guidance; it can be refined in several ways.

    ``trimasks``, the guidance, and ``mattes`` are by instance id; ``conflicts`` is float32 (h, w) as in
    :class:`Result`; ``seconds`` is what it took.
    """

    trimasks: Mapping[int, TriMask]
    mattes: Mapping[int, TriMatte]
    conflicts: NDArray[np.float32]
    seconds: float


def matte_unrefined(
    project: Project, engine: MattingEngine, working_size: int, *, published: bool = False, step: Step = silent
) -> Unrefined:
    """The first half of :func:`matte_project`: what :meth:`Project.base_key` names."""
    seconds: dict[str, float] = {}
    with _timed(seconds, "matte"):
        height, width = project.photo.size_at(working_size)
        trimasks = trimasks_of(project.instances, height, width, published)
        mattes = engine.matte(project.photo, trimasks, step)
        conflicts = error_map(list(mattes.values()))
    return Unrefined(trimasks, mattes, conflicts, seconds["matte"])


def refine_project(
    project: Project,
    unrefined: Unrefined,
    engine: MattingEngine,
    recogniser: str,
    *,
    published: bool = False,
    step: Step = silent,
) -> Result:
    """The second half of :func:`matte_project`: everybody's refinement, then the projection, then the pins."""
    picture, mattes = project.photo, unrefined.mattes
    seconds = {"matte": unrefined.seconds}
    with _timed(seconds, "refine"):
        refinements = project.refinements()
        scores = scores_of(project.instances)
        refined = refine_each(engine, picture, unrefined.trimasks, mattes, refinements, scores, step)
    with _timed(seconds, "project"):
        result = _result_of(project, unrefined, refined, engine, recogniser, published)
    result.seconds = seconds
    return result


def add_detail(result: Result, project: Project, engine: MattingEngine, working_size: int, step: Step = silent) -> None:
    """Gives a result of the project its detail at the photo's own resolution, by the same engine and refinement."""
    people, refinements = project.instances, project.refinements()
    with _timed(result.seconds, "detail"):
        result.detail = native_detail(project.photo, people, result.alphas, refinements, engine, working_size, step)


def refine_turns(
    project: Project,
    unrefined: Unrefined,
    engine: MattingEngine,
    recogniser: str,
    *,
    step: Step = silent,
    after: Turn | None = None,
) -> Iterator[tuple[Turn, Result]]:
    """The project's refinement turn by turn: the mattes before it, then those after each turn, as they are computed.

    Each comes with the result as it would be if the refinement ended there. ``after`` is a turn given out before for
    the same people: the run starts again from there and gives that turn first; who wants another order for the turns
    that are still to come changes ``project.refinement``. Refinements of single people's own are left out of account.
    Further as :meth:`core.interfaces.MattingEngine.turns`.

    Raises:
        OrderError: the order names a person twice or one who is not there.
    """
    scores = scores_of(project.instances)
    for turn in all_turns(engine, project.photo, unrefined.trimasks, project.refinement, step, scores, after):
        yield turn, _result_of(project, unrefined, turn.mattes, engine, recogniser)


def _result_of(
    project: Project,
    unrefined: Unrefined,
    refined: Mapping[int, TriMatte],
    engine: MattingEngine,
    recogniser: str,
    published: bool = False,
) -> Result:
    """The projection and the pins, unless ``published``, and the errors on the way."""
    people, stack = list(project.instances), list(refined.values())
    alphas = stacked(stack) if published else partition(stack)
    places = {number: place for place, number in enumerate(refined)}
    alphas = alphas[[*(places[one.id] for one in people), -1]]
    if not published:
        alphas = hold_pins(alphas, [one.pins for one in people])
    error = {
        "before refinement": float(unrefined.conflicts.mean()),
        "after refinement": float(error_map(stack).mean()),
        "after projection": partition_error(alphas),
    }
    return Result(
        project.photo, people, alphas, engine.name, recogniser, engine.device, error, {}, published,
        notes=list(engine.notes), conflicts=unrefined.conflicts, refines=engine.refines,
    )  # fmt: skip


def preview_project(project: Project, shown: Result, engine: MattingEngine, step: Step = silent) -> Result | None:
    """A quick answer after strokes: whom they touched, matted anew in a window, put into the result that is shown.

    Not the result of :func:`matte_project`: nobody else is renewed, nothing is refined. None where a stroke is not what
    changed. The engine forgets what it made last.
    """
    height, width = shown.alphas.shape[1:]
    asked = touched(shown.people, project.instances, height, width)
    if asked is None:
        return None
    seen = project.photo.at(max(height, width))[asked.window.slices]
    mattes = engine.matte(Photo(np.ascontiguousarray(seen)), asked.trimasks, step)
    places = {one.id: place for place, one in enumerate(project.instances)}
    before = {one.id: place for place, one in enumerate(shown.people)}
    alphas = shown.alphas[[*(before[one.id] for one in project.instances), -1]]
    alphas = with_targets(alphas, asked.window, {places[number]: matte[0] for number, matte in mattes.items()})
    alphas = hold_pins(alphas, [one.pins for one in project.instances])
    return replace(shown, people=list(project.instances), alphas=alphas, detail=None)


def scores_of(people: Sequence[Instance]) -> dict[int, float | None]:
    """The recogniser's scores by person."""
    return {one.id: one.score for one in people}


def person_at_clicks(
    photo: Photo,
    inside: Sequence[tuple[float, float]],
    outside: Sequence[tuple[float, float]] = (),
    taken: NDArray[np.bool_] | None = None,
    step: Step = silent,
) -> list[Detection]:
    """The person on whom clicks ``inside`` lie and those ``outside`` do not, (x, y) in photo pixels; empty if nobody.

    ``taken`` is bool (H, W), what belongs to other people.
    """
    from instmatt_app.engine.recognisers.clicks import ClickPrompt

    return ClickPrompt(inside, outside, taken).find(photo, step)


def _people_of(photo: Photo, recogniser: Recogniser, step: Step) -> list[Instance]:
    found = recogniser.find(photo, step)
    if not found:
        raise PhotoError(NOBODY)
    return [
        Instance(number, f"Person {number}", one.mask, one.box, score=one.score) for number, one in enumerate(found, 1)
    ]


def _people_of_masks(photo: Photo, paths: Sequence[str | Path]) -> tuple[list[Instance], list[str]]:
    people: list[Instance] = []
    notes: list[str] = []
    for number, path in enumerate(map(Path, paths), 1):
        mask, note = read_mask(path, photo.width, photo.height)
        if note:
            notes.append(note)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if rows.size == 0:
            raise MaskError(f"The mask {path} is empty; paint the person white, or leave the file out.")
        box = Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
        person = Instance(number, path.stem, mask, box)
        if is_trimap(mask):
            person.mask, hints = guidance_of(mask)
            person.hints = TilePlane.of(hints)
            notes.append(f"“{path.name}” is a trimap: what it knows is taken as painted, the rest is undecided.")
        people.append(person)
    return people, notes


def _paint(people: Sequence[Instance], photo: Photo, options: MatteOptions) -> None:
    """Give people the hints and pins of the options' files."""
    for what, paths, most in (("hints", options.hints, max(Hint)), ("pins", options.pins, max(Pin))):
        if len(paths) > len(people):
            raise MaskError(f"There are {len(paths)} files of {what} for {len(people)} people; give one for each.")
        for person, path in zip(people, paths, strict=False):
            plane = TilePlane.of(read_classes(path, photo.width, photo.height, int(most)))
            setattr(person, what, None if plane.is_empty else plane)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        seconds[stage] = round(time.perf_counter() - started, 3)
