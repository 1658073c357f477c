"""InstMatt behind MattingEngine: guidance → tri-mattes → multi-instance refinement.

Sun, Tang, Tai: Human Instance Matting via Mutual Guidance and Multi-Instance Refinement (CVPR 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from instmatt_app.core.interfaces import Scores, Step, Turn
from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import TriMatte
from instmatt_app.engine import memory, multi_instance
from instmatt_app.engine.device import MEASURED, Station, computing, is_out_of_memory, precision_for
from instmatt_app.engine.evidence import Evidence, Room, Staged, look
from instmatt_app.engine.network.folding import fold
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.engine.network.lite import InstMattLite
from instmatt_app.engine.network.refiner import Refiner
from instmatt_app.engine.network.spectral_norm import fold_spectral_norm
from instmatt_app.engine.progressive import keep_known
from instmatt_app.engine.tensors import MARGIN, cropped, guidance_tensor, image_tensor

# People in one run of the network: a CPU gains nothing from more than one, and is slower to stop.
BATCH = {"cpu": 1, "cuda": 8, "mps": 4}
# Photos whose evidence is kept; beside them one part of a photo: the window around a stroke that a preview shows, or a
# window of native detail.
PHOTOS = 2
NO_REFINER = "This model has no refiner: every person is matted alone, and nothing is refined."


@dataclass(frozen=True, eq=False)
class _Seen:
    """One person: the matte at the size of the tri-mask, read-only, and what it came from, at padded size."""

    matte: TriMatte
    evidence: Evidence


@dataclass(eq=False)
class _Scene:
    """A photo at padded size, and what was seen of its people, by a digest of their guidance.

    ``size`` is the photo's (h, w) before it was padded, which is that of the tri-masks, or an enlarged one.
    """

    image: Tensor
    size: tuple[int, int]
    is_part: bool
    seen: dict[bytes, _Seen] = field(default_factory=dict)


class InstMattEngine:
    """A network of the paper's kind at the working size, one person at a time, then everybody together.

    Networks are called as ``network(image, guidance) -> Prediction`` and have ``.mask_channels``, ``.enlarges`` (how
    much larger they want photos that are smaller than the working size) and ``.refiner``. That may be None: without
    one, as for Mask Guided Matting (one channel of guidance, one alpha), ``refines`` is False.
    """

    def __init__(
        self,
        network: InstMatt | InstMattLite,
        weights: str,
        working_size: int,
        device: str = "cpu",
        published: bool = False,
        patch: int | None = None,
        memory_limit: int | None = None,
    ) -> None:
        """Takes the network over (it is folded and moved). ``weights`` names them: a hash of the file.

        ``published`` follows the released script: bilinear reduction of the photo, its duplicates rule, float32 without
        TF32, norms as they are. ``patch`` is the side of the refinement's patches; None as released. ``memory_limit``
        is the most bytes that a run may plan for; None: what is free.
        """
        self.working_size = working_size
        self.published = published
        self.patch = patch
        self.memory_limit = memory_limit
        self._station = Station(torch.device(device), BATCH.get(torch.device(device).type, 1))
        self._weights = weights
        folded = fold_spectral_norm(network) if published else fold(network)
        self._network = folded.eval().to(self._station.device).to(memory_format=torch.channels_last)
        self._refiner: Refiner | None = network.refiner
        self._alive: Callable[[], None] = _nothing
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                # A forward pass takes seconds; it can be stopped before every convolution.
                module.register_forward_pre_hook(lambda *_: self._alive())
        self._photos: dict[str, _Scene] = {}
        self._plan: memory.Plan | None = None

    @property
    def name(self) -> str:
        mode = "-published" if self.published else ""
        patch = f"-patch{self.patch}" if self.patch else ""
        return f"instmatt:{self._weights}{mode}{patch}@{self.working_size}"

    @property
    def device(self) -> str:
        return str(self._station.device)

    @property
    def precision(self) -> str:
        return precision_for(self._station.device, self.published, MEASURED).name

    @property
    def refines(self) -> bool:
        return self._refiner is not None

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self._station.notes, *(() if self.refines else (NO_REFINER,)))

    def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
        """Tri-mattes before refinement at the working size; see :class:`instmatt_app.core.interfaces.MattingEngine`.

        Mask Guided Matting sees targets only: references and backgrounds are what the others' targets make them.

        Raises:
            NotEnoughMemory: there is not enough for even one person at a time.
        """
        _, seen = self._look(photo, trimasks, step)
        return self._mattes(seen)

    def refine(
        self,
        photo: Photo,
        trimasks: Mapping[int, TriMask],
        refinement: Refinement,
        step: Step,
        scores: Scores | None = None,
    ) -> dict[int, TriMatte]:
        """Tri-mattes after refinement; see :class:`instmatt_app.core.interfaces.MattingEngine`."""
        last: Turn | None = None
        for last in self.turns(photo, trimasks, refinement, step, scores):  # noqa: B007
            pass
        assert last is not None
        return dict(last.mattes)

    def turns(
        self,
        photo: Photo,
        trimasks: Mapping[int, TriMask],
        refinement: Refinement,
        step: Step,
        scores: Scores | None = None,
        after: Turn | None = None,
    ) -> Iterator[Turn]:
        """The refinement turn by turn; see :class:`instmatt_app.core.interfaces.MattingEngine`.

        A turn holds its state at padded size beside the mattes: two arrays for each person whom it renewed.
        """
        people = list(trimasks)
        order = [people.index(person) for person in refinement.checked_order(people)]
        shown, seen = self._look(photo, trimasks, step)
        if refinement.strategy == "none" or not self.refines or not people:
            yield after or Turn(0, None, self._mattes(seen))
            return
        window = _padded(refinement.window, photo, shown.size)
        scene, start = self._survey(shown, seen, scores or {}, window)
        turn = after or Turn(0, None, self._mattes(seen), start)
        yield turn
        assert isinstance(turn.state, multi_instance.State), "a turn of another engine"
        state = turn.state.on(self._station.device)
        reached = (0, 1, "")

        def noted(done: int, total: int, what: str) -> None:
            nonlocal reached
            reached = (done, total, what)
            step(done, total, what)

        states = self._states(scene, state, refinement, order, noted)
        while True:
            try:
                # Not around the loop: whoever is given a turn shall not be in inference mode meanwhile.
                with self._computing(lambda: step(*reached)):
                    newest = next(states, None)
                    mattes = dict(turn.mattes)
                    for place, person in enumerate(people if newest is not None else ()):
                        assert newest is not None
                        if newest.mattes[place] is not state.mattes[place]:
                            mattes[person] = _final(newest.mattes[place], shown.size, seen[person])
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                self._step_down(scene.together, error, step)
                shown, seen = self._look(photo, trimasks, step)
                scene, start = self._survey(shown, seen, scores or {}, window)
                state = state.on(self._station.device)
                states = self._states(scene, state, refinement, order, noted)
                continue
            if newest is None:
                return
            if newest.turn > state.turn:
                whose = [people[place] for place in order if place in scene.members]
                cycling = refinement.strategy == "cycle"
                turn = Turn(newest.turn, whose[(newest.turn - 1) % len(whose)] if cycling else None, mattes, newest)
                yield turn
            state = newest

    def _survey(
        self, shown: _Scene, seen: Mapping[int, _Seen], scores: Scores, window: Rect | None
    ) -> tuple[multi_instance.Scene, multi_instance.State]:
        assert self._refiner is not None
        assert self._plan is not None
        with torch.inference_mode():
            before = torch.cat([one.evidence.fused.trimatte for one in seen.values()])
            # What is known stays known; the released script refines that, too, and drops it in the end.
            free = None if self.published else torch.cat([one.evidence.fused.unknown[0] for one in seen.values()])
            if free is not None and window is not None:
                inside = torch.zeros_like(free)
                inside[:, *window.slices] = True
                free = free & inside
            scene = multi_instance.survey(
                self._refiner,
                before,
                [one.evidence.feature for one in seen.values()],
                shown.image,
                self.patch,
                [1.0 if score is None else score for score in map(scores.get, seen)],
                published=self.published,
                free=free,
            )
            scene = replace(scene, together=self._station.together, room=self._plan.room // 2)
            return scene, multi_instance.State.start(before)

    @staticmethod
    def _states(
        scene: multi_instance.Scene, start: multi_instance.State, wish: Refinement, order: list[int], step: Step
    ) -> Iterator[multi_instance.State]:
        if wish.strategy == "parallel":
            return multi_instance.parallel(scene, start, step, wish.passes)
        return multi_instance.cycle(scene, start, order, step, wish.passes)

    def _look(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> tuple[_Scene, dict[int, _Seen]]:
        """Runs the network for all people but those of whom it saw the same before."""
        scene = self._photos.pop(photo.fingerprint, None)
        # Let go of old photos first: evidence is the largest thing kept.
        others = [(name, one) for name, one in self._photos.items() if not one.is_part]
        self._photos = dict(others if photo.is_part else others[-(PHOTOS - 1) :])
        if scene is None:
            picture = self._picture(photo)
            scene = _Scene(image_tensor(picture).to(self._station.device), picture.shape[:2], photo.is_part)
        self._photos[photo.fingerprint] = scene
        names = {person: blake2b(np.ascontiguousarray(trimask).data).digest() for person, trimask in trimasks.items()}
        scene.seen = {name: seen for name, seen in scene.seen.items() if name in names.values()}
        people = list(trimasks)
        while True:
            pending = [person for person in people if names[person] not in scene.seen]
            if not pending:
                break
            self._plan = plan = self._make_plan(scene, people)
            room = Room(plan.room // 2)
            try:
                while pending:
                    group, pending = pending[: plan.together], pending[plan.together :]
                    what = f"matting person {people.index(group[0]) + 1} of {len(people)}"
                    with self._computing(partial(step, people.index(group[0]), len(people), what)):
                        guidance = torch.stack([self._guidance(trimasks[person], scene.size) for person in group])
                        found = look(self._network, scene.image, guidance, plan.window, room, plan.half, self.refines)
                    for person, evidence in zip(group, found, strict=True):
                        matte = _cropped(evidence.fused.trimatte[0], scene.size, trimasks[person])
                        scene.seen[names[person]] = _Seen(matte, evidence)
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                self._step_down(len(group), error, step)
                scene = self._photos[photo.fingerprint]
        step(len(people), len(people), "mattes ready")
        return scene, {person: scene.seen[name] for person, name in names.items()}

    def _make_plan(self, scene: _Scene, people: list[int]) -> memory.Plan:
        height, width = scene.image.shape[-2:]
        side = multi_instance.patch_side(len(people), height, width, self.patch) if self._refiner is not None else 0
        footprint = memory.STAGED if isinstance(self._network, Staged) else memory.WHOLE
        if self._refiner is not None:
            footprint = replace(footprint, feature=4 * self._refiner.split.in_channels // 3)
        fitting = partial(
            memory.plan, height, width, len(people), side, footprint, batch=self._station.together, exact=self.published
        )
        try:
            return fitting(budget=memory.budget(self._station.device, self.memory_limit))
        except memory.NotEnoughMemory:
            self._photos = {name: one for name, one in self._photos.items() if one is scene}
        return fitting(budget=memory.budget(self._station.device, self.memory_limit))

    def _picture(self, photo: Photo) -> NDArray[np.uint8]:
        """What the network sees of a photo, sRGB (h, w, 3), not padded: shrunk or enlarged to the working size."""
        if self.published:
            return photo.at(self.working_size, cv2.INTER_LINEAR)
        picture = photo.at(self.working_size)
        scale = min(self._network.enlarges, self.working_size / photo.part_of)
        if scale <= 1:
            return picture
        height, width = (round(scale * side) for side in picture.shape[:2])
        large: NDArray[np.uint8] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
        return large

    def _guidance(self, trimask: TriMask, size: tuple[int, int]) -> Tensor:
        channels = trimask[: self._network.mask_channels]
        if channels.shape[1:] != size:
            large = [cv2.resize(one, size[::-1], interpolation=cv2.INTER_NEAREST) for one in channels]
            channels = np.stack(large).astype(np.float32)
        return guidance_tensor(channels).to(self._station.device)

    def _step_down(self, used: int, error: RuntimeError, step: Step) -> None:
        """Goes on with less at once, or on the CPU; what was seen on the device is looked at again there."""
        before = self._station.device
        step(0, 1, self._station.step_down(used, error))
        if self._station.device != before:
            self._network.to(self._station.device)
            self._photos = {
                name: _Scene(one.image.to(self._station.device), one.size, one.is_part)
                for name, one in self._photos.items()
            }

    def _mattes(self, seen: Mapping[int, _Seen]) -> dict[int, TriMatte]:
        mattes = {person: one.matte for person, one in seen.items()}
        if self._network.mask_channels == 3 or not mattes:
            return mattes
        total = np.sum([matte[0] for matte in mattes.values()], axis=0, dtype=np.float32)
        background = np.clip(1 - total, 0, 1)
        return {
            person: np.stack([matte[0], np.clip(total - matte[0], 0, 1), background])
            for person, matte in mattes.items()
        }

    @contextmanager
    def _computing(self, alive: Callable[[], None]) -> Iterator[None]:
        """Inference; ``alive()`` is called before every convolution and may raise to stop."""
        device = self._station.device
        self._alive = alive
        try:
            with torch.inference_mode(), computing(device, precision_for(device, self.published, MEASURED)):
                yield
        finally:
            self._alive = _nothing


def _final(refined: Tensor, size: tuple[int, int], seen: _Seen) -> TriMatte:
    return _cropped(keep_known(refined[None], seen.evidence.fused)[0], size, seen.matte)


def _padded(window: Rect | None, photo: Photo, size: tuple[int, int]) -> Rect | None:
    """A box of the photo in pixels of the padded picture of that size, to the next whole pixel outwards."""
    if window is None:
        return None
    height, width = size
    left, top = window.left * width // photo.width, window.top * height // photo.height
    right, bottom = -(-window.right * width // photo.width), -(-window.bottom * height // photo.height)
    box = Rect(left, top, right, bottom).clip(width, height)
    return Rect(box.left + MARGIN, box.top + MARGIN, box.right + MARGIN, box.bottom + MARGIN)


def _cropped(planes: Tensor, size: tuple[int, int], like: TriMatte) -> TriMatte:
    """Padded planes of a picture of that size at the size of these, read-only, because the cache has them too."""
    height, width = like.shape[1:]
    matte = cropped(planes, *size)
    if size != (height, width):
        # Means of areas: what added up to one still does.
        small = [cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) for one in matte]
        matte = np.stack(small).astype(np.float32)
    matte.setflags(write=False)
    return matte


def _nothing() -> None:
    """No forward pass is under way, so nobody can stop one."""
