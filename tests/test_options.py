"""What options ask for: engines by name, models by name, people by score and area."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from photos import drawn_people
from PIL import Image
from safetensors.torch import save_file

import instmatt_app as im
from instmatt_app import options, places
from instmatt_app.cli import main
from instmatt_app.core.interfaces import Detection, NotReady, Recogniser, Step, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.engine.memory import NotEnoughMemory
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.engine.recognisers import registry

ENTRY = 'title = "mattes people"\nlicence = "own"\n'
CATALOGUE = f"""
[instmatt-lite]
kind = "instmatt"
file = "instmatt-lite.safetensors"
{ENTRY}
[{registry.MASK_RCNN_3X}]
kind = "mask-rcnn-detectron2"
file = "{registry.MASK_RCNN_3X}.safetensors"
{ENTRY}
[{registry.MASK_RCNN_V2}]
kind = "mask-rcnn-torchvision"
file = "{registry.MASK_RCNN_V2}.safetensors"
{ENTRY}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, default_engine: None) -> Path:
    """The program's models folder: a catalogue, and nothing ready yet."""
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "models.toml").write_text(CATALOGUE)
    monkeypatch.setattr(places, "models_folder", lambda: shipped)
    return shipped


def test_auto_is_closed_form_until_a_model_is_ready(folder: Path) -> None:
    assert options.engine_of(im.MatteOptions()) == "closed-form"
    assert options.make_engine(im.MatteOptions()).name.startswith("closed-form")
    assert options.engine_of(im.MatteOptions(model="some.pth")) == "instmatt"
    with pytest.raises(NotReady, match="none is ready"):
        options.make_engine(im.MatteOptions(engine="instmatt"))
    with pytest.raises(NotReady, match="is not there yet"):
        options.make_engine(im.MatteOptions(model="instmatt-lite"))


def test_native_detail_is_the_default_of_instmatt_alone(folder: Path) -> None:
    assert not im.MatteOptions().has_detail, "closed-form is all there is"
    assert im.MatteOptions(model="some.pth").has_detail
    assert im.MatteOptions(detail="native").has_detail
    for without in (im.MatteOptions(model="x", detail="none"), im.MatteOptions(model="x", published=True)):
        assert not without.has_detail


def test_a_ready_model_is_taken_by_auto_and_by_name(folder: Path) -> None:
    torch.manual_seed(0)
    save_file(InstMatt().state_dict(), folder / "instmatt-lite.safetensors")
    for asked in (im.MatteOptions(), im.MatteOptions(engine="instmatt"), im.MatteOptions(model="instmatt-lite")):
        assert options.make_engine(asked).name.startswith("instmatt:")
    assert options.engine_of(im.MatteOptions(engine="closed-form")) == "closed-form"


def test_a_limit_of_memory_reaches_the_engine(folder: Path) -> None:
    torch.manual_seed(0)
    save_file(InstMatt().state_dict(), folder / "instmatt-lite.safetensors")
    picture, _ = drawn_people(2)
    asked = im.MatteOptions(boxes=[(0, 0, 80, 96), (80, 0, 80, 96)], working_size=128, memory_gib=0.01)
    with pytest.raises(NotEnoughMemory, match=r"0\.0 GiB may be used"):
        im.matte(Photo(picture), asked)


def test_a_model_for_something_else_is_refused(folder: Path) -> None:
    (folder / f"{registry.MASK_RCNN_3X}.safetensors").touch()
    with pytest.raises(NotReady, match="wants one that mattes people"):
        options.make_engine(im.MatteOptions(model=registry.MASK_RCNN_3X))
    with pytest.raises(NotReady, match="or one of instmatt-lite"):
        options.make_engine(im.MatteOptions(model="nowhere.pth"))


def test_score_and_area_of_the_command_line_reach_the_recogniser(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / f"{registry.MASK_RCNN_V2}.safetensors").touch()
    picture, alphas = drawn_people(2)
    Image.fromarray(picture).save(tmp_path / "two.png")
    asked: list[tuple[object, ...]] = []

    class Finder:
        name = f"torchvision:{registry.MASK_RCNN_V2}"

        def find(self, photo: Photo, step: Step) -> list[Detection]:
            masks = [(alpha >= 0.5).astype(np.uint8) * 255 for alpha in alphas]
            return [Detection(TilePlane.of(mask), 0.9, Rect(0, 0, photo.width, photo.height)) for mask in masks]

    def make(*given: object) -> Recogniser:
        asked.append(given[2:])
        return Finder()

    monkeypatch.setattr(registry, "make", make)
    report = tmp_path / "report.json"
    arguments = [str(tmp_path / "two.png"), "--out", str(tmp_path / "out"), "--report", str(report)]
    more = ["--score", "0.55", "--min-area", "0.01", "--device", "cpu", "--engine", "closed-form"]
    assert main(["matte", *arguments, *more]) == 0
    assert asked == [("cpu", 0.55, 0.01)], "asked for once, for all photos"
    err = capsys.readouterr().err
    assert "has no effect" not in err
    assert "People found by torchvision with its own v2 weights" in err
    photo = json.loads(report.read_text())["photos"][0]
    assert photo["recogniser"] == Finder.name
    assert [person["score"] for person in photo["people"]] == [0.9, 0.9]
    boxed = ["--box", "0,0,80,96", "--overwrite"]
    assert main(["matte", *arguments, *more, *boxed]) == 0
    err = capsys.readouterr().err
    assert "--score has no effect" in err
    assert "--min-area has no effect" in err


def test_the_window_keeps_what_its_first_search_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from instmatt_app.ui.engines import Engines

    made: list[str] = []

    class Finder:
        def __init__(self, name: str) -> None:
            self.name = name
            self.searches = 0

        def find(self, photo: Photo, step: Step) -> list[Detection]:
            made.append(self.name)
            self.searches += 1
            return [] if self.searches < 2 else [Detection(TilePlane(4, 4), 1.0, Rect(0, 0, 1, 1))]

    monkeypatch.setattr(registry, "make", lambda choices, *given: Finder(choices[0].name))
    monkeypatch.setattr(registry, "detectron2_is_installed", lambda: False)
    engines = Engines(im.MatteOptions())
    assert not engines.finds_people()
    (folder / f"{registry.MASK_RCNN_V2}.safetensors").touch()
    assert engines.finds_people()
    photo = Photo(np.zeros((4, 4, 3), np.uint8))
    assert engines.find(photo, silent) == []
    assert len(engines.find(photo, silent)) == 1, "the same recogniser searches again"
    (folder / f"{registry.MASK_RCNN_3X}.safetensors").touch()
    assert engines.find(photo, silent) == [], "a better one that is ready by now takes its place"
    assert made[-1] == f"torchvision:{registry.MASK_RCNN_3X}"
