"""Photos of phones and cameras: HEIC, AVIF, camera raw; wide gamuts, 16 bits, thumbnails, very long sides; damage."""

import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from camera_files import avif, dng, heic
from PIL import Image

from instmatt_app.api import MatteOptions, matte
from instmatt_app.core.colour import profile_space, to_srgb
from instmatt_app.core.photo import Photo
from instmatt_app.files.coded_colours import coded_colours
from instmatt_app.files.photo_reader import is_photo_name, read_photo
from instmatt_app.files.samples import PhotoError


def picture(dtype: type = np.uint8, bits: int = 8) -> np.ndarray:
    """Three stripes and a ramp, 64 × 96."""
    drawn = np.zeros((64, 96, 3), np.float64)
    drawn[:, :32] = (0.8, 0.2, 0.1)
    drawn[:, 32:64] = (0.1, 0.7, 0.3)
    drawn[:, 64:] = np.linspace(0, 1, 64)[:, None, None]
    return np.rint(drawn * (2**bits - 1)).astype(dtype)


def read(folder: Path, content: bytes, name: str = "photo.bin") -> Photo:
    (folder / name).write_bytes(content)
    return read_photo(folder / name)


def test_heic_of_eight_bits_and_its_transparency(tmp_path: Path) -> None:
    photo = read(tmp_path, heic(picture()))
    assert photo.pixels.dtype == np.uint8
    assert np.abs(photo.pixels.astype(int) - picture()).max() <= 1
    assert photo.profile is None
    clear = np.dstack([picture(), np.full((64, 96), 255, np.uint8)])
    clear[:32, :, 3] = 0
    over = read(tmp_path, heic(clear))
    assert (over.pixels[:30] == 255).all()
    assert "over white" in over.notes[0]


def test_heic_without_its_reader_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(PhotoError, match="needs the package pillow-heif, and that is missing"):
        read(tmp_path, heic(picture()))


def test_deep_heic_and_avif_keep_their_bits(tmp_path: Path) -> None:
    ten = picture(np.uint16, 10)
    expected = np.rint(ten / 1023 * 65535)
    for content in (heic(ten << 6), avif(ten, 10)):
        photo = read(tmp_path, content)
        assert photo.pixels.dtype == np.uint16
        assert np.abs(photo.pixels - expected).max() <= 65535 / 1023 * 1.01
        assert photo.pixels.max() == 65535
        assert len(np.unique(photo.pixels[:, 80, 0])) == 64
    plain = read(tmp_path, avif(picture()))
    assert plain.pixels.dtype == np.uint8
    np.testing.assert_array_equal(plain.pixels, picture())


def test_heic_is_upright_and_carries_a_profile(tmp_path: Path) -> None:
    turned = Image.fromarray(np.rot90(picture(), 1).copy())
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = coded_colours(12, 13).profile
    import pillow_heif

    buffer = BytesIO()
    heif = pillow_heif.from_pillow(turned)
    heif.save(buffer, quality=-1, exif=exif.tobytes(), icc_profile=profile)
    photo = read(tmp_path, buffer.getvalue())
    assert (photo.height, photo.width) == (64, 96)
    assert np.abs(photo.pixels[10, 10].astype(int) - picture()[10, 10]).max() <= 4
    several = pillow_heif.from_pillow(turned)
    several.add_from_pillow(Image.fromarray(picture()))
    several.save(buffer := BytesIO(), quality=-1)
    assert any("main one of 2" in note for note in read(tmp_path, buffer.getvalue()).notes)


def test_a_colour_space_told_by_number_is_a_profile(tmp_path: Path) -> None:
    profile = coded_colours(12, 13).profile
    assert profile is not None
    assert profile_space(profile) == "RGB"
    # Display P3's (0.5, 0.5, 0.5) and white are sRGB's; its red is redder than sRGB has.
    seen = to_srgb(np.array([[[128] * 3, [255] * 3, [255, 0, 0], [200, 100, 100]]], np.uint8), profile)[0]
    assert np.abs(seen[:2].astype(int) - [[128] * 3, [255] * 3]).max() <= 1
    assert seen[2].tolist() == [255, 0, 0]
    # Between the two spaces' linear light lies this matrix (SMPTE EG 432-1 and IEC 61966-2-1, both with D65).
    matrix = np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]])
    linear = matrix @ ((np.array([200, 100, 100]) / 255 + 0.055) / 1.055) ** 2.4
    assert np.abs(seen[3] - 255 * (1.055 * linear ** (1 / 2.4) - 0.055)).max() <= 1
    wide = heic(picture(), color_primaries=12, transfer_characteristics=13)
    assert read(tmp_path, wide).profile == profile
    assert any("dynamic range" in note for note in coded_colours(9, 16).notes)
    assert any("not known" in note for note in coded_colours(22, 13).notes)


