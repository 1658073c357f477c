"""Folders of mattes scored against folders of exact ones, photo by photo, over several processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import cv2

from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.metrics import METRICS, Matching, Quality, match, quality
from instmatt_app.evaluation.folders import BenchmarkError, alpha_files, people_folders, read_alphas

Missing = Literal["count", "skip"]
THRESHOLDS = (0.5, 0.75)
# Starting a process costs about as much as scoring this many photos.
PHOTOS_PER_PROCESS = 8


@dataclass(frozen=True, eq=False)
class Scored:
    """One photo's figures. ``files`` and ``truths`` are the names of the people's files; ``missing``: no prediction."""

    name: str
    matching: Matching
    files: tuple[str, ...]
    truths: tuple[str, ...]
    missing: bool = False


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What came of an evaluation: quality at each threshold, the photos behind it, and those that were left out.

    ``strangers`` are photos that were predicted though nobody knows the truth about them.
    """

    thresholds: tuple[Quality, ...]
    photos: tuple[Scored, ...]
    skipped: tuple[str, ...]
    strangers: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """The photos that count as missed people because nothing was predicted for them."""
        return [photo.name for photo in self.photos if photo.missing]

    def among(self, names: Sequence[str]) -> Evaluation:
        """The same for some of the photos."""
        wanted = set(names)
        photos = tuple(photo for photo in self.photos if photo.name in wanted)
        return _evaluation(photos, [one.iou for one in self.thresholds])


def score_folders(
    predictions: Path,
    truths: Path,
    thresholds: Sequence[float] = THRESHOLDS,
    missing: Missing = "count",
    limit: int | None = None,
    jobs: int | None = None,
    step: Step = silent,
) -> Evaluation:
    """The people in ``predictions`` against those in ``truths``, paired by the name of the photo's folder.

    A photo without prediction counts as missed people, or is skipped as the released evaluation does. ``limit`` takes
    the first photos only, by name. ``jobs`` is the number of processes (None: as many as are worth it).

    Raises:
        BenchmarkError: no photo is in both folders, sizes differ, or a file cannot be read.
    """
    made, exact = people_folders(predictions), people_folders(truths)
    if not made.keys() & exact.keys():
        raise BenchmarkError(
            f"No photo has a folder both in {predictions} (such as {min(made)}) and in {truths} (such as {min(exact)});"
            " name two folders that belong together."
        )
    return score_photos(made, dict(list(exact.items())[:limit]), thresholds, missing, jobs, step)


def score_photos(
    made: Mapping[str, Path],
    exact: Mapping[str, Path],
    thresholds: Sequence[float] = THRESHOLDS,
    missing: Missing = "count",
    jobs: int | None = None,
    step: Step = silent,
) -> Evaluation:
    """As :func:`score_folders`, for photos whose folders are known by name."""
    wanted = [name for name in exact if name in made or missing == "count"]
    work = partial(_score, least_iou=min(thresholds))
    tasks = [(name, made.get(name), exact[name]) for name in wanted]
    done: dict[str, Scored] = {}
    with _pool(jobs or min(_processes(), max(1, len(tasks) // PHOTOS_PER_PROCESS))) as pool:
        step(0, len(tasks), "scoring")
        for one in map(work, tasks) if pool is None else _as_finished(pool, work, tasks):
            done[one.name] = one
            step(len(done), len(tasks), "scoring")
    photos = [done[name] for name in wanted]
    skipped = [name for name in exact if name not in done]
    return _evaluation(photos, thresholds, skipped, sorted(made.keys() - exact.keys()))


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as plain data; everything that is 0..1 in points (× 100), raw errors as they are."""
    return {
        "thresholds": [_points(one) for one in evaluation.thresholds],
        "photos": [_photo(one) for one in evaluation.photos],
        "skipped": list(evaluation.skipped),
    }


def _points(one: Quality) -> dict[str, Any]:
    parts = {"imq": one.imq, "mq": one.mq, "rq": one.rq}
    figures = {name: {metric: 100 * values[metric] for metric in METRICS} for name, values in parts.items()}
    return {"iou": one.iou, **figures, "tp": one.tp, "fp": one.fp, "fn": one.fn}


def _photo(one: Scored) -> dict[str, Any]:
    pairs = [
        {
            "prediction": one.files[pair.prediction],
            "truth": one.truths[pair.truth],
            "iou": 100 * pair.iou,
            "errors": None if pair.errors is None else asdict(pair.errors),
        }
        for pair in one.matching.pairs
    ]
    counts = {"predictions": one.matching.predictions, "people": one.matching.truths}
    return {"name": one.name, "missing": one.missing, **counts, "pairs": pairs}


def _evaluation(
    photos: Sequence[Scored], thresholds: Sequence[float], skipped: Sequence[str] = (), strangers: Sequence[str] = ()
) -> Evaluation:
    at = tuple(quality((photo.matching for photo in photos), iou) for iou in thresholds)
    return Evaluation(at, tuple(photos), tuple(skipped), tuple(strangers))


def _score(task: tuple[str, Path | None, Path], least_iou: float) -> Scored:
    name, folder, truth_folder = task
    truth_files = alpha_files(truth_folder)
    files = [] if folder is None else alpha_files(folder)
    truths, predictions = read_alphas(truth_files), read_alphas(files)
    paths, alphas = [*truth_files, *files], [*truths, *predictions]
    for path, alpha in zip(paths, alphas, strict=True):
        if alpha.shape != alphas[0].shape:
            (height, width), (first_height, first_width) = alpha.shape, alphas[0].shape
            raise BenchmarkError(
                f"{path} is {width} × {height} pixels and {paths[0]} {first_width} × {first_height}; alphas of one "
                "photo must have one size."
            )
    matching = match(predictions, truths, least_iou)
    names = (tuple(path.name for path in files), tuple(path.name for path in truth_files))
    return Scored(name, matching, *names, missing=folder is None)


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor | None]:
    """Processes to score in, or None where one is enough; ended, with what they have begun, however the block ends."""
    if jobs <= 1:
        yield None
        return
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    # Ctrl-C reaches every process of a terminal; the first one decides what happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)


def _as_finished(
    pool: ProcessPoolExecutor, work: partial[Scored], tasks: Sequence[tuple[str, Path | None, Path]]
) -> Iterator[Scored]:
    for future in as_completed([pool.submit(work, task) for task in tasks]):
        yield future.result()


def _processes() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux knows which processors are ours
        return os.cpu_count() or 1
