"""A small picture of a photo or a project, to tell files apart by: quick, and never a reason to complain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import JpegImagePlugin

from instmatt_app.core.photo import Photo
from instmatt_app.files.photo_reader import read_photo
from instmatt_app.files.project_file import SUFFIX, read_thumbnail
from instmatt_app.files.project_restoring import thumbnail_pixels
from instmatt_app.files.samples import ORIENTATION, upright_array


def small_picture(path: Path, side: int) -> NDArray[np.uint8] | None:
    """The photo, or a project's own small picture, upright, in sRGB: uint8 (h, w, 3), neither side above ``side``.

    None where there is none to be had: whoever opens the file is told why.
    """
    try:
        if not path.is_file():
            return None
        if path.suffix.lower() == SUFFIX:
            kept = read_thumbnail(path)
            return None if kept is None else thumbnail_pixels(kept)
        with path.open("rb") as file:
            if file.read(3) == b"\xff\xd8\xff":
                return _of_jpeg(path, side)
        return read_photo(path).at(side)
    except Exception:  # a decoder fails on a damaged file in whatever way it likes
        return None


def _of_jpeg(path: Path, side: int) -> NDArray[np.uint8]:
    """A JPEG is decoded at an eighth of its size or so, which takes a small part of the time."""
    with path.open("rb") as file, JpegImagePlugin.JpegImageFile(file) as picture:
        picture.draft("RGB", (side, side))
        profile = picture.info.get("icc_profile") if picture.mode == "RGB" else None
        pixels = np.asarray(picture.convert("RGB"), dtype=np.uint8)
        orientation = picture.getexif().get(ORIENTATION, 1)
    upright = np.ascontiguousarray(upright_array(pixels, orientation), dtype=np.uint8)
    return Photo(upright, profile).at(side)
