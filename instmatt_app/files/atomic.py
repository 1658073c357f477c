"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from instmatt_app.files.locks import hold

_BESIDE = re.compile(r"\.[0-9a-f]{16}\.part")
# Between making a file and holding it a moment passes; nobody waits for the space of a minute.
_FRESH_SECONDS = 60


class WriteError(OSError):
    """A file that could not be written; the message is one sentence for the person. ``errno`` is the system's."""


def write_beside(path: Path, write: bytes | Callable[[Path], None], overwrite: bool) -> None:
    """Writes a file beside ``path`` and swaps it in when it is complete and on the disk.

    ``write`` is the content, or a function that writes it to the path it is given. Whatever goes wrong, cancelling
    included, ``path`` stays as it was and nothing is left beside it. Without ``overwrite`` a file that is there, or
    appears meanwhile, is never replaced. Raises FileExistsError for that, WriteError for everything the disk refuses.
    """
    if not overwrite and os.path.lexists(path):
        raise _exists(path)
    # A short name of its own: the target's name plus an ending might be too long for the file system.
    beside = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        # 0o666 and not tempfile's 0o600: the finished file gets the rights every new file gets here.
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o666)
        try:
            with os.fdopen(descriptor, "r+b") as file:
                # Held as long as it is written, so that no other program takes it for a leftover.
                hold(file.fileno())
                if isinstance(write, bytes):
                    file.write(write)
                    file.flush()
                else:
                    write(beside)
                os.fsync(file.fileno())
                # However long that took: until the swap it counts as fresh.
                os.utime(beside)
            if overwrite:
                beside.replace(path)
            else:
                _move_to_new_name(beside, path)
        finally:
            # Gone already after a successful replace.
            with contextlib.suppress(OSError):
                beside.unlink()
    except WriteError:
        raise
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise write_error(path, error) from error
    _flush_folder(path.parent)


def sweep_leftovers(folder: Path) -> list[Path]:
    """Removes what programs that were killed left half-written in the folder; returns it.

    Only files with the names that :func:`write_beside` gives, that nobody holds, and that have not changed for a
    minute. A folder that cannot be read, and files on disks without locks, are left as they are.
    """
    removed = []
    with contextlib.suppress(OSError):
        for path in [path for path in folder.iterdir() if _BESIDE.fullmatch(path.name)]:
            with contextlib.suppress(OSError):
                if _is_left(path):
                    path.unlink()
                    removed.append(path)
    return removed


def _is_left(path: Path) -> bool:
    if path.is_symlink() or not path.is_file() or time.time() - path.stat().st_mtime < _FRESH_SECONDS:
        return False
    descriptor = os.open(path, os.O_RDWR)
    try:
        return hold(descriptor)
    finally:
        os.close(descriptor)


def write_error(path: Path, error: OSError) -> WriteError:
    """The sentence for what the disk answered when ``path`` was to be written."""
    folder = path.parent
    sentences = {
        errno.ENOSPC: f"The disk is full, so “{path.name}” was not written; free some space or choose another disk.",
        errno.EDQUOT: f"Your disk quota is used up, so “{path.name}” was not written; free some space.",
        errno.EROFS: f"“{folder}” is on a disk that cannot be written to; choose another folder.",
        errno.EACCES: f"“{path.name}” may not be written in “{folder}”; choose another folder.",
        errno.EPERM: f"“{path.name}” may not be written in “{folder}”; choose another folder.",
        errno.ENAMETOOLONG: f"The name “{path.name[:40]}…” is too long for this disk; choose a shorter one.",
        errno.ENOENT: f"The folder “{folder}” does not exist; make it or choose another one.",
        errno.ENOTDIR: f"“{folder}” is not a folder; choose another one.",
        errno.EISDIR: f"“{path}” is a folder; choose another name.",
    }
    reason = error.strerror or str(error)
    sentence = sentences.get(error.errno or 0, f"“{path}” was not written ({reason}); choose another folder.")
    result = WriteError(sentence)
    result.errno = error.errno
    return result


def _exists(path: Path) -> FileExistsError:
    return FileExistsError(
        f"“{path.name}” exists already in “{path.parent}”; allow overwriting or choose another name."
    )


def _move_to_new_name(beside: Path, path: Path) -> None:
    """Gives the file its name, only if nobody has that name. Raises FileExistsError otherwise."""
    try:
        os.link(beside, path)
        return
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES):
            raise
    # FAT and some network disks have no links: the name is taken by an empty file first, then filled by the swap.
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        beside.replace(path)
    except BaseException:
        path.unlink()
        raise


def _flush_folder(folder: Path) -> None:
    """Puts the new name on the disk, too, where the system lets a folder be flushed."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
