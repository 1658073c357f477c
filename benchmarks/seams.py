"""Do windows of native detail leave seams? python benchmarks/seams.py [--sides 512 448] [--model FILE]

Two photos above the working size are matted with native detail twice, in windows of two sides, whose edges lie at
different places: a smooth one, drawn, and a textured one, the sample photo (two portraits in the public domain). Where
a window goes over into another, the first answer is held against the second, as far as that is the work of one window
there; and so it is elsewhere, between answers of single windows. A seam would show as larger differences. And for the
first answer it is said how much the change of windows adds to the alpha's step from a pixel to the next: the sum of
what the windows say times what their shares change. All in 1/255.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

import instmatt_app as im  # noqa: E402
from instmatt_app.api import Result, matte_project  # noqa: E402
from instmatt_app.core.instance import Instance  # noqa: E402
from instmatt_app.core.interfaces import MattingEngine, silent  # noqa: E402
from instmatt_app.core.photo import Photo  # noqa: E402
from instmatt_app.core.planes import TilePlane  # noqa: E402
from instmatt_app.core.project import Project  # noqa: E402
from instmatt_app.core.rect import Rect  # noqa: E402
from instmatt_app.core.refinement import Refinement  # noqa: E402
from instmatt_app.core.trimatte import resized  # noqa: E402
from instmatt_app.engine import detail  # noqa: E402
from instmatt_app.options import MatteOptions, make_engine  # noqa: E402

# The working size, a third of the photos' long side or less.
WORKING = 400


def smooth() -> tuple[Photo, list[Instance]]:
    """Two people with soft outlines, one before the other, in light that changes slowly."""
    height, width = 900, 1350
    y, x = np.mgrid[:height, :width].astype(np.float32)
    picture = np.stack([70 + 50 * y / height, 110 + 40 * x / width, 150 - 30 * y / height], axis=-1)
    people, masks = [], []
    for across, colour in ((850, (205, 150, 120)), (480, (150, 60, 80))):
        away = np.hypot((x - across) / 0.8, y - 470)
        alpha = np.clip((300 - away) / 14 + 0.5, 0, 1)
        shaded = np.array(colour, np.float32) * (1.1 - 0.3 * y[..., None] / height)
        picture += alpha[..., None] * (shaded - picture)
        masks.append(alpha > 0.5)
    # Who stands before another takes their place.
    masks[0] &= ~masks[1]
    for number, mask in enumerate(masks, 1):
        plane = TilePlane.of(np.uint8(255) * mask)
        people.append(Instance(number, f"Person {number}", plane, Rect(0, 0, width, height)))
    return Photo(np.rint(picture).astype(np.uint8)), people


def guided(photo: Photo, people: list[Instance], engine: MattingEngine) -> Result:
    """The people's mattes at the working size."""
    project = Project(photo)
    project.add(people)
    return matte_project(project, engine, "drawn", WORKING)


class Noted(detail._Canvas):
    """Takes down what every window gave: its support, its share there, and the alphas by person."""

    given: ClassVar[list[tuple[Rect, NDArray[np.float32], Mapping[int | None, NDArray[np.float32]]]]] = []

    def add(self, support: Rect, share: NDArray[np.float32], found: Mapping[int | None, NDArray[np.float32]]) -> None:
        self.given.append((support, share, found))
        super().add(support, share, found)


def added_steps(plain: NDArray[np.float32], ids: list[int]) -> NDArray[np.float32]:
    """The most that windows add to the step to the next pixel, right or below, of anybody's alpha: float32 (H, W).

    ``plain`` is float32 (K, H, W): the alphas of who is not there in a window.
    """
    count, height, width = plain.shape
    most = np.zeros((height, width), np.float32)
    for axis in (0, 1):
        steps = np.zeros((count, height + 2, width + 2), np.float32)
        for support, share, found in Noted.given:
            change = np.diff(np.pad(share, 1), axis=axis)
            for number, one in enumerate(ids):
                said = np.pad(found.get(one, plain[number][support.slices]), 1, mode="edge")
                middle = (said[1:] + said[:-1]) / 2 if axis == 0 else (said[:, 1:] + said[:, :-1]) / 2
                part = steps[number, support.top : support.bottom + 2, support.left : support.right + 2]
                part[: change.shape[0], : change.shape[1]] += middle * change
        np.maximum(most, np.abs(steps).max(axis=0)[1:-1, 1:-1], out=most)
    return most * 255


def compare(name: str, result: Result, engine: MattingEngine, sides: tuple[int, int]) -> None:
    """Prints the rows of one photo."""
    photo, ids = result.photo, [one.id for one in result.people]
    wishes = {one: Refinement().resolved(ids) for one in ids}
    near = detail.reach(result.alphas)
    plain = alphas_of(result)
    answers, mixed, counts = [], [], []
    for side in sides:
        Noted.given.clear()
        result.detail = detail.native_detail(photo, result.people, result.alphas, wishes, engine, side, silent, None)
        answers.append(alphas_of(result))
        largest = np.zeros((photo.height, photo.width), np.float32)
        for support, share, _ in Noted.given:
            part = largest[support.slices]
            np.maximum(part, share, out=part)
        mixed.append(largest < 0.999)
        counts.append(len(Noted.given))
        if side == sides[0]:
            added = added_steps(plain, ids)
    # Where nothing of what is known from the working size is left, also beside the pixel.
    alone = (resized(near, photo.height, photo.width) > 0.999).astype(np.uint8)
    whole = cv2.erode(alone, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
    moved, off = (np.abs(answers[0] - other).max(axis=0) * 255 for other in (plain, answers[1]))
    places = {"windows change": mixed[0] & ~mixed[1], "single windows": ~mixed[0] & ~mixed[1]}
    for where, place in places.items():
        there = whole & place
        cells = [f"{name}, {counts[0]} and {counts[1]} windows", where, str(there.sum())]
        cells += [quantiles(values[there]) for values in (moved, off, added)]
        print("| " + " | ".join(cells) + " |", flush=True)


def alphas_of(result: Result) -> NDArray[np.float32]:
    """Everybody's alpha at photo size, float32 (K, H, W)."""
    return np.stack([result.alpha(number) for number in range(len(result.people))])


def quantiles(values: NDArray[np.float32]) -> str:
    """The mean, what one in a hundred exceeds, and the most."""
    return f"{values.mean():.2f} / {np.quantile(values, 0.99):.2f} / {values.max():.2f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sides", type=int, nargs=2, default=[512, 448])
    parser.add_argument("--model", default=str(ROOT / "models" / "instmatt-lite.safetensors"))
    given = parser.parse_args()
    small, large = (
        make_engine(MatteOptions(engine="instmatt", model=given.model, working_size=size, device="cpu"))
        for size in (WORKING, max(given.sides))
    )
    print("| photo | where | pixels | detail moves alphas by | answers differ by | step added per pixel |")
    print("|---" * 6 + "|")
    detail._Canvas = Noted
    group = ROOT / "resources" / "samples" / "group.jpg"
    sample = im.matte(group, working_size=WORKING, detail="none", engine=small)
    for name, result in (("smooth", guided(*smooth(), small)), ("textured", sample)):
        compare(name, result, large, tuple(given.sides))


if __name__ == "__main__":
    main()
