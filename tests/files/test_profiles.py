import numpy as np
import pytest

from instmatt_app.core.colour import profile_space, to_srgb
from instmatt_app.core.photo import Photo
from instmatt_app.files.profiles import in_profile

COLOURS = np.array([[[255, 0, 0], [128, 128, 128], [255, 255, 255], [12, 34, 200], [0, 0, 0]]], np.uint8)


@pytest.mark.parametrize("scale", [1, 257])
def test_colours_look_the_same_in_display_p3(scale: int) -> None:
    photo = Photo(COLOURS.astype(np.uint8 if scale == 1 else np.uint16) * scale)
    wide = in_profile(photo, "p3")
    assert wide.pixels.dtype == photo.pixels.dtype
    assert profile_space(wide.profile) == "RGB"
    # The known place of sRGB's red in Display P3.
    assert np.abs(wide.pixels[0, 0] / scale - (234, 51, 35)).max() <= 1.5
    assert np.abs(to_srgb(wide.pixels, wide.profile).astype(int) - COLOURS).max() <= 3
    back = in_profile(wide, "srgb")
    assert np.abs(back.pixels[0, 1:] / scale - COLOURS[0, 1:]).max() <= 2


def test_nothing_is_done_that_need_not_be() -> None:
    photo = Photo(COLOURS)
    assert in_profile(photo, "keep") is photo
    assert in_profile(photo, "srgb") is photo
