"""The two stages: what the refiner learns from is the published step, and a run of each makes errors smaller."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from golden_rule import checksums, fill, golden, scene
from torch import nn

from instmatt_app.engine.network.refiner import Refiner
from instmatt_app.training.stage2 import refine_one_patch


@pytest.mark.parametrize("passes", [1, 2, 3])
def test_the_refiner_is_trained_as_published(passes: int) -> None:
    numbers = golden("golden_train")
    refiner = Refiner()
    fill(refiner, "refiner.")
    trimattes, feature, image = (torch.from_numpy(one) for one in scene(3, 160, 192, 1.3))
    made = refine_one_patch(refiner, trimattes, feature, image, passes)
    loss = nn.functional.mse_loss(made, trimattes)
    loss.backward()
    prefix = f"train_refiner/it{passes}"
    np.testing.assert_allclose(float(loss.detach()), numbers[f"{prefix}_loss"], rtol=1e-5)
    np.testing.assert_allclose(checksums(made.detach()), numbers[f"{prefix}_out_cs"], rtol=1e-5, atol=1e-6)
    norms = [float(one.grad.norm()) for one in refiner.parameters() if one.grad is not None]
    np.testing.assert_allclose(norms, numbers[f"{prefix}_grad_norms"], rtol=1e-4)
