"""PNG through OpenCV, because Pillow reads 16-bit colour as 8 bits."""

from __future__ import annotations

import contextlib
import struct
import zlib
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from instmatt_app.core.colour import Pixels
from instmatt_app.files.coded_colours import coded_colours
from instmatt_app.files.samples import ORIENTATION, Samples, SizeCheck, upright_array, upright_exif

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_PROFILE_BYTES = 16_000_000


def read_png(path: Path, check: SizeCheck) -> Samples:
    with path.open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    check(width, height)
    data = path.read_bytes()
    chunks = _png_chunks(data)
    depth, colour_type = chunks[b"IHDR"][8:10]
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.shape[:2] != (height, width):
        raise ValueError("the PNG data cannot be decoded")
    array: Pixels = decoded
    noted = _png_exif(chunks)
    upright = partial(upright_array, orientation=_orientation(noted))
    exif = upright_exif(noted)
    profile, notes = _png_profile(chunks)
    alpha: Pixels | None = None
    if colour_type in (0, 4):
        grey = array if array.ndim == 2 else array[..., 0]
        if array.ndim == 3 and array.shape[2] == 4:
            alpha = array[..., 3]
        elif b"tRNS" in chunks:
            # OpenCV leaves the transparent grey level of a grey PNG out; it is given in the file's own depth.
            level = int.from_bytes(chunks[b"tRNS"][:2], "big") * (255 // (2**depth - 1) if depth < 8 else 1)
            alpha = np.full_like(grey, np.iinfo(grey.dtype).max)
            alpha[grey == level] = 0
        return Samples(upright(grey), "grey", upright(alpha) if alpha is not None else None, profile, notes, exif)
    if array.shape[2] == 4:
        alpha = upright(array[..., 3])
    return Samples(upright(array[..., 2::-1]), "rgb", alpha, profile, notes, exif)


def _png_chunks(data: bytes) -> dict[bytes, bytes]:
    """The first chunk of every kind, by name. Raises ValueError for a file that is cut short or altered.

    OpenCV gives back what it has got of a broken file, so completeness is checked here.
    """
    chunks: dict[bytes, bytes] = {}
    at = len(PNG_SIGNATURE)
    view = memoryview(data)
    while b"IEND" not in chunks:
        if at + 12 > len(data):
            raise ValueError("the PNG ends too early")
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        end = at + 8 + length
        if end + 4 > len(data):
            raise ValueError("the PNG ends too early")
        intact = zlib.crc32(view[at + 4 : end]) == struct.unpack_from(">I", data, end)[0]
        critical = not kind[0] & 0x20
        if critical and not intact:
            raise ValueError("the PNG has been altered")
        if intact and kind not in chunks:
            chunks[kind] = b"" if kind == b"IDAT" else data[at + 8 : end]
        at = end + 4
    if b"IHDR" not in chunks or b"IDAT" not in chunks:
        raise ValueError("the PNG holds no picture")
    return chunks


def _png_profile(chunks: dict[bytes, bytes]) -> tuple[bytes | None, tuple[str, ...]]:
    """The profile, and notes on it; a colour space told by numbers comes before one that is carried along."""
    coded = chunks.get(b"cICP", b"")
    if len(coded) == 4:
        told = coded_colours(coded[0], coded[1])
        return told.profile, told.notes
    _, _, packed = chunks.get(b"iCCP", b"").partition(b"\0")
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj().decompress(packed[1:], _MAX_PROFILE_BYTES) or None, ()
    return None, ()


def _png_exif(chunks: dict[bytes, bytes]) -> Image.Exif:
    exif = Image.Exif()
    with contextlib.suppress(Exception):  # broken EXIF data is no reason to refuse the photo
        exif.load(chunks[b"eXIf"])
    return exif


def _orientation(exif: Image.Exif) -> int:
    with contextlib.suppress(Exception):
        return int(exif.get(ORIENTATION, 1))
    return 1
