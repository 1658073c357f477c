"""`instmatt evaluate` from the command line to files: figures, sentences, exit codes."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from golden_rule import golden
from PIL import Image

from instmatt_app.cli import main

METRICS = ["mad", "mse", "grad", "conn", "iou"]


def save(folder: Path, alphas: np.ndarray) -> None:
    folder.mkdir(parents=True)
    for number, alpha in enumerate(alphas):
        Image.fromarray(alpha).save(folder / f"{number:02}.png")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The golden photos as folders of PNG files."""
    numbers = golden("golden_imq")
    for i in range(8):
        save(tmp_path / "gt" / f"im{i}", numbers[f"imq/im{i}/gt"])
        if f"imq/im{i}/pred" in numbers:
            save(tmp_path / "pred" / f"im{i}", numbers[f"imq/im{i}/pred"])
    return tmp_path


def run(*arguments: object) -> int:
    return main(["evaluate", *map(str, arguments)])


def test_published_figures_from_files(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    json_file, html_file = work / "out.json", work / "out.html"
    out = ("--json", json_file, "--html", html_file)
    assert run(work / "pred", work / "gt", "--missing", "skip", "--jobs", 2, *out) == 0
    said = json.loads(json_file.read_text())
    assert list(said) == ["thresholds", "photos", "skipped"]
    numbers = golden("golden_imq")
    for row, at in enumerate(said["thresholds"]):
        assert list(at) == ["iou", "imq", "mq", "rq", "tp", "fp", "fn"]
        assert at["iou"] == (0.5, 0.75)[row]
        for name in ("IMQ", "MQ", "RQ"):
            assert list(at[name.lower()]) == METRICS
            assert np.abs(np.array(list(at[name.lower()].values())) / 100 - numbers[f"imq/{name}"][row]).max() < 1e-6
    assert [photo["name"] for photo in said["photos"]] == ["im0", "im1", "im2", "im3", "im4", "im5", "im7"]
    assert said["skipped"] == ["im6"]
    assert ET.parse(html_file).getroot().tag == "html"
    text = capsys.readouterr()
    assert "32.43" in text.out
    assert "left out: im6." in text.err


def test_a_photo_without_prediction_counts_and_is_listed(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(work / "pred", work / "gt", "--iou", 0.5, "--json", work / "count.json") == 0
    assert run(work / "pred", work / "gt", "--iou", 0.5, "--missing", "skip", "--json", work / "skip.json") == 0
    assert "counted as missed people: im6." in capsys.readouterr().err
    count, skip = (json.loads((work / f"{name}.json").read_text()) for name in ("count", "skip"))
    (counted,), (skipped,) = count["thresholds"], skip["thresholds"]
    assert counted["fn"] == skipped["fn"] + 2
    assert all(counted["imq"][metric] < skipped["imq"][metric] for metric in METRICS)
    assert [photo["name"] for photo in count["photos"] if photo["missing"]] == ["im6"]


def test_a_benchmark_root_will_do(work: Path) -> None:
    root = work / "HIM2K" / "alphas"
    root.mkdir(parents=True)
    (work / "gt").rename(root / "comp")
    assert run(work / "pred", root.parent, "--missing", "skip", "--limit", 3, "--json", work / "out.json") == 0
    assert [photo["name"] for photo in json.loads((work / "out.json").read_text())["photos"]] == ["im0", "im1", "im2"]


@pytest.mark.parametrize("trouble", ["size", "broken", "apart", "nowhere", "twice"])
def test_trouble_is_one_sentence_with_names(work: Path, trouble: str, capsys: pytest.CaptureFixture[str]) -> None:
    pred, gt = work / "pred", work / "gt"
    if trouble == "size":
        Image.new("L", (20, 10)).save(pred / "im3" / "01.png")
        names = ["im3", "01.png", "20 × 10", "128 × 96"]
    elif trouble == "broken":
        (pred / "im3" / "01.png").write_bytes(b"no picture")
        names = ["im3", "01.png"]
    elif trouble == "apart":
        pred = work / "other"
        save(pred / "elsewhere", np.zeros((1, 8, 8), np.uint8))
        names = [str(pred), str(gt), "elsewhere"]
    elif trouble == "nowhere":
        pred = work / "missing"
        names = [str(pred)]
    else:
        gt = work / "root"
        for subset in ("comp", "natural"):
            save(gt / "alphas" / subset / "im0", np.zeros((1, 8, 8), np.uint8))
        names = ["im0", "comp", "natural"]
    assert run(pred, gt) == 2
    error = capsys.readouterr().err
    (sentence,) = [line for line in error.splitlines() if line.startswith("instmatt evaluate: ")]
    assert all(name in sentence for name in names)
    assert "Traceback" not in error


def test_wrong_thresholds_and_files_that_cannot_be_written(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(work / "pred", work / "gt", "--iou", 50) == 2
    assert "'50' is not a threshold" in capsys.readouterr().err
    assert run(work / "pred", work / "gt", "--json", work / "no" / "out.json") == 1
    assert "does not exist" in capsys.readouterr().err
