"""A small training pack of drawn people: rectangles of their own colour, in the form of the real one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from instmatt_app.training.recogniser import SceneData

SIZE = (180, 240)  # height, width of the photos

DATA = SceneData(("photos",), "people.json", ("street",), "quality.json", ("video",), ("backgrounds",))


def rectangle(left: int, top: int, right: int, bottom: int) -> list[list[int]]:
    """A polygon as COCO writes it."""
    return [[left, top, right, top, right, bottom, left, bottom]]


def a_pack(folder: Path, count: int = 12, empty: bool = True) -> Path:
    """Photos of one and of two people, box-only ones and empty ones; one street photo, one video, one background."""
    images: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    (folder / "photos").mkdir(parents=True)
    for number in range(1, 4 * count + 1):
        pixels = np.full((*SIZE, 3), 60, np.uint8)
        boxes = {
            0: [(40, 20, 100, 160)],
            1: [(20, 40, 80, 170), (140, 30, 200, 170)],
            2: [(10, 10, 90, 170), (120, 20, 220, 160)],
        }
        here = boxes.get(number % 4 if number % 4 < 3 or empty else 0, [])
        for person, (left, top, right, bottom) in enumerate(here):
            pixels[top:bottom, left:right] = (230, 80, 20 + 200 * person)
            bare = number % 4 == 2 and person == 1
            entries.append(
                {
                    "id": len(entries) + 1, "image_id": number, "category_id": 1, "iscrowd": 0,
                    "bbox": [left, top, right - left, bottom - top],
                    "area": 0 if bare else (right - left) * (bottom - top),
                    "segmentation": [] if bare else rectangle(left, top, right, bottom),
                    "source": "box_only" if bare else "coco",
                }
            )  # fmt: skip
        cv2.imwrite(str(folder / "photos" / f"{number}.png"), pixels)
        complete = number % 4 != 2
        images.append(
            {
                "id": number,
                "file_name": f"{number}.png",
                "width": SIZE[1],
                "height": SIZE[0],
                "complete_masks": complete,
            }
        )
    (folder / "people.json").write_text(json.dumps({"images": images, "annotations": entries}))
    whole = np.zeros((60, 30), np.uint8)
    whole[5:55, 8:22] = 1
    for kind, picture, mask in (("street", "photos", "labels"), ("video", "images", "masks")):
        for name in ("0001", "0002", "0003") if kind == "street" else ("a/00", "b/00", "c/00"):
            for part, pixels in (
                (picture, np.full((60, 30, 3), 200, np.uint8)),
                (mask, whole * (255 if kind == "video" else 1)),
            ):
                ending = "jpg" if part == picture else "png"
                path = folder / kind / part / f"{name}.{ending}"
                path.parent.mkdir(parents=True, exist_ok=True)
                cv2.imwrite(str(path), pixels)
    (folder / "quality.json").write_text(json.dumps({"photos": {f"000{n}": {"agree": 0.95} for n in (1, 2, 3)}}))
    (folder / "backgrounds").mkdir()
    for name in "abcd":
        cv2.imwrite(str(folder / "backgrounds" / f"{name}.jpg"), np.full((80, 100, 3), 120, np.uint8))
    return folder
