import numpy as np
from PySide6.QtGui import QColor

from instmatt_app.ui.images import alpha_image, array_of, grey_image, rgb_image, rgba_image, tint_image

RNG = np.random.default_rng(4)


def test_colours_there_and_back() -> None:
    # An odd width, because Qt pads rows to four bytes.
    array = RNG.integers(0, 256, (7, 5, 3)).astype(np.uint8)
    assert np.array_equal(array_of(rgb_image(array)), array)
    assert np.array_equal(array_of(rgb_image(np.asfortranarray(array))), array)


def test_grey_opacity_and_straight_alpha() -> None:
    plane = RNG.integers(0, 256, (6, 9)).astype(np.uint8)
    assert grey_image(plane).pixelColor(3, 2).red() == plane[2, 3]
    assert alpha_image(plane).pixelColor(3, 2).alpha() == plane[2, 3]
    rgba = RNG.integers(0, 256, (6, 9, 4)).astype(np.uint8)
    assert rgba_image(rgba).pixelColor(8, 5) == QColor(*rgba[5, 8].tolist())


def test_a_tint_is_premultiplied_colour() -> None:
    plane = np.array([[0, 128, 255]], np.uint8)
    image = tint_image(plane, (200, 100, 50), 0.5)
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(2, 0).alpha() in (127, 128)
    full = image.pixelColor(2, 0)
    assert (abs(full.red() - 200) <= 2, abs(full.green() - 100) <= 2, abs(full.blue() - 50) <= 2) == (True,) * 3


def test_arrays_may_go_away() -> None:
    array = np.full((4, 4, 3), 77, np.uint8)
    image = rgb_image(array)
    array[:] = 0
    assert image.pixelColor(1, 1).red() == 77
