"""CocoPeople: photos of people with masks in COCO's format, for partial supervision and for the recogniser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instmatt_app.training.composition.archive import Archive, DataError, complain, held_out
from instmatt_app.training.composition.record import Composition

PERSON = 1


@dataclass(frozen=True, eq=False)
class CocoPhoto:
    """A photo's entry: ``size`` is height, width; ``annotations`` are COCO's, with ``source`` where it is known.

    ``complete_masks`` says that everybody who was annotated has a mask; ``pseudo`` that models made the masks.
    """

    id: int
    file_name: str
    size: tuple[int, int]
    annotations: tuple[dict[str, Any], ...]
    complete_masks: bool
    pseudo: bool

    @property
    def validation(self) -> bool:
        """Whether the photo is held out of training."""
        return held_out(f"coco/{self.id}")


class CocoPeople:
    """A set in COCO's format: its photos in tar files or folders, its people in a JSON file."""

    def __init__(self, sources: Sequence[Path], annotations: Path) -> None:
        """Reads the lists, no picture. Raises DataError for a file that is missing or is not COCO's format."""
        self._archive = Archive(sources)
        try:
            table = json.loads(annotations.read_text("utf-8"))
            people: dict[int, list[dict[str, Any]]] = {}
            for entry in table["annotations"]:
                if entry["category_id"] == PERSON:
                    people.setdefault(entry["image_id"], []).append(entry)
            self.photos = [
                CocoPhoto(
                    id=image["id"],
                    file_name=image["file_name"],
                    size=(image["height"], image["width"]),
                    annotations=tuple(people.get(image["id"], ())),
                    complete_masks=image.get("complete_masks", True),
                    pseudo=image.get("pseudo", False),
                )
                for image in table["images"]
            ]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"“{annotations}” is not a list of people in COCO's format ({error}).") from error
        self._by_id = {photo.id: photo for photo in self.photos}

    def __len__(self) -> int:
        return len(self.photos)

    def photo(self, photo_id: int) -> CocoPhoto:
        """The entry with this id."""
        return self._by_id[photo_id]

    def check(self, every: int = 1) -> None:
        """Raise DataError naming missing, broken and wrongly sized photos, and masks that cannot be decoded.

        ``every`` > 1 opens only every so many photos; that none is missing is always checked.
        """
        if not self.photos:
            raise DataError("The list of people names no photo.")
        names = [photo.file_name for photo in self.photos]
        complain("These photos are listed but missing", [name for name in names if name not in self._archive])
        broken, wrong, masks = [], [], []
        for photo in self.photos[::every]:
            try:
                size = self.read(photo.id).shape[:2]
            except DataError:
                broken.append(photo.file_name)
                continue
            if size != photo.size:
                wrong.append(f"{photo.file_name} ({size[1]} × {size[0]}, listed as {photo.size[1]} × {photo.size[0]})")
            for annotation in photo.annotations:
                try:
                    if annotation["segmentation"]:
                        self.mask(annotation)
                except DataError:
                    masks.append(f"{photo.file_name} (annotation {annotation['id']})")
        complain("These photos cannot be read", broken)
        complain("These photos have another size than their masks", wrong)
        complain("These people's masks are broken", masks)

    def read(self, photo_id: int) -> NDArray[np.uint8]:
        """The photo, RGB uint8 (H, W, 3)."""
        return self._archive.rgb(self._by_id[photo_id].file_name)

    def mask(self, annotation: dict[str, Any]) -> NDArray[np.uint8]:
        """The annotation's mask, uint8 (H, W), 0 or 255; all 0 for a box without mask. Raises DataError if broken."""
        photo = self._by_id[annotation["image_id"]]
        height, width = photo.size
        segmentation = annotation["segmentation"]
        try:
            if isinstance(segmentation, dict):
                return decode_runs(segmentation["counts"], (height, width), tuple(segmentation["size"]))
            return filled(segmentation, (height, width))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise DataError(f"The mask {annotation['id']} of “{photo.file_name}” is broken ({error}).") from error

    def composition(self, photo_id: int, least_share: float = 0.005) -> Composition | None:
        """The photo as a Composition with hard alphas (``exact`` False), None if it has no usable person.

        People come from the smallest to the largest: where masks overlap, the smaller one is in front. Crowds, boxes
        without mask and people below ``least_share`` of the photo go into ``ignore``. The rough masks are the visible
        masks themselves.
        """
        photo = self._by_id[photo_id]
        height, width = photo.size
        pixels = self.read(photo_id)
        if pixels.shape[:2] != photo.size:
            raise DataError(f"“{photo.file_name}” is {pixels.shape[1]} × {pixels.shape[0]}, not as its list says.")
        ignore = np.zeros((height, width), np.uint8)
        usable: list[NDArray[np.uint8]] = []
        for annotation in photo.annotations:
            mask = self.mask(annotation) if annotation["segmentation"] else None
            if mask is None or not mask.any():
                x, y, w, h = annotation["bbox"]
                ignore[max(0, int(y)) : int(y + h) + 1, max(0, int(x)) : int(x + w) + 1] = 255
            elif annotation.get("iscrowd") or np.count_nonzero(mask) < least_share * mask.size:
                ignore |= mask
            else:
                usable.append(mask)
        if not usable:
            return None
        taken = np.zeros((height, width), np.uint8)
        visible = []
        for mask in sorted(usable, key=np.count_nonzero):
            visible.append(mask & ~taken)
            taken |= mask
        ignore &= ~taken
        hard = np.stack(visible)
        alphas = (hard > 0).astype(np.float32)
        return Composition(
            photo=pixels,
            alphas=alphas,
            foregrounds=np.broadcast_to(pixels, (len(hard), *pixels.shape)),
            background=pixels,
            masks=hard,
            exact=np.zeros(len(hard), bool),
            ignore=ignore if ignore.any() else None,
            name=f"coco/{photo_id}",
        )


