"""What every recogniser promises, whoever it is."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import mask_rcnn_rule as rule
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from instmatt_app.core.interfaces import Cancelled, Recogniser, Step, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.engine.network import mask_rcnn as network_of_3x
from instmatt_app.engine.network.people import People
from instmatt_app.engine.recognisers import builtin, mask_rcnn, registry
from instmatt_app.engine.recognisers.builtin import BuiltIn, View
from instmatt_app.engine.recognisers.mask_rcnn import network_v2
from instmatt_app.engine.recognisers.prompt import BoxPrompt
from instmatt_app.files.photo_reader import read_photo

# The networks see a fifth of what they are made for and fewer places, so that the whole contract takes seconds.
SHORT_SIDE, LONG_SIDE, PROPOSALS, DETECTIONS = 128, 213, 100, 40
MASK_RCNN = [choice.name for choice in registry.CHOICES if choice.model != "people"]
Factory = Callable[..., Recogniser]


@pytest.fixture(scope="module", autouse=True)
def small_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mask_rcnn, "SHORT_SIDE", SHORT_SIDE)
        patch.setattr(mask_rcnn, "LONG_SIDE", LONG_SIDE)
        patch.setattr(network_of_3x, "PROPOSALS", PROPOSALS)
        patch.setattr(network_of_3x, "DETECTIONS", DETECTIONS)
        fewer = {"rpn_post_nms_top_n_test": PROPOSALS, "box_detections_per_img": DETECTIONS}
        full = mask_rcnn.maskrcnn_resnet50_fpn_v2
        patch.setattr(mask_rcnn, "maskrcnn_resnet50_fpn_v2", partial(full, **fewer))
        patch.setattr(builtin, "VIEWS", (View(192), View(192, mirrored=True)))
        yield


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Rule-made weights of networks that find people everywhere."""
    folder = tmp_path_factory.mktemp("models")
    files = {name: folder / f"{name}.safetensors" for name in (registry.MASK_RCNN_3X, registry.MASK_RCNN_V2)}
    theirs = {name: torch.from_numpy(array) for name, array in rule.weights(person_bias=12.0).items()}
    save_file(theirs, files[registry.MASK_RCNN_3X])
    torch.manual_seed(0)
    v2 = network_v2().state_dict()
    v2["roi_heads.box_predictor.cls_score.bias"][1] += 8
    v2["roi_heads.mask_predictor.mask_fcn_logits.bias"][1] += 1
    save_file(v2, files[registry.MASK_RCNN_V2])
    torch.manual_seed(0)
    people = People()
    torch.nn.init.constant_(people.score.bias, 6.0)
    torch.nn.init.normal_(people.mask[1].weight, std=2.0)
    torch.nn.init.normal_(people.sides.weight, std=0.02)
    torch.nn.init.constant_(people.sides.bias, -1.0)
    files["people"] = folder / "people.safetensors"
    save_file(people.state_dict(), files["people"])
    return files


def finder(choice: registry.Choice, models: dict[str, Path]) -> Factory:
    """Makes recognisers that share one loaded network."""
    loaded: list[mask_rcnn.Detector] = []

    def made(**options: Any) -> Recogniser:
        recogniser = registry.make([choice], lambda name, step: models[name], "cpu", **options)
        assert isinstance(recogniser, mask_rcnn.MaskRecogniser)
        load = recogniser._load

        def once(step: Step) -> mask_rcnn.Detector:
            if not loaded:
                loaded.append(load(step))
            return loaded[0]

        recogniser._load = once
        return recogniser

    return made


def prompt(**options: Any) -> Recogniser:
    class WholePhoto:
        name = "prompt"

        def find(self, photo: Photo, step: Any) -> Any:
            return BoxPrompt([Rect(0, 0, photo.width, photo.height)]).find(photo, step)

    return WholePhoto()


@pytest.fixture(scope="module", params=["prompt", "builtin", *MASK_RCNN])
def factory(request: pytest.FixtureRequest, models: dict[str, Path]) -> Factory:
    """Makes the recogniser, with ``score`` and ``min_area``."""
    if request.param == "prompt":
        return prompt
    if request.param == "builtin":
        return lambda **options: BuiltIn(lambda step: models["people"], **options)
    choice = next(choice for choice in registry.CHOICES if choice.name == request.param)
    if choice.recogniser == "detectron2":
        pytest.importorskip("detectron2", reason="optional: the library is not installed")
    return finder(choice, models)


