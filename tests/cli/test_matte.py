"""The command line as others script against it: files, streams, exit codes and sentences."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from photos import GroupPhoto, drawn_people, opened, save_masks
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Resource

from instmatt_app.cli import main
from instmatt_app.files.mask_reader import find_masks

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with a drawn photo, its rough masks, and a broken photo."""
    picture, truth = drawn_people(2, 60, 100)
    Image.fromarray(picture).save(tmp_path / "two.png")
    save_masks(tmp_path / "masks", truth)
    (tmp_path / "broken.jpg").write_text("this is no picture")
    return tmp_path


def run(*arguments: object) -> int:
    return main(["matte", *map(str, arguments)])


def test_a_real_photo_to_files_on_disk(
    group: GroupPhoto, group_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes = [part for box in group.boxes for part in ("--box", ",".join(map(str, box)))]
    report = tmp_path / "report.json"
    assert run(group_file, *boxes, "--out", tmp_path / "out", "--layers", "both", "--report", report) == 0
    folder = tmp_path / "out" / "group"
    assert sorted(path.name for path in folder.iterdir()) == ["00-cutout.png", "00.png", "01-cutout.png", "01.png"]
    out, _ = capsys.readouterr()
    assert [Path(line).name for line in out.splitlines()] == ["00.png", "00-cutout.png", "01.png", "01-cutout.png"]
    sizes = {opened(path).size for path in folder.iterdir()}
    assert sizes == {(group.pixels.shape[1], group.pixels.shape[0])}
    assert opened(folder / "00.png").mode == "L"
    assert opened(folder / "00-cutout.png").mode == "RGBA"
    said = json.loads(report.read_text())
    photo = said["photos"][0]
    assert [person["box"] for person in photo["people"]] == [list(box) for box in group.boxes]
    assert photo["sigma_error"]["after projection"] < 1e-6
    assert {"read", "recognise", "matte", "write"} <= set(photo["seconds"])
    assert photo["device"] == "cpu"
    assert said["peak_memory_mb"] > 50
    assert said["versions"]["numpy"] == np.__version__
    assert said["failed"] == []


def test_files_keep_the_masks_names_and_values_are_rounded(work: Path) -> None:
    (work / "masks" / "00.png").rename(work / "masks" / "Zoë.png")
    assert run(work / "two.png", "--masks", work / "masks", "--out", work / "out") == 0
    assert sorted(path.name for path in (work / "out" / "two").iterdir()) == ["01.png", "Zoë.png"]


def test_edges_for_everybody(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    masks = ("--masks", work / "masks", "--out")
    assert run(work / "two.png", *masks, work / "plain") == 0
    assert run(work / "two.png", *masks, work / "same", "--edge-shift", 0, "--feather", "0") == 0
    settings = ("--edge-shift=3", "--edge-contrast", 100, "--drop-specks=5")
    assert run(work / "two.png", *masks, work / "grown", *settings) == 0
    plain, same, grown = (work / name / "two" / "00.png" for name in ("plain", "same", "grown"))
    assert same.read_bytes() == plain.read_bytes()
    levels = np.asarray(opened(grown))
    assert set(np.unique(levels)) == {0, 255}
    assert levels.sum() > 1.1 * np.asarray(opened(plain)).astype(int).sum()
    capsys.readouterr()
    assert run(work / "two.png", *masks, work / "wrong", "--feather", "-1") == 2
    assert "'-1' is not a number from 0 to 50" in capsys.readouterr().err
    assert run(work / "two.png", *masks, work / "published", "--published", "--smooth", 2) == 0
    assert "--smooth has no effect in this run." in capsys.readouterr().err
    assert run(work / "two.png", *masks, work / "limited", "--refine-window", "1,2,30,40") == 0
    assert "--refine-window has no effect in this run." in capsys.readouterr().err, "closed-form refines nothing"


def test_strokes_and_pins_from_files(work: Path) -> None:
    plain, painted = ("--masks", work / "masks", "--out", work / "plain"), ("--out", work / "painted")
    assert run(work / "two.png", *plain) == 0
    for folder, level in (("hints", 3), ("pins", 2)):
        (work / folder).mkdir()
        plane = np.zeros((60, 100), np.uint8)
        plane[25:35, 20:30] = level
        Image.fromarray(plane).save(work / folder / "00.png")
    masks = ("--masks", work / "masks", *painted)
    assert run(work / "two.png", *masks, "--hints", work / "hints", "--pins", work / "pins") == 0
    before, after = (np.asarray(opened(work / name / "two" / "00.png")) for name in ("plain", "painted"))
    assert before[25:35, 20:30].min() > 200
    assert after[25:35, 20:30].max() == 0


def test_masks_in_a_folder_of_the_photos_name_come_first(work: Path) -> None:
    _, truth = drawn_people(1, 60, 100)
    save_masks(work / "masks" / "two", truth)
    assert run(work / "two.png", "--masks", work / "masks", "--out", work / "out") == 0
    assert [path.name for path in (work / "out" / "two").iterdir()] == ["00.png"]


def test_sixteen_bits_and_own_names(work: Path) -> None:
    wanted = ("--format", "png16", "--name", "{photo}-{number:03}")
    assert run(work / "two.png", "--masks", work / "masks", "--out", work / "out", *wanted) == 0
    path = work / "out" / "two" / "two-001.png"
    assert opened(path).mode.startswith("I")
    assert np.asarray(opened(path)).max() == 65535


def test_one_bad_photo_does_not_stop_the_others(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    masks = ("--masks", work / "masks")
    report = work / "report.json"
    assert (
        run(work / "broken.jpg", work / "none.jpg", work / "two.png", *masks, "--out", work / "out", "--report", report)
        == 1
    )
    assert (work / "out" / "two" / "01.png").is_file()
    assert not (work / "out" / "broken").exists()
    _, err = capsys.readouterr()
    assert "broken.jpg" in err
    assert "none.jpg" in err
    assert "Traceback" not in err
    assert [Path(one["photo"]).name for one in json.loads(report.read_text())["failed"]] == ["broken.jpg", "none.jpg"]


def test_a_folder_is_its_photos(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(work, "--masks", work / "masks", "--out", work / "out") == 1
    assert (work / "out" / "two" / "00.png").is_file()
    assert "broken.jpg" in capsys.readouterr().err
    (work / "nothing").mkdir()
    assert run(work / "nothing", "--masks", work / "masks", "--out", work / "out") == 1
    assert "no photo in this folder" in capsys.readouterr().err


def test_nothing_is_overwritten_unasked(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (work / "two.png", "--masks", work / "masks", "--out", work / "out")
    folder = work / "out" / "two"
    folder.mkdir(parents=True)
    (folder / "01.png").write_bytes(b"precious")
    assert run(*arguments) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert (folder / "01.png").read_bytes() == b"precious"
    assert not (folder / "00.png").exists()
    assert run(*arguments, "--overwrite") == 0
    assert opened(folder / "01.png").size == (100, 60)


def test_photos_that_would_share_a_folder_are_told_apart(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened(work / "two.png").convert("RGB").save(work / "two.bmp")
    assert run(work / "two.png", work / "two.bmp", "--masks", work / "masks", "--out", work / "out") == 1
    assert "same folder" in capsys.readouterr().err
    assert (work / "out" / "two" / "00.png").is_file()


@pytest.mark.usefixtures("no_weights")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--box", "1,2,3"], "is not a box"),
        (["--box", "1,2,0,4"], "no area"),
        (["--box", "1,1,9,9", "--order", "2,2"], "twice"),
        (["--box", "1,1,9,9", "--order", "0"], "from 1"),
        (["--box", "1,1,9,9", "--masks", "masks"], "not both"),
        (["--masks", "nowhere"], "not there"),
        (["--masks", "masks", "--pins", "nowhere"], "not there"),
        ([], "box"),
        (["--recogniser", "prompt"], "--box"),
        (["--recogniser", "detectron2"], "detectron2"),
        (["--recogniser", "magic"], "magic"),
        (["--box", "1,1,9,9", "--engine", "instmatt"], "instmatt"),
        (["--box", "1,1,9,9", "--model", "none.pth"], "none.pth"),
        (["--box", "1,1,9,9", "--working-size", "0"], "whole number"),
        (["--box", "1,1,9,9", "--device", "toaster"], "not a device"),
        (["--box", "1,1,9,9", "--name", "../{index}"], "leave out folders"),
        (["--box", "1,1,9,9", "--name", "{index.__class__}"], "unknown"),
        (["--box", "1,1,9,9", "--name", "{index:q}"], "template"),
        (["--box", "1,1,9,9", "--name", "{index:>999999999}"], "template"),
        (["--box", "1,1,9,9", "--name", "{index:{number}}"], "template"),
        (["--box", "1,1,9,9", "--box", "20,1,9,9", "--name", "same"], "same file"),
        (["--box", "1,1,9,9", "--order", "2"], "person 2, who is not there"),
        (["--box", "1,1,9,9", "--score", "7"], "from 0 to 1"),
        (["--box", "1,1,9,9", "--detail", "finest"], "detail"),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(work)
    assert main(["matte", "two.png", "--out", "out", *arguments]) == 2
    out, err = capsys.readouterr()
    assert sentence in err
    assert "Traceback" not in err
    assert out == ""
    assert not (work / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--box", "500,500,20,20"], "100 × 60 pixels"),
        (["--masks", "masks", "--order", "1,3"], "person 3, who is not there"),
        (["--masks", "masks", "--name", "same"], "same file"),
    ],
)
def test_what_one_photo_cannot_do_is_one_sentence_and_code_1(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(work)
    assert main(["matte", "two.png", "--out", "out", *arguments]) == 1
    assert sentence in capsys.readouterr().err
    assert not (work / "out").exists()


def test_masks_of_another_size_are_fitted_and_of_another_shape_refused(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask = opened(work / "masks" / "00.png")
    (work / "halved").mkdir()
    mask.resize((50, 30)).save(work / "halved" / "00.png")
    assert run(work / "two.png", "--masks", work / "halved", "--out", work / "a") == 0
    assert "50 × 30" in capsys.readouterr().err
    (work / "square").mkdir()
    mask.resize((64, 64)).save(work / "square" / "00.png")
    assert run(work / "two.png", "--masks", work / "square", "--out", work / "b") == 1
    assert "64 × 64" in capsys.readouterr().err
    (work / "empty").mkdir()
    assert run(work / "two.png", "--masks", work / "empty", "--out", work / "c") == 1
    assert "mask" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_explained(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "file").write_text("")
    assert run(work / "two.png", "--masks", work / "masks", "--out", work / "file") == 2
    assert run(work / "two.png", "--masks", work / "masks", "--out", work / "file" / "deeper") == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "is not a folder; choose another one" in err


def test_without_arguments_it_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "matte" in capsys.readouterr().err
    assert main(["--version"]) == 0
    assert main(["dance"]) == 2


def started(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "instmatt_app.cli", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_half_files(work: Path, number: signal.Signals) -> None:
    picture, truth = drawn_people(3, 700, 1200)
    Image.fromarray(picture).save(work / "large.png")
    save_masks(work / "large", truth)
    process = started("matte", work / "large.png", "--masks", work / "large", "--out", work / "out")
    assert process.stderr is not None
    assert "large.png" in process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Stopped" in err
    assert "Traceback" not in err
    files = [path for path in (work / "out").rglob("*") if path.is_file()] if (work / "out").exists() else []
    assert sorted(map(str, files)) == sorted(out.splitlines())


def test_without_a_terminal_progress_is_quiet_lines(work: Path) -> None:
    process = started("matte", work / "two.png", "--masks", work / "masks", "--out", work / "out")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert len(out.splitlines()) == 2
    assert 1 <= len(err.splitlines()) <= 5
    assert "\x1b" not in err


def test_with_a_terminal_for_progress_data_still_goes_to_stdout(work: Path) -> None:
    pty = pytest.importorskip("pty")
    try:
        terminal, stderr = pty.openpty()
    except OSError:
        pytest.skip("this system has no pseudo-terminals")
    arguments = ("matte", work / "two.png", "--masks", work / "masks", "--out", work / "out")
    process = subprocess.Popen(
        [sys.executable, "-m", "instmatt_app.cli", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
    out, _ = process.communicate(timeout=120)
    os.close(stderr)
    os.close(terminal)
    assert [Path(line).name for line in out.splitlines()] == ["00.png", "01.png"]


def test_native_detail_is_the_default_with_instmatt_alone(work: Path, default_engine: None) -> None:
    report = work / "report.json"
    common = ["--masks", work / "masks", "--working-size", "64", "--out", work / "out", "--report", report]
    for how, is_detailed in (
        (["--model", "instmatt-lite"], True),
        (["--model", "instmatt-lite", "--detail", "none"], False),
        (["--model", "instmatt-lite", "--published"], False),
        (["--engine", "closed-form"], False),
    ):
        assert run(work / "two.png", *common, *how, "--overwrite") == 0
        assert (json.loads(report.read_text())["photos"][0]["detail_windows"] > 0) == is_detailed, how


def test_native_detail_reaches_the_files_in_sixteen_bits(work: Path) -> None:
    deep = cv2.imread(str(work / "two.png"), cv2.IMREAD_COLOR).astype(np.uint16) * 257 + 7
    cv2.imwrite(str(work / "deep.png"), deep)
    how = ["--masks", work / "masks", "--working-size", "64", "--format", "png16", "--layers", "both"]
    how += ["--engine", "closed-form"]
    files = {}
    for detail, report in (("none", work / "none.json"), ("native", work / "native.json")):
        out = work / detail
        assert run(work / "deep.png", *how, "--out", out, "--detail", detail, "--report", report) == 0
        files[detail] = [cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in sorted((out / "deep").iterdir())]
        windows = json.loads(report.read_text())["photos"][0]["detail_windows"]
        assert (windows > 0) == (detail == "native")
    assert all(file.dtype == np.uint16 for file in files["native"])
    cutout, alpha = files["native"][:2]
    assert not np.array_equal(alpha, files["none"][1])
    np.testing.assert_array_equal(cutout[..., 3], alpha)
    opaque = alpha == 65535
    assert opaque.any()
    np.testing.assert_array_equal(cutout[opaque][:, :3], deep[opaque])
    assert len(np.unique(alpha % 257)) > 1, "more than eight bits of alpha"


def test_the_report_replaces_nothing_unasked(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (work / "two.png", "--masks", work / "masks", "--out", work / "out", "--report")
    photo = (work / "two.png").read_bytes()
    assert run(*arguments, work / "two.png") == 2
    assert "one of the photos" in capsys.readouterr().err
    assert (work / "two.png").read_bytes() == photo
    (work / "notes.json").write_text("mine")
    assert run(*arguments, work / "notes.json") == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (work / "notes.json").read_text() == "mine"
    assert run(*arguments, work / "nowhere" / "r.json") == 2
    assert not (work / "out").exists(), "said before the work"
    assert run(*arguments, work / "notes.json", "--overwrite") == 0
    assert json.loads((work / "notes.json").read_text())["failed"] == []


def test_a_photo_cannot_lead_out_of_the_folder(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "...png").write_bytes((work / "two.png").read_bytes())
    assert run(work / "...png", "--masks", work / "masks", "--out", work / "out" / "deep") == 1
    assert "rename it" in capsys.readouterr().err
    assert not (work / "out").exists()


def test_an_unforeseen_error_stops_one_photo_only(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from instmatt_app.engine.classical import ClosedForm

    opened(work / "two.png").save(work / "again.png")
    whole = ClosedForm.matte
    errors: list[Exception] = [RuntimeError("[enforce fail] not enough memory: you tried to allocate"), KeyError("odd")]

    def matte(self: ClosedForm, *rest: object) -> object:
        if errors:
            raise errors.pop(0)
        return whole(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(ClosedForm, "matte", matte)
    opened(work / "two.png").save(work / "third.png")
    photos = [work / name for name in ("two.png", "again.png", "third.png")]
    assert run(*photos, "--masks", work / "masks", "--out", work / "out") == 1
    err = capsys.readouterr().err
    assert "--working-size smaller" in err
    assert "KeyError" in err
    assert (work / "out" / "third" / "00.png").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="file names that are no UTF-8")
def test_names_that_are_no_text_come_out_as_they_went_in(work: Path) -> None:
    odd = os.fsencode(work) + b"/caf\xe9.png"
    Path(os.fsdecode(odd)).write_bytes((work / "two.png").read_bytes())
    command = ["matte", os.fsdecode(odd), "--masks", work / "masks", "--out", work / "out", "--report", work / "r.json"]
    process = started(*command)
    assert process.stdout is not None
    out = process.stdout.buffer.read()
    assert process.wait(timeout=60) == 0, process.stderr.read() if process.stderr else ""
    process.stdout.close()
    assert process.stderr is not None
    process.stderr.close()
    assert out.splitlines()[0] == os.fsencode(work) + b"/out/caf\xe9/00.png"
    assert len(json.loads((work / "r.json").read_text())["photos"]) == 1


def test_a_reader_that_goes_away_is_no_failure(work: Path) -> None:
    opened(work / "two.png").save(work / "again.png")
    arguments = ("matte", work / "two.png", work / "again.png", "--masks", work / "masks", "--out", work / "out")
    process = started(*arguments)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert "Broken pipe" not in err
    assert "Traceback" not in err


def test_hidden_files_of_a_folder_are_left_out(work: Path) -> None:
    (work / "broken.jpg").unlink()
    (work / "._two.jpg").write_bytes(b"Mac OS X")
    assert run(work, "--masks", work / "masks", "--out", work / "out") == 0


def test_options_without_effect_are_named(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    idle = ("--score", "0.9", "--order", "2,1", "--passes", "3")
    assert run(work / "two.png", "--masks", work / "masks", "--out", work / "out", *idle) == 0
    err = capsys.readouterr().err
    for option in ("--score", "--order", "--passes"):
        assert f"{option} has no effect" in err
    assert "--min-area" not in err
    assert run(work / "two.png", "--masks", work / "masks", "--recogniser", "prompt", "--out", work / "o") == 2


def test_a_name_too_long_for_the_disk_is_explained_before_the_work(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "x" * 300 + "{index}"
    assert run(work / "two.png", "--masks", work / "masks", "--out", work / "out", "--name", name) == 1
    err = capsys.readouterr().err
    assert "too long" in err
    assert "matting" not in err


@pytest.mark.parametrize(
    ("format", "ending"),
    [("psd", ".psd"), ("ora", ".ora"), ("tiff", ".tif"), ("exr", ".exr"), ("coco", "-coco.json")],
)
def test_everybody_in_one_file(work: Path, format: str, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (work / "two.png", "--masks", work / "masks", "--out", work / "out", "--format", format)
    assert run(*arguments) == 0
    (written,) = (work / "out" / "two").iterdir()
    assert written.name == f"two{ending}"
    assert capsys.readouterr().out.strip() == str(written)
    before = written.read_bytes()
    assert run(*arguments) == 1
    assert written.read_bytes() == before
    assert run(*arguments, "--overwrite", "--layers", "both") == 0
    assert "--layers has no effect" in capsys.readouterr().err


def test_webp_layers(work: Path) -> None:
    arguments = ("--masks", work / "masks", "--out", work / "out", "--layers", "both", "--format", "webp")
    assert run(work / "two.png", *arguments) == 0
    assert opened(work / "out" / "two" / "00-cutout.webp").mode == "RGBA"


@pytest.mark.parametrize("more", [("--format", "png"), ("--format", "exr"), ("--format", "psd", "--published")])
def test_what_cannot_be_put_together_again_is_wrong_use(
    work: Path, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--masks", work / "masks", "--out", work / "out", "--recomposable", *more)
    assert run(work / "two.png", *arguments) == 2
    assert "--recomposable" in capsys.readouterr().err
    assert not (work / "out").exists()


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    """A photo of two drawn people with a camera's notes, lying on its side, and their masks."""
    picture, alphas = drawn_people(2)
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera", 6
    Image.fromarray(np.rot90(picture)).save(tmp_path / "two.jpg", quality=95, exif=exif)
    save_masks(tmp_path / "masks", alphas)
    return tmp_path / "two.jpg"


def test_trimaps_and_trimattes(noted: Path, tmp_path: Path) -> None:
    for kind in ("trimap", "trimatte", "alpha"):
        assert (
            main(
                [
                    "matte",
                    str(noted),
                    "--masks",
                    str(tmp_path / "masks"),
                    "--layers",
                    kind,
                    "--out",
                    str(tmp_path / "out"),
                ]
            )
            == 0
        )
    folder = tmp_path / "out" / "two"
    trimap = np.asarray(opened(folder / "00-trimap.png"))
    assert set(np.unique(trimap)) == {0, 128, 255}
    planes = np.asarray(opened(folder / "01-trimatte.png")).astype(int)
    assert np.abs(planes.sum(axis=-1) - 255).max() <= 1
    assert np.array_equal(planes[..., 0], np.asarray(opened(folder / "01.png")))
    assert np.abs(planes[..., 1] - np.asarray(opened(folder / "00.png"))).max() <= 1
    assert [path.name for path in find_masks(tmp_path / "out", "two")] == ["00.png", "01.png"]


@pytest.mark.parametrize("format", ["png", "webp", "psd", "ora"])
def test_the_cameras_notes_are_kept_only_if_asked_for(noted: Path, tmp_path: Path, format: str) -> None:
    for metadata in ("keep", "strip"):
        out = tmp_path / metadata
        wishes = ["--format", format, "--metadata", metadata, "--out", str(out), "--profile", "p3"]
        layers = ["--layers", "cutout"] if format in ("png", "webp") else []
        assert main(["matte", str(noted), "--masks", str(tmp_path / "masks"), *wishes, *layers]) == 0
        (path, *_) = sorted((out / "two").iterdir())
        if format == "ora":
            with zipfile.ZipFile(path) as archive:
                picture = Image.open(BytesIO(archive.read("mergedimage.png")))
        else:
            picture = Image.open(path)
        with picture:
            picture.load()
            kept = picture.getexif()
            if format == "psd":  # Pillow passes this resource over
                kept.load(PSDImage.open(path).image_resources.get_data(Resource.EXIF_DATA_1) or b"")
            assert kept.get(0x010F) == ("Camera" if metadata == "keep" else None)
            assert kept.get(0x0112, 1) == 1  # the layers are upright
            assert b"P3" in picture.info["icc_profile"] or len(picture.info["icc_profile"]) > 5000


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(3):
        picture, alphas = drawn_people(2, seed=number)
        Image.fromarray(picture).save(photos / f"{number}.png")
        save_masks(tmp_path / "masks" / str(number), alphas, grow=2 * number)
    command = ["matte", str(photos), "--masks", str(tmp_path / "masks"), "--out", str(tmp_path / "out"), "--resume"]
    assert main(command) == 0
    first = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.png")}
    assert len(first) == 6
    journal = tmp_path / "out" / "instmatt-journal.jsonl"
    lines = journal.read_bytes().splitlines()
    # As a crash leaves it: the last photo begun, one of its files written, its line cut short.
    journal.write_bytes(b"\n".join([*lines[:-1], lines[-1][:20]]))
    (tmp_path / "out" / "2" / "01.png").unlink()
    assert main([*command, "--review", str(tmp_path / "review.tsv")]) == 0
    assert "2 of 3 photos were done before" in capsys.readouterr().err
    again = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.png")}
    assert [path.parent.name for path in first if again[path] != first[path]] == ["2", "2"]
    listed = [line.split("\t") for line in (tmp_path / "review.tsv").read_text().splitlines()[1:]]
    assert len(listed) == 3
    assert [float(line[0]) for line in listed] == sorted((float(line[0]) for line in listed), reverse=True)
    # Another wish is another run, and what is there is asked about as always.
    assert main([*command, "--format", "png16"]) == 1
