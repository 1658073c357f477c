from hypothesis import given
from hypothesis import strategies as st

from instmatt_app.core.rect import Rect

numbers = st.integers(-50, 50)
rects = st.builds(lambda x, y, w, h: Rect.of_size(x, y, w, h), numbers, numbers, st.integers(0, 60), st.integers(0, 60))


def cells(rect: Rect) -> set[tuple[int, int]]:
    return {(x, y) for x in range(rect.left, rect.right) for y in range(rect.top, rect.bottom)}


@given(rects, rects)
def test_intersection_covers_what_both_cover(a: Rect, b: Rect) -> None:
    assert cells(a.intersect(b)) == cells(a) & cells(b)


@given(rects, rects)
def test_union_is_the_smallest_box_round_both(a: Rect, b: Rect) -> None:
    both = cells(a) | cells(b)
    union = a.union(b)
    assert both <= cells(union)
    if both:
        assert union.left == min(x for x, _ in both)
        assert union.bottom == max(y for _, y in both) + 1


@given(rects, st.integers(1, 40), st.integers(1, 40))
def test_clip_stays_inside(a: Rect, width: int, height: int) -> None:
    assert cells(a.clip(width, height)) == {(x, y) for x, y in cells(a) if 0 <= x < width and 0 <= y < height}


def test_grow_and_slices() -> None:
    assert Rect(2, 3, 5, 7).grow(1) == Rect(1, 2, 6, 8)
    assert Rect(2, 3, 5, 7).slices == (slice(3, 7), slice(2, 5))
    assert Rect(2, 3, 2, 7).is_empty
