"""The whole published inference, from files to files: the golden end-to-end vectors, through the command line."""

import copy
import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from golden_rule import fill, golden
from photos import drawn_people, opened, save_masks
from PIL import Image

import instmatt_app as im
from instmatt_app.api import MatteOptions, make_engine, matte_unrefined, refine_project, refine_turns
from instmatt_app.cli import main
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Cancelled, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import trimasks
from instmatt_app.engine.device import Station
from instmatt_app.engine.matting import NO_REFINER, InstMattEngine
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.engine.network.lite import InstMattLite


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


def test_what_was_seen_is_a_cache_and_not_a_state(checkpoint: Path) -> None:
    engine, photo, guidance = engine_and_guidance(checkpoint)
    fresh, _, _ = engine_and_guidance(checkpoint)
    before = engine.matte(photo, guidance, silent)
    with pytest.raises(ValueError, match="read-only"):
        before[1][...] = 0
    for refinement in (Refinement(), Refinement("cycle", (1, 0)), Refinement("none")):
        kept, anew = (one.refine(photo, guidance, refinement, silent) for one in (engine, fresh))
        for person in guidance:
            np.testing.assert_array_equal(kept[person], anew[person])
            assert (kept[person] is before[person]) == (refinement.strategy == "none")
        fresh.matte(Photo(photo.pixels[:, :-1]), {0: guidance[0][..., :-1]}, silent)  # another photo


def test_only_people_whose_guidance_changed_are_matted_again(checkpoint: Path) -> None:
    engine, photo, guidance = engine_and_guidance(checkpoint)
    before = engine.matte(photo, guidance, silent)
    changed = {**guidance, 1: guidance[1][:, ::-1]}
    said = set()
    after = engine.matte(photo, changed, lambda done, total, what: said.add((done, total, what)))
    assert said == {(1, 2, "matting person 2 of 2"), (2, 2, "mattes ready")}
    assert after[0] is before[0]
    assert not np.array_equal(after[1], before[1])


def test_turns_come_one_by_one_and_a_run_starts_again_from_any(checkpoint: Path) -> None:
    engine, photo, guidance = engine_and_guidance(checkpoint)
    cycle = Refinement("cycle", (1, 0))
    turns = []
    for turn in engine.turns(photo, guidance, cycle, silent):
        assert not torch.is_inference_mode_enabled()
        turns.append(turn)
    assert [(turn.number, turn.person) for turn in turns[:3]] == [(0, None), (1, 1), (2, 0)]
    assert len(turns) > 3, "nobody moved in the second pass: the test shows nothing"
    for earlier, later in itertools.pairwise(turns):
        for person in guidance:
            assert (later.mattes[person] is earlier.mattes[person]) == (person != later.person)
    final = engine.refine(photo, guidance, cycle, silent)
    other, _, _ = engine_and_guidance(checkpoint)
    for turn in turns:
        again = list(other.turns(photo, guidance, cycle, silent, after=turn))
        assert again[0] is turn
        assert [(one.number, one.person) for one in again] == [(one.number, one.person) for one in turns[-len(again) :]]
        for person in guidance:
            np.testing.assert_allclose(again[-1].mattes[person], final[person], atol=1e-5)
    # Another order for what is still to come.
    changed = list(engine.turns(photo, guidance, Refinement("cycle", (0, 1)), silent, after=turns[1]))
    assert [turn.person for turn in changed[:2]] == [1, 1]
    passes = list(engine.turns(photo, guidance, Refinement(), silent))
    assert [(turn.number, turn.person) for turn in passes[:2]] == [(0, None), (1, None)]


def test_a_run_begun_in_another_order_can_be_made_again(checkpoint: Path) -> None:
    engine, _, _ = engine_and_guidance(checkpoint)
    picture, truth = drawn_people(2, 64, 64)
    project = Project(Photo(picture))
    project.add(
        Instance(number, str(number), TilePlane.of((alpha > 0.5).astype(np.uint8) * 255), Rect(0, 0, 64, 64))
        for number, alpha in enumerate(truth, 1)
    )
    project.refinement = Refinement("cycle", (1, 2))
    unrefined = matte_unrefined(project, engine, 64)
    straight = list(refine_turns(project, unrefined, engine, "test"))
    project.refinement = project.refinement.again_from(1, (2, 1), [1, 2])
    assert project.refinement.begun == (((1, 2), 1),)
    turns = list(refine_turns(project, unrefined, engine, "test"))
    assert [turn.number for turn, _ in turns] == sorted({turn.number for turn, _ in turns})
    assert [turn.person for turn, _ in turns[:3]] == [None, 1, 1]
    np.testing.assert_array_equal(turns[1][1].alphas, straight[1][1].alphas)
    assert not np.array_equal(turns[-1][1].alphas, straight[-1][1].alphas)
    result = refine_project(project, unrefined, engine, "test")
    np.testing.assert_array_equal(result.alphas, turns[-1][1].alphas)
    same = project.refinement.again_from(1, (2, 1), [1, 2])
    assert same == project.refinement
    assert project.refinement.again_from(0, (), [1, 2]).begun == ()


