"""Where the program's own files lie: the one locator for default models and resources."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def models_folder() -> Path:
    """The folder of the models that ship with the program."""
    return _shipped("models")


def resources_folder() -> Path:
    """The folder of icons, samples and what else the program shows."""
    return _shipped("resources")


def _shipped(name: str) -> Path:
    # A wheel carries the two folders inside the package, a checkout beside it.
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
