"""What both stages share: batches as tensors, the samples of a source, and validation on held-out compositions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from instmatt_app.core.metrics import pair_errors
from instmatt_app.core.trimask import trimasks
from instmatt_app.engine.multi_instance import State, parallel, survey
from instmatt_app.engine.progressive import fuse, keep_known
from instmatt_app.engine.tensors import MEAN, STD, cropped, guidance_tensor, image_tensor
from instmatt_app.training.composition.record import Composition
from instmatt_app.training.config import ValidationOptions
from instmatt_app.training.networks import Network
from instmatt_app.training.samples import Rng, Sample, SampleOptions, Source
from instmatt_app.training.supervision import ellipse

Maker = Callable[[Composition, SampleOptions, Rng], Sample]

# Told apart from the steps of the training by a number no step has.
VALIDATION = 2**62
# Tells a composition's random numbers from those of its samples.
COMPOSITION = 1
# By how much the unknown area of a true alpha is widened for its figures.
AROUND = 15


class MattingData:
    """Samples of a source; see :class:`instmatt_app.training.feeding.Data`."""

    def __init__(self, source: Source, make: Maker, options: SampleOptions, seed: int, stack: bool) -> None:
        self._source, self._make, self._options, self._seed, self._stack = source, make, options, seed, stack
        self._drawn: tuple[tuple[int, int], Composition] | None = None

    def sample(self, step: int, position: int) -> Sample:
        """The sample of this place."""
        composition = self._composition(step, position // self._options.shared)
        rng = np.random.default_rng([self._seed, step, position])
        return self._make(composition, self._options, rng)

    def _composition(self, step: int, number: int) -> Composition:
        """A step's composition of this number; the last is kept, because samples that share it follow each other."""
        if self._drawn is None or self._drawn[0] != (step, number):
            rng = np.random.default_rng([self._seed, step, number, COMPOSITION])
            self._drawn = (step, number), self._source.draw(rng, self._options.asked)
        return self._drawn[1]

    def collate(self, samples: list[Sample]) -> Any:
        """One dict of stacked tensors; a list of dicts where samples have different numbers of people."""
        if not self._stack:
            return [{key: torch.from_numpy(value) for key, value in sample.items()} for sample in samples]
        return {key: torch.from_numpy(np.stack([sample[key] for sample in samples])) for key in samples[0]}


def normalised(pictures: Tensor) -> Tensor:
    """RGB uint8 [..., 3, H, W] as the networks want it: float32, by ImageNet's mean and deviation."""
    mean = torch.tensor(255 * MEAN, device=pictures.device)[:, None, None]
    deviation = torch.tensor(255 * STD, device=pictures.device)[:, None, None]
    return (pictures.float() - mean) / deviation


class Validation:
    """Held-out compositions at full size, the same ones each time."""

    def __init__(self, source: Source, options: ValidationOptions) -> None:
        size = options.side, options.side
        self._compositions = [
            source.draw(np.random.default_rng([options.seed, VALIDATION, number]), size)
            for number in range(options.compositions)
        ]

    @torch.no_grad()
    def figures(self, network: Network, device: str, one_mask: bool) -> dict[str, float]:
        """Mean errors of people's alphas in evaluation mode, of 1, guided by their rough masks.

        MAD, MSE and gradient as IMQ measures them, over everything above 0; "_unknown" ones over the unknown area of
        the true alpha. "score" is the MSE, by which the paper's code chooses.
        """
        network.eval()
        rows = []
        for composition in self._compositions:
            levels = (matte(network, composition, device, one_mask) * 255).round().clip(0, 255).astype(np.uint8)
            for made, alpha in zip(levels, composition.alphas, strict=True):
                truth = (alpha * 255).round().astype(np.uint8)
                errors = pair_errors(made, truth)
                around = cv2.dilate(((truth > 0) & (truth < 255)).astype(np.uint8), ellipse(AROUND)) > 0
                apart = np.abs(made.astype(np.float64) - truth)[around] / 255
                unknown = (float(apart.mean()), float((apart**2).mean())) if apart.size else (0.0, 0.0)
                rows.append((errors.mse, errors.mad, errors.mse, errors.grad, *unknown))
        names = ("score", "mad", "mse", "grad", "mad_unknown", "mse_unknown")
        return dict(zip(names, np.mean(rows, axis=0).tolist(), strict=True))


def matte(
    network: Network, composition: Composition, device: str, one_mask: bool
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Everybody's alpha, float32 (K, H, W), as the program would make it: fused, and refined if there is a refiner."""
    image = image_tensor(composition.photo).to(device)
    masks = [(mask > 127).astype(np.float32) for mask in composition.masks]
    guidance = [guidance_tensor(tri[:1] if one_mask else tri).to(device) for tri in trimasks(masks)]
    predictions = [network(image[None], own[None]) for own in guidance]
    fused = [fuse(*(scale.float() for scale in prediction[:3])) for prediction in predictions]
    mattes = [one.trimatte for one in fused]
    if network.refiner is not None and len(mattes) > 1:
        together = torch.cat(mattes)
        scene = survey(network.refiner, together, [prediction.feature[0] for prediction in predictions], image)
        *_, last = parallel(scene, State.start(together), lambda *_: None)
        refined = last.trimattes
        mattes = [keep_known(row[None], one) for row, one in zip(refined, fused, strict=True)]
    height, width = composition.photo.shape[:2]
    return np.concatenate([cropped(matte[0, :1], height, width) for matte in mattes])
