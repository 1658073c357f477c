"""Exports: the files that are announced are those that are written; layers give the photo back, read from the files."""

import zipfile
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import OpenEXR
import psdtags
import pytest
import tifffile
from photos import drawn_people
from psd_tools import PSDImage

from instmatt_app.api import Result
from instmatt_app.api.exporting import Export
from instmatt_app.core.instance import Instance
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.files.export_options import ExportOptions
from instmatt_app.files.formats import DOCUMENTS, FORMATS
from instmatt_app.files.formats.document import DocumentError

Layers = list[tuple[int, int, np.ndarray]]


@pytest.fixture(scope="module")
def result() -> Result:
    """Three people whose alphas are soft and overlap, before noise: nobody's colours are easy to tell."""
    rng = np.random.default_rng(11)
    pixels = rng.integers(0, 256, (48, 80, 3), np.uint8)
    y, x = np.mgrid[:48, :80].astype(np.float32)
    left, alphas = np.ones((48, 80), np.float32), []
    for number in range(3):
        alpha = left * np.clip((18 - np.hypot(x - 20 - 18 * number, y - 24)) / 9, 0, 1)
        left -= alpha
        alphas.append(alpha)
    people = [Instance(n, f"Person {n}", TilePlane(48, 80), Rect(0, 0, 80, 48)) for n in range(1, 4)]
    return Result(Photo(pixels), people, np.stack([*alphas, left]), "drawn", "drawn", "cpu", {}, {})


def export(tmp_path: Path, **options: object) -> Export:
    return Export(ExportOptions(**options), tmp_path / "out", "group")


@pytest.mark.parametrize("canvas", [None, "full", "cropped"])
@pytest.mark.parametrize("format", [*FORMATS, *DOCUMENTS])
def test_the_files_announced_are_those_written(result: Result, tmp_path: Path, format: str, canvas: str | None) -> None:
    asked = export(tmp_path, format=format, canvas=canvas, layers="both", name="{photo}-{number}")
    names = [one.name for one in result.people]
    if (format, canvas) == ("webp", "cropped"):
        with pytest.raises(DocumentError, match="choose png"):
            asked.check(names, (80, 48), overwrite=False)
        with pytest.raises(DocumentError, match="choose png"):
            asked.write(result)
        return
    announced = asked.check(names, (80, 48), overwrite=False)
    assert asked.present(names) == []
    assert asked.write(result) == announced
    assert sorted(announced) == sorted((tmp_path / "out").iterdir())
    assert asked.present(names) == announced
    with pytest.raises(FileExistsError):
        asked.check(names, (80, 48), overwrite=False)


def test_copies_are_kept_beside_each_other(result: Result, tmp_path: Path) -> None:
    names = [one.name for one in result.people]
    asked = export(tmp_path, layers="both")
    first = asked.write(result)
    before = [path.read_bytes() for path in first]
    second = asked.beside(names)
    assert [path.name for path in second.write(result)][:2] == ["00 (2).png", "00 (2)-cutout.png"]
    (tmp_path / "out" / "01 (3).png").write_bytes(b"somebody's")
    assert asked.beside(names).copy == 4
    assert [path.read_bytes() for path in first] == before


def stack_of_psd(path: Path) -> Layers:
    document = PSDImage.open(path)
    top = 255 if document.depth == 8 else 65535
    layers = []
    for layer in document:
        samples = np.rint(layer.numpy() * top)
        if layer.has_mask():
            assert layer.mask.bbox == layer.bbox
            samples = np.dstack([samples[..., :3], np.asarray(layer.mask.topil())])
        layers.append((*layer.offset, samples))
    return layers


def stack_of_ora(path: Path) -> Layers:
    from xml.etree import ElementTree

    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("stack.xml"))
        return [
            (int(one.attrib["x"]), int(one.attrib["y"]), imagecodecs.png_decode(archive.read(one.attrib["src"])))
            for one in reversed(root.findall("stack/layer"))
        ]


def stack_of_tiff(path: Path) -> Layers:
    layers = []
    for layer in psdtags.TiffImageSourceData.fromtiff(path).layers:
        planes = {channel.channelid.name: channel.data for channel in layer.channels}
        names = ("CHANNEL0", "CHANNEL1", "CHANNEL2", "TRANSPARENCY_MASK")
        layers.append((layer.rectangle.left, layer.rectangle.top, np.dstack([planes[name] for name in names])))
    return layers


def composed(layers: Layers, shape: tuple[int, ...], top: int) -> np.ndarray:
    """Normal blending as every editor does it, in double precision, in levels."""
    canvas = np.zeros(shape)
    for left, upper, rgba in layers:
        height, width = rgba.shape[:2]
        area = np.s_[upper : upper + height, left : left + width]
        opacity = rgba[..., 3:].astype(float) / top
        canvas[area] = rgba[..., :3] * opacity + canvas[area] * (1 - opacity)
    return canvas


