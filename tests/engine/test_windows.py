"""Windows: they hold what they should, are not too large, and joining them does not cost more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatt_app.engine.windows import CELL, cells_of, windows_of


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.sampled_from([64, 128, 256, 512]))
def test_windows_hold_all_cells_and_stay_within_their_size(seed: int, share: float, longest: int) -> None:
    height, width = CELL // 2 + 7 * CELL, 9 * CELL
    cells = np.random.default_rng(seed).random((8, 9)) < share
    windows = windows_of(cells, height, width, longest, 24)
    held = np.zeros((height, width), np.uint8)
    for window in windows:
        held[window.slices] += 1
        assert max(window.width, window.height) <= longest
        assert all(edge % 8 == 0 for edge in (window.left, window.top, window.right, window.bottom))
    assert held.max(initial=0) <= 1
    assert held[np.kron(cells, np.ones((CELL, CELL), bool))[:height, :width]].all()
    assert len(windows) <= cells.sum()


def test_neighbours_are_joined_and_far_ones_are_not() -> None:
    cells = np.zeros((40, 40), bool)
    cells[2:5, 1:4] = cells[30, 30] = True
    size = 40 * CELL
    expected = [(CELL, CELL), (3 * CELL, 3 * CELL)]
    assert sorted((one.width, one.height) for one in windows_of(cells, size, size, 512, 24)) == expected


def test_rows_that_begin_apart_are_joined_though_they_are_longer_than_a_window() -> None:
    cells = np.zeros((9, 100), bool)
    for row in range(9):
        cells[row, row % 3 : 90 + row % 4] = True
    windows = windows_of(cells, 9 * CELL, 100 * CELL, 512, 36)
    assert len(windows) == -(-93 * CELL // 512)
    assert all(window.height == 9 * CELL for window in windows)


@pytest.mark.parametrize(("widen", "expected"), [(0, [(1, 1)]), (3, [(1, 1)]), (4, [(0, 1), (1, 1)])])
def test_cells_hold_an_area_and_so_many_pixels_around_it(widen: int, expected: list[tuple[int, int]]) -> None:
    area = np.zeros((2 * CELL + 5, 3 * CELL + 8), bool)
    area[CELL + 3, CELL + 7] = True
    cells = cells_of(area, widen)
    assert cells.shape == (3, 4)
    assert list(zip(*np.nonzero(cells), strict=True)) == expected
