"""A photo's people and their mattes in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from instmatt_app.api.projects import add_detail, matte_project
from instmatt_app.api.result import Result
from instmatt_app.api.timing import timed
from instmatt_app.core.hints import Hint, Pin
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Detection, MattingEngine, Recogniser, Step, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import OrderError, Refinement
from instmatt_app.core.trimap import guidance_of, is_trimap
from instmatt_app.engine.recognisers import registry
from instmatt_app.engine.recognisers.prompt import BoxError
from instmatt_app.files.mask_reader import read_classes, read_mask
from instmatt_app.files.photo_reader import read_photo
from instmatt_app.files.samples import PhotoError
from instmatt_app.options import MatteOptions, make_engine, make_recogniser

NOBODY = "Nobody was found in the photo; give each person a box or a mask."


class MaskError(ValueError):
    """Masks that cannot guide anything; the message is a sentence."""


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
        MaskError: the masks are empty, or a recogniser's are not of the photo's size.
        BoxError: a box holds nothing of the photo.
        OrderError: the order names a person twice or one who is not there.
        NotReady: the recogniser, engine or model is not there.
    """
    chosen = MatteOptions(**{**vars(options or MatteOptions()), **changes})
    seconds: dict[str, float] = {}
    engine = engine or make_engine(chosen)
    recogniser = None if chosen.masks else finder or make_recogniser(chosen)
    with timed(seconds, "read"):
        step(0, 1, "reading the photo")
        picture = photo if isinstance(photo, Photo) else read_photo(photo)
    notes = list(picture.notes)
    with timed(seconds, "recognise"):
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
    for person in people:
        person.edge = chosen.edge
    window = None
    if chosen.refine_window is not None:
        window = Rect.of_size(*chosen.refine_window).clip(picture.width, picture.height)
        if window.is_empty:
            raise BoxError("The window of the refinement holds nothing of the photo.")
    project = Project(picture, refinement=Refinement(chosen.refine, tuple(chosen.order), chosen.passes, window=window))
    project.add(people)
    for number, strategy in chosen.keep.items():
        people[number - 1].refinement = replace(project.refinement, strategy=strategy)
    name = "masks" if recogniser is None else recogniser.name
    result = matte_project(project, engine, name, chosen.working_size, published=chosen.published, step=step)
    if chosen.has_detail:
        add_detail(result, project, engine, chosen.working_size, step)
    result.seconds = seconds | result.seconds
    result.notes = notes + result.notes
    return result


def person_at_clicks(
    photo: Photo,
    inside: Sequence[tuple[float, float]],
    outside: Sequence[tuple[float, float]] = (),
    taken: Sequence[TilePlane] = (),
    step: Step = silent,
) -> list[Detection]:
    """The person on whom clicks ``inside`` lie and those ``outside`` do not, (x, y) in photo pixels; empty if nobody.

    ``taken`` are the masks of other people.
    """
    from instmatt_app.engine.recognisers.clicks import ClickPrompt

    return ClickPrompt(inside, outside, taken).find(photo, step)


def _people_of(photo: Photo, recogniser: Recogniser, step: Step) -> list[Instance]:
    found = recogniser.find(photo, step)
    if not found:
        raise PhotoError(NOBODY)
    for one in found:
        if one.mask.shape != (photo.height, photo.width):
            own, size = f"{one.mask.width} × {one.mask.height}", f"{photo.width} × {photo.height}"
            raise MaskError(f"A mask of {recogniser.name} has {own} pixels and the photo {size}.")
    return [
        Instance(number, f"Person {number}", one.mask, one.box, score=one.score) for number, one in enumerate(found, 1)
    ]


def _people_of_masks(photo: Photo, paths: Sequence[str | Path]) -> tuple[list[Instance], list[str]]:
    people: list[Instance] = []
    notes: list[str] = []
    for number, path in enumerate(map(Path, paths), 1):
        grey, note = read_mask(path, photo.width, photo.height)
        if note:
            notes.append(note)
        mask = TilePlane.of(grey)
        del grey  # before the next one is read
        if mask.is_empty:
            raise MaskError(f"The mask {path} is empty; paint the person white, or leave the file out.")
        person = Instance(number, path.stem, mask, mask.box)
        if is_trimap(mask):
            person.mask, person.hints = guidance_of(mask)
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