def decode_runs(counts: str | Sequence[int], size: tuple[int, int], listed: tuple[int, ...]) -> NDArray[np.uint8]:
    """COCO's run lengths as a mask, uint8 (H, W), 0 or 255.

    ``counts`` is a list of run lengths, column by column and beginning with 0, or COCO's compressed text of it: groups
    of five bits from 48 on, the sixth bit says that more follow, values from the third on are differences to the one
    before the last. Raises ValueError if it does not fill ``size``.
    """
    if listed != size:
        raise ValueError(f"its size is {listed}, not {size}")
    runs = _runs(counts) if isinstance(counts, str) else list(counts)
    if min(runs, default=0) < 0 or sum(runs) != size[0] * size[1]:
        raise ValueError("its run lengths do not fill the photo")
    values = np.zeros(len(runs), np.uint8)
    values[1::2] = 255
    return np.ascontiguousarray(np.repeat(values, runs).reshape(size[1], size[0]).T)


def _runs(text: str) -> list[int]:
    runs: list[int] = []
    position = 0
    while position < len(text):
        value, shift, more = 0, 0, True
        while more:
            code = ord(text[position]) - 48
            value |= (code & 31) << shift
            more = bool(code & 32)
            position, shift = position + 1, shift + 5
            if not more and code & 16:
                value |= -1 << shift
        runs.append(value + runs[-2] if len(runs) > 2 else value)
    return runs


def filled(polygons: Sequence[Sequence[float]], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Polygons, each x, y, x, y … in pixels, as a mask, uint8 (H, W), 0 or 255: pixels whose middle is inside of one.

    The first pixel reaches from 0 to 1. OpenCV's filling is not used: it adds the outline's own pixels.
    """
    height, width = size
    mask = np.zeros(size, np.uint8)
    for polygon in polygons:
        corners = np.asarray(polygon, np.float64).reshape(-1, 2)
        if len(corners) < 3 or not np.isfinite(corners).all():
            raise ValueError("a polygon with fewer than three corners")
        x, y = corners.T
        next_x, next_y = np.roll(x, -1), np.roll(y, -1)
        # The rows whose middles an edge passes, as a half-open range, so that a shared corner counts once.
        first, last = (np.clip(np.ceil(ends - 0.5), 0, height).astype(int) for ends in (y, next_y))
        top, bottom = np.minimum(first, last), np.maximum(first, last)
        edge = np.repeat(np.arange(len(x)), bottom - top)
        row = np.arange(len(edge)) - np.repeat(np.cumsum(bottom - top) - bottom, bottom - top)
        along = (row + 0.5 - y[edge]) / (next_y - y)[edge]
        crossing = x[edge] + along * (next_x - x)[edge]
        # Right of an odd number of crossings is inside.
        turns = np.zeros((height, width + 1), np.uint8)
        np.bitwise_xor.at(turns, (row, np.clip(np.ceil(crossing - 0.5), 0, width).astype(int)), 255)
        mask |= np.bitwise_xor.accumulate(turns, axis=1)[:, :width]
    return mask
