"""Colour spaces that files name by a number (ITU-T H.273) instead of carrying a profile: HEIC, AVIF, PNG's cICP."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Red, green, blue and white, x and y each.
_D65 = (0.3127, 0.3290)
_PRIMARIES: dict[int, tuple[str, tuple[tuple[float, float], ...]]] = {
    9: ("BT.2020", ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65)),
    12: ("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65)),
}
_SRGB_LIKE = (1, 2, 5, 6)
_HDR = {16: "PQ", 18: "HLG"}
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# Exponent and coefficients of ICC's parametric curve, type 3: those of sRGB.
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


@dataclass(frozen=True)
class CodedColours:
    """``profile`` is an ICC profile, None for sRGB; ``notes`` are sentences about what cannot be said by one."""

    profile: bytes | None = None
    notes: tuple[str, ...] = ()


def coded_colours(primaries: int, transfer: int) -> CodedColours:
    """The colours that H.273's numbers for primaries and transfer characteristics mean.

    A display curve is taken for sRGB's, which is what pictures of that kind are made for. Of high dynamic range the
    numbers are kept, and a note says that they are not spread out.
    """
    notes = []
    if transfer in _HDR:
        notes.append(f"The photo has high dynamic range ({_HDR[transfer]}); its tones are taken as they are.")
    if primaries in _PRIMARIES:
        return CodedColours(_profile(*_PRIMARIES[primaries]), tuple(notes))
    if primaries not in _SRGB_LIKE:
        notes.append("The colour space of the photo is not known here; the colours are taken for sRGB.")
    return CodedColours(None, tuple(notes))


def _profile(name: str, corners: tuple[tuple[float, float], ...]) -> bytes:
    """An ICC profile (version 4, matrix and curve) of an RGB space; ICC.1:2022, sections 7 to 10."""
    columns = _colorants(corners)
    curve = b"para" + bytes(4) + struct.pack(">HH", 3, 0) + b"".join(map(_fixed, _CURVE))
    tags = {
        b"desc": _text(name),
        b"cprt": _text("No copyright"),
        b"wtpt": _xyz(_D50),
        b"rXYZ": _xyz(columns[:, 0]),
        b"gXYZ": _xyz(columns[:, 1]),
        b"bXYZ": _xyz(columns[:, 2]),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, content = struct.pack(">I", len(tags)), b""
    first = 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        table += tag + struct.pack(">II", first + len(content), len(value))
        content += value + bytes(-len(value) % 4)
    size = first + len(content)
    header = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + b"".join(map(_fixed, _D50))
    return header.ljust(128, b"\0") + table + content


def _colorants(corners: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    """XYZ of red, green and blue as columns, adapted from their white to D50 by Bradford's matrix."""
    xyz = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in corners]).T
    scaled = xyz[:, :3] * np.linalg.solve(xyz[:, :3], xyz[:, 3])
    gain = (_BRADFORD @ _D50) / (_BRADFORD @ xyz[:, 3])
    adapted: NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ np.diag(gain) @ _BRADFORD @ scaled
    return adapted


def _fixed(number: float) -> bytes:
    return struct.pack(">i", round(number * 65536))


def _xyz(values: NDArray[np.float64]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _text(words: str) -> bytes:
    """A multiLocalizedUnicodeType of one English string."""
    coded = words.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(coded), 28) + coded
