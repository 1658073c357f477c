import numpy as np
import pytest
from photos import drawn_people

from instmatt_app.core.interfaces import Cancelled, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import trimasks
from instmatt_app.core.trimatte import partition
from instmatt_app.engine.classical import BACKGROUND, FOREGROUND, UNKNOWN, ClosedForm, everyone, trimap_of


def rough(alpha: np.ndarray) -> np.ndarray:
    return (alpha >= 0.5).astype(np.float32)


def test_the_alphas_of_drawn_people_are_found() -> None:
    picture, truth = drawn_people(2)
    guidance = dict(enumerate(trimasks([rough(alpha) for alpha in truth])))
    mattes = ClosedForm(1280).matte(Photo(picture), guidance, silent)
    for person, alpha in enumerate(truth):
        matte = mattes[person]
        assert matte.shape == (3, *picture.shape[:2])
        assert matte.dtype == np.float32
        ours, raw = np.abs(matte[0] - alpha).mean(), np.abs(rough(alpha) - alpha).mean()
        assert ours < 0.3 * raw
    alphas = partition(list(mattes.values()))
    np.testing.assert_allclose(alphas.sum(axis=0), 1, atol=1e-5)


def test_touching_people_share_their_border() -> None:
    picture = np.zeros((60, 80, 3), np.uint8)
    picture[..., 2] = 200
    picture[10:50, 10:40] = (200, 40, 40)
    picture[10:50, 40:70] = (40, 180, 40)
    masks = np.zeros((2, 60, 80), np.float32)
    masks[0, 10:50, 10:38] = 1  # both masks miss the border by a little, on different sides
    masks[1, 10:50, 38:70] = 1
    mattes = ClosedForm(80).matte(Photo(picture), dict(enumerate(trimasks(list(masks)))), silent)
    alphas = partition(list(mattes.values()))
    assert alphas[0, 30, 39] > 0.8, "the red pixel that the second mask claimed is the first person's"
    assert alphas[1, 30, 39] < 0.2


def test_undecided_pixels_are_unknown_and_the_rest_is_known() -> None:
    tri = trimasks([np.zeros((20, 20), np.float32)], [np.zeros((20, 20), np.uint8)])[0]
    tri[0, :, :8], tri[2, :, :8] = 1, 0
    tri[:, 2:4, 15:17] = 0
    trimap = trimap_of(tri, 1, 3)
    assert (trimap[:, :7] == FOREGROUND).all()
    assert (trimap[:, 7:11] == UNKNOWN).all()
    assert (trimap[2:4, 15:17] == UNKNOWN).all()
    assert (trimap[6:, 11:] == BACKGROUND).all()


def test_everyone_is_the_sum_of_people() -> None:
    _, truth = drawn_people(3)
    together = everyone(dict(enumerate(trimasks([rough(alpha) for alpha in truth]))))
    np.testing.assert_array_equal(together[0], sum(rough(alpha) for alpha in truth))


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (3, 3)])
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_odd_photos_and_full_or_empty_masks_are_answered(shape: tuple[int, int], share: float) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (*shape, 3)).astype(np.uint8)
    mask = np.zeros(shape, np.float32)
    mask.ravel()[: round(share * mask.size)] = 1
    matte = ClosedForm(1280).matte(Photo(picture), {1: trimasks([mask])[0]}, silent)[1]
    assert np.isfinite(matte).all()
    assert matte.min() >= 0
    assert matte.max() <= 1


def test_a_flat_picture_is_answered() -> None:
    mask = np.zeros((40, 40), np.float32)
    mask[10:30, 10:30] = 1
    matte = ClosedForm(1280).matte(Photo(np.full((40, 40, 3), 90, np.uint8)), {1: trimasks([mask])[0]}, silent)[1]
    assert np.isfinite(matte).all()
    assert matte[0, 20, 20] == 1
    assert matte[0, 0, 0] == 0


def test_it_can_be_stopped_inside_the_solver() -> None:
    picture, truth = drawn_people(1)
    calls = 0

    def step(done: int, total: int, what: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        ClosedForm(1280).matte(Photo(picture), {1: trimasks([rough(truth[0])])[0]}, step)
    assert calls == 3


def test_refining_changes_nothing() -> None:
    photo = Photo(np.zeros((2, 2, 3), np.uint8))
    guidance = {1: trimasks([np.eye(2, dtype=np.float32)])[0]}
    engine = ClosedForm(64)
    assert engine.name == "closed-form@64"
    assert not engine.refines
    before = engine.matte(photo, guidance, silent)[1]
    np.testing.assert_array_equal(engine.refine(photo, guidance, Refinement(), silent)[1], before)
    (turn,) = engine.turns(photo, guidance, Refinement("cycle"), silent)
    np.testing.assert_array_equal(turn.mattes[1], before)
