"""From a dropped photo to files, in a window on a real X display under real pointer and key events."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from golden_rule import fill

from instmatt_app.cli import main as command_line
from instmatt_app.engine.network.instmatt import InstMatt

TESTS = Path(__file__).parents[1]
NEEDED = ("Xvfb", "xdotool")


@pytest.fixture
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=(write,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@pytest.mark.skipif(
    os.environ.get("INSTMATT_REAL_WINDOW") != "1",
    reason="real pointer events race with a window that still moves: asked for with INSTMATT_REAL_WINDOW=1",
)
@pytest.mark.skipif(
    any(shutil.which(name) is None for name in NEEDED), reason=f"needs {' and '.join(NEEDED)} (Debian: xvfb, xdotool)"
)
@pytest.mark.timeout(600)
def test_what_hands_make_in_the_window_is_what_the_command_line_writes(
    display: str, group_file: Path, tmp_path: Path
) -> None:
    network = InstMatt()
    fill(network)
    weights = tmp_path / "rule.pth"
    torch.save({"state_dict": network.state_dict()}, weights)
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    arguments = [sys.executable, str(TESTS / "real_window.py"), str(group_file), str(weights), str(tmp_path)]
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=550, cwd=TESTS.parent)
    assert done.returncode == 0, done.stderr
    boxes = json.loads((tmp_path / "boxes.json").read_text())
    common = [f"--box={','.join(map(str, box))}" for box in boxes]
    common += ["--working-size", "96", "--hints", str(tmp_path / "hints"), "--pins", str(tmp_path / "pins")]
    for name, options in (
        ("closed-form", ["--engine", "closed-form"]),
        ("cycle", ["--model", str(weights), "--refine", "cycle", "--order", "2,1"]),
    ):
        out = tmp_path / f"{name}-command"
        assert command_line(["matte", str(group_file), *common, *options, "--out", str(out)]) == 0
        files = sorted(path.relative_to(out) for path in out.rglob("*.png"))
        assert len(files) == 2
        for file in files:
            assert (tmp_path / name / file).read_bytes() == (out / file).read_bytes(), f"{name}: {file}"
