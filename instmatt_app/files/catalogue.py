"""The catalogue: which models the program knows by name, and where their files may lie (models/models.toml)."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Kind = Literal["instmatt", "mask-rcnn-detectron2", "mask-rcnn-torchvision", "people"]


@dataclass(frozen=True)
class Model:
    """One entry. ``file`` is the ready file's name, ``download`` the published file's; checksums may be first digits.

    ``megabytes`` is about how large the published file is; 0 where nobody says.
    """

    name: str
    kind: Kind
    title: str
    file: str
    licence: str
    page: str = ""
    url: str = ""
    download: str = ""
    megabytes: float = 0
    md5: str = ""
    sha256: str = ""
    cache: str = ""
    activation: Literal["tanh", "softmax"] = "tanh"

    @property
    def published(self) -> str:
        """The name of the file as its owners publish it."""
        return self.download or self.file

    def cached(self) -> Path | None:
        """The published file where another program keeps it, if it is there."""
        owner, _, inside = self.cache.partition(":")
        if not inside:
            return None
        home = Path.home()
        if owner == "detectron2":
            folder = Path(os.environ.get("FVCORE_CACHE") or home / ".torch" / "iopath_cache") / "detectron2"
        else:
            caches = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
            folder = Path(os.environ.get("TORCH_HOME") or caches / "torch") / "hub" / "checkpoints"
        path = folder.expanduser() / inside
        return path if path.is_file() else None


def read_catalogue(path: Path) -> dict[str, Model]:
    """The entries by name. Raises ValueError if the file makes no sense: it is the program's own."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    models = {name: Model(name=name, **entry) for name, entry in entries.items()}
    for model in models.values():
        if model.kind not in get_args(Kind) or Path(model.file).name != model.file:
            raise ValueError(f"{path}: the entry {model.name} has no known kind, or a file outside the folder.")
    return models
