"""Seconds and peak memory of the published network by stage, and what each saving is worth: python benchmarks/engine.py

Needs no weights: they are drawn, and the alphas of the first scale are taken from the guidance, so that the unknown
area is that of a person's outline and not the noise that drawn weights see everywhere. The light network has those that
come with the program. Seconds are by the clock, the least of some rounds in which the ways take turns in one process:
run it on an idle computer. Peaks are what a process of its own held beyond what it held before. ``--people``,
``--size``, ``--rounds`` and ``--threads`` choose less than all of it.
"""

import argparse
import copy
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from photos import drawn_people  # noqa: E402
from torch import Tensor  # noqa: E402

from instmatt_app.core.interfaces import silent  # noqa: E402
from instmatt_app.core.photo import Photo  # noqa: E402
from instmatt_app.core.refinement import Refinement  # noqa: E402
from instmatt_app.core.trimask import trimasks  # noqa: E402
from instmatt_app.engine.evidence import Room, look  # noqa: E402
from instmatt_app.engine.matting import InstMattEngine  # noqa: E402
from instmatt_app.engine.network.folding import fold  # noqa: E402
from instmatt_app.engine.network.instmatt import Coarse, InstMatt, Prediction  # noqa: E402
from instmatt_app.engine.network.spectral_norm import fold_spectral_norm  # noqa: E402
from instmatt_app.engine.progressive import fuse  # noqa: E402
from instmatt_app.engine.tensors import guidance_tensor, image_tensor  # noqa: E402
from instmatt_app.engine.weights import load_network  # noqa: E402

LAST = torch.channels_last
LITE = ROOT / "models" / "instmatt-lite.safetensors"


class Outlined(InstMatt):
    """The published network, whose alphas are soft about the edges of the guidance and sure elsewhere."""

    def forward(self, image: Tensor, guidance: Tensor) -> Prediction:
        return super().forward(image, guidance)._replace(os8=_outlined(guidance))

    def coarse(self, image: Tensor, guidance: Tensor) -> Coarse:
        return super().coarse(image, guidance)._replace(os8=_outlined(guidance))


def _outlined(guidance: Tensor) -> Tensor:
    # By OpenCV, because torch's average over 21 × 21 pixels takes longer than half of the network.
    planes = guidance.contiguous().flatten(0, 1).numpy()
    blurred = np.stack([cv2.blur(plane, (21, 21)) for plane in planes])
    return torch.from_numpy(blurred).view_as(guidance)


def network() -> InstMatt:
    """Drawn weights whose maps neither fade nor grow without bound."""
    torch.manual_seed(0)
    made = Outlined().eval()
    with torch.no_grad():
        for module in made.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.weight.fill_(0.5)
            elif hasattr(module, "kernel"):
                conv = module.module
                sigma = torch.linalg.matrix_norm(conv.weight_bar.flatten(1), 2)
                conv.weight_u.copy_(torch.linalg.svd(conv.weight_bar.flatten(1), full_matrices=False)[0][:, 0])
                conv.weight_v.copy_(conv.weight_bar.flatten(1).t() @ conv.weight_u / sigma)
    return made


def scene(people: int, size: int) -> tuple[Photo, dict[int, np.ndarray]]:
    """A 3:2 photo of drawn people at that long side, and their tri-masks."""
    picture, truth = drawn_people(people, size * 2 // 3, size)
    return Photo(picture), dict(enumerate(trimasks([(alpha > 0.5).astype(np.float32) for alpha in truth])))


def alternate(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least seconds of each way, which take turns."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            best[name] = min(best[name], time.perf_counter() - started)
    return best


def savings(size: int, rounds: int) -> None:
    """One person through the network in several ways: seconds and ratios."""
    plain = network()
    photo, guidance = scene(1, size)
    image, tri = image_tensor(photo.at(size)), guidance_tensor(guidance[0])[None]
    sn, folded = fold_spectral_norm(copy.deepcopy(plain)), fold(copy.deepcopy(plain))
    last = [copy.deepcopy(one).to(memory_format=LAST) for one in (sn, folded)]
    lite = fold(load_network(LITE)).eval().to(memory_format=LAST)
    inputs, channels_last = (image[None], tri), tuple(one.contiguous(memory_format=LAST) for one in (image[None], tri))
    ways: dict[str, Callable[[], object]] = {
        "plain": lambda: fuse(*plain(*inputs)[:3]),
        "spectral norm folded": lambda: fuse(*sn(*inputs)[:3]),
        "and channels last (`--published`, whole photo)": lambda: fuse(*last[0](*channels_last)[:3]),
        "and batch norm folded": lambda: fuse(*last[1](*channels_last)[:3]),
        "and finest levels in windows": lambda: look(last[1], image, tri, 512, Room(2**30), False, True),
        "`--published` in windows": lambda: look(last[0], image, tri, 512, Room(2**30), False, True),
        "the light network as it ships, in windows": lambda: look(lite, image, tri, 512, Room(2**30), False, True),
    }
    with torch.inference_mode():
        seconds = alternate(ways, rounds)
        unknown = look(last[1], image, tri, 512, Room(0), False, False)[0].fused.unknown
    print(f"One person, {size} pixels, unknown area {float(unknown.float().mean()):.1%} of the photo:\n")
    print("| | s | ratio |\n|---|---|---|")
    for name, took in seconds.items():
        print(f"| {name} | {took:.2f} | {took / seconds['plain']:.2f} |")


def stages(which: str, people: int, size: int) -> None:
    """One row of the table by stage, in a process of its own: seconds of matting and both refinements, and peaks."""
    import psutil

    engine = InstMattEngine(network() if which == "published" else load_network(LITE), which, size)
    engine.refine(*scene(2, 64), Refinement(), silent)
    photo, guidance = scene(people, size)
    before = psutil.Process().memory_info().rss
    cells, peaks = [], []
    gaps: list[float] = []
    last = time.perf_counter()

    def step(done: int, total: int, what: str) -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    for wish in (Refinement("none"), Refinement(), Refinement("cycle")):
        Path("/proc/self/clear_refs").write_text("5")
        started = last = time.perf_counter()
        engine.refine(photo, guidance, wish, step)
        cells.append(f"{time.perf_counter() - started:.2f}")
        lines = Path("/proc/self/status").read_text().splitlines()
        peak = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
        peaks.append((peak - before) / 2**20)
    planned = engine._plan.need / 2**20
    numbers = [which, str(people), *cells, f"{peaks[0]:.0f}", f"{max(peaks):.0f}", f"{planned:.0f}", f"{max(gaps):.2f}"]
    print("| " + " | ".join(numbers) + " |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1280)
    parser.add_argument("--people", type=int, nargs="*", default=[1, 3, 8])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--row", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    if given.row is not None:
        stages(given.row[0], int(given.row[1]), given.size)
        return
    savings(given.size, given.rounds)
    heads = ("network", "people", "matte s", "parallel s", "cycle s", "matte MiB", "peak MiB", "planned MiB", "gap s")
    print("\n| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|", flush=True)
    common = ["--size", str(given.size), "--threads", str(given.threads)]
    for which in ("published", "light"):
        for people in given.people:
            subprocess.run([sys.executable, __file__, "--row", which, str(people), *common], check=True)


if __name__ == "__main__":
    main()
