"""Archive: pictures in folders and in plain tar files, read by name from any process; and complaints about bad ones."""

from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

PICTURES = (".jpg", ".jpeg", ".png", ".webp")

# A complaint names this many files; more would hide the sentence.
NAMED_FILES = 10


class DataError(ValueError):
    """A dataset that cannot be used; the message is one sentence with the names of up to ten files."""


def complain(what: str, names: Sequence[str]) -> None:
    """Raise DataError with the files' names, if there are any."""
    if names:
        listed = ", ".join(names[:NAMED_FILES])
        more = f" and {len(names) - NAMED_FILES} more" if len(names) > NAMED_FILES else ""
        raise DataError(f"{what}: {listed}{more}.")


def held_out(name: str, share: float = 0.12) -> bool:
    """Whether this person, photo or background belongs to the validation split: fixed by its name, for ever."""
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=6).digest(), "big")
    return number < share * 2**48


class Archive:
    """The files of several folders and tar files under one roof, by their name inside."""

    def __init__(self, sources: Sequence[Path]) -> None:
        """Reads the tables of contents only. Raises DataError for a source that is missing or is no tar file."""
        self._where: dict[str, tuple[Path, int, int]] = {}
        complain("These folders or tar files do not exist", [str(path) for path in sources if not path.exists()])
        for source in sources:
            if source.is_dir():
                for path in sorted(source.rglob("*")):
                    if path.is_file():
                        self._where[path.relative_to(source).as_posix()] = (path, 0, path.stat().st_size)
                continue
            try:
                with tarfile.open(source, "r:") as tar:
                    for member in tar:
                        if member.isfile():
                            name = member.name.removeprefix("./")
                            self._where[name] = (source, member.offset_data, member.size)
            except tarfile.TarError as error:
                raise DataError(f"“{source}” is not a plain tar file ({error}); give a .tar or a folder.") from error
        if not self._where:
            raise DataError(f"There are no files in {', '.join(str(path) for path in sources) or 'nothing'}.")

    @property
    def names(self) -> list[str]:
        """All names, in order."""
        return list(self._where)

    @property
    def pictures(self) -> list[str]:
        """The names that end like a picture's."""
        return [name for name in self._where if name.lower().endswith(PICTURES)]

    def __contains__(self, name: str) -> bool:
        return name in self._where

    def read(self, name: str) -> bytes:
        """A file's content; opened for this call only, so that processes can share the object."""
        if name not in self._where:
            raise DataError(f"“{name}” is missing in the data.")
        path, start, size = self._where[name]
        with path.open("rb") as file:
            file.seek(start)
            return file.read(size)

    def json(self, name: str) -> Any:
        """A JSON file's content."""
        return json.loads(self.read(name))

    def rgb(self, name: str) -> NDArray[np.uint8]:
        """A picture as RGB uint8 (H, W, 3). Raises DataError for a broken one."""
        return np.ascontiguousarray(self._decoded(name, cv2.IMREAD_COLOR)[..., ::-1])

    def grey(self, name: str) -> NDArray[np.uint8]:
        """A mask or label map as uint8 (H, W). Raises DataError for a broken one."""
        return self._decoded(name, cv2.IMREAD_GRAYSCALE)

    def rgba(self, name: str) -> NDArray[np.uint8]:
        """A cut-out as RGBA uint8 (H, W, 4). Raises DataError for a broken one or one without alpha."""
        picture = self._decoded(name, cv2.IMREAD_UNCHANGED)
        if picture.ndim != 3 or picture.shape[2] != 4 or picture.dtype != np.uint8:
            raise DataError(f"“{name}” is not an 8-bit RGBA picture.")
        return np.ascontiguousarray(picture[..., [2, 1, 0, 3]])

    def _decoded(self, name: str, how: int) -> NDArray[np.uint8]:
        # Orientation tags are left alone: masks were made for the pixels as stored.
        content = np.frombuffer(self.read(name), np.uint8)
        flags = how if how == cv2.IMREAD_UNCHANGED else how | cv2.IMREAD_IGNORE_ORIENTATION
        try:
            picture: NDArray[np.uint8] | None = cv2.imdecode(content, flags) if content.size else None
        except cv2.error:
            picture = None
        if picture is None:
            raise DataError(f"“{name}” is not a picture that can be read.")
        return picture
