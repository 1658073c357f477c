"""Multi-instance refinement: the published numbers, and what must hold for parallel and for cycle refinement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from golden_rule import checksums, differences, error_of, fill, golden, scene
from numpy.typing import NDArray
from torch import Tensor

from instmatt_app.core.interfaces import silent
from instmatt_app.engine.multi_instance import (
    BORDER,
    Box,
    Scene,
    State,
    cycle,
    error_map,
    find_boxes,
    find_duplicates,
    parallel,
    patch_side,
    survey,
)
from instmatt_app.engine.network.refiner import Refiner

NUMBERS = golden("golden_refiner")
CASES = sorted(name.removesuffix("/params") for name in NUMBERS if name.endswith("/params"))


@pytest.fixture(autouse=True)
def quiet_torch() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with torch.inference_mode():
        yield
    torch.set_num_threads(before)


def ruled_refiner() -> Refiner:
    refiner = Refiner().eval()
    fill(refiner, "refiner.")
    return refiner


def discs(k: int, h: int, w: int, seed: float = 0.3, **more: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Tri-mattes, features and image of k people, as tensors."""
    trimattes, feature, image = (torch.from_numpy(array) for array in scene(k, h, w, seed, **more))
    return trimattes, feature, image


def corners(boxes: tuple[Box, ...] | list[Box]) -> NDArray[np.float64]:
    return np.array([[b.area.left, b.area.top, b.area.right, b.area.bottom, b.score] for b in boxes], float)


@pytest.mark.parametrize("name", CASES)
def test_parallel_gives_the_published_numbers(name: str) -> None:
    def stored(entry: str) -> NDArray[Any]:
        return NUMBERS[f"{name}/{entry}"]

    params = json.loads(str(stored("params")))
    refiner = ruled_refiner()
    if "head_bias" in params:
        refiner.head.bias.copy_(torch.tensor(params["head_bias"]))  # type: ignore[union-attr]
        refiner.head.weight[0] *= params["head_weight_row0_times"]
    trimattes, feature, image = discs(**params)
    endless = params.get("nostop", False)
    limits: dict[str, Any] = {"passes": 3, "stop_below": 0.0} if endless else {}
    found = survey(refiner, trimattes, feature, image, published=True)
    states = list(parallel(found, State.start(trimattes), silent, **limits))

    assert patch_side(*trimattes[:, 0].shape, None) == stored("win")
    np.testing.assert_allclose(corners(found.boxes), stored("boxes"), atol=1e-5)
    assert [person not in found.members for person in range(len(trimattes))] == stored("bad").astype(bool).tolist()
    if not endless:
        assert len(states) == stored("n_list")
        still: set[int] = set()
        for after, moved in zip(states[1:], stored("maxdiff_per_iter"), strict=True):
            for person, distance in enumerate(moved):
                assert distance == 0 if person in still else abs(after.moved[person] - distance) < 1e-4
            still = {person for person, distance in enumerate(moved) if distance <= 0.01}
    if f"{name}/iter1_cs" in NUMBERS:
        np.testing.assert_allclose(checksums(states[1].trimattes), stored("iter1_cs"), atol=1e-6)
    out = states[-1].trimattes
    np.testing.assert_allclose(checksums(out), stored("out_cs"), atol=1e-6)
    coarse = stored("outT_s2").shape[1] == len(range(1, out.shape[2], 3))
    assert differences(out[:, 0], stored("outT_s2"), 3 if coarse else 2).max() < 1e-4
    assert differences(out[:, 1:], stored("outRB_s4"), 6 if coarse else 4).max() < 1e-4


@pytest.mark.parametrize("number", range(6))
def test_boxes_are_the_published_ones(number: int) -> None:
    height, width, side = NUMBERS[f"boxes{number}/h_w_win"].tolist()
    error = error_of(number, height, width)
    np.testing.assert_allclose(checksums(error), NUMBERS[f"boxes{number}/dist_cs"], atol=1e-9)
    boxes = find_boxes(torch.from_numpy(error), side)
    np.testing.assert_allclose(corners(boxes), NUMBERS[f"boxes{number}/boxes"], atol=1e-5)


