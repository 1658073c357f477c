"""The compared methods: the trimap of the paper, and the networks behind their names."""

import sys
import types
from pathlib import Path

import numpy as np
import pytest
from golden_rule import fill
from photos import drawn_people, save_masks
from safetensors.torch import save_file

from instmatt_app.core.interfaces import silent
from instmatt_app.core.photo import Photo
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.evaluation.folders import BenchmarkError, alpha_files
from instmatt_app.evaluation.methods import make_method, rough_trimap
from instmatt_app.files.photo_reader import read_photo


def model(folder: Path, channels: int) -> Path:
    """Weights that fit the network and were never trained."""
    network = InstMatt(channels, channels, refiner=channels == 3)
    fill(network, steep=channels == 3)
    path = folder / f"{channels}.safetensors"
    save_file({key: value.contiguous() for key, value in network.state_dict().items()}, path)
    return path


@pytest.fixture
def scene(tmp_path: Path) -> tuple[Photo, list[Path]]:
    from PIL import Image

    picture, truth = drawn_people(2, 90, 150)
    Image.fromarray(picture).save(tmp_path / "photo.png")
    save_masks(tmp_path / "masks", truth)
    return read_photo(tmp_path / "photo.png"), alpha_files(tmp_path / "masks")


def test_the_trimap_reaches_twenty_pixels_both_ways() -> None:
    mask = np.zeros((200, 200), np.uint8)
    mask[60:140, 60:140] = 255
    trimap = rough_trimap(mask)
    assert (trimap[80:120, 80:120] == 1).all()
    assert (trimap == 1).sum() == 40 * 40
    assert (trimap != 0).sum() == 120 * 120


@pytest.mark.parametrize("name", ["mgm", "instmatt:none", "instmatt:parallel", "instmatt:cycle=2-1"])
def test_networks_make_an_alpha_for_each_mask(name: str, scene: tuple[Photo, list[Path]], tmp_path: Path) -> None:
    photo, masks = scene
    method = make_method(name, model(tmp_path, 1 if name == "mgm" else 3), 150, "cpu")
    alphas = method.run(photo, masks, silent)
    assert [alpha.shape for alpha in alphas] == [(90, 150)] * 2
    assert all(alpha.dtype == np.uint8 for alpha in alphas)
    assert not np.array_equal(*alphas)
    assert not set(method.key) & set(":/\\")


def test_native_detail_is_a_method_of_its_own(scene: tuple[Photo, list[Path]], tmp_path: Path) -> None:
    photo, masks = scene
    weights = model(tmp_path, 3)
    plain, native = (make_method(f"instmatt:none{how}", weights, 96, "cpu") for how in ("", "+native"))
    assert native.key == f"{plain.key}-native"
    assert not np.array_equal(plain.run(photo, masks, silent), native.run(photo, masks, silent))


def test_weights_of_the_other_network_are_turned_away(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="not those of Mask Guided Matting"):
        make_method("mgm", model(tmp_path, 3), 150)


def test_people_too_thin_for_a_trimap_keep_their_mask(tmp_path: Path) -> None:
    from PIL import Image

    mask = np.zeros((90, 150), np.uint8)
    mask[40:44] = 255
    Image.fromarray(mask).save(tmp_path / "00.png")
    photo = Photo(np.full((90, 150, 3), 128, np.uint8))
    (alpha,) = make_method("trimap-cf", None, 150).run(photo, [tmp_path / "00.png"], silent)
    assert np.array_equal(alpha, mask)


def test_methods_may_name_their_own_weights(scene: tuple[Photo, list[Path]], tmp_path: Path) -> None:
    photo, masks = scene
    own = model(tmp_path, 1)
    method = make_method(f"mgm@{own}", None, 150, "cpu")
    assert method.name == f"mgm@{own}"
    assert len(method.run(photo, masks, silent)) == len(masks)
    with pytest.raises(BenchmarkError, match="is not there"):
        make_method(f"mgm@{tmp_path / 'none.pth'}", own, 150, "cpu")


def test_cascade_psp_is_asked_for_each_mask(scene: tuple[Photo, list[Path]], monkeypatch: pytest.MonkeyPatch) -> None:
    photo, masks = scene
    with pytest.raises(BenchmarkError, match="pip install segmentation-refinement"):
        make_method("cascadepsp", None, 150)

    class Refiner:
        def __init__(self, device: str) -> None:
            assert device == "cpu"

        def refine(self, image: np.ndarray, mask: np.ndarray, fast: bool, L: int) -> np.ndarray:
            assert image.shape[:2] == mask.shape == (photo.height, photo.width)
            return 255 - mask

    package = types.ModuleType("segmentation_refinement")
    package.Refiner = Refiner  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "segmentation_refinement", package)
    made = make_method("cascadepsp", None, 150).run(photo, masks, silent)
    assert (made[0] == 255 - make_method("raw", None, 150).run(photo, masks, silent)[0]).all()
