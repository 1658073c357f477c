"""Parts: the pixels of a project as bytes and back, and a folder that keeps them by their sum.

docs/project-format.md describes every kind. What was encoded once is not encoded again while the array lives, which is
what makes saving incremental.
"""

from __future__ import annotations

import contextlib
import re
import struct
import weakref
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.detail import Detail
from instmatt_app.core.planes import TILE, Tile, TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.files.atomic import write_beside
from instmatt_app.files.png_reader import PNG_SIGNATURE

_COMPRESSION = 6
# So many packed bytes are unpacked at a time.
_HANDFUL = 2**16

KINDS = ("photo", "png", "tiles", "floats", "detail")
PART_NAME = re.compile(rf"parts/([0-9a-f]{{64}})\.({'|'.join(KINDS)})")


class ProjectError(ValueError):
    """A project that cannot be opened or saved; the message is one sentence for the person."""


class PartLost(ValueError):
    """A part that is missing, altered, or does not hold what its kind says."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the SHA-256 of its bytes in hex, how many they are, and what kind of thing they hold."""

    sum: str
    size: int
    kind: str

    @property
    def name(self) -> str:
        """Its name in a project file."""
        return f"parts/{self.sum}.{self.kind}"

    def checked(self, data: bytes) -> bytes:
        """The bytes, if they are the part's. Raises PartLost."""
        if len(data) != self.size or sha256(data).hexdigest() != self.sum:
            raise PartLost(f"{self.name} has been altered")
        return data


