"""Putting three scales together: which pixels are unknown, how far that reaches, and what is taken where."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from golden_rule import bits, golden

from instmatt_app.engine.progressive import (
    Fused,
    dilate,
    dilate_by_rows,
    fuse,
    keep_known,
    unknown_area,
    unknown_pixels,
)


@pytest.mark.parametrize("side", [1, 2, 3, 4, 6, 7, 10, 14, 15, 22, 29, 35])
def test_dilation_is_that_of_opencv(side: int) -> None:
    generator = np.random.default_rng(side)
    mask = generator.random((2, 40, 53)) < 0.004
    mask[0, 0, 0] = mask[0, -1, 20] = mask[1, 17, -1] = True  # the borders too
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    expected = np.stack([cv2.dilate(plane.astype(np.uint8), ellipse) for plane in mask]).astype(bool)
    for widened in (dilate(torch.from_numpy(mask), side), dilate_by_rows(torch.from_numpy(mask), ellipse)):
        assert widened.dtype == torch.bool
        np.testing.assert_array_equal(widened, expected)


@pytest.mark.parametrize("side", [7, 15, 35])
def test_one_pixel_grows_to_the_published_ellipse(side: int) -> None:
    mask = torch.zeros(1, 1, side, side, dtype=torch.bool)
    mask[..., side // 2, side // 2] = True
    np.testing.assert_array_equal(dilate(mask, side)[0, 0], golden("golden_train")[f"unk/kernel{side}"].astype(bool))


@pytest.mark.parametrize("width", [30, 15])
def test_unknown_areas_are_the_published_ones(width: int) -> None:
    numbers = golden("golden_train")
    area = unknown_area(torch.from_numpy(numbers["unk/pred"]), width)
    np.testing.assert_array_equal(area, bits(numbers[f"unk/w{width}"], area.shape[-1]))


def test_known_means_beyond_one_level() -> None:
    level = torch.tensor(1 / 255)
    below, above = torch.nextafter(level, torch.tensor(0.0)), torch.nextafter(1 - level, torch.tensor(1.0))
    alphas = torch.stack([torch.tensor(0.0), below, level, torch.tensor(0.5), 1 - level, above, torch.tensor(1.0)])
    assert unknown_pixels(alphas).tolist() == [False, False, True, True, True, False, False]


def test_finer_scales_are_taken_only_where_the_coarser_ones_are_unknown() -> None:
    size = (2, 3, 64, 64)
    os8, os4, os1 = torch.zeros(size), torch.full(size, 1.0), torch.full(size, 0.25)
    os8[0, 1, 32, 20] = 0.5  # unknown in one channel of the first person
    os4[0, 2, 32, 20] = 0.5
    fused = fuse(os8, os4, os1)
    outer, inner = torch.zeros(2, 64, 64, dtype=torch.bool), torch.zeros(2, 64, 64, dtype=torch.bool)
    for mask, side in ((outer, 15), (inner, 7)):
        reach = side // 2
        ellipse = torch.from_numpy(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))).bool()
        mask[0, 32 - reach : 33 + reach, 20 - reach : 21 + reach] = ellipse
    assert torch.equal(fused.unknown[:, 0], inner)
    for channel in range(3):
        assert torch.equal(fused.trimatte[:, channel], outer.float() * (1 - inner.float()) + 0.25 * inner.float())


def test_the_final_result_is_refined_in_the_unknown_area_only() -> None:
    unknown = torch.zeros(1, 1, 4, 4, dtype=torch.bool)
    unknown[..., 1, 2] = True
    final = keep_known(torch.ones(1, 3, 4, 4), Fused(torch.zeros(1, 3, 4, 4), unknown))
    assert torch.equal(final, unknown.expand(1, 3, 4, 4).float())
