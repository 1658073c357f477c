"""From a picture file to a Photo: decoded, upright, opaque, RGB, in 8 or 16 bits; or one sentence that says why not."""

from __future__ import annotations

import contextlib
import logging
import stat
import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import cv2
import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import BmpImagePlugin, GifImagePlugin, Image, ImageCms, ImageFile, JpegImagePlugin, WebPImagePlugin

from instmatt_app.core.colour import Pixels, cmyk_to_srgb, profile_space, strips, to_eight_bits
from instmatt_app.core.photo import Photo

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".webp", ".bmp", ".gif")
"""What a folder is searched for; whether a file is a photo is decided by its content."""

_ORIENTATION = 0x0112
_MAX_PIXELS_PER_BYTE = 10_000
_PLAUSIBILITY_FROM_PIXELS = 16_000_000

# tifffile logs a line for every odd tag, hundreds for a damaged file; what matters becomes one sentence here.
logging.getLogger("tifffile").setLevel(logging.CRITICAL)


class PhotoError(ValueError):
    """A file that cannot be used; the message is one sentence for the person: what is wrong, and what to do."""


@dataclass(frozen=True, eq=False)
class Samples:
    """What a file holds, decoded and upright, before transparency and colour space are dealt with.

    ``colours`` is uint8 or uint16: (H, W) grey, (H, W, 3) RGB or (H, W, 4) CMYK with 0 = no ink; ``alpha`` is (H, W) of
    the same type, straight, or None; ``profile`` is the ICC profile as it was found, not yet looked at.
    """

    colours: Pixels
    space: Literal["grey", "rgb", "cmyk"]
    alpha: Pixels | None = None
    profile: bytes | None = None
    notes: tuple[str, ...] = ()


def is_photo_name(path: str | Path) -> bool:
    """Whether the file is named like a photo this program opens."""
    return Path(path).suffix.lower() in PHOTO_SUFFIXES


