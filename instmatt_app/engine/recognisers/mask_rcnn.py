"""Mask R-CNN behind Recogniser: Detectron2's released weights or torchvision's own, with nothing but torchvision.

The way in and out is Detectron2's: Pillow's bilinear resize of 8-bit pixels, boxes scaled and clipped, masks pasted by
sampling the 28 × 28 answers at the centres of pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torchvision.models.detection import maskrcnn_resnet50_fpn_v2
from torchvision.models.detection.roi_heads import paste_masks_in_image
from torchvision.ops.poolers import LevelMapper

from instmatt_app.core.interfaces import Detection, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TILE, TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.engine.network import mask_rcnn
from instmatt_app.engine.network.mask_rcnn import MaskRCNN, own_names
from instmatt_app.engine.weights import load_strictly, read_state

SCORE, MIN_AREA = 0.7, 0.02
SHORT_SIDE, LONG_SIDE = 800, 1333
# torchvision's v2 reduces by plain bilinear interpolation, at full size in floats; larger photos are reduced first.
V2_LONG_SIDE = 2 * LONG_SIDE
V2_PERSON = 1

Masked = tuple[TilePlane, float]


class Detector(Protocol):
    """A loaded network. ``people`` gives masks, 0 or 255, with scores of at least ``score``, one at a time, the surest
    first."""

    @property
    def name(self) -> str: ...

    @property
    def network(self) -> nn.Module: ...

    def people(self, photo: Photo, score: float) -> Iterator[Masked]: ...


class MaskRecogniser:
    """Finds the people of at least that score who fill at least that share of the photo."""

    def __init__(
        self, name: str, load: Callable[[Step], Detector], score: float = SCORE, min_area: float = MIN_AREA
    ) -> None:
        """``load`` is called by the first search, which may then take seconds longer; ``name`` says what it loads."""
        self._name, self._load, self._score, self._min_area = name, load, score, min_area
        self._detector: Detector | None = None
        self._alive: Callable[[], None] = _nothing

    @property
    def name(self) -> str:
        return self._name if self._detector is None else self._detector.name

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        """The people, the largest first; empty if nobody is there.

        Raises:
            NotReady: the weights or the library are not there after all.
            WeightsError: the weights cannot be used.
        """
        if min(photo.width, photo.height) * LONG_SIDE < max(photo.width, photo.height):
            return []  # less than a pixel would be left of the short side
        detector = self._detector = self._detector or self._loaded(step)
        self._alive = lambda: step(1, 3, f"looking for people with {self.name}")
        people: list[Detection] = []
        try:
            with torch.inference_mode():
                for mask, score in detector.people(photo, self._score):
                    step(2, 3, "drawing people")
                    if not mask.is_empty and mask.count() >= self._min_area * photo.width * photo.height:
                        people.append(Detection(mask, score, mask.box))
        finally:
            self._alive = _nothing
        step(3, 3, "people found")
        return sorted(people, key=lambda one: -one.mask.count())

    def _loaded(self, step: Step) -> Detector:
        step(0, 3, f"loading {self.name}")
        detector = self._load(step)
        for module in detector.network.modules():
            if isinstance(module, nn.Conv2d):
                # A forward pass takes seconds; it can be stopped before every convolution.
                module.register_forward_pre_hook(lambda *_: self._alive())
        return detector


class Detectron2Weights:
    """Detectron2's released weights in :class:`MaskRCNN`: what the library finds, without the library."""

    def __init__(self, weights: Path, name: str, device: str) -> None:
        """Raises WeightsError if the file, whose keys are Detectron2's, does not fit."""
        self.name = name
        self._device = device
        self.network = MaskRCNN()
        load_strictly(self.network, own_names(read_state(weights)), weights.name)
        self.network.eval().to(device)

    def people(self, photo: Photo, score: float) -> Iterator[Masked]:
        picture = torch.from_numpy(network_picture(photo)).permute(2, 0, 1).float().to(self._device)
        found = self.network(picture, just_below(score))
        boxes, masks = scaled_boxes(found.boxes.cpu(), picture.shape[1:], photo.height, photo.width), found.masks.cpu()
        for box, mask, sure, kind in zip(boxes, masks, found.scores.tolist(), found.classes.tolist(), strict=True):
            if kind == mask_rcnn.PERSON and box[2] > box[0] and box[3] > box[1]:
                yield pasted(mask, box, photo.height, photo.width), sure


