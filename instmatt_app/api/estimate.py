"""How large an export will be, found by writing a sample of the photo.

Strips of whole rows, spread over the photo, are put under each other and written as the export would be, with the same
colours, formats and packing; what that takes is scaled by the share of rows. A photo of no more rows than the sample
is written as a whole. Packers see less of the picture at a time than rows give them, so the pieces pack as the whole
does. COCO's run lengths go down columns, which are taken in the place of rows there.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from instmatt_app.api.exporting import Export
from instmatt_app.api.result import Result
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.photo import Photo

SAMPLE_PIXELS = 1_200_000
_THICKNESS = 32
_LEAST_STRIPS = 4


def estimated_bytes(export: Export, result: Result, step: Step = silent, sample: int = SAMPLE_PIXELS) -> int:
    """About how many bytes the export's files will have together; ``sample`` is how many pixels are written for it.

    ``tests/test_estimate.py`` holds it to a factor of 1.5. Raises like :meth:`Export.write`.
    """
    down_columns = export.options.format == "coco"
    part, share = _sample(result, sample, down_columns)
    with tempfile.TemporaryDirectory() as folder:
        files = replace(export, folder=Path(folder) / "sample", copy=1).write(part, step=step)
        return round(sum(path.stat().st_size for path in files) / share)


def _sample(result: Result, pixels: int, columns: bool) -> tuple[Result, float]:
    """The result of a smaller photo that has only some rows (or columns) of the photo's, and their share of all."""
    photo = result.photo
    length, across = (photo.width, photo.height) if columns else (photo.height, photo.width)
    strips = max(_LEAST_STRIPS, round(pixels / across / _THICKNESS))
    if strips * _THICKNESS >= length:
        return result, 1.0
    begins = [round((length - _THICKNESS) * (number + 0.5) / strips) for number in range(strips)]
    places = [slice(begin, begin + _THICKNESS) for begin in begins]
    if columns:
        planes = (result.alpha(number) for number in range(len(result.alphas)))
        alphas = np.stack([np.concatenate([plane[:, place] for place in places], axis=1) for plane in planes])
    else:
        alphas = np.concatenate([result.alpha_rows(place) for place in places], axis=1)
    seen = np.concatenate(
        [photo.pixels[:, place] if columns else photo.pixels[place] for place in places], int(columns)
    )
    people = [replace(one, hints=None, pins=None) for one in result.people]
    small = Photo(np.ascontiguousarray(seen), photo.path, photo.profile, exif=photo.exif)
    return replace(
        result, photo=small, people=people, alphas=alphas, detail=None, seconds={}
    ), strips * _THICKNESS / length