@pytest.mark.parametrize("canvas", ["full", "cropped"])
@pytest.mark.parametrize("colours", ["clean", "photo"])
@pytest.mark.parametrize(
    "format", ["psd", "psd-transparency", "psd16", "psb", "psb16", "ora", "ora16", "tiff", "tiff16"]
)
def test_recomposable_layers_give_the_photo_back(
    result: Result, tmp_path: Path, format: str, colours: str, canvas: str
) -> None:
    (path,) = export(tmp_path, format=format, recomposable=True, colours=colours, canvas=canvas).write(result)
    read = {".psd": stack_of_psd, ".psb": stack_of_psd, ".ora": stack_of_ora, ".tif": stack_of_tiff}[path.suffix]
    layers = read(path)
    assert len(layers) == 4
    if canvas == "full":
        assert {one[2].shape[:2] for one in layers} == {(48, 80)}
    top = 65535 if format.endswith("16") else 255
    photo = result.photo.pixels.astype(float) * (top / 255)
    assert np.abs(composed(layers, photo.shape, top) - photo).max() <= 1


@pytest.mark.parametrize("format", ["png", "psd-transparency", "tiff16"])
def test_uncleaned_layers_have_the_photos_colours(result: Result, tmp_path: Path, format: str) -> None:
    files = export(tmp_path, format=format, layers="cutout", colours="photo", canvas="full").write(result)
    pixels = result.photo.pixels
    if format == "png":
        cutouts = [imagecodecs.png_decode(path.read_bytes()) for path in files]
    elif format == "tiff16":
        cutouts = [rgba for _, _, rgba in stack_of_tiff(files[0])[1:]]
        pixels = pixels.astype(np.uint16) * 257
    else:
        cutouts = [rgba for _, _, rgba in stack_of_psd(files[0])[1:]]
    assert len(cutouts) == 3
    for cutout in cutouts:
        assert np.array_equal(cutout[..., :3], pixels)


def test_a_document_without_background(result: Result, tmp_path: Path) -> None:
    (path,) = export(tmp_path, format="psd", background="none").write(result)
    assert [layer.name for layer in PSDImage.open(path)] == ["Person 3", "Person 2", "Person 1"]


def test_a_clean_background_lets_nobody_through(tmp_path: Path) -> None:
    """Where the background is soft its layer has its own colours: nearer to what stands behind than the photo is."""
    picture, (alpha, _) = drawn_people(2)
    empty, _ = drawn_people(0)
    soft = (alpha > 0.2) & (alpha < 0.8)
    people = [Instance(1, "A", TilePlane(*alpha.shape), Rect(0, 0, 9, 9))]
    alphas = np.stack([alpha, 1 - alpha])
    drawn = Result(Photo(picture), people, alphas, "drawn", "drawn", "cpu", {}, {})
    (path,) = export(tmp_path, format="tiff", background="clean").write(drawn)
    below = stack_of_tiff(path)[0][2][..., :3].astype(float)
    assert np.abs(below - empty)[soft].mean() < 0.4 * np.abs(picture.astype(float) - empty)[soft].mean()
    with tifffile.TiffFile(path) as file:
        assert np.array_equal(file.asarray(), picture)


def test_exr_parts_fill_the_canvas_if_they_are_to(result: Result, tmp_path: Path) -> None:
    (path,) = export(tmp_path, format="exr", canvas="full").write(result)
    with OpenEXR.File(str(path)) as file:
        assert {part.channels["RGBA"].pixels.shape for part in file.parts} == {(48, 80, 4)}


@pytest.mark.parametrize("published", [False, True])
def test_colours_are_cleaned_by_so_many_per_cent(result: Result, published: bool) -> None:
    seen = replace(result, published=published)
    photo = seen.photo.pixels.astype(int)
    for person in range(3):
        (clean, alpha), (half, _), (none, _) = (seen.cutout(person, 255, share) for share in (100, 50, 0))
        soft = (alpha > 0.02) & (alpha < 0.98)
        assert np.abs(clean[soft] - photo[soft]).max() > 20
        assert np.abs(half[soft] - (clean[soft].astype(int) + photo[soft]) / 2).max() <= 1
        assert (none[soft] == photo[soft]).all()
        whole = alpha == 1
        assert (half[whole] == photo[whole]).all()


def test_layers_cleaned_by_half_still_show_the_photo_again(result: Result, tmp_path: Path) -> None:
    full, half = (
        result.document(np.uint8, recomposable=True, cleaning=cleaning).layers[1].colours for cleaning in (100, 50)
    )
    assert (full != half).any()
    (path,) = export(tmp_path, format="psd", recomposable=True, cleaning=50).write(result)
    picture = np.asarray(PSDImage.open(path).composite().convert("RGB")).astype(int)
    assert np.abs(picture - result.photo.pixels).max() <= 1
