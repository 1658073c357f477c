"""Layers in normal blending give the photo back within half a level, whatever the estimates were."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instmatt_app.core.recompose import solve_colours, stack_alphas, weights


def partition(rng: np.random.Generator, people: int, height: int, width: int) -> np.ndarray:
    """Alphas of people and background that add up to one, with pixels that are certain and pixels that are shared."""
    raw = rng.random((people + 1, height, width)) ** rng.choice([0.2, 1, 8], (1, height, width))
    certain = rng.random((height, width)) < 0.3
    raw[:, certain] = np.eye(people + 1)[rng.integers(0, people + 1, certain.sum())].T
    return (raw / raw.sum(axis=0)).astype(np.float32)


def blended(colours: list[np.ndarray], stack: list[np.ndarray]) -> np.ndarray:
    """An independent compositor: from the bottom up, each layer over what is below, in double precision."""
    below = colours[-1].astype(np.float64)
    for colour, alpha in reversed(list(zip(colours, stack, strict=False))):
        opacity = (alpha / np.float64(np.iinfo(alpha.dtype).max))[..., None]
        below = colour * opacity + below * (1 - opacity)
    return below


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    people=st.integers(1, 6),
    dtype=st.sampled_from([np.uint8, np.uint16]),
)
def test_the_layers_give_the_photo_back(seed: int, people: int, dtype: type) -> None:
    rng = np.random.default_rng(seed)
    alphas = partition(rng, people, 9, 11)
    top = np.iinfo(dtype).max
    photo = rng.integers(0, top, (9, 11, 3), dtype, endpoint=True)
    # The worst estimates there are: anything, and often the ends of the range.
    colours = [rng.choice([0, top, top // 3], (9, 11, 3)).astype(dtype) for _ in range(people + 1)]
    stack = list(stack_alphas(alphas[:-1], dtype))
    solve_colours(photo, colours, stack)
    assert np.abs(blended(colours, stack) - photo).max() <= 0.51 + (top > 255) * 0.05


@given(seed=st.integers(0, 2**32 - 1), people=st.integers(1, 6))
def test_the_weights_are_those_of_the_partition(seed: int, people: int) -> None:
    alphas = partition(np.random.default_rng(seed), people, 5, 7)
    stack = list(stack_alphas(alphas[:-1], np.uint16))
    seen = weights(stack)
    assert np.allclose(seen.sum(axis=0), 1, atol=1e-5)
    # Each layer is rounded for itself, so nobody is further off than its own rounding.
    assert np.abs(seen - alphas).max() <= (people + 1) / 65535


def test_colours_that_fit_are_left_alone() -> None:
    rng = np.random.default_rng(3)
    alphas = partition(rng, 2, 6, 6)
    stack = list(stack_alphas(alphas[:-1], np.uint8))
    colours = [rng.integers(0, 256, (6, 6, 3)).astype(np.uint8) for _ in range(3)]
    photo = np.rint(blended(colours, stack)).astype(np.uint8)
    before = [colour.copy() for colour in colours]
    solve_colours(photo, colours, stack)
    mixed = weights(stack).max(axis=0) < 1
    for old, new in zip(before, colours, strict=True):
        assert np.abs(old[mixed].astype(int) - new[mixed]).max() <= 1


def test_one_person_alone_shows_the_photo_itself() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (4, 4, 3)).astype(np.uint8)
    colours = [np.zeros_like(photo), np.zeros_like(photo)]
    (alpha,) = stack_alphas([np.ones((4, 4), np.float32)], np.uint8)
    solve_colours(photo, colours, [alpha])
    assert np.array_equal(colours[0], photo)
    assert not colours[1].any()


def test_nothing_is_left_for_people_below_an_opaque_one() -> None:
    opaque = np.ones((2, 2), np.float32)
    stack = list(stack_alphas([opaque, np.zeros_like(opaque)], np.uint8))
    assert stack[0].min() == 255
    assert stack[1].max() == 0


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_stack_alphas_are_of_the_asked_depth(dtype: type) -> None:
    (alpha,) = stack_alphas([np.full((2, 3), 0.5, np.float32)], dtype)
    assert alpha.dtype == dtype
    assert alpha[0, 0] == np.rint(np.iinfo(dtype).max / 2)
