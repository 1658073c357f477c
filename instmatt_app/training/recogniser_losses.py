"""What the recogniser is corrected by: scores, boxes and masks."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from instmatt_app.engine.network.people import MASK, Found, inside
from instmatt_app.training.recogniser_data import MASK_STEP, UNKNOWN


def score_loss(scores: Tensor, quality: Tensor, owners: Tensor) -> Tensor:
    """Sum over the places of the quality focal loss (Li et al., Generalized Focal Loss, NeurIPS 2020).

    scores: logits [N, P]; quality: [N, P], 0..1, what the score should be; owners: where UNKNOWN nothing is asked.
    """
    wrong = (scores.sigmoid() - quality).abs().detach().square()
    loss = F.binary_cross_entropy_with_logits(scores, quality, reduction="none") * wrong
    return (loss * (owners != UNKNOWN)).sum()


def overlaps(found: Tensor, true: Tensor) -> tuple[Tensor, Tensor]:
    """Intersection over union and the generalised one (Rezatofighi et al., CVPR 2019) of boxes [K, 4], pair by pair."""
    common = (torch.minimum(found[:, 2:], true[:, 2:]) - torch.maximum(found[:, :2], true[:, :2])).clamp(min=0).prod(1)
    hull = (torch.maximum(found[:, 2:], true[:, 2:]) - torch.minimum(found[:, :2], true[:, :2])).prod(1)
    union = (found[:, 2:] - found[:, :2]).prod(1) + (true[:, 2:] - true[:, :2]).prod(1) - common
    share = common / union.clamp(min=1e-6)
    return share, share - (hull - union) / hull.clamp(min=1e-6)


def mask_loss(logits: Tensor, truth: Tensor, trust: Tensor) -> Tensor:
    """Cross-entropy plus dice (Milletari et al., V-Net, 2016) of masks [M, h, w], per person, weighted by trust [M]."""
    if not len(logits):
        return logits.sum()
    entropy = F.binary_cross_entropy_with_logits(logits, truth, reduction="none").mean((1, 2))
    drawn = logits.sigmoid()
    dice = 1 - (2 * (drawn * truth).sum((1, 2)) + 1) / (drawn.square().sum((1, 2)) + truth.square().sum((1, 2)) + 1)
    return ((entropy + dice) * trust).sum() / trust.sum().clamp(min=1)


def targets(masks: Tensor, boxes: Tensor) -> Tensor:
    """What is to be drawn in each box: masks uint8 [M, S/2, S/2] inside boxes [M, 4], as float [M, MASK, MASK]."""
    number = torch.arange(len(masks), device=masks.device)
    return inside(masks[:, None].float() / 255, MASK_STEP, number, boxes, MASK)[:, 0].round()


def losses(found: Found, logits: Tensor, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The parts of the loss by name: "score", "box", "mask", "anybody"; logits: the masks drawn in ``drawn``."""
    owners = batch["owners"]
    owned = owners >= 0
    true = batch["boxes"][owners[owned]]
    share, generalised = overlaps(found.boxes[owned], true)
    quality = torch.zeros_like(found.scores)
    quality[owned] = share.detach().to(quality.dtype)
    count = owned.sum().clamp(min=1)
    semantic = F.binary_cross_entropy_with_logits(found.anybody, batch["people"].float() / 255, reduction="none")
    known = ~batch["unknown"]
    return {
        "score": score_loss(found.scores, quality, owners) / count,
        "box": (1 - generalised).sum() / count,
        "mask": mask_loss(logits, targets(batch["masks"], batch["drawn"]), batch["trust"]),
        "anybody": (semantic * known).sum() / known.sum().clamp(min=1),
    }
