"""Scenes: what the recogniser learns from, photos of people with more people pasted in, made anew for every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.training.composition.archive import Archive, DataError, held_out
from instmatt_app.training.composition.coco import CocoPeople, CocoPhoto

Bytes = NDArray[np.uint8]
Box = NDArray[np.float32]  # [4]: left, top, right, bottom

GREY = 127  # what lies outside of a photo; becomes about 0 for the network
# How far a mask of this origin is believed in.
TRUST = {"coco": 1.0, "coco_bridged": 0.7, "pseudo": 0.5}
# Shares of the scene: people below the first are neither learnt nor held against the network; below the second they do
# not exist.
LEAST, NOTHING = 0.004, 0.0005
# How much larger or smaller than the scene photos are; beyond 1 only a part of them is in it.
ZOOM = (0.8, 2.2)
# So many of those who are pasted lie: hardly anybody does in the photos.
LYING = 0.12
# Who is hidden or cut off to less than this share is left out, unless much of them is still in the picture.
LEAST_VISIBLE, PLENTY = 0.25, 0.03


@dataclass
class Figure:
    """A person in a scene. Without ``mask`` only the box is known."""

    box: Box
    mask: Bytes | None  # (S, S), 0 or 255: what is visible of them
    whole: float  # pixels that would be visible if nothing hid them or cut them off
    trust: float
    tight: bool = False  # the box was given and is better than the mask's own


@dataclass
class Scene:
    """A square picture, RGB uint8 (S, S, 3), and who is in it; ``ignore`` is 255 where people may or may not be."""

    photo: Bytes
    ignore: Bytes
    figures: list[Figure] = field(default_factory=list)
    rows: int = 0  # of a whole photo in the upper left corner: its height and width
    columns: int = 0

    @property
    def side(self) -> int:
        """S, pixels."""
        return len(self.photo)

    def paste(self, pixels: Bytes, mask: Bytes, left: int, top: int, behind: bool) -> None:
        """Put a cut-out (h, w, 3) with its mask (h, w) there, in front of everybody or behind; it may stick out."""
        full, soft = np.zeros_like(self.ignore), np.zeros_like(self.ignore)
        there, here = _overlap((left, top), mask.shape, self.side)
        if there is None or here is None:
            return
        softened = np.asarray(cv2.GaussianBlur(mask, (3, 3), 0), np.uint8)
        full[there], soft[there] = mask[here], softened[here]
        if behind:
            for figure in self.figures:
                if figure.mask is not None:
                    full &= ~figure.mask
                    soft &= ~figure.mask
        share = soft[there][..., None].astype(np.float32) / 255
        self.photo[there] = np.rint(self.photo[there] * (1 - share) + pixels[here] * share).astype(np.uint8)
        for figure in self.figures:
            if figure.mask is not None:
                figure.mask = figure.mask & ~full
            elif _share_of_box(full, figure.box) > 0.5:
                self._forget(figure.box)
                figure.whole = 0.0
        self.ignore &= ~full
        self.figures.append(Figure(np.zeros(4, np.float32), full, float(np.count_nonzero(mask)), 1.0))

    def settle(self) -> None:
        """Give everybody who counts their final box; the others become regions to ignore, or nothing."""
        kept = []
        pixels = self.side**2
        for figure in self.figures:
            if figure.mask is None:
                if figure.whole:
                    kept.append(figure)
                continue
            area = float(np.count_nonzero(figure.mask))
            if area < NOTHING * pixels:
                continue
            own = _box_of(figure.mask)
            if area < LEAST * pixels or (area < LEAST_VISIBLE * figure.whole and area < PLENTY * pixels):
                self._forget(own)
                continue
            if not figure.tight or area < 0.95 * figure.whole:
                figure.box = own
            kept.append(figure)
        self.figures = kept

    def _forget(self, box: Box) -> None:
        rows, columns = _pixels_of(box)
        self.ignore[rows, columns] = 255


class Scenes:
    """Makes scenes from COCO photos, and from cut-outs in photos and before backgrounds."""

    def __init__(
        self, people: CocoPeople, street: Archive, video: Archive, backgrounds: Archive, quality: dict[str, Any]
    ) -> None:
        """Lists the training split. ``street``: photos/ with label maps in labels/; ``video``: images/ with masks/.

        ``quality``: for each of the street photos how far two opinions about it agree. Raises DataError if a kind of
        picture is lacking.
        """
        self._people, self._street, self._video, self._backgrounds = people, street, video, backgrounds
        photos = [photo for photo in people.photos if not photo.validation]
        self._empty = [photo for photo in photos if not photo.annotations]
        self._single = [photo for photo in photos if len(photo.annotations) == 1]
        self._several = [photo for photo in photos if len(photo.annotations) > 1]
        self._cut_coco = [entry for photo in photos for entry in photo.annotations if _worth_cutting(entry, photo)]
        self._cut_street = [
            name
            for name in (
                path.removeprefix("labels/").removesuffix(".png") for path in street.names if path.startswith("labels/")
            )
            if quality.get(name, {}).get("agree", 0) >= 0.85 and not held_out(f"ccp/{name}")
        ]
        frames = [path[len("masks/") : -len(".png")] for path in video.names if path.startswith("masks/")]
        self._cut_video = [frame for frame in frames if not held_out(f"davis/{frame.split('/')[0]}")]
        self._views = [
            name for name in backgrounds.pictures if not held_out(f"background/{name.rpartition('_')[0] or name}")
        ]
        needed = {
            "photos without people": self._empty,
            "photos of one person": self._single,
            "photos of several people": self._several,
            "people with polygons that are worth cutting out": self._cut_coco,
            "street photos": self._cut_street,
            "video frames": self._cut_video,
            "backgrounds": self._views,
        }
        if lacking := [what for what, there in needed.items() if not there]:
            raise DataError(f"For training there are no {lacking[0]} in the data.")
        self._mask = lru_cache(maxsize=None)(self._cropped_mask)

    def make(self, rng: np.random.Generator, side: int) -> Scene:
        """A scene of ``side`` × ``side`` pixels, all chance drawn from ``rng``."""
        kind = rng.random()
        if kind < 0.5:
            scene = self._photo(_one_of(rng, self._several), rng, side)
            pasted = int(rng.random() < 0.25)
        elif kind < 0.85:
            scene = self._photo(_one_of(rng, self._single), rng, side)
            pasted = int(rng.choice([0, 1, 2, 3], p=[0.35, 0.3, 0.2, 0.15]))
        else:
            scene = self._nobody(rng, side)
            pasted = int(rng.choice([0, 1, 2, 3, 4], p=[0.3, 0.15, 0.25, 0.15, 0.15]))
        for _ in range(pasted):
            self._paste_somebody(scene, rng)
        scene.settle()
        scene.photo = recoloured(scene.photo, rng)
        return scene

    def view(self, photo: CocoPhoto, side: int) -> Scene:
        """The whole photo, unchanged but for its size, in the upper left corner."""
        pixels = self._people.read(photo.id)
        scale = side / max(pixels.shape[:2])
        scene = self._placed(photo, pixels, scale, (0, 0), False, side)
        scene.rows, scene.columns = (round(length * scale) for length in pixels.shape[:2])
        return scene

    def held_out(self) -> list[CocoPhoto]:
        """The photos of the validation split in which everybody has a mask."""
        return [photo for photo in self._people.photos if photo.validation and photo.complete_masks]

    def _photo(self, photo: CocoPhoto, rng: np.random.Generator, side: int) -> Scene:
        pixels = self._people.read(photo.id)
        height, width = pixels.shape[:2]
        scale = side / max(height, width) * float(np.exp(rng.uniform(*np.log(ZOOM))))
        left, top = (_offset(rng, round(length * scale), side) for length in (width, height))
        return self._placed(photo, pixels, scale, (left, top), bool(rng.random() < 0.5), side)

    def _placed(
        self, photo: CocoPhoto, pixels: Bytes, scale: float, at: tuple[int, int], mirrored: bool, side: int
    ) -> Scene:
        left, top = at
        scene = Scene(np.full((side, side, 3), GREY, np.uint8), np.zeros((side, side), np.uint8))
        pixels = _resized(pixels, scale)
        there, here = _overlap(at, pixels.shape[:2], side)
        if there is not None and here is not None:
            scene.photo[there] = pixels[here]
        for entry in photo.annotations:
            x, y, w, h = entry["bbox"]
            box = np.array([x, y, x + w, y + h], np.float32) * scale + np.array([left, top, left, top], np.float32)
            inside = box.clip(0, side)
            area = float((inside[2] - inside[0]) * (inside[3] - inside[1]))
            share = area / max(float((box[2] - box[0]) * (box[3] - box[1])), 1e-6)
            trust = TRUST.get(entry.get("source", "coco"), 0.0)
            if not entry["segmentation"] or not trust:
                if area < 1:
                    continue
                if share < 0.5 or area < 2 * LEAST * side**2:
                    scene._forget(inside)
                else:
                    scene.figures.append(Figure(inside, None, area, 0.0))
                continue
            mask_left, mask_top, small = self._mask(entry["id"], photo.id)
            mask = _resized(small, scale)
            mask = np.where(mask > 127, 255, 0).astype(np.uint8)
            full = np.zeros((side, side), np.uint8)
            there, here = _overlap((left + round(mask_left * scale), top + round(mask_top * scale)), mask.shape, side)
            if there is not None and here is not None:
                full[there] = mask[here]
            if entry.get("iscrowd"):
                scene.ignore |= full
            elif full.any():
                whole = float(np.count_nonzero(mask))
                scene.figures.append(Figure(inside, full, whole, trust, tight=share > 0.97))
        if mirrored:
            scene.photo = np.ascontiguousarray(scene.photo[:, ::-1])
            scene.ignore = np.ascontiguousarray(scene.ignore[:, ::-1])
            for figure in scene.figures:
                figure.box = np.array(
                    [side - figure.box[2], figure.box[1], side - figure.box[0], figure.box[3]], np.float32
                )
                figure.mask = None if figure.mask is None else np.ascontiguousarray(figure.mask[:, ::-1])
        # Where masks overlap, the smaller person is in front.
        taken = np.zeros((side, side), np.uint8)
        for figure in sorted(scene.figures, key=lambda figure: figure.whole):
            if figure.mask is not None:
                figure.mask = figure.mask & ~taken
                taken |= figure.mask
        return scene

    def _nobody(self, rng: np.random.Generator, side: int) -> Scene:
        if rng.random() < 0.6:
            return self._photo(_one_of(rng, self._empty), rng, side)
        pixels = self._backgrounds.rgb(_one_of(rng, self._views))
        height, width = pixels.shape[:2]
        scale = side / min(height, width) * float(rng.uniform(1, 1.5))
        pixels = _resized(pixels, scale)
        left, top = (int(rng.integers(max(1, length - side + 1))) for length in (pixels.shape[1], pixels.shape[0]))
        photo = pixels[top : top + side, left : left + side]
        if photo.shape[:2] != (side, side):
            photo = np.asarray(cv2.resize(photo, (side, side)), np.uint8)
        return Scene(np.ascontiguousarray(photo), np.zeros((side, side), np.uint8))

    def _paste_somebody(self, scene: Scene, rng: np.random.Generator) -> None:
        pixels, mask = self._cut_out(rng)
        if rng.random() < 0.5:
            pixels, mask = pixels[:, ::-1], mask[:, ::-1]
        if rng.random() < LYING:
            pixels, mask = np.rot90(pixels), np.rot90(mask)
        side = scene.side
        boxes = [figure.box if figure.mask is None else _box_of(figure.mask) for figure in scene.figures]
        boxes = [box for box in boxes if box[3] > box[1]]
        near = _one_of(rng, boxes) if boxes and rng.random() < 0.7 else None
        if near is None:
            height = side * float(np.exp(rng.uniform(np.log(0.25), np.log(1.1))))
            bottom = min(1.15, rng.uniform(0.6, 1.3)) * side
            middle = rng.uniform(0, side)
        else:
            height = float(np.clip((near[3] - near[1]) * rng.uniform(0.7, 1.3), 0.15 * side, 1.2 * side))
            bottom = near[3] + rng.normal(0, 0.05) * side
            # Beside them, or so that one hides some of the other.
            middle = (near[0] + near[2]) / 2 + rng.choice([-1, 1]) * rng.uniform(0.3, 1.5) * (near[2] - near[0])
        scale = height / mask.shape[0]
        pixels, mask = _resized(np.ascontiguousarray(pixels), scale), _resized(np.ascontiguousarray(mask), scale)
        mask = np.where(mask > 127, 255, 0).astype(np.uint8)
        pixels = recoloured(pixels, rng, mild=True)
        known = all(figure.mask is not None for figure in scene.figures) and not scene.ignore.any()
        behind = bool(known and rng.random() < 0.35)
        scene.paste(pixels, mask, round(middle - mask.shape[1] / 2), round(bottom - mask.shape[0]), behind)

    def _cut_out(self, rng: np.random.Generator) -> tuple[Bytes, Bytes]:
        """Pixels (h, w, 3) and mask (h, w) of somebody, cropped to them."""
        kind = rng.random()
        if kind < 0.6:
            entry = _one_of(rng, self._cut_coco)
            left, top, mask = self._mask(entry["id"], entry["image_id"])
            pixels = self._people.read(entry["image_id"])[top : top + mask.shape[0], left : left + mask.shape[1]]
            return pixels, mask
        if kind < 0.9:
            name = _one_of(rng, self._cut_street)
            pixels, inside = self._street.rgb(f"photos/{name}.jpg"), self._street.grey(f"labels/{name}.png") > 0
        else:
            name = _one_of(rng, self._cut_video)
            pixels, inside = self._video.rgb(f"images/{name}.jpg"), self._video.grey(f"masks/{name}.png") > 127
        left, top, right, bottom = _box_of(inside.astype(np.uint8)).astype(int)
        return pixels[top:bottom, left:right], inside[top:bottom, left:right].astype(np.uint8) * 255

    def _cropped_mask(self, annotation_id: int, photo_id: int) -> tuple[int, int, Bytes]:
        entry = next(entry for entry in self._people.photo(photo_id).annotations if entry["id"] == annotation_id)
        mask = self._people.mask(entry)
        left, top, right, bottom = _box_of(mask).astype(int)
        return int(left), int(top), np.ascontiguousarray(mask[top : max(bottom, top + 1), left : max(right, left + 1)])


def recoloured(pixels: Bytes, rng: np.random.Generator, mild: bool = False) -> Bytes:
    """Other light: brightness, contrast, white balance, saturation; now and then grey, blurred, noisy or compressed."""
    strength = 0.5 if mild else 1.0
    levels = np.arange(256, dtype=np.float32)
    gain = np.exp(rng.normal(0, 0.15 * strength)) * np.exp(rng.normal(0, 0.06 * strength, 3))
    shift, gamma = rng.normal(0, 12 * strength), np.exp(rng.normal(0, 0.15 * strength))
    curve = 255 * (levels[:, None] / 255) ** gamma * gain + shift
    pixels = np.asarray(cv2.LUT(pixels, curve.clip(0, 255).astype(np.uint8)[:, None]), np.uint8)
    saturation = 0.0 if rng.random() < 0.04 and not mild else float(np.exp(rng.normal(0, 0.25 * strength)))
    grey = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    pixels = np.asarray(cv2.addWeighted(pixels, saturation, grey, 1 - saturation, 0), np.uint8)
    if mild:
        return pixels
    if rng.random() < 0.1:
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.5, 1.5)), np.uint8)
    if rng.random() < 0.1:
        noise = rng.normal(0, rng.uniform(2, 12), pixels.shape).astype(np.float32)
        pixels = (pixels + noise).clip(0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
        pixels = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return pixels


def _worth_cutting(entry: dict[str, Any], photo: CocoPhoto) -> bool:
    if entry.get("source", "coco") != "coco" or entry.get("iscrowd") or not entry["segmentation"]:
        return False
    _, _, width, height = entry["bbox"]
    return bool(max(width, height) >= 100 and entry["area"] >= 0.02 * photo.size[0] * photo.size[1])


def _one_of(rng: np.random.Generator, things: Sequence[Any]) -> Any:
    return things[int(rng.integers(len(things)))]


def _offset(rng: np.random.Generator, length: int, side: int) -> int:
    """Where a length begins in a side: somewhere inside if it is shorter, covering it if it is longer."""
    spare = side - length
    return int(rng.integers(min(spare, 0), max(spare, 0) + 1))


def _resized(picture: Bytes, scale: float) -> Bytes:
    size = tuple(max(1, round(length * scale)) for length in picture.shape[1::-1])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)


Slices = tuple[slice, slice]


def _overlap(at: tuple[int, int], size: tuple[int, ...], side: int) -> tuple[Slices, Slices] | tuple[None, None]:
    """Where a picture (h, w) with its corner at x, y meets the square: in the square, and in the picture."""
    left, top = at
    height, width = size
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + width, side), min(top + height, side)
    if x0 >= x1 or y0 >= y1:
        return None, None
    return (slice(y0, y1), slice(x0, x1)), (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))


def _box_of(mask: Bytes) -> Box:
    """The mask's box; all 0 if it is empty."""
    left, top, width, height = cv2.boundingRect(mask)
    return np.array([left, top, left + width, top + height], np.float32)


def _pixels_of(box: Box) -> Slices:
    left, top = np.floor(box[:2]).clip(0).astype(int)
    right, bottom = np.ceil(box[2:]).clip(0).astype(int)
    return slice(top, bottom), slice(left, right)


def _share_of_box(mask: Bytes, box: Box) -> float:
    inside = mask[_pixels_of(box)]
    return float((inside > 0).mean()) if inside.size else 1.0
