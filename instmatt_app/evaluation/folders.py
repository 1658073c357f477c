"""Benchmark folders: which photos, masks and alphas belong together, on disk as HIM2K has them or simpler."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from instmatt_app.files.mask_reader import read_grey
from instmatt_app.files.photo_reader import is_photo_name
from instmatt_app.files.samples import PhotoError

SUBSETS = ("comp", "natural")


class BenchmarkError(ValueError):
    """Folders that cannot be evaluated; the message is one sentence that names them."""


def people_folders(root: Path, plane: str = "alphas") -> dict[str, Path]:
    """The folder of each photo by name: ``root/NAME``, each holding NN.png.

    ``root`` may also be the root of a benchmark in HIM2K's form (``root/alphas/comp/NAME``, ``…/natural/NAME``), or
    its ``alphas`` folder; ``plane`` is "alphas" or "masks". Raises BenchmarkError if there is none, or if a name occurs
    in both subsets.
    """
    if not root.is_dir():
        raise BenchmarkError(f"The folder {root} is not there.")
    base = root / plane if (root / plane).is_dir() else root
    found: dict[str, Path] = {}
    for place in _subsets(base):
        for entry in sorted(place.iterdir()):
            if entry.is_dir() and not entry.name.startswith("."):
                _add(found, entry.name, entry)
    if not found:
        raise BenchmarkError(f"There is no folder of a photo in {base}; each photo has a folder that holds NN.png.")
    return found


def photo_files(root: Path) -> dict[str, Path]:
    """The photos by stem: those in ``root``, or in ``root/images/comp`` and ``…/natural``.

    Raises BenchmarkError if there is none, or if a stem occurs twice.
    """
    if not root.is_dir():
        raise BenchmarkError(f"The folder {root} is not there.")
    base = root / "images" if (root / "images").is_dir() else root
    found: dict[str, Path] = {}
    for place in _subsets(base):
        for entry in sorted(place.iterdir()):
            if is_photo_name(entry) and not entry.name.startswith(".") and entry.is_file():
                _add(found, entry.stem, entry)
    if not found:
        raise BenchmarkError(f"There is no photo in {base} (JPEG, PNG, TIFF, WebP or BMP).")
    return found


def alpha_files(folder: Path) -> list[Path]:
    """The people's PNG files in a photo's folder, by name; cut-outs are left out. Empty if there is none."""
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.suffix.lower() == ".png" and not entry.name.startswith(".") and not entry.stem.endswith("-cutout")
    )


def read_alphas(files: Collection[Path]) -> list[NDArray[np.uint8]]:
    """The alphas in these files: uint8 (H, W) each. Raises BenchmarkError, naming the file that cannot be read."""
    alphas = []
    for path in files:
        try:
            alphas.append(read_grey(path))
        except PhotoError as error:
            raise BenchmarkError(f"{path} cannot be read: {error}") from error
    return alphas


def find_tags(root: Path) -> Path | None:
    """The tags.json of the benchmark that ``root`` is, or is part of: in the folder itself or in the two above."""
    here = root.absolute()
    for folder in (here, here.parent, here.parent.parent):
        if (folder / "tags.json").is_file():
            return folder / "tags.json"
    return None


def read_tags(path: Path) -> dict[str, list[str]]:
    """The tags of each photo by name. Raises BenchmarkError if the file holds anything else."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BenchmarkError(f"The tags {path} cannot be read; make the benchmark again, or leave them out.") from error
    if not isinstance(content, dict) or not all(
        isinstance(tags, list) and all(isinstance(tag, str) for tag in tags) for tags in content.values()
    ):
        raise BenchmarkError(f'The tags {path} are not of the form {{"NAME": ["tag", …]}}.')
    return content


def _subsets(base: Path) -> list[Path]:
    return [base / subset for subset in SUBSETS if (base / subset).is_dir()] or [base]


def _add(found: dict[str, Path], name: str, path: Path) -> None:
    if name in found:
        raise BenchmarkError(
            f"The name {name} occurs twice ({found[name]} and {path}); evaluate one of the two folders at a time."
        )
    found[name] = path