class PartStore:
    """Parts in a folder. For one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[int, tuple[weakref.ref[object], Part]] = {}

    def put(self, made_of: object, kind: str, encode: Callable[[], bytes]) -> Part:
        """The part that holds ``made_of``, which never changes; ``encode`` is called when it is not there yet.

        Raises WriteError.
        """
        known = self._known.get(id(made_of))
        if known is not None and known[0]() is made_of and self.path(known[1]).is_file():
            return known[1]
        part = self.put_bytes(encode(), kind)
        number = id(made_of)
        self._known[number] = (weakref.ref(made_of, lambda _: self._known.pop(number, None)), part)
        return part

    def put_bytes(self, data: bytes, kind: str) -> Part:
        """The part of these bytes. Raises WriteError."""
        part = Part(sha256(data).hexdigest(), len(data), kind)
        path = self.path(part)
        if not path.is_file() or path.stat().st_size != part.size:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_beside(path, data, overwrite=True)
        return part

    def path(self, part: Part) -> Path:
        return self.folder / part.name

    def read(self, part: Part) -> bytes:
        """The bytes of a part. Raises PartLost."""
        path = self.path(part)
        try:
            if path.stat().st_size != part.size:
                raise PartLost(f"{part.name} is not complete")
            return part.checked(path.read_bytes())
        except OSError as error:
            raise PartLost(f"{part.name} cannot be read") from error

    def keep_only(self, names: Collection[str]) -> None:
        """Removes all parts whose names are not among these."""
        folder = self.folder / "parts"
        if folder.is_dir():
            for path in folder.iterdir():
                if f"parts/{path.name}" not in names:
                    with contextlib.suppress(OSError):
                        path.unlink()


# --- Masks: grey PNG files, so that a person without this program can get at them -------------------------------------


def encode_mask(mask: TilePlane) -> bytes:
    """A plane as a PNG file, made strip by strip."""
    packer = zlib.compressobj(_COMPRESSION)
    pieces = []
    above = np.zeros(mask.width, np.uint8)
    for top in range(0, mask.height, TILE):
        strip = mask.at(Rect(0, top, mask.width, min(top + TILE, mask.height)))
        # PNG's filter "up": what changes from row to row, which is next to nothing.
        lines = np.empty((strip.shape[0], mask.width + 1), np.uint8)
        lines[:, 0] = 2
        np.subtract(strip, np.vstack([above[None], strip[:-1]]), out=lines[:, 1:])
        above = strip[-1]
        pieces.append(packer.compress(lines.tobytes()))
    header = struct.pack(">IIBBBBB", mask.width, mask.height, 8, 0, 0, 0, 0)
    content = [(b"IHDR", header), (b"IDAT", b"".join([*pieces, packer.flush()])), (b"IEND", b"")]
    return PNG_SIGNATURE + b"".join(_chunk(name, data) for name, data in content)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))


def decode_mask(data: bytes, height: int, width: int) -> TilePlane:
    """The plane of that size. Raises PartLost if it is not; looks before decoding."""
    header = struct.pack(">IIBB", width, height, 8, 0)
    if not data.startswith(PNG_SIGNATURE) or data[16:26] != header:
        raise PartLost("a mask has another size than the photo")
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise PartLost("a mask cannot be decoded") from error
    if decoded is None or decoded.shape != (height, width) or decoded.dtype != np.uint8:
        raise PartLost("a mask cannot be decoded")
    return TilePlane.of(decoded.astype(np.uint8, copy=False))


# --- Strokes: places of tiles, then their numbers ---------------------------------------------------------------------


def encode_tiles(plane: TilePlane) -> bytes:
    """A sparse plane: the number of tiles, their rows and columns as uint32, and their numbers one after the other."""
    places = sorted(plane.tiles)
    head = struct.pack(f"<I{2 * len(places)}I", len(places), *(number for place in places for number in place))
    packer = zlib.compressobj(_COMPRESSION)
    pieces = [packer.compress(plane.tiles[place].numbers.tobytes()) for place in places]
    return head + b"".join([*pieces, packer.flush()])


def decode_tiles(data: bytes, height: int, width: int, most: int) -> TilePlane:
    """The plane, whose numbers go from 0 to ``most``. Raises PartLost; never unpacks more than the photo's pixels."""
    rows, columns = -(-height // TILE), -(-width // TILE)
    try:
        (count,) = struct.unpack_from("<I", data)
        if count > rows * columns:
            raise PartLost("strokes with more tiles than the photo has")
        numbers = struct.unpack_from(f"<{2 * count}I", data, 4)
    except struct.error as error:
        raise PartLost("strokes that are cut short") from error
    places = list(zip(numbers[::2], numbers[1::2], strict=True))
    if sorted(set(places)) != places or any(row >= rows or column >= columns for row, column in places):
        raise PartLost("strokes outside the photo")
    boxes = [Rect.of_size(column * TILE, row * TILE, TILE, TILE).clip(width, height) for row, column in places]
    tiles = {}
    unpacked = _unpacked_pieces(memoryview(data)[4 + 8 * count :], [box.area for box in boxes])
    for place, box, piece in zip(places, boxes, unpacked, strict=True):
        tile = Tile.of(np.frombuffer(piece, np.uint8).reshape(box.height, box.width))
        if tile.high > most:
            raise PartLost("strokes of a class that is unknown")
        if tile.high:
            tiles[place] = tile
    return TilePlane(height, width, tiles)


# --- Alphas: float32, exactly -----------------------------------------------------------------------------------------


def encode_floats(array: NDArray[np.float32]) -> bytes:
    """An array of one to three dimensions: their number, the shape as uint32, and the bytes sorted by significance."""
    head = struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
    flat = np.ascontiguousarray(array, "<f4").reshape(-1, 1).view(np.uint8)
    # All first bytes, then all second ones …: exponents repeat themselves, and zlib finds them beside each other.
    return head + zlib.compress(np.ascontiguousarray(flat.T).tobytes(), 1)


def decode_floats(data: bytes, most: tuple[int, ...], highest: float) -> NDArray[np.float32]:
    """The array, no larger than ``most`` in any dimension, its values within 0..``highest``. Raises PartLost."""
    try:
        dimensions = data[0]
        if dimensions != len(most):
            raise PartLost("mattes of another shape")
        shape = struct.unpack_from(f"<{dimensions}I", data, 1)
    except (struct.error, IndexError) as error:
        raise PartLost("mattes that are cut short") from error
    if any(not 1 <= side <= bound for side, bound in zip(shape, most, strict=True)):
        raise PartLost("mattes larger than the photo")
    count = int(np.prod(shape, dtype=np.int64))
    packed = np.frombuffer(_unpacked(data[1 + 4 * dimensions :], 4 * count), np.uint8).reshape(4, count)
    array: NDArray[np.float32] = np.ascontiguousarray(packed.T).view("<f4").reshape(shape).astype(np.float32)
    # Written so that NaN fails it, too.
    if not (array.min() >= 0 and array.max() <= highest):
        raise PartLost("mattes with impossible values")
    return array


# --- Native detail: tiles of whose alphas -----------------------------------------------------------------------------


def encode_detail(detail: Detail) -> bytes:
    """The numbers of windows and planes as uint32; row, column, id (0: the background) of each; their uint16 levels."""
    planes = [
        (row, column, whose or 0, levels)
        for (row, column), tile in sorted(detail.tiles.items())
        for whose, levels in sorted(tile.items(), key=lambda one: one[0] or 0)
    ]
    numbers = [number for plane in planes for number in plane[:3]]
    head = struct.pack(f"<{2 + len(numbers)}I", detail.windows, len(planes), *numbers)
    flat = np.concatenate([levels.ravel() for *_, levels in planes] or [np.zeros(0, np.uint16)])
    return head + zlib.compress(flat.astype("<u2").view(np.uint8).reshape(-1, 2).T.tobytes(), 1)


def decode_detail(data: bytes, height: int, width: int, people: Collection[int]) -> Detail:
    """The detail of those people in a photo of that size. Raises PartLost."""
    rows, columns = -(-height // TILE), -(-width // TILE)
    try:
        windows, count = struct.unpack_from("<II", data)
        if count > rows * columns * (len(people) + 1):
            raise PartLost("more detail than the photo has")
        numbers = struct.unpack_from(f"<{3 * count}I", data, 8)
    except struct.error as error:
        raise PartLost("detail that is cut short") from error
    planes = list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))
    known = {0, *people}
    if len(set(planes)) < count or any(r >= rows or c >= columns or whose not in known for r, c, whose in planes):
        raise PartLost("detail of another photo")
    boxes = [Rect.of_size(column * TILE, row * TILE, TILE, TILE).clip(width, height) for row, column, _ in planes]
    area = sum(box.area for box in boxes)
    packed = np.frombuffer(_unpacked(data[8 + 12 * count :], 2 * area), np.uint8).reshape(2, area)
    flat = np.ascontiguousarray(packed.T).view("<u2").ravel().astype(np.uint16)
    flat.setflags(write=False)
    tiles: dict[tuple[int, int], dict[int | None, NDArray[np.uint16]]] = {}
    at = 0
    for (row, column, whose), box in zip(planes, boxes, strict=True):
        tiles.setdefault((row, column), {})[whose or None] = flat[at : at + box.area].reshape(box.height, box.width)
        at += box.area
    return Detail(height, width, tiles, windows)


