"""The four losses of both stages: reconstruction, Laplacian pyramid, composition, and alphas that sum to one.

As in the released code of Sun, Tang, Tai (CVPR 2022), whose numbers and gradients tests/golden/golden_train.npz holds.
Two more, :func:`entropy` and :func:`gradient`, are ours.
Weights are 1 where something is supervised and 0 elsewhere, float32 [N, 1, H, W] or one for every alpha. A loss divides
by the sum of the weights as they are given, so that with one channel for three alphas it is three times a mean.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from instmatt_app.core.metrics import SIGMA

# Keeps a loss over nothing finite.
TINY = 1e-8
LEVELS = 5
# Taps on either side of the middle of the Gaussian that slopes are taken with.
HALF = 4
# An alpha that is surer than this is not asked to be surer.
CERTAIN = 1e-6


def weighted_l1(made: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    """Σ |made − wanted| · weight / Σ weight; a scalar."""
    return ((made - wanted).abs() * weight).sum() / (weight.sum() + TINY)


def reconstruction(alphas: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """How far alphas [N, C, H, W] are from the true ones."""
    return weighted_l1(alphas, truth, weight)


def entropy(alphas: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """The cross-entropy of alphas [N, C, H, W] and the true ones, taken as probabilities: 0 where both are 0 or 1.

    Its gradient by the logit is the error itself, however sure the network is; that of an absolute difference vanishes.
    """
    sure = alphas.clamp(CERTAIN, 1 - CERTAIN)
    bits = -(truth * sure.log() + (1 - truth) * (1 - sure).log())
    return (bits * weight).sum() / (weight.sum() + TINY)


def laplacian(alphas: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """How far the details are apart: L1 of five levels of the Laplacian pyramids, level i counting 2^i times.

    H and W must be at least 3 · 2^4. What is left after the last level is not compared.
    """
    # The pyramid is linear: that of the difference is the difference of the pyramids.
    current = alphas - truth
    total = current.new_zeros(())
    for level in range(LEVELS):
        smaller = _smaller(current)
        detail = current - _enlarged(smaller, current.shape[-2:])
        total = total + 2**level * (detail.abs() * weight).sum() / (weight.sum() + TINY)
        current, weight = smaller, weight[..., ::2, ::2]
    return total


def gradient(alphas: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """How far the slopes are apart: the squared length of the difference of the gradients, as IMQ's metric takes them.

    The metric compares lengths, which this is never less than, and which have no derivative where nothing slopes.
    """
    apart = alphas - truth
    down, across = (_slopes(size, apart.device) for size in apart.shape[-2:])
    along = down[0] @ apart @ across[1].T
    downwards = down[1] @ apart @ across[0].T
    return ((along**2 + downwards**2) * weight).sum() / (weight.sum() + TINY)


def composition(alphas: Tensor, colours: Tensor, image: Tensor, weight: Tensor) -> Tensor:
    """How far layers [N, C, 3, H, W], put together by their alphas [N, C, H, W], are from the image [N, 3, H, W]."""
    return weighted_l1((alphas[:, :, None] * colours).sum(dim=1), image, weight)


def constraint(alphas: Tensor, weight: Tensor) -> Tensor:
    """How far the alphas of a pixel are from summing to one (the paper's multi-instance alpha constraint)."""
    total = alphas.sum(dim=1, keepdim=True)
    return weighted_l1(total, torch.ones_like(total), weight)


@lru_cache(maxsize=64)
def _halving(size: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Matrices that make a line of `size` values half as long and as long again: [half, size] and [size, half].

    Both blur by the binomial 1 4 6 4 1, mirrored at the ends. Halving keeps every second value; doubling blurs the
    values with zeros between them. On a CPU matrices cost a tenth of what convolutions with so few channels do.
    """
    taps = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], dtype=torch.float64) / 16
    blur = torch.zeros(size, size, dtype=torch.float64)
    for row in range(size):
        for offset, tap in zip(range(-2, 3), taps, strict=True):
            column = abs(row + offset)
            blur[row, min(column, 2 * (size - 1) - column)] += tap
    return blur[::2].float().to(device), (2 * blur[:, ::2]).float().to(device)


@lru_cache(maxsize=64)
def _slopes(size: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Matrices [size, size] that blur a line of values by a Gaussian, and that take the derivative of the blurred line.

    Edges are continued; both rows of taps are of length one, as :func:`core.metrics.derivative_kernel` is.
    """
    x = torch.arange(-HALF, HALF + 1, dtype=torch.float64)
    bell = torch.exp(-(x**2) / (2 * SIGMA**2))
    made = torch.zeros(2, size, size, dtype=torch.float64)
    for matrix, taps in zip(made, (bell, x * bell), strict=True):
        for row in range(size):
            for offset, tap in zip(x.int().tolist(), taps / taps.norm(), strict=True):
                matrix[row, min(max(row + offset, 0), size - 1)] += tap
    return made[0].float().to(device), made[1].float().to(device)


def _smaller(planes: Tensor) -> Tensor:
    down = _halving(planes.shape[-2], planes.device)[0]
    across = _halving(planes.shape[-1], planes.device)[0]
    return down @ planes @ across.T


def _enlarged(planes: Tensor, size: torch.Size) -> Tensor:
    down = _halving(size[-2], planes.device)[1]
    across = _halving(size[-1], planes.device)[1]
    return down @ planes @ across.T