def test_of_a_person_found_twice_the_better_score_is_refined(checkpoint: Path) -> None:
    engine, photo, guidance = engine_and_guidance(checkpoint)
    twice = {4: guidance[0], 7: guidance[0]}
    for scores, kept in (({4: 0.9, 7: 0.8}, 7), ({4: 0.8, 7: 0.9}, 4), ({4: 0.9, 7: None}, 4)):
        start, first, *_ = engine.turns(photo, twice, Refinement(), silent, scores)
        assert first.mattes[kept] is start.mattes[kept]
        assert first.mattes[11 - kept] is not start.mattes[11 - kept]
        project = Project(photo)
        mask = TilePlane.of((guidance[0][0] * 255).astype(np.uint8))
        project.add(Instance(person, "", mask, Rect(0, 0, 64, 64), score=scores[person]) for person in twice)
        unrefined = im.api.matte_unrefined(project, engine, 64)
        (_, before), (_, after), *_ = im.api.refine_turns(project, unrefined, engine, "test")
        np.testing.assert_array_equal(before.alphas.sum(axis=0) > 0.99, True)
        assert before.error["after refinement"] == before.error["before refinement"]
        assert after.error["after refinement"] != before.error["before refinement"]
        np.testing.assert_array_equal(after.conflicts, before.conflicts)


def test_a_model_without_refiner_mattes_and_says_that_nothing_was_refined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save({"state_dict": InstMattLite(refiner=False).state_dict()}, tmp_path / "stage1.pth")
    (tmp_path / "page.pth").write_text("<html>quota exceeded</html>")
    picture, truth = drawn_people(2, 64, 80)
    Image.fromarray(picture).save(tmp_path / "two.png")
    save_masks(tmp_path / "masks", truth)
    masks = sorted((tmp_path / "masks").iterdir())
    result = im.matte(tmp_path / "two.png", masks=masks, model=str(tmp_path / "stage1.pth"), device="cpu")
    assert not result.refines
    assert result.notes == [NO_REFINER]
    assert result.error["after refinement"] == result.error["before refinement"]
    given = ["matte", str(tmp_path / "two.png"), "--masks", str(tmp_path / "masks"), "--out", str(tmp_path / "out")]
    for name, sentence in (("stage1.pth", "no refiner"), ("page.pth", "page.pth"), ("none.pth", "not there")):
        assert main([*given, "--model", str(tmp_path / name), "--refine", "cycle"]) == 2
        assert sentence in capsys.readouterr().err


def test_mask_guided_matting_sees_targets_only(two: tuple[Photo, dict[int, np.ndarray]]) -> None:
    photo, guidance = two
    torch.manual_seed(0)
    network = InstMattLite(mask_channels=1, alpha_channels=1, refiner=False).eval()
    engine = InstMattEngine(network, "mgm", 64)
    mattes = engine.matte(photo, guidance, silent)
    assert {matte.shape for matte in mattes.values()} == {(3, 64, 64)}
    for person, other in ((0, 1), (1, 0)):
        np.testing.assert_allclose(mattes[person][1], mattes[other][0], atol=1e-6)
        np.testing.assert_allclose(mattes[person][2], np.clip(1 - mattes[0][0] - mattes[1][0], 0, 1), atol=1e-6)
    blind = {person: np.concatenate([tri[:1], 1 - tri[1:]]) for person, tri in guidance.items()}
    np.testing.assert_allclose(engine.matte(photo, blind, silent)[1], mattes[1], atol=1e-5)
    assert engine.refine(photo, guidance, Refinement(), silent).keys() == mattes.keys()


@pytest.fixture
def two() -> tuple[Photo, dict[int, np.ndarray]]:
    picture, truth = drawn_people(2, 64, 64)
    return Photo(picture), dict(enumerate(trimasks([(alpha > 0.5).astype(np.float32) for alpha in truth])))


