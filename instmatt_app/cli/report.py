"""The JSON report of a run: what was found, how well it adds up, how long it took, on what machine."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from instmatt_app import __version__
from instmatt_app.api import Result

PACKAGES = ("torch", "torchvision", "numpy", "opencv-python", "pymatting", "pillow", "PySide6-Essentials")


def photo_report(photo: Path, folder: Path, result: Result, written: Sequence[Path]) -> dict[str, Any]:
    """One photo's part of the report. Boxes are x, y, width, height and areas shares of the photo."""
    pixels = result.photo.width * result.photo.height
    return {
        "photo": str(photo),
        "folder": str(folder),
        "width": result.photo.width,
        "height": result.photo.height,
        "working_size": [result.alphas.shape[2], result.alphas.shape[1]],
        "detail_windows": 0 if result.detail is None else result.detail.windows,
        "recogniser": result.recogniser,
        "engine": result.engine,
        "device": result.device,
        "people": [
            {
                "name": one.name,
                "score": one.score,
                "box": [one.box.left, one.box.top, one.box.width, one.box.height],
                "area": round(one.mask.count(128) / pixels, 6),
            }
            for one in result.people
        ],
        "sigma_error": {stage: round(value, 8) for stage, value in result.error.items()},
        "seconds": result.seconds,
        "files": [str(path) for path in written],
        "notes": result.notes,
    }


def machine_report() -> dict[str, Any]:
    """Peak memory of this process and the versions of what it ran on."""
    return {"peak_memory_mb": peak_memory_mb(), "versions": versions()}


def versions() -> dict[str, str]:
    """This program's version, Python's, and those of the installed packages that decide results."""
    found = {"instmatt-studio": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def peak_memory_mb() -> int:
    """The most memory that this process has held, in megabytes of 2²⁰ bytes."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset / 2**20)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)
