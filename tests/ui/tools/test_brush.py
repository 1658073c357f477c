import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from instmatt_app.core.hints import Hint
from instmatt_app.core.rect import Rect
from instmatt_app.ui.tools.brush import RADIUS_MAX, RADIUS_MIN, BrushSettings, drawn_line, filled, opposite

points = st.tuples(st.floats(-50, 150), st.floats(-50, 120))


@settings(deadline=None)
@given(st.lists(points, min_size=1, max_size=6), st.integers(1, 40))
def test_a_stroke_covers_what_is_near_its_line(line: list[tuple[float, float]], radius: int) -> None:
    area, where = drawn_line(line, radius, 100, 70)
    assert area.clip(100, 70) == area
    assert where.shape == (area.height, area.width)
    whole = np.zeros((70, 100), bool)
    whole[area.slices] = where
    y, x = np.mgrid[:70, :100] + 0.5
    distance = np.full((70, 100), np.inf)
    for (x0, y0), (x1, y1) in zip(line, [*line[1:], line[-1]], strict=True):
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1) if length else 0
        distance = np.minimum(distance, np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)))
    assert whole[distance < radius - 1.5].all()
    assert not whole[distance > radius + 1.5].any()


def test_a_stroke_outside_the_photo_touches_nothing() -> None:
    area, where = drawn_line([(-90.0, -90.0)], 5, 100, 70)
    assert area.is_empty
    assert where.size == 0


def test_a_lasso_fills_its_inside() -> None:
    area, where = filled([(10.0, 10.0), (40.0, 10.0), (40.0, 30.0), (10.0, 30.0)], 100, 70)
    whole = np.zeros((70, 100), bool)
    whole[area.slices] = where
    assert whole[11:29, 11:39].all()
    assert abs(int(whole.sum()) - 30 * 20) <= 2 * (30 + 20) + 4
    assert area.intersect(Rect(0, 0, 9, 9)).is_empty


def test_settings_swap_reset_and_stay_in_range(qtbot: QtBot) -> None:
    brush = BrushSettings()
    brush.choose(Hint.UNDECIDED)
    brush.swap()
    assert (brush.hint, brush.before) == (Hint.THIS_PERSON, Hint.UNDECIDED)
    brush.reset()
    assert (brush.hint, brush.before) == (Hint.THIS_PERSON, Hint.NOT_THIS_PERSON)
    brush.set_radius(10_000)
    assert brush.radius == RADIUS_MAX
    brush.set_radius(0)
    assert brush.radius == RADIUS_MIN
    with qtbot.waitSignal(brush.changed):
        brush.resize(1)
    assert brush.radius == 2


@pytest.mark.parametrize("hint", [hint for hint in Hint if hint is not Hint.NONE])
def test_the_opposite_of_for_is_against(hint: Hint) -> None:
    assert opposite(hint) is (Hint.NOT_THIS_PERSON if hint is Hint.THIS_PERSON else Hint.THIS_PERSON)
