"""InstMatt behind MattingEngine: guidance → tri-mattes → multi-instance refinement.

Sun, Tang, Tai: Human Instance Matting via Mutual Guidance and Multi-Instance Refinement (CVPR 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from instmatt_app.core.interfaces import Scores, Step, Turn
from instmatt_app.core.photo import Photo
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import TriMatte
from instmatt_app.engine import multi_instance
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.engine.network.lite import InstMattLite
from instmatt_app.engine.network.spectral_norm import fold
from instmatt_app.engine.progressive import Fused, fuse, keep_known
from instmatt_app.engine.tensors import cropped, guidance_tensor, image_tensor


@dataclass(frozen=True, eq=False)
class _Seen:
    """What the network made of one person, at padded size but for the matte."""

    matte: TriMatte
    fused: Fused
    feature: Tensor


class InstMattEngine:
    """The network of the paper at the working size, one person at a time, then everybody together."""

    def __init__(
        self,
        network: InstMatt | InstMattLite,
        weights: str,
        working_size: int,
        device: str = "cpu",
        published: bool = False,
        patch: int | None = None,
    ) -> None:
        """Takes the network over (it is folded and moved). ``weights`` names them: a hash of the file.

        ``published`` follows the released script: bilinear reduction of the photo, its duplicates rule, float32 without
        TF32. ``patch`` is the side of the refinement's patches; None as released.

        Raises:
            ValueError: the weights have no refiner, or are those of Mask Guided Matting.
        """
        if network.refiner is None:
            raise ValueError("These weights are of the first training stage: they have no refiner.")
        self.working_size = working_size
        self.published = published
        self.patch = patch
        self._device = torch.device(device)
        self._weights = weights
        fold(network)
        self._refiner = network.refiner.to(self._device)
        self._network = network.to(self._device).to(memory_format=torch.channels_last)
        self._alive: Callable[[], None] = _nothing
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                # A forward pass takes seconds; it can be stopped before every convolution.
                module.register_forward_pre_hook(lambda *_: self._alive())
        # What was seen of the last photo's people, by a digest of their guidance: a cache of the dearest part.
        self._photo = ""
        self._image = torch.empty(0)
        self._seen: dict[bytes, _Seen] = {}

    @property
    def name(self) -> str:
        mode = "-published" if self.published else ""
        patch = f"-patch{self.patch}" if self.patch else ""
        return f"instmatt:{self._weights}{mode}{patch}@{self.working_size}"

    @property
    def device(self) -> str:
        return str(self._device)

    @property
    def refines(self) -> bool:
        return True

    def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
        """Tri-mattes before refinement at the working size; see :class:`instmatt_app.core.interfaces.MattingEngine`."""
        return {person: seen.matte for person, seen in self._look(photo, trimasks, step).items()}

    def refine(
        self,
        photo: Photo,
        trimasks: Mapping[int, TriMask],
        refinement: Refinement,
        step: Step,
        scores: Scores | None = None,
    ) -> dict[int, TriMatte]:
        """Tri-mattes after refinement; see :class:`instmatt_app.core.interfaces.MattingEngine`."""
        *_, last = self.turns(photo, trimasks, refinement, step, scores)
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
        seen = self._look(photo, trimasks, step)
        if refinement.strategy == "none":
            yield Turn(0, None, {person: one.matte for person, one in seen.items()})
            return
        with torch.inference_mode(), self._exact():
            before = torch.cat([one.fused.trimatte for one in seen.values()])
            scene = multi_instance.survey(
                self._refiner,
                before,
                [one.feature for one in seen.values()],
                self._image,
                self.patch,
                [1.0 if score is None else score for score in map((scores or {}).get, people)],
                published=self.published,
            )
        start = multi_instance.State.start(before)
        turn = after or Turn(0, None, {person: one.matte for person, one in seen.items()}, start)
        yield turn
        state = turn.state
        assert isinstance(state, multi_instance.State), "a turn of another engine"
        whose: list[int] = []
        if refinement.strategy == "parallel":
            states = multi_instance.parallel(scene, state, step, refinement.passes)
        else:
            states = multi_instance.cycle(scene, state, order, step, refinement.passes)
            whose = [people[place] for place in order if place in scene.members]
        while True:
            # Not around the loop: whoever is given a turn shall not be in inference mode meanwhile.
            with torch.inference_mode(), self._exact():
                newest = next(states, None)
                if newest is None:
                    return
                if newest is state:
                    continue
                mattes = {
                    person: turn.mattes[person] if matte is old else self._final(matte, seen[person])
                    for person, matte, old in zip(people, newest.mattes, state.mattes, strict=True)
                }
            state = newest
            person = whose[(state.turn - 1) % len(whose)] if whose else None
            turn = Turn(state.turn, person, mattes, state)
            yield turn

    def _look(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, _Seen]:
        """Runs the network for all people but those of whom it saw the same before."""
        if self._photo != photo.fingerprint:
            # Let go of the last photo's features first: they are the largest thing kept.
            self._photo, self._seen = photo.fingerprint, {}
            picture = photo.at(self.working_size, cv2.INTER_LINEAR if self.published else cv2.INTER_AREA)
            self._image = image_tensor(picture).to(self._device)
        names = {person: blake2b(np.ascontiguousarray(trimask).data).digest() for person, trimask in trimasks.items()}
        self._seen = {name: seen for name, seen in self._seen.items() if name in names.values()}
        for done, (person, trimask) in enumerate(trimasks.items()):
            if names[person] in self._seen:
                continue
            what = f"matting person {done + 1} of {len(trimasks)}"
            self._alive = lambda done=done, what=what: step(done, len(trimasks), what)  # type: ignore[misc]
            try:
                with torch.inference_mode(), self._exact():
                    self._seen[names[person]] = self._look_at(trimask)
            finally:
                self._alive = _nothing
        step(len(trimasks), len(trimasks), "mattes ready")
        return {person: self._seen[name] for person, name in names.items()}

    def _look_at(self, trimask: TriMask) -> _Seen:
        guidance = guidance_tensor(trimask).to(self._device)
        out = self._network(_batch(self._image), _batch(guidance))
        fused = fuse(out.os8, out.os4, out.os1)
        return _Seen(_cropped(fused.trimatte[0], trimask), fused, out.feature[0])

    def _final(self, refined: Tensor, seen: _Seen) -> TriMatte:
        return _cropped(keep_known(refined[None], seen.fused)[0], seen.matte)

    def _exact(self) -> AbstractContextManager[None]:
        flags: AbstractContextManager[None] = torch.backends.cudnn.flags(allow_tf32=not self.published)
        return flags


def _cropped(planes: Tensor, like: TriMatte) -> TriMatte:
    """Padded planes at the size of these, read-only, because the cache has them too."""
    matte = cropped(planes, *like.shape[1:])
    matte.setflags(write=False)
    return matte


def _batch(planes: Tensor) -> Tensor:
    return planes[None].contiguous(memory_format=torch.channels_last)


def _nothing() -> None:
    """No forward pass is under way, so nobody can stop one."""
