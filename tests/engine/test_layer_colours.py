"""Layer colours: who shares a pixel gets their own colours back, block by block as in one piece."""

import cv2
import numpy as np
import pytest

from instmatt_app.core.rect import Rect
from instmatt_app.engine import layer_colours
from instmatt_app.engine.foreground import clean_colours
from instmatt_app.engine.layer_colours import soft_colours

SIZE = (200, 300)
FLAT = np.array([(210, 60, 50), (60, 190, 80), (50, 70, 200)], np.float32)


def shared_photo(depth: type = np.uint8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two people with ragged outlines, one before the other: the photo, alphas (3, H, W), true colours (3, H, W, 3)."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[: SIZE[0], : SIZE[1]].astype(np.float32)

    def noise(sigma: float, *channels: int) -> np.ndarray:
        made = cv2.GaussianBlur(rng.normal(0, 1, (*SIZE, *channels)).astype(np.float32), (0, 0), sigma)
        return made / made.std()

    def disc(centre: float) -> np.ndarray:
        return np.clip((60 - np.hypot(x - centre, y - 100) + noise(2) * 5) / 20 + 0.5, 0, 1)

    front, behind = disc(110), disc(190)
    alphas = np.stack([front, (1 - front) * behind, (1 - front) * (1 - behind)]).astype(np.float32)
    colours = np.clip(FLAT[:, None, None] + np.stack([noise(8, 3) * 8 for _ in range(3)]), 0, 255)
    scale = np.iinfo(depth).max / 255
    return np.rint((alphas[..., None] * colours).sum(axis=0) * scale).astype(depth), alphas, colours * scale


def estimated(photo: np.ndarray, alphas: np.ndarray, levels: int = 255) -> np.ndarray:
    """All layers' colours on the whole canvas; the photo where a layer keeps no colours of its own."""
    found = soft_colours(photo, lambda rows: alphas[:, rows], alphas, levels)
    whole = np.repeat(photo[None], len(alphas), axis=0)
    for one, canvas in zip(found, whole, strict=True):
        one.put(canvas, Rect(0, 0, SIZE[1], SIZE[0]), SIZE[1])
    return whole


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_everybody_gets_their_own_colours_where_they_share_pixels(depth: type) -> None:
    photo, alphas, true = shared_photo(depth)
    together = estimated(photo, alphas, np.iinfo(depth).max)
    assert together.dtype == depth
    shared = (alphas > 0.05).all(axis=0)
    assert shared.sum() > 100
    for number, alpha in enumerate(alphas):
        soft = (alpha > 0.1) & (alpha < 0.99)
        alone = clean_colours(photo, alpha, 255)
        for place in (soft, soft & shared):
            wrong, before = (
                np.abs(one[place].astype(float) - true[number][place]).mean() for one in (together[number], alone)
            )
            assert wrong < before
        assert np.abs(together[number][soft & shared] - true[number][soft & shared].astype(float)).mean() < 0.6 * before


def test_the_layers_explain_the_photo() -> None:
    photo, alphas, _ = shared_photo()
    together = (alphas[..., None] * estimated(photo, alphas)).sum(axis=0)
    assert np.abs(together - photo).max() < 6
    assert np.abs(together - photo).mean() < 0.5


def test_blocks_and_bands_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    photo, alphas, _ = shared_photo()
    whole = estimated(photo, alphas)
    monkeypatch.setattr(layer_colours, "BLOCK", 64)
    blocks = estimated(photo, alphas)
    seen = alphas > 0.1
    assert np.abs(whole.astype(int) - blocks).max(axis=-1)[seen].max() <= 3


def test_colours_go_on_beyond_the_outline_and_nowhere_else() -> None:
    photo, alphas, _ = shared_photo()
    for alpha, one in zip(alphas, soft_colours(photo, lambda rows: alphas[:, rows], alphas, 255), strict=True):
        kept = np.zeros(SIZE, bool)
        kept.ravel()[one.places] = True
        present = alpha >= 0.5 / 255
        near = cv2.dilate(present.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        assert np.array_equal(kept, near & (alpha <= 1 - 0.5 / 255))
        assert (np.diff(one.places) > 0).all()


def test_hard_and_missing_layers_and_tiny_photos() -> None:
    photo = np.full((3, 2, 3), 77, np.uint8)
    alphas = np.zeros((3, 3, 2), np.float32)
    alphas[0, :1], alphas[2, 1:] = 1, 1
    found = soft_colours(photo, lambda rows: alphas[:, rows], alphas, 255)
    assert found[1].places.size == 0
    assert (found[0].colours == 77).all()


def test_only_what_lies_near_an_outline_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    height, width = 1100, 1600
    y, x = np.mgrid[:height, :width].astype(np.float32)
    disc = np.clip((400 - np.hypot(x - 800, y - 550)) / 4 + 0.5, 0, 1)
    alphas = np.stack([disc, 1 - disc])
    photo = np.rint(alphas[0][..., None] * FLAT[0] + alphas[1][..., None] * FLAT[1]).astype(np.uint8)
    small = np.stack([cv2.resize(one, (320, 220), interpolation=cv2.INTER_AREA) for one in alphas])
    places: list[Rect] = []
    estimate = layer_colours._estimate

    def noted(pixels: np.ndarray, known: np.ndarray, coarse: np.ndarray, place: Rect, *rest: object) -> np.ndarray:
        places.append(place)
        return estimate(pixels, known, coarse, place, *rest)

    monkeypatch.setattr(layer_colours, "_estimate", noted)
    person, background = soft_colours(photo, lambda rows: alphas[:, rows], small, 255)
    assert len(places) > 8
    assert sum(place.area for place in places) < 0.7 * height * width
    for one, colour in ((person, FLAT[0]), (background, FLAT[1])):
        wrong = np.abs(one.colours - colour).max(axis=1)
        assert np.quantile(wrong, 0.99) < 12
        assert one.places.size > 2 * np.pi * 400 * 3
