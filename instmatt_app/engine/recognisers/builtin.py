"""The built-in recogniser: finds people with the small network that the project trains itself, in plain torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from instmatt_app.core.interfaces import Detection, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TILE, TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.engine.network.people import MASK, Found, People, widened
from instmatt_app.engine.weights import WeightsError, read_state

# The least score, and the least share of the photo, of somebody who is reported.
SCORE, MIN_AREA = 0.3, 0.02
# A place that is less sure than this is not looked at.
FAINT = 0.05
# So many of the likeliest places are looked at; more people than that nobody mattes at once.
CANDIDATES, PEOPLE = 200, 40
# Two boxes, or two masks, that share more than this (intersection over union) are one person's.
SAME_BOX, SAME_MASK = 0.6, 0.5
# A mask that lies so far inside of a likelier one is a part of that person.
PART = 0.75
# Masks are compared at this size, whatever the photo's.
COMPARED = 112
# A loose piece smaller than this share of the largest is a speck.
SPECK = 0.05


@dataclass(frozen=True)
class View:
    """One look at the photo: its long side in pixels, and whether it is mirrored."""

    side: int
    mirrored: bool = False


# Large people are seen whole in the smaller ones, small ones better in the larger ones.
VIEWS = tuple(View(side, mirrored) for side in (448, 320) for mirrored in (False, True))


@dataclass(frozen=True)
class Person:
    """Somebody found.

    ``mask`` is float32 (MASK, MASK), 0..1, and lies over ``box``: left, top, right, bottom in shares of the photo.
    """

    mask: NDArray[np.float32]
    box: NDArray[np.float32]
    score: float

    def painted(self, height: int, width: int, strip: slice | None = None) -> tuple[NDArray[np.uint8], Rect]:
        """The mask in a picture of that size, 0..255, and the part of the picture, perhaps empty, that it fills.

        Of a ``strip`` of rows alone, if one is given.
        """
        strip = strip or slice(0, height)
        left, top, right, bottom = self.box * np.array([width, height, width, height], np.float32)
        x0, y0 = max(0, int(np.floor(left))), max(strip.start, int(np.floor(top)))
        x1, y1 = min(width, int(np.ceil(right))), min(strip.stop, int(np.ceil(bottom)))
        where = Rect(x0, y0, max(x0, x1), max(y0, y1))
        if where.is_empty:
            return np.zeros((where.height, where.width), np.uint8), where
        # Which place of the mask a pixel shows; OpenCV counts from the middle of the first cell.
        across, down = MASK / max(float(right - left), 1e-3), MASK / max(float(bottom - top), 1e-3)
        place = [[across, 0, (x0 + 0.5 - left) * across - 0.5], [0, down, (y0 + 0.5 - top) * down - 0.5]]
        shares = np.rint(self.mask * 255).astype(np.uint8)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (where.width, where.height)
        return np.asarray(cv2.warpAffine(shares, np.array(place), size, flags=flags), np.uint8), where


def load_people(path: Path) -> People:
    """The network with the weights of the file, on the CPU, in evaluation mode; WeightsError if they do not fit."""
    state = read_state(path)
    network = People()
    own = network.state_dict()
    for key in sorted(state.keys() | own.keys()):
        if key not in own or key not in state or state[key].shape != own[key].shape:
            raise WeightsError(f"{path.name} does not fit the network that finds people: see its entry {key!r}.")
    network.load_state_dict(state)
    return network.eval()


class BuiltIn:
    """Finds the people who fill at least ``min_area`` of a photo and of whom the network is at least ``score`` sure."""

    def __init__(
        self,
        weights: Callable[[Step], Path],
        device: str = "cpu",
        score: float = SCORE,
        min_area: float = MIN_AREA,
        name: str = "builtin",
    ) -> None:
        """``weights`` is asked for the file by the first search, which may raise WeightsError then."""
        self._weights, self._device, self._score, self._min_area, self._name = weights, device, score, min_area, name
        self._network: People | None = None

    @property
    def name(self) -> str:
        return self._name

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        """The people, the largest first; no pixel belongs to two. Empty if nobody is there."""
        if self._network is None:
            self._network = load_people(self._weights(step)).to(self._device)
        people = find_people(self._network, photo.at(max(view.side for view in VIEWS)), self._score, VIEWS, step)
        step(len(VIEWS), len(VIEWS), "people found")
        found = []
        for person, mask in zip(people, drawn_masks(people, photo.height, photo.width), strict=True):
            if not mask.is_empty and mask.count() >= self._min_area * photo.width * photo.height:
                found.append(Detection(mask, min(person.score, 1.0), mask.box))
        return sorted(found, key=lambda one: -one.mask.count())


def find_people(
    network: People, image: NDArray[np.uint8], least: float, views: Sequence[View], step: Step
) -> list[Person]:
    """Everybody in an RGB picture (h, w, 3) of whom the network is at least ``least`` sure, the surest first.

    Each view is an opinion: a person's score is the mean of theirs, 0 from a view that does not see them.
    """
    device = next(network.parameters()).device
    looks: list[_Look] = []
    with torch.inference_mode():
        for number, view in enumerate(views):
            step(number, len(views), "looking for people")
            looks.append(_look(network, image, view, device))
        boxes = torch.cat([look.boxes for look in looks])
        scores = torch.cat([look.scores for look in looks])
        order = scores.argsort(descending=True, stable=True)
        surest = boxes[order[distinct_boxes(boxes[order])]][:PEOPLE]
        if not len(surest):
            return []
        people = [person for person in _agreed(network, looks, surest, least) if person.score >= least]
    people.sort(key=lambda person: -person.score)
    return [people[number] for number in distinct_people(people)]


@dataclass(frozen=True)
class _Look:
    """What one view shows: ``boxes`` [B, 4] in shares of the photo, not mirrored, the likeliest first."""

    found: Found
    view: View
    size: Tensor  # [4]: width, height, width, height of the picture in it
    boxes: Tensor
    scores: Tensor
    places: Tensor

    def turned(self, boxes: Tensor) -> Tensor:
        """Shares of the photo to shares of the view and back."""
        if not self.view.mirrored:
            return boxes
        return torch.stack([1 - boxes[:, 2], boxes[:, 1], 1 - boxes[:, 0], boxes[:, 3]], 1)


def _look(network: People, image: NDArray[np.uint8], view: View, device: torch.device) -> _Look:
    scale = view.side / max(image.shape[:2])
    height, width = (max(1, round(length * scale)) for length in image.shape[:2])
    if (height, width) != image.shape[:2]:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        image = np.asarray(cv2.resize(image, (width, height), interpolation=how), np.uint8)
    found = network(letterbox(image[:, ::-1] if view.mirrored else image).to(device))
    scores = found.scores[0].sigmoid()
    chosen = scores.topk(min(CANDIDATES, len(scores))).indices
    chosen = chosen[scores[chosen] >= FAINT]
    size = torch.tensor([width, height, width, height], dtype=torch.float32, device=device)
    boxes = (found.boxes[0, chosen] / size).clamp(0, 1)
    look = _Look(found, view, size, boxes, scores[chosen], chosen)
    kept = distinct_boxes(boxes)
    return _Look(found, view, size, look.turned(boxes[kept]), scores[chosen[kept]], chosen[kept])


def _agreed(network: People, looks: Sequence[_Look], surest: Tensor, least: float) -> list[Person]:
    """What the views say together about those whose boxes [B, 4] these are, if they can reach the least score."""
    count = len(surest)
    weights = surest.new_zeros(len(looks), count)
    places = torch.zeros(len(looks), count, dtype=torch.int64, device=surest.device)
    boxes = torch.zeros_like(surest)
    for number, look in enumerate(looks):
        if len(look.boxes):
            same = box_overlaps(surest, look.boxes) > SAME_BOX
            weights[number], best = (look.scores * same).max(1)
            places[number] = look.places[best]
            boxes += weights[number, :, None] * look.boxes[best]
    likely = weights.mean(0) >= least
    weights, places = weights[:, likely], places[:, likely]
    boxes = boxes[likely] / weights.sum(0)[:, None]
    count = len(boxes)
    masks = surest.new_zeros(count, MASK, MASK)
    for number, look in enumerate(looks):
        seen = weights[number] > 0
        if seen.any():
            in_view = look.turned(boxes[seen]) * look.size
            drawn = network.draw(look.found, torch.zeros_like(places[number, seen]), in_view, places[number, seen])
            drawn = (drawn.flip(2) if look.view.mirrored else drawn).sigmoid()
            masks[seen] += weights[number, seen, None, None] * drawn
    masks = masks / weights.sum(0)[:, None, None]
    scores = weights.mean(0).tolist()
    people = []
    for mask, box, score in zip(masks.cpu().numpy(), widened(boxes).cpu().numpy(), scores, strict=True):
        clean = without_specks(mask)
        inside = clean > 0.5
        if inside.any():
            # A mask that is undecided about its own pixels is a worse find (Wang et al., SOLO, ECCV 2020).
            people.append(Person(clean, box, score * float(clean[inside].mean())))
    return people


def box_overlaps(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of every box of a [A, 4] with every one of b [B, 4]: [A, B]."""
    corner, opposite = torch.maximum(a[:, None, :2], b[:, :2]), torch.minimum(a[:, None, 2:], b[:, 2:])
    common = (opposite - corner).clamp(min=0).prod(2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).clamp(min=0).prod(1) for boxes in (a, b)]
    return common / (areas[0][:, None] + areas[1] - common).clamp(min=1e-9)


