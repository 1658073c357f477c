"""Benchmarks: compositions on disk in HIM2K's form, with rough masks and tags beside the exact alphas.

``images/comp/NAME.jpg``, ``alphas/comp/NAME/NN.png``, ``masks/comp/NAME/NN.png``, ``tags.json`` and ``benchmark.json``,
which says how it was made. The same seed and sources give the same files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.training.composition.archive import DataError
from instmatt_app.training.composition.composer import Composer

JPEG_QUALITY = 95


def write_benchmark(
    composer: Composer,
    out: Path,
    count: int,
    sizes: Sequence[tuple[int, int]],
    seed: int,
    notes: Mapping[str, object],
    step: Callable[[int, int, str], None],
) -> None:
    """Write ``count`` compositions; ``sizes`` (h, w) are taken in turn. ``notes`` go into ``benchmark.json``.

    Everything is written beside ``out`` and moved there when it is complete. Raises DataError if ``out`` is there.
    """
    if out.exists():
        raise DataError(f"“{out}” is there already; give another folder, or remove it.")
    beside = out.with_name(f".{out.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        tags = {}
        for number in range(count):
            step(number, count, "composing")
            made = composer.draw(np.random.default_rng([seed, number]), sizes[number % len(sizes)])
            name = f"{number:04}"
            _write(beside / "images/comp" / f"{name}.jpg", made.photo[..., ::-1])
            for person, (alpha, mask) in enumerate(zip(made.alphas, made.masks, strict=True)):
                exact = np.rint(np.clip(alpha, 0, 1) * 255).astype(np.uint8)
                _write(beside / "alphas/comp" / name / f"{person:02}.png", exact)
                _write(beside / "masks/comp" / name / f"{person:02}.png", mask)
            tags[name] = sorted(made.tags)
        (beside / "tags.json").write_text(json.dumps(tags, indent=1), "utf-8")
        made_of = {"seed": seed, "photos": count, "sizes": [list(size) for size in sizes], **notes}
        (beside / "benchmark.json").write_text(json.dumps(made_of, indent=1), "utf-8")
        beside.rename(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    step(count, count, "composed")


def _write(path: Path, pixels: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if path.suffix == ".jpg" else []
    content = cv2.imencode(path.suffix, pixels, options)[1]
    path.write_bytes(content.tobytes())
