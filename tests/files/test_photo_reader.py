"""Reading photos: every format and mode to exact pixels, and every broken file to one sentence."""

import os
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageCms

from instmatt_app.core.photo import Photo
from instmatt_app.files import photo_reader
from instmatt_app.files.photo_reader import is_photo_name, read_photo
from instmatt_app.files.samples import PhotoError

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
LINEAR_GREY = imagecodecs.cms_profile("gray", whitepoint=(0.3457, 0.3585, 1.0), gamma=1.0)

# Three columns, two rows, no two pixels alike: every turn and flip shows.
UPRIGHT = np.array(
    [[[250, 10, 10], [10, 250, 10], [10, 10, 250]], [[250, 250, 10], [10, 250, 250], [5, 5, 5]]], np.uint8
)


def noise(shape: tuple[int, ...], dtype: type = np.uint8) -> np.ndarray:
    return np.random.default_rng(2).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *extra: bytes, interlace: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    parts = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def pillow(array: np.ndarray, format: str, mode: str | None = None, **options: object) -> bytes:
    buffer = BytesIO()
    image = Image.fromarray(array)
    (image.convert(mode) if mode else image).save(buffer, format, **options)
    return buffer.getvalue()


def tiff(array: np.ndarray, **options: object) -> bytes:
    buffer = BytesIO()
    tifffile.imwrite(buffer, array, **options)
    return buffer.getvalue()


def read(folder: Path, content: bytes, name: str = "photo.bin", **options: int) -> Photo:
    path = folder / name
    path.write_bytes(content)
    return read_photo(path, **options)


def sentence(folder: Path, content: bytes, name: str = "photo.bin", **options: int) -> str:
    with pytest.raises(PhotoError) as caught:
        read(folder, content, name, **options)
    message = str(caught.value)
    assert name in message
    assert message.endswith(".")
    assert "\n" not in message
    return message


# ---- orientation -----------------------------------------------------------------------------------------------------


def turned(array: np.ndarray, orientation: int) -> np.ndarray:
    """The array as a camera stores it, so that ``orientation`` turns it back: written out from the EXIF table."""
    table: dict[int, Callable[[np.ndarray], np.ndarray]] = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }
    return np.ascontiguousarray(table[orientation](array))


def exif(orientation: int) -> bytes:
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "PNG16"])
def test_orientation_is_applied_once(tmp_path: Path, format: str, orientation: int) -> None:
    stored = turned(UPRIGHT, orientation)
    big = stored.repeat(16, 0).repeat(16, 1)  # whole JPEG blocks, so that no colour bleeds
    if format == "TIFF":
        content = tiff(big, photometric="rgb", extratags=[(274, "H", 1, orientation, True)])
    elif format == "PNG16":
        rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in big.astype(np.uint16) * 257)
        content = png(big.shape[1], big.shape[0], 16, 2, rows, chunk(b"eXIf", exif(orientation)[6:]))
    else:
        options = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True}, "PNG": {}}[format]
        content = pillow(big, format, exif=exif(orientation), **options)
    photo = read(tmp_path, content)
    result = photo.pixels[8::16, 8::16].astype(int)
    expected = UPRIGHT.astype(int) * (257 if format == "PNG16" else 1)
    assert result.shape == expected.shape
    assert np.abs(result - expected).max() <= (3 if format == "JPEG" else 0)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_senseless_orientations_turn_nothing(tmp_path: Path, orientation: int) -> None:
    assert np.array_equal(read(tmp_path, pillow(UPRIGHT, "PNG", exif=exif(orientation))).pixels, UPRIGHT)


