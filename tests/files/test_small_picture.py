"""Small pictures: upright, in the size asked for, and None for what is no picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from instmatt_app.files.small_picture import small_picture


@pytest.fixture
def halves() -> Image.Image:
    """Left half red, right half blue, 400 × 200."""
    picture = np.zeros((200, 400, 3), np.uint8)
    picture[:, :200, 0] = picture[:, 200:, 2] = 250
    return Image.fromarray(picture)


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_small_and_in_the_photos_colours(halves: Image.Image, tmp_path: Path, name: str) -> None:
    halves.save(tmp_path / name)
    small = small_picture(tmp_path / name, 100)
    assert small is not None
    assert small.shape == (50, 100, 3)
    assert small[25, 10, 0] > 200 > 60 > small[25, 10, 2]
    assert small[25, 90, 2] > 200 > 60 > small[25, 90, 0]


def test_turned_as_the_camera_was_held(halves: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    halves.save(tmp_path / "a.jpg", exif=exif)
    small = small_picture(tmp_path / "a.jpg", 100)
    assert small is not None
    assert small.shape == (100, 50, 3)
    assert small[10, 25, 0] > 200


def test_what_is_no_picture_has_none(tmp_path: Path) -> None:
    (tmp_path / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    (tmp_path / "words.png").write_bytes(b"words")
    (tmp_path / "none.instmatt").write_bytes(b"nothing")
    for path in (*tmp_path.iterdir(), tmp_path, tmp_path / "missing.jpg"):
        assert small_picture(path, 100) is None