@pytest.mark.parametrize("where", ["network", "refiner"])
def test_when_a_device_runs_out_of_memory_less_is_done_at_once_then_the_cpu_goes_on(
    two: tuple[Photo, dict[int, np.ndarray]], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, guidance = two
    torch.manual_seed(0)
    network = InstMattLite().eval()
    refiner = network.refiner
    assert refiner is not None
    torch.nn.init.normal_(refiner.head.weight, std=0.05)
    expected = InstMattEngine(copy.deepcopy(network), "lite", 64).refine(photo, guidance, Refinement(), silent)
    engine = InstMattEngine(network, "lite", 64)
    # As if it were a device of its own, which has room for nothing; tensors stay where they are.
    station = Small(torch.device("cpu"), 2)
    engine._station = station
    monkeypatch.setattr("instmatt_app.engine.device.release", lambda device: None)

    def full(*_: object) -> None:
        if station.small:
            raise torch.OutOfMemoryError("CUDA out of memory")

    (network.trunk if where == "network" else refiner.split).register_forward_pre_hook(full)
    said: list[str] = []
    mattes = engine.refine(photo, guidance, Refinement(), lambda done, total, what: said.append(what))
    assert [what for what in said if "ran out" in what] == list(engine.notes)
    assert engine.notes[-1].endswith("going on on the CPU.")
    assert len(engine.notes) == 2
    for person, matte in expected.items():
        np.testing.assert_allclose(mattes[person], matte, atol=1e-5)


class Small(Station):
    """A station that says it is an accelerator until it has stepped down from there."""

    small = True

    def step_down(self, used: int, error: BaseException) -> str:
        if used > 1:
            self.together = used // 2
            self.notes.append("The memory of fake ran out; going on with 1 at once.")
        else:
            self.small = False
            self.notes.append("The memory of fake ran out; going on on the CPU.")
        return self.notes[-1]


@pytest.mark.parametrize("strategy", ["parallel", "cycle"])
def test_nothing_is_refined_outside_the_window(checkpoint: Path, strategy: str) -> None:
    engine = make_engine(MatteOptions(model=str(checkpoint), device="cpu", working_size=64))
    picture, truth = drawn_people(2, 128, 128)
    photo = Photo(picture)
    small = [(alpha[::2, ::2] > 0.5).astype(np.float32) for alpha in truth]
    guidance = dict(enumerate(trimasks(small)))
    before = engine.matte(photo, guidance, silent)
    whole = engine.refine(photo, guidance, Refinement(strategy), silent)
    window = Rect(30, 41, 91, 90)
    inside = engine.refine(photo, guidance, Refinement(strategy, window=window), silent)
    free = np.zeros((64, 64), bool)
    free[20:45, 15:46] = True
    for person in guidance:
        assert (inside[person][:, ~free] == before[person][:, ~free]).all()
        assert (whole[person][:, ~free] != before[person][:, ~free]).any(), "the test shows nothing"
    assert any((inside[person][:, free] != before[person][:, free]).any() for person in guidance)
    nowhere = engine.refine(photo, guidance, Refinement(strategy, window=Rect(0, 0, 3, 3)), silent)
    assert all((nowhere[person] == before[person]).all() for person in guidance)


def test_a_small_photo_is_enlarged_for_the_network(two: tuple[Photo, dict[int, np.ndarray]]) -> None:
    """Up to the working size, by half at most; what comes back has the photo's size."""
    photo, guidance = two
    torch.manual_seed(0)
    network = InstMattLite().eval()

    def matted(photo: Photo, guidance: dict[int, np.ndarray], size: int, published: bool = False) -> np.ndarray:
        engine = InstMattEngine(copy.deepcopy(network), "lite", size, published=published)
        return np.stack(list(engine.refine(photo, guidance, Refinement(), silent).values()))

    large = Photo(cv2.resize(photo.pixels, (96, 96), interpolation=cv2.INTER_CUBIC))
    wide = {who: cv2.resize(one.transpose(1, 2, 0), (96, 96), interpolation=cv2.INTER_NEAREST).transpose(2, 0, 1)
            for who, one in guidance.items()}  # fmt: skip
    by_hand = [[cv2.resize(plane, (64, 64), interpolation=cv2.INTER_AREA) for plane in one]
               for one in matted(large, wide, 96)]  # fmt: skip
    enlarged = matted(photo, guidance, 96)
    assert enlarged.shape == (2, 3, 64, 64)
    np.testing.assert_allclose(enlarged, by_hand, atol=1e-6)
    np.testing.assert_array_equal(matted(photo, guidance, 1000), enlarged)

    plain = matted(photo, guidance, 64)
    assert np.abs(plain - enlarged).max() > 0.01
    part = Photo(photo.pixels.copy(), part_of=96)
    np.testing.assert_array_equal(matted(part, guidance, 96), plain)
    published = (matted(photo, guidance, size, published=True) for size in (64, 96))
    np.testing.assert_array_equal(*published)