class TorchvisionWeights:
    """torchvision's own v2 weights in torchvision's own network."""

    def __init__(self, weights: Path, name: str, device: str) -> None:
        """Raises WeightsError if the file does not fit."""
        self.name = name
        self._device = device
        self.network = network_v2()
        load_strictly(self.network, read_state(weights), weights.name)
        heads = self.network.roi_heads
        for pool in (heads.box_roi_pool, heads.mask_roi_pool):
            # It would measure these on the first photo, wrongly on a thin one, and keep them.
            pool.scales, pool.map_levels = [1 / 4, 1 / 8, 1 / 16, 1 / 32], LevelMapper(2, 5)
        self.network.eval().to(device)

    def people(self, photo: Photo, score: float) -> Iterator[Masked]:
        pixels = photo.at(V2_LONG_SIDE)
        image = torch.from_numpy(np.array(pixels)).permute(2, 0, 1).float().to(self._device) / 255
        network = self.network
        network.roi_heads.score_thresh = just_below(score)
        images, _ = network.transform([image])
        features = network.backbone(images.tensors)
        proposals, _ = network.rpn(images, features)
        (found,), _ = network.roi_heads(features, proposals, images.image_sizes)
        boxes, masks = found["boxes"].cpu(), found["masks"].cpu()
        boxes = scaled_boxes(boxes, images.image_sizes[0], photo.height, photo.width)
        for index, (sure, kind) in enumerate(zip(found["scores"].tolist(), found["labels"].tolist(), strict=True)):
            if kind == V2_PERSON:
                one = slice(index, index + 1)
                soft = paste_masks_in_image(masks[one], boxes[one], (photo.height, photo.width))
                yield drawn(soft[0, 0] >= 0.5), sure


def network_v2() -> Any:
    """torchvision's network of the v2 weights, without any."""
    return maskrcnn_resnet50_fpn_v2(weights=None, weights_backbone=None, min_size=SHORT_SIDE, max_size=LONG_SIDE)


def network_picture(photo: Photo) -> NDArray[np.uint8]:
    """What Mask R-CNN sees of a photo: BGR uint8, the short side 800 pixels unless the long one would pass 1333."""
    pixels = photo.at(max(photo.width, photo.height))
    height, width = network_size(photo.height, photo.width)
    resized = Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)
    return np.ascontiguousarray(np.asarray(resized)[:, :, ::-1])


def network_size(height: int, width: int) -> tuple[int, int]:
    """Height and width of :func:`network_picture`, rounded as Detectron2 does."""
    scale = SHORT_SIDE / min(height, width)
    # The short side is not multiplied: the product might miss 800 by a last bit.
    new = [SHORT_SIDE, scale * width] if height < width else [scale * height, SHORT_SIDE]
    if max(new) > LONG_SIDE:
        scale = LONG_SIDE / max(new)
        new = [side * scale for side in new]
    return max(1, int(new[0] + 0.5)), max(1, int(new[1] + 0.5))


def scaled_boxes(boxes: Tensor, seen: Sequence[int], height: int, width: int) -> Tensor:
    """Boxes (N, 4) in a picture of the size ``seen`` (h, w), as boxes in a photo of that size and inside of it."""
    scale = boxes.new_tensor([width / seen[1], height / seen[0]]).repeat(2)
    return (boxes * scale).clamp(min=0).minimum(boxes.new_tensor([width, height]).repeat(2))


def drawn(mask: Tensor) -> TilePlane:
    """A mask, bool (H, W), as 0 or 255."""
    return TilePlane.of(mask.numpy().view(np.uint8) * np.uint8(255))


def pasted(mask: Tensor, box: Tensor, height: int, width: int) -> TilePlane:
    """A person's mask (28, 28) in its box, drawn into a photo of that size: 0 or 255."""
    x0, y0, x1, y1 = box
    left, top = (int(edge) for edge in (box[:2].floor() - 1).clamp(min=0))
    right, bottom = min(width, int(x1.ceil()) + 1), min(height, int(y1.ceil()) + 1)
    x = (torch.arange(left, right, dtype=torch.float32) + 0.5 - x0) / (x1 - x0) * 2 - 1
    whole = TilePlane(height, width)
    for first in range(top - top % TILE, bottom, TILE):
        area = Rect(left, max(first, top), right, min(first + TILE, bottom))
        y = (torch.arange(area.top, area.bottom, dtype=torch.float32) + 0.5 - y0) / (y1 - y0) * 2 - 1
        grid = torch.stack([x[None].expand(len(y), -1), y[:, None].expand(-1, len(x))], -1)
        soft = F.grid_sample(mask[None, None], grid[None], align_corners=False)[0, 0]
        whole = whole.patched(area, (soft >= 0.5).numpy().view(np.uint8) * np.uint8(255))
    return whole


def just_below(score: float) -> float:
    """A bound that scores of exactly ``score`` are above, too: networks keep what is above, people name the least."""
    return float(np.nextafter(np.float32(score), np.float32(-1)))


def _nothing() -> None:
    """No search is under way, so nobody can stop one."""
