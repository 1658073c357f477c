"""Stage 1: the matting branch, from a tri-mask of one person or a set of people to a tri-matte at three scales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from instmatt_app.engine.network.instmatt import Prediction
from instmatt_app.engine.progressive import unknown_pixels
from instmatt_app.training import losses
from instmatt_app.training.config import LossWeights, MattingConfig
from instmatt_app.training.matting import MattingData, Validation, normalised
from instmatt_app.training.networks import Network
from instmatt_app.training.samples import Source, one_target
from instmatt_app.training.supervision import widened

Batch = dict[str, Tensor]


class Stage1:
    """The task; see :class:`instmatt_app.training.run.Task`. The network has no refiner yet."""

    name = "stage1"

    def __init__(self, config: MattingConfig, network: Network, source: Source, held_out: Source) -> None:
        self.module: nn.Module = network
        self.data = MattingData(source, one_target, config.samples, config.run.seed, stack=True)
        self._network, self._config = network, config
        self._one_mask = config.network == "mgm"
        self._validation = Validation(held_out, config.validation)

    def groups(self) -> list[dict[str, Any]]:
        """All that can be trained, the light network's trunk at its own rate."""
        trunk: list[nn.Parameter] = []
        rest: list[nn.Parameter] = []
        for name, one in self.module.named_parameters():
            if one.requires_grad:
                (trunk if name.startswith("trunk.") else rest).append(one)
        groups: list[dict[str, Any]] = [{"params": rest}]
        if trunk:
            groups.append({"params": trunk, "scale": self._config.trunk_rate})
        return groups

    def training_mode(self) -> None:
        """Everything is trained."""
        self.module.train()

    def loss(self, batch: Batch, step: int) -> tuple[Tensor, Mapping[str, Tensor]]:
        """The four losses over three scales, as in section 7.1 of the facts: (2 OS1 + OS4 + OS8) / 5."""
        image, guidance = normalised(batch["image"]), batch["guidance"].float()
        alphas, supervised = batch["alphas"], batch["supervised"].float()
        if self._one_mask:
            guidance, alphas, supervised = guidance[:, :1], alphas[:, :1], supervised[:, :1]
        prediction = self._network(image, guidance)
        with torch.autocast(image.device.type, enabled=False):
            scales = fuse_for_training(prediction, batch, self._trimap_share(step))
            colours = normalised(batch["colours"])
            if self._one_mask:
                colours, image = against_the_rest(batch["alphas"], colours, image)
            total = image.new_zeros(())
            sums: dict[str, Tensor] = {}
            for (made, weight), share in zip(scales, (0.2, 0.2, 0.4), strict=True):
                parts = four_losses(made, alphas, colours, image, weight.float() * supervised, self._config.loss)
                for name, part in parts.items():
                    sums[name] = sums.get(name, total) + share * part
            return torch.stack(list(sums.values())).sum(), sums

    def _trimap_share(self, step: int) -> float:
        """In how many samples the unknown area is that of the true trimap: all at first, half of them, then none.

        Never fewer than the configuration says.
        """
        warmup = self._config.run.warmup
        published = 1.0 if step < warmup else 0.5 if step < 3 * warmup else 0.0
        return max(published, self._config.loss.trimap)

    def validate(self) -> Mapping[str, float]:
        """Figures on the held-out compositions."""
        device = next(self.module.parameters()).device
        return self._validation.figures(self._network, str(device), self._one_mask)


def fuse_for_training(prediction: Prediction, batch: Batch, trimap_share: float) -> list[tuple[Tensor, Tensor]]:
    """Alphas at strides 8, 4 and 1, each finer one only inside its unknown area, and these areas, [N, 1, H, W].

    Unknown areas are the true trimap's in that share of the samples, else the prediction's, widened at random.
    """
    os8, os4, os1 = (scale.float() for scale in prediction[:3])
    true = batch["unknown"].bool()
    from_truth = (batch["chance"] < trimap_share)[:, None, None, None]
    everywhere = torch.ones_like(true)
    sides = batch["sides"].tolist()
    area = _area(os8, [one[0] for one in sides])
    area4 = torch.where(from_truth, true, area)
    os4 = torch.where(area4, os4, os8)
    area = _area(os4, [one[1] for one in sides])
    area1 = torch.where(from_truth, true, area)
    os1 = torch.where(area1, os1, os4)
    return [(os8, everywhere), (os4, area4), (os1, area1)]


def _area(alphas: Tensor, sides: list[int]) -> Tensor:
    return widened(unknown_pixels(alphas.detach()).any(dim=1, keepdim=True), sides)


def four_losses(
    made: Tensor, truth: Tensor, colours: Tensor, image: Tensor, weight: Tensor, shares: LossWeights
) -> dict[str, Tensor]:
    """The losses of alphas [N, C, H, W] where they are supervised, weight [N, C, H, W]; without `constraint` for C 1.

    Where one channel is not supervised, neither the composition nor the sum of the alphas is.
    """
    everything = weight.amin(dim=1, keepdim=True)
    parts = {
        "rec": shares.rec * losses.reconstruction(made, truth, weight),
        "lap": shares.lap * losses.laplacian(made, truth, weight),
    }
    if shares.comp:
        parts["comp"] = shares.comp * losses.composition(made, colours, image, everything.expand(-1, 3, -1, -1))
    if shares.grad:
        parts["grad"] = shares.grad * losses.gradient(made, truth, weight)
    if shares.entropy:
        parts["entropy"] = shares.entropy * losses.entropy(made, truth, weight)
    if made.shape[1] > 1:
        parts["alpha"] = shares.alpha * losses.constraint(made, everything)
    return parts


def against_the_rest(alphas: Tensor, colours: Tensor, image: Tensor) -> tuple[Tensor, Tensor]:
    """For a network that knows the target only: one layer and an image, such that alpha · layer = image if it is right.

    Everybody else and the background are one picture behind the target: image = a · F + (1 − a) · rest, which is
    image − rest = a · (F − rest). alphas [N, 3, H, W] are the true ones, colours [N, 3, 3, H, W]; returns
    [N, 1, 3, H, W] and [N, 3, H, W].
    """
    behind = 1 - alphas[:, :1]
    rest = (alphas[:, 1:, None] * colours[:, 1:]).sum(dim=1) / behind.clamp(min=1e-3)
    rest = torch.where(behind > 1e-3, rest, colours[:, 2])
    return colours[:, :1] - rest[:, None], image - rest
