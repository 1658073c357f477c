"""Layers to files: the alpha and the cut-out of every person, all of them or none."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels, strips, to_eight_bits
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.trimap import trimap_of
from instmatt_app.files.atomic import WriteError, sweep_leftovers, write_beside, write_error
from instmatt_app.files.export_options import DocumentName, FormatName, LayersKind
from instmatt_app.files.formats import DOCUMENTS, FORMATS, Depth, check_size
from instmatt_app.files.formats.document import DocumentError, LayeredPicture

ENDINGS = {"alpha": "", "cutout": "-cutout", "trimap": "-trimap", "trimatte": "-trimatte"}


@dataclass(frozen=True, eq=False)
class Layer:
    """One person as export sees it.

    ``stem`` names the files; ``alpha`` is float32 (H, W), 0..1; ``colours`` is uint8 or uint16 (H, W, 3) in the colour
    space of ``profile``, straight, or None if only the alpha is written. ``background`` is the background's alpha,
    for a tri-matte; ``exif`` what the camera wrote, if it is to be kept.
    """

    stem: str
    alpha: NDArray[np.float32]
    colours: Pixels | None = None
    profile: bytes | None = None
    background: NDArray[np.float32] | None = None
    exif: bytes | None = None


def layer_targets(folder: Path, stems: Sequence[str], kind: LayersKind, format: FormatName) -> list[Path]:
    """The files that layers go to, in order. Raises ValueError for names that cannot be file names."""
    return [target for stem in stems for target in _targets(folder, stem, kind, format)]


def document_target(folder: Path, stem: str, format: DocumentName) -> Path:
    """The file that a document goes to. Raises ValueError for a name that cannot be a file name."""
    return _named(folder, stem, DOCUMENTS[format].ending)


def check_targets(folder: Path, targets: list[Path], overwrite: bool) -> None:
    """Whether these files can be written; writes nothing, so it can be asked before the computation starts.

    Raises FileExistsError if files are there and ``overwrite`` is False (naming the first and the number), WriteError
    if the folder cannot be written to, ValueError if two layers would go to the same file.
    """
    check_distinct(targets)
    _check_folder(folder)
    present = []
    for target in targets:
        try:
            if target.is_dir():
                raise WriteError(f"“{target}” is a folder, so no file can be written there; rename it.")
            if target.exists() or target.is_symlink():
                present.append(target)
        except WriteError:
            raise
        except OSError as error:
            raise write_error(target, error) from error
    if present and not overwrite:
        more = {1: "", 2: " and 1 more file"}.get(len(present), f" and {len(present) - 1} more files")
        verb = "exists" if len(present) == 1 else "exist"
        raise FileExistsError(
            f"“{present[0].name}”{more} {verb} already in “{folder}”; allow overwriting or choose another folder."
        )


def check_distinct(targets: Sequence[Path]) -> None:
    """Raises ValueError if two of the files are one."""
    # Compared without case: many disks take "Anna" and "anna" for the same file.
    if len({target.name.casefold() for target in targets}) < len(targets):
        raise ValueError("two layers would be written to the same file; give them different names")


def write_document(
    folder: Path,
    stem: str,
    make: Callable[[], LayeredPicture],
    *,
    format: DocumentName,
    overwrite: bool,
    step: Step = silent,
) -> Path:
    """Writes all layers into one file, ``<stem>.psd`` and so on, and returns it.

    The target is checked before ``make`` computes the layers. ``step`` is called before the file is written. Whatever
    goes wrong, nothing of this call stays. Raises like :func:`check_targets` and :func:`write_beside`; DocumentError
    if the format cannot hold the picture.
    """
    target = document_target(folder, stem, format)
    check_targets(folder, [target], overwrite)
    picture = make()
    check_size(format, picture.width, picture.height)
    added_folders = _make_folder(folder)
    try:
        step(0, 1, f"Writing {target.name}")
        write_beside(target, lambda path: DOCUMENTS[format].write(picture, path), overwrite)
    except BaseException:
        _take_back(added_folders)
        raise
    return target


def write_layers(
    folder: Path,
    layers: Iterable[Layer],
    *,
    format: FormatName,
    layers_kind: LayersKind,
    overwrite: bool,
    stems: Sequence[str] | None = None,
    cropped: bool = False,
    step: Step = silent,
) -> list[Path]:
    """Writes ``<stem>.png`` (alpha) and ``<stem>-cutout.png`` (straight RGBA with the profile) of every layer.

    The ending is the format's. The kind "trimap" is ``<stem>-trimap.png``, grey (see :func:`core.trimap.trimap_of`),
    "trimatte" ``<stem>-trimatte.png``, RGB: the person, everybody else, the background.

    All targets are checked before the first is written. With ``stems`` given, ``layers`` may be made one at a time, in
    that order, so that only one is in memory; without, they are collected first. Alphas are rounded to the depth of
    the format. ``cropped`` cuts every file to the pixels whose alpha is not 0 and says in it where they lie. ``step``
    is called before every file.
    If a file cannot be written, or ``step`` cancels, the files this call has added are removed again; files it has
    replaced stay replaced. Raises like :func:`check_targets` and :func:`write_beside`; ValueError for a layer that does
    not fit; DocumentError if the format cannot say where a cropped file lies.
    """
    if cropped and not FORMATS[format].has_place:
        raise DocumentError(f"A file of the format {format} cannot say where it lies in the photo; choose png.")
    if stems is None:
        layers = list(layers)
        stems = [layer.stem for layer in layers]
    targets = layer_targets(folder, stems, layers_kind, format)
    check_targets(folder, targets, overwrite)
    added_folders = _make_folder(folder)
    added: list[Path] = []
    written: list[Path] = []
    try:
        for layer, stem in zip(layers, stems, strict=True):
            if layer.stem != stem:
                raise ValueError(f"the layer “{layer.stem}” came where “{stem}” was announced")
            for part, target in zip(_parts(layers_kind), _targets(folder, stem, layers_kind, format), strict=True):
                step(len(written), len(targets), f"Writing {target.name}")
                content = _encode(layer, part, format, cropped)
                is_new = not target.exists()
                write_beside(target, content, overwrite)
                written.append(target)
                if is_new:
                    added.append(target)
    except BaseException:
        for target in added:
            with contextlib.suppress(OSError):
                target.unlink()
        _take_back(added_folders)
        raise
    return written


def _targets(folder: Path, stem: str, kind: LayersKind, format: FormatName) -> list[Path]:
    return [_named(folder, stem + ENDINGS[part], FORMATS[format].suffix) for part in _parts(kind)]


def _parts(kind: LayersKind) -> tuple[str, ...]:
    return ("alpha", "cutout") if kind == "both" else (kind,)


def _named(folder: Path, stem: str, ending: str) -> Path:
    if not stem or stem in (".", "..") or any(sign in stem for sign in "/\\\0"):
        raise ValueError(f"“{stem}” cannot be the name of a file")
    return folder / (stem + ending)


def _take_back(folders: Iterable[Path]) -> None:
    """Removes folders that were made for files that did not come."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _check_folder(folder: Path) -> None:
    """Raises WriteError if no file can be made in the folder, or in the nearest one above it that exists."""
    existing = next((place for place in (folder, *folder.absolute().parents) if place.exists()), folder)
    if not existing.is_dir():
        raise WriteError(f"“{existing}” is not a folder; choose another one.")
    try:
        # The only honest answer comes from trying: permission bits say little on network disks and on Windows.
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        raise write_error(folder / "layers", error) from error


