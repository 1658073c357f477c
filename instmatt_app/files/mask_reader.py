"""Guidance masks from files: one grey picture per person, at the size of the photo."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import cmyk_to_srgb, to_eight_bits
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.trimap import guidance_of, is_trimap
from instmatt_app.files.photo_reader import read_samples
from instmatt_app.files.samples import PhotoError, Samples

# The share of black and white in a mask; photos have little of both.
_LEAST_SURE = 0.7
# What export puts beside its mattes.
_OTHER_ENDINGS = ("-cutout", "-trimap", "-trimatte")


def read_mask(path: str | Path, width: int, height: int) -> tuple[NDArray[np.uint8], str | None]:
    """The mask, uint8 (height, width), 0..255, and a sentence if it had to be resized.

    Grey as it is; colours by their luma; a picture with transparency by its alpha, unless that is the same everywhere.
    A mask of another size but the photo's proportions (1 % or 2 pixels) is resized without smoothing.
    Raises PhotoError for a file that cannot be read or has other proportions.
    """
    path = Path(path)
    mask = read_grey(path)
    own_height, own_width = mask.shape
    if (own_width, own_height) == (width, height):
        return mask, None
    if not _same_proportions(own_width, own_height, width, height):
        raise PhotoError(
            f"The mask “{path.name}” is {own_width} × {own_height} pixels and the photo {width} × {height}: the "
            "proportions differ, so choose the mask that belongs to this photo."
        )
    resized: NDArray[np.uint8] = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
    note = (
        f"The mask “{path.name}” was resized from {own_width} × {own_height} to the photo's {width} × {height} pixels."
    )
    return resized, note


def read_classes(path: str | Path, width: int, height: int, most: int) -> NDArray[np.uint8]:
    """What was painted, uint8 (height, width): an 8-bit grey picture whose levels are the numbers 0 to ``most``.

    Raises PhotoError for a file that cannot be read, has another size than the photo, or holds other numbers.
    """
    path = Path(path)
    plane = read_grey(path)
    if plane.shape != (height, width):
        raise PhotoError(
            f"“{path.name}” is {plane.shape[1]} × {plane.shape[0]} pixels and the photo {width} × {height}: strokes "
            "must have the size of the photo."
        )
    if plane.max() > most:
        raise PhotoError(f"“{path.name}” holds grey levels up to {plane.max()}; strokes are numbers from 0 to {most}.")
    return plane


def read_guidance(path: Path, width: int, height: int) -> tuple[TilePlane, TilePlane | None] | None:
    """A person's mask and, from a trimap, strokes, of that size each; None for what is rather a photo.

    A mask or alpha has the photo's proportions and is black or white, or clear or opaque, almost everywhere. Raises
    PhotoError for a file that cannot be read.
    """
    samples = read_samples(path)
    own_height, own_width = samples.colours.shape[:2]
    is_cut = samples.alpha is not None and samples.alpha.min() != samples.alpha.max()
    if not _same_proportions(own_width, own_height, width, height) or not (is_cut or _is_grey(samples)):
        return None
    grey = np.ascontiguousarray(_grey(samples))
    if (own_width, own_height) != (width, height):
        grey = cv2.resize(grey, (width, height), interpolation=cv2.INTER_NEAREST)
    mask = TilePlane.of(grey)
    if mask.is_empty:
        return None
    if is_trimap(mask):
        return guidance_of(mask)
    unsure = mask.count(8) - mask.count(248)
    return (mask, None) if 1 - unsure / grey.size > _LEAST_SURE else None


def _is_grey(samples: Samples) -> bool:
    colours = samples.colours
    return colours.ndim == 2 or (
        samples.space == "rgb"
        and bool((colours[..., 0] == colours[..., 1]).all() and (colours[..., 1] == colours[..., 2]).all())
    )


def read_grey(path: Path) -> NDArray[np.uint8]:
    """A mask or alpha as it is, uint8 (H, W) at its own size; what is grey about it as in :func:`read_mask`.

    Raises PhotoError for a file that cannot be read.
    """
    return np.ascontiguousarray(_grey(read_samples(path)))


def find_masks(folder: Path, stem: str) -> list[Path]:
    """The mask files of one photo, by name: ``folder/stem/*.png`` if there is such a folder, else ``folder/*.png``.

    Cut-outs, trimaps and tri-mattes, which export puts beside its mattes, are left out. Raises PhotoError if
    none is found.
    """
    own = folder / stem
    place = own if own.is_dir() else folder
    try:
        masks = sorted(
            (entry for entry in place.iterdir() if _is_mask_name(entry) and entry.is_file()), key=lambda p: p.name
        )
    except OSError as error:
        raise PhotoError(f"The folder “{place}” with the masks cannot be read; choose another one.") from error
    if not masks:
        raise PhotoError(f"There are no masks (PNG files) in “{place}”; choose the folder that holds them.")
    return masks


def _is_mask_name(path: Path) -> bool:
    return path.suffix.lower() == ".png" and not path.stem.endswith(_OTHER_ENDINGS) and not path.name.startswith(".")


def _grey(samples: Samples) -> NDArray[np.uint8]:
    alpha = samples.alpha
    # An alpha that is the same everywhere selects nobody: then the colours are the mask.
    if alpha is not None and alpha.min() != alpha.max():
        return to_eight_bits(alpha)
    colours = samples.colours
    if samples.space == "grey":
        return to_eight_bits(colours)
    if samples.space == "cmyk":
        colours = cmyk_to_srgb(colours, samples.profile)
    return to_eight_bits(cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2GRAY))


def _same_proportions(own_width: int, own_height: int, width: int, height: int) -> bool:
    expected = own_width * height / width
    return abs(expected - own_height) <= max(2.0, 0.01 * own_height)
