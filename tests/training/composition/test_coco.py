"""A drawn set in COCO's format: masks, what is ignored, and the sentences about bad data."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pycocotools import mask as coco_mask

from instmatt_app.training.composition.archive import DataError
from instmatt_app.training.composition.coco import CocoPeople, decode_runs, filled


def person(number: int, segmentation: Any, bbox: list[float]) -> dict[str, Any]:
    return {"id": number, "image_id": 1, "category_id": 1, "iscrowd": 0, "bbox": bbox, "segmentation": segmentation}


def a_set(folder: Path, annotations: list[dict[str, Any]], width: int = 12) -> CocoPeople:
    photos = folder / "photos"
    photos.mkdir()
    cv2.imwrite(str(photos / "1.png"), np.full((10, 12, 3), (10, 20, 30), np.uint8))
    images = [{"id": 1, "file_name": "1.png", "width": width, "height": 10}]
    table = folder / "people.json"
    table.write_text(json.dumps({"images": images, "annotations": annotations}))
    return CocoPeople([photos], table)


def test_run_lengths_go_down_the_columns() -> None:
    assert decode_runs([1, 2, 3], (2, 3), (2, 3)).tolist() == [[0, 255, 0], [255, 0, 0]]
    assert (decode_runs("123", (2, 3), (2, 3)) == decode_runs([1, 2, 3], (2, 3), (2, 3))).all()


def test_compressed_runs_from_the_third_on_are_differences() -> None:
    # The fourth run is stored as its difference to the second: 5 - 2 = 3; the fifth as 1 - 3 = -2, "N".
    expected = decode_runs([1, 2, 3, 5, 1], (3, 4), (3, 4))
    assert (decode_runs("1233N", (3, 4), (3, 4)) == expected).all()


def test_runs_must_fill_the_photo() -> None:
    with pytest.raises(ValueError, match="do not fill"):
        decode_runs([1, 2], (2, 3), (2, 3))


@pytest.mark.parametrize("seed", range(20))
def test_polygons_are_filled_as_coco_fills_them(seed: int) -> None:
    random = np.random.default_rng(seed)
    angle = np.sort(random.uniform(0, 2 * np.pi, 30))
    radius = random.uniform(0.5, 1, 30) * random.choice([15, 60, 130])  # the largest reaches out of the photo
    polygon = np.stack([100 + radius * np.cos(angle), 80 + radius * np.sin(angle)], 1).ravel().tolist()
    truth = 255 * coco_mask.decode(coco_mask.frPyObjects([polygon], 160, 200))[..., 0]
    ours = filled([polygon], (160, 200))
    # COCO's tool walks round the outline and may decide otherwise on it, but neither way more than the other.
    assert (ours != truth).sum() <= 0.02 * (truth > 0).sum()
    assert abs(int((ours > 0).sum()) - int((truth > 0).sum())) <= 0.005 * (truth > 0).sum()


def test_a_pixel_is_inside_if_its_middle_is() -> None:
    assert filled([[1, 1, 4.4, 1, 4.4, 2.6, 1, 2.6]], (4, 6)).tolist() == [
        [0] * 6,
        [0, 255, 255, 255, 0, 0],
        [0, 255, 255, 255, 0, 0],
        [0] * 6,
    ]


def test_the_smaller_person_is_in_front_and_boxes_are_ignored(tmp_path: Path) -> None:
    people = a_set(
        tmp_path,
        [
            person(1, [[0, 0, 6, 0, 6, 10, 0, 10]], [0, 0, 6, 10]),
            person(2, [[4, 2, 8, 2, 8, 6, 4, 6]], [4, 2, 4, 4]),
            person(3, [], [9, 0, 3, 3]),
        ],
    )
    people.check()
    made = people.composition(1)
    assert made is not None
    assert made.photo[0, 0].tolist() == [30, 20, 10]
    assert made.count == 2
    assert made.alphas.sum(axis=0).max() <= 1
    assert made.alphas[0, 3, 5] == 1
    assert made.alphas[1, 3, 5] == 0
    assert not made.exact.any()
    assert made.ignore is not None
    assert made.ignore[1, 10] == 255
    assert made.ignore[1, 1] == 0


def test_a_wrong_size_is_named_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"another size.*1\.png \(12 × 10, listed as 13 × 10\)"):
        a_set(tmp_path, [], width=13).check()


def test_broken_and_missing_photos_are_named(tmp_path: Path) -> None:
    people = a_set(tmp_path, [])
    (tmp_path / "photos" / "1.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"cannot be read: 1\.png"):
        CocoPeople([tmp_path / "photos"], tmp_path / "people.json").check()
    assert len(people) == 1
    (tmp_path / "photos" / "2.png").write_bytes(b"")
    (tmp_path / "photos" / "1.png").unlink()
    with pytest.raises(DataError, match=r"missing: 1\.png"):
        CocoPeople([tmp_path / "photos"], tmp_path / "people.json").check()


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no files"):
        CocoPeople([tmp_path], tmp_path / "people.json")
