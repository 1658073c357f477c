"""Edges: nothing at the defaults, the order of the steps, parts that equal the whole, and who gives way to whom."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from instmatt_app.core.detail import BACKGROUND, Detail, levels_of
from instmatt_app.core.edges import DEFAULT, LIMITS, Edge, EdgeError, detail_with_edges, shaped, with_edges
from instmatt_app.core.planes import TILE
from instmatt_app.core.rect import Rect

Alpha = NDArray[np.float32]


def settings_up_to(share: float) -> st.SearchStrategy[Edge]:
    """Any settings within this share of their ranges, often with some left alone."""
    return st.builds(
        Edge,
        **{
            name: st.just(0.0) | st.floats(least * share, most * (share if name != "contrast" else 1))
            for name, (least, most) in LIMITS.items()
        },
    )


def matte(seed: int, height: int = 60, width: int = 80) -> Alpha:
    """A soft blob with wiggles, holes and specks."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = np.arctan2(y - height / 2, x - width / 2)
    radius = height * 0.3 + 4 * np.sin(angle * rng.integers(3, 9))
    alpha = np.clip((radius - np.hypot(y - height / 2, x - width / 2)) / rng.uniform(0.5, 6) + 0.5, 0, 1)
    for _ in range(8):
        top, left, side = rng.integers(0, height - 6), rng.integers(0, width - 6), rng.integers(1, 6)
        alpha[top : top + side, left : left + side] = rng.uniform(0, 1)
    return alpha.astype(np.float32)


def partition_of(seed: int, people: int = 3) -> Alpha:
    alphas = np.stack([matte(seed + number) for number in range(people)])
    alphas /= np.maximum(alphas.sum(axis=0), 1)
    return np.concatenate([alphas, np.maximum(1 - alphas.sum(axis=0, keepdims=True), 0)]).astype(np.float32)


def disc(radius: float, side: int = 61) -> Alpha:
    y, x = np.mgrid[:side, :side] - side // 2
    return (np.hypot(y, x) <= radius).astype(np.float32)


def test_the_defaults_change_nothing_to_the_bit() -> None:
    alphas = partition_of(0)
    assert with_edges(alphas, [Edge(), Edge(0, -0.0), DEFAULT]) is alphas
    own = alphas[0]
    assert shaped(own, Edge()) is own


def test_equal_settings_have_one_name() -> None:
    assert repr(Edge(shift=3, feather=0)) == repr(Edge(shift=3.0, feather=-0.0))


@pytest.mark.parametrize(("name", "value"), [("shift", 20.5), ("shift", -21), ("contrast", 101), ("feather", -1)])
def test_settings_out_of_range_are_refused_with_a_sentence(name: str, value: float) -> None:
    with pytest.raises(EdgeError, match=rf"{name} is .*; it goes from"):
        Edge(**{name: value})
    with pytest.raises(EdgeError, match="feather is nan"):
        Edge(feather=float("nan"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 50), settings_up_to(0.4), st.floats(0.1, 1))
def test_alphas_stay_alphas(seed: int, edge: Edge, scale: float) -> None:
    made = shaped(matte(seed), edge, scale)
    assert made.dtype == np.float32
    assert 0 <= made.min() <= made.max() <= 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 50), st.floats(-12, 12), st.floats(0, 6), st.floats(0.1, 1))
def test_more_shift_is_never_less_alpha(seed: int, shift: float, more: float, scale: float) -> None:
    alpha = matte(seed)
    less = shaped(alpha, Edge(shift=shift), scale)
    assert (shaped(alpha, Edge(shift=min(shift + more, 20)), scale) >= less).all()


@pytest.mark.parametrize("shift", [-6.0, -2.5, 0.5, 4.0])
def test_a_shift_moves_the_outline_by_that_many_pixels(shift: float) -> None:
    moved = shaped(disc(15), Edge(shift=shift))
    row = moved[30]
    assert row.sum() == pytest.approx(31 + 2 * shift, abs=1e-4)
    half = shaped(disc(15), Edge(shift=2 * shift), 0.5)
    np.testing.assert_allclose(half, moved, atol=1e-6)


def test_a_straight_soft_edge_is_moved_as_it_is_and_smoothing_leaves_it() -> None:
    ramp = np.broadcast_to(np.clip((np.arange(60) - 20) / 12, 0, 1).astype(np.float32), (40, 60)).copy()
    np.testing.assert_array_equal(shaped(ramp, Edge(shift=5))[:, :50], ramp[:, 5:55])
    np.testing.assert_array_equal(shaped(ramp, Edge(smooth=4)), ramp)


