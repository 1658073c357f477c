"""The losses against the published ones: values and gradients."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
import torch
from golden_rule import golden, uniform
from torch import Tensor

from instmatt_app.core.metrics import derivative_kernel
from instmatt_app.training import losses

SHAPE = (2, 3, 64, 96)


def tensor(name: str, shape: tuple[int, ...], low: float = 0.0, high: float = 1.0) -> Tensor:
    return torch.from_numpy(uniform(f"loss/{name}", shape, 0, low, high))


TARGET, FOREGROUNDS = tensor("target", SHAPE), tensor("fg", (2, 3, 3, 64, 96), -2, 2)
IMAGE = tensor("image", SHAPE, -2, 2)
ONE = (tensor("weight", (2, 1, 64, 96)) > 0.4).float()
THREE = (tensor("weight3", SHAPE) > 0.3).float()
EVERYWHERE = torch.ones(SHAPE)

CASES: dict[str, Callable[[Tensor], Tensor]] = {
    "rec": lambda a: losses.reconstruction(a, TARGET, ONE),
    "rec_noweight": lambda a: losses.reconstruction(a, TARGET, EVERYWHERE),
    "rec_w3": lambda a: losses.reconstruction(a, TARGET, THREE),
    "lap": lambda a: losses.laplacian(a, TARGET, ONE),
    "lap_noweight": lambda a: losses.laplacian(a, TARGET, EVERYWHERE),
    "lap_w3": lambda a: losses.laplacian(a, TARGET, THREE),
    "comp": lambda a: losses.composition(a, FOREGROUNDS, IMAGE, ONE),
    "comp_w3": lambda a: losses.composition(a, FOREGROUNDS, IMAGE, THREE),
    "alpha": lambda a: losses.constraint(a, ONE),
    "alpha_w3": lambda a: losses.constraint(a, THREE),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients_are_the_published_ones(name: str) -> None:
    numbers = golden("golden_train")
    alphas = tensor("logit", SHAPE).requires_grad_()
    loss = CASES[name](alphas)
    loss.backward()
    assert alphas.grad is not None
    np.testing.assert_allclose(float(loss.detach()), numbers[f"loss/{name}"], rtol=1e-5)
    stored = numbers[f"loss/{name}_grad_sub"]
    np.testing.assert_allclose(
        alphas.grad[:, :, ::16, ::16], stored, rtol=1e-4, atol=1e-4 * float(np.abs(stored).max())
    )
    np.testing.assert_allclose(float(alphas.grad.abs().sum()), numbers[f"loss/{name}_grad_abs_sum"], rtol=1e-4)


@pytest.mark.parametrize("name", ["rec", "lap", "comp", "alpha"])
def test_what_is_not_supervised_changes_nothing(name: str) -> None:
    alphas = tensor("alphas", SHAPE)
    other = torch.where(ONE > 0, alphas, 1 - alphas)
    if name != "lap":  # the blur of the pyramid looks beyond a pixel
        assert float(CASES[name](alphas)) == pytest.approx(float(CASES[name](other)), rel=1e-6)
    nothing = torch.zeros_like(ONE)
    values = {
        "rec": losses.reconstruction(alphas, TARGET, nothing),
        "lap": losses.laplacian(alphas, TARGET, nothing),
        "comp": losses.composition(alphas, FOREGROUNDS, IMAGE, nothing),
        "alpha": losses.constraint(alphas, nothing),
    }
    assert float(values[name]) == 0


def test_the_truth_itself_costs_nothing() -> None:
    truth = torch.softmax(tensor("logits", SHAPE, -3, 3), dim=1)
    image = (truth[:, :, None] * FOREGROUNDS).sum(dim=1)
    assert float(losses.reconstruction(truth, truth, ONE)) == 0
    assert float(losses.laplacian(truth, truth, ONE)) == 0
    assert float(losses.composition(truth, FOREGROUNDS, image, ONE)) < 1e-6
    assert float(losses.constraint(truth, ONE)) < 1e-6


def test_the_entropy_does_not_let_go_of_what_is_confidently_wrong() -> None:
    logits = torch.tensor([[[[8.0, -8.0, 0.0]]]], requires_grad=True)
    truth, everywhere = torch.tensor([[[[0.0, 1.0, 0.5]]]]), torch.ones(1, 1, 1, 3)
    losses.entropy(torch.sigmoid(logits), truth, everywhere).backward()
    assert logits.grad is not None
    torch.testing.assert_close(3 * logits.grad.flatten(), torch.tensor([1.0, -1.0, 0.0]), atol=1e-3, rtol=0)


def test_the_slopes_are_those_of_the_metric() -> None:
    """Against nothing at all the loss is the mean of the squared gradient that IMQ's error is made of."""
    truth = tensor("logits", (1, 1, 40, 48), 0, 1)
    everywhere = torch.ones_like(truth)
    plane, kernel = truth[0, 0].numpy(), derivative_kernel()
    along, down = (cv2.filter2D(plane, cv2.CV_32F, one, borderType=cv2.BORDER_REPLICATE) for one in (kernel, kernel.T))
    wanted = float((along**2 + down**2).mean())
    assert float(losses.gradient(torch.zeros_like(truth), truth, everywhere)) == pytest.approx(wanted, rel=1e-4)
    assert float(losses.gradient(truth + 0.25, truth, everywhere)) == pytest.approx(0, abs=1e-9)
    assert float(losses.gradient(torch.zeros_like(truth), truth, torch.zeros_like(truth))) == 0
