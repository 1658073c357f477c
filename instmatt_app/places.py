"""Where the program's own files lie: the one locator for default models and resources."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def models_folder() -> Path:
    """The folder of the models that ship with the program."""
    return _shipped("models")


def resources_folder() -> Path:
    """The folder of icons, samples and what else the program shows."""
    return _shipped("resources")


def user_models_folder() -> Path:
    """The folder for models that a person fetched or imported; made by whoever writes into it.

    INSTMATT_MODELS names another one, such as a folder that several people share.
    """
    named = os.environ.get("INSTMATT_MODELS")
    if named:
        return Path(named).absolute()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "instmatt-studio" / "models"


def _shipped(name: str) -> Path:
    # A wheel carries the two folders inside the package, a checkout beside it.
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
