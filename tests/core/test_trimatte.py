import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from instmatt_app.core.trimatte import error_map, partition, partition_error, project_to_simplex, resized

stacks = st.integers(1, 6).flatmap(lambda k: arrays(np.float32, (k, 2, 3), elements=st.floats(-1, 2, width=32)))


@given(stacks)
def test_the_projection_adds_up_to_one_and_is_never_negative(values: np.ndarray) -> None:
    result = project_to_simplex(values)
    assert result.min() >= 0
    np.testing.assert_allclose(result.sum(axis=0), 1, atol=1e-5)


@given(stacks)
def test_projecting_twice_is_projecting_once(values: np.ndarray) -> None:
    once = project_to_simplex(values)
    np.testing.assert_allclose(project_to_simplex(once), once, atol=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_it_is_the_nearest_point_of_the_simplex(seed: int) -> None:
    value = np.random.default_rng(seed).uniform(-0.5, 1.5, 4)
    best = minimize(
        lambda x: ((x - value) ** 2).sum(),
        np.full(4, 0.25),
        bounds=[(0, 1)] * 4,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1},
        options={"ftol": 1e-12},
    )
    ours = project_to_simplex(value.astype(np.float32).reshape(4, 1, 1)).ravel()
    np.testing.assert_allclose(ours, best.x, atol=1e-4)


@given(stacks, st.data())
def test_pinned_values_are_held_and_the_rest_is_shared_out(values: np.ndarray, data: st.DataObject) -> None:
    pinned = data.draw(arrays(np.bool_, values.shape))
    values = np.where(pinned, (values > 0.5).astype(np.float32), values)
    result = project_to_simplex(values, pinned)
    assert (result[pinned] == values[pinned]).all()
    assert result.min() >= 0
    room = np.maximum(1 - np.where(pinned, values, 0).sum(axis=0), 0)
    shared = np.where(pinned, 0, result).sum(axis=0)
    somebody_free = ~pinned.all(axis=0)
    np.testing.assert_allclose(shared[somebody_free], room[somebody_free], atol=1e-5)


def test_the_order_of_people_changes_nothing() -> None:
    values = np.random.default_rng(0).uniform(0, 1, (4, 5, 5)).astype(np.float32)
    order = [2, 0, 3, 1]
    np.testing.assert_allclose(project_to_simplex(values[order]), project_to_simplex(values)[order], atol=1e-6)


def test_error_map_and_partition() -> None:
    first = np.array([0.7, 0.2, 0.1], np.float32).reshape(3, 1, 1)
    second = np.array([0.5, 0.2, 0.3], np.float32).reshape(3, 1, 1)
    assert error_map([first, second])[0, 0] == pytest.approx(abs(1 - 1.2 - 0.2))
    alphas = partition([first, second])
    assert alphas.shape == (3, 1, 1)
    assert partition_error(alphas) < 1e-6
    assert alphas[0] > alphas[1] > alphas[2]


def test_partition_holds_pins() -> None:
    matte = np.full((3, 1, 2), 1 / 3, np.float32)
    matte[0, 0, 0] = 1
    pinned = np.zeros((1, 1, 2), bool)
    pinned[0, 0, 0] = True
    assert partition([matte], pinned)[:, 0, 0].tolist() == [1, 0]


@given(st.integers(1, 40), st.integers(1, 40))
def test_enlarging_keeps_the_sum(height: int, width: int) -> None:
    alphas = project_to_simplex(np.random.default_rng(1).uniform(0, 1, (3, 7, 5)).astype(np.float32))
    large = np.stack([resized(alpha, height, width) for alpha in alphas])
    np.testing.assert_allclose(large.sum(axis=0), 1, atol=1e-5)
