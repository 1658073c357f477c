from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from photos import GroupPhoto, drawn_people, opened, save_masks
from PIL import Image

import instmatt_app as im
from instmatt_app.api import MaskError, MatteOptions, NotReady, make_engine, matte_project, preview_project
from instmatt_app.core.edges import Edge, with_edges
from instmatt_app.core.hints import Hint, Pin
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Cancelled, Scores, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import OrderError, Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import TriMatte
from instmatt_app.files.formats.document import LayeredPicture


@pytest.fixture
def drawn(tmp_path: Path) -> tuple[Path, list[Path], list[np.ndarray]]:
    picture, truth = drawn_people(2)
    Image.fromarray(picture).save(tmp_path / "drawn.png")
    save_masks(tmp_path / "masks", truth, grow=2)
    return tmp_path / "drawn.png", sorted((tmp_path / "masks").iterdir()), truth


def test_a_real_photo_becomes_people_that_add_up(group: GroupPhoto, group_file: Path) -> None:
    said: list[str] = []
    result = im.matte(group_file, boxes=group.boxes, step=lambda done, total, what: said.append(what))
    assert [person.name for person in result.people] == ["Person 1", "Person 2"]
    assert result.error["before refinement"] > result.error["after projection"]
    assert result.error["after projection"] < 1e-6
    total = result.alpha(0) + result.alpha(1) + result.background
    np.testing.assert_allclose(total, 1, atol=1e-5)
    for number, (x, y) in enumerate(group.faces):
        alpha = result.alpha(number)
        assert alpha.shape == group.pixels.shape[:2]
        assert alpha[y - 15 : y + 15, x - 15 : x + 15].min() > 0.98
        assert 0.005 < ((alpha > 0.05) & (alpha < 0.95)).mean() < 0.3, "hair and edges are soft"
    assert result.alpha(0)[:, -60:].max() < 1e-4
    assert any("person 2" in what for what in said)
    assert set(result.seconds) == {"read", "recognise", "matte", "refine", "project"}


def test_masks_take_the_place_of_a_recogniser(drawn: tuple[Path, list[Path], list[np.ndarray]]) -> None:
    photo, masks, truth = drawn
    result = im.matte(photo, masks=masks)
    assert [person.name for person in result.people] == ["00", "01"]
    for number, alpha in enumerate(truth):
        assert np.abs(result.alpha(number) - alpha).mean() < 0.01


def test_matting_small_gives_layers_of_photo_size(drawn: tuple[Path, list[Path], list[np.ndarray]]) -> None:
    photo, masks, truth = drawn
    result = im.matte(photo, masks=masks, working_size=80)
    assert result.alphas.shape == (3, 48, 80)
    assert result.alpha(1).shape == truth[1].shape
    assert np.abs(result.alpha(1) - truth[1]).mean() < 0.02


def test_pins_are_exact_at_photo_size_whatever_the_working_size(
    drawn: tuple[Path, list[Path], list[np.ndarray]], tmp_path: Path
) -> None:
    photo, masks, _ = drawn
    kinds = np.zeros((2, 96, 160), np.uint8)
    # A line of one pixel, which no smaller size can hold; and a place that nobody may have.
    kinds[0, 50, 20:120] = Pin.ONE
    kinds[:, 40:44, 40:44] = Pin.ZERO
    paths = []
    for number, kind in enumerate(kinds):
        paths.append(tmp_path / f"pins{number}.png")
        Image.fromarray(kind).save(paths[-1])
    plain = im.matte(photo, masks=masks, working_size=80)
    result = im.matte(photo, masks=masks, working_size=80, pins=paths)
    alphas = np.stack([result.alpha(0), result.alpha(1), result.background])
    assert (alphas[0, 50, 20:120] == 1).all()
    assert (alphas[1:, 50, 20:120] == 0).all()
    assert (alphas[:2, 40:44, 40:44] == 0).all()
    np.testing.assert_allclose(alphas.sum(axis=0), 1, atol=1e-5)
    far = np.s_[60:]
    np.testing.assert_array_equal(result.alpha(0)[far], plain.alpha(0)[far])
    _, alpha = result.cutout(0)
    assert np.array_equal(alpha, alphas[0])
    with pytest.raises(MaskError, match="one for each"):
        im.matte(photo, masks=masks[:1], pins=paths)


def test_a_preview_renews_whom_a_stroke_touched_and_nothing_else(
    drawn: tuple[Path, list[Path], list[np.ndarray]],
) -> None:
    photo, masks, _ = drawn
    shown = im.matte(photo, masks=masks)
    engine = make_engine(MatteOptions())
    project = Project(shown.photo, list(shown.people))
    assert preview_project(project, shown, engine) is None
    hints = np.zeros((96, 160), np.uint8)
    hints[70:90, 60:80] = Hint.THIS_PERSON
    project.instances[0] = replace(shown.people[0], hints=TilePlane.of(hints), revision=99)
    project.instances.reverse()
    quick = preview_project(project, shown, engine)
    assert quick is not None
    assert [one.id for one in quick.people] == [2, 1]
    assert quick.alphas[1, 72:88, 62:78].mean() > 0.6
    assert shown.alphas[0, 72:88, 62:78].max() < 0.1
    np.testing.assert_allclose(quick.alphas.sum(axis=0), 1, atol=1e-5)
    np.testing.assert_allclose(quick.alphas[0, :60, 90:], shown.alphas[1, :60, 90:], atol=1e-5)