def test_broken_exif_is_no_obstacle(tmp_path: Path) -> None:
    pixels = read(tmp_path, pillow(UPRIGHT, "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).pixels
    assert np.array_equal(pixels, UPRIGHT)
    assert read(tmp_path, pillow(UPRIGHT, "JPEG", exif=b"Exif\0\0MM garbage")).pixels.shape == (2, 3, 3)


# ---- formats and modes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "options"), [("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True}), ("TIFF", {}), ("GIF", {})]
)
def test_lossless_formats_are_exact(tmp_path: Path, format: str, options: dict[str, object]) -> None:
    photo = read(tmp_path, pillow(UPRIGHT, format, **options), "misnamed.jpg")
    assert np.array_equal(photo.pixels, UPRIGHT)
    assert photo.path == tmp_path / "misnamed.jpg"
    assert photo.notes == ()
    assert not photo.pixels.flags.writeable


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_agrees_with_its_decoder(tmp_path: Path, mode: str, progressive: bool) -> None:
    content = pillow(noise((30, 41, 3)), "JPEG", mode, progressive=progressive)
    with Image.open(BytesIO(content)) as picture:
        assert np.array_equal(read(tmp_path, content).pixels, np.asarray(picture.convert("RGB")))


def test_a_jpeg_with_more_pictures_behind_it_gives_the_first(tmp_path: Path) -> None:
    first = np.full((16, 16, 3), 200, np.uint8)
    content = pillow(first, "MPO", save_all=True, append_images=[Image.fromarray(first // 4)])
    assert np.abs(read(tmp_path, content).pixels.astype(int) - 200).max() <= 1


def test_a_cmyk_jpeg_becomes_srgb(tmp_path: Path) -> None:
    inks = np.zeros((16, 16, 4), np.uint8)
    inks[..., 0] = 255
    buffer = BytesIO()
    Image.frombuffer("CMYK", (16, 16), inks.tobytes(), "raw", "CMYK", 0, 1).save(buffer, "JPEG", quality=100)
    photo = read(tmp_path, buffer.getvalue())
    assert np.abs(photo.pixels.astype(int) - [0, 255, 255]).max() <= 3
    assert photo.profile is None
    assert any("CMYK" in note for note in photo.notes)


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("transparent", [False, True])
def test_grey_png_of_every_depth(tmp_path: Path, depth: int, transparent: bool) -> None:
    top = 2**depth - 1
    levels = [0, top]
    bits = "".join(f"{level:0{depth}b}" for level in levels).ljust(8, "0")
    row = int(bits, 2).to_bytes(len(bits) // 8, "big")
    extra = [chunk(b"tRNS", struct.pack(">H", 0))] if transparent else []
    photo = read(tmp_path, png(2, 1, depth, 0, b"\0" + row, *extra))
    full = 65535 if depth == 16 else 255
    assert photo.pixels.dtype == (np.uint16 if depth == 16 else np.uint8)
    assert photo.pixels.tolist() == [[[full if transparent else 0] * 3, [full] * 3]]
    assert bool(photo.notes) == transparent


@pytest.mark.parametrize("colour", [2, 6])
def test_png_of_sixteen_bits_stays_exact(tmp_path: Path, colour: int) -> None:
    array = noise((5, 4, 3 if colour == 2 else 4), np.uint16)
    array[..., 3:] = 65535
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    profile = chunk(b"iCCP", b"name\0\0" + zlib.compress(SRGB))
    photo = read(tmp_path, png(4, 5, 16, colour, rows, profile))
    assert photo.pixels.dtype == np.uint16
    assert np.array_equal(photo.pixels, array[..., :3])
    assert photo.profile == SRGB


def test_transparent_png_of_sixteen_bits_lies_over_white(tmp_path: Path) -> None:
    array = noise((6, 5, 4), np.uint16)
    array[0, 0, 3], array[0, 1, 3] = 0, 65535
    _, buffer = cv2.imencode(".png", cv2.cvtColor(array, cv2.COLOR_RGBA2BGRA))
    photo = read(tmp_path, buffer.tobytes())
    alpha = array[..., 3:].astype(np.float64) / 65535
    exact = array[..., :3] * alpha + 65535 * (1 - alpha)
    assert np.abs(photo.pixels - exact).max() <= 0.5 + 1e-6
    assert photo.notes == ("The transparent parts were laid over white.",)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
def test_transparency_of_eight_bits_lies_over_white(tmp_path: Path, format: str) -> None:
    array = noise((6, 5, 4))
    options = {"lossless": True, "exact": True} if format == "WEBP" else {}
    photo = read(tmp_path, pillow(array, format, **options))
    alpha = array[..., 3:] / 255
    assert np.abs(photo.pixels - (array[..., :3] * alpha + 255 * (1 - alpha))).max() <= 0.5 + 1e-6


def test_an_empty_alpha_channel_does_not_wipe_the_photo(tmp_path: Path) -> None:
    array = np.dstack([UPRIGHT, np.zeros((2, 3), np.uint8)])
    photo = read(tmp_path, pillow(array, "PNG"))
    assert np.array_equal(photo.pixels, UPRIGHT)
    assert photo.notes


def test_palettes_with_and_without_transparency(tmp_path: Path) -> None:
    palette = chunk(b"PLTE", bytes([10, 20, 30, 40, 50, 60]))
    opaque = read(tmp_path, png(2, 1, 4, 3, b"\0\x01", palette))
    assert opaque.pixels.tolist() == [[[10, 20, 30], [40, 50, 60]]]
    clear = read(tmp_path, png(2, 1, 8, 3, b"\0\0\1", palette, chunk(b"tRNS", b"\0")))
    assert clear.pixels.tolist() == [[[255, 255, 255], [40, 50, 60]]]


def test_grey_with_alpha_and_interlaced_png(tmp_path: Path) -> None:
    grey_alpha = read(tmp_path, png(2, 1, 16, 4, b"\0\x12\x34\xff\xff\x00\x00\x00\x00"))
    assert grey_alpha.pixels.tolist() == [[[0x1234] * 3, [0xFFFF] * 3]]
    interlaced = read(tmp_path, png(2, 1, 8, 2, b"\0\1\2\3\0\4\5\6", interlace=1))
    assert interlaced.pixels.tolist() == [[[1, 2, 3], [4, 5, 6]]]


def test_animations_give_their_first_picture(tmp_path: Path) -> None:
    for format in ("GIF", "WEBP"):
        options = {"lossless": True} if format == "WEBP" else {}
        frames = [Image.fromarray(255 - UPRIGHT)]
        photo = read(tmp_path, pillow(UPRIGHT, format, save_all=True, append_images=frames, **options))
        assert np.array_equal(photo.pixels, UPRIGHT)
        assert any("animation" in note for note in photo.notes)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"planarconfig": "separate"},
        {"tile": (16, 16)},
        {"compression": "lzw"},
        {"compression": "zlib", "predictor": True},
        {"compression": "zstd"},
        {"bigtiff": True, "byteorder": ">"},
        {"tile": (16, 16), "compression": "zlib", "planarconfig": "separate"},
    ],
    ids=str,
)
def test_tiff_layouts_are_exact(tmp_path: Path, dtype: type, options: dict[str, object]) -> None:
    array = noise((37, 21, 3), dtype)
    stored = np.moveaxis(array, -1, 0) if options.get("planarconfig") else array
    photo = read(tmp_path, tiff(stored, photometric="rgb", iccprofile=SRGB, **options))
    assert photo.pixels.dtype == dtype
    assert np.array_equal(photo.pixels, array)
    assert photo.profile == SRGB
    assert photo.notes == ()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_tiff_grey_both_ways_and_one_bit(tmp_path: Path, dtype: type) -> None:
    grey = noise((9, 8), dtype)
    top = np.iinfo(dtype).max
    assert np.array_equal(read(tmp_path, tiff(grey)).pixels, np.dstack([grey] * 3))
    assert np.array_equal(read(tmp_path, tiff(grey, photometric="miniswhite")).pixels[..., 1], top - grey)
    bits = noise((9, 8)) > 127
    assert np.array_equal(read(tmp_path, tiff(bits, photometric="minisblack")).pixels[..., 0], bits * np.uint8(255))


@pytest.mark.parametrize("photometric", ["rgb", "ycbcr"])
def test_tiff_with_jpeg_inside(tmp_path: Path, photometric: str) -> None:
    array = UPRIGHT.repeat(32, 0).repeat(32, 1)
    stored = array if photometric == "rgb" else np.asarray(Image.fromarray(array).convert("YCbCr"))
    content = tiff(stored, photometric=photometric, compression="jpeg", compressionargs={"level": 100}, tile=(32, 32))
    assert np.abs(read(tmp_path, content).pixels.astype(int) - array).max() <= 6


def test_tiff_palette(tmp_path: Path) -> None:
    palette = noise((3, 256)).astype(np.uint16)
    indices = noise((9, 8))
    for stored in (palette * 257, palette):  # the second is what careless writers leave
        photo = read(tmp_path, tiff(indices, photometric="palette", colormap=stored))
        assert np.array_equal(photo.pixels, palette.T[indices])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_tiff_alpha_straight_multiplied_and_unknown(tmp_path: Path, dtype: type) -> None:
    top = np.iinfo(dtype).max
    array = noise((6, 5, 4), dtype)
    weight = array[..., 3:].astype(np.float64) / top
    over = array[..., :3] * weight + top * (1 - weight)
    straight = read(tmp_path, tiff(array, photometric="rgb", extrasamples=["unassalpha"]))
    assert np.abs(straight.pixels - over).max() <= 0.5 + 1e-6
    multiplied = np.dstack([np.rint(array[..., :3] * weight).astype(dtype), array[..., 3]])
    associated = read(tmp_path, tiff(multiplied, photometric="rgb", extrasamples=["assocalpha"]))
    assert np.abs(associated.pixels.astype(int) - over).max() <= 2
    selection = read(tmp_path, tiff(array, photometric="rgb", extrasamples=["unspecified"]))
    assert np.array_equal(selection.pixels, array[..., :3])
    assert any("Extra channels" in note for note in selection.notes)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_tiff_cmyk_and_pages(tmp_path: Path, dtype: type) -> None:
    inks = np.zeros((2, 4, 4, 4), dtype)
    inks[0, ..., 1] = np.iinfo(dtype).max
    photo = read(tmp_path, tiff(inks, photometric="separated"))
    assert np.unique(photo.pixels.reshape(-1, 3), axis=0).tolist() == [[255, 0, 255]]
    assert any("first of 2 pages" in note for note in photo.notes)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int16, np.uint32])