def distinct_boxes(boxes: Tensor) -> list[int]:
    """Which of the boxes [B, 4], the likeliest first, are no second finding of an earlier one."""
    return _first_of_each((box_overlaps(boxes, boxes) > SAME_BOX).cpu().numpy())


def distinct_people(people: Sequence[Person]) -> list[int]:
    """Which of the people, the surest first, are neither a second finding nor a part of an earlier one."""
    if not people:
        return []
    flat = np.zeros((len(people), COMPARED, COMPARED), np.float32)
    for number, person in enumerate(people):
        shares, where = person.painted(COMPARED, COMPARED)
        flat[number][where.slices] = shares > 127
    rows = flat.reshape(len(people), -1)
    common, area = rows @ rows.T, rows.sum(1)
    same = common > SAME_MASK * (area[:, None] + area - common)
    return _first_of_each(same | (common > PART * area[:, None]))


def _first_of_each(same: NDArray[np.bool_]) -> list[int]:
    kept: list[int] = []
    for number in range(len(same)):
        if not same[number, kept].any():
            kept.append(number)
    return kept


def without_specks(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mask without its small loose pieces."""
    count, pieces, stats, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8), connectivity=8)
    if count <= 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA]
    specks = np.flatnonzero(areas < SPECK * areas[1:].max())
    return np.where(np.isin(pieces, specks[specks > 0]), 0, mask).astype(np.float32)


def drawn_masks(people: Sequence[Person], height: int, width: int) -> list[TilePlane]:
    """Everybody's mask, 0 or 255, in a picture of that size; no pixel belongs to two."""
    masks = [TilePlane(height, width) for _ in people]
    for top in range(0, height, TILE):
        strip = slice(top, min(top + TILE, height))
        painted = [person.painted(height, width, strip) for person in people]
        share_out(painted)
        for number, (shares, where) in enumerate(painted):
            if not where.is_empty:
                masks[number] = masks[number].patched(where, np.where(shares > 127, 255, 0).astype(np.uint8))
    return masks


def share_out(painted: Sequence[tuple[NDArray[np.uint8], Rect]]) -> None:
    """Leave every pixel that two people claim to the one who claims it more, the earlier one where they claim it alike.

    The arrays are changed in place.
    """
    for number, (mine, here) in enumerate(painted):
        for theirs, there in painted[number + 1 :]:
            common = here.intersect(there)
            if common.is_empty:
                continue
            a = mine[_inside(common, here)]
            b = theirs[_inside(common, there)]
            less = a < b
            a[less & (b > 127)] = 0
            b[~less & (a > 127)] = 0


def _inside(part: Rect, whole: Rect) -> tuple[slice, slice]:
    top, left = part.top - whole.top, part.left - whole.left
    return slice(top, top + part.height), slice(left, left + part.width)


def letterbox(image: NDArray[np.uint8]) -> Tensor:
    """float32 [1, 3, H, W] from -1 to 1, filled with grey at the right and bottom up to multiples of 32."""
    planes = torch.from_numpy(image.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    height, width = image.shape[:2]
    return F.pad(planes, (0, -width % 32, 0, -height % 32))
