"""Several methods over the same photos and masks: their alphas, kept on disk, and their scores."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from instmatt_app.core.interfaces import Step
from instmatt_app.evaluation.folders import BenchmarkError, alpha_files, people_folders, photo_files
from instmatt_app.evaluation.methods import Method
from instmatt_app.files.atomic import write_beside
from instmatt_app.files.photo_reader import read_photo

# Written last into a photo's folder; names what its alphas were made of.
STAMP = ".made-of"


@dataclass(frozen=True, eq=False)
class Task:
    """One photo of a benchmark: its file, its rough masks (empty if it has none) and the folder of its exact alphas."""

    name: str
    photo: Path
    masks: tuple[Path, ...]
    truth: Path


def find_tasks(photos: Path, masks: Path, truths: Path, limit: int | None = None) -> list[Task]:
    """The photos that have exact alphas, by name, the first ``limit``. Raises BenchmarkError if there is none."""
    files, guides, exact = photo_files(photos), people_folders(masks, "masks"), people_folders(truths)
    names = [name for name in files if name in exact][:limit]
    if not names:
        raise BenchmarkError(
            f"No photo in {photos} (such as {min(files)}) has a folder in {truths} (such as {min(exact)}); name folders"
            " that belong together."
        )
    return [
        Task(name, files[name], tuple(alpha_files(guides[name])) if name in guides else (), exact[name])
        for name in names
    ]


def matte_all(
    method: Method, tasks: Sequence[Task], out: Path, failed: Callable[[str, Exception], None], step: Step
) -> Mapping[str, Path]:
    """The folder of each photo that the method has matted, below ``out/<key of the method>``.

    What an earlier run has made of the same photo and masks is kept; a folder is trusted only if its stamp, written
    last, says so. A photo that fails goes to ``failed`` and has no folder in the result.
    """
    made = {}
    for task in tasks:
        if not task.masks:
            continue
        folder = out / method.key / task.name
        stamp, wanted = folder / STAMP, _made_of(task)
        try:
            if not (stamp.is_file() and stamp.read_text("utf-8") == wanted):
                _matte_one(method, task, folder, step)
                write_beside(stamp, wanted.encode(), overwrite=True)
        except (ValueError, OSError, RuntimeError) as error:
            failed(task.name, error)
            continue
        made[task.name] = folder
    return made


def _matte_one(method: Method, task: Task, folder: Path, step: Step) -> None:
    alphas = method.run(read_photo(task.photo), task.masks, step)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STAMP).unlink(missing_ok=True)
    for old in alpha_files(folder):
        old.unlink()
    for path, alpha in zip(task.masks, alphas, strict=True):
        write_beside(folder / path.name, cv2.imencode(".png", alpha)[1].tobytes(), overwrite=True)


def _made_of(task: Task) -> str:
    digest = hashlib.sha256()
    for path in (task.photo, *task.masks):
        digest.update(hashlib.sha256(path.read_bytes()).digest() + path.name.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
