"""Nothing opens a connection unasked: start, open, find, matte, export, guide, models, report."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_nothing_opens_a_connection_unasked(tmp_path: Path, group_file: Path) -> None:
    path = os.pathsep.join([str(TESTS.parent), str(TESTS)])
    environment = os.environ | {"PYTHONPATH": path, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(TESTS / "offline.py"), str(group_file), str(tmp_path / "layers")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-2:] == ["asked for:", "noticed: True"]
    assert list((tmp_path / "layers").rglob("*.png"))