def test_edges_are_applied_after_the_projection_and_before_the_pins(
    drawn: tuple[Path, list[Path], list[np.ndarray]],
) -> None:
    photo, masks, _ = drawn
    plain = im.matte(photo, masks=masks)
    engine = make_engine(MatteOptions())
    project = Project(plain.photo, [replace(one) for one in plain.people])
    project.instances[0].edge = Edge(shift=6)
    pins = np.zeros((96, 160), np.uint8)
    pins[40:50, 60:80] = Pin.ZERO
    project.instances[0].pins, project.instances[0].pin_revision = TilePlane.of(pins), 5
    result = matte_project(project, engine, "masks")
    grown = with_edges(plain.alphas, [Edge(shift=6), Edge()])
    free = pins == 0
    assert (result.alphas[:, free] == grown[:, free]).all()
    assert (grown[0][40:50, 60:72] > 0.9).any()
    assert (result.alphas[0][~free] == 0).all()
    assert (result.alphas[1] == plain.alphas[1])[free].all()
    assert result.error["after projection"] < 1e-6
    assert result.unshaped is not None
    assert (result.unshaped == plain.alphas).all()
    small = matte_project(project, make_engine(MatteOptions(working_size=80)), "masks", 80)
    assert np.abs(small.alpha(0) - result.alpha(0)).mean() < 0.03


def test_a_preview_shapes_the_edges_of_what_it_shows(drawn: tuple[Path, list[Path], list[np.ndarray]]) -> None:
    photo, masks, _ = drawn
    engine = make_engine(MatteOptions())
    shown = im.matte(photo, masks=masks, edge=Edge(contrast=100))
    assert set(np.unique(shown.alphas[:2])) == {0, 1}
    hints = np.zeros((96, 160), np.uint8)
    hints[70:90, 60:80] = Hint.THIS_PERSON
    project = Project(shown.photo, [replace(shown.people[0], hints=TilePlane.of(hints), revision=99), shown.people[1]])
    quick = preview_project(project, shown, engine)
    assert quick is not None
    assert quick.alphas[0, 74:86, 64:76].min() == 1
    assert set(np.unique(quick.alphas[:2])) == {0, 1}
    assert preview_project(project, replace(shown, unshaped=None), engine) is None


def test_people_may_keep_a_refinement_of_their_own(group: GroupPhoto) -> None:
    height, width = group.pixels.shape[:2]
    project = Project(Photo(group.pixels))
    project.add(
        Instance(number, str(number), TilePlane(height, width), Rect.of_size(*box))
        for number, box in enumerate(group.boxes, 1)
    )
    engine = Claims()
    project.instances[0].refinement = Refinement("none")
    project.instances[1].refinement = Refinement("cycle", (2, 1))
    result = matte_project(project, engine, "test", 64)
    assert engine.asked == [Refinement("cycle", (2, 1))]
    # As it was, and as the cycle has it: 0.2 and 0.5.
    np.testing.assert_allclose(result.alphas[:, 0, 0], [0.2, 0.5, 0.3], atol=1e-6)
    project.instances[0].refinement = project.instances[1].refinement = None
    project.instances.reverse()
    project.refinement = Refinement("none")
    result = matte_project(project, engine, "test", 64)
    assert [one.id for one in result.people] == [2, 1]


class Claims:
    """An engine whose people claim 0.2 each before refinement and 0.5 after it."""

    name, device, precision, notes, refines = "claims", "cpu", "", (), True

    def __init__(self) -> None:
        self.asked: list[Refinement] = []

    def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
        return {number: self._claim(0.2, tri) for number, tri in trimasks.items()}

    def refine(
        self,
        photo: Photo,
        trimasks: Mapping[int, TriMask],
        refinement: Refinement,
        step: Step,
        scores: Scores | None = None,
    ) -> dict[int, TriMatte]:
        self.asked.append(refinement)
        return {number: self._claim(0.5, tri) for number, tri in trimasks.items()}

    @staticmethod
    def _claim(share: float, like: np.ndarray) -> TriMatte:
        claim = np.zeros_like(like)
        claim[0], claim[2] = share, 0.3
        return claim


class Marks(Claims):
    """An engine that shows people where their tri-mask does, and half of them in a corner, too."""

    refines = False

    @staticmethod
    def _claim(share: float, like: np.ndarray) -> TriMatte:
        claim = like.copy()
        claim[:, -6:, -6:] = np.array((0.5, 0, 0.5)).reshape(3, 1, 1)
        return claim


