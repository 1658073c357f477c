"""InstMatt behind MattingEngine: guidance → tri-mattes → multi-instance refinement.

Sun, Tang, Tai: Human Instance Matting via Mutual Guidance and Multi-Instance Refinement (CVPR 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import cv2
import torch
from torch import Tensor, nn

from instmatt_app.core.interfaces import Step
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
class _Pass:
    """What the refinement needs of the last run over all people, at padded size, and the mattes that came of it."""

    mattes: Mapping[int, TriMatte]
    fused: Mapping[int, Fused]
    features: list[Tensor]
    image: Tensor


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
        self._last: _Pass | None = None

    @property
    def name(self) -> str:
        mode = "-published" if self.published else ""
        patch = f"-patch{self.patch}" if self.patch else ""
        return f"instmatt:{self._weights}{mode}{patch}@{self.working_size}"

    @property
    def device(self) -> str:
        return str(self._device)

    def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
        """Tri-mattes before refinement at the working size; see :class:`instmatt_app.core.interfaces.MattingEngine`."""
        # Let go of the last photo's features first: they are the largest thing kept.
        self._last = None
        picture = photo.at(self.working_size, cv2.INTER_LINEAR if self.published else cv2.INTER_AREA)
        image = image_tensor(picture).to(self._device)
        fused: dict[int, Fused] = {}
        features: list[Tensor] = []
        with torch.inference_mode(), self._exact():
            for done, (person, trimask) in enumerate(trimasks.items()):
                what = f"matting person {done + 1} of {len(trimasks)}"
                self._alive = lambda done=done, what=what: step(done, len(trimasks), what)  # type: ignore[misc]
                try:
                    seen = self._network(_batch(image), _batch(guidance_tensor(trimask).to(self._device)))
                finally:
                    self._alive = _nothing
                fused[person] = fuse(seen.os8, seen.os4, seen.os1)
                features.append(seen.feature[0])
        step(len(trimasks), len(trimasks), "mattes ready")
        mattes = {person: cropped(one.trimatte[0], *picture.shape[:2]) for person, one in fused.items()}
        self._last = _Pass(mattes, fused, features, image)
        return dict(mattes)

    def refine(
        self, photo: Photo, mattes: Mapping[int, TriMatte], refinement: Refinement, step: Step
    ) -> dict[int, TriMatte]:
        """Tri-mattes after refinement. The mattes are those that :meth:`matte` returned last.

        Raises:
            ValueError: they are other ones; their features are gone.
            OrderError: the order of "cycle" names a person twice, or one who is not there.
        """
        last = self._last
        if last is None or mattes.keys() != last.mattes.keys() or any(mattes[i] is not last.mattes[i] for i in mattes):
            raise ValueError("Only the mattes that were made last can be refined.")
        if refinement.strategy == "none":
            return dict(mattes)
        people = list(mattes)
        with torch.inference_mode(), self._exact():
            before = torch.cat([one.trimatte for one in last.fused.values()])
            scene = multi_instance.survey(
                self._refiner, before, last.features, last.image, self.patch, published=self.published
            )
            state = start = multi_instance.State.start(before)
            if refinement.strategy == "parallel":
                states = multi_instance.parallel(scene, start, step, refinement.passes)
            else:
                order = [people.index(person) for person in refinement.checked_order(people)]
                states = multi_instance.cycle(scene, start, order, step, refinement.passes)
            *_, state = states
            final = [
                keep_known(matte[None], last.fused[person])[0]
                for person, matte in zip(people, state.mattes, strict=True)
            ]
        height, width = last.mattes[people[0]].shape[1:]
        return {person: cropped(matte, height, width) for person, matte in zip(people, final, strict=True)}

    def _exact(self) -> AbstractContextManager[None]:
        flags: AbstractContextManager[None] = torch.backends.cudnn.flags(allow_tf32=not self.published)
        return flags


def _batch(planes: Tensor) -> Tensor:
    return planes[None].contiguous(memory_format=torch.channels_last)


def _nothing() -> None:
    """No forward pass is under way, so nobody can stop one."""
