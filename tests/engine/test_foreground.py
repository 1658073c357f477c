import numpy as np
import pytest

from instmatt_app.core.composite import over
from instmatt_app.engine.foreground import clean_colours

RED, BLUE = (210, 30, 30), (20, 40, 220)


def soft_disc(height: int = 80, width: int = 100, softness: float = 8) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    return np.clip((25 - np.hypot(x - 50, y - 40)) / softness + 0.5, 0, 1).astype(np.float32)


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_the_backgrounds_light_is_removed(depth: type) -> None:
    scale = np.iinfo(depth).max // 255
    alpha = soft_disc()
    mixed = over(np.full((80, 100, 3), RED, np.uint8), alpha, BLUE)
    clean = clean_colours(mixed.astype(depth) * depth(scale), alpha)
    assert clean.dtype == depth
    soft = (alpha > 0.15) & (alpha < 1)
    distance = np.abs(clean[soft].astype(float) / scale - RED).mean()
    before = np.abs(mixed[soft].astype(float) - RED).mean()
    assert distance < 0.15 * before


def test_opaque_pixels_keep_the_photos_colours_and_the_rest_is_empty() -> None:
    alpha = soft_disc()
    photo = np.random.default_rng(0).integers(0, 255, (80, 100, 3)).astype(np.uint8)
    clean = clean_colours(photo, alpha)
    assert (clean[alpha == 1] == photo[alpha == 1]).all()
    assert not clean[:8, :20].any()
    beside = (alpha == 0) & (np.roll(alpha, 1, axis=1) > 0)
    assert clean[beside].any(), "colours go on beyond the outline, so that scaling brings in no black"


def test_hard_mattes_and_empty_ones_are_answered() -> None:
    photo = np.full((10, 10, 3), 77, np.uint8)
    half = np.zeros((10, 10), np.float32)
    half[:5] = 1
    clean = clean_colours(photo, half)
    assert (clean[:5] == 77).all()
    assert not clean[5:].any()
    assert not clean_colours(photo, np.zeros((10, 10), np.float32)).any()
