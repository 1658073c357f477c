"""Mask R-CNN R50-FPN as Detectron2's released weights expect it, made of torchvision's parts.

He, Gkioxari, Dollár, Girshick: Mask R-CNN (ICCV 2017); Lin et al.: Feature Pyramid Networks (CVPR 2017). The parts are
torchvision's, the way through them is not: torchvision's own detector derives the stride of the coarsest level from
rounded sizes, ranks proposals by saturating sigmoids and drops small boxes, each of which changes detections now and
then. What Detectron2 computes is held by tests/golden/golden_detectron2.npz.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models.detection.backbone_utils import _resnet_fpn_extractor
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.models.detection.rpn import RPNHead
from torchvision.models.resnet import resnet50
from torchvision.ops import FrozenBatchNorm2d, batched_nms, clip_boxes_to_image, roi_align

CLASSES = 80
PERSON = 0
BGR_MEAN = (103.53, 116.28, 123.675)
STRIDES = (4, 8, 16, 32, 64)
ANCHOR_SIDES = (32, 64, 128, 256, 512)
ANCHOR_RATIOS = (0.5, 1.0, 2.0)
PROPOSALS, PROPOSAL_OVERLAP = 1000, 0.7
DETECTIONS, DETECTION_OVERLAP = 100, 0.5
# A side is enlarged at most so many times; exp() of larger answers would overflow.
MOST_LOG_SCALE = math.log(1000 / 16)


@dataclass(frozen=True, eq=False)
class Found:
    """What is in a picture, the surest first.

    ``boxes`` float32 (N, 4) x0, y0, x1, y1 in the picture's pixels, ``scores`` (N,), ``classes`` int64 (N,),
    ``masks`` (N, 28, 28), 0..1 inside the box.
    """

    boxes: Tensor
    scores: Tensor
    classes: Tensor
    masks: Tensor


class FrozenNorm(FrozenBatchNorm2d):  # type: ignore[misc]
    """torchvision's, computed by the operation that Detectron2 uses, which rounds otherwise in the last bit."""

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)


class MaskRCNN(nn.Module):
    """The network; ``forward`` runs it on one picture. Its state has torchvision's names, see :func:`own_names`."""

    pixel_mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        body = resnet50(weights=None, norm_layer=FrozenNorm)
        for layer in (body.layer2, body.layer3, body.layer4):
            # The backbone was trained with the stride in the first convolution of a stage.
            layer[0].conv1.stride, layer[0].conv2.stride = (2, 2), (1, 1)
        self.backbone = _resnet_fpn_extractor(body, trainable_layers=5)
        self.rpn_head = RPNHead(256, len(ANCHOR_RATIOS))
        self.box_head = TwoMLPHead(256 * 7 * 7, 1024)
        self.box_predictor = FastRCNNPredictor(1024, CLASSES + 1)
        self.box_predictor.bbox_pred = nn.Linear(1024, 4 * CLASSES)
        self.mask_head = MaskRCNNHeads(256, (256,) * 4, 1)
        self.mask_predictor = MaskRCNNPredictor(256, 256, CLASSES)
        self.register_buffer("pixel_mean", torch.tensor(BGR_MEAN).view(3, 1, 1), persistent=False)

    def forward(self, picture: Tensor, score: float) -> Found:
        """Everything of at least that score in a BGR picture, float32 (3, H, W), 0..255; on the network's device."""
        height, width = picture.shape[1:]
        padded = F.pad(picture - self.pixel_mean, (0, -width % 32, 0, -height % 32))
        # Contiguous: convolutions of another layout round otherwise.
        features: list[Tensor] = list(self.backbone(padded[None].contiguous()).values())
        boxes = self._proposals(features, height, width)
        hidden = self.box_head(_pooled(features, boxes, 7))
        logits, answers = self.box_predictor(hidden)
        found, scores, classes = _detections(boxes, logits.softmax(-1), answers, score, height, width)
        drawn = self.mask_predictor(self.mask_head(_pooled(features, found, 14)))
        masks = drawn[torch.arange(len(classes), device=classes.device), classes].sigmoid()
        return Found(found, scores, classes, masks)

    def _proposals(self, features: list[Tensor], height: int, width: int) -> Tensor:
        """Boxes (up to 1000, 4) that may hold something, the likeliest first."""
        boxes, logits, levels = [], [], []
        for level, (objectness, answers) in enumerate(zip(*self.rpn_head(features), strict=True)):
            rows, columns = objectness.shape[-2:]
            flat = objectness[0].permute(1, 2, 0).flatten()
            best, chosen = flat.topk(min(len(flat), PROPOSALS))
            anchors = _anchors(level, rows, columns, flat.device)[chosen]
            moves = answers[0].view(-1, 4, rows, columns).permute(2, 3, 0, 1).reshape(-1, 4)[chosen]
            boxes.append(_moved(anchors, moves, (1.0, 1.0, 1.0, 1.0))[:, 0])
            logits.append(best)
            levels.append(torch.full_like(chosen, level))
        box, logit, level_of = torch.cat(boxes), torch.cat(logits), torch.cat(levels)
        finite = box.isfinite().all(1) & logit.isfinite()
        box, logit, level_of = clip_boxes_to_image(box[finite], (height, width)), logit[finite], level_of[finite]
        full = (box[:, 2] > box[:, 0]) & (box[:, 3] > box[:, 1])
        box, logit, level_of = box[full], logit[full], level_of[full]
        kept = batched_nms(box, logit, level_of, PROPOSAL_OVERLAP)[:PROPOSALS]
        chosen_boxes: Tensor = box[kept]
        return chosen_boxes


