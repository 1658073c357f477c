"""A backend for the window that is quick, can be slow, and can fail."""

import threading
from dataclasses import dataclass, field, replace
from itertools import permutations
from pathlib import Path

import cv2
import numpy as np

from instmatt_app.api import MatteOptions, Result
from instmatt_app.core.detail import Detail
from instmatt_app.core.edges import with_edges
from instmatt_app.core.interfaces import Detection, Step, Turn
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane, tiles_of
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.files.photo_reader import read_photo
from instmatt_app.ui.backend import Clicks
from instmatt_app.ui.order_tried import OrderTried
from instmatt_app.ui.turn_shown import TurnShown, turn_shown


def detection(box: Rect, photo: Photo) -> Detection:
    mask = np.zeros((photo.height, photo.width), np.uint8)
    mask[box.slices] = 255
    return Detection(TilePlane.of(mask), 0.9, box)


@dataclass(eq=False)
class FakeBackend:
    """Finds ``people`` boxes; mattes are the masks, at ``working_size`` if it is not 0.

    ``hold`` keeps matting from going on until it is set, ``hold_detail`` detail, which is made if it ``wants_detail``.
    """

    people: list[Rect] = field(default_factory=list)
    candidates: list[tuple[Rect, float]] = field(default_factory=list)
    ready: bool = True
    failure: Exception | None = None
    hold: threading.Event | None = None
    matted: list[Project] = field(default_factory=list)
    previewed: list[Project] = field(default_factory=list)
    tried: list[Project] = field(default_factory=list)
    name: str = "fake"
    wants_detail: bool = False
    working_size: int = 0
    hold_detail: threading.Event | None = None
    detail_failure: Exception | None = None
    detailed: list[Project] = field(default_factory=list)

    def read(self, path: Path, step: Step) -> Photo:
        step(0, 1, "reading")
        return read_photo(path)

    def finds_people(self) -> bool:
        return self.ready

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        step(0, 1, "finding")
        return [detection(box, photo) for box in self.people]

    def find_candidates(self, photo: Photo, step: Step) -> list[Detection]:
        """The people, and ``candidates`` with their scores."""
        step(0, 1, "finding")
        while self.hold is not None and not self.hold.wait(0.01):
            step(0, 1, "finding")
        less = [replace(detection(box, photo), score=score) for box, score in self.candidates]
        return [*(detection(box, photo) for box in self.people), *less]

    def find_in_box(self, photo: Photo, box: Rect, step: Step) -> list[Detection]:
        return [detection(box.clip(photo.width, photo.height), photo)]

    def use(self, options: MatteOptions) -> None:
        self.name = f"fake {replace(options, detail='none')}"
        self.wants_detail = options.detail == "native"

    def find_at_clicks(self, project: Project, clicks: Clicks, step: Step) -> list[Detection]:
        """A square round the first click inside, without the column of every click outside."""
        x, y = (int(part) for part in clicks.inside[0])
        found = detection(
            Rect(x - 10, y - 10, x + 10, y + 10).clip(project.photo.width, project.photo.height), project.photo
        )
        for column, _ in clicks.outside:
            gone = Rect.of_size(int(column), 0, 1, project.photo.height)
            found = replace(found, mask=found.mask.patched(gone, np.zeros((gone.height, 1), np.uint8)))
        return [found]

    def preview(self, project: Project, shown: Result, step: Step) -> Result | None:
        """Who was painted for is half there, so that a preview can be told from what follows it."""
        self.previewed.append(project)
        step(0, 1, "preview")
        if [one.id for one in project.instances] != [one.id for one in shown.people]:
            return None
        alphas = shown.alphas.copy()
        alphas[0] /= 2
        alphas[-1] = 1 - alphas[:-1].sum(axis=0)
        return replace(shown, people=list(project.instances), alphas=alphas, detail=None)

    def detail(self, project: Project, result: Result, step: Step) -> Result:
        """Two windows of a detail in which everybody is half there all over."""
        self.detailed.append(project)
        for done in range(2):
            step(done, 2, f"detail, window {done + 1} of 2")
            while self.hold_detail is not None and not self.hold_detail.wait(0.01):
                step(done, 2, f"detail, window {done + 1} of 2")
        if self.detail_failure is not None:
            raise self.detail_failure
        height, width = project.photo.height, project.photo.width
        ids = [one.id for one in project.instances]
        tiles = {
            place: dict.fromkeys(ids, np.full((box.height, box.width), 2**15, np.uint16))
            for place, box in tiles_of(Rect(0, 0, width, height), height, width)
        }
        return replace(result, detail=Detail(height, width, tiles, 2))

    def turns(self, project: Project, step: Step) -> list[TurnShown]:
        """The start and one turn for each person of a cycle, who loses a tenth of their alpha in it."""
        result = self.matte(project, step)
        shown = [turn_shown(Turn(0, None, {}), result, None)]
        order = project.refinement.resolved([one.id for one in project.instances]).order
        for number, person in enumerate(order, 1):
            place = [one.id for one in project.instances].index(person)
            result = replace(result, alphas=result.alphas.copy())
            result.alphas[place] *= 0.9
            shown.append(turn_shown(Turn(number, person, {}), result, shown[-1]))
        return shown

    def orders(self, project: Project, step: Step) -> list[OrderTried]:
        """Every order; what it leaves is less, the later the first person comes."""
        ids = project.refinement.resolved([one.id for one in project.instances]).order
        self.tried.append(project)
        for done, _ in enumerate(permutations(ids)):
            step(done, 6, "trying")
            while self.hold is not None and not self.hold.wait(0.01):
                step(done, 6, "trying")
        picture = np.zeros((96, 96, 3), np.uint8)
        made = [OrderTried(order, 0.01 / (1 + order.index(min(ids))), picture) for order in permutations(ids)]
        return sorted(made, key=lambda one: one.error)

    def matte(self, project: Project, step: Step) -> Result:
        self.matted.append(project)
        step(0, 2, "matting")
        while self.hold is not None and not self.hold.wait(0.01):
            step(1, 2, "matting")
        if self.failure is not None:
            raise self.failure
        step(2, 2, "matting")
        masks = np.stack([one.mask.full() for one in project.instances])
        if self.working_size:
            height, width = project.photo.size_at(self.working_size)
            masks = np.stack([cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) for mask in masks])
        masks = masks.astype(np.float32) / 255
        masks /= np.maximum(masks.sum(axis=0), 1)
        alphas = np.concatenate([masks, 1 - masks.sum(axis=0, keepdims=True)])
        alphas = with_edges(alphas, [one.edge for one in project.instances])
        error = dict.fromkeys(("before refinement", "after refinement", "after projection"), 0.0)
        people = list(project.instances)
        conflicts = np.zeros(masks.shape[1:], np.float32)
        return Result(project.photo, people, alphas, "fake", "fake", "cpu", error, {}, conflicts=conflicts)
