"""The ruler itself: the published figures to 1e-6, and what must hold whatever is measured."""

import numpy as np
import pytest
from golden_rule import golden
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from photos import drawn_people

from instmatt_app.core import metrics
from instmatt_app.core.metrics import METRICS, Matching, match, overlaps, pair_errors, quality

TOLERANCE = 1e-6
PREDICTED = (0, 1, 2, 3, 4, 5, 7)  # photo 6 has no prediction, and the published evaluation skips it
Photos = dict[int, tuple[NDArray[np.uint8], NDArray[np.uint8]]]


@pytest.fixture(scope="module")
def photos() -> Photos:
    numbers = golden("golden_imq")
    return {i: (numbers[f"imq/im{i}/pred"], numbers[f"imq/im{i}/gt"]) for i in PREDICTED}


def people(count: int, seed: int) -> list[NDArray[np.uint8]]:
    """Drawn people, their alphas in 256 levels."""
    return [np.rint(alpha * 255).astype(np.uint8) for alpha in drawn_people(count, 48, 80, seed)[1]]


def spoilt(alphas: list[NDArray[np.uint8]], seed: int) -> list[NDArray[np.uint8]]:
    rng = np.random.default_rng(seed)
    moved = [np.roll(alpha, rng.integers(-4, 5, 2), (0, 1)) for alpha in alphas]
    return [np.clip(one.astype(int) + rng.integers(-9, 10, one.shape) * (one > 20), 0, 255).astype(np.uint8)
            for one in moved]  # fmt: skip


def test_published_kernel_and_levels() -> None:
    numbers = golden("golden_imq")
    assert np.abs(metrics.derivative_kernel() - numbers["imq/grad_kernel_hx"]).max() < TOLERANCE
    assert np.array_equal(np.array(metrics.LEVELS), numbers["imq/conn_thresholds"])


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5])
def test_published_overlaps_assignment_and_errors(photos: Photos, number: int) -> None:
    numbers = golden("golden_imq")
    made = match(*photos[number])
    assert np.abs(overlaps(*photos[number]) - numbers[f"imq/im{number}/iou"]).max() < TOLERANCE
    assert [[pair.prediction for pair in made.pairs], [pair.truth for pair in made.pairs]] == (
        numbers[f"imq/im{number}/match"].tolist()
    )
    wanted = numbers[f"imq/im{number}/raw_sad_mad_mse_grad_conn"]
    for column, pair in enumerate(made.pairs):
        assert pair.errors is not None
        got = [pair.errors.sad, pair.errors.mad, pair.errors.mse, pair.errors.grad, pair.errors.conn]
        assert np.abs(np.array(got) - wanted[:, column]).max() < TOLERANCE
    for column, iou in enumerate((0.5, 0.75)):
        at = quality([made], iou)
        assert [at.tp, at.fp, at.fn] == numbers[f"imq/im{number}/tp_fp_fn"][:, column].tolist()


def test_published_quality(photos: Photos) -> None:
    numbers = golden("golden_imq")
    made = [match(*photo, 0.5) for photo in photos.values()]
    for row, iou in enumerate((0.5, 0.75)):
        at = quality(made, iou)
        for name, got in (("IMQ", at.imq), ("MQ", at.mq), ("RQ", at.rq)):
            assert np.abs(np.array([got[m] for m in METRICS]) - numbers[f"imq/{name}"][row]).max() < TOLERANCE, name


@settings(max_examples=15, deadline=None)
@given(count=st.integers(1, 4), seed=st.integers(0, 1000))
def test_a_perfect_prediction_is_worth_everything(count: int, seed: int) -> None:
    truth = people(count, seed)
    at = quality([match(truth, truth, 0.5)], 0.5)
    for metric in METRICS:
        assert at.imq[metric] == pytest.approx(1, abs=2e-6)
        assert at.mq[metric] == pytest.approx(1, abs=2e-6)
    assert (at.tp, at.fp, at.fn) == (count, 0, 0)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), order=st.permutations(range(4)))
def test_the_order_of_the_predictions_does_not_matter(seed: int, order: list[int]) -> None:
    truth = people(4, seed)
    made = spoilt(truth, seed)
    straight = quality([match(made, truth, 0.5)], 0.5)
    turned = quality([match([made[i] for i in order], truth, 0.5)], 0.5)
    assert [turned.imq[m] for m in METRICS] == pytest.approx([straight.imq[m] for m in METRICS], abs=1e-12)
    assert (turned.tp, turned.fp, turned.fn) == (straight.tp, straight.fp, straight.fn)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), lost=st.integers(0, 3), iou=st.sampled_from([0.3, 0.5, 0.75]))
def test_the_whole_is_matting_times_recognition(seed: int, lost: int, iou: float) -> None:
    truth = people(3, seed)
    made = spoilt(truth, seed)[lost:]
    at = quality([match(made, truth, 0.3)], iou)
    for metric in METRICS:
        assert 0 <= at.imq[metric] <= at.rq[metric] <= 1
        assert at.imq[metric] == pytest.approx(at.mq[metric] * at.rq[metric], abs=1e-9)
    assert at.tp + at.fp == len(made)
    assert at.tp + at.fn == len(truth)


def test_people_whom_nobody_predicted_cost(photos: Photos) -> None:
    made = [match(*photo, 0.5) for photo in photos.values()]
    skipped, counted = quality(made, 0.5), quality([*made, Matching(0, 2, ())], 0.5)
    assert counted.fn == skipped.fn + 2
    assert all(counted.imq[m] < skipped.imq[m] for m in METRICS)
    assert counted.mq == skipped.mq


def test_the_rectangle_changes_nothing() -> None:
    """Errors in a wide empty field are those in a tight one, also where people touch its border."""
    truth = people(1, 3)[0]
    made = spoilt([truth], 3)[0]
    wide = [np.pad(one, ((30, 20), (25, 40))) for one in (made, truth)]
    a, b = pair_errors(made, truth), pair_errors(*wide)
    assert (a.sad, a.mad, a.mse, a.conn) == (b.sad, b.mad, b.mse, b.conn)
    assert a.grad == pytest.approx(b.grad, abs=1e-7)
    assert min(a.sad, a.mad, a.mse, a.grad, a.conn) > 0


def test_of_two_equal_parts_the_first_is_the_person() -> None:
    truth, made = np.zeros((20, 40), np.uint8), np.zeros((20, 40), np.uint8)
    left, right = (slice(5, 9), slice(3, 7)), (slice(5, 9), slice(30, 34))
    truth[left] = truth[right] = 180
    made[left], made[right] = 255, 200
    # The left part is connected up to 0.7, so 255 stands 0.3 above it; the right one is connected to nothing.
    expected = 16 * (0.3 + 20 / 255) / 33
    assert pair_errors(made, truth).conn == pytest.approx(expected, abs=1e-6)


def test_nothing_at_all_is_no_error() -> None:
    empty = np.zeros((8, 8), np.uint8)
    assert pair_errors(empty, empty) == metrics.Errors(0, 0, 0, 0, 0)
    at = quality([match([], [])], 0.5)
    assert at.imq["mad"] == at.mq["mad"] == at.rq["mad"] == 0


def test_pairs_below_the_least_overlap_have_no_errors() -> None:
    truth = people(1, 0)[0]
    pair = match([np.roll(truth, 30, 1)], [truth], 0.5).pairs[0]
    assert pair.errors is None
    assert pair.score("iou") == pair.iou
    with pytest.raises(ValueError, match="not worked out"):
        pair.score("mad")
