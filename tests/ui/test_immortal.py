"""A long session of painting does not take None away."""

import subprocess
import sys
from pathlib import Path

PAINTING = """
import sys
import instmatt_app.ui
from PySide6.QtGui import QPainterPath
from PySide6.QtCore import QObject
path, thing = QPainterPath(), QObject()
for _ in range(300_000):
    path.closeSubpath()
    thing.signalsBlocked()
print("alive", None, True)
"""


def test_hundreds_of_thousands_of_calls_are_survived() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", PAINTING], cwd=root, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "alive None True\n"), done.stderr