def test_tiff_numbers_that_are_no_photo(tmp_path: Path, dtype: type) -> None:
    assert "8 or 16 bits" in sentence(tmp_path, tiff(np.zeros((4, 4, 3), dtype), photometric="rgb"))


def test_camera_raw_that_cannot_be_developed_is_refused(tmp_path: Path) -> None:
    raw = tiff(UPRIGHT, photometric="rgb", extratags=[(271, "s", 0, "Nobody", True)])
    assert "camera that is not known" in sentence(tmp_path, b"IIU\0" + raw[4:])
    assert sentence(tmp_path, b"II*\0\x10\0\0\0CR\2\0" + bytes(99))


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1)])
@pytest.mark.parametrize("format", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_very_small_and_very_thin_photos(tmp_path: Path, size: tuple[int, int], format: str) -> None:
    assert read(tmp_path, pillow(noise((*size, 3)), format)).pixels.shape == (*size, 3)


@given(
    array=st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([np.uint8, np.uint16])).flatmap(
        lambda case: arrays(case[2], (case[0], case[1], 3))
    )
)
@settings(max_examples=60, deadline=None)
def test_any_png_comes_back(tmp_path_factory: pytest.TempPathFactory, array: np.ndarray) -> None:
    _, buffer = cv2.imencode(".png", array[..., ::-1])
    photo = read(tmp_path_factory.getbasetemp(), buffer.tobytes())
    assert photo.pixels.dtype == array.dtype
    assert np.array_equal(photo.pixels, array)


