from hypothesis import given
from hypothesis import strategies as st

from instmatt_app.ui.canvas.viewport import ZOOM_MAX, ZOOM_MIN, Viewport

places = st.floats(-2000, 2000)
zooms = st.floats(ZOOM_MIN, ZOOM_MAX)


@given(zooms, places, places, places, places)
def test_there_and_back(zoom: float, left: float, top: float, x: float, y: float) -> None:
    viewport = Viewport(zoom, left, top)
    there = viewport.to_widget(*viewport.to_photo(x, y))
    assert abs(there[0] - x) < 1e-6
    assert abs(there[1] - y) < 1e-6


@given(zooms, places, places, places, places, st.floats(0.01, 100))
def test_zooming_keeps_the_point_under_the_cursor(
    zoom: float, left: float, top: float, x: float, y: float, factor: float
) -> None:
    before = Viewport(zoom, left, top)
    after = before.zoomed(x, y, factor)
    assert ZOOM_MIN <= after.zoom <= ZOOM_MAX
    for old, new in zip(before.to_photo(x, y), after.to_photo(x, y), strict=True):
        assert abs(old - new) < 1e-6 * max(1, abs(old))


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 20000), st.integers(1, 20000))
def test_a_fitting_photo_is_in_the_middle_and_not_enlarged(width: int, height: int, pw: int, ph: int) -> None:
    viewport = Viewport.fitting(width, height, pw, ph)
    assert viewport.zoom <= 1
    middle = viewport.to_widget(pw / 2, ph / 2)
    assert abs(middle[0] - width / 2) < 1e-6 * width + 1e-6
    assert abs(middle[1] - height / 2) < 1e-6 * height + 1e-6


def test_panning_moves_the_photo_with_the_hand() -> None:
    assert Viewport(2, 10, 20).panned(6, -4) == Viewport(2, 7, 22)
