"""TIFF through tifffile: 1 to 16 bits, grey, palette, RGB, CMYK, YCbCr in JPEG; the first page."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tifffile
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels
from instmatt_app.files.raw_reader import read_raw
from instmatt_app.files.samples import ORIENTATION, PhotoError, Samples, SizeCheck, divided, full_range, upright_array

# tifffile logs a line for every odd tag, hundreds for a damaged file; what matters becomes one sentence here.
logging.getLogger("tifffile").setLevel(logging.CRITICAL)

_PHOTOMETRIC_CHANNELS = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3}
"""Colour channels by PhotometricInterpretation: grey (white is 0), grey, RGB, palette, CMYK, YCbCr."""
_JPEG_COMPRESSIONS = (6, 7, 33007, 34892)
_DNG_VERSION, _SUB_IFDS, _ICC_PROFILE = 50706, 330, 34675


def read_tiff(path: Path, check: SizeCheck) -> Samples:
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages[0]
        if _DNG_VERSION in page.tags or (page.is_reduced and _SUB_IFDS in page.tags):
            return read_raw(path, check)
        if page.is_reduced and len(tiff.pages) > 1 and not tiff.pages[1].is_reduced:
            # Some programs put a thumbnail before the picture.
            page = tiff.pages[1]
        check(page.imagewidth, page.imagelength)
        _check_tiff_kind(page, check.name)
        _check_tiff_complete(page, check.file_size)
        notes = []
        with contextlib.suppress(Exception):  # pages that cannot be counted are not read anyway
            if len(tiff.pages) > 1:
                notes.append(f"Only the first of {len(tiff.pages)} pages was read.")
        array = page.asarray()
        tags = {code: page.tags[code].value for code in (ORIENTATION, _ICC_PROFILE) if code in page.tags}
    array = array.reshape(_tiff_shape(page))
    if page.planarconfig == 2 and array.ndim == 3:
        array = np.moveaxis(array, 0, -1)
    count = _PHOTOMETRIC_CHANNELS[int(page.photometric)]
    if array.ndim == 2:
        array = array[..., np.newaxis]
    if array.shape[2] < count:
        raise ValueError("the TIFF lacks colour channels")
    if int(page.photometric) == 3:
        colours: Pixels = _palette_colours(array[..., 0], page.colormap)
        alpha: Pixels | None = None
        space: Literal["grey", "rgb", "cmyk"] = "rgb"
    else:
        array = full_range(array, int(np.max(page.bitspersample)))
        colours, alpha, ignored = _split_channels(array, count, tuple(int(kind) for kind in page.extrasamples))
        if ignored:
            notes.append("Extra channels of the TIFF file were left out.")
        if int(page.photometric) == 0:
            colours = np.iinfo(colours.dtype).max - colours
        space = "grey" if count == 1 else "cmyk" if count == 4 else "rgb"
        if space == "grey":
            colours = colours[..., 0]
    orientation = int(tags.get(ORIENTATION, 1))
    profile = tags.get(_ICC_PROFILE)
    return Samples(
        upright_array(colours, orientation),
        space,
        upright_array(alpha, orientation) if alpha is not None else None,
        bytes(profile) if profile else None,
        tuple(notes),
    )


def _check_tiff_kind(page: Any, name: str) -> None:
    bits = int(np.max(page.bitspersample))
    if page.sampleformat not in (None, 1) or bits > 16:
        kind = "floating point numbers" if page.sampleformat == 3 else f"samples of {bits} bits with this sign"
        raise PhotoError(f"“{name}” holds {kind}; save it as TIFF with 8 or 16 bits per channel.")
    photometric = int(page.photometric)
    if photometric not in _PHOTOMETRIC_CHANNELS or (photometric == 6 and page.compression not in _JPEG_COMPRESSIONS):
        raise PhotoError(f"“{name}” stores its colours in a way that is not read here; save it as TIFF in RGB.")


def _check_tiff_complete(page: Any, file_size: int) -> None:
    """Raises ValueError if strips or tiles lie outside the file; tifffile would fill what is missing with black."""
    offsets, lengths = page.dataoffsets, page.databytecounts
    if len(offsets) < int(np.prod(page.chunked)) or len(lengths) < len(offsets):
        raise ValueError("the TIFF lacks strips or tiles")
    if any(length == 0 or offset + length > file_size for offset, length in zip(offsets, lengths, strict=False)):
        raise ValueError("the TIFF ends too early")


def _tiff_shape(page: Any) -> tuple[int, ...]:
    height, width, channels = page.imagelength, page.imagewidth, page.samplesperpixel
    if channels == 1:
        return height, width
    return (channels, height, width) if page.planarconfig == 2 else (height, width, channels)


def _split_channels(array: Pixels, count: int, extra: tuple[int, ...]) -> tuple[Pixels, Pixels | None, bool]:
    """Colours (H, W, count), straight alpha (H, W) or None, and whether other channels were left out.

    ``extra`` is TIFF's ExtraSamples: 1 = alpha already multiplied into the colours, 2 = straight alpha, 0 = anything,
    for example a stored selection, which must not be taken for transparency.
    """
    colours = array[..., :count]
    kinds = extra[: array.shape[2] - count]
    place = next((index for index, kind in enumerate(kinds) if kind in (1, 2)), None)
    if place is None:
        return colours, None, array.shape[2] > count
    alpha = array[..., count + place]
    if kinds[place] == 1:
        colours = divided(colours, alpha)
    return colours, alpha, array.shape[2] > count + 1


def _palette_colours(indices: NDArray[Any], palette: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """RGB uint8 (H, W, 3) of palette indices; some writers fill TIFF's 16-bit palette with 8-bit numbers."""
    table = palette if palette.max() < 256 else palette >> 8
    result: NDArray[np.uint8] = np.ascontiguousarray(table.T.astype(np.uint8))[indices.astype(np.intp)]
    return result
