"""Stage 2: the multi-instance refiner, on what a finished stage 1 makes of everybody in a crop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from instmatt_app.engine.multi_instance import BORDER, error_map, find_boxes
from instmatt_app.engine.network.instmatt import Prediction
from instmatt_app.engine.network.refiner import Refiner
from instmatt_app.engine.progressive import unknown_pixels
from instmatt_app.training.config import MattingConfig
from instmatt_app.training.matting import MattingData, Validation, normalised
from instmatt_app.training.networks import Network
from instmatt_app.training.samples import Source, all_targets
from instmatt_app.training.stage1 import four_losses
from instmatt_app.training.supervision import widened

# Side of the one patch that a step refines, as in the supplementary.
PATCH = 128


class Stage2:
    """The task; see :class:`instmatt_app.training.run.Task`.

    Everything but the refiner stays as it is, in evaluation mode. (The released code leaves the spectral norm of the
    frozen branch in training mode, by which its kernels drift a little.)
    """

    name = "stage2"

    def __init__(self, config: MattingConfig, network: Network, source: Source, held_out: Source) -> None:
        """Raises ValueError for a network without refiner."""
        if network.refiner is None:
            raise ValueError("Stage 2 trains the multi-instance refiner, which Mask Guided Matting does not have.")
        self.module: nn.Module = network
        self.data = MattingData(source, all_targets, config.samples, config.run.seed, stack=False)
        self._network, self._refiner, self._config = network, network.refiner, config
        self._validation = Validation(held_out, config.validation)
        network.requires_grad_(False)
        self._refiner.requires_grad_(True)

    def groups(self) -> list[dict[str, Any]]:
        """The refiner."""
        return [{"params": list(self._refiner.parameters())}]

    def training_mode(self) -> None:
        """The matting branch is used, not trained."""
        self.module.eval()
        self._refiner.train()

    def loss(self, batch: list[dict[str, Tensor]], step: int) -> tuple[Tensor, Mapping[str, Tensor]]:
        """The four losses of everybody's refined tri-matte in the unknown area; the mean over the images."""
        sums: dict[str, Tensor] = {}
        for sample in batch:
            for name, part in self._parts(sample).items():
                sums[name] = sums.get(name, torch.zeros_like(part)) + part / len(batch)
        return torch.stack(list(sums.values())).sum(), sums

    def _parts(self, sample: dict[str, Tensor]) -> dict[str, Tensor]:
        image = normalised(sample["image"])
        people = len(sample["guidance"])
        with torch.no_grad():
            prediction = self._network(image.expand(people, -1, -1, -1), sample["guidance"].float())
        trimattes, unknown = fuse_channels(prediction, sample["sides"].tolist())
        passes = 1 + int(float(sample["chance"][0]) * self._config.passes)
        with torch.autocast(image.device.type, enabled=False):
            refined = refine_one_patch(self._refiner, trimattes, prediction.feature.float(), image, passes)
            weight = unknown.float() * sample["supervised"].float()
            pictures = image.expand(people, -1, -1, -1)
            return four_losses(
                refined, sample["alphas"], normalised(sample["colours"]), pictures, weight, self._config.loss
            )

    def validate(self) -> Mapping[str, float]:
        """Figures on the held-out compositions, after the refinement as the program does it."""
        device = next(self.module.parameters()).device
        return self._validation.figures(self._network, str(device), one_mask=False)


def fuse_channels(prediction: Prediction, sides: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Tri-mattes [k, 3, H, W] with each channel's own unknown areas, and where any channel took stride 1, [k, 1, H, W].

    ``sides`` are each person's ellipses for strides 4 and 1.
    """
    fused = area = prediction.os8.float()
    for finer, which in ((prediction.os4, 0), (prediction.os1, 1)):
        unknown = unknown_pixels(fused)
        area = torch.cat(
            [widened(unknown[:, c : c + 1], [one[which] for one in sides]) for c in range(unknown.shape[1])], dim=1
        )
        fused = torch.where(area, finer.float(), fused)
    return fused, area.any(dim=1, keepdim=True)


def refine_one_patch(refiner: Refiner, trimattes: Tensor, feature: Tensor, image: Tensor, passes: int) -> Tensor:
    """Everybody's tri-mattes [k, 3, H, W], renewed so many times in the patch with the largest error.

    As in the released training: nobody is left out as a duplicate, and gradients run through all passes. feature
    [k, C, H, W], image [3, H, W], normalised.
    """
    side = min(PATCH, *trimattes.shape[-2:])
    box = find_boxes(error_map(trimattes), side)[0]
    rows, columns = box.patch
    inner_rows, inner_columns = box.inner
    state = trimattes
    for _ in range(passes):
        made = refiner(state[..., rows, columns], feature[..., rows, columns], image[..., rows, columns])
        renewed = state.clone()
        renewed[..., inner_rows, inner_columns] = made[..., BORDER:-BORDER, BORDER:-BORDER]
        state = renewed
    return state
