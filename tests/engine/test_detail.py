"""Native detail: finer where it is unknown, the same where it is known, everybody together, no seams."""

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from golden_rule import fill
from photos import drawn_people, save_masks
from PIL import Image

import instmatt_app as im
from instmatt_app.api import add_detail, matte_project
from instmatt_app.core.edges import Edge, with_edges
from instmatt_app.core.hints import Hint, Pin
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Cancelled, Scores, Step, Turn
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import TriMatte, enlarged, resized
from instmatt_app.engine import matting
from instmatt_app.engine.detail import reach
from instmatt_app.engine.evidence import look
from instmatt_app.engine.kept_windows import KeptWindows
from instmatt_app.engine.matting import InstMattEngine
from instmatt_app.engine.network.instmatt import InstMatt


class Oracle:
    """Reads the alphas out of the photo: person 1's is the red channel, person 2's the green one.

    ``offsets`` are added to person 1's in turn, photo after photo. What it was asked is in ``asked``.
    """

    name, device, refines, most = "oracle", "cpu", True, 0
    notes: tuple[str, ...] = ()

    def __init__(self, size: int, offsets: tuple[float, ...] = (0.0,)) -> None:
        self.size, self.offsets = size, offsets
        self.asked: list[tuple[Photo, Mapping[int, TriMask], Refinement | None]] = []

    def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
        step(0, 1, "matting")
        offset = self.offsets[len(self.asked) % len(self.offsets)]
        self.asked.append((photo, trimasks, None))
        seen = photo.at(self.size).astype(np.float32) / 255
        seen[..., 0] += offset
        rest = 1 - seen[..., 0] - seen[..., 1]
        return {one: np.stack([seen[..., one - 1], 1 - rest - seen[..., one - 1], rest]) for one in trimasks}

    def refine(
        self, photo: Photo, trimasks: Mapping[int, TriMask], refinement: Refinement, step: Step,
        scores: Scores | None = None,
    ) -> dict[int, TriMatte]:  # fmt: skip
        self.asked[-1] = (photo, trimasks, refinement)
        return self.matte(photo, trimasks, step)

    def turns(
        self, photo: Photo, trimasks: Mapping[int, TriMask], refinement: Refinement, step: Step,
        scores: Scores | None = None, after: Turn | None = None,
    ) -> Iterator[Turn]:  # fmt: skip
        raise NotImplementedError