def test_smoothing_takes_wiggles_away() -> None:
    y, x = np.mgrid[:80, :120]
    wavy = (y > 40 + 4 * np.sin(x)).astype(np.float32)
    edge = shaped(wavy, Edge(smooth=6)).sum(axis=0)[10:-10]
    assert np.ptp(wavy.sum(axis=0)) >= 7
    assert np.ptp(edge) <= 2


def test_feather_spreads_a_hard_edge_by_its_standard_deviation() -> None:
    step = np.broadcast_to((np.arange(80) >= 40).astype(np.float32), (60, 80)).copy()
    slope = np.diff(shaped(step, Edge(feather=4))[30])
    centre = (slope * np.arange(79)).sum()
    assert slope.sum() == pytest.approx(1, abs=1e-5)
    assert np.sqrt((slope * (np.arange(79) - centre) ** 2).sum()) == pytest.approx(4, rel=0.03)


def test_contrast_makes_steeper_and_at_last_hard() -> None:
    ramp = np.linspace(0, 1, 11, dtype=np.float32)[None].repeat(3, 0)
    half = shaped(ramp, Edge(contrast=50))[0]
    np.testing.assert_allclose(half, np.clip(2 * ramp[0] - 0.5, 0, 1), atol=1e-6)
    np.testing.assert_array_equal(shaped(ramp, Edge(contrast=100))[0], (ramp[0] >= 0.5))


def test_holes_and_specks_go_by_their_size() -> None:
    alpha = disc(20)
    alpha[28:33, 28:33] = 0.2  # a hole of 5 × 5
    alpha[20:22, 25:36] = 0  # one of 2 × 11
    alpha[2:5, 2:6] = 0.7  # a speck of 3 × 4
    alpha[5, 2] = 0.04  # its faint rim
    filled = shaped(alpha, Edge(fill_holes=5))
    assert (filled[28:33, 28:33] == 1).all()
    assert (filled[20:22, 25:36] == 0).all()
    assert filled[3, 3] == np.float32(0.7)
    clean = shaped(alpha, Edge(drop_specks=4))
    assert not clean[:8, :8].any()
    assert (clean[8:] == alpha[8:]).all()
    assert (shaped(alpha, Edge(drop_specks=3))[:8] == alpha[:8]).all()
    assert (shaped(alpha, Edge(fill_holes=11, drop_specks=4))[18:43, 18:43] >= disc(20)[18:43, 18:43]).all()


def test_what_is_open_to_the_pictures_edge_is_no_hole() -> None:
    alpha = np.ones((20, 30), np.float32)
    alpha[10:, 12:16] = 0
    alpha[3:6, 3:6] = 0
    filled = shaped(alpha, Edge(fill_holes=100))
    assert (filled[10:, 12:16] == 0).all()
    assert (filled[3:6, 3:6] == 1).all()


def test_the_steps_come_in_their_order() -> None:
    # Contrast comes last: whatever was feathered, nothing is left between.
    assert set(np.unique(shaped(matte(1), Edge(feather=5, contrast=100)))) == {0, 1}
    # Holes are filled before the outline moves in, or they would have grown, and specks go before it moves out.
    alpha = disc(20)
    alpha[28:33, 28:33] = 0
    alpha[2:5, 2:6] = 1
    made = shaped(alpha, Edge(fill_holes=5, drop_specks=4, shift=-3))
    np.testing.assert_array_equal(made, shaped(disc(20), Edge(shift=-3)))
    # Smoothing comes before moving: a wiggle that is smoothed away is not moved.
    wavy = matte(3)
    np.testing.assert_array_equal(
        shaped(wavy, Edge(smooth=3, shift=2)), shaped(shaped(wavy, Edge(smooth=3)), Edge(shift=2))
    )
    np.testing.assert_array_equal(
        shaped(wavy, Edge(shift=2, feather=2)), shaped(shaped(wavy, Edge(shift=2)), Edge(feather=2))
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30), settings_up_to(0.12), st.floats(0.3, 1), st.integers(0, 40), st.integers(0, 50))
def test_a_window_equals_the_whole(seed: int, edge: Edge, scale: float, top: int, left: int) -> None:
    alpha = matte(seed, 120, 150)
    whole = shaped(alpha, edge, scale)
    inner = Rect.of_size(left, top, 70, 60)
    area = inner.grow(edge.reach(scale)).clip(150, 120)
    frame = (area.top == 0, area.left == 0, area.bottom == 120, area.right == 150)
    part = shaped(np.ascontiguousarray(alpha[area.slices]), edge, scale, frame)[inner.within(area).slices]
    # Only rounding may differ, which contrast makes larger.
    steep = 100 / (100.001 - edge.contrast)
    differs = np.abs(part - whole[inner.slices])
    assert (differs > 1e-5 * steep).mean() < (1e-3 if edge.contrast > 99 else 1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.lists(settings_up_to(0.3), min_size=3, max_size=3), st.floats(0.2, 1))
