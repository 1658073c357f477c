"""A project with something of everything in it, and what two projects must share to be the same."""

from pathlib import Path

import numpy as np
from PIL import Image

from instmatt_app.core.detail import Detail
from instmatt_app.core.edits import (
    State,
    add_people,
    keep_refinement,
    look,
    paint,
    refine_inside,
    set_edge,
    set_refinement,
)
from instmatt_app.core.hints import Hint
from instmatt_app.core.interfaces import Detection
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.files.photo_reader import read_photo
from instmatt_app.files.project_making import KeptMattes

SIZE = (300, 400)


def photo_file(folder: Path) -> Path:
    path = folder / "zoë & co.jpg"
    if not path.exists():
        y, x = np.mgrid[: SIZE[0], : SIZE[1]]
        Image.fromarray(np.stack([x % 256, y % 256, (x + y) % 256], -1).astype(np.uint8)).save(path, quality=90)
    return path


def full_project(folder: Path) -> Project:
    """Two people with masks, strokes, pins, looks and choices; the photo is a JPEG file in the folder."""
    project = Project(read_photo(photo_file(folder)))
    state = State()
    found = []
    for left in (40, 220):
        mask = np.zeros(SIZE, np.uint8)
        mask[50:250, left : left + 120] = 200
        found.append(Detection(TilePlane.of(mask), 0.75, Rect(left, 50, left + 120, 250)))
    stroke = np.ones((30, 50), bool)
    for edit in (
        add_people(found),
        paint(1, Hint.THIS_PERSON, Rect(100, 240, 150, 270), stroke),
        paint(2, Hint.UNDECIDED, Rect(240, 60, 290, 90), stroke),
        paint(2, Hint.NOT_THIS_PERSON, Rect(0, 0, 50, 30), stroke, pin=True),
        look(2, "Rename", name="山田 “さん”", colour=(1, 2, 3), visible=False, locked=True),
        set_refinement(Refinement("cycle", (2, 1), 3, (((1, 2), 1),))),
        keep_refinement([1], Refinement("parallel", (), 1)),
        refine_inside(Rect(10, 20, 300, 200)),
        set_edge([1], {"shift": -1.5, "feather": 2, "contrast": 30}),
    ):
        state = edit.change(state, project.next_revision)
    project.instances, project.refinement = list(state.instances), state.refinement
    return project


def mattes_of(project: Project) -> KeptMattes:
    alphas = np.random.default_rng(0).dirichlet(np.ones(len(project.instances) + 1), (75, 100)).astype(np.float32)
    return KeptMattes(
        "key", tuple(one.id for one in project.instances), np.ascontiguousarray(np.moveaxis(alphas, -1, 0)),
        np.full((75, 100), 1.25, np.float32), {"engine": "fake", "seconds": {"matte": 0.5}},
        Detail(*SIZE, {(0, 1): {1: np.full((256, 144), 700, np.uint16), None: np.full((256, 144), 9, np.uint16)}}, 3),
    )  # fmt: skip


def seen(project: Project) -> list[object]:
    """Everything a project says, as plain values."""
    return [
        project.revision, project.refinement, project.photo.fingerprint, project.key("engine", 0),
        [
            (one.id, one.name, one.box, one.score, one.locked, one.visible, one.revision, one.colour, one.pin_revision,
             one.refinement, one.edge,
             *(None if plane is None else plane.full().tobytes() for plane in (one.mask, one.hints, one.pins)))
            for one in project.instances
        ],
    ]  # fmt: skip
