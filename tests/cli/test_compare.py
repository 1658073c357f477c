"""`instmatt compare` from drawn people to a table, a page and JSON."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from photos import drawn_people, save_masks
from PIL import Image

from instmatt_app.cli import main


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """A benchmark of two drawn photos in HIM2K's form, with masks too small and tags."""
    root = tmp_path / "bench"
    (root / "images" / "comp").mkdir(parents=True)
    for number in range(2):
        picture, truth = drawn_people(2, 120, 200, seed=number)
        Image.fromarray(picture).save(root / "images" / "comp" / f"p{number}.png")
        folder = root / "alphas" / "comp" / f"p{number}"
        folder.mkdir(parents=True)
        for index, alpha in enumerate(truth):
            Image.fromarray(np.rint(alpha * 255).astype(np.uint8)).save(folder / f"{index:02}.png")
        save_masks(root / "masks" / "comp" / f"p{number}", truth, grow=-3)
    (root / "tags.json").write_text(json.dumps({"p0": ["close"], "p1": ["close", "small"]}))
    return root


def run(bench: Path, methods: str, *more: object) -> int:
    given = [bench, "--masks", bench, "--gt", bench, "--methods", methods, *more]
    return main(["compare", *map(str, given)])


def test_table_page_and_figures(bench: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    json_file, html_file = tmp_path / "out.json", tmp_path / "out.html"
    assert run(bench, "raw,trimap-cf,trimap-knn,closed-form", "--json", json_file, "--html", html_file) == 0
    said = json.loads(json_file.read_text())
    assert list(said["methods"]) == ["raw", "trimap-cf", "trimap-knn", "closed-form"]
    mad = {name: one["thresholds"][0]["imq"]["mad"] for name, one in said["methods"].items()}
    assert mad["raw"] < mad["closed-form"]
    assert mad["raw"] < mad["trimap-cf"]
    assert list(said["tags"]) == ["close", "small"]
    assert said["failed"] == []
    pictures = [one.get("src", "") for one in ET.parse(html_file).getroot().iter("img")]
    assert len(pictures) == 2 * (2 + 4)
    assert all(one.startswith("data:image/jpeg;base64,") for one in pictures)
    out = capsys.readouterr().out
    assert "trimap-knn" in out
    assert "small" in out


def test_a_second_run_goes_on_from_what_is_there(bench: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(bench, "raw", "--out", out) == 0
    kept, changed = (out / "raw" / name / "00.png" for name in ("p0", "p1"))
    Image.new("L", (200, 120)).save(kept)
    mask = bench / "masks" / "comp" / "p1" / "00.png"
    Image.new("L", (200, 120), 255).save(mask)
    assert run(bench, "raw", "--out", out) == 0
    assert not np.asarray(Image.open(kept)).any()
    assert np.asarray(Image.open(changed)).all()


def test_a_photo_without_masks_counts_as_missed_people(bench: Path, tmp_path: Path) -> None:
    for path in (bench / "masks" / "comp" / "p1").iterdir():
        path.unlink()
    assert run(bench, "raw", "--json", tmp_path / "out.json") == 0
    at = json.loads((tmp_path / "out.json").read_text())["methods"]["raw"]["thresholds"][0]
    assert (at["tp"], at["fn"]) == (2, 2)


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        ("magic", "is unknown"),
        ("instmatt:parallel", "--model"),
        ("mgm", "--model"),
        ("instmatt:none=1", "is unknown"),
        ("instmatt:none+nativ", "is unknown"),
    ],
)
def test_wrong_use_is_one_sentence(bench: Path, methods: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(bench, methods) == 2
    error = capsys.readouterr().err
    assert error.startswith("instmatt compare: ")
    assert said in error