def test_everybody_goes_on_adding_up_to_one(seed: int, edges: list[Edge], scale: float) -> None:
    alphas = partition_of(seed)
    made = with_edges(alphas, edges, scale)
    assert made.min() >= 0
    np.testing.assert_allclose(made.sum(axis=0), 1, atol=2e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), settings_up_to(0.5))
def test_who_has_no_settings_never_changes(seed: int, edge: Edge) -> None:
    alphas = partition_of(seed)
    made = with_edges(alphas, [DEFAULT, edge, DEFAULT])
    assert made[0].tobytes() == alphas[0].tobytes()
    assert made[2].tobytes() == alphas[2].tobytes()
    same = (made[1] == alphas[1]) & (shaped(alphas[1], edge) == alphas[1])
    assert (made[3][same] == alphas[3][same]).all()


def test_the_line_between_two_who_both_grow_stays() -> None:
    left = np.zeros((40, 60), np.float32)
    left[10:30, 10:30] = 1
    right = left[:, ::-1]
    alphas = np.stack([left, right, 1 - left - right])
    made = with_edges(alphas, [Edge(shift=4)] * 2)
    assert (made[0][10:30, :30] == 1).sum() == 20 * 24
    assert (made[0][10:30, 30:] == 0).all()
    grown_alone = with_edges(alphas, [Edge(shift=4), DEFAULT])
    assert (grown_alone[1] == right).all()
    assert (grown_alone[0][10:30, 30:] == 0).all()


def test_detail_is_shaped_at_the_photos_resolution() -> None:
    height, width = 700, 900
    y, x = np.mgrid[:height, :width].astype(np.float32)
    fine = np.clip(240 - np.hypot(y - 350, x - 450) + 3 * np.sin(x / 3), 0, 1).astype(np.float32)
    small = np.stack([fine[::4, ::4], 1 - fine[::4, ::4]])
    tiles: dict[tuple[int, int], dict[int | None, NDArray[np.uint16]]] = {}
    for row in range(3):
        for column in range(4):
            part = fine[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
            if 0 < part.mean() < 1:
                tiles[row, column] = {7: levels_of(part), BACKGROUND: levels_of(1 - part)}
    detail = Detail(height, width, tiles, 5)
    edge = Edge(shift=-3, feather=1.5)
    made = detail_with_edges(detail, small, [7], [edge], lambda done, total: None)
    shown = np.kron(with_edges(small, [edge], 0.25)[0], np.ones((4, 4), np.float32))[:height, :width].copy()
    made.lay(7, Rect(0, 0, width, height), shown)
    np.testing.assert_allclose(shown, shaped(fine, edge), atol=1e-4)
    assert made.windows == 5
    assert detail_with_edges(detail, small, [7], [DEFAULT], lambda done, total: None) is detail


def test_a_neighbours_detail_is_left_alone() -> None:
    plane = levels_of(np.full((200, 200), 0.25, np.float32))
    detail = Detail(
        200, 200, {(0, 0): {1: plane, 2: plane, BACKGROUND: levels_of(np.full((200, 200), 0.5, np.float32))}}
    )
    small = np.stack([np.full((50, 50), share, np.float32) for share in (0.25, 0.25, 0.5)])
    made = detail_with_edges(detail, small, [1, 2], [DEFAULT, Edge(contrast=100)], lambda done, total: None)
    assert made.tiles[0, 0][1] is plane
    assert not made.tiles[0, 0][2].any()
    assert (made.tiles[0, 0][BACKGROUND] == levels_of(np.array([0.75], np.float32))).all()


def test_every_setting_has_limits() -> None:
    assert set(LIMITS) == set(asdict(DEFAULT))
