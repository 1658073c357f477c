"""COCO annotations: everybody's mask as compressed run lengths, for programs that train or measure."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from instmatt_app.files.formats.document import LayeredPicture

PERSON = {"id": 1, "name": "person", "supercategory": "person"}


def write_coco(picture: LayeredPicture, path: Path) -> None:
    """One image, one annotation per person: the mask where alpha is at least one half, its box and area in pixels."""
    annotations = []
    for number, layer in enumerate(picture.layers, 1):
        mask = np.zeros((picture.height, picture.width), bool)
        height, width = layer.alpha.shape
        inside = layer.alpha >= np.iinfo(layer.alpha.dtype).max / 2
        mask[layer.top : layer.top + height, layer.left : layer.left + width] = inside
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        box = [0, 0, 0, 0]
        if rows.size:
            left, top = int(columns[0]), int(rows[0])
            box = [left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top]
        annotations.append(
            {
                "id": number,
                "image_id": 1,
                "category_id": PERSON["id"],
                "iscrowd": 0,
                "segmentation": {"size": [picture.height, picture.width], "counts": run_lengths(mask)},
                "bbox": box,
                "area": int(mask.sum()),
                "attributes": {"name": layer.name},
            }
        )
    image = {"id": 1, "file_name": picture.title, "width": picture.width, "height": picture.height}
    content = {"images": [image], "annotations": annotations, "categories": [PERSON]}
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def run_lengths(mask: NDArray[np.bool_]) -> str:
    """COCO's compressed text of a mask (H, W): run lengths by column, beginning with zeros.

    A run is written as the difference to the last but one, in groups of five bits, the lowest first, with a sixth bit
    where more follow, as characters from "0" on.
    """
    flat = mask.T.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate([[0], changes, [flat.size]])
    runs = np.diff(edges).tolist()
    if flat[0]:
        runs.insert(0, 0)
    signs = []
    for position, run in enumerate(runs):
        rest = run - runs[position - 2] if position > 2 else run
        while True:
            bits = rest & 31
            rest >>= 5
            done = rest == (-1 if bits & 16 else 0)
            signs.append(chr((bits if done else bits | 32) + 48))
            if done:
                break
    return "".join(signs)