def test_without_errors_one_box_is_laid_all_the_same() -> None:
    error = torch.zeros(200, 300)
    error[100, 200] = 0.009
    assert [box.area.top for box in find_boxes(error, 64)] == [68]
    assert len(find_boxes(torch.zeros(200, 300), 64)) == 1


def test_equal_errors_are_taken_in_reading_order() -> None:
    error = torch.zeros(200, 300)
    error[50, 250] = error[50, 30] = error[150, 150] = 0.5
    assert [(box.area.left, box.area.top) for box in find_boxes(error, 40)] == [(10, 30), (230, 30), (130, 130)]


def test_overlap_counts_the_far_edge_as_a_pixel_of_the_box() -> None:
    # Boxes of 31 pixels, 10 apart both ways: 29.8 % overlap by their areas, 30.4 % as published.
    error = torch.zeros(200, 300)
    error[100, 100], error[110, 110], error[120, 130] = 0.5, 0.4, 0.3
    assert [(box.area.left, box.area.top) for box in find_boxes(error, 31)] == [(84, 84), (114, 104)]


@pytest.mark.parametrize(("people", "side"), [(1, 320), (8, 320), (9, 256), (14, 256), (15, 128)])
def test_patches_shrink_with_the_number_of_people(people: int, side: int) -> None:
    assert patch_side(people, 1000, 2000, None) == side
    assert patch_side(people, 100, 2000, None) == 100
    assert patch_side(people, 1000, 2000, 128) == 128


def test_the_error_map_is_zero_where_the_alphas_add_up() -> None:
    trimattes = torch.zeros(2, 3, 4, 4)
    trimattes[0, 0], trimattes[1, 0] = 0.25, 0.5
    trimattes[0, 2], trimattes[1, 2] = 0.5, 0.0  # their mean is 0.25
    assert torch.equal(error_map(trimattes), torch.zeros(4, 4))
    trimattes[1, 0, 2, 3] = 0.0
    assert error_map(trimattes)[2, 3] == 0.5


# --- Duplicates -------------------------------------------------------------------------------------------------------


def squares(*sizes: int) -> Tensor:
    """Targets that share a corner: squares of these sides."""
    targets = torch.zeros(len(sizes), 60, 60)
    for target, size in zip(targets, sizes, strict=True):
        target[:size, :size] = 1
    return targets


def test_of_two_who_look_the_same_the_published_rule_drops_the_later_one() -> None:
    targets = squares(40, 42)
    assert find_duplicates(targets, [0.1, 0.9], published=True) == [False, True]
    assert find_duplicates(targets.flip(0), [0.1, 0.9], published=True) == [False, True]


def test_of_two_who_look_the_same_the_score_decides_then_the_area_then_the_place() -> None:
    assert find_duplicates(squares(40, 42), [0.1, 0.9]) == [True, False]
    assert find_duplicates(squares(40, 42), [0.9, 0.1]) == [False, True]
    assert find_duplicates(squares(40, 42), [0.5, 0.5]) == [True, False]
    assert find_duplicates(squares(42, 40)) == [False, True]
    assert find_duplicates(squares(40, 40)) == [False, True]


@pytest.mark.parametrize(("people", "found"), [(8, True), (9, False)])
def test_of_more_than_eight_people_every_second_pixel_is_compared(people: int, found: bool) -> None:
    targets = torch.zeros(people, 60, 60)
    targets[0, 1::2] = targets[1, 1::2] = 1  # the same rows, but only odd ones
    assert any(find_duplicates(targets)) == found


def test_who_looks_like_two_others_is_out() -> None:
    targets = torch.zeros(4, 60, 60)
    targets[0, :20, :20] = targets[2, :20, 30:50] = targets[3, 40:, :] = 1
    targets[1, :20, 12:38] = 1  # 40 % of both the first and the third
    assert find_duplicates(targets) == [False, True, False, False]
    assert find_duplicates(squares(40, 40, 40)) == [True, True, True]


