"""Windows cover a picture, agree everywhere on who answers for how much, and keep away from their own edges."""

import numpy as np
import pytest

from instmatt_app.core.rect import Rect
from instmatt_app.core.windows import windows


@pytest.mark.parametrize("size", [(1, 1), (60, 64), (64, 65), (100, 333), (257, 90), (1000, 64)])
def test_weights_add_up_to_one_and_windows_stay_inside(size: tuple[int, int]) -> None:
    height, width = size
    total = np.zeros(size, np.float32)
    rows = []
    for window in windows(height, width, side=64, ramp=8, guard=4):
        assert window.area.clip(width, height) == window.area
        assert max(window.area.width, window.area.height) <= 64
        near = window.support.grow(4).clip(width, height)
        assert near.intersect(window.area) == near, "the guard is kept, but for the edge of the picture"
        assert window.weights().min() > 0
        total[window.support.slices] += window.weights()
        assert window.support.within(window.area) == Rect(
            window.inner[1].start, window.inner[0].start, window.inner[1].stop, window.inner[0].stop
        )
        rows.append((window.row, window.support.top))
    np.testing.assert_allclose(total, 1, atol=1e-6)
    assert rows == sorted(rows)
    assert len({top for _, top in rows}) == len({row for row, _ in rows})


def test_windows_without_room_are_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        next(windows(100, 100, side=64, ramp=16, guard=16))
