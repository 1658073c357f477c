"""Seconds and peak memory of the whole path, from photo file to layers on disk: python benchmarks/matte.py

Runs the command line in a process of its own per case, so that the peaks are the case's own, and prints a table. The
photo is the sample group enlarged or reduced to the size; boxes go with it. The first case is run once beforehand and
not counted, because the first use compiles.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from photos import group_photo  # noqa: E402

CASES = [(1, 600), (2, 600), (2, 1200), (2, 3000)]
STAGES = ("read", "recognise", "matte", "project", "write")


def run(people: int, height: int, folder: Path) -> dict:
    """One case's report: ``people`` of the group at that photo height, as cut-outs and alphas."""
    group = group_photo(height)
    photo = folder / f"group-{height}.png"
    Image.fromarray(group.pixels).save(photo)
    boxes = [part for box in group.boxes[:people] for part in ("--box", ",".join(map(str, box)))]
    report = folder / "report.json"
    command = [sys.executable, "-m", "instmatt_app.cli", "matte", str(photo), *boxes, "--out", str(folder / "out")]
    options = ["--layers", "both", "--overwrite", "--report", str(report)]
    subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True)
    return json.loads(report.read_text())


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(*CASES[0], folder)
        print(
            "| people | photo | matted at | " + " | ".join(f"{stage} s" for stage in STAGES) + " | sum s | peak MiB |"
        )
        print("|---" * (len(STAGES) + 5) + "|")
        for people, height in CASES:
            report = run(people, height, folder)
            photo = report["photos"][0]
            seconds = [photo["seconds"][stage] for stage in STAGES]
            sizes = f"{photo['width']}×{photo['height']}", "×".join(map(str, photo["working_size"]))
            cells = [str(people), *sizes, *(f"{value:.2f}" for value in seconds), f"{sum(seconds):.1f}"]
            print("| " + " | ".join([*cells, str(report["peak_memory_mb"])]) + " |")


if __name__ == "__main__":
    main()