def read_photo(path: str | Path, max_pixels: int = 400_000_000) -> Photo:
    """The photo in a JPEG, PNG, TIFF, WebP, BMP or GIF file; its content decides, not its name.

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
            return decode(path, _SizeCheck(name, status.st_size, max_pixels))
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


@dataclass(frozen=True)
class _SizeCheck:
    """Refuses a picture by what its header says, before anything is decoded."""

    name: str
    file_size: int
    max_pixels: int

    def __call__(self, width: int, height: int, *, may_be_tiny: bool = False) -> None:
        pixels = width * height
        if width < 1 or height < 1:
            raise PhotoError(f"“{self.name}” has no pixels; save it anew.")
        if pixels > self.max_pixels:
            raise PhotoError(
                f"“{self.name}” is {width} × {height} pixels, more than the {self.max_pixels / 1e6:g} million this "
                "program opens; save a smaller copy."
            )
        # No deflate or JPEG stream says this much in so few bytes; WebP and GIF can, for an empty picture.
        if not may_be_tiny and pixels > _PLAUSIBILITY_FROM_PIXELS and pixels > _MAX_PIXELS_PER_BYTE * self.file_size:
            raise PhotoError(
                f"“{self.name}” claims {width} × {height} pixels in {self.file_size} bytes, which cannot be; "
                "copy it again or save it anew."
            )


_Decode = Callable[[Path, _SizeCheck], Samples]


def _decoder(head: bytes, name: str) -> _Decode:
    """Who reads a file that begins with those 32 bytes. Raises PhotoError for formats that are not read."""
    if head.startswith(b"\xff\xd8\xff"):
        return partial(_read_pillow, JpegImagePlugin.JpegImageFile)
    if head.startswith(_PNG_SIGNATURE):
        return _read_png
    if head[8:10] == b"CR" and head.startswith(b"II*\0"):
        raise _camera_raw(name)
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return _read_tiff
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return partial(_read_pillow, WebPImagePlugin.WebPImageFile)
    if head.startswith(b"BM"):
        return partial(_read_pillow, BmpImagePlugin.BmpImageFile)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return partial(_read_pillow, GifImagePlugin.GifImageFile)
    known = {b"%PDF": "a PDF document", b"8BPS": "a Photoshop document", b"%!PS": "a PostScript document"}
    kind = "a HEIC or AVIF picture" if head[4:8] == b"ftyp" else known.get(head[:4])
    if kind is not None:
        raise PhotoError(f"“{name}” is {kind}, which is not read here; save it as JPEG, PNG or TIFF.")
    raise PhotoError(f"“{name}” is not a picture this program knows; save it as JPEG, PNG, TIFF, WebP or BMP.")


def _camera_raw(name: str) -> PhotoError:
    return PhotoError(f"“{name}” is a camera raw file; develop it and save it as TIFF or JPEG.")


# ---- JPEG, WebP, BMP, GIF: Pillow ----------------------------------------------------------------------------------


def _read_pillow(plugin: type[ImageFile.ImageFile], path: Path, check: _SizeCheck) -> Samples:
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
        upright = partial(_upright, orientation=orientation)
        if mode in ("P", "PA") or picture.has_transparency_data:
            array = np.asarray(picture.convert("RGBA" if picture.has_transparency_data else "RGB"))
            alpha = upright(array[..., 3]) if array.shape[2] == 4 else None
            return Samples(upright(array[..., :3]), "rgb", alpha, profile, tuple(notes))
        if mode in ("1", "L"):
            return Samples(upright(np.asarray(picture.convert("L"))), "grey", None, profile, tuple(notes))
        if mode == "CMYK":
            return Samples(upright(np.asarray(picture)), "cmyk", None, profile, tuple(notes))
        if mode == "RGB":
            return Samples(upright(np.asarray(picture)), "rgb", None, profile, tuple(notes))
    raise PhotoError(f"“{check.name}” stores its colours in an unusual way ({mode}); save it as PNG or TIFF in RGB.")


def _pillow_orientation(picture: Image.Image) -> int:
    with contextlib.suppress(Exception):  # broken EXIF data is no reason to refuse the photo
        return int(picture.getexif().get(_ORIENTATION, 1))
    return 1


def _upright(array: Pixels, orientation: int) -> Pixels:
    """The picture turned by its EXIF orientation 1..8 (a view); any other number turns nothing."""
    if orientation == 2:
        return array[:, ::-1]
    if orientation == 3:
        return array[::-1, ::-1]
    if orientation == 4:
        return array[::-1]
    if orientation in (5, 6, 7, 8):
        turned = array.swapaxes(0, 1)
        flip_rows, flip_columns = {5: (1, 1), 6: (1, -1), 7: (-1, -1), 8: (-1, 1)}[orientation]
        return turned[::flip_rows, ::flip_columns]
    return array


# ---- PNG: OpenCV, because Pillow reads 16-bit colour as 8 bits -------------------------------------------------------

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_PROFILE_BYTES = 16_000_000


def _read_png(path: Path, check: _SizeCheck) -> Samples:
    with path.open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    check(width, height)
    data = path.read_bytes()
    chunks = _png_chunks(data)
    depth, colour_type = chunks[b"IHDR"][8:10]
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.shape[:2] != (height, width):
        raise ValueError("the PNG data cannot be decoded")
    array: Pixels = decoded
    upright = partial(_upright, orientation=_png_orientation(chunks))
    profile = _png_profile(chunks)
    alpha: Pixels | None = None
    if colour_type in (0, 4):
        grey = array if array.ndim == 2 else array[..., 0]
        if array.ndim == 3 and array.shape[2] == 4:
            alpha = array[..., 3]
        elif b"tRNS" in chunks:
            # OpenCV leaves the transparent grey level of a grey PNG out; it is given in the file's own depth.
            level = int.from_bytes(chunks[b"tRNS"][:2], "big") * (255 // (2**depth - 1) if depth < 8 else 1)
            alpha = np.full_like(grey, np.iinfo(grey.dtype).max)
            alpha[grey == level] = 0
        return Samples(upright(grey), "grey", upright(alpha) if alpha is not None else None, profile)
    if array.shape[2] == 4:
        alpha = upright(array[..., 3])
    return Samples(upright(array[..., 2::-1]), "rgb", alpha, profile)


def _png_chunks(data: bytes) -> dict[bytes, bytes]:
    """The first chunk of every kind, by name. Raises ValueError for a file that is cut short or altered.

    OpenCV gives back what it has got of a broken file, so completeness is checked here.
    """
    chunks: dict[bytes, bytes] = {}
    at = len(_PNG_SIGNATURE)
    view = memoryview(data)
    while b"IEND" not in chunks:
        if at + 12 > len(data):
            raise ValueError("the PNG ends too early")
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        end = at + 8 + length
        if end + 4 > len(data):
            raise ValueError("the PNG ends too early")
        intact = zlib.crc32(view[at + 4 : end]) == struct.unpack_from(">I", data, end)[0]
        critical = not kind[0] & 0x20
        if critical and not intact:
            raise ValueError("the PNG has been altered")
        if intact and kind not in chunks:
            chunks[kind] = b"" if kind == b"IDAT" else data[at + 8 : end]
        at = end + 4
    if b"IHDR" not in chunks or b"IDAT" not in chunks:
        raise ValueError("the PNG holds no picture")
    return chunks


def _png_profile(chunks: dict[bytes, bytes]) -> bytes | None:
    _, _, packed = chunks.get(b"iCCP", b"").partition(b"\0")
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj().decompress(packed[1:], _MAX_PROFILE_BYTES) or None
    return None


def _png_orientation(chunks: dict[bytes, bytes]) -> int:
    exif = Image.Exif()
    with contextlib.suppress(Exception):  # broken EXIF data is no reason to refuse the photo
        exif.load(chunks[b"eXIf"])
        return int(exif.get(_ORIENTATION, 1))
    return 1


# ---- TIFF: tifffile --------------------------------------------------------------------------------------------------

_PHOTOMETRIC_CHANNELS = {0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3}
"""Colour channels by PhotometricInterpretation: grey (white is 0), grey, RGB, palette, CMYK, YCbCr."""
_JPEG_COMPRESSIONS = (6, 7, 33007, 34892)
_DNG_VERSION, _SUB_IFDS, _ICC_PROFILE = 50706, 330, 34675


def _read_tiff(path: Path, check: _SizeCheck) -> Samples:
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages[0]
        check(page.imagewidth, page.imagelength)
        if _DNG_VERSION in page.tags or (page.is_reduced and _SUB_IFDS in page.tags):
            raise _camera_raw(check.name)
        _check_tiff_kind(page, check.name)
        _check_tiff_complete(page, check.file_size)
        notes = []
        with contextlib.suppress(Exception):  # pages that cannot be counted are not read anyway
            if len(tiff.pages) > 1:
                notes.append(f"Only the first of {len(tiff.pages)} pages was read.")
        array = page.asarray()
        tags = {code: page.tags[code].value for code in (_ORIENTATION, _ICC_PROFILE) if code in page.tags}
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
        array = _full_range(array, int(np.max(page.bitspersample)))
        colours, alpha, ignored = _split_channels(array, count, tuple(int(kind) for kind in page.extrasamples))
        if ignored:
            notes.append("Extra channels of the TIFF file were left out.")
        if int(page.photometric) == 0:
            colours = np.iinfo(colours.dtype).max - colours
        space = "grey" if count == 1 else "cmyk" if count == 4 else "rgb"
        if space == "grey":
            colours = colours[..., 0]
    orientation = int(tags.get(_ORIENTATION, 1))
    profile = tags.get(_ICC_PROFILE)
    return Samples(
        _upright(colours, orientation),
        space,
        _upright(alpha, orientation) if alpha is not None else None,
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


def _full_range(samples: NDArray[Any], bits: int) -> Pixels:
    """Samples of 1..16 bits spread over the whole of uint8 or uint16."""
    result: Pixels = samples
    if bits not in (8, 16):
        top = 2**bits - 1
        depth: type[np.uint8] | type[np.uint16] = np.uint8 if bits < 8 else np.uint16
        result = ((samples.astype(np.uint32) * np.iinfo(depth).max + top // 2) // top).astype(depth)
    return result


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
        colours = _divided(colours, alpha)
    return colours, alpha, array.shape[2] > count + 1


def _divided(colours: Pixels, alpha: Pixels) -> Pixels:
    """Colours with the alpha taken out of them again; where nothing is visible they stay as they are."""
    result = colours.copy()
    top = int(np.iinfo(colours.dtype).max)
    for rows in strips(*alpha.shape):
        weight = np.maximum(alpha[rows], 1).astype(np.uint64)[..., np.newaxis]
        result[rows] = np.minimum((colours[rows] * np.uint64(top) + weight // 2) // weight, top)
    return result


def _palette_colours(indices: NDArray[Any], palette: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """RGB uint8 (H, W, 3) of palette indices; some writers fill TIFF's 16-bit palette with 8-bit numbers."""
    table = palette if palette.max() < 256 else palette >> 8
    result: NDArray[np.uint8] = np.ascontiguousarray(table.T.astype(np.uint8))[indices.astype(np.intp)]
    return result


# ---- samples to photo ------------------------------------------------------------------------------------------------


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
    return Photo(colours, path, profile, notes=tuple(notes))


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
