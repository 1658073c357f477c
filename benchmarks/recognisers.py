"""Seconds and peak memory of each recogniser that finds people by itself: python benchmarks/recognisers.py

Each runs in a process of its own, on two sizes of the sample photo. Where released weights are ready they are used;
otherwise rule-made ones of the same shapes, which cost the same up to the number of people, but find people who are
not there. Seconds are those of the process on the processors, divided by the threads: about what passes on an idle
computer.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from safetensors.torch import save_file

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import mask_rcnn_rule as rule  # noqa: E402
from photos import group_photo  # noqa: E402

from instmatt_app.cli.report import peak_memory_mb  # noqa: E402
from instmatt_app.core.interfaces import silent  # noqa: E402
from instmatt_app.core.photo import Photo  # noqa: E402
from instmatt_app.engine.recognisers import registry  # noqa: E402
from instmatt_app.engine.recognisers.mask_rcnn import network_v2  # noqa: E402
from instmatt_app.model_store import ModelStore  # noqa: E402

HEIGHTS = (600, 3000)


def seconds() -> float:
    """Of this process, on all its threads, as an idle computer would take them."""
    return time.process_time() / torch.get_num_threads()


def measure(index: int) -> None:
    """Prints, as JSON, a row for each photo, found by the choice of that number."""
    choice = registry.choose("auto", lambda model: True)[index]
    begun = seconds()
    recogniser = registry.make([choice], ModelStore().prepare, "cpu")
    # Loading is measured with a photo that is as small as one can be, and still takes a search.
    recogniser.find(Photo(group_photo(16).pixels), silent)
    loaded = seconds() - begun
    rows = []
    for height in HEIGHTS:
        photo = Photo(group_photo(height).pixels)
        begun = seconds()
        people = len(recogniser.find(photo, silent))
        rows.append((f"{photo.width}×{photo.height}", people, seconds() - begun, peak_memory_mb(), loaded))
    print(json.dumps(rows))


def make_missing(folder: Path) -> None:
    """Rule-made weights for both networks."""
    tensors = {name: torch.from_numpy(array) for name, array in rule.weights(person_bias=12.0).items()}
    save_file(tensors, folder / f"{registry.MASK_RCNN_3X}.safetensors")
    torch.manual_seed(0)
    state = network_v2().state_dict()
    state["roi_heads.box_predictor.cls_score.bias"][1] += 8
    state["roi_heads.mask_predictor.mask_fcn_logits.bias"][1] += 1
    save_file(state, folder / f"{registry.MASK_RCNN_V2}.safetensors")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        make_missing(Path(name))
        print(
            "| recogniser, model | weights | photo | people | s | loading and a first tiny photo s | peak MiB so far |"
        )
        print("|---|---|---|---|---|---|---|")
        for index, choice in enumerate(registry.choose("auto", lambda model: True)):
            released = ModelStore().ready_file(choice.model) is not None
            environment = os.environ if released else os.environ | {"INSTMATT_MODELS": name}
            command = [sys.executable, __file__, str(index)]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            kind = "released" if released else "rule-made"
            for photo, people, took, peak, loaded in json.loads(done.stdout.splitlines()[-1]):
                label = choice.name.replace(":", ", ")
                print(f"| {label} | {kind} | {photo} | {people} | {took:.1f} | {loaded:.1f} | {peak} |", flush=True)


if __name__ == "__main__":
    measure(int(sys.argv[1])) if len(sys.argv) > 1 else main()
