"""Which recogniser is taken, and what is said about it."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import instmatt_app as im
from instmatt_app import options
from instmatt_app.api import MaskError
from instmatt_app.core.interfaces import Detection, NotReady, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.engine.recognisers import detectron2_library, mask_rcnn, registry
from instmatt_app.engine.recognisers.builtin import BuiltIn
from instmatt_app.engine.recognisers.registry import BUILT_IN, MASK_RCNN_3X, MASK_RCNN_V2, choose


@pytest.mark.parametrize("installed", [False, True])
@pytest.mark.parametrize(
    ("wanted", "ready", "names"),
    [
        ("auto", {MASK_RCNN_3X, MASK_RCNN_V2}, ["detectron2", "torchvision", "torchvision"]),
        ("auto", {MASK_RCNN_V2}, ["torchvision"]),
        ("auto", set(), []),
        ("detectron2", {MASK_RCNN_3X, MASK_RCNN_V2}, ["detectron2"]),
        ("detectron2", {MASK_RCNN_V2}, []),
        ("torchvision", {MASK_RCNN_3X, MASK_RCNN_V2}, ["torchvision", "torchvision"]),
        ("auto", {BUILT_IN}, ["builtin"]),
        ("builtin", {MASK_RCNN_3X, BUILT_IN}, ["builtin"]),
        ("torchvision", {BUILT_IN}, []),
    ],
)
def test_the_best_that_is_ready_comes_first(
    wanted: registry.Finder, ready: set[str], names: list[str], installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "detectron2_is_installed", lambda: installed)
    found = choose(wanted, ready.__contains__)
    assert [choice.recogniser for choice in found] == [name for name in names if installed or name != "detectron2"]
    if len(found) > 1:
        assert found[-1].model == MASK_RCNN_V2


def test_without_torchvision_the_built_in_recogniser_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "torchvision_is_installed", lambda: False)
    monkeypatch.setattr(registry, "detectron2_is_installed", lambda: True)
    everything = {MASK_RCNN_3X, MASK_RCNN_V2, BUILT_IN}
    assert [choice.recogniser for choice in choose("auto", everything.__contains__)] == ["builtin"]
    with pytest.raises(NotReady, match="torchvision needs the package torchvision, which is not here; take builtin"):
        options.make_recogniser(im.MatteOptions(recogniser="torchvision"))


def test_people_are_told_who_found_them() -> None:
    ours, own = f"torchvision:{MASK_RCNN_3X}", f"torchvision:{MASK_RCNN_V2}"
    assert "Detectron2's weights" in registry.remarks(ours, "auto")[0]
    assert registry.remarks(ours, "torchvision") == []
    assert "own v2 weights" in registry.remarks(own, "torchvision")[0]
    assert registry.remarks("prompt", "auto") == []


def test_the_built_in_recogniser_comes_after_everything_better() -> None:
    found = choose("auto", {MASK_RCNN_3X, MASK_RCNN_V2, BUILT_IN}.__contains__)
    assert [choice.recogniser for choice in found][-2:] == ["torchvision", "builtin"]
    made = registry.make(found[-1:], lambda name, step: Path(name), "cpu", score=0.2)
    assert isinstance(made, BuiltIn)
    assert made.name == "builtin:people"
    assert "comes with the program" in registry.remarks(made.name, "auto")[0]


def test_a_detectron2_that_does_not_run_is_replaced_by_its_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stand:
        def __init__(self, weights: Path, name: str, device: str) -> None:
            self.name = name

    def broken(weights: Path, name: str, device: str) -> None:
        raise NotReady("Detectron2 cannot be loaded.")

    monkeypatch.setattr(registry, "detectron2_is_installed", lambda: True)
    monkeypatch.setattr(detectron2_library, "Detectron2Library", broken)
    monkeypatch.setattr(mask_rcnn, "Detectron2Weights", Stand)

    def loaded(wanted: registry.Finder, ready: set[str]) -> str:
        recogniser = registry.make(choose(wanted, ready.__contains__), lambda name, step: Path(name), "cpu")
        assert isinstance(recogniser, mask_rcnn.MaskRecogniser)
        return recogniser._load(lambda done, total, what: None).name

    assert loaded("auto", {MASK_RCNN_3X, MASK_RCNN_V2}) == f"torchvision:{MASK_RCNN_3X}"
    with pytest.raises(NotReady, match="cannot be loaded"):
        loaded("detectron2", {MASK_RCNN_3X})


def test_a_library_that_cannot_be_imported_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "detectron2").mkdir()
    (tmp_path / "detectron2" / "__init__.py").write_text("raise ImportError('undefined symbol')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "detectron2", raising=False)
    assert registry.detectron2_is_installed()
    with pytest.raises(NotReady, match=r"undefined symbol.*--recogniser torchvision"):
        detectron2_library.Detectron2Library(tmp_path / "weights", "detectron2", "cpu")


@pytest.mark.usefixtures("no_weights")
def test_what_is_missing_is_said_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotReady, match=rf"instmatt models fetch {MASK_RCNN_3X}.*--box.*--masks"):
        options.make_recogniser(im.MatteOptions())
    with pytest.raises(NotReady, match="torchvision lacks its weights"):
        options.make_recogniser(im.MatteOptions(recogniser="torchvision"))
    monkeypatch.setattr(registry, "detectron2_is_installed", lambda: False)
    with pytest.raises(NotReady, match="detectron2 is not installed"):
        options.make_recogniser(im.MatteOptions(recogniser="detectron2"))


def test_boxes_come_before_what_finds_people_by_itself() -> None:
    assert options.make_recogniser(im.MatteOptions(boxes=[(0, 0, 5, 5)])).name == "prompt"


def test_the_result_names_the_recogniser(group_file: Path) -> None:
    class Everybody:
        name = f"torchvision:{MASK_RCNN_V2}"

        def find(self, photo: Photo, step: Step) -> list[Detection]:
            boxes = [(12, 0, 282, 384), (394, 22, 315, 362)]
            return options.make_recogniser(im.MatteOptions(boxes=boxes)).find(photo, step)

    result = im.matte(group_file, im.MatteOptions(engine="closed-form", working_size=200), finder=Everybody())
    assert result.recogniser == Everybody.name
    assert result.notes == ["People found by torchvision with its own v2 weights, as Detectron2's are not there."]


def test_masks_of_a_recogniser_of_ones_own_that_are_none_are_told_apart(group_file: Path) -> None:
    class Own:
        name = "my own"

        def find(self, photo: Photo, step: Step) -> list[Detection]:
            return [Detection(TilePlane(4, 5), None, Rect(0, 0, 5, 4))]

    with pytest.raises(MaskError, match=r"A mask of my own has 5 × 4 pixels and the photo \d+ × \d+"):
        im.matte(group_file, im.MatteOptions(engine="closed-form", working_size=200), finder=Own())
    array: Any = np.zeros((4, 5), np.uint8)
    with pytest.raises(TypeError, match=r"a TilePlane, not ndarray; TilePlane.of makes one"):
        Detection(array, None, Rect(0, 0, 5, 4))
