"""Locks between running programs; the system takes them back when a program ends, however it ends."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path


class FileLock:
    """An exclusive lock on a file, which is made if it is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Whether the lock is ours now; False if somebody has it. Raises OSError if the file cannot be made."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Lets go of the lock; the file stays, because removing it could take another program's lock away."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def lock_for(path: Path, folder: Path) -> FileLock:
    """The lock of a project's file, kept in ``folder`` and not beside the file, where it would be in the way."""
    folder.mkdir(parents=True, exist_ok=True)
    place = os.path.normcase(os.path.realpath(path))
    return FileLock(folder / f"{sha256(os.fsencode(place)).hexdigest()[:32]}.lock")


def hold(descriptor: int) -> bool:
    """Holds an open file that is being written until it is closed; False if another program does, or nobody can tell.

    On Windows nothing is to be done: an open file cannot be removed there, and a lock would shut out its own writer.
    """
    if sys.platform == "win32":
        return True
    try:
        _lock(descriptor)
    except OSError:
        return False
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
