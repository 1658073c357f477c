import numpy as np

from instmatt_app.core.hints import Hint
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.trimap import guidance_of, is_trimap, trimap_of


def test_what_is_soft_or_near_an_outline_is_unknown() -> None:
    alpha = np.zeros((60, 90), np.float32)
    alpha[10:50, 10:50] = 1
    alpha[10:50, 50:53] = 0.5
    trimap = trimap_of(alpha, 4)
    assert set(np.unique(trimap)) == {0, 128, 255}
    assert trimap[30, 30] == 255
    assert (trimap[30, 46:57] == 128).all()
    assert trimap[30, 60] == 0
    assert trimap[30, 12] == 128  # beside a hard outline
    assert is_trimap(TilePlane.of(trimap))


def test_a_trimap_becomes_a_mask_and_strokes() -> None:
    trimap = TilePlane.of(np.array([[0, 100, 255]], np.uint8))
    assert is_trimap(trimap)
    mask, hints = guidance_of(trimap)
    assert mask.full().tolist() == [[0, 0, 255]]
    assert hints.full().tolist() == [[Hint.NOT_THIS_PERSON, Hint.UNDECIDED, Hint.THIS_PERSON]]


def test_a_mask_is_no_trimap() -> None:
    assert not is_trimap(TilePlane.of(np.array([[0, 255]], np.uint8)))
    assert not is_trimap(TilePlane.of(np.array([[0, 20, 255]], np.uint8)))
    assert not is_trimap(TilePlane.of(np.arange(256, dtype=np.uint8)[None]))
