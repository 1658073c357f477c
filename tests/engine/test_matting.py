"""The whole published inference, from files to files: the golden end-to-end vectors, through the command line."""

from pathlib import Path

import numpy as np
import pytest
import torch
from golden_rule import fill, golden
from photos import drawn_people, opened, save_masks
from PIL import Image

import instmatt_app as im
from instmatt_app.api import MatteOptions, make_engine
from instmatt_app.cli import main
from instmatt_app.core.interfaces import Cancelled, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import trimasks
from instmatt_app.engine.matting import InstMattEngine
from instmatt_app.engine.network.instmatt import InstMatt


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real network with rule-made weights, in the layout of the released checkpoint."""
    network = InstMatt()
    fill(network)
    path = tmp_path_factory.mktemp("weights") / "rule.pth"
    torch.save({"iter": 1, "state_dict": {f"module.{key}": value for key, value in network.state_dict().items()}}, path)
    return path


@pytest.mark.parametrize("case", ["odd", "resized", "single", "duplicate_mask", "overlap_soft"])
def test_published_files(case: str, checkpoint: Path, tmp_path: Path) -> None:
    vectors = golden("golden_e2e")
    Image.fromarray(vectors[f"{case}/image_bgr"][..., ::-1]).save(tmp_path / "photo.png")
    (tmp_path / "masks").mkdir()
    for number, mask in enumerate(vectors[f"{case}/masks"]):
        Image.fromarray(mask).save(tmp_path / "masks" / f"{number:02}.png")
    guidance = ["--masks", str(tmp_path / "masks"), "--working-size", str(vectors[f"{case}/max_side"])]
    how = ["--published", "--engine", "instmatt", "--model", str(checkpoint), "--device", "cpu"]
    assert main(["matte", str(tmp_path / "photo.png"), *guidance, *how, "--out", str(tmp_path / "out")]) == 0
    expected = vectors[f"{case}/result_u8"]
    files = sorted((tmp_path / "out" / "photo").iterdir())
    assert [path.name for path in files] == [f"{number:02}.png" for number in range(expected.shape[2])]
    written = np.stack([np.asarray(opened(path)) for path in files], axis=2)
    difference = np.abs(written.astype(int) - expected)
    assert (difference == 0).mean() >= 0.998
    assert (difference > 1).mean() <= 0.0005


def test_parallel_and_both_cycles_differ(checkpoint: Path, tmp_path: Path) -> None:
    picture, truth = drawn_people(2, 96, 110)
    Image.fromarray(picture).save(tmp_path / "two.png")
    save_masks(tmp_path / "masks", truth, grow=5)
    masks = sorted((tmp_path / "masks").iterdir())
    engine = make_engine(MatteOptions(model=str(checkpoint), device="cpu"))
    wishes = [("none", ()), ("parallel", ()), ("cycle", (1, 2)), ("cycle", (2, 1))]
    results = [
        im.matte(tmp_path / "two.png", masks=masks, engine=engine, refine=refine, order=order)
        for refine, order in wishes
    ]
    for first in range(len(results)):
        for second in range(first):
            assert np.abs(results[first].alphas - results[second].alphas).max() > 1 / 255, (first, second)
    for result in results:
        np.testing.assert_allclose(result.alphas.sum(axis=0), 1, atol=1e-5)
    held = im.matte(tmp_path / "two.png", masks=masks, engine=engine, refine="cycle", order=(2,), published=True)
    plain = im.matte(tmp_path / "two.png", masks=masks, engine=engine, refine="none", published=True)
    np.testing.assert_array_equal(held.alphas[0], plain.alphas[0])


def engine_and_guidance(checkpoint: Path) -> tuple[InstMattEngine, Photo, dict[int, np.ndarray]]:
    engine = make_engine(MatteOptions(model=str(checkpoint), device="cpu", working_size=64))
    assert isinstance(engine, InstMattEngine)
    picture, truth = drawn_people(2, 64, 64)
    return engine, Photo(picture), dict(enumerate(trimasks([(alpha > 0.5).astype(np.float32) for alpha in truth])))


def test_a_forward_pass_can_be_stopped_between_its_layers(checkpoint: Path) -> None:
    engine, photo, guidance = engine_and_guidance(checkpoint)
    calls = 0

    def step(done: int, total: int, what: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 40:
            raise Cancelled

    with pytest.raises(Cancelled):
        engine.matte(photo, guidance, step)
    assert calls == 40
    assert engine.matte(photo, guidance, silent)[1].shape == (3, 64, 64), "a stopped engine works on"


def test_only_the_newest_mattes_can_be_refined(checkpoint: Path) -> None:
    engine, photo, guidance = engine_and_guidance(checkpoint)
    first = engine.matte(photo, guidance, silent)
    again = engine.matte(photo, guidance, silent)
    with pytest.raises(ValueError, match="made last"):
        engine.refine(photo, first, Refinement(), silent)
    assert engine.refine(photo, again, Refinement("none"), silent).keys() == again.keys()
    for person, matte in engine.refine(photo, again, Refinement(), silent).items():
        assert matte.shape == again[person].shape


def test_weights_without_a_refiner_are_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = InstMatt(refiner=False)
    torch.save({"state_dict": network.state_dict()}, tmp_path / "stage1.pth")
    (tmp_path / "page.pth").write_text("<html>quota exceeded</html>")
    for name, sentence in (("stage1.pth", "refiner"), ("page.pth", "page.pth"), ("none.pth", "not there")):
        assert main(["matte", "photo.jpg", "--box", "0,0,9,9", "--out", "out", "--model", str(tmp_path / name)]) == 2
        assert sentence in capsys.readouterr().err
