"""Configurations: shipped ones can be read, and every mistake gets one sentence."""

from __future__ import annotations

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


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
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
