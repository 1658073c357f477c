"""Icon files of other systems around a PNG: .ico and .icns hold one as it is."""

from __future__ import annotations

import struct

PNG = b"\x89PNG\r\n\x1a\n"


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG. Raises ValueError if it is none."""
    if png[:8] != PNG or png[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def ico(png: bytes) -> bytes:
    """A Windows icon of one picture of 256 pixels."""
    if size_of(png) != (256, 256):
        raise ValueError("an icon of Windows has 256 pixels")
    # Width and height 0 stand for 256.
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(png), 22) + png


def icns(png: bytes) -> bytes:
    """A macOS icon of one picture of 256 pixels ("ic08")."""
    if size_of(png) != (256, 256):
        raise ValueError("this type of icon has 256 pixels")
    return struct.pack(">4sI4sI", b"icns", len(png) + 16, b"ic08", len(png) + 8) + png
