"""Layers on the disk: exact values, all or nothing, nobody's file replaced."""

import errno
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageCms

from instmatt_app.core.interfaces import Cancelled
from instmatt_app.files import atomic
from instmatt_app.files.atomic import WriteError
from instmatt_app.files.formats import FORMATS
from instmatt_app.files.formats.document import DocumentError
from instmatt_app.files.formats.png import encode_png
from instmatt_app.files.layer_writer import Layer, check_targets, layer_targets, write_layers

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def layer(stem: str = "00", dtype: type = np.uint8, profile: bytes | None = None) -> Layer:
    rng = np.random.default_rng(5)
    colours = rng.integers(0, np.iinfo(dtype).max, (7, 5, 3), dtype, endpoint=True)
    return Layer(stem, rng.random((7, 5), np.float32), colours, profile)


def read(path: Path) -> np.ndarray:
    return imagecodecs.png_decode(path.read_bytes())


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@given(
    st.sampled_from([np.uint8, np.uint16]).flatmap(
        lambda dtype: st.one_of(
            arrays(dtype, array_shapes(min_dims=2, max_dims=2, max_side=9)),
            st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([3, 4])).flatmap(
                lambda shape: arrays(dtype, shape)
            ),
        )
    )
)
def test_png_gives_back_every_sample(array: np.ndarray) -> None:
    decoded = imagecodecs.png_decode(encode_png(array, SRGB if array.ndim == 3 else None))
    assert decoded.dtype == array.dtype
    assert np.array_equal(decoded, array)


@pytest.mark.parametrize(
    "array", [np.zeros((2, 2), np.float32), np.zeros((2, 2, 2), np.uint8), np.zeros((0, 2), np.uint8)]
)
def test_png_refuses_other_arrays(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="PNG"):
        encode_png(array)


def test_a_grey_png_takes_no_profile() -> None:
    with pytest.raises(ValueError, match="profile"):
        encode_png(np.zeros((2, 2), np.uint8), SRGB)


@pytest.mark.parametrize("format", ["png", "png16"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_both_files_hold_what_the_layer_says(tmp_path: Path, format: str, dtype: type) -> None:
    one = layer(dtype=dtype, profile=SRGB)
    paths = write_layers(tmp_path / "new", [one], format=format, layers_kind="both", overwrite=False)
    assert [path.name for path in paths] == ["00.png", "00-cutout.png"]
    depth = FORMATS[format].dtype
    top = np.iinfo(depth).max
    alpha, cutout = read(paths[0]), read(paths[1])
    assert alpha.dtype == cutout.dtype == depth
    assert np.array_equal(alpha, np.rint(one.alpha * np.float32(top)))
    assert np.array_equal(cutout[..., 3], alpha)
    scaled = one.colours.astype(np.float64) * top / np.iinfo(dtype).max
    assert np.array_equal(cutout[..., :3], np.floor(scaled + 0.5))
    for path, profile in zip(paths, (None, SRGB), strict=True):
        with Image.open(path) as opened:
            assert opened.info.get("icc_profile") == profile


def test_alphas_outside_the_range_are_clipped_and_nan_is_refused(tmp_path: Path) -> None:
    alpha = np.array([[-0.5, 1.5, 0.0, 1.0]], np.float32)
    (path,) = write_layers(tmp_path, [Layer("a", alpha)], format="png16", layers_kind="alpha", overwrite=False)
    assert read(path).tolist() == [[0, 65535, 0, 65535]]
    alpha[0, 0] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        write_layers(tmp_path, [Layer("b", alpha)], format="png", layers_kind="alpha", overwrite=False)
    assert names(tmp_path) == ["a.png"]


def test_colours_are_needed_for_a_cutout(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs colours"):
        write_layers(tmp_path / "new", [Layer("a", layer().alpha)], format="png", layers_kind="both", overwrite=False)
    assert names(tmp_path) == []


def test_existing_files_are_counted_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "01.png").write_bytes(b"old")
    (tmp_path / "02-cutout.png").write_bytes(b"old")

    def never() -> Iterator[Layer]:
        raise AssertionError("no layer may be made")
        yield

    with pytest.raises(FileExistsError, match=r"“01\.png” and 1 more file exist already"):
        write_layers(tmp_path, never(), stems=["00", "01", "02"], format="png", layers_kind="both", overwrite=False)
    assert names(tmp_path) == ["01.png", "02-cutout.png"]
    with pytest.raises(FileExistsError, match=r"“01\.png” exists already"):
        check_targets(tmp_path, layer_targets(tmp_path, ["01"], "both", "png"), overwrite=False)
    check_targets(tmp_path, layer_targets(tmp_path, ["00", "01"], "both", "png"), overwrite=True)


def test_layers_are_made_one_at_a_time(tmp_path: Path) -> None:
    seen: list[str] = []

    def made() -> Iterator[Layer]:
        for stem in ("a", "b"):
            seen.append(f"make {stem}")
            yield layer(stem)

    def step(done: int, total: int, what: str) -> None:
        seen.append(f"{done}/{total} {what}")

    write_layers(tmp_path, made(), stems=["a", "b"], format="png", layers_kind="cutout", overwrite=False, step=step)
    assert seen == ["make a", "0/2 Writing a-cutout.png", "make b", "1/2 Writing b-cutout.png"]


def test_announced_names_must_match(tmp_path: Path) -> None:
    for announced in (["x"], ["a", "b"], []):
        with pytest.raises(ValueError, match=r"announced|zip"):
            write_layers(tmp_path, [layer("a")], stems=announced, format="png", layers_kind="alpha", overwrite=False)
        assert names(tmp_path) == []


def test_a_full_disk_in_the_middle_takes_the_new_files_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(b"old")
    calls = iter(range(100))
    real = atomic.os.fsync

    def fills_up(descriptor: int) -> None:
        if next(calls) >= 4:  # two calls for a file: itself and its folder
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", fills_up)
    with pytest.raises(WriteError, match="disk is full"):
        write_layers(tmp_path, [layer("a"), layer("b"), layer("c")], format="png", layers_kind="alpha", overwrite=True)
    assert names(tmp_path) == ["a.png"]
    assert cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED).shape == (7, 5)


def test_cancelling_takes_files_and_folders_back(tmp_path: Path) -> None:
    def cancel(done: int, total: int, what: str) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_layers(tmp_path / "x" / "y", [layer()], format="png", layers_kind="both", overwrite=False, step=cancel)
    assert names(tmp_path) == []


def test_folders_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WriteError, match="not a folder"):
        check_targets(tmp_path / "file" / "out", [tmp_path / "file" / "out" / "a.png"], overwrite=False)
    (tmp_path / "a.png").mkdir()
    with pytest.raises(WriteError, match="is a folder"):
        check_targets(tmp_path, [tmp_path / "a.png"], overwrite=True)


