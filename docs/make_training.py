"""Makes the pictures of docs/training.md by a real training: python docs/make_training.py

The light network learns one composition by heart, from random weights, on one core. The people are Eileen Collins and
Grace Hopper (see make_pictures.py) with hair drawn by the composer; the backgrounds come with scikit-image.
"""

import csv
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage import data

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from photos import group_photo  # noqa: E402

from instmatt_app.core.photo import Photo  # noqa: E402
from instmatt_app.core.rect import Rect  # noqa: E402
from instmatt_app.engine.recognisers.prompt import BoxPrompt  # noqa: E402
from instmatt_app.training.composition.backgrounds import Backgrounds  # noqa: E402
from instmatt_app.training.composition.composer import Composer, Recipe  # noqa: E402
from instmatt_app.training.composition.cutouts import LABELS, CutOuts, Labelled, cut_out  # noqa: E402
from instmatt_app.training.composition.record import Composition  # noqa: E402
from instmatt_app.training.config import LossWeights, MattingConfig, ValidationOptions  # noqa: E402
from instmatt_app.training.loop import Trainer  # noqa: E402
from instmatt_app.training.matting import matte  # noqa: E402
from instmatt_app.training.networks import build  # noqa: E402
from instmatt_app.training.processes import Team  # noqa: E402
from instmatt_app.training.run import Plan, Progress  # noqa: E402
from instmatt_app.training.samples import Rng, SampleOptions  # noqa: E402
from instmatt_app.training.stage1 import Stage1  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SIDE, EVERY, STEPS = 96, 50, 300
SHOWN = (0, 50, 100, 300)
PLAN = Plan(
    steps=STEPS,
    batch=2,
    lr=3e-3,
    min_lr=1e-5,
    warmup=30,
    optimiser="adamw",
    betas=(0.9, 0.999),
    average=0.9,
    workers=0,
    threads=1,
    log_every=10,
    validate_every=EVERY,
)
CONFIG = MattingConfig(
    network="lite",
    run=PLAN,
    data=(),
    samples=SampleOptions(
        crop=SIDE, flip=0.0, shear=0.0, zoom=(1.0, 1.0), detected=1.0, missing=0.0, perturbed=0.0, largest=5
    ),
    loss=LossWeights(lap=1.0, entropy=1.0, trimap=0.5),
    validation=ValidationOptions(compositions=1, side=SIDE),
)


class OneComposition:
    """The same composition again and again."""

    def __init__(self, folder: Path) -> None:
        group = group_photo(320)
        boxes = [Rect.of_size(*box) for box in group.boxes]
        people = BoxPrompt(boxes).find(Photo(group.pixels), lambda *_: None)
        (folder / "cutouts").mkdir()
        (folder / "backgrounds").mkdir()
        for number, (person, (_, y)) in enumerate(zip(people, group.faces, strict=True)):
            mask = person.mask.full() > 127
            # Above the middle of the face there is hair and little else.
            hair = mask & (np.arange(len(mask))[:, None] < y)
            made = cut_out(Labelled(f"portrait-{number}", group.pixels, mask, hair, LABELS))
            assert made is not None
            for ending, picture in (("", cv2.cvtColor(made[0], cv2.COLOR_RGBA2BGRA)), ("-hair", made[1])):
                cv2.imwrite(str(folder / "cutouts" / f"portrait-{number}{ending}.png"), picture)
        for name in ("coffee", "chelsea", "hubble_deep_field"):
            Image.fromarray(getattr(data, name)()).save(folder / "backgrounds" / f"{name}.png")
        composer = Composer(
            CutOuts([folder / "cutouts"], validation=False),
            Backgrounds([folder / "backgrounds"], validation=False),
            Recipe(people=(0.0, 1.0), focus_hair=0.0, strands=1.0, bystander=0.0, motion=0.0, defocus=0.0),
        )
        self.only = composer.draw(np.random.default_rng(4), (SIDE, SIDE))

    def draw(self, rng: Rng, size: tuple[int, int]) -> Composition:
        """The composition."""
        return self.only


class Remembering(Stage1):
    """Stage 1, keeping what the network makes of the composition at every validation."""

    def __init__(self, composition: OneComposition) -> None:
        torch.manual_seed(0)
        super().__init__(CONFIG, build("lite", refiner=False), composition, composition)
        self.first = composition.only
        self.kept = [self._alphas()]

    def _alphas(self) -> NDArray[np.float32]:
        self._network.eval()
        with torch.no_grad():
            return matte(self._network, self.first, "cpu", one_mask=False)

    def validate(self) -> Mapping[str, float]:
        """The figures, as ever."""
        self.kept.append(self._alphas())
        return super().validate()


class Printing:
    """A reporter that prints."""

    def progress(self, progress: Progress) -> None:
        print(f"step {progress.step}: loss {progress.loss:.4f}, {progress.step_seconds:.2f} s a step", flush=True)

    def say(self, sentence: str) -> None:
        print(sentence, flush=True)


def main() -> None:
    """Train, and write the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task = Remembering(OneComposition(folder))
        began, used = time.monotonic(), time.process_time()
        Trainer(task, PLAN, folder / "run", Team(), Printing()).run()
        print(f"{time.monotonic() - began:.0f} s, of which {time.process_time() - used:.0f} s of one core")
        draw_curve(folder / "run")
    Image.fromarray(strip(task)).save(PICTURES / "training-overfit.jpg", quality=90)


def strip(task: Remembering) -> NDArray[np.uint8]:
    """One row for each person: the photo, the rough mask, alphas as the training goes on, the truth."""
    first = task.first
    rows = []
    for person in range(first.count):
        alphas = [task.kept[step // EVERY][person] for step in SHOWN]
        grey = [first.masks[person] / 255, *alphas, first.alphas[person]]
        cells = [first.photo, *(np.rint(plane * 255).astype(np.uint8)[..., None].repeat(3, 2) for plane in grey)]
        rows.append(np.hstack(cells))
    return np.vstack(rows)


def draw_curve(run: Path) -> None:
    """The loss, and the error in the unknown area."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    with (run / "training.csv").open() as file:
        losses = [(int(row["step"]), float(row["loss"])) for row in csv.DictReader(file)]
    with (run / "validation.csv").open() as file:
        errors = [(int(row["step"]), float(row["mad_unknown"])) for row in csv.DictReader(file)]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 2.6), layout="constrained")
    for axes, points, title in ((left, losses, "loss"), (right, errors, "MAD in the unknown area")):
        axes.plot(*zip(*points, strict=True), color="#2864b4")
        axes.set(xlabel="step", title=title, ylim=(0, None))
        axes.grid(alpha=0.3)
    figure.savefig(PICTURES / "training-curve.png", dpi=90)
    print("MAD in the unknown area:", ", ".join(f"{error:.4f} at step {step}" for step, error in errors))


if __name__ == "__main__":
    main()
