"""From a picture file to a Photo: decoded, upright, opaque, RGB, in 8 or 16 bits; or one sentence that says why not."""

from __future__ import annotations

import contextlib
import stat
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, Image, ImageCms, ImageFile, JpegImagePlugin, WebPImagePlugin

from instmatt_app.core.colour import Pixels, cmyk_to_srgb, profile_space, strips, to_eight_bits
from instmatt_app.core.photo import Photo
from instmatt_app.files.heif_reader import is_avif, is_heic, read_avif, read_heic
from instmatt_app.files.png_reader import PNG_SIGNATURE, read_png
from instmatt_app.files.raw_reader import RAW_SUFFIXES, is_raw, read_raw
from instmatt_app.files.samples import (
    ORIENTATION,
    PhotoError,
    Samples,
    SizeCheck,
    upright_array,
    upright_exif,
)
from instmatt_app.files.tiff_reader import read_tiff

PHOTO_SUFFIXES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".webp", ".bmp", ".gif",
    ".heic", ".heif", ".hif", ".avif", *RAW_SUFFIXES,
)  # fmt: skip
"""What a folder is searched for; whether a file is a photo is decided by its content."""


def is_photo_name(path: str | Path) -> bool:
    """Whether the file is named like a photo this program opens."""
    return Path(path).suffix.lower() in PHOTO_SUFFIXES


def read_photo(path: str | Path, max_pixels: int = 400_000_000) -> Photo:
    """The photo in a JPEG, PNG, TIFF, HEIC, AVIF, camera raw, WebP, BMP or GIF file; its content decides.

    Turned upright by its EXIF orientation; 16 bits stay 16 bits; grey becomes three equal channels; transparency is
    laid over white; CMYK and grey profiles become sRGB; an RGB profile is kept as ``profile``. What was changed stands
    in ``notes``. The size is read from the header, and nothing above ``max_pixels`` is decoded.
    Raises PhotoError for everything that cannot be used.
    """
    path = Path(path)
    try:
        return _as_photo(read_samples(path, max_pixels), path)
    except MemoryError as error:
        raise _out_of_memory(path) from error


