import numpy as np
import pytest

from instmatt_app.core.photo import Photo
from instmatt_app.ui.canvas.pyramid import level_for, pyramid_of


def test_levels_halve_down_to_the_screen() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1500, 4100, 3)).astype(np.uint8)
    levels = pyramid_of(Photo(pixels))
    assert [level.shape[:2] for level in levels] == [(1500, 4100), (750, 2050), (375, 1025), (187, 512)]
    assert np.array_equal(levels[0][..., :3], pixels[..., ::-1])


def test_sixteen_bits_become_eight() -> None:
    (level,) = pyramid_of(Photo(np.full((4, 6, 3), 65535, np.uint16)))
    assert level[..., :3].min() == 255


@pytest.mark.parametrize(("zoom", "level"), [(4, 0), (1, 0), (0.6, 0), (0.5, 1), (0.3, 1), (0.25, 2), (0.001, 3)])
def test_the_smallest_level_that_is_sharp(zoom: float, level: int) -> None:
    assert level_for(zoom, 4) == level