def striped(height: int, width: int) -> tuple[Project, np.ndarray]:
    """Two people side by side whose outlines are finer than the working size, and their exact alphas (2, H, W)."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    first = np.clip((width * 0.3 + 6 * np.sin(y * 0.9) - x) / 2 + 0.5, 0, 1)
    second = np.clip((x - width * 0.7 + 6 * np.sin(y * 0.9)) / 2 + 0.5, 0, 1)
    alphas = np.rint(np.stack([first, second]) * 255)
    photo = Photo(np.stack([*alphas, np.zeros_like(x)], axis=-1).astype(np.uint8))
    project = Project(photo, refinement=Refinement("none"))
    project.add(
        Instance(number, "", TilePlane.of((alpha > 127).astype(np.uint8) * 255), Rect(0, 0, width, height))
        for number, alpha in enumerate(alphas, 1)
    )
    return project, alphas.astype(np.float32) / 255


def test_outlines_are_found_at_the_photo_s_own_resolution() -> None:
    project, truth = striped(400, 600)
    engine = Oracle(128)
    plain = matte_project(project, engine, "test", 128)
    fine = matte_project(project, engine, "test", 128)
    add_detail(fine, project, engine, 128)
    assert fine.detail is not None
    for number in range(2):
        assert np.abs(plain.alpha(number) - truth[number]).max() > 0.3
        np.testing.assert_allclose(fine.alpha(number), truth[number], atol=1e-4)
    np.testing.assert_allclose(fine.alpha(0) + fine.alpha(1) + fine.background, 1, atol=1e-4)
    assert "detail" in fine.seconds
    # Windows lie where outlines are, and tiles know only of who is there.
    whole = engine.asked[0][0]
    for photo, guidance, _ in engine.asked[2:]:
        assert max(photo.width, photo.height) <= 128 < whole.width
        assert len(guidance) == 1
    assert 0 < fine.detail.nbytes < 400 * 600 * 2 * 3


def test_what_is_known_stays() -> None:
    project, _ = striped(400, 600)
    engine = Oracle(128, offsets=(0.0, 0.2))
    result = matte_project(project, engine, "test", 128)
    near = resized(reach(result.alphas), 400, 600)
    before = result.alpha(0)
    add_detail(result, project, engine, 128)
    after = result.alpha(0)
    # A tile keeps 16 bits; outside the reach it differs by no more than its rounding.
    assert np.abs(before - after)[near == 0].max() < 1e-5
    assert np.abs(before - after)[near > 0].max() > 0.1
    assert 0.05 < (near > 0).mean() < 0.5


def test_windows_that_disagree_leave_no_step() -> None:
    height, width = 1500, 2300
    photo = Photo(np.full((height, width, 3), (102, 0, 0), np.uint8))
    project = Project(photo, refinement=Refinement("none"))
    project.add([Instance(1, "", TilePlane.of(np.full((height, width), 255, np.uint8)), Rect(0, 0, width, height))])
    engine = Oracle(1280, offsets=(0.0, 0.45, -0.35, 0.4, -0.35))
    result = matte_project(project, engine, "test", 1280)
    add_detail(result, project, engine, 1280)
    alpha = result.alpha(0)
    assert np.ptp(alpha) > 0.5, "the windows do not disagree"
    for axis in (0, 1):
        assert np.abs(np.diff(alpha, axis=axis)).max() <= 2 / 255


def test_a_photo_of_the_working_size_has_no_detail() -> None:
    project, _ = striped(90, 128)
    engine = Oracle(128)
    result = matte_project(project, engine, "test", 128)
    add_detail(result, project, engine, 128)
    assert result.detail is None
    assert len(engine.asked) == 1


def test_hints_and_pins_reach_into_the_windows() -> None:
    project, truth = striped(400, 600)
    one = project.instances[0]
    plane = np.zeros((400, 600), np.uint8)
    plane[200:203, 184:187] = Hint.NOT_THIS_PERSON
    one.hints = TilePlane.of(plane)
    pins = np.zeros((400, 600), np.uint8)
    pins[300:304, 170:190] = Pin.ONE
    one.pins = TilePlane.of(pins)
    engine = Oracle(128)
    result = matte_project(project, engine, "test", 128)
    add_detail(result, project, engine, 128)
    hinted = [guidance[1] for photo, guidance, _ in engine.asked[1:] if 1 in guidance]
    assert any((tri[0] == 0).any() and (tri[2] == 1).any() for tri in hinted)
    strokes = sum(int(((tri[0, :, :-1] == 1) & (tri[0, :, 1:] == 0)).sum()) for tri in hinted)
    assert strokes > 0
    np.testing.assert_array_equal(result.alpha(0)[300:304, 170:190], 1)
    np.testing.assert_array_equal(result.background[300:304, 170:190], 0)
    np.testing.assert_allclose(result.alpha(0)[310:], truth[0][310:], atol=1e-4)


def test_everybody_keeps_their_refinement_and_only_who_is_there_takes_part() -> None:
    project, _ = striped(400, 600)
    project.refinement = Refinement("cycle", (2, 1))
    engine = Oracle(128)
    result = matte_project(project, engine, "test", 128)
    engine.asked.clear()
    add_detail(result, project, engine, 128)
    assert {(tuple(guidance), wish.order) for _, guidance, wish in engine.asked if wish} == {((1,), (1,)), ((2,), (2,))}
    wish = Refinement("cycle", (3, 1, 2), 2, begun=(((1, 2, 3), 5),))
    assert wish.among((1, 2, 3)) == wish
    # Turns 1 2 3 1 2 of three people are 1 3 1 without the second.
    assert wish.among((1, 3)) == Refinement("cycle", (3, 1), 2, begun=(((1, 3), 3),))
    assert Refinement("cycle", (2,)).among((1,)).strategy == "none"
    assert Refinement().among((1,)) == Refinement()


def test_edges_are_those_of_the_photo_s_own_resolution() -> None:
    project, exact = striped(400, 600)
    project.instances[0].edge = Edge(shift=-2, contrast=40)
    engine = Oracle(200)
    result = matte_project(project, engine, "fake", 200)
    add_detail(result, project, engine, 200)
    stack = np.concatenate([exact, np.maximum(1 - exact.sum(axis=0, keepdims=True), 0)])
    wanted = with_edges(stack, [one.edge for one in project.instances])
    assert np.abs(result.alpha(0) - wanted[0]).mean() < 0.002
    assert np.abs(result.alpha(0) - exact[0]).mean() > 0.004
    total = result.alpha(0) + result.alpha(1) + result.background
    np.testing.assert_allclose(total, 1, atol=1e-4)


def test_other_edges_need_no_other_detail() -> None:
    project, _ = striped(400, 600)
    engine = Oracle(200)
    plain = matte_project(project, engine, "fake", 200)
    known = add_detail(plain, project, engine, 200)
    assert known is plain.detail
    for edge in (Edge(feather=2), Edge(contrast=60)):
        project.instances[0].edge = edge
        anew, again = (matte_project(project, engine, "fake", 200) for _ in range(2))
        add_detail(anew, project, engine, 200)
        asked = len(engine.asked)
        assert add_detail(again, project, engine, 200, known=known) is known
        assert len(engine.asked) == asked
        assert again.alpha(0).tobytes() == anew.alpha(0).tobytes()
        assert again.alpha(1).tobytes() == plain.alpha(1).tobytes(), "who has no edges is not changed by a bit"


def test_without_memory_for_large_windows_smaller_ones_are_taken() -> None:
    project, truth = striped(1300, 1500)

    class Narrow(Oracle):
        def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
            if photo.width < 1500 and max(photo.width, photo.height) > self.most:
                raise MemoryError("too much")
            return super().matte(photo, trimasks, step)

    engine = Narrow(1200)
    result = matte_project(project, engine, "test", 1200)
    engine.asked.clear()
    engine.most = 300
    add_detail(result, project, engine, 1200)
    assert {max(photo.width, photo.height) for photo, _, _ in engine.asked} == {256}
    np.testing.assert_allclose(result.alpha(0), truth[0], atol=1e-4)
    engine.most = 200
    with pytest.raises(MemoryError):
        add_detail(result, project, engine, 1200)


def test_detail_can_be_stopped() -> None:
    project, _ = striped(400, 600)
    engine = Oracle(128)
    result = matte_project(project, engine, "test", 128)

    def step(done: int, total: int, what: str) -> None:
        assert what.startswith("detail, window")
        assert 0 <= done <= total
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        add_detail(result, project, engine, 128, step)
    assert result.detail is None


def test_windows_of_a_run_that_was_stopped_are_not_matted_again() -> None:
    project, _ = striped(400, 600)
    engine, kept = Oracle(128), KeptWindows()
    result = matte_project(project, engine, "test", 128)

    def step(done: int, total: int, what: str) -> None:
        if done == 3:
            raise Cancelled

    engine.asked.clear()
    with pytest.raises(Cancelled):
        add_detail(result, project, engine, 128, step, kept=kept)
    assert len(engine.asked) == 3
    add_detail(result, project, engine, 128, kept=kept)
    fresh = matte_project(project, Oracle(128), "test", 128)
    add_detail(fresh, project, Oracle(128), 128)
    assert fresh.detail is not None
    assert len(engine.asked) == fresh.detail.windows
    for number in range(-1, 2):
        assert result.alpha(number).tobytes() == fresh.alpha(number).tobytes()


def test_a_stroke_for_one_person_has_only_their_windows_matted_again() -> None:
    project, _ = striped(400, 600)
    engine, kept = Oracle(128), KeptWindows()
    result = matte_project(project, engine, "test", 128)
    add_detail(result, project, engine, 128, kept=kept)
    plane = np.zeros((400, 600), np.uint8)
    plane[200:203, 150:153] = Hint.NOT_THIS_PERSON
    project.instances[0].hints = TilePlane.of(plane)
    again = matte_project(project, engine, "test", 128)
    engine.asked.clear()
    add_detail(again, project, engine, 128, kept=kept)
    assert again.detail is not None
    assert 0 < len(engine.asked) < again.detail.windows / 2
    assert all(set(guidance) == {1} for _, guidance, _ in engine.asked)
    # Another refinement is another input.
    project.refinement = Refinement("cycle", (2, 1))
    engine.asked.clear()
    add_detail(matte_project(project, engine, "test", 128), project, engine, 128, kept=kept)
    assert len(engine.asked) > again.detail.windows


def test_kept_windows_stay_within_their_budget() -> None:
    kept = KeptWindows(3000)
    rng = np.random.default_rng(0)
    planes = [rng.integers(0, 2**16, (2, 10, 20), np.uint16) for _ in range(5)]
    for number, plane in enumerate(planes):
        kept.of(bytes([number]), lambda plane=plane: plane)  # type: ignore[misc]
        assert kept.nbytes <= 3000
    assert (kept.of(bytes([4]), lambda: planes[0]) == planes[4]).all()
    assert (kept.of(bytes([0]), lambda: planes[1]) == planes[1]).all(), "it was let go"


@pytest.mark.parametrize("shape", [((7, 9), (70, 95)), ((90, 128), (337, 479)), ((5, 1), (50, 10))])
def test_a_part_is_enlarged_as_the_whole(shape: tuple[tuple[int, int], tuple[int, int]]) -> None:
    small, (height, width) = shape
    alpha = np.random.default_rng(1).random(small, np.float32)
    whole = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_LINEAR)
    for area in (Rect(0, 0, width, height), Rect(width // 2, height // 3, width, height - 1)):
        np.testing.assert_allclose(enlarged(alpha, height, width, area), whole[area.slices], atol=2e-6)


def test_detail_is_made_unless_it_is_left_out(tmp_path: Path) -> None:
    network = InstMatt()
    fill(network)
    engine = InstMattEngine(network.eval(), "rule", 96)
    picture, truth = drawn_people(2, 60, 130)
    save_masks(tmp_path / "masks", truth, grow=5)
    masks = sorted((tmp_path / "masks").iterdir())
    asked = im.MatteOptions(model="rule.pth", masks=masks, working_size=96)
    by_default = im.matte(Photo(picture), asked, engine=engine)
    assert by_default.detail is not None
    plain = im.matte(Photo(picture), asked, engine=engine, detail="none")
    assert plain.detail is None
    assert (plain.alpha(0) != by_default.alpha(0)).any()


def test_what_was_seen_of_the_photo_outlasts_its_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    network = InstMatt()
    fill(network)
    engine = InstMattEngine(network.eval(), "rule", 64)
    picture, truth = drawn_people(2, 40, 80)
    project = Project(Photo(picture), refinement=Refinement("none"))
    project.add(
        Instance(number, "", TilePlane.of((alpha > 0.5).astype(np.uint8) * 255), Rect(0, 0, 80, 40))
        for number, alpha in enumerate(truth, 1)
    )
    looked: list[int] = []

    def counted(*given: object) -> object:
        looked.append(1)
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(matting, "look", counted)
    result = matte_project(project, engine, "test", 64)
    assert add_detail(result, project, engine, 64) is not None
    assert len(looked) > 4
    looked.clear()
    matte_project(project, engine, "test", 64)
    assert not looked


def test_parallel_and_both_cycles_differ_above_the_working_size(tmp_path: Path) -> None:
    network = InstMatt()
    fill(network)
    engine = InstMattEngine(network.eval(), "rule", 96)
    picture, truth = drawn_people(2, 100, 170)
    Image.fromarray(picture).save(tmp_path / "two.png")
    save_masks(tmp_path / "masks", truth, grow=5)
    masks = sorted((tmp_path / "masks").iterdir())
    files = []
    for refine, order in (("parallel", ()), ("cycle", (1, 2)), ("cycle", (2, 1))):
        result = im.matte(
            tmp_path / "two.png", masks=masks, engine=engine, refine=refine, order=order, working_size=96,
            detail="native",
        )  # fmt: skip
        assert result.detail is not None
        assert result.detail.windows > 2
        total = result.alpha(0) + result.alpha(1) + result.background
        np.testing.assert_allclose(total, 1, atol=1e-4)
        written = result.save(tmp_path / f"{refine}{order}", layers="alpha")
        files.append([path.read_bytes() for path in written])
        result.detail = None
        assert files[-1] != [
            path.read_bytes() for path in result.save(tmp_path / f"plain{refine}{order}", layers="alpha")
        ]
    for first, second in itertools.combinations(files, 2):
        assert first[0] != second[0]
        assert first[1] != second[1]
