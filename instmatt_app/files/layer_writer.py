"""Layers to files: the alpha and the cut-out of every person, all of them or none."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels, strips, to_eight_bits
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.trimap import trimap_of
from instmatt_app.files.atomic import WriteError, sweep_leftovers, write_beside, write_error
from instmatt_app.files.formats import DOCUMENTS, FORMATS, Depth
from instmatt_app.files.formats.document import LayeredPicture

FormatName = Literal["png", "png16", "webp"]
DocumentName = Literal[
    "psd", "psd-transparency", "psd16", "ora", "ora16", "tiff", "tiff16", "exr", "cryptomatte", "coco"
]
LayersKind = Literal["cutout", "alpha", "both", "trimap", "trimatte"]
LAYERS_KINDS: tuple[LayersKind, ...] = ("cutout", "alpha", "both", "trimap", "trimatte")
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


def check_targets(
    folder: Path, stems: Sequence[str], kind: LayersKind, overwrite: bool, format: FormatName = "png"
) -> list[Path]:
    """The files an export will write, in order; writes nothing, so it can be asked before the computation starts.

    Raises FileExistsError if files are there and ``overwrite`` is False (naming the first and the number), WriteError
    if the folder cannot be written to, ValueError for names that cannot be file names or meet each other.
    """
    return _check(folder, [target for stem in stems for target in _targets(folder, stem, kind, format)], overwrite)


def check_document(folder: Path, stem: str, format: DocumentName, overwrite: bool) -> Path:
    """The file a document goes to; asks and raises like :func:`check_targets`."""
    return _check(folder, [_named(folder, stem, DOCUMENTS[format].ending)], overwrite)[0]


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
    target = check_document(folder, stem, format, overwrite)
    picture = make()
    added_folders = _make_folder(folder)
    try:
        step(0, 1, f"Writing {target.name}")
        write_beside(target, lambda path: DOCUMENTS[format].write(picture, path), overwrite)
    except BaseException:
        _take_back(added_folders)
        raise
    return target


def _check(folder: Path, targets: list[Path], overwrite: bool) -> list[Path]:
    # Compared without case: many disks take "Anna" and "anna" for the same file.
    if len({target.name.casefold() for target in targets}) < len(targets):
        raise ValueError("two layers would be written to the same file; give them different names")
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
    return targets


def write_layers(
    folder: Path,
    layers: Iterable[Layer],
    *,
    format: FormatName,
    layers_kind: LayersKind,
    overwrite: bool,
    stems: Sequence[str] | None = None,
    step: Step = silent,
) -> list[Path]:
    """Writes ``<stem>.png`` (alpha) and ``<stem>-cutout.png`` (straight RGBA with the profile) of every layer.

    The ending is the format's. The kind "trimap" is ``<stem>-trimap.png``, grey (see :func:`core.trimap.trimap_of`),
    "trimatte" ``<stem>-trimatte.png``, RGB: the person, everybody else, the background.

    All targets are checked before the first is written. With ``stems`` given, ``layers`` may be made one at a time, in
    that order, so that only one is in memory; without, they are collected first. Alphas are rounded to the depth of
    the format. ``step`` is called before every file.
    If a file cannot be written, or ``step`` cancels, the files this call has added are removed again; files it has
    replaced stay replaced. Raises like :func:`check_targets` and :func:`write_beside`; ValueError for a layer that does
    not fit.
    """
    if stems is None:
        layers = list(layers)
        stems = [layer.stem for layer in layers]
    targets = check_targets(folder, stems, layers_kind, overwrite, format)
    added_folders = _make_folder(folder)
    added: list[Path] = []
    written: list[Path] = []
    try:
        for layer, stem in zip(layers, stems, strict=True):
            if layer.stem != stem:
                raise ValueError(f"the layer “{layer.stem}” came where “{stem}” was announced")
            for part, target in zip(_parts(layers_kind), _targets(folder, stem, layers_kind, format), strict=True):
                step(len(written), len(targets), f"Writing {target.name}")
                content = _encode(layer, part, format)
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


def _encode(layer: Layer, part: str, format: FormatName) -> bytes:
    writer = FORMATS[format]
    if part == "trimap":
        return writer.encode(at_depth(trimap_of(layer.alpha), writer.dtype), None, None)
    alpha = quantised(layer.alpha, writer.dtype)
    if part == "alpha":
        return writer.encode(alpha, None, None)
    if part == "trimatte":
        if layer.background is None:
            raise ValueError(f"the tri-matte of “{layer.stem}” needs the background's alpha")
        others = np.clip(1 - layer.alpha - layer.background, 0, 1)
        planes = [alpha, quantised(others, writer.dtype), quantised(layer.background, writer.dtype)]
        picture: Pixels = np.empty((*alpha.shape, 3), writer.dtype)
        for channel, plane in enumerate(planes):
            picture[..., channel] = plane
        return writer.encode(picture, None, None)
    colours = layer.colours
    if colours is None or colours.shape != (*alpha.shape, 3):
        raise ValueError(f"the cut-out of “{layer.stem}” needs colours of the size of its alpha")
    rgba = np.empty((*alpha.shape, 4), writer.dtype)
    rgba[..., :3] = at_depth(colours, writer.dtype)
    rgba[..., 3] = alpha
    return writer.encode(rgba, layer.profile, layer.exif)


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
