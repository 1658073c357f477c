"""Journal: which photos of a folder are done, so that a run that was stopped goes on where it was.

A line of JSON is added for every photo when all its files are written. ``--review`` lists them, the most conflicting
first: where people's alphas and the background's disagreed before the refinement, somebody should look.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from instmatt_app.files.atomic import write_beside, write_error

NAME = "instmatt-journal.jsonl"
# What does not change a file that is written.
_IDLE = ("photos", "out", "overwrite", "report", "resume", "review", "run")


class Journal:
    """The journal of one output folder, for runs with the same options."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self.path = folder / NAME
        chosen = sorted((name, repr(value)) for name, value in vars(given).items() if name not in _IDLE)
        self._options = blake2b(repr(chosen).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        self._done: dict[str, dict[str, Any]] = {}
        self._begun: set[str] = set()
        for line in self._lines():
            if line.get("options") == self._options and isinstance(line.get("photo"), str):
                self._begun.add(line["photo"])
                if isinstance(line.get("conflict"), int | float):
                    self._done[line["photo"]] = line

    def has(self, photo: Path) -> bool:
        """Whether the photo, as it is now, was done with these options, and all its files are there."""
        line = self._done.get(str(photo.absolute()))
        if line is None or line.get("state") != _state(photo):
            return False
        files = line.get("files")
        return isinstance(files, list) and all(isinstance(name, str) and Path(name).is_file() for name in files)

    def was_begun(self, photo: Path) -> bool:
        """Whether a run with these options has begun to write the photo's files."""
        return str(photo.absolute()) in self._begun

    def begin(self, photo: Path) -> None:
        """Notes that a photo's files are about to be written. Raises WriteError."""
        self._write({"photo": str(photo.absolute()), "options": self._options})

    def add(self, photo: Path, files: Sequence[str], conflict: float) -> None:
        """Notes that a photo is done. Raises WriteError."""
        line = {
            "photo": str(photo.absolute()), "options": self._options, "state": _state(photo),
            "files": [str(Path(name).absolute()) for name in files], "conflict": round(conflict, 6),
        }  # fmt: skip
        self._write(line)
        self._done[str(line["photo"])] = line

    def _write(self, line: dict[str, Any]) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                # A line that a crash cut short must not swallow this one.
                file.write(b"\n" + json.dumps(line).encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise write_error(self.path, error) from error

    def write_review(self, path: Path, overwrite: bool) -> None:
        """All photos that are done, the most conflicting first: the mean conflict and the photo. Raises OSError."""
        lines = sorted(self._done.values(), key=lambda line: -float(line["conflict"]))
        text = "".join(f"{line['conflict']:.6f}\t{line['photo']}\n" for line in lines)
        write_beside(path, f"conflict\tphoto\n{text}".encode("utf-8", "surrogateescape"), overwrite)

    def _lines(self) -> list[dict[str, Any]]:
        if not self.path.is_file():
            return []
        found = []
        for text in self.path.read_bytes().splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict):
                found.append(line)
        return found


def _state(photo: Path) -> list[int]:
    status = photo.stat()
    return [status.st_size, status.st_mtime_ns]
