"""Strands: they grow out of the region, in its colour, and never take anything away."""

import numpy as np

from instmatt_app.training.composition.hair import Style, grow

STYLE = Style(strands=150, length=25, curl=0.5, thickness=0.8, gravity=0.2, opacity=0.9)


def a_head() -> tuple[np.ndarray, np.ndarray]:
    """A red disc as premultiplied RGBA, and its upper half as the region where hair is."""
    rows, columns = np.mgrid[:100, :100]
    disc = (rows - 50) ** 2 + (columns - 50) ** 2 < 20**2
    person = np.zeros((100, 100, 4), np.float32)
    person[disc] = (0.8, 0.1, 0.1, 1)
    return person, disc & (rows < 50)


def test_strands_leave_the_head_and_nothing_is_lost() -> None:
    person, region = a_head()
    hairy = grow(person, region, STYLE, np.random.default_rng(1))
    assert (hairy[..., 3] >= person[..., 3] - 1e-6).all()
    assert hairy[..., 3].max() <= 1
    new = (person[..., 3] == 0) & (hairy[..., 3] > 0.05)
    assert new.sum() > 300
    assert new[:50].sum() > 3 * new[60:].sum()
    soft = (hairy[..., 3] > 0.05) & (hairy[..., 3] < 0.95)
    assert soft.sum() > 200


def test_strands_have_the_colour_of_the_hair() -> None:
    person, region = a_head()
    hairy = grow(person, region, STYLE, np.random.default_rng(2))
    new = (person[..., 3] == 0) & (hairy[..., 3] > 0.2)
    straight = hairy[new][:, :3] / hairy[new][:, 3:]
    assert (straight[:, 0] > 3 * straight[:, 1]).all()


def test_without_a_region_nothing_grows() -> None:
    person, region = a_head()
    assert grow(person, np.zeros_like(region), STYLE, np.random.default_rng(3)) is person