# ---- colour profiles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_rgb_profiles_are_kept_and_others_dropped(tmp_path: Path, format: str) -> None:
    kept = read(tmp_path, pillow(UPRIGHT, format, icc_profile=SRGB))
    assert kept.profile == SRGB
    assert kept.notes == ()
    for unusable in (LAB, b"broken" * 30, LINEAR_GREY):
        dropped = read(tmp_path, pillow(UPRIGHT, format, icc_profile=unusable))
        assert dropped.profile is None
        assert any("profile" in note for note in dropped.notes)


def srgb_of_linear(values: np.ndarray) -> np.ndarray:
    return np.where(values <= 0.0031308, 12.92 * values, 1.055 * np.maximum(values, 1e-9) ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_grey_profiles_are_converted(tmp_path: Path, dtype: type, format: str) -> None:
    top = np.iinfo(dtype).max
    grey = np.linspace(0, top, 300).round().astype(dtype).reshape(15, 20)
    if format == "TIFF":
        content = tiff(grey, iccprofile=LINEAR_GREY)
    else:
        rows = b"".join(b"\0" + row.astype(">u2" if top > 255 else "u1").tobytes() for row in grey)
        profile = chunk(b"iCCP", b"grey\0\0" + zlib.compress(LINEAR_GREY))
        content = png(20, 15, 16 if top > 255 else 8, 0, rows, profile)
    photo = read(tmp_path, content)
    assert photo.pixels.dtype == dtype
    assert photo.profile is None
    expected = srgb_of_linear(grey / top) * top
    assert np.abs(photo.pixels - expected[..., None]).max() <= 0.004 * top
    assert any("grey" in note for note in photo.notes)


def test_a_grey_photo_with_an_rgb_profile_keeps_it(tmp_path: Path) -> None:
    photo = read(tmp_path, pillow(noise((8, 8)), "JPEG", icc_profile=SRGB))
    assert photo.profile == SRGB
    assert np.ptp(photo.pixels.astype(int), axis=2).max() == 0


# ---- what cannot be used ---------------------------------------------------------------------------------------------

WHOLE = {
    "JPEG": pillow(noise((40, 50, 3)), "JPEG", quality=90),
    "PNG": pillow(noise((40, 50, 3)), "PNG"),
    "PNG16": cv2.imencode(".png", noise((40, 50, 3), np.uint16))[1].tobytes(),
    "TIFF": tiff(noise((40, 50, 3)), photometric="rgb"),
    "TIFF-LZW": tiff(noise((40, 50, 3)), photometric="rgb", compression="lzw", rowsperstrip=8),
    "TIFF-Pillow": pillow(noise((40, 50, 3)), "TIFF"),
    "WEBP": pillow(noise((40, 50, 3)), "WEBP", lossless=True),
    "WEBP-lossy": pillow(noise((40, 50, 3)), "WEBP"),
    "BMP": pillow(noise((40, 50, 3)), "BMP"),
    "GIF": pillow(noise((40, 50, 3)), "GIF"),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_truncated_file_is_refused_or_whole(tmp_path: Path, kind: str) -> None:
    content = WHOLE[kind]
    whole = read(tmp_path, content).pixels
    rng = np.random.default_rng(7)
    lengths = {*rng.integers(1, len(content), 40).tolist(), *range(len(content) - 20, len(content)), 1, 2, 8, 20, 33}
    refused = 0
    for length in lengths:
        try:
            photo = read(tmp_path, content[:length])
        except PhotoError:
            refused += 1
        else:
            assert np.array_equal(photo.pixels, whole), length
    assert refused >= 40


@pytest.mark.parametrize("kind", WHOLE)
def test_altered_bytes_give_a_photo_or_a_sentence(tmp_path: Path, kind: str) -> None:
    rng = np.random.default_rng(11)
    for _ in range(60):
        content = bytearray(WHOLE[kind])
        for place in rng.integers(0, len(content) if rng.random() < 0.5 else 120, 3):
            content[place] = rng.integers(256)
        with suppress(PhotoError):
            assert read(tmp_path, bytes(content), max_pixels=1_000_000).pixels.ndim == 3


def test_an_altered_png_is_not_believed(tmp_path: Path) -> None:
    for kind in ("PNG", "PNG16"):
        content = bytearray(WHOLE[kind])
        content[len(content) // 2] ^= 1
        assert "damaged" in sentence(tmp_path, bytes(content))


def test_a_png_with_too_little_data_is_not_filled_up(tmp_path: Path) -> None:
    assert "damaged" in sentence(tmp_path, png(4, 4, 8, 2, b"\0" + bytes(12)))


def test_a_tiff_with_a_hole_is_not_filled_up(tmp_path: Path) -> None:
    content = tiff(noise((4, 4)), rowsperstrip=2, extratags=[])
    with tifffile.TiffFile(BytesIO(content)) as file:
        place = file.pages[0].tags["StripByteCounts"]
        width = 2 if place.dtype == 3 else 4
        at = place.valueoffset
    holed = content[:at] + bytes(width * place.count) + content[at + width * place.count :]
    assert "damaged" in sentence(tmp_path, holed)


def _jpeg_claim(width: int, height: int) -> bytes:
    content = WHOLE["JPEG"]
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


@pytest.mark.parametrize(
    "content",
    [
        png(60_000, 60_000, 8, 2, b"\0"),
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 90, 0, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(36),
        _jpeg_claim(60_000, 60_000),
        b"GIF89a" + struct.pack("<HHBBB", 60_000, 60_000, 0, 0, 0)
        + b"," + struct.pack("<HHHHB", 0, 0, 60_000, 60_000, 0) + b"\x02\x02\x4c\x01\0;",
    ],
    ids=["png", "bmp", "jpeg", "gif"],
)  # fmt: skip
def test_a_giant_claim_is_refused_by_its_header(tmp_path: Path, content: bytes) -> None:
    assert "60000 × 60000" in sentence(tmp_path, content)


def test_a_giant_tiff_is_refused_by_its_header(tmp_path: Path) -> None:
    content = bytearray(tiff(np.zeros((4, 4, 3), np.uint8), photometric="rgb"))
    with tifffile.TiffFile(BytesIO(bytes(content))) as file:
        for name in ("ImageWidth", "ImageLength"):
            tag = file.pages[0].tags[name]
            size = 2 if tag.dtype == 3 else 4
            content[tag.valueoffset : tag.valueoffset + size] = (60_000).to_bytes(size, "little")
    assert "60000 × 60000" in sentence(tmp_path, bytes(content))


def test_a_claim_below_the_limit_that_cannot_be_is_refused(tmp_path: Path) -> None:
    assert "which cannot be" in sentence(tmp_path, png(15_000, 15_000, 8, 2, b"\0"))


def test_the_limit_is_the_callers(tmp_path: Path) -> None:
    assert "more than" in sentence(tmp_path, WHOLE["PNG"], max_pixels=1999)
    assert read(tmp_path, WHOLE["PNG"], max_pixels=2000).width == 50


def test_pillows_own_limit_plays_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    for kind in ("JPEG", "PNG", "BMP", "TIFF"):
        assert read(tmp_path, WHOLE[kind]).width == 50


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"This is a shopping list, not a photo.", "not a picture"),
        (b"%PDF-1.7 " + bytes(50), "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "PostScript"),
        (b"8BPS" + bytes(50), "Photoshop"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "damaged"),
        (b"\0\0\0\x18ftypavif" + bytes(50), "damaged"),
        (b"\0\0\0\x18ftypisom" + bytes(50), "film"),
        (b"\xff\xd8\xff", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"II*\0", "damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "damaged"),
    ],
)
def test_what_is_no_photo_is_said(tmp_path: Path, content: bytes, word: str) -> None:
    assert word in sentence(tmp_path, content, "picture.jpg")


def test_missing_files_folders_and_odd_names(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for path, word in [
        (tmp_path / "gone.jpg", "not found"),
        (tmp_path / "file" / "a.jpg", "not found"),
        (tmp_path, "is a folder"),
    ]:
        with pytest.raises(PhotoError, match=word):
            read_photo(path)
    with pytest.raises(PhotoError):
        read_photo(tmp_path / ("n" * 300))
    with pytest.raises(PhotoError):
        read_photo("nul\0byte.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="not an ordinary file"):
        read_photo(tmp_path / "pipe.jpg")


@pytest.mark.parametrize(("error", "word"), [(MemoryError(), "memory"), (PermissionError(13, "no"), "may not be read")])
def test_memory_and_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, word: str) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(photo_reader, "read_png", fail)
    assert word in sentence(tmp_path, WHOLE["PNG"])


def test_names_of_photos() -> None:
    assert is_photo_name("a/B.JPG")
    assert is_photo_name(Path("x.tiff"))
    assert not is_photo_name("notes.txt")
    assert not is_photo_name("jpg")