def read_samples(path: Path, max_pixels: int = 400_000_000) -> Samples:
    """The decoded samples of a picture file, upright. Raises PhotoError like :func:`read_photo`."""
    name = path.name or str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PhotoError(f"“{name}” is a folder; choose a photo inside it.")
        if not stat.S_ISREG(status.st_mode):
            raise PhotoError(f"“{name}” is not an ordinary file; choose a photo.")
        if status.st_size == 0:
            raise PhotoError(f"“{name}” is empty (0 bytes); copy it again from where it came from.")
        with path.open("rb") as file:
            decode = _decoder(file.read(32), name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return decode(path, SizeCheck(name, status.st_size, max_pixels))
    except PhotoError:
        raise
    except MemoryError as error:
        raise _out_of_memory(path) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PhotoError(f"“{name}” was not found; it may have been moved or renamed, so choose it again.") from error
    except PermissionError as error:
        raise PhotoError(f"“{name}” may not be read; ask its owner for permission, or copy it elsewhere.") from error
    except Image.DecompressionBombError as error:
        raise PhotoError(f"“{name}” is too large to be opened; save a smaller copy.") from error
    except Exception as error:  # a decoder fails on a damaged file in whatever way it likes
        raise PhotoError(f"“{name}” is damaged or not complete; copy it again or save it anew.") from error


def _out_of_memory(path: Path) -> PhotoError:
    return PhotoError(f"There is not enough memory to open “{path.name}”; close other programs or save a smaller copy.")


_Decode = Callable[[Path, SizeCheck], Samples]


def _decoder(head: bytes, name: str) -> _Decode:
    """Who reads a file that begins with those 32 bytes. Raises PhotoError for formats that are not read."""
    if head.startswith(b"\xff\xd8\xff"):
        return partial(_read_pillow, JpegImagePlugin.JpegImageFile)
    if head.startswith(PNG_SIGNATURE):
        return read_png
    if is_raw(head):
        return read_raw
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return read_tiff
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return partial(_read_pillow, WebPImagePlugin.WebPImageFile)
    if head.startswith(b"BM"):
        return partial(_read_pillow, BmpImagePlugin.BmpImageFile)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return partial(_read_pillow, GifImagePlugin.GifImageFile)
    if head[4:8] == b"ftyp":
        if is_avif(head):
            return read_avif
        if is_heic(head):
            return read_heic
    known = {b"%PDF": "a PDF document", b"8BPS": "a Photoshop document", b"%!PS": "a PostScript document"}
    kind = "a film or sound" if head[4:8] == b"ftyp" else known.get(head[:4])
    if kind is not None:
        raise PhotoError(f"“{name}” is {kind}, which is not read here; save it as JPEG, PNG or TIFF.")
    raise PhotoError(f"“{name}” is not a picture this program knows; save it as JPEG, PNG, TIFF, WebP or BMP.")


def _read_pillow(plugin: type[ImageFile.ImageFile], path: Path, check: SizeCheck) -> Samples:
    # The plugin is called by itself, not through Image.open: that would apply Pillow's own, global size limit, and
    # would try every other format, among them one that starts an interpreter.
    with path.open("rb") as file, plugin(file) as picture:
        check(*picture.size, may_be_tiny=plugin in (WebPImagePlugin.WebPImageFile, GifImagePlugin.GifImageFile))
        notes = []
        if getattr(picture, "is_animated", False):
            notes.append("Only the first picture of the animation was read.")
        picture.load()
        profile = picture.info.get("icc_profile") or None
        orientation = _pillow_orientation(picture)
        mode = picture.mode
        exif = upright_exif(picture.getexif())
        upright = partial(upright_array, orientation=orientation)
        if mode in ("P", "PA") or picture.has_transparency_data:
            array = np.asarray(picture.convert("RGBA" if picture.has_transparency_data else "RGB"))
            alpha = upright(array[..., 3]) if array.shape[2] == 4 else None
            return Samples(upright(array[..., :3]), "rgb", alpha, profile, tuple(notes), exif)
        if mode in ("1", "L"):
            return Samples(upright(np.asarray(picture.convert("L"))), "grey", None, profile, tuple(notes), exif)
        if mode == "CMYK":
            return Samples(upright(np.asarray(picture)), "cmyk", None, profile, tuple(notes), exif)
        if mode == "RGB":
            return Samples(upright(np.asarray(picture)), "rgb", None, profile, tuple(notes), exif)
    raise PhotoError(f"“{check.name}” stores its colours in an unusual way ({mode}); save it as PNG or TIFF in RGB.")


def _pillow_orientation(picture: Image.Image) -> int:
    with contextlib.suppress(Exception):  # broken EXIF data is no reason to refuse the photo
        return int(picture.getexif().get(ORIENTATION, 1))
    return 1


def _as_photo(samples: Samples, path: Path) -> Photo:
    colours: Pixels = samples.colours
    profile, notes = samples.profile, list(samples.notes)
    if samples.space == "cmyk":
        colours, profile = cmyk_to_srgb(colours, profile), None
        notes.append("The CMYK colours were converted to sRGB.")
    if samples.alpha is not None:
        colours, note = _over_white(colours, samples.alpha)
        notes += note
    space = profile_space(profile) if profile is not None else None
    if colours.ndim == 2:
        if profile is not None and space == "GRAY":
            curve = _grey_curve(profile, colours.dtype)
            if curve is not None:
                colours = curve[colours]
                notes.append("The grey tones were converted to sRGB.")
            profile = None
        if colours.ndim == 2:
            colours = colours[..., np.newaxis].repeat(3, axis=2)
    if profile is not None and space != "RGB":
        profile = None
        notes.append("The colour profile could not be used; the colours are taken for sRGB.")
    return Photo(colours, path, profile, notes=tuple(notes), exif=samples.exif)


def _over_white(colours: Pixels, alpha: Pixels) -> tuple[Pixels, list[str]]:
    """The colours laid over white by their alpha, and the note that says so; opaque pictures stay as they are."""
    top = int(np.iinfo(colours.dtype).max)
    if alpha.dtype != colours.dtype:  # CMYK of 16 bits has become 8 bits meanwhile
        alpha = to_eight_bits(alpha)
    if int(alpha.min()) == top:
        return colours, []
    if int(alpha.max()) == 0:
        # Wholly invisible: some programs leave the fourth byte of a pixel at zero without meaning transparency.
        return colours, ["The empty transparency channel was left out."]
    result = np.empty(colours.shape, colours.dtype)
    for rows in strips(*alpha.shape):
        weight = alpha[rows].astype(np.uint32)
        if colours.ndim == 3:
            weight = weight[..., np.newaxis]
        # uint32 is just enough: 65535 * 65535 + 32767 < 2 ** 32.
        result[rows] = (colours[rows] * weight + top * (top - weight) + top // 2) // top
    return result, ["The transparent parts were laid over white."]


def _grey_curve(profile: bytes, dtype: np.dtype[Any]) -> Pixels | None:
    """The sRGB colour of every grey level, (256 or 65536, 3) of the same type; None for a profile without a way there.

    Through imagecodecs, because Pillow's colour management puts out no more than 8 bits.
    """
    levels = np.arange(np.iinfo(dtype).max + 1, dtype=dtype)[np.newaxis]
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Not optimised, because the optimised curve has few nodes and misses dark linear tones by ten levels.
    flags = int(ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE)
    intent = int(ImageCms.Intent.RELATIVE_COLORIMETRIC)
    try:
        curve: Pixels = imagecodecs.cms_transform(
            levels, profile, srgb, colorspace="gray", outcolorspace="rgb", intent=intent, flags=flags
        )[0]
    except (ValueError, TypeError, RuntimeError):
        return None
    return curve
