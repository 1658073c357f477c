"""Document formats, read back by other programs' libraries: names, order, places, pixels, profile."""

import json
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import OpenEXR
import psdtags
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageCms
from psd_tools import PSDImage
from pycocotools import mask as coco_mask

from instmatt_app.core.colour import to_linear
from instmatt_app.core.interfaces import Cancelled
from instmatt_app.files.formats import DOCUMENTS, FORMATS, check_size, layered_tiff, psd
from instmatt_app.files.formats.coco import run_lengths
from instmatt_app.files.formats.cryptomatte import id_float, name_id
from instmatt_app.files.formats.document import DocumentError, LayeredPicture, PlacedLayer, opaque, placed
from instmatt_app.files.formats.webp import encode_webp
from instmatt_app.files.layer_writer import write_document

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
NAMES = ("Person 1", "Zoë – left", "山田 さん <&>")


def picture(dtype: type = np.uint8, background: bool = True, profile: bytes | None = PROFILE) -> LayeredPicture:
    """Three people in different places, the first in the list the lowest of them."""
    rng = np.random.default_rng(7)
    top = np.iinfo(dtype).max
    photo = rng.integers(0, top, (40, 64, 3), dtype, endpoint=True)
    layers = [opaque("Background", photo)] if background else []
    for number, name in enumerate(NAMES):
        alpha = np.zeros((40, 64), dtype)
        area = np.s_[5 + number : 30, 8 + 15 * number : 28 + 15 * number]
        alpha[area] = rng.integers(1, top, alpha[area].shape, dtype, endpoint=True)
        layers.append(placed(name, rng.integers(0, top, photo.shape, dtype, endpoint=True), alpha))
    return LayeredPicture(tuple(layers), photo, profile, "group.jpg")


def written(tmp_path: Path, format: str, what: LayeredPicture) -> Path:
    return write_document(tmp_path, "group", lambda: what, format=format, overwrite=False)


@pytest.mark.parametrize(
    ("format", "dtype", "masks"),
    [
        ("psd", np.uint8, True),
        ("psd-transparency", np.uint8, False),
        ("psd16", np.uint16, False),
        ("psb", np.uint8, True),
        ("psb16", np.uint16, False),
    ],
)
def test_psd(tmp_path: Path, format: str, dtype: type, masks: bool) -> None:
    what = picture(dtype)
    top = np.iinfo(dtype).max
    document = PSDImage.open(written(tmp_path, format, what))
    assert document.version == (2 if format.startswith("psb") else 1)
    assert [layer.name for layer in document] == [layer.name for layer in what.layers]
    assert document.image_resources.get_data(1039) == PROFILE
    assert np.array_equal(np.rint(document.numpy()[..., :3] * top), what.merged)
    for read, layer in zip(document, what.layers, strict=True):
        assert read.offset == (layer.left, layer.top)
        samples = np.rint(read.numpy() * top)
        assert np.array_equal(samples[..., :3], layer.colours)
        if masks and layer.name != "Background":
            assert np.array_equal(np.asarray(read.mask.topil()), layer.alpha)
        else:
            assert not read.has_mask()
            assert np.array_equal(samples[..., 3], layer.alpha)


def test_other_programs_see_the_merged_picture_of_a_psd(tmp_path: Path) -> None:
    what = picture()
    with Image.open(written(tmp_path, "psd", what)) as opened:
        assert np.array_equal(np.asarray(opened.convert("RGB")), what.merged)


def test_psd_says_where_it_ends(tmp_path: Path) -> None:
    photo = np.zeros((1, 30_001, 3), np.uint8)
    what = LayeredPicture((opaque("Background", photo),), photo)
    with pytest.raises(DocumentError, match=r"30000 pixels a side.*30001 × 1; choose the format psb"):
        written(tmp_path, "psd", what)
    assert list(tmp_path.iterdir()) == []
    document = PSDImage.open(written(tmp_path, "psb", what))
    assert (document.size, document.version) == ((30_001, 1), 2)


def test_a_psd_beyond_its_bytes_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psd, "MAX_BYTES", 1000)
    with pytest.raises(DocumentError, match=r"2 GB.*psb"):
        written(tmp_path, "psd", picture())
    assert list(tmp_path.iterdir()) == []
    assert written(tmp_path, "psb", picture()).stat().st_size > 1000


