"""HEIC through libheif, AVIF through libavif, both in their full depth; the main picture, thumbnails passed over."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import AvifImagePlugin

from instmatt_app.core.colour import Pixels
from instmatt_app.files.coded_colours import CodedColours, coded_colours
from instmatt_app.files.samples import ORIENTATION, PhotoError, Samples, SizeCheck, divided, full_range, upright_array

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
_NESTED = {b"meta": 4, b"iprp": 0, b"ipco": 0}
"""The boxes on the way to a picture's properties, and how many bytes come before what they hold."""


def is_avif(head: bytes) -> bool:
    """Whether a file that begins with these bytes, a box of type ftyp, is AVIF."""
    return any(brand in _AVIF_BRANDS for brand in _brands(head))


def is_heic(head: bytes) -> bool:
    """Whether a file that begins with these bytes, a box of type ftyp, is HEIC; AVIF may say so, too."""
    return any(brand in _HEIC_BRANDS for brand in _brands(head))


def _brands(head: bytes) -> list[bytes]:
    # The main brand, a version, and the other brands.
    return [head[at : at + 4] for at in (8, *range(16, len(head), 4))]


def read_heic(path: Path, check: SizeCheck) -> Samples:
    try:
        # Loaded for such files only, and left out of the stand-alone program (packaging/README.md).
        import pillow_heif
    except ModuleNotFoundError as error:
        raise PhotoError(
            f"“{path.name}” is HEIC, which needs the package pillow-heif, and that is missing; save it as JPEG or TIFF."
        ) from error

    heif = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
    check(*heif.size, may_be_tiny=True)
    notes = []
    if len(heif) > 1:
        notes.append(f"Only the main one of {len(heif)} pictures was read.")
    # libheif turns the picture upright by itself.
    array: NDArray[Any] = np.asarray(heif)
    if array.dtype == np.uint16:
        bits = int(heif.info.get("bit_depth") or 16)
        array = full_range(array >> (16 - bits), bits)
    profile = heif.info.get("icc_profile") or None
    if not profile:
        nclx = heif.info.get("nclx_profile") or {}
        coded = coded_colours(int(nclx.get("color_primaries", 1)), int(nclx.get("transfer_characteristics", 13)))
        profile, notes = coded.profile, [*notes, *coded.notes]
    return _samples(array, bool(heif.info.get("premultiplied_alpha")), profile, 1, notes)


def read_avif(path: Path, check: SizeCheck) -> Samples:
    # Pillow knows profile and turn, but hands out 8 bits; the samples come from imagecodecs.
    with path.open("rb") as file, AvifImagePlugin.AvifImageFile(file) as picture:
        check(*picture.size, may_be_tiny=True)
        notes = ["Only the first picture of the animation was read."] if getattr(picture, "is_animated", False) else []
        profile = picture.info.get("icc_profile") or None
        orientation = int(picture.getexif().get(ORIENTATION, 1))
    data = path.read_bytes()
    bits, coded = _properties(data)
    array = np.asarray(imagecodecs.avif_decode(data, index=0))
    if array.dtype == np.uint16:
        array = full_range(array, bits or (10 if array.max() < 1024 else 12))
    if profile is None and coded is not None:
        profile, notes = coded.profile, [*notes, *coded.notes]
    return _samples(array, False, profile, orientation, notes)


def _samples(
    array: NDArray[Any], premultiplied: bool, profile: bytes | None, orientation: int, notes: list[str]
) -> Samples:
    upright = partial(upright_array, orientation=orientation)
    alpha: Pixels | None = None
    if array.ndim == 3 and array.shape[2] in (2, 4):
        alpha = array[..., -1]
        array = array[..., :-1]
        if premultiplied:
            array = divided(array, alpha)
        alpha = upright(alpha)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    return Samples(upright(array), "grey" if array.ndim == 2 else "rgb", alpha, profile, tuple(notes))


def _properties(data: bytes) -> tuple[int | None, CodedColours | None]:
    """Bits per sample and colour space by the first picture's properties (ISO/IEC 23008-12), where they are told."""
    bits: int | None = None
    coded: CodedColours | None = None
    for kind, content in _boxes(memoryview(data)):
        if kind == b"pixi" and bits is None and len(content) >= 8 and content[4] >= 3:
            bits = content[5]
        elif kind == b"colr" and coded is None and bytes(content[:4]) == b"nclx" and len(content) >= 8:
            coded = coded_colours(*struct.unpack(">HH", content[4:8]))
    return bits, coded


def _boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes in which a picture's properties lie, with their content; ends where one claims more than is there."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        content = data[at + 8 : at + size]
        if kind in _NESTED:
            yield from _boxes(content[_NESTED[kind] :])
        else:
            yield kind, content
        if size < 8 or at + size > len(data):
            return
        at += size
