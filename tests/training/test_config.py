"""Configurations: shipped ones can be read, and every mistake gets one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from instmatt_app.training.config import SHIPPED, ConfigError, MattingConfig, find_config, read_config

GOOD = """
network = "lite"
[run]
steps = 10
batch = 2
lr = 1
[[data]]
kind = "composed"
cutouts = ["cutouts"]
backgrounds = ["backgrounds"]
"""


MATTING = sorted(path for path in SHIPPED.glob("*.toml") if not path.stem.startswith("recogniser"))


@pytest.mark.parametrize("path", MATTING, ids=lambda path: path.stem)
def test_what_is_shipped_can_be_read(path: Path) -> None:
    config = read_config(find_config(path.stem), MattingConfig)
    assert config.run.steps > config.run.warmup


def test_values_become_what_they_are_meant_to_be(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(GOOD + "[samples]\nzoom = [0.5, 2]\n")
    config = read_config(path, MattingConfig)
    assert isinstance(config.run.lr, float)
    assert config.samples.zoom == (0.5, 2.0)
    assert config.data[0].weight == 1.0
    assert config.run.rate(0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("steps = 10", "stepz = 10", "unknown entry “stepz”"),
        ("steps = 10", "", "lacks the entry “steps”"),
        ("steps = 10", "steps = 1.5", "steps must be a whole number, not 1.5"),
        ("steps = 10", "steps = true", "whole number"),
        ("steps = 10", "steps = 0", "steps must be at least 1"),
        ("steps = 10", "steps = 10\nbetas = [0.5]", "betas must have 2 entries"),
        ("steps = 10", "steps = 10\naverage = 1.5", "from 0 to 1"),
        ('network = "lite"', 'network = "huge"', "one of published, lite, mgm"),
        ('kind = "composed"', 'kind = "found"', "one of composed, coco"),
        ('kind = "composed"', "", "must have a “kind”"),
        ('cutouts = ["cutouts"]', 'cutouts = "cutouts"', "must be a list"),
        ('cutouts = ["cutouts"]', "cutouts = [3]", "must be text"),
        ("[run]", "[samples]\ncrop = 100\n[run]", "multiple of 32"),
        ("[run]", "[samples]\nzoom = [2, 1]\n[run]", "the smaller first"),
        ("[run]", "loss = 3\n[run]", "loss must be a table"),
        ('backgrounds = ["backgrounds"]', 'backgrounds = ["backgrounds"]\nweight = 0', "weight above 0"),
        ("[run]", "[run", "is not TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(before, after, 1))
    with pytest.raises(ConfigError, match=said) as error:
        read_config(path, MattingConfig)
    assert str(error.value).endswith(".")


def test_a_name_that_nobody_knows_is_answered_with_those_that_are_there() -> None:
    with pytest.raises(ConfigError, match="lite-stage1"):
        find_config("lite-stage9")


def test_the_ablation_differs_in_one_entry_only() -> None:
    with_it, without = (
        read_config(find_config(f"ablation-{name}-augmentation"), MattingConfig) for name in ("with", "without")
    )
    assert with_it.samples.augment
    assert replace(with_it, samples=replace(with_it.samples, augment=False)) == without


def test_the_papers_and_the_released_schedules() -> None:
    plans = {name: read_config(find_config(name), MattingConfig).run for name in SCHEDULES}
    assert {name: (one.steps, one.warmup, one.lr) for name, one in plans.items()} == SCHEDULES
    # The released second stage ends near the middle of its cosine.
    assert plans["released-stage2"].rate(49_999) == pytest.approx(5.2e-5, rel=0.05)


SCHEDULES = {
    "paper-stage1": (100_000, 5_000, 1e-3),
    "paper-stage2": (25_000, 1_000, 1e-4),
    "released-stage1": (200_000, 2_000, 1e-4),
    "released-stage2": (50_000, 1_000, 1e-4),
    "mgm": (100_000, 5_000, 1e-3),
}