def _anchors(level: int, rows: int, columns: int, device: torch.device) -> Tensor:
    """The boxes (rows · columns · 3, 4) that a level's answers start from, centred on multiples of its stride."""
    area = float(ANCHOR_SIDES[level]) ** 2
    sides = [(math.sqrt(area / ratio), ratio * math.sqrt(area / ratio)) for ratio in ANCHOR_RATIOS]
    shapes = torch.tensor([(-w / 2, -h / 2, w / 2, h / 2) for w, h in sides], device=device)
    y = torch.arange(rows, dtype=torch.float32, device=device) * STRIDES[level]
    x = torch.arange(columns, dtype=torch.float32, device=device) * STRIDES[level]
    centres = torch.stack(torch.meshgrid(y, x, indexing="ij"), -1).flip(-1).reshape(-1, 1, 2)
    return (centres.repeat(1, 1, 2) + shapes).reshape(-1, 4)


def _moved(boxes: Tensor, answers: Tensor, weights: tuple[float, float, float, float]) -> Tensor:
    """The boxes (R, 4) as the network's answers (R, 4 C) move and scale them: (R, C, 4)."""
    size = boxes[:, 2:] - boxes[:, :2]
    centre = boxes[:, :2] + 0.5 * size
    moves = answers.view(len(boxes), -1, 4) / answers.new_tensor(weights)
    centres = moves[..., :2] * size[:, None] + centre[:, None]
    sizes = torch.exp(moves[..., 2:].clamp(max=MOST_LOG_SCALE)) * size[:, None]
    return torch.cat([centres - 0.5 * sizes, centres + 0.5 * sizes], -1)


def _detections(
    proposals: Tensor, scores: Tensor, answers: Tensor, least: float, height: int, width: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes, scores and classes of what is above the least score, without duplicates within a class."""
    boxes = _moved(proposals, answers, (10.0, 10.0, 5.0, 5.0))
    finite = boxes.isfinite().flatten(1).all(1) & scores.isfinite().all(1)
    boxes, scores = clip_boxes_to_image(boxes[finite], (height, width)), scores[finite][:, :-1]
    sure = scores > least
    boxes, scores, classes = boxes[sure], scores[sure], sure.nonzero()[:, 1]
    kept = batched_nms(boxes, scores, classes, DETECTION_OVERLAP)[:DETECTIONS]
    return boxes[kept], scores[kept], classes[kept]


def _pooled(features: list[Tensor], boxes: Tensor, side: int) -> Tensor:
    """What the boxes hold, (N, 256, side, side), each from the level that fits its size (eq. 1 of the FPN paper)."""
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    fitting = torch.floor(4 + torch.log2(areas.sqrt() / 224 + 1e-8)).clamp(2, 5).long() - 2
    pooled = features[0].new_zeros(len(boxes), 256, side, side)
    for level in range(4):
        index = (fitting == level).nonzero()[:, 0]
        rois = F.pad(boxes[index], (1, 0))
        pooled[index] = roi_align(features[level], rois, side, 1 / STRIDES[level], 0, aligned=True)
    return pooled


def own_names(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A state with Detectron2's names under the names of :class:`MaskRCNN`; unknown names stay as they are."""
    return {_own_name(key): tensor for key, tensor in state.items()}


_PLACES = {
    "proposal_generator.rpn_head.conv.": "rpn_head.conv.0.0.",
    "proposal_generator.rpn_head.objectness_logits.": "rpn_head.cls_logits.",
    "proposal_generator.rpn_head.anchor_deltas.": "rpn_head.bbox_pred.",
    "roi_heads.box_head.fc1.": "box_head.fc6.",
    "roi_heads.box_head.fc2.": "box_head.fc7.",
    "roi_heads.box_predictor.": "box_predictor.",
    "roi_heads.mask_head.deconv.": "mask_predictor.conv5_mask.",
    "roi_heads.mask_head.predictor.": "mask_predictor.mask_fcn_logits.",
    "backbone.bottom_up.stem.conv1.norm.": "backbone.body.bn1.",
    "backbone.bottom_up.stem.conv1.": "backbone.body.conv1.",
    **{f"roi_heads.mask_head.mask_fcn{n}.": f"mask_head.{n - 1}.0." for n in range(1, 5)},
    **{f"backbone.fpn_lateral{n}.": f"backbone.fpn.inner_blocks.{n - 2}.0." for n in range(2, 6)},
    **{f"backbone.fpn_output{n}.": f"backbone.fpn.layer_blocks.{n - 2}.0." for n in range(2, 6)},
    **{f"backbone.bottom_up.res{n}.": f"backbone.body.layer{n - 1}." for n in range(2, 6)},
}
_INSIDE_A_BLOCK = {
    ".shortcut.norm.": ".downsample.1.",
    ".shortcut.": ".downsample.0.",
    **{f".conv{n}.norm.": f".bn{n}." for n in range(1, 4)},
}


def _own_name(key: str) -> str:
    for theirs, ours in _PLACES.items():
        if key.startswith(theirs):
            key = ours + key.removeprefix(theirs)
            break
    if key.startswith("backbone.body.layer"):
        for theirs, ours in _INSIDE_A_BLOCK.items():
            if theirs in key:
                return key.replace(theirs, ours)
    return key
