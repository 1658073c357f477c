"""Samples: alphas that add up, tri-masks that are what their options say, and losses kept off what is not known."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from golden_rule import bits, golden
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from training.drawn import DrawnPeople

from instmatt_app.engine.progressive import dilate
from instmatt_app.training.composition.record import Composition
from instmatt_app.training.matting import MattingData
from instmatt_app.training.samples import (
    SampleOptions,
    all_targets,
    cut_window,
    misshapen,
    one_target,
    rough_masks,
    tri_mask,
)
from instmatt_app.training.supervision import ellipse, outline_band, released_supervision, unknown_of, widened

OPTIONS = SampleOptions(crop=96, canvas=160, largest=9)
PLAIN = replace(OPTIONS, augment=False, flip=0.0, zoom=(1.0, 1.0), shear=0.0)
seeds = st.integers(0, 10**6)


def composition(seed: int, hard: bool = False, size: tuple[int, int] = (160, 160)) -> Composition:
    return DrawnPeople(hard).draw(np.random.default_rng(seed), size)


def people_of(count: int, side: int = 96) -> Composition:
    """Hard people side by side in equal columns, leaving the last column free."""
    alphas = np.zeros((count, side, side), np.float32)
    step = side // (count + 1)
    for person in range(count):
        alphas[person, :, person * step : (person + 1) * step] = 1
    grey = np.full((side, side, 3), 90, np.uint8)
    colours = np.stack([np.full((side, side, 3), 40 * person, np.uint8) for person in range(count)])
    masks = (alphas * 255).astype(np.uint8)
    return Composition(grey, alphas, colours, grey, masks, np.ones(count, bool))


# --- Supervision ------------------------------------------------------------------------------------------------------


def test_the_band_round_hard_outlines_is_the_published_one() -> None:
    numbers = golden("golden_train")
    y, x = np.mgrid[:160, :200].astype(np.float32)
    disc = ((((x - 90) / 50) ** 2 + ((y - 80) / 45) ** 2) < 1).astype(np.float32)
    stored = bits(numbers["solid/weight"], 200)[0]
    assert (released_supervision(disc) == stored[0]).all()
    assert (released_supervision(1 - disc) == stored[2]).all()
    assert (ellipse(35) == numbers["unk/kernel35"]).all()
    soft = np.clip(disc * 0.5 + 0.25, 0, 1)
    assert released_supervision(soft).all()
    assert stored[1].all()


@given(seeds, st.integers(1, 29))
@settings(max_examples=20, deadline=None)
def test_widening_is_the_same_on_every_device(seed: int, side: int) -> None:
    pixels = torch.from_numpy(np.random.default_rng(seed).random((2, 1, 24, 31)) > 0.97)
    assert torch.equal(widened(pixels, [side, 1])[:1], dilate(pixels[:1], side))
    assert torch.equal(widened(pixels, [side, 1])[1:], pixels[1:])


def test_the_trimap_keeps_only_what_is_well_inside_or_outside() -> None:
    alpha = np.zeros((40, 40), np.float32)
    alpha[10:30, 10:30] = 1
    unknown = unknown_of(alpha, inner=5, outer=9)
    assert unknown[20, 6:10].all()
    assert unknown[20, 10:12].all()
    assert not unknown[20, 12:28].any()
    assert not unknown[20, :6].any()


@pytest.mark.parametrize(("side", "reach"), [(35, 17), (71, 35)])
def test_the_band_reaches_as_far_as_is_said_on_either_side(side: int, reach: int) -> None:
    alpha = np.zeros((9, 200), np.float32)
    alpha[:, 100:] = 1
    excluded = np.flatnonzero(outline_band(np.repeat(alpha, 20, axis=0), side)[90])
    assert (excluded.min(), excluded.max()) == (100 - reach, 99 + reach)


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_only_people_with_inexact_alphas_lose_supervision(seed: int) -> None:
    exact = one_target(composition(seed), OPTIONS, np.random.default_rng(seed))
    assert exact["supervised"].all()
    hard = one_target(composition(seed, hard=True), replace(PLAIN, band=15), np.random.default_rng(seed))
    alphas, supervised = hard["alphas"], hard["supervised"].astype(bool)
    # No pixel at an outline is supervised in the channels whose outline it is.
    for plane, free in zip(alphas, supervised, strict=True):
        edge = cv2.morphologyEx(plane, cv2.MORPH_GRADIENT, np.ones((3, 3))) > 0.01
        assert not free[edge].any()


def test_a_band_reaches_into_the_crop_from_outlines_outside_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    corner = np.array([[1.0, 0, 0], [0, 1, 0]])
    monkeypatch.setattr("instmatt_app.training.samples._placement", lambda *_: corner)
    # The person's outline lies at x = 96, right beyond the crop.
    inexact = replace(people_of(1, side=192), exact=np.zeros(1, bool))
    sample = one_target(inexact, PLAIN, np.random.default_rng(0))
    assert (sample["alphas"][0] == 1).all()
    assert sample["supervised"][0, 48, :79].all()
    assert not sample["supervised"][0, 48, 79:].any()


def test_a_neighbour_with_an_exact_outline_keeps_its_own() -> None:
    made = people_of(3, side=96)
    mixed = replace(made, exact=np.array([False, True, True]))
    options = replace(PLAIN, band=9, crop=96)
    window = cut_window(mixed, np.array([0]), options, np.random.default_rng(0))
    assert window.margin == 4
    sample = one_target(mixed, replace(options, targets="some"), np.random.default_rng(1))
    # The free column begins at 72; the outline there is the third person's, who is exact.
    assert sample["supervised"][2][:, 70:74].all()
    assert not sample["supervised"][:, :, 22:26].all()


def test_what_is_to_be_ignored_is_not_supervised() -> None:
    made = composition(3, hard=True, size=(96, 96))
    sample = one_target(made, replace(PLAIN, band=1), np.random.default_rng(0))
    assert made.ignore is not None
    assert not sample["supervised"][:, made.ignore > 0].any()
    assert sample["supervised"][:, made.ignore == 0].any()


# --- Samples ----------------------------------------------------------------------------------------------------------


@given(seeds, st.booleans(), st.sampled_from(["one", "some", "released"]))
@settings(max_examples=30, deadline=None)
def test_true_alphas_sum_to_one_and_put_the_photo_together_again(seed: int, hard: bool, targets: str) -> None:
    options = replace(OPTIONS, targets=targets)  # type: ignore[arg-type]
    sample = one_target(composition(seed, hard), options, np.random.default_rng(seed))
    alphas = sample["alphas"]
    np.testing.assert_allclose(alphas.sum(axis=0), 1, atol=1e-5)
    assert alphas.min() >= 0
    again = (alphas[:, None] * sample["colours"]).sum(axis=0)
    apart = np.abs(again - sample["image"].astype(float))
    # Interpolated layers are not quite the interpolated photo, where colours change within a pixel.
    assert np.percentile(apart, 99) < 30
    assert apart.mean() < 2


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_tri_masks_without_augmentation_part_the_crop(seed: int) -> None:
    sample = one_target(composition(seed), PLAIN, np.random.default_rng(seed))
    tri = sample["guidance"]
    assert set(np.unique(tri)) <= {0, 1}
    assert ((tri[0] | tri[1]) == 1 - tri[2]).all()
    assert ((tri[0] > 0) >= (sample["alphas"][0] > 0.5)).all()


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_the_background_is_the_complement_of_what_is_left_of_the_reference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    masks = (rng.random((4, 12, 12)) > 0.6).astype(np.uint8)
    target = np.array([True, False, False, False])
    options = replace(OPTIONS, missing=1.0, perturbed=0.0)
    union = tri_mask(masks, target, options, np.random.default_rng(seed))
    assert (union.astype(int)[2] == 1 - (union[0] | union[1])).all()
    assert (union[1] <= masks[1:].max(axis=0)).all()
    everybody = tri_mask(masks, target, replace(options, background="sum"), np.random.default_rng(seed))
    assert (everybody[2] == 1 - masks.max(axis=0)).all()
    assert (everybody[:2] == union[:2]).all()


def test_people_go_missing_from_the_reference_as_often_as_asked() -> None:
    masks = np.eye(4, dtype=np.uint8).reshape(4, 2, 2)
    target = np.array([True, False, False, False])

    def seen(missing: float) -> list[int]:
        options = replace(OPTIONS, missing=missing, perturbed=0.0)
        return [int(tri_mask(masks, target, options, np.random.default_rng(seed))[1].sum()) for seed in range(400)]

    assert set(seen(0.0)) == {3}
    assert set(seen(1.0)) == {0, 1, 2, 3}
    one = replace(OPTIONS, missing=1.0, missing_people="one", perturbed=0.0)
    assert int(tri_mask(masks, target, one, np.random.default_rng(0))[1].sum()) == 2
    alone = tri_mask(masks, np.array([True, True, True, False]), one, np.random.default_rng(0))
    assert int(alone[1].sum()) == 1
    # Of a random part of 0 to 3 people, every fourth is all of them.
    assert sum(count < 3 for count in seen(0.5)) == pytest.approx(400 * 0.5 * 0.75, rel=0.2)


def test_swapping_exchanges_one_rectangle_between_two_masks() -> None:
    masks = np.zeros((1, 64, 64), np.uint8)
    options = replace(OPTIONS, missing=0.0, perturbed=0.0, swapped=1.0)
    tri = tri_mask(masks, np.array([True]), options, np.random.default_rng(4))
    assert (tri.sum(axis=0) == 1).all()
    moved = 1 - tri[2]
    area = int(moved.sum())
    if area:
        _, _, width, height = cv2.boundingRect(moved)
        assert area == width * height
        assert 8 <= width <= 16
        assert 8 <= height <= 16


@pytest.mark.parametrize(("least", "kept"), [((0.0, 0.0), True), ((1.0, 1.0), False)])
def test_a_found_mask_is_kept_only_if_it_overlaps_enough(least: tuple[float, float], kept: bool) -> None:
    made = people_of(2)
    shifted = replace(made, masks=np.roll(made.masks, 5, axis=2))
    options = replace(PLAIN, augment=True, detected=1.0, least_iou=least)
    window = cut_window(shifted, np.array([0]), options, np.random.default_rng(0))
    found = rough_masks(window, options, np.random.default_rng(1))
    assert (found == (window.masks > 127)).all() == kept


def test_masks_are_eroded_dilated_and_both() -> None:
    disc = cv2.circle(np.zeros((64, 64), np.uint8), (32, 32), 16, 1, -1)
    areas = {int(misshapen(disc, 9, np.random.default_rng(seed)).sum()) for seed in range(60)}
    assert min(areas) < disc.sum() < max(areas)


@pytest.mark.parametrize(("targets", "counts"), [("one", {1}), ("some", {1, 2, 3}), ("released", {0, 1, 2})])
def test_as_many_people_are_the_target_as_the_option_says(targets: str, counts: set[int]) -> None:
    options = replace(PLAIN, targets=targets)  # type: ignore[arg-type]
    seen = set()
    for seed in range(60):
        sample = one_target(people_of(3), options, np.random.default_rng(seed))
        seen.add(round(float(sample["alphas"][0].sum()) / (24 * 96)))
    assert seen == counts


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_in_stage_2_every_visible_person_is_the_target_once(seed: int) -> None:
    made = composition(seed)
    sample = all_targets(made, OPTIONS, np.random.default_rng(seed))
    alphas = sample["alphas"]
    assert 1 <= len(alphas) <= made.count
    np.testing.assert_allclose(alphas.sum(axis=1), 1, atol=1e-5)
    everybody = alphas[:, 0].sum(axis=0)
    for row in alphas:
        np.testing.assert_allclose(row[0] + row[1], everybody, atol=1e-5)
        assert row[0].max() > 0


def test_crops_lie_at_what_is_unknown() -> None:
    made = composition(12, size=(400, 400))
    options = replace(OPTIONS, canvas=400)
    for seed in range(20):
        sample = one_target(made, options, np.random.default_rng(seed))
        assert ((sample["alphas"] > 0) & (sample["alphas"] < 1)).any()


def test_a_photo_smaller_than_the_crop_is_mirrored_on() -> None:
    sample = one_target(composition(5, size=(50, 40)), OPTIONS, np.random.default_rng(0))
    assert sample["image"].shape == (3, 96, 96)
    np.testing.assert_allclose(sample["alphas"].sum(axis=0), 1, atol=1e-5)


def test_samples_follow_from_seed_step_and_position_alone() -> None:
    data = MattingData(DrawnPeople(), one_target, OPTIONS, seed=7, stack=True)

    def same(one: dict[str, NDArray[np.generic]], other: dict[str, NDArray[np.generic]]) -> bool:
        return all(np.array_equal(one[key], other[key]) for key in one)

    first = data.sample(11, 2)
    np.random.seed(1)
    assert same(first, MattingData(DrawnPeople(), one_target, OPTIONS, seed=7, stack=True).sample(11, 2))
    others = (
        data.sample(12, 2),
        data.sample(11, 3),
        MattingData(DrawnPeople(), one_target, OPTIONS, 8, True).sample(11, 2),
    )
    assert not any(same(first, other) for other in others)


def test_what_eight_bits_cannot_tell_from_one_is_not_unknown() -> None:
    alpha = np.zeros((60, 60), np.float32)
    alpha[20:40, 20:40] = 0.9999
    unknown = unknown_of(alpha, inner=5, outer=5)
    assert unknown[30, 30] == 0
    assert unknown[30, 20] == 1
    assert unknown[5, 5] == 0
