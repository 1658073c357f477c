"""The estimated size of an export is within a factor of 1.5 of what is written, for real pictures and every format."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from photos import group_photo
from PIL import ImageCms
from skimage import data

from instmatt_app.api.estimate import estimated_bytes
from instmatt_app.api.exporting import Export
from instmatt_app.api.result import Result
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Cancelled
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.files.export_options import ExportOptions
from instmatt_app.files.formats import DOCUMENTS, FORMATS

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# A seventh of the photo's rows.
SAMPLE = 100_000


def with_people(pixels: np.ndarray, people: int = 2) -> Result:
    """A real photo with soft people in it, who are there where the dice put them."""
    height, width = pixels.shape[:2]
    rng = np.random.default_rng(people)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    left, alphas = np.ones((height, width), np.float32), []
    for number in range(people):
        rough = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 2) * 40
        across = np.hypot(x - width * (number + 0.5) / people, (y - height * 0.6) / 1.8)
        alpha = left * np.clip((0.4 * width / people - across + rough) / 8 + 0.5, 0, 1)
        left -= alpha
        alphas.append(alpha)
    instances = [Instance(n, f"Person {n}", TilePlane(1, 1), Rect(0, 0, 1, 1)) for n in range(1, people + 1)]
    return Result(Photo(pixels, profile=PROFILE), instances, np.stack([*alphas, left]), "drawn", "drawn", "cpu", {}, {})


@pytest.fixture(scope="module")
def results() -> list[Result]:
    smooth, rough = group_photo(600).pixels, np.asarray(data.coffee())
    return [with_people(smooth), with_people(rough, 3)]


OPTIONS = [
    *(ExportOptions(format=name, layers="both") for name in FORMATS),
    *(ExportOptions(format=name) for name in DOCUMENTS),
    ExportOptions(format="png", layers="cutout", canvas="cropped"),
    ExportOptions(format="png", layers="alpha"),
    ExportOptions(format="png", layers="trimap"),
    ExportOptions(format="png16", layers="trimatte"),
    ExportOptions(format="psd", recomposable=True),
    ExportOptions(format="ora", background="none", colours="photo", canvas="full"),
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda one: f"{one.format}-{one.layers}-{one.background}")
def test_the_estimate_is_within_half_as_much_again(
    results: list[Result], tmp_path: Path, options: ExportOptions
) -> None:
    for number, result in enumerate(results):
        export = Export(options, tmp_path / str(number), "photo")
        written = sum(path.stat().st_size for path in export.write(result))
        estimate = estimated_bytes(export, result, sample=SAMPLE)
        assert written / 1.5 <= estimate <= written * 1.5
        assert sorted(tmp_path.iterdir()) == [tmp_path / str(n) for n in range(number + 1)]


def test_a_small_photo_is_written_as_a_whole(results: list[Result], tmp_path: Path) -> None:
    export = Export(ExportOptions(format="png", layers="both"), tmp_path, "photo")
    written = sum(path.stat().st_size for path in export.write(results[0]))
    assert estimated_bytes(export, results[0]) == written


def test_an_estimate_can_be_given_up(results: list[Result], tmp_path: Path) -> None:
    def stop(done: int, total: int, what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        estimated_bytes(Export(ExportOptions(format="psd"), tmp_path, "photo"), results[0], stop)
