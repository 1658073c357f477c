"""Peak memory and seconds of large photos, from file to layers: python benchmarks/large.py [MEGAPIXELS …]

A drawn photo of so many megapixels with six people (eight from 50 megapixels on; or as many as ``--people`` says) who
come as masks is matted at the default working size and then in the photo's own detail (not with ``--detail none``), and
written as alphas and cut-outs. ``--model`` is a file of weights, "drawn" for the published network with weights of the
tests' rule (to which everything is unknown: the most that it can cost), or "none" for closed-form matting (default: the
weights that come with the program). Each case is a run of the command line in a process of its own, whose peak is what
the system counted. ``--processor`` gives seconds of the processor on one thread, which say something on a machine that
others use, too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("read", "recognise", "matte", "refine", "project", "detail", "write")


def draw(folder: Path, megapixels: int, people: int) -> None:
    """Writes photo.jpg and masks/NN.png, strip by strip."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    photo = np.empty((height, width, 3), np.uint8)
    masks = [np.zeros((height, width), np.uint8) for _ in range(people)]
    across = np.arange(width, dtype=np.float32)
    for top in range(0, height, 256):
        rows = np.arange(top, min(height, top + 256), dtype=np.float32)[:, None]
        strip = np.stack(np.broadcast_arrays(90 + 60 * rows / height, 120 + 60 * across / width, np.float32(150)), -1)
        for number in range(people):
            # Nobody reaches beyond their share of the width.
            own = slice(number * width // people, (number + 1) * width // people)
            x, y = across[own] - width * (number + 0.5) / people, rows - height * (0.5 + 0.1 * (-1) ** number)
            radius = width / people * 0.36 * (1 + 0.03 * np.sin(60 * np.arctan2(y, x)))
            alpha = np.clip((radius - np.hypot(x, y)) / 6 + 0.5, 0, 1)
            colour = np.array([200, 40 + 25 * number, 60], np.float32)
            strip[:, own] += alpha[..., None] * (colour - strip[:, own])
            masks[number][top : top + len(rows), own] = (alpha > 0.5) * np.uint8(255)
        photo[top : top + len(rows)] = np.rint(strip)
    cv2.imwrite(str(folder / "photo.jpg"), photo, [cv2.IMWRITE_JPEG_QUALITY, 92])
    (folder / "masks").mkdir()
    for number, mask in enumerate(masks):
        cv2.imwrite(str(folder / "masks" / f"{number:02}.png"), mask)


def drawn_weights(folder: Path) -> Path:
    """The published network with the weights of the rule, as a file of ours."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from golden_rule import fill
    from safetensors.torch import save_file

    from instmatt_app.engine.network.instmatt import InstMatt

    network = InstMatt()
    fill(network)
    path = folder / "drawn.safetensors"
    save_file({key: tensor.contiguous() for key, tensor in network.state_dict().items()}, path)
    return path


# The program's clock counts what its process computed.
PROCESSOR = """
import runpy, time, cv2
time.perf_counter = time.process_time
cv2.setNumThreads(1)
runpy.run_module("instmatt_app.cli", run_name="__main__")
"""


def run(folder: Path, model: Path | None, detail: str, processor: bool) -> dict:
    """The report of one run."""
    report = folder / "report.json"
    how = ["--engine", "instmatt", "--model", str(model)] if model else ["--engine", "closed-form"]
    program = ["-c", PROCESSOR] if processor else ["-m", "instmatt_app.cli"]
    command = [sys.executable, *program, "matte", str(folder / "photo.jpg")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"} if processor else None
    options = ["--masks", str(folder / "masks"), "--detail", detail, "--layers", "both", "--device", "cpu"]
    targets = ["--out", str(folder / "out"), "--report", str(report)]
    subprocess.run([*command, *how, *options, *targets], cwd=ROOT, env=environment, check=True)
    return json.loads(report.read_text())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("megapixels", type=int, nargs="*", default=[24, 100])
    parser.add_argument("--model", default=str(ROOT / "models" / "instmatt-lite.safetensors"))
    parser.add_argument("--people", type=int)
    parser.add_argument("--detail", choices=("auto", "none", "native"), default="auto")
    parser.add_argument("--processor", action="store_true")
    given = parser.parse_args()
    print("| photo | people | " + " | ".join(f"{stage} s" for stage in STAGES) + " | peak MiB |")
    print("|---" * (len(STAGES) + 3) + "|")
    for megapixels in given.megapixels:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            people = given.people or (8 if megapixels >= 50 else 6)
            draw(folder, megapixels, people)
            model = drawn_weights(folder) if given.model == "drawn" else Path(given.model).resolve()
            report = run(folder, None if given.model == "none" else model, given.detail, given.processor)
        photo = report["photos"][0]
        cells = [f"{photo['width']}×{photo['height']}", str(people)]
        cells += [f"{photo['seconds'].get(stage, 0):.1f}" for stage in STAGES]
        print("| " + " | ".join([*cells, str(report["peak_memory_mb"])]) + " |", flush=True)


if __name__ == "__main__":
    main()
