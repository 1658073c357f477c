"""Colour conversion: exact rounding, real profiles, and profiles that are none."""

import imagecodecs
import numpy as np
import pytest
from PIL import ImageCms

from instmatt_app.core import colour
from instmatt_app.core.colour import cmyk_to_srgb, profile_space, to_eight_bits, to_srgb

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
P3 = imagecodecs.cms_profile(
    "rgb",
    whitepoint=(0.3127, 0.3290, 1.0),
    primaries=(0.680, 0.320, 1.0, 0.265, 0.690, 1.0, 0.150, 0.060, 1.0),
    gamma=2.2,
)
GREY = imagecodecs.cms_profile("gray", whitepoint=(0.3457, 0.3585, 1.0), gamma=1.0)


def noise(shape: tuple[int, ...], dtype: type = np.uint8) -> np.ndarray:
    return np.random.default_rng(3).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def test_sixteen_bits_are_rounded_to_the_nearest_level() -> None:
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    exact = np.floor(every.astype(np.float64) / 257 + 0.5).astype(np.uint8)
    assert np.array_equal(to_eight_bits(every), exact)


def test_eight_bits_come_back_as_a_copy() -> None:
    pixels = noise((4, 5, 3))
    result = to_srgb(pixels, None)
    assert np.array_equal(result, pixels)
    assert not np.shares_memory(result, pixels)


@pytest.mark.parametrize("profile", [SRGB, b"", b"no profile at all", LAB, GREY, SRGB[:200]])
def test_srgb_and_unusable_profiles_change_nothing(profile: bytes) -> None:
    pixels = noise((9, 7, 3))
    assert np.array_equal(to_srgb(pixels, profile), pixels)


def test_wide_colours_are_mapped_and_greys_stay_grey() -> None:
    pixels = np.array([[[200, 100, 100], [128, 128, 128], [0, 0, 0], [255, 255, 255]]], np.uint8)
    red, grey, black, white = to_srgb(pixels, P3)[0].astype(int)
    assert red[0] > 205  # the same red needs a larger number in the smaller space
    assert red[1] < 100
    assert np.ptp(grey) <= 1
    assert black.max() <= 1
    assert white.min() >= 254


def test_sixteen_bits_with_a_profile_agree_with_eight() -> None:
    pixels = noise((6, 6, 3))
    assert np.array_equal(to_srgb(pixels.astype(np.uint16) * 257, P3), to_srgb(pixels, P3))


def test_strips_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = noise((50, 11, 3))
    whole = to_srgb(pixels, P3)
    monkeypatch.setattr(colour, "_STRIP_PIXELS", 30)
    assert np.array_equal(to_srgb(pixels, P3), whole)


def test_views_are_converted_like_copies() -> None:
    pixels = noise((8, 9, 3), np.uint16)[::-1, ::2]
    assert np.array_equal(to_srgb(pixels, P3), to_srgb(pixels.copy(), P3))


def test_the_space_of_a_profile() -> None:
    assert [profile_space(one) for one in (SRGB, LAB, GREY, b"x")] == ["RGB", "Lab", "GRAY", None]


def test_cmyk_without_a_profile() -> None:
    inks = np.array([[[0, 0, 0, 0], [0, 0, 0, 255], [255, 0, 0, 0]]], np.uint8)
    assert cmyk_to_srgb(inks, None).tolist() == [[[255, 255, 255], [0, 0, 0], [0, 255, 255]]]
    assert np.array_equal(cmyk_to_srgb(inks.astype(np.uint16) * 257, SRGB), cmyk_to_srgb(inks, None))