def test_a_preview_has_no_traces_either(drawn: tuple[Path, list[Path], list[np.ndarray]]) -> None:
    photo, masks, _ = drawn
    people = im.matte(photo, masks=masks).people
    project = Project(im.read_photo(photo), [replace(one) for one in people])
    shown = matte_project(project, Marks(), "masks")
    assert shown.alphas[:2, -6:, -6:].max() == 0
    hints = np.zeros((96, 160), np.uint8)
    hints[70:90, 60:80] = Hint.THIS_PERSON
    project.instances[0] = replace(people[0], hints=TilePlane.of(hints), revision=99)
    quick = preview_project(project, shown, Marks())
    assert quick is not None
    assert quick.alphas[0, 70:90, 60:80].min() == 1
    assert quick.alphas[:2, -6:, -6:].max() == 0, "they would show until the full result takes them out"
    assert quick.alphas[2, -6:, -6:].min() == 1


def test_published_sums_are_not_projected(drawn: tuple[Path, list[Path], list[np.ndarray]], tmp_path: Path) -> None:
    photo, masks, _ = drawn
    plain = im.matte(photo, masks=masks, published=True)
    assert plain.error["after projection"] == pytest.approx(plain.error["after refinement"], abs=1e-6)


def test_a_photo_already_in_memory(group: GroupPhoto) -> None:
    colours, alpha = im.matte(Photo(group.pixels), boxes=group.boxes[:1], working_size=200).cutout(0)
    assert colours.shape == group.pixels.shape
    assert (colours[alpha == 1] == group.pixels[alpha == 1]).all()


def test_it_can_be_cancelled(group: GroupPhoto, group_file: Path) -> None:
    def step(done: int, total: int, what: str) -> None:
        if what.startswith("matting"):
            raise Cancelled

    with pytest.raises(Cancelled):
        im.matte(group_file, boxes=group.boxes, step=step)


@pytest.mark.usefixtures("no_weights")
def test_what_is_not_there_is_said(drawn: tuple[Path, list[Path], list[np.ndarray]], tmp_path: Path) -> None:
    photo, masks, _ = drawn
    with pytest.raises(NotReady, match="box"):
        im.matte(photo)
    with pytest.raises(NotReady, match="detectron2"):
        im.matte(photo, recogniser="detectron2")
    with pytest.raises(OrderError, match="person 7"):
        im.matte(photo, masks=masks, order=(1, 7))
    Image.new("L", (160, 96)).save(tmp_path / "empty.png")
    with pytest.raises(MaskError, match=r"empty\.png is empty"):
        im.matte(photo, masks=[tmp_path / "empty.png"])
    with pytest.raises(TypeError):
        im.matte(photo, colour="red")


def test_saved_layers_are_the_results_alphas(drawn: tuple[Path, list[Path], list[np.ndarray]], tmp_path: Path) -> None:
    photo, masks, _ = drawn
    result = im.matte(photo, masks=masks)
    written = result.save(tmp_path / "out", layers="both")
    assert [path.name for path in written] == ["00.png", "00-cutout.png", "01.png", "01-cutout.png"]
    alpha = np.asarray(opened(written[2]))
    np.testing.assert_array_equal(alpha, np.rint(result.alpha(1) * 255).astype(np.uint8))
    cutout = np.asarray(opened(written[3]))
    np.testing.assert_array_equal(cutout[..., 3], alpha)
    assert result.seconds["write"] >= 0


def test_documents_of_a_result_show_the_photo_again(tmp_path: Path) -> None:
    picture, alphas = drawn_people(2)
    Image.fromarray(picture).save(tmp_path / "two.png")
    save_masks(tmp_path / "masks", alphas)
    masks = sorted((tmp_path / "masks").iterdir())
    result = im.matte(tmp_path / "two.png", masks=masks)

    def composed(document: LayeredPicture) -> np.ndarray:
        canvas = np.zeros(document.merged.shape)
        for layer in document.layers:
            height, width = layer.alpha.shape
            area = np.s_[layer.top : layer.top + height, layer.left : layer.left + width]
            opacity = layer.alpha[..., None] / 255
            canvas[area] = layer.colours * opacity + canvas[area] * (1 - opacity)
        return canvas

    recomposable = result.document(np.uint8, recomposable=True)
    assert [layer.name for layer in recomposable.layers] == ["Background", "01", "00"]
    assert np.abs(composed(recomposable) - picture).max() <= 1
    # The plain layers lie over the photo itself and hold what the partition gives each person.
    plain = result.document(np.uint8)
    assert np.array_equal(plain.layers[0].colours, picture)
    first = plain.layers[-1]
    height, width = first.alpha.shape
    area = np.s_[first.top : first.top + height, first.left : first.left + width]
    assert np.array_equal(first.alpha, np.rint(result.alpha(0)[area] * 255))
    assert [layer.name for layer in result.document(np.uint16, background="none").layers] == ["01", "00"]
    with pytest.raises(ValueError, match="background"):
        result.document(np.uint8, background="none", recomposable=True)
    path = result.save_document(tmp_path / "out", format="ora", recomposable=True)
    assert path == tmp_path / "out" / "two.ora"
