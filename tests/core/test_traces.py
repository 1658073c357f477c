"""Traces: what does not hang together with a person goes, what does stays, and everything still adds up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from instmatt_app.core.traces import without_traces
from instmatt_app.core.trimatte import Alphas, project_to_simplex

SIZE = 24


def scene() -> tuple[Alphas, dict[int, np.ndarray]]:
    """Two people, the first with a hair that leaves the mask, a mark on the second and one on the background."""
    alphas = np.zeros((3, SIZE, SIZE), np.float32)
    alphas[0, 4:20, 2:8] = 1
    alphas[0, 6, 8:12] = 0.3  # a hair
    alphas[0, 10, 16] = 0.25  # on the second person
    alphas[0, 22, 22] = 0.1  # on the background
    alphas[1, 8:16, 14:20] = 1 - alphas[0, 8:16, 14:20]
    alphas[2] = 1 - alphas[:2].sum(axis=0)
    masks = [np.zeros((SIZE, SIZE), np.float32) for _ in range(2)]
    masks[0][5:19, 3:7] = masks[1][9:15, 15:19] = 1
    trimasks = [np.stack([own, other, 1 - own - other]) for own, other in (masks, masks[::-1])]
    return alphas, dict(enumerate(trimasks))


def test_marks_elsewhere_go_and_hair_stays() -> None:
    alphas, trimasks = scene()
    before = alphas.copy()
    clean = without_traces(alphas, trimasks)
    assert np.array_equal(alphas, before)
    wanted = alphas.copy()
    wanted[:, 10, 16] = 0, 1, 0
    wanted[:, 22, 22] = 0, 0, 1
    np.testing.assert_allclose(clean, wanted, atol=1e-6)


def test_a_haze_that_begins_at_the_person_ends_near_them_and_an_interrupted_strand_stays_whole() -> None:
    alphas = np.zeros((2, 96, 96), np.float32)
    alphas[0, 50:80] = 0.05  # a haze from the person to the edge
    alphas[0, 50:80, :20] = 1
    alphas[0, 60:62, 90] = 0.4  # in it, something that is not the person
    alphas[0, 30, 10:40:5] = alphas[0, 31:50, 10] = 0.3  # a strand that shows every fifth pixel
    alphas[1] = 1 - alphas[0]
    own = np.zeros((96, 96), np.float32)
    own[52:78, :18] = 1
    clean = without_traces(alphas, {0: np.stack([own, np.zeros_like(own), 1 - own])})[0]
    wanted = alphas[0].copy()
    wanted[50:80, 36:] = 0
    np.testing.assert_allclose(clean, wanted, atol=1e-6)


def test_what_was_left_undecided_is_a_person_s_own() -> None:
    alphas, trimasks = scene()
    trimasks[0][:, 21:24, 21:24] = 0
    assert without_traces(alphas, trimasks)[0, 22, 22] == alphas[0, 22, 22]


def test_nothing_changes_where_there_is_nothing_to_remove_or_no_mask_to_go_by() -> None:
    alphas, trimasks = scene()
    nobody = {place: np.stack([np.zeros_like(tri[0]), tri[1], np.ones_like(tri[0])]) for place, tri in trimasks.items()}
    assert without_traces(alphas, nobody) is alphas
    assert without_traces(alphas, {1: trimasks[1]}) is alphas, "of the first, nothing is known"
    clean = without_traces(alphas, trimasks)
    assert without_traces(clean, trimasks) is clean


@given(arrays(np.float32, (3, 8, 8), elements=st.floats(0, 1, width=32)), arrays(np.bool_, (8, 8)))
def test_everything_adds_up_and_nobody_loses_their_mask(values: Alphas, mask: np.ndarray) -> None:
    alphas = project_to_simplex(values)
    own = mask.astype(np.float32)
    trimask = np.stack([own, np.zeros_like(own), 1 - own])
    clean = without_traces(alphas, {0: trimask, 1: trimask})
    np.testing.assert_allclose(clean.sum(axis=0), 1, atol=1e-5)
    assert clean.min() >= 0
    assert (clean[:-1][:, mask] >= alphas[:-1][:, mask] - 1e-6).all()