def test_a_tiff_beyond_its_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layered_tiff, "MAX_BYTES", 1000)
    with pytest.raises(DocumentError, match="4 GB"):
        written(tmp_path, "tiff", picture())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("format", "size", "instead"),
    [
        ("psd", (30_001, 10), "psb"), ("psd16", (29_000, 29_000), "psb16"), ("psd", (29_999, 29_999), "psb"),
        ("psb", (300_001, 1), "png"), ("webp", (1, 16_384), "png"), ("png", (1_000_001, 1), "exr"),
        ("ora", (1_000_001, 1), "png"), ("tiff16", (200_000, 200_000), "psb16"),
    ],
)  # fmt: skip
def test_limits_are_said_before_any_work(format: str, size: tuple[int, int], instead: str) -> None:
    with pytest.raises(DocumentError, match=rf"the format {format} ends at .*choose the format {instead}"):
        check_size(format, *size)


def test_photos_of_a_hundred_megapixels_are_within_every_limit() -> None:
    for format in (*FORMATS, *DOCUMENTS):
        check_size(format, 12_000, 8_400)


@pytest.mark.parametrize(("format", "dtype"), [("ora", np.uint8), ("ora16", np.uint16)])
def test_ora(tmp_path: Path, format: str, dtype: type) -> None:
    import imagecodecs

    what = picture(dtype)
    with zipfile.ZipFile(written(tmp_path, format, what)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"image/openraster"
        root = ElementTree.fromstring(archive.read("stack.xml"))
        assert (root.attrib["w"], root.attrib["h"]) == ("64", "40")
        entries = root.findall("stack/layer")
        assert [entry.attrib["name"] for entry in entries] == [layer.name for layer in reversed(what.layers)]
        for entry, layer in zip(entries, reversed(what.layers), strict=True):
            assert (int(entry.attrib["x"]), int(entry.attrib["y"])) == (layer.left, layer.top)
            content = archive.read(entry.attrib["src"])
            assert np.array_equal(imagecodecs.png_decode(content), layer.rgba())
            assert Image.open(BytesIO(content)).info["icc_profile"] == PROFILE
        assert np.array_equal(imagecodecs.png_decode(archive.read("mergedimage.png")), what.merged)
        thumbnail = imagecodecs.png_decode(archive.read("Thumbnails/thumbnail.png"))
        assert thumbnail.dtype == np.uint8
        assert max(thumbnail.shape[:2]) <= 256


@pytest.mark.parametrize(("format", "dtype"), [("tiff", np.uint8), ("tiff16", np.uint16)])
def test_layered_tiff(tmp_path: Path, format: str, dtype: type) -> None:
    what = picture(dtype)
    path = written(tmp_path, format, what)
    with tifffile.TiffFile(path) as file:
        assert np.array_equal(file.asarray(), what.merged)
        assert file.pages[0].iccprofile == PROFILE
    layers = psdtags.TiffImageSourceData.fromtiff(path).layers
    assert len(layers) == len(what.layers)
    for read, layer in zip(layers, what.layers, strict=True):
        (name,) = [block.value for block in read.info if block.key == psdtags.PsdKey.UNICODE_LAYER_NAME]
        assert name == layer.name
        assert (read.rectangle.left, read.rectangle.top) == (layer.left, layer.top)
        planes = {channel.channelid.name: channel.data for channel in read.channels}
        # Prediction in 16 bits is what Krita 5.1 reads wrongly.
        assert (read.channels[0].compression == psdtags.PsdCompressionType.ZIP) == (dtype == np.uint16)
        assert np.array_equal(planes["TRANSPARENCY_MASK"], layer.alpha)
        assert np.array_equal(np.dstack([planes[f"CHANNEL{n}"] for n in range(3)]), layer.colours)


def test_exr_holds_linear_premultiplied_parts(tmp_path: Path) -> None:
    what = picture(np.uint16, background=False)
    with OpenEXR.File(str(written(tmp_path, "exr", what))) as file:
        assert [part.name() for part in file.parts] == [layer.name for layer in reversed(what.layers)]
        for part, layer in zip(file.parts, reversed(what.layers), strict=True):
            assert tuple(part.header["dataWindow"][0]) == (layer.left, layer.top)
            assert tuple(part.header["displayWindow"][1]) == (63, 39)
            read = part.channels["RGBA"].pixels
            assert read.dtype == np.float16
            alpha = layer.alpha / np.float32(65535)
            assert np.abs(read[..., 3] - alpha).max() <= 2**-11
            assert np.abs(read[..., :3] - to_linear(layer.colours, PROFILE) * alpha[..., None]).max() <= 2**-11


def test_exr_parts_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    alpha = np.full((2, 2), 65535, np.uint16)
    colours = np.zeros((2, 2, 3), np.uint16)
    same = tuple(PlacedLayer("A.B", colours, alpha) for _ in range(3))
    with OpenEXR.File(str(written(tmp_path, "exr", LayeredPicture(same, colours)))) as file:
        assert [part.name() for part in file.parts] == ["A_B", "A_B 2", "A_B 3"]


def test_cryptomatte_lists_everybody_in_every_pixel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instmatt_app.core.colour._STRIP_PIXELS", 7 * 64)  # several strips
    what = picture(np.uint16, background=False)
    with OpenEXR.File(str(written(tmp_path, "cryptomatte", what)), separate_channels=True) as file:
        part = file.parts[0]
        (key,) = [name for name in part.header if name.startswith("cryptomatte/") and name.endswith("/manifest")]
        manifest = json.loads(part.header[key])
        assert set(manifest) == set(NAMES)
        channels = {name: channel.pixels for name, channel in part.channels.items()}
    pairs = [
        (channels[f"InstMattPeople{n:02}.{i}"], channels[f"InstMattPeople{n:02}.{c}"])
        for n in range(2)
        for i, c in (("R", "G"), ("B", "A"))
    ]
    coverages = np.stack([coverage for _, coverage in pairs])
    assert (np.diff(coverages, axis=0) <= 0).all()
    for layer in what.layers:
        number = struct.unpack("<f", bytes.fromhex(manifest[layer.name])[::-1])[0]
        found = sum(np.where(ids == np.float32(number), coverage, 0) for ids, coverage in pairs)
        whole = np.zeros((40, 64), np.float32)
        height, width = layer.alpha.shape
        whole[layer.top : layer.top + height, layer.left : layer.left + width] = layer.alpha / np.float32(65535)
        assert np.array_equal(found, whole)


@given(st.text(min_size=1))
def test_ids_are_ordinary_floats(name: str) -> None:
    value = id_float(name_id(name))
    assert np.isfinite(value)
    assert abs(value) >= np.finfo(np.float32).tiny


def test_the_hash_is_murmurhash3() -> None:
    assert name_id("hello") == 0x248BFA47  # a published test vector of MurmurHash3_x86_32 with seed 0


@given(arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_run_lengths_are_those_of_coco(mask: np.ndarray) -> None:
    made = {"size": list(mask.shape), "counts": run_lengths(mask)}
    assert np.array_equal(coco_mask.decode(made).astype(bool), mask)
    assert coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"].decode() == made["counts"]


def test_coco_annotations(tmp_path: Path) -> None:
    what = picture(background=False)
    content = json.loads(written(tmp_path, "coco", what).read_text("utf-8"))
    assert content["images"] == [{"id": 1, "file_name": "group.jpg", "width": 64, "height": 40}]
    for entry, layer in zip(content["annotations"], what.layers, strict=True):
        assert entry["attributes"]["name"] == layer.name
        mask = coco_mask.decode(entry["segmentation"])
        assert mask.sum() == entry["area"] == (layer.alpha >= 127.5).sum()
        assert entry["bbox"] == coco_mask.toBbox(entry["segmentation"]).astype(int).tolist()


def test_webp_keeps_hidden_colours_and_the_profile() -> None:
    rgba = picture().layers[1].rgba()
    rgba[0, :, 3] = 0
    opened = Image.open(BytesIO(encode_webp(rgba, PROFILE)))
    assert np.array_equal(np.asarray(opened), rgba)
    assert opened.info["icc_profile"] == PROFILE
    grey = np.asarray(Image.open(BytesIO(encode_webp(rgba[..., 0].copy()))).convert("L"))
    assert np.array_equal(grey, rgba[..., 0])
    with pytest.raises(DocumentError, match="16383"):
        encode_webp(np.zeros((1, 16_384), np.uint8))


@pytest.mark.parametrize("format", sorted(DOCUMENTS))
def test_cancelling_leaves_nothing(tmp_path: Path, format: str) -> None:
    def cancel(done: int, total: int, what: str) -> None:
        raise Cancelled

    writer = DOCUMENTS[format]
    what = picture(writer.dtype, writer.background)
    with pytest.raises(Cancelled):
        write_document(tmp_path / "new", "group", lambda: what, format=format, overwrite=False, step=cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_person_of_no_pixels_is_still_a_layer(tmp_path: Path) -> None:
    photo = np.zeros((3, 3, 3), np.uint8)
    nobody = placed("nobody", photo, np.zeros((3, 3), np.uint8))
    what = LayeredPicture((opaque("Background", photo), nobody), photo)
    for format in ("psd", "psd-transparency", "psb", "ora", "tiff"):
        assert written(tmp_path / format, format, what).stat().st_size > 0


def test_layers_that_do_not_fit_are_refused() -> None:
    photo = np.zeros((3, 3, 3), np.uint8)
    with pytest.raises(ValueError, match="does not fit"):
        LayeredPicture((PlacedLayer("a", photo, photo[..., 0], left=1),), photo)
    with pytest.raises(ValueError, match="depth"):
        LayeredPicture((PlacedLayer("a", photo.astype(np.uint16), photo[..., 0].astype(np.uint16)),), photo)
