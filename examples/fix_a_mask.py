"""A mask that went wrong is painted over, and the photo is matted again: the network runs only for whom that changes.

python examples/fix_a_mask.py resources/samples/group.jpg layers
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from instmatt_app.api import MatteOptions, Result, make_engine, matte, matte_project
from instmatt_app.core.hints import Hint
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project


def main(photo: Path, folder: Path) -> tuple[Result, Result]:
    # One engine for both runs: it keeps what the network saw of each person.
    engine = make_engine(MatteOptions())
    before = matte(photo, engine=engine)
    # Strokes are a plane at the photo's size. This one says of the lowest tenth: not the first person.
    strokes = np.zeros((before.photo.height, before.photo.width), np.uint8)
    strokes[-before.photo.height // 10 :] = Hint.NOT_THIS_PERSON
    first, *others = before.people
    project = Project(before.photo)
    project.add([replace(first, hints=TilePlane.of(strokes)), *others])
    after = matte_project(project, engine, before.recogniser)
    after.save(folder, layers="cutout")
    lost = (before.alpha(0) - after.alpha(0)).clip(min=0).sum()
    print(f"{first.name} lost {lost:.0f} pixels.")
    return before, after


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
