"""Compositions: exact, repeatable, and never of people who are held out."""

from pathlib import Path

import numpy as np
import pytest
from training.composition.drawn import a_folder

from instmatt_app.training.composition.archive import DataError
from instmatt_app.training.composition.backgrounds import Backgrounds
from instmatt_app.training.composition.composer import Composer, Recipe
from instmatt_app.training.composition.cutouts import CutOuts

# A photo straight from its layers: nothing is added that the alphas do not explain.
CLEAN = Recipe(people=(0.0, 0.5, 0.5), bystander=0, noise=0, jpeg=0, motion=0.3, defocus=0.3)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> tuple[CutOuts, Backgrounds]:
    cutouts, backgrounds = a_folder(tmp_path_factory.mktemp("sources"))
    return CutOuts([cutouts], validation=False), Backgrounds([backgrounds], validation=False)


@pytest.mark.parametrize("seed", range(12))
def test_the_layers_make_the_photo(sources: tuple[CutOuts, Backgrounds], seed: int) -> None:
    made = Composer(*sources, CLEAN).draw(np.random.default_rng(seed), (96, 128))
    assert made.photo.shape == (96, 128, 3)
    background = 1 - made.alphas.sum(axis=0)
    assert background.min() > -1e-5
    layers = (made.alphas[..., None] * made.foregrounds).sum(axis=0) + background[..., None] * made.background
    # Straight colours of thin alphas are rounded and clipped; what they add to the photo is not seen.
    assert np.abs(layers - made.photo).max() < 3


@pytest.mark.parametrize("seed", range(12))
def test_masks_are_rough_but_of_the_person(sources: tuple[CutOuts, Backgrounds], seed: int) -> None:
    recipe = Recipe(people=(0.5, 0.5), faults=False, motion=0, defocus=0, strands=0, fuzz=0)
    made = Composer(*sources, recipe).draw(np.random.default_rng(seed), (128, 128))
    for alpha, mask in zip(made.alphas, made.masks, strict=True):
        seen, found = alpha > 0.5, mask > 0
        assert set(np.unique(mask)) <= {0, 255}
        assert (seen & found).sum() / (seen | found).sum() > 0.6


def test_a_seed_gives_the_same_again(sources: tuple[CutOuts, Backgrounds]) -> None:
    first, second = (Composer(*sources).draw(np.random.default_rng(7), (96, 96)) for _ in range(2))
    assert (first.photo == second.photo).all()
    assert (first.masks == second.masks).all()
    assert first.tags == second.tags
    assert (first.photo != Composer(*sources).draw(np.random.default_rng(8), (96, 96)).photo).any()


def test_nobody_is_in_both_splits(tmp_path: Path) -> None:
    cutouts, backgrounds = a_folder(tmp_path)
    assert not set(CutOuts([cutouts], True).names) & set(CutOuts([cutouts], False).names)
    assert len(CutOuts([cutouts], True)) + len(CutOuts([cutouts], False)) == 24
    assert len(Backgrounds([backgrounds], True)) + len(Backgrounds([backgrounds], False)) == 24


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no files"):
        CutOuts([tmp_path], validation=False)
