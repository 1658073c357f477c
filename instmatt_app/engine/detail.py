"""Native detail: a photo larger than the working size is matted once more in windows at its own resolution.

Who is who is known by then, from the working size. The windows lie close round the unknown area; in each of them
everybody who is there is matted together, guided by the alphas found, and refined by the same strategy, order and
passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.detail import BACKGROUND, Detail, Levels, Whose, alphas_of, levels_of
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import MattingEngine, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TILE, tiles_of
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import trimasks
from instmatt_app.core.trimatte import Alphas, enlarged, partition
from instmatt_app.core.windows import Window, windows
from instmatt_app.engine.kept_windows import KeptWindows, name_of
from instmatt_app.engine.refining import refine_each

# Side of a window in pixels; never more than the working size, for which memory was planned.
SIDE = 1024
# Where memory does not suffice the side is halved, but not below this.
LEAST_SIDE = 256
# Shares of the side: over which two windows go over into each other, and what is left out along their edges.
RAMP, GUARD = 1 / 8, 1 / 16
# How far round an unknown pixel of the working size the detail reaches, and over how many of these it sets in.
REACH, ONSET = 6.0, 3.0
# Alphas from this to one less this are unknown. More than the progressive refinement's 1/255: a faint haze over the
# whole photo, which nobody sees, must not have the whole photo matted again.
LEAST = 5 / 255
# Whoever is less than this everywhere in a window is not there.
PRESENT = 0.02


def native_detail(
    photo: Photo,
    people: Sequence[Instance],
    alphas: Alphas,
    refinements: Mapping[int, Refinement],
    engine: MattingEngine,
    working_size: int,
    step: Step,
    kept: KeptWindows | None,
) -> Detail | None:
    """What the engine finds at the photo's own resolution; None where the working size is all there is.

    ``alphas`` is float32 (K + 1, h, w), adding up to one: the people's in list order and the background's, at the
    working size. ``refinements`` are everybody's in full, by id. ``step`` is called with the number of windows done.
    Windows that are ``kept`` are not matted again, and others are kept there as they are done.

    Raises:
        MemoryError: there is not enough even for the smallest windows.
    """
    if alphas.shape[1:] == (photo.height, photo.width):
        return None
    side = min(SIDE, working_size)
    while True:
        try:
            return _in_windows(photo, people, alphas, refinements, engine, side, step, kept)
        except MemoryError:
            # An engine that plans says so before it begins; smaller windows take less and see less around them.
            if side // 2 < LEAST_SIDE:
                raise
            side //= 2


def _in_windows(
    photo: Photo,
    people: Sequence[Instance],
    alphas: Alphas,
    refinements: Mapping[int, Refinement],
    engine: MattingEngine,
    side: int,
    step: Step,
    kept: KeptWindows | None,
) -> Detail:
    """The detail by windows of that side."""
    near = reach(alphas)
    wanted = laid(near, photo, side)
    canvas = _Canvas(photo, people, alphas)
    for done, window in enumerate(wanted):
        what = f"detail, window {done + 1} of {len(wanted)}"
        step(done, len(wanted), what)
        canvas.settle(window.support.top)

        def inside(_done: int, _total: int, _what: str, done: int = done, what: str = what) -> None:
            step(done, len(wanted), what)

        scene = _Scene(photo, people, enlarged(alphas, photo.height, photo.width, window.area), window)
        found = scene.matted(refinements, engine, inside, kept)
        if found:
            share = window.share(wanted) * enlarged(near, photo.height, photo.width, window.support)
            canvas.add(window.support, share, found)
    canvas.settle(photo.height)
    step(len(wanted), len(wanted), "detail ready")
    return Detail(photo.height, photo.width, canvas.tiles, len(wanted))


def laid(near: NDArray[np.float32], photo: Photo, side: int) -> list[Window]:
    """The windows of at most that side where detail is wanted, as :func:`reach` says."""
    return windows(near > 0, photo.height, photo.width, side, int(side * RAMP) // 2 * 2, int(side * GUARD))


def reach(alphas: Alphas) -> NDArray[np.float32]:
    """How much of the detail is wanted, float32 (h, w): 1 in the unknown area and near it, falling to 0 farther off.

    Unknown is whatever is not known in some alpha (C, h, w), and both sides of a hard edge between known pixels.
    """
    unknown = np.zeros(alphas.shape[1:], bool)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    for alpha in alphas:
        edge = cv2.morphologyEx((alpha > 0.5).astype(np.uint8), cv2.MORPH_GRADIENT, cross)
        unknown |= ((alpha > LEAST) & (alpha < 1 - LEAST)) | (edge > 0)
    if not unknown.any():
        return np.zeros(unknown.shape, np.float32)
    away = cv2.distanceTransform((~unknown).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    share: NDArray[np.float32] = np.clip((REACH - away) / ONSET, 0, 1).astype(np.float32)
    return share


class _Scene:
    """One window with whoever is there. ``known`` is float32 (K + 1, h, w): the alphas so far, enlarged, in it."""

    def __init__(self, photo: Photo, people: Sequence[Instance], known: Alphas, window: Window) -> None:
        self.photo = photo
        self.window = window
        present = known[:-1].max(axis=(1, 2)) > PRESENT
        self.people = [one for one, there in zip(people, present, strict=True) if there]
        self.known = known[:-1][present]
        # What the others keep there, where they are next to nothing.
        self.absent = known[:-1][~present].sum(axis=0)

    def matted(
        self, refinements: Mapping[int, Refinement], engine: MattingEngine, step: Step, kept: KeptWindows | None
    ) -> dict[Whose, Alphas]:
        """The alphas of who is there and the background in the window's support, by id; they leave room for others."""
        if not self.people:
            return {}
        area = self.window.area
        ids = [one.id for one in self.people]
        masks = [(alpha >= 0.5).astype(np.float32) for alpha in self.known]
        hints = [None if one.hints is None else one.hints.at(area) for one in self.people]
        guidance = dict(zip(ids, trimasks(masks, hints), strict=True))
        seen = self.photo.part(area)
        wishes = {number: refinements[number].among(ids).within(area) for number in ids}
        scores = {one.id: one.score for one in self.people}
        inner = self.window.inner

        def made() -> Levels:
            mattes = engine.matte(seen, guidance, step)
            refined = refine_each(engine, seen, guidance, mattes, wishes, scores, step)
            return levels_of(partition([refined[number][:, *inner] for number in ids]))

        if kept is None:
            levels = made()
        else:
            name = name_of(guidance, engine.name, self.photo.fingerprint, area, inner, wishes, scores)
            levels = kept.of(name, made)
        alphas = alphas_of(levels) * (1 - self.absent[inner])
        return dict(zip([*ids, BACKGROUND], alphas, strict=True))


