"""Box prompts: a person is what a box drawn round them holds, cut out by GrabCut.

Rother, Kolmogorov, Blake: GrabCut — Interactive Foreground Extraction using Iterated Graph Cuts (SIGGRAPH 2004), as
implemented by OpenCV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.interfaces import Detection, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect

WORKING_PIXELS = 400_000
ITERATIONS = 5
# A piece of a person smaller than this share of the largest one is taken for a speck, a hole for a mistake.
SPECK, HOLE = 0.05, 0.01


class BoxError(ValueError):
    """A box that holds nothing of the photo; the message is a sentence."""


@dataclass(frozen=True)
class BoxPrompt:
    """Finds exactly the people whose boxes it was given, in the order of the boxes.

    Boxes are in photo pixels, after the photo was turned upright.
    """

    boxes: Sequence[Rect]

    @property
    def name(self) -> str:
        return "prompt"

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        """One detection per box, with a mask inside its box; where boxes overlap, no pixel has two people.

        Raises:
            BoxError: a box lies outside the photo or is empty.
        """
        visible = [self._visible(box, number, photo) for number, box in enumerate(self.boxes, 1)]
        scale = min(1.0, (WORKING_PIXELS / (photo.width * photo.height)) ** 0.5)
        image = cv2.cvtColor(photo.at(max(1, round(max(photo.width, photo.height) * scale))), cv2.COLOR_RGB2BGR)
        masks = []
        for number, box in enumerate(visible):
            step(number, len(visible), f"cutting out person {number + 1} of {len(visible)}")
            masks.append(_cut_out(image, _scaled(box, photo, image.shape[1], image.shape[0])))
        _share_out(masks, [_scaled(box, photo, image.shape[1], image.shape[0]) for box in visible])
        step(len(visible), len(visible), "people found")
        return [
            Detection(enlarged(mask, photo.width, photo.height), None, box)
            for mask, box in zip(masks, visible, strict=True)
        ]

    @staticmethod
    def _visible(box: Rect, number: int, photo: Photo) -> Rect:
        visible = box.clip(photo.width, photo.height)
        if visible.is_empty:
            raise BoxError(
                f"Box {number} ({box.left},{box.top},{box.width},{box.height}) holds nothing of the photo, which is "
                f"{photo.width} × {photo.height} pixels; give x,y,width,height in photo pixels."
            )
        return visible


def _scaled(box: Rect, photo: Photo, width: int, height: int) -> Rect:
    """The box in the small picture, of at least one pixel."""
    left, right = (round(x * width / photo.width) for x in (box.left, box.right))
    top, bottom = (round(y * height / photo.height) for y in (box.top, box.bottom))
    left, top = min(left, width - 1), min(top, height - 1)
    return Rect(left, top, max(right, left + 1), max(bottom, top + 1))


def _cut_out(image: NDArray[np.uint8], box: Rect) -> NDArray[np.bool_]:
    """What GrabCut takes for the person inside the box: bool (h, w); the whole box where it cannot tell."""
    height, width = image.shape[:2]
    # The surroundings teach the background's colours; a box's own size of them is enough and keeps the graph small.
    around = box.grow(max(box.width, box.height) // 2 + 4).clip(width, height)
    crop = np.ascontiguousarray(image[around.slices])
    inner = Rect(box.left - around.left, box.top - around.top, box.right - around.left, box.bottom - around.top)
    labels = np.full(crop.shape[:2], cv2.GC_BGD, np.uint8)
    _draw_likely_person(labels, inner)
    found = np.zeros((height, width), bool)
    if (labels == cv2.GC_BGD).sum() > 8 and inner.area > 8:
        cv2.setRNGSeed(0)  # GrabCut's colour models start from a random clustering
        cv2.grabCut(crop, labels, None, np.zeros((1, 65)), np.zeros((1, 65)), ITERATIONS, cv2.GC_INIT_WITH_MASK)
        found[around.slices] = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    found = without_specks(found)
    if found.sum() < 0.02 * box.area:
        found[box.slices] = True
    return found


def _draw_likely_person(labels: NDArray[np.uint8], box: Rect) -> None:
    """Mark the box as probable background, a head over shoulders in it as probable and its middle as certain person.

    From a box alone GrabCut learns the background only outside of it, and takes whatever differs for the person. The
    box's upper corners, which people leave free, teach it what lies behind.
    """
    width, height = box.width, box.height
    # Centre and half height as shares of the box's height, half width of its width.
    likely = [(0.25, 0.22, 0.25), (0.85, 0.46, 0.45)]
    if height > 1.9 * width:  # from head to foot: slim all the way
        likely = [(0.5, 0.36, 0.5)]
    # What stands in the middle of a box drawn round a person is that person, whatever its colour.
    certain = [(0.55, 0.10, 0.38)]
    labels[box.slices] = cv2.GC_PR_BGD
    drawn = labels.copy()
    for label, ellipses in ((cv2.GC_PR_FGD, likely), (cv2.GC_FGD, certain)):
        for centre, half_width, half_height in ellipses:
            middle = ((box.left + box.right) // 2, box.top + round(centre * height))
            axes = (max(1, round(half_width * width)), max(1, round(half_height * height)))
            cv2.ellipse(drawn, middle, axes, 0, 0, 360, label, thickness=cv2.FILLED)
    labels[box.slices] = drawn[box.slices]


def without_specks(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask without small loose pieces and with its small holes filled."""
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count <= 1:
        return mask
    areas = stats[1:, cv2.CC_STAT_AREA]
    keep = np.flatnonzero(areas >= SPECK * areas.max()) + 1
    kept = np.isin(pieces, keep)
    count, holes, stats, _ = cv2.connectedComponentsWithStats((~kept).astype(np.uint8), connectivity=4)
    small = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] < HOLE * areas.max())
    return kept | (np.isin(holes, small[small > 0]))


def _share_out(masks: list[NDArray[np.bool_]], boxes: Sequence[Rect]) -> None:
    """Give every pixel that several people claim to the one whose box it is most central in."""
    claimed = np.sum(masks, axis=0) > 1
    if not claimed.any():
        return
    y, x = np.nonzero(claimed)
    distance = np.stack(
        [
            ((x - (box.left + box.right) / 2) / box.width) ** 2 + ((y - (box.top + box.bottom) / 2) / box.height) ** 2
            for box in boxes
        ]
    )
    distance[~np.stack([mask[y, x] for mask in masks])] = np.inf
    nearest = distance.argmin(axis=0)
    for number, mask in enumerate(masks):
        mask[y, x] = nearest == number


def enlarged(mask: NDArray[np.bool_], width: int, height: int) -> TilePlane:
    """The mask at photo size, 0 or 255, with a smooth outline."""
    numbers = mask.astype(np.uint8) * np.uint8(255)
    if mask.shape != (height, width):
        soft = cv2.resize(numbers, (width, height), interpolation=cv2.INTER_LINEAR)
        _, numbers = cv2.threshold(soft, 127, 255, cv2.THRESH_BINARY, dst=soft)
    return TilePlane.of(numbers)
