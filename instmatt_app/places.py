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


def guide_folder() -> Path:
    """The folder of the guide's pages; their pictures lie beside it."""
    return _shipped("docs") / "guide"


def user_models_folder() -> Path:
    """The folder for models that a person fetched or imported; made by whoever writes into it.

    INSTMATT_MODELS names another one, such as a folder that several people share.
    """
    named = os.environ.get("INSTMATT_MODELS")
    if named:
        return Path(named).absolute()
    return _own_folder("LOCALAPPDATA", "XDG_DATA_HOME", ".local/share") / "models"


def user_preferences_file() -> Path:
    """The file of what a person prefers in the window; made by whoever writes it."""
    return _own_folder("APPDATA", "XDG_CONFIG_HOME", ".config") / "preferences.json"


def user_log_folder() -> Path:
    """The folder of the window's log; made by whoever writes into it."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "instmatt-studio"
    return _own_folder("LOCALAPPDATA", "XDG_STATE_HOME", ".local/state") / "log"


def _own_folder(windows: str, xdg: str, otherwise: str) -> Path:
    """The program's folder among those of one kind: the variables that name it, and where it is if they do not."""
    if sys.platform == "win32":
        kind = "Local" if windows == "LOCALAPPDATA" else "Roaming"
        base = Path(os.environ.get(windows) or Path.home() / "AppData" / kind)
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get(xdg) or Path.home() / otherwise)
    return base / "instmatt-studio"


def _shipped(name: str) -> Path:
    # A wheel carries these folders inside the package, a checkout beside it.
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