def test_png_tells_its_colours_by_number(tmp_path: Path) -> None:
    content = cv2.imencode(".png", picture()[..., ::-1])[1].tobytes()
    body = b"cICP" + bytes([12, 13, 0, 1])
    told = content[:33] + struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body)) + content[33:]
    photo = read(tmp_path, told)
    assert photo.profile == coded_colours(12, 13).profile
    np.testing.assert_array_equal(photo.pixels, picture())


def test_camera_raw_is_developed_and_its_thumbnail_ignored(tmp_path: Path) -> None:
    photo = read(tmp_path, dng(picture()), "photo.dng")
    assert photo.pixels.dtype == np.uint16
    assert (photo.height, photo.width) == (64, 96)
    assert any("white balance" in note for note in photo.notes)
    seen = photo.at(96).astype(int)
    for place in ((20, 16), (40, 48)):
        # The camera's curve is 2.2 and the brightness adapted, so colours are near and their order is right.
        assert np.abs(seen[place] - picture()[place]).max() < 25
    turned = read(tmp_path, dng(picture(), orientation=6))
    assert (turned.height, turned.width) == (96, 64)
    assert is_photo_name("IMG_1.CR3")
    assert is_photo_name("IMG_1.heic")


def test_a_thumbnail_before_the_picture_is_passed_over(tmp_path: Path) -> None:
    buffer = BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(np.zeros((8, 8, 3), np.uint8), photometric="rgb", subfiletype=1)
        writer.write(picture(), photometric="rgb")
    np.testing.assert_array_equal(read(tmp_path, buffer.getvalue()).pixels, picture())


def test_a_side_beyond_32767_pixels(tmp_path: Path) -> None:
    long = np.zeros((24, 40_000, 3), np.uint8)
    long[:, 10_000:30_000] = 200
    mask = np.zeros((24, 40_000), np.uint8)
    mask[:, 10_000:30_000] = 255
    cv2.imwrite(str(tmp_path / "long.png"), long)
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    options = MatteOptions(masks=[tmp_path / "mask.png"], engine="closed-form", detail="native")
    result = matte(tmp_path / "long.png", options)
    assert result.photo.width == 40_000
    written = result.save(tmp_path / "out", layers="both")
    alpha = cv2.imread(str(written[0]), cv2.IMREAD_UNCHANGED)
    assert alpha.shape == (24, 40_000)
    assert (alpha[:, 12_000:28_000] == 255).all()
    assert (alpha[:, :8_000] == 0).all()
    assert cv2.imread(str(written[1]), cv2.IMREAD_UNCHANGED)[12, 20_000].tolist() == [200, 200, 200, 255]


def whole_files() -> dict[str, bytes]:
    """A small photo in every format."""
    files = {}
    for kind in ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"):
        Image.fromarray(picture()).save(buffer := BytesIO(), kind)
        files[kind] = buffer.getvalue()
    return files | {"HEIC": heic(picture()), "AVIF": avif(picture()), "DNG": dng(picture())}


WHOLE = whole_files()


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("how", ["cut short", "bits flipped"])
def test_damaged_files_give_a_photo_or_a_sentence(tmp_path: Path, kind: str, how: str) -> None:
    """Twelve places of each by seed; benchmarks/damage.py tries hundreds."""
    whole = WHOLE[kind]
    rng = np.random.default_rng(zlib.crc32(f"{kind} {how}".encode()))
    said = []
    for _ in range(12):
        content = bytearray(whole)
        if how == "cut short":
            content = content[: int(rng.integers(len(whole)))]
        else:
            content[int(rng.integers(len(whole)))] ^= 1 << int(rng.integers(8))
        try:
            photo = read(tmp_path, bytes(content), "damaged.bin")
        except PhotoError as error:
            said.append(str(error))
        else:
            assert photo.width * photo.height <= 400_000_000
    assert all("damaged.bin" in one and one.endswith(".") and "\n" not in one for one in said)
    if how == "cut short":
        assert len(said) > 6
