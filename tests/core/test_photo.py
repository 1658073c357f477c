"""Photo: sizes, copies, fingerprint, and what is not a photo."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatt_app.core.photo import Photo


def pixels(height: int = 6, width: int = 9, dtype: type = np.uint8) -> np.ndarray:
    return np.random.default_rng(1).integers(0, np.iinfo(dtype).max, (height, width, 3), dtype, endpoint=True)


def test_pixels_are_read_only_and_contiguous() -> None:
    photo = Photo(pixels()[:, ::-1])
    assert photo.pixels.flags.c_contiguous
    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0, 0] = 0


def test_size_and_stem() -> None:
    photo = Photo(pixels(6, 9), Path("holiday/two.people.jpg"))
    assert (photo.width, photo.height, photo.stem) == (9, 6, "two.people")
    assert Photo(pixels()).stem == "photo"


@pytest.mark.parametrize(
    "array", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)]
)
def test_other_shapes_are_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="shape"):
        Photo(array)


def test_other_types_are_refused() -> None:
    with pytest.raises(ValueError, match="bits"):
        Photo(np.zeros((4, 4, 3), np.float32))


def test_the_fingerprint_names_pixels_and_profile_not_the_file() -> None:
    base = Photo(pixels()).fingerprint
    assert Photo(pixels(), Path("elsewhere.png")).fingerprint == base
    changed = pixels()
    changed[5, 8, 2] ^= 1
    others = {
        Photo(changed).fingerprint,
        Photo(pixels(), profile=b"p").fingerprint,
        Photo(pixels().reshape(9, 6, 3)).fingerprint,
        Photo(pixels().astype(np.uint16)).fingerprint,
    }
    assert len(others) == 4
    assert base not in others
    assert Photo(pixels(), fingerprint="given").fingerprint == "given"


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 3000))
def test_the_copy_fits_and_is_never_larger(height: int, width: int, max_side: int) -> None:
    photo = Photo(np.broadcast_to(np.uint8(0), (height, width, 3)), fingerprint="-")
    h, w = photo.size_at(max_side)
    assert 1 <= h <= height
    assert 1 <= w <= width
    assert max(h, w) <= max(max_side, 1)
    if max(height, width) > max_side:
        ratio = max_side / max(height, width)
        assert (h, w) == (max(1, int(ratio * height)), max(1, int(ratio * width)))
    else:
        assert (h, w) == (height, width)


def test_the_published_copy_is_opencv_bilinear() -> None:
    photo = Photo(pixels(60, 90))
    expected = cv2.resize(photo.pixels, (30, 20), interpolation=cv2.INTER_LINEAR)
    assert np.array_equal(photo.at(30, cv2.INTER_LINEAR), expected)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (6, 9)])
def test_copies_are_eight_bit_and_owned(dtype: type, size: tuple[int, int]) -> None:
    photo = Photo(pixels(*size, dtype))
    copy = photo.at(40)
    assert copy.dtype == np.uint8
    assert copy.shape == (*photo.size_at(40), 3)
    copy[:] = 0


def test_a_side_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Photo(pixels()).at(0)