class _Canvas:
    """The tiles while they are being added to: each plane begins as what is known and takes in window after window."""

    def __init__(self, photo: Photo, people: Sequence[Instance], alphas: Alphas) -> None:
        self.tiles: dict[tuple[int, int], dict[Whose, Levels]] = {}
        self._size = photo.height, photo.width
        self._alphas = alphas
        self._places: dict[Whose, int] = {one.id: place for place, one in enumerate(people)} | {BACKGROUND: -1}
        self._open: dict[tuple[int, int], dict[Whose, NDArray[np.float32]]] = {}

    def add(self, support: Rect, share: NDArray[np.float32], found: Mapping[Whose, Alphas]) -> None:
        """Goes over from what is known to what was found, by ``share``, float32 (h, w), in the box ``support``."""
        for whose, alpha in found.items():
            known = self._known(whose, support)
            change = share * (alpha - known)
            for place, box in tiles_of(support, *self._size):
                common = box.intersect(support)
                part = common.within(support).slices
                if share[part].any():
                    tile = self._open.setdefault(place, {})
                    if whose not in tile:
                        tile[whose] = self._known(whose, box)
                    tile[whose][common.within(box).slices] += change[part]

    def settle(self, above: int) -> None:
        """Closes the tiles that end above that row: no window will touch them again."""
        for place in [place for place in self._open if min(self._size[0], (place[0] + 1) * TILE) <= above]:
            self.tiles[place] = {whose: levels_of(plane) for whose, plane in self._open.pop(place).items()}

    def _known(self, whose: Whose, area: Rect) -> NDArray[np.float32]:
        return enlarged(self._alphas[self._places[whose]], *self._size, area)