# --- Cycle refinement -------------------------------------------------------------------------------------------------


def one_box(k: int = 3) -> tuple[Scene, Tensor]:
    trimattes, feature, image = discs(k, 96, 128)
    found = survey(ruled_refiner(), trimattes, feature, image)
    assert len(found.boxes) == 1
    assert len(found.members) == k
    return found, trimattes


def many_boxes() -> tuple[Scene, Tensor]:
    trimattes, feature, image = discs(3, 72, 160)
    found = survey(ruled_refiner(), trimattes, feature, image, patch=48)
    assert len(found.boxes) > 2
    return found, trimattes


def last(states: Iterator[State]) -> Tensor:
    return list(states)[-1].trimattes


def test_alone_cycle_is_parallel() -> None:
    trimattes, feature, image = discs(1, 72, 160)
    found = survey(ruled_refiner(), trimattes, feature, image, patch=48)
    side_by_side = list(parallel(found, State.start(trimattes), silent))
    in_turn = list(cycle(found, State.start(trimattes), [0], silent))
    assert len(in_turn) == len(side_by_side) == 3
    for one, other in zip(in_turn, side_by_side, strict=True):
        torch.testing.assert_close(one.trimattes, other.trimattes, atol=1e-5, rtol=0)


def test_the_first_person_hears_what_everybody_hears_in_parallel() -> None:
    found, trimattes = one_box()
    after_pass = list(parallel(found, State.start(trimattes), silent))[1]
    _, first, second, *_ = cycle(found, State.start(trimattes), [2, 0, 1], silent)
    torch.testing.assert_close(first.mattes[2], after_pass.mattes[2], atol=1e-6, rtol=0)
    # The second already hears the first's new tri-matte.
    assert (second.mattes[0] - after_pass.mattes[0]).abs().max() > 1e-3


def test_only_the_person_whose_turn_it_is_changes() -> None:
    found, trimattes = many_boxes()
    order = [1, 2, 0]
    before, *later = cycle(found, State.start(trimattes), order, silent)
    assert [state.turn for state in later] == [1, 2, 3, 4, 5, 6]
    for state in later:
        for person in range(3):
            kept = torch.equal(state.mattes[person], before.mattes[person])
            assert kept == (person != order[(state.turn - 1) % 3])
        before = state


def test_a_person_goes_through_all_boxes_before_the_next_begins() -> None:
    found, trimattes = many_boxes()
    by_person = list(cycle(found, State.start(trimattes), [0, 1], silent, passes=1))[1]
    state = State.start(trimattes)
    for box in found.boxes:
        state = list(cycle(replace(found, boxes=(box,)), State(state.mattes, 0, state.moved), [0], silent, passes=1))[1]
    assert torch.equal(by_person.mattes[0], state.mattes[0])


def test_reversing_the_order_changes_the_result() -> None:
    found, trimattes = one_box()
    there, back = (last(cycle(found, State.start(trimattes), order, silent)) for order in ([0, 1, 2], [2, 1, 0]))
    assert (there - back).abs().max() > 1e-3


@pytest.mark.parametrize("strategy", ["parallel", "cycle"])
def test_who_is_called_first_in_the_list_does_not_matter(strategy: str) -> None:
    # Two of the four look the same: which of them takes part must not depend on the list either.
    trimattes, feature, image = discs(4, 96, 128, dup=[[1, 3]])
    refiner, shuffle, order, scores = ruled_refiner(), [2, 0, 3, 1], [3, 1, 0, 2], [0.9, 0.8, 0.7, 0.95]

    def run(places: list[int]) -> Tensor:
        found = survey(refiner, trimattes[places], feature[places], image, scores=[scores[place] for place in places])
        assert len(found.members) == 3
        start = State.start(trimattes[places])
        if strategy == "parallel":
            return last(parallel(found, start, silent, passes=1))
        return last(cycle(found, start, [places.index(person) for person in order], silent, passes=1))

    torch.testing.assert_close(run(shuffle), run([0, 1, 2, 3])[shuffle], atol=1e-4, rtol=0)