@pytest.mark.parametrize("stems", [["", "b"], ["a/b"], [".."], ["Anna", "anna"], ["a", "a-cutout"], ["a\0"]])
def test_names_that_cannot_be_files(tmp_path: Path, stems: list[str]) -> None:
    with pytest.raises(ValueError, match="name"):
        check_targets(tmp_path, layer_targets(tmp_path, stems, "both", "png"), overwrite=True)


def test_checking_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    check_targets(folder, layer_targets(folder, ["Zoë – left", "山田"], "both", "png"), overwrite=False)
    assert names(tmp_path) == []


def test_an_export_sweeps_what_a_killed_one_left(tmp_path: Path) -> None:
    left = tmp_path / ".0123456789abcdef.part"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    write_layers(tmp_path, [layer()], format="png", layers_kind="alpha", overwrite=False)
    assert names(tmp_path) == ["00.png"]


@pytest.mark.parametrize("format", ["png", "png16"])
def test_cropped_files_say_where_they_lie(tmp_path: Path, format: str) -> None:
    one = layer(dtype=np.uint16, profile=SRGB)
    alpha = np.zeros((7, 5), np.float32)
    alpha[2:5, 1:4] = 0.5
    placed = Layer("a", alpha, one.colours, SRGB, alpha)
    whole = write_layers(tmp_path / "whole", [placed], format=format, layers_kind="both", overwrite=False)
    cut = write_layers(tmp_path, [placed], format=format, layers_kind="both", overwrite=False, cropped=True)
    for large, small in zip(whole, cut, strict=True):
        assert np.array_equal(read(small), read(large)[2:5, 1:4])
        with Image.open(small) as picture:
            picture.verify()  # the sums of all chunks
        chunk = small.read_bytes()[33:54]
        assert chunk[:8] == b"\0\0\0\x09oFFs"
        assert struct.unpack(">iiB", chunk[8:17]) == (1, 2, 0)
    with Image.open(cut[1]) as picture:
        assert picture.info["icc_profile"] == SRGB


def test_a_cropped_layer_of_nothing_is_one_pixel(tmp_path: Path) -> None:
    nothing = Layer("a", np.zeros((7, 5), np.float32))
    (path,) = write_layers(tmp_path, [nothing], format="png", layers_kind="alpha", overwrite=False, cropped=True)
    assert read(path).tolist() == [[0]]


def test_what_cannot_say_where_it_lies_is_not_cropped(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="choose png"):
        write_layers(tmp_path / "x", [layer()], format="webp", layers_kind="alpha", overwrite=False, cropped=True)
    assert names(tmp_path) == []
