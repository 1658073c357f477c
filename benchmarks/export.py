"""What each format costs: python benchmarks/export.py [--megapixels 24] [--people 6] [--formats psd ora …]

A drawn photo with soft people who overlap, mattes at the working size; every format in a process of its own, so that
its peak memory is its own. Prints a table: seconds on the clock and of the processor, peak memory, size on the disk.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
FILES = ("png", "png16", "webp")
DOCUMENTS = (
    "psd", "psd-transparency", "psd16", "psb", "psb16", "ora", "ora16", "tiff", "tiff16", "exr", "cryptomatte", "coco",
)  # fmt: skip
RECOMPOSABLE = ("psd recomposable", "ora recomposable")


def drawn(megapixels: float, people: int):  # type: ignore[no-untyped-def]
    """A result whose people stand beside each other, overlap, and are soft all round."""
    import cv2
    import numpy as np

    from instmatt_app.api import Result
    from instmatt_app.core.instance import Instance
    from instmatt_app.core.photo import Photo
    from instmatt_app.core.planes import TilePlane
    from instmatt_app.core.rect import Rect

    width = round((megapixels * 1e6 * 1.5) ** 0.5)
    height = round(width / 1.5)
    rng = np.random.default_rng(0)
    noise = rng.normal(128, 40, (height // 8, width // 8, 3)).astype(np.float32)
    pixels = np.clip(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)
    pixels ^= rng.integers(0, 4, pixels.shape, np.uint8)  # a sensor's noise, without which files are too small
    photo = Photo(pixels)
    h, w = photo.size_at(1280)
    y, x = np.mgrid[:h, :w].astype(np.float32)
    left = np.ones((h, w), np.float32)
    alphas = []
    for number in range(people):
        rough = cv2.GaussianBlur(rng.normal(0, 1, (h, w)).astype(np.float32), (0, 0), 2) * 40
        across = np.hypot((x - w * (number + 0.5) / people) / 1.3, (y - h * 0.55) / 2.4)
        alpha = left * np.clip((w / people / 2 - across + rough) / 12 + 0.5, 0, 1)
        left -= alpha
        alphas.append(alpha)
    instances = [Instance(n + 1, f"Person {n + 1}", TilePlane(1, 1), Rect(0, 0, 1, 1)) for n in range(people)]
    return Result(photo, instances, np.stack([*alphas, left]), "drawn", "drawn", "cpu", {}, {})


def one(name: str, megapixels: float, people: int) -> None:
    """Writes one format and prints seconds, MiB at the peak and before, and MB on the disk."""
    import psutil

    from instmatt_app.cli.report import peak_memory_mb

    result = drawn(megapixels, people)
    process = psutil.Process()
    before = process.memory_info().rss / 2**20
    with tempfile.TemporaryDirectory() as folder:
        began, worked = time.perf_counter(), time.process_time()
        kind = name.split()[0]
        if kind in FILES:
            result.save(folder, layers="both", format=kind)
        else:
            result.save_document(folder, format=kind, stem="photo", recomposable="recomposable" in name)
        seconds, busy = time.perf_counter() - began, time.process_time() - worked
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    print(
        f"| {name} | {seconds:.1f} | {busy:.1f} | {peak_memory_mb():.0f} | {before:.0f} | {size / 1e6:.0f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, default=24)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--formats", nargs="+", default=[*FILES, *DOCUMENTS, *RECOMPOSABLE])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one, given.megapixels, given.people)
        return
    print("| format | s | CPU s | peak MiB | of it before | MB on the disk |\n|---|---|---|---|---|---|", flush=True)
    sizes = ["--megapixels", str(given.megapixels), "--people", str(given.people)]
    for name in given.formats:
        subprocess.run([sys.executable, __file__, "--one", name, *sizes], check=False)


if __name__ == "__main__":
    main()
