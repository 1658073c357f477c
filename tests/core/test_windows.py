"""Windows hold what is wanted, agree everywhere on who answers for how much, and keep away from their own edges."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instmatt_app.core.rect import Rect
from instmatt_app.core.trimatte import enlarged
from instmatt_app.core.windows import gathered, windows

SIDE, RAMP, GUARD = 64, 8, 4


def scattered(seed: int, height: int, width: int, share: float) -> np.ndarray:
    """A thin line and single pixels: bool (height, width)."""
    rng = np.random.default_rng(seed)
    plane = (rng.random((height, width)) < share).astype(np.uint8)
    (x, y), (a, b) = rng.integers(0, [width, height], (2, 2)).tolist()
    return cv2.line(plane, (x, y), (a, b), 1) > 0


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 80), st.integers(1, 80)),
    st.floats(1, 6),
    st.sampled_from([0, 0.002, 0.05, 1]),
)
def test_shares_add_up_to_one_where_something_is_wanted(
    seed: int, small: tuple[int, int], by: float, share: float
) -> None:
    wanted = scattered(seed, *small, share)
    height, width = (int(size * by) for size in small)
    near = enlarged(wanted.astype(np.float32), height, width, Rect(0, 0, width, height)) > 0
    total = np.zeros((height, width), np.float32)
    cores = np.zeros((height, width), np.uint8)
    made = windows(wanted, height, width, SIDE, RAMP, GUARD)
    for window in made:
        assert window.area.clip(width, height) == window.area
        assert max(window.area.width, window.area.height) <= SIDE
        seen = window.support.grow(GUARD).clip(width, height)
        assert seen.intersect(window.area) == seen, "the guard is kept, but for the edge of the picture"
        part = window.share(made)
        assert part.shape == (window.support.height, window.support.width)
        total[window.support.slices] += part
        cores[window.core.slices] += 1
        rows, columns = window.inner
        assert (rows.stop - rows.start, columns.stop - columns.start) == part.shape
    np.testing.assert_allclose(total[near], 1, atol=1e-5)
    assert total.max() < 1 + 1e-5
    assert cores.max() <= 1
    tops = [window.support.top for window in made]
    assert tops == sorted(tops)


def test_nothing_wanted_needs_no_window() -> None:
    assert windows(np.zeros((9, 9), bool), 90, 90, SIDE, RAMP, GUARD) == []


def test_shares_have_no_steps_where_something_is_wanted() -> None:
    wanted = scattered(3, 60, 60, 0.02)
    made = windows(wanted, 240, 240, SIDE, RAMP, GUARD)
    near = enlarged(wanted.astype(np.float32), 240, 240, Rect(0, 0, 240, 240)) > 0
    assert len(made) > 20
    for window in made:
        plane = np.zeros((240, 240), np.float32)
        plane[window.support.slices] = window.share(made)
        for axis in (0, 1):
            both = np.minimum(near, np.roll(near, -1, axis))[:-1, :-1]
            assert np.abs(np.diff(plane, axis=axis)[: len(both), : both.shape[1]])[both].max() < 2.5 / RAMP


def test_windows_lie_close_round_a_line() -> None:
    wanted = np.zeros((400, 600), bool)
    wanted[203] = True
    made = windows(wanted, 4000, 6000, 1024, 128, 64)
    assert len(made) == 8
    for window in made:
        assert window.area.height == 256
        assert window.area.width == 1024 or window.area.left == 0 or window.area.right == 6000
        assert window.support.height <= 48
    diagonal = windows(np.eye(1000, dtype=bool), 6000, 6000, 1024, 128, 64)
    # A grid of windows of the full side would read 22 × 1024 × 1024.
    assert sum(window.area.area for window in diagonal) < 9e6


def test_long_rows_are_cut_where_it_costs_least() -> None:
    # Rows that begin apart: cut at common columns, three rectangles hold them.
    steps = np.zeros((9, 100), bool)
    for row in range(9):
        steps[row, row % 3 : 90 + row % 4] = True
    # A block across such a column: cut from where it begins, it stays whole.
    block = np.zeros((9, 100), bool)
    block[2:7, 20:44] = True
    assert len(gathered(steps, 32, 4.5)) == 3
    assert gathered(block, 32, 4.5) == [Rect(20, 2, 44, 7)]


def test_windows_without_room_are_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        windows(np.ones((100, 100), bool), 100, 100, side=64, ramp=16, guard=20)