@pytest.mark.parametrize("strategy", ["parallel", "cycle"])
def test_outside_the_inner_boxes_nothing_changes(strategy: str) -> None:
    found, trimattes = many_boxes()
    found = replace(found, boxes=found.boxes[:2])
    start = State.start(trimattes)
    out = last(parallel(found, start, silent) if strategy == "parallel" else cycle(found, start, [0, 1, 2], silent))
    inside = torch.zeros(72, 160, dtype=torch.bool)
    for box in found.boxes:
        inside[box.inner] = True
        assert box.area.grow(-BORDER).width == 48 - 2 * BORDER
    changed = (out != trimattes).any(dim=1)
    assert not changed[:, ~inside].any()
    assert changed[:, inside].float().mean() > 0.99


@pytest.mark.parametrize("strategy", ["parallel", "cycle"])
def test_duplicates_keep_their_tri_mattes_and_are_not_heard(strategy: str) -> None:
    trimattes, feature, image = discs(4, 96, 128, dup=[[1, 3]])
    refiner = ruled_refiner()

    def run(members: tuple[int, ...] | None) -> tuple[Scene, Tensor]:
        found = survey(refiner, trimattes, feature, image, published=True)
        if members is not None:
            found = replace(found, members=members)
        start = State.start(trimattes)
        return found, last(
            parallel(found, start, silent) if strategy == "parallel" else cycle(found, start, [3, 2, 1, 0], silent)
        )

    found, out = run(None)
    assert found.members == (0, 1, 2)
    assert torch.equal(out[3], trimattes[3])
    assert not torch.equal(out[:3], trimattes[:3])
    assert (run((0, 1, 2, 3))[1][0] - out[0]).abs().max() > 1e-3


def test_people_left_out_of_the_order_are_held_but_heard() -> None:
    found, trimattes = one_box()
    out = last(cycle(found, State.start(trimattes), [1], silent))
    assert torch.equal(out[[0, 2]], trimattes[[0, 2]])
    assert not torch.equal(out[1], trimattes[1])
    deaf = replace(found, members=(1,))
    assert (last(cycle(deaf, State.start(trimattes), [1], silent))[1] - out[1]).abs().max() > 1e-3


@pytest.mark.parametrize("order", [[0, 1, 0], [0, 3], [-1]])
def test_an_order_must_name_distinct_people(order: list[int]) -> None:
    found, trimattes = one_box()
    with pytest.raises(ValueError, match="order"):
        list(cycle(found, State.start(trimattes), order, silent))


def test_a_run_starts_again_from_any_step() -> None:
    found, trimattes = many_boxes()
    whole = list(cycle(found, State.start(trimattes), [2, 0, 1], silent))
    assert len(whole) == 7
    for state in whole[::2]:
        rest = list(cycle(found, state, [2, 0, 1], silent))
        assert len(rest) == len(whole) - state.turn
        # A cycle keeps sums, and sums are rounded on their way.
        for again, first_time in zip(rest, whole[state.turn :], strict=True):
            torch.testing.assert_close(again.trimattes, first_time.trimattes, atol=1e-5, rtol=0)


