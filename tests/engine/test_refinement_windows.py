"""Refinement where it is known who may still change: windows without gaps, and nothing moves that is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from golden_rule import fill, scene
from torch import Tensor

from instmatt_app.core.interfaces import silent
from instmatt_app.engine.multi_instance import (
    BORDER,
    ERROR,
    REACH,
    Scene,
    State,
    cycle,
    find_windows,
    parallel,
    survey,
)
from instmatt_app.engine.network.refiner import Refiner

HEIGHT, WIDTH = 136, 296


@pytest.fixture(scope="module")
def refiner() -> Refiner:
    made = Refiner().eval().requires_grad_(False)
    fill(made, prefix="refiner.")
    return made


@pytest.fixture(scope="module")
def people() -> tuple[Tensor, Tensor, Tensor]:
    """Tri-mattes, features and image of three people side by side."""
    trimattes, feature, image = (torch.from_numpy(array) for array in scene(3, HEIGHT, WIDTH, 0.3))
    return trimattes, feature, image


def bands() -> Tensor:
    """Where each of the three may change: a strip of their own, all but the third's overlapping the next one's."""
    free = torch.zeros(3, HEIGHT, WIDTH, dtype=torch.bool)
    free[0, :, 20:90] = free[1, 30:100, 70:160] = free[2, 40:80, 200:280] = True
    return free


def surveyed(refiner: Refiner, people: tuple[Tensor, Tensor, Tensor], free: Tensor, patch: int = 64) -> Scene:
    found = survey(refiner, *people, patch=patch, free=free)
    assert found.members == (0, 1, 2)
    return found


def states(found: Scene, people: tuple[Tensor, Tensor, Tensor], strategy: str) -> Iterator[State]:
    start = State.start(people[0])
    return parallel(found, start, silent) if strategy == "parallel" else cycle(found, start, [2, 0, 1], silent)


def test_windows_cover_what_is_wrong_and_free_once() -> None:
    torch.manual_seed(0)
    error, free = torch.rand(HEIGHT, WIDTH) * 2 * ERROR, torch.rand(HEIGHT, WIDTH) > 0.999
    boxes = find_windows(error, free, 128)
    assert len(boxes) > 1
    assert [box.score for box in boxes] == sorted((box.score for box in boxes), reverse=True)
    times = torch.zeros(HEIGHT, WIDTH)
    for box in boxes:
        times[box.inner] += 1
        assert max(box.written.width, box.written.height) <= 128
        assert box.area == box.written.grow(REACH).clip(WIDTH, HEIGHT)
    assert times.max() == 1
    middle = (slice(BORDER, -BORDER), slice(BORDER, -BORDER))
    assert (times[middle][(free & (error > ERROR))[middle]] == 1).all()
    times[middle] = 0
    assert not times.any(), "the border of the photo is written"


@pytest.mark.parametrize("error", [0.0, 1.0])
def test_there_are_no_windows_where_nothing_is_wrong_or_nobody_may_change(error: float) -> None:
    free = torch.full((HEIGHT, WIDTH), error == 0)
    assert find_windows(torch.full((HEIGHT, WIDTH), error), free, 128) == []


def test_a_window_says_what_a_patch_says_there(refiner: Refiner, people: tuple[Tensor, Tensor, Tensor]) -> None:
    free = torch.zeros(3, HEIGHT, WIDTH, dtype=torch.bool)
    free[:, 64:128, 64:192] = True
    found = surveyed(refiner, people, free, 128)
    assert len(found.boxes) == 1
    first = list(states(found, people, "parallel"))[1].trimattes
    everywhere = refiner(people[0], people[1], people[2])
    inside = torch.zeros(HEIGHT, WIDTH, dtype=torch.bool)
    inside[found.boxes[0].inner] = True
    torch.testing.assert_close(first[..., inside & free[0]], everywhere[..., inside & free[0]], atol=1e-5, rtol=0)


@pytest.mark.parametrize("strategy", ["parallel", "cycle"])
def test_only_what_is_free_changes(refiner: Refiner, people: tuple[Tensor, Tensor, Tensor], strategy: str) -> None:
    free = bands()
    *_, last = states(surveyed(refiner, people, free), people, strategy)
    changed = (last.trimattes != people[0]).any(dim=1)
    assert not changed[~free].any()
    for person in range(3):
        assert changed[person].any()


@pytest.mark.parametrize("strategy", ["parallel", "cycle"])
def test_who_is_known_everywhere_stays_and_is_heard(
    refiner: Refiner, people: tuple[Tensor, Tensor, Tensor], strategy: str
) -> None:
    free = bands()
    free[2] = False
    *_, last = states(surveyed(refiner, people, free), people, strategy)
    assert torch.equal(last.mattes[2], people[0][2])
    features = people[1].clone()
    features[2] *= -1
    other = (people[0], features, people[2])
    *_, last_of_other = states(surveyed(refiner, other, free), other, strategy)
    assert (last_of_other.mattes[0] - last.mattes[0]).abs().max() > 1e-3


def test_a_cycle_starts_again_from_any_step(refiner: Refiner, people: tuple[Tensor, Tensor, Tensor]) -> None:
    # Turns pass over windows in which their person is known, so that sums of different ages are kept.
    found = surveyed(refiner, people, bands())
    whole = list(states(found, people, "cycle"))
    assert len(whole) == 7
    for state in whole[1::2]:
        *_, last = cycle(found, state, [2, 0, 1], silent)
        torch.testing.assert_close(last.trimattes, whole[-1].trimattes, atol=1e-5, rtol=0)


def test_the_order_of_the_list_does_not_matter(refiner: Refiner, people: tuple[Tensor, Tensor, Tensor]) -> None:
    trimattes, feature, image = people
    shuffle, free = [2, 0, 1], bands()
    *_, one = states(surveyed(refiner, people, free), people, "parallel")
    shuffled = (trimattes[shuffle], feature[shuffle], image)
    *_, other = states(surveyed(refiner, shuffled, free[shuffle]), shuffled, "parallel")
    torch.testing.assert_close(other.trimattes, one.trimattes[shuffle], atol=1e-4, rtol=0)