def _make_folder(folder: Path) -> list[Path]:
    """Makes the folder and those above it; returns the ones that are new, the innermost first.

    In one that was there before, what a killed run left half-written is removed.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder / "layers", error) from error
    sweep_leftovers(folder)
    return missing


def _encode(layer: Layer, part: str, format: FormatName, cropped: bool) -> bytes:
    writer = FORMATS[format]
    alpha = quantised(layer.alpha, writer.dtype)
    picture = _picture(layer, part, alpha, writer.dtype)
    profile, exif = (layer.profile, layer.exif) if part == "cutout" else (None, None)
    if not cropped:
        return writer.encode(picture, profile, exif, None)
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    # A layer that shows nothing is one pixel, because formats know no smaller ones.
    top, bottom = (int(rows[0]), int(rows[-1]) + 1) if rows.size else (0, 1)
    left, right = (int(columns[0]), int(columns[-1]) + 1) if columns.size else (0, 1)
    return writer.encode(picture[top:bottom, left:right], profile, exif, (left, top))


def _picture(layer: Layer, part: str, alpha: Pixels, dtype: Depth) -> Pixels:
    """What a file holds, at photo size; ``alpha`` is the layer's in that depth."""
    if part == "trimap":
        return at_depth(trimap_of(layer.alpha), dtype)
    if part == "alpha":
        return alpha
    if part == "trimatte":
        if layer.background is None:
            raise ValueError(f"the tri-matte of “{layer.stem}” needs the background's alpha")
        others = np.clip(1 - layer.alpha - layer.background, 0, 1)
        planes = [alpha, quantised(others, dtype), quantised(layer.background, dtype)]
        picture: Pixels = np.empty((*alpha.shape, 3), dtype)
        for channel, plane in enumerate(planes):
            picture[..., channel] = plane
        return picture
    colours = layer.colours
    if colours is None or colours.shape != (*alpha.shape, 3):
        raise ValueError(f"the cut-out of “{layer.stem}” needs colours of the size of its alpha")
    rgba: Pixels = np.empty((*alpha.shape, 4), dtype)
    rgba[..., :3] = at_depth(colours, dtype)
    rgba[..., 3] = alpha
    return rgba


def quantised(alpha: NDArray[np.float32], dtype: Depth) -> Pixels:
    """Alpha 0..1 as whole numbers of that type, by strips. Raises ValueError for another shape or NaN."""
    if alpha.ndim != 2 or alpha.size == 0:
        raise ValueError(f"an alpha has the shape (H, W), not {alpha.shape}")
    top = np.iinfo(dtype).max
    result: Pixels = np.empty(alpha.shape, np.dtype(dtype))
    for rows in strips(*alpha.shape):
        strip = np.clip(alpha[rows], 0, 1) * np.float32(top)
        if np.isnan(strip).any():
            raise ValueError("an alpha holds NaN")
        result[rows] = np.rint(strip)
    return result


def at_depth(colours: Pixels, dtype: Depth) -> Pixels:
    """The same colours as uint8 or uint16, full scale on full scale."""
    if colours.dtype == dtype:
        return colours
    return to_eight_bits(colours) if dtype is np.uint8 else colours.astype(np.uint16) * np.uint16(257)
