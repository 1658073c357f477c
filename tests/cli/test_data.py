"""``instmatt data``: cut-outs from labels, and a benchmark that `compare` takes as it is."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from training.composition.drawn import a_folder

from instmatt_app.cli import main


def compose(out: Path, folder: Path, *more: str) -> int:
    cutouts, backgrounds = folder / "cutouts", folder / "backgrounds"
    sources = ["--cutouts", str(cutouts), "--backgrounds", str(backgrounds), "--split", "training"]
    return main(["data", "compose", *sources, "--count", "3", "--sizes", "128x96", "--out", str(out), *more])


def test_a_benchmark_is_whole_and_repeatable(tmp_path: Path) -> None:
    a_folder(tmp_path)
    assert compose(tmp_path / "a", tmp_path) == 0
    assert compose(tmp_path / "b", tmp_path) == 0
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path / "b") for path in (tmp_path / "b").rglob("*") if path.is_file())
    assert all((tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes() for path in files)
    assert set(json.loads((tmp_path / "a/tags.json").read_text())) == {"0000", "0001", "0002"}
    photo = cv2.imread(str(tmp_path / "a/images/comp/0000.jpg"))
    assert photo.shape == (96, 128, 3)
    people = sorted((tmp_path / "a/alphas/comp/0000").iterdir())
    assert len(people) == len(list((tmp_path / "a/masks/comp/0000").iterdir()))
    assert np.sum([cv2.imread(str(path), 0).astype(int) for path in people], axis=0).max() <= 257


def test_what_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_folder(tmp_path)
    (tmp_path / "a").mkdir()
    assert compose(tmp_path / "a", tmp_path) == 2
    assert "is there already" in capsys.readouterr().err


def test_compare_takes_the_benchmark(tmp_path: Path) -> None:
    a_folder(tmp_path)
    root = str(tmp_path / "a")
    assert compose(tmp_path / "a", tmp_path) == 0
    figures = tmp_path / "figures.json"
    given = ["compare", root, "--masks", root, "--gt", root, "--methods", "raw", "--json", str(figures)]
    assert main(given) == 0
    assert json.loads(figures.read_text())["methods"]["raw"]["thresholds"][0]["rq"]["mad"] > 50


def test_cut_outs_of_label_maps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    for folder in ("photos", "labels"):
        (source / folder).mkdir(parents=True)
    photo, labels = np.full((80, 80, 3), 200, np.uint8), np.zeros((80, 80), np.uint8)
    photo[20:70, 25:55], labels[20:70, 25:55], labels[20:30, 25:55] = 20, 4, 19
    for name in ("0001", "0002"):
        cv2.imwrite(str(source / f"photos/{name}.jpg"), photo)
        cv2.imwrite(str(source / f"labels/{name}.png"), labels)
    quality = tmp_path / "quality.json"
    quality.write_text(json.dumps({"photos": {"0001": {"agree": 0.95}, "0002": {"agree": 0.5}}}))
    given = ["data", "cutouts", "--labels", str(source), "--hair", "19", "--quality", str(quality), "--out", str(out)]
    assert main(given) == 0
    assert sorted(path.name for path in out.iterdir()) == ["person-0001-hair.png", "person-0001.png"]
    assert main(["data", "cutouts", "--labels", str(tmp_path / "nothing"), "--out", str(out)]) == 2
    assert "do not exist" in capsys.readouterr().err
