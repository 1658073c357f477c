"""``instmatt train`` as a whole: both stages on drawn people, stopped, resumed, exported, and used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from instmatt_app.cli import main
from instmatt_app.engine.weights import load_network
from instmatt_app.training.checkpoint import read_checkpoint
from instmatt_app.training.composition.archive import held_out
from instmatt_app.training.composition.cutouts import is_held_out

FORKS = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

CONFIG = """
network = "lite"
[run]
steps = 3
batch = 2
lr = 1e-3
warmup = 1
average = 0.9
log_every = 1
validate_every = 2
workers = 1
threads = 1
[samples]
crop = 64
largest = 5
[validation]
compositions = 2
side = 96
[[data]]
kind = "composed"
cutouts = ["people"]
backgrounds = ["places"]
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A configuration, and drawn people and places for both splits."""
    rng = np.random.default_rng(0)
    for folder, out in (("people", is_held_out), ("places", lambda name: held_out(f"background/{name[:-6]}"))):
        (tmp_path / folder).mkdir()
        names = [f"drawn{number}-0.png" if folder == "people" else f"place{number}_0.png" for number in range(60)]
        split = {bool(out(name.removesuffix(".png") if folder == "people" else name)): name for name in names}
        assert len(split) == 2
        for name in split.values():
            picture = rng.integers(0, 256, (90, 60, 4 if folder == "people" else 3), np.uint8)
            picture = cv2.GaussianBlur(picture, (0, 0), 3)
            if folder == "people":
                picture[..., 3] = cv2.GaussianBlur(
                    cv2.ellipse(np.zeros((90, 60), np.uint8), (30, 45), (20, 35), 0, 0, 360, 255, -1), (0, 0), 2
                )
            cv2.imwrite(str(tmp_path / folder / name), picture)
    (tmp_path / "config.toml").write_text(CONFIG)
    return tmp_path


def train(data: Path, stage: str, out: str, *more: str) -> int:
    given = ["train", stage, "--config", str(data / "config.toml"), "--data", str(data), "--out", str(data / out)]
    return main([*given, "--device", "cpu", *more])


@FORKS
def test_both_stages_one_after_the_other(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(data, "stage1", "one", "--minutes", "0") == 0
    assert "The time is over at step 1 of 3; go on with --resume." in capsys.readouterr().err
    assert train(data, "stage1", "one") == 2
    assert "--resume" in capsys.readouterr().err
    exported = data / "one.safetensors"
    assert train(data, "stage1", "one", "--resume", "--export", str(exported)) == 0
    said = capsys.readouterr().err
    assert "Going on at step 1 of 3" in said
    assert "Validation at step 2" in said
    assert "Done at step 3 of 3." in said
    assert load_network(exported).refiner is None
    assert len((data / "one" / "training.csv").read_text().splitlines()) == 4

    assert train(data, "stage2", "two") == 2
    assert "--start" in capsys.readouterr().err
    assert train(data, "stage2", "one", "--resume", "--start", str(exported)) == 2
    assert "a run of stage1, not of stage2" in capsys.readouterr().err
    assert train(data, "stage2", "two", "--start", str(data / "one" / "best.pt"), "--workers", "0") == 0
    assert main(["train", "export", str(data / "two" / "last.pt"), str(data / "two.safetensors")]) == 0
    network, before = load_network(data / "two.safetensors"), load_network(exported)
    assert network.refiner is not None
    # Stage 2 leaves the matting branch as it is.
    whole = network.state_dict()
    assert all(whole[key].equal(value) for key, value in before.state_dict().items())


def test_ctrl_c_ends_every_process_with_a_checkpoint(data: Path) -> None:
    (data / "config.toml").write_text(CONFIG.replace("steps = 3", "steps = 100000"))
    command = [sys.executable, "-m", "instmatt_app.cli", "train", "stage1", "--config", str(data / "config.toml")]
    command += ["--data", str(data), "--out", str(data / "one"), "--device", "cpu"]
    root = Path(__file__).parent.parent.parent
    # A group of its own, as a terminal gives to a command: Ctrl-C reaches the worker processes, too.
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        table = data / "one" / "training.csv"
        end = time.monotonic() + 200
        while time.monotonic() < end and (not table.is_file() or table.read_text().count("\n") < 3):
            time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=100)
    assert process.returncode == 130
    assert "Asked to end at step" in said
    assert "Traceback" not in said
    steps = int(table.read_text().splitlines()[-1].partition(",")[0])
    assert read_checkpoint(data / "one" / "last.pt")["step"] == steps


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda data: (data / "config.toml").write_text(CONFIG.replace("lr", "rate")), "unknown entry “rate”"),
        (lambda data: [path.unlink() for path in (data / "people").iterdir()], "There are no files in"),
        (lambda data: [path.write_bytes(b"no picture") for path in (data / "people").iterdir()], ".png"),
        (lambda data: (data / "places").rename(data / "elsewhere"), "places"),
    ],
    ids=["config", "empty", "broken", "missing"],
)
def test_bad_input_is_named_before_anything_is_trained(
    data: Path, capsys: pytest.CaptureFixture[str], break_it: object, said: str
) -> None:
    assert callable(break_it)
    break_it(data)
    assert train(data, "stage1", "one") == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1
    assert not (data / "one").exists()