def _unpacked(packed: bytes, size: int) -> bytes:
    """Exactly ``size`` bytes. Raises PartLost for fewer or more, before more is unpacked."""
    (data,) = _unpacked_pieces(memoryview(packed), [size])
    return data


def _unpacked_pieces(packed: memoryview, sizes: Sequence[int]) -> Iterator[bytes]:
    """Pieces of exactly these sizes, one after the other. Raises PartLost for less, and at the end for more."""
    unpacker = zlib.decompressobj()
    at, rest = 0, b""

    def more(size: int) -> bytes:
        nonlocal at, rest
        # A handful at a time, as what is left of it is copied for every piece.
        if not rest:
            rest, at = bytes(packed[at : at + _HANDFUL]), at + _HANDFUL
        try:
            piece = unpacker.decompress(rest, size)
        except zlib.error as error:
            raise PartLost("a part cannot be unpacked") from error
        rest = unpacker.unconsumed_tail
        return piece

    for size in sizes:
        pieces = []
        while size and not unpacker.eof and (rest or at < len(packed)):
            pieces.append(more(size))
            size -= len(pieces[-1])
        if size:
            raise PartLost("a part holds more or less than it says")
        yield b"".join(pieces)
    while not unpacker.eof:
        if not (rest or at < len(packed)) or more(1):
            raise PartLost("a part holds more or less than it says")
