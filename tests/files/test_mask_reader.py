"""Guidance masks: what counts as grey, which sizes fit, which files are found."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from instmatt_app.files.mask_reader import find_masks, read_classes, read_mask
from instmatt_app.files.samples import PhotoError

GREY = np.random.default_rng(0).integers(0, 256, (6, 8), np.uint8)


def save(path: Path, array: np.ndarray, mode: str | None = None) -> Path:
    image = Image.fromarray(array)
    (image.convert(mode) if mode else image).save(path)
    return path


def test_grey_is_taken_as_it_is(tmp_path: Path) -> None:
    mask, note = read_mask(save(tmp_path / "a.png", GREY), 8, 6)
    assert np.array_equal(mask, GREY)
    assert mask.dtype == np.uint8
    assert note is None


def test_sixteen_bits_are_rounded(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), GREY.astype(np.uint16) * 257)
    assert np.array_equal(read_mask(tmp_path / "a.png", 8, 6)[0], GREY)


def test_equal_colours_give_their_grey(tmp_path: Path) -> None:
    assert np.array_equal(read_mask(save(tmp_path / "a.png", GREY, "RGB"), 8, 6)[0], GREY)


def test_colours_give_their_luma(tmp_path: Path) -> None:
    green = np.zeros((6, 8, 3), np.uint8)
    green[..., 1] = 255
    assert np.unique(read_mask(save(tmp_path / "a.png", green), 8, 6)[0]).tolist() == [150]


def test_transparency_is_the_mask_if_it_says_something(tmp_path: Path) -> None:
    alpha = np.zeros((6, 8), np.uint8)
    alpha[2:4] = 200
    rgba = np.dstack([GREY, GREY, GREY, alpha])
    assert np.array_equal(read_mask(save(tmp_path / "a.png", rgba), 8, 6)[0], alpha)
    for constant in (0, 255):
        rgba[..., 3] = constant
        assert np.array_equal(read_mask(save(tmp_path / "a.png", rgba), 8, 6)[0], GREY)


def test_one_bit_and_palette(tmp_path: Path) -> None:
    black_white = np.where(GREY > 127, 255, 0).astype(np.uint8)
    assert np.array_equal(read_mask(save(tmp_path / "a.png", black_white, "1"), 8, 6)[0], black_white)
    assert np.array_equal(read_mask(save(tmp_path / "b.png", black_white, "P"), 8, 6)[0], black_white)


def test_another_size_of_the_same_shape_is_resized_and_said(tmp_path: Path) -> None:
    mask, note = read_mask(save(tmp_path / "a.png", GREY), 16, 12)
    assert np.array_equal(mask, GREY.repeat(2, 0).repeat(2, 1))
    assert note is not None
    assert "8 × 6" in note
    assert "16 × 12" in note


def test_other_proportions_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", np.zeros((300, 400), np.uint8))
    with pytest.raises(PhotoError, match=r"“a\.png” is 400 × 300 pixels and the photo 300 × 400"):
        read_mask(path, 300, 400)
    with pytest.raises(PhotoError):
        read_mask(path, 400, 310)
    assert read_mask(path, 400, 302)[1] is not None


def test_a_mask_that_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("not a picture")
    with pytest.raises(PhotoError):
        read_mask(tmp_path / "a.png", 8, 6)


def test_masks_are_found_by_name_without_cutouts(tmp_path: Path) -> None:
    for name in ("02.png", "01.png", "01-cutout.png", "._01.png", "notes.txt", "03.PNG"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in find_masks(tmp_path, "group")] == ["01.png", "02.png", "03.PNG"]
    own = tmp_path / "group"
    own.mkdir()
    with pytest.raises(PhotoError, match="no masks"):
        find_masks(tmp_path, "group")
    (own / "a.png").write_bytes(b"")
    assert find_masks(tmp_path, "group") == [own / "a.png"]


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="cannot be read"):
        find_masks(tmp_path / "none", "group")


def test_strokes_are_numbers_at_the_photos_size(tmp_path: Path) -> None:
    classes = GREY % 5
    assert np.array_equal(read_classes(save(tmp_path / "a.png", classes), 8, 6, 4), classes)
    with pytest.raises(PhotoError, match="size of the photo"):
        read_classes(tmp_path / "a.png", 16, 12, 4)
    with pytest.raises(PhotoError, match="numbers from 0 to 2"):
        read_classes(tmp_path / "a.png", 8, 6, 2)
