"""The zip of a project: entries stored as they are, found from the front, so that a damaged file still gives its rest.

Nothing is ever unpacked to a name that stands in the file: entries are read by place and length. That they are only
stored, never compressed, makes the size of every entry known before it is read.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from instmatt_app.core.interfaces import Step, silent
from instmatt_app.files.project_parts import PART_NAME, Part, PartLost, ProjectError

MIMETYPE = b"application/x-instmatt"
RECORD, RECORD_AGAIN = "project.json", "project-again.json"
MOST_ENTRIES = 100_000
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_HEADER = struct.Struct("<4s5H3I2H")
_BLOCK = 1 << 20


def write_zip(path: Path, record: bytes, parts: Iterable[tuple[str, Path]], step: Step = silent) -> None:
    """Writes a project's zip: the record first and, in case its place is damaged, once more at the end."""
    listed = list(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry("mimetype"), MIMETYPE)
        archive.writestr(_entry(RECORD), record)
        for number, (name, source) in enumerate(listed):
            step(number, len(listed), "saving the project")
            with source.open("rb") as data, archive.open(_entry(name, source.stat().st_size), "w") as entry:
                while block := data.read(_BLOCK):
                    entry.write(block)
        archive.writestr(_entry(RECORD_AGAIN), record)


def _entry(name: str, size: int = 0) -> zipfile.ZipInfo:
    # One date for all, so that the same project makes the same file.
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.file_size = size
    entry.external_attr = 0o644 << 16
    return entry


@dataclass(eq=False)
class ProjectZip:
    """Where a project's entries lie, by name: offset and length. ``damaged``: not all of the file is as written."""

    file: BinaryIO
    name: str
    entries: dict[str, tuple[int, int]] = field(default_factory=dict)
    damaged: bool = False

    def read(self, part: Part) -> bytes:
        """The bytes of a part. Raises PartLost."""
        offset, length = self.entries.get(part.name, (0, -1))
        if length != part.size:
            raise PartLost(f"{part.name} is missing")
        return part.checked(self._bytes(offset, length))

    def records(self, most: int) -> list[bytes]:
        """The record and its copy, as far as they are there and no longer than ``most``."""
        places = [self.entries[name] for name in (RECORD, RECORD_AGAIN) if name in self.entries]
        return [self._bytes(offset, length) for offset, length in places if length <= most]

    def _bytes(self, offset: int, length: int) -> bytes:
        try:
            self.file.seek(offset)
            return self.file.read(length)
        except OSError as error:
            raise PartLost("the disk does not give it back") from error


def scan_zip(file: BinaryIO, name: str) -> ProjectZip:
    """Finds the entries of a project's zip, going from one to the next and, over damaged places, to the next that is.

    Raises ProjectError for a file that is made unlike any project this program writes: names that lead elsewhere, or
    that come twice.
    """
    size = file.seek(0, os.SEEK_END)
    found = ProjectZip(file, name)
    at, last, searching = 0, 0, False
    while at < size:
        file.seek(at)
        head = file.read(_HEADER.size)
        if head[:4] in (_CENTRAL, _END) and not searching:
            return found
        entry = _parsed(head, file, at, size)
        if entry is None:
            found.damaged = searching = True
            # A broken length leads anywhere, so the search goes on from the last header and not from where it led.
            last = at = _next_header(file, last + 1, size)
            continue
        entry_name, offset, length, plain = entry
        if _is_ours(entry_name):
            if entry_name in found.entries and not searching:
                raise ProjectError(f"“{name}” holds the same entry twice, which no project does; it was not opened.")
            if plain:
                found.entries.setdefault(entry_name, (offset, length))
            else:
                # Packed, encrypted or altered: never unpacked, so that it counts as not being there.
                found.damaged = True
        elif not searching and _leads_elsewhere(entry_name):
            raise ProjectError(f"“{name}” holds names that lead outside of it; it was not opened.")
        if len(found.entries) > MOST_ENTRIES:
            raise ProjectError(f"“{name}” holds more entries than any project; it was not opened.")
        last, at, searching = at, offset + length, False
        if at > size:
            found.damaged = searching = True
            last = at = _next_header(file, last + 1, size)
    found.damaged = True
    return found


def _parsed(head: bytes, file: BinaryIO, at: int, size: int) -> tuple[str, int, int, bool] | None:
    """Name, offset, length of the entry whose header that is, and whether it is simply stored; None for no header."""
    if len(head) < _HEADER.size or head[:4] != _LOCAL:
        return None
    _, _, flags, method, _, _, _, packed, unpacked, name_length, extra = _HEADER.unpack(head)
    name = file.read(name_length).decode("utf-8", "replace")
    offset = at + _HEADER.size + name_length + extra
    plain = method == zipfile.ZIP_STORED and packed == unpacked and not flags & 0x0009
    return (name, offset, packed, plain) if offset <= size else None


def _next_header(file: BinaryIO, at: int, size: int) -> int:
    """Where the next local header begins; the size of the file if there is none."""
    overlap = len(_LOCAL) - 1
    while at < size:
        file.seek(at)
        block = file.read(_BLOCK + overlap)
        place = block.find(_LOCAL)
        if place >= 0:
            return at + place
        at += _BLOCK
    return size


def _is_ours(name: str) -> bool:
    return name in ("mimetype", RECORD, RECORD_AGAIN) or PART_NAME.fullmatch(name) is not None


def _leads_elsewhere(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name or "\\" in name or ":" in name or "\0" in name