@pytest.mark.parametrize("strategy", ["parallel", "cycle"])
def test_groups_and_kept_sums_change_nothing_but_the_work(strategy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    trimattes, feature, image = discs(5, 72, 160)
    refiner = ruled_refiner()
    found = survey(refiner, trimattes, feature, image, patch=48)
    assert len(found.boxes) > 2
    heard: list[int] = []
    listen = Refiner.listen
    monkeypatch.setattr(Refiner, "listen", lambda *a: heard.append(len(a[1])) or listen(*a))  # type: ignore[func-returns-value]

    def run(**how: Any) -> tuple[Tensor, int]:
        heard.clear()
        one, start = replace(found, **how), State.start(trimattes)
        out = last(parallel(one, start, silent) if strategy == "parallel" else cycle(one, start, [3, 0, 4, 1], silent))
        return out, sum(heard)

    together, work = run(together=5)
    for how in ({"together": 1}, {"together": 2}, {"room": 0}):
        out, more = run(**how)
        torch.testing.assert_close(out, together, atol=1e-5, rtol=0)
        assert (more > 1.5 * work) == (strategy == "cycle" and "room" in how)


def test_states_already_given_out_stay_as_they_were() -> None:
    found, trimattes = one_box()
    original = trimattes.clone()
    copies = [(state, state.trimattes) for state in cycle(found, State.start(trimattes), [0, 1, 2], silent)]
    assert torch.equal(trimattes, original)
    for state, copy in copies:
        assert torch.equal(state.trimattes, copy)


def test_cycle_stops_with_people_who_no_longer_move() -> None:
    found, trimattes = one_box()
    head = found.refiner.head
    assert head.bias is not None
    head.weight.zero_()
    head.bias.fill_(-3)  # one and the same answer, whatever is heard
    states = list(cycle(found, State.start(trimattes), [0, 1, 2], silent, passes=5))
    assert [state.turn for state in states] == [0, 1, 2, 3, 4, 5, 6]  # the second pass finds that nothing moved
    still = replace(found, boxes=())
    assert [state.turn for state in cycle(still, State.start(trimattes), [0, 1, 2], silent, passes=5)] == [0, 1, 2, 3]
    assert [state.turn for state in parallel(still, State.start(trimattes), silent, passes=5)] == [0, 1]


@pytest.mark.parametrize("strategy", ["parallel", "cycle"])
def test_progress_counts_to_its_end_and_may_cancel(strategy: str) -> None:
    found, trimattes = many_boxes()
    calls: list[tuple[int, int]] = []

    def note(done: int, total: int, what: str) -> None:
        calls.append((done, total))
        assert what

    def stop(done: int, total: int, what: str) -> None:
        if done == 2:
            raise InterruptedError

    def run(step: Any) -> Iterator[State]:
        start = State.start(trimattes)
        return parallel(found, start, step) if strategy == "parallel" else cycle(found, start, [0, 1, 2], step)

    list(run(note))
    total = 2 * len(found.boxes) * (1 if strategy == "parallel" else 3)
    assert calls == [(done, total) for done in range(total + 1)]
    with pytest.raises(InterruptedError):
        list(run(stop))


def test_features_may_be_kept_in_half_precision() -> None:
    found, trimattes = one_box()
    halves = replace(found, feature=[feature.half() for feature in found.feature])
    out = last(parallel(halves, State.start(trimattes), silent, passes=1))
    assert out.dtype == torch.float32
    assert (out - last(parallel(found, State.start(trimattes), silent, passes=1))).abs().max() < 0.05


def test_training_goes_through_the_refinement() -> None:
    numbers = golden("golden_train")
    trimattes, feature, image = discs(3, 160, 192, seed=1.3)
    with torch.inference_mode(False), torch.enable_grad():
        refiner = ruled_refiner()
        trimattes, feature, image = trimattes.clone(), feature.clone(), image.clone()
        found = survey(refiner, trimattes, feature, image, patch=128)
        found = replace(found, boxes=found.boxes[:1], members=(0, 1, 2))
        *_, state = parallel(found, State.start(trimattes), silent, stop_below=0.0)
        loss = (state.trimattes - trimattes).square().mean()
        loss.backward()  # type: ignore[no-untyped-call]
        gradients = [parameter.grad.norm() for parameter in refiner.parameters() if parameter.grad is not None]
    np.testing.assert_allclose(checksums(state.trimattes.detach()), numbers["train_refiner/it2_out_cs"], atol=1e-5)
    np.testing.assert_allclose(loss.detach(), numbers["train_refiner/it2_loss"], rtol=1e-5)
    np.testing.assert_allclose(gradients, numbers["train_refiner/it2_grad_norms"], rtol=1e-3)