@pytest.fixture(scope="module")
def eager(factory: Factory) -> Recogniser:
    """Finds whatever there is to find, however small."""
    return factory(score=0.3, min_area=0.0)


def file_of(kind: str, folder: Path) -> Path:
    """The rule's picture in a file of that kind."""
    picture = rule.picture(60, 90)
    path = folder / f"{kind}.png"
    if kind == "grey":
        Image.fromarray(picture[:, :, 0]).save(path)
    elif kind == "RGBA":
        Image.fromarray(np.dstack([picture, picture[:, :, :1] // 2])).save(path)
    elif kind == "16 bit":
        import cv2

        cv2.imwrite(str(path), picture.astype(np.uint16) * 257)
    else:
        Image.fromarray(picture).save(path)
    return path


def check(found: list[Any], photo: Photo, sorted_by_size: bool = True) -> None:
    areas = [one.mask.count() for one in found]
    if sorted_by_size:
        assert areas == sorted(areas, reverse=True)
    for one in found:
        assert one.mask.shape == (photo.height, photo.width)
        assert set(np.unique(one.mask.full())) <= {0, 255}
        assert one.score is None or 0 <= one.score <= 1
        assert not one.box.is_empty
        outside = one.mask.full()
        outside[one.box.slices] = 0
        assert not outside.any()


@pytest.mark.parametrize("kind", ["RGB", "grey", "RGBA", "16 bit"])
def test_photos_of_every_kind(eager: Recogniser, kind: str, tmp_path: Path) -> None:
    photo = read_photo(file_of(kind, tmp_path))
    found = eager.find(photo, silent)
    assert found
    check(found, photo)


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (3, 1), (2, 700), (4000, 2), (2000, 3000)])
def test_tiny_thin_and_huge_photos(eager: Recogniser, size: tuple[int, int]) -> None:
    photo = Photo(np.ascontiguousarray(np.broadcast_to(rule.picture(1, size[1]), (*size, 3))))
    check(eager.find(photo, silent), photo)


def test_the_same_photo_gives_the_same_people(eager: Recogniser) -> None:
    photo = Photo(rule.picture(80, 120))
    first, second = eager.find(photo, silent), eager.find(photo, silent)
    assert [one.score for one in first] == [one.score for one in second]
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.mask.full(), b.mask.full())


def test_a_search_can_be_cancelled_and_begun_again(eager: Recogniser) -> None:
    photo = Photo(rule.picture(80, 120))
    expected = eager.find(photo, silent)
    calls = 0

    def step(done: int, total: int, what: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        eager.find(photo, step)
    assert calls == 2
    assert len(eager.find(photo, silent)) == len(expected)


def test_thirty_people(factory: Factory) -> None:
    recogniser = factory(score=0.02, min_area=0.0)
    if recogniser.name == "prompt":
        pytest.skip("finds who is pointed at")
    photo = Photo(rule.picture(300, 400))
    found = recogniser.find(photo, silent)
    assert len(found) >= 30
    check(found, photo)


def test_score_and_least_area_are_obeyed(factory: Factory, eager: Recogniser) -> None:
    if eager.name == "prompt":
        pytest.skip("finds who is pointed at")
    photo = Photo(rule.picture(80, 120))
    everybody = eager.find(photo, silent)
    scores = sorted(one.score or 0 for one in everybody)
    areas = sorted(one.mask.count() for one in everybody)
    middle_score, middle_area = scores[len(scores) // 2], areas[len(areas) // 2]
    surer = factory(score=middle_score, min_area=0.0).find(photo, silent)
    assert 0 < len(surer) < len(everybody)
    assert min(one.score or 0 for one in surer) == middle_score
    larger = factory(score=0.3, min_area=middle_area / (80 * 120)).find(photo, silent)
    assert 0 < len(larger) < len(everybody)
    assert min(one.mask.count() for one in larger) == middle_area
    assert factory(score=1.0, min_area=1.0).find(photo, silent) == []
