"""Scenes for the recogniser: who is where, who is hidden, what is not known; whose places are whose."""

from pathlib import Path

import numpy as np
import pytest
from training.drawn_photos import DATA, a_pack

from instmatt_app.training.composition.archive import DataError
from instmatt_app.training.recogniser import open_scenes
from instmatt_app.training.recogniser_data import MASK_STEP, NOBODY, UNKNOWN, RecogniserData, asked, owners_of_places
from instmatt_app.training.recogniser_scenes import Figure, Scene, Scenes

SIDE = 128


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    return open_scenes(DATA, a_pack(tmp_path_factory.mktemp("pack")))


def a_scene(*figures: Figure) -> Scene:
    return Scene(np.full((SIDE, SIDE, 3), 50, np.uint8), np.zeros((SIDE, SIDE), np.uint8), list(figures))


def figure(left: int, top: int, right: int, bottom: int, masked: bool = True) -> Figure:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[top:bottom, left:right] = 255
    box = np.array([left, top, right, bottom], np.float32)
    return Figure(box, mask if masked else None, float((right - left) * (bottom - top)), 1.0 if masked else 0.0)


def test_chance_comes_from_the_generator_alone(scenes: Scenes) -> None:
    for number in range(10):
        one, other = (scenes.make(np.random.default_rng((3, number)), SIDE) for _ in range(2))
        assert (one.photo == other.photo).all()
        assert (one.ignore == other.ignore).all()
        assert len(one.figures) == len(other.figures)


def test_scenes_keep_their_promises(scenes: Scenes) -> None:
    counts = set()
    for number in range(60):
        scene = scenes.make(np.random.default_rng((4, number)), SIDE)
        counts.add(len(scene.figures))
        assert scene.photo.shape == (SIDE, SIDE, 3)
        masks = [one.mask for one in scene.figures if one.mask is not None]
        if masks:
            assert (np.stack(masks) > 0).sum(axis=0).max() == 1
        for one in scene.figures:
            left, top, right, bottom = one.box
            assert 0 <= left < right <= SIDE
            assert 0 <= top < bottom <= SIDE
            if one.mask is not None:
                # Boxes that came with the photo may be a pixel off after scaling.
                rows, columns = np.nonzero(one.mask)
                assert abs(rows.min() - top) <= 2
                assert abs(columns.max() + 1 - right) <= 2
    assert {0, 1, 2, 3} <= counts


def test_held_out_photos_have_all_masks_and_are_never_trained_on(scenes: Scenes) -> None:
    held = scenes.held_out()
    assert held
    assert all(photo.validation and photo.complete_masks for photo in held)
    trained = [*scenes._several, *scenes._single, *scenes._empty]
    assert trained
    assert not any(photo.validation for photo in trained)
    assert {entry["image_id"] for entry in scenes._cut_coco}.isdisjoint(photo.id for photo in held)


def test_a_photo_is_seen_whole_for_validation(scenes: Scenes) -> None:
    photo = next(photo for photo in scenes.held_out() if len(photo.annotations) == 2)
    scene = scenes.view(photo, 240)
    assert (scene.rows, scene.columns) == (180, 240)
    first, second = scene.figures
    assert first.box.tolist() == [20, 40, 80, 170]
    assert first.mask is not None
    assert (first.mask[42:168, 22:78] == 255).all()
    assert scene.photo[100, 170].tolist() != scene.photo[100, 50].tolist()
    assert second.mask is not None
    assert np.count_nonzero(second.mask) == pytest.approx(60 * 140, rel=0.02)


def test_who_is_pasted_hides_whom_they_cover() -> None:
    scene = a_scene(figure(20, 20, 60, 100), figure(90, 20, 110, 100, masked=False))
    scene.paste(np.full((80, 20, 3), 250, np.uint8), np.full((80, 20), 255, np.uint8), 50, 20, behind=False)
    scene.settle()
    assert scene.figures[0].box.tolist() == [20, 20, 50, 100]
    assert scene.figures[2].box.tolist() == [50, 20, 70, 100]
    assert scene.photo[50, 60].tolist() == [250] * 3
    assert not scene.ignore.any()


def test_who_is_pasted_behind_is_hidden() -> None:
    scene = a_scene(figure(20, 20, 60, 100))
    scene.paste(np.full((80, 20, 3), 250, np.uint8), np.full((80, 20), 255, np.uint8), 50, 20, behind=True)
    scene.settle()
    assert scene.figures[0].box.tolist() == [20, 20, 60, 100]
    assert scene.figures[1].box.tolist() == [60, 20, 70, 100]
    assert scene.photo[50, 57].tolist() == [50] * 3


def test_who_is_almost_hidden_is_not_asked_for() -> None:
    scene = a_scene(figure(20, 20, 40, 40), figure(90, 20, 110, 100, masked=False))
    scene.paste(np.zeros((40, 17, 3), np.uint8), np.full((40, 17), 255, np.uint8), 20, 10, behind=False)
    scene.paste(np.zeros((90, 20, 3), np.uint8), np.full((90, 20), 255, np.uint8), 92, 15, behind=False)
    scene.settle()
    assert [one.mask is not None for one in scene.figures] == [True, True]
    # What is left of the first is neither a person nor background; of the box, only what is not covered by now.
    assert (scene.ignore[20:40, 37:40] == 255).all()
    assert scene.ignore[50, 91] == 255
    assert scene.ignore[50, 100] == 0


def test_places_belong_to_people_around_their_middles() -> None:
    scene = a_scene(figure(0, 0, 128, 128), figure(64, 64, 96, 128))
    scene.ignore[:16, :16] = 255
    owners = owners_of_places(scene).reshape(8, 8)
    assert owners[0, 0] == UNKNOWN
    assert owners[0, 7] == NOBODY
    assert owners[3, 3] == 0
    # The smaller person is in front.
    assert owners[5, 4] == owners[6, 5] == 1


def test_everybody_has_a_place_on_themselves() -> None:
    ring = figure(16, 16, 112, 112)
    assert ring.mask is not None
    ring.mask[32:96, 32:96] = 0
    owners = owners_of_places(a_scene(ring)).reshape(8, 8)
    rows, columns = np.nonzero(owners == 0)
    assert len(rows)
    assert all(ring.mask[row * 16 + 8, column * 16 + 8] for row, column in zip(rows, columns, strict=True))
    tiny = owners_of_places(a_scene(figure(50, 50, 54, 60)))
    assert (tiny == 0).sum() == 1


def test_what_is_asked_of_a_scene() -> None:
    scene = a_scene(figure(20, 20, 60, 100), figure(90, 20, 110, 100, masked=False))
    sample = asked(scene, np.random.default_rng(0))
    assert sample["boxes"].tolist() == [[20, 20, 60, 100], [90, 20, 110, 100]]
    assert sample["masks"].shape == (1, SIDE // MASK_STEP, SIDE // MASK_STEP)
    assert np.abs(sample["drawn"][0] - sample["boxes"][0]).max() <= 0.15 * 80
    assert sample["owners"][sample["place"][0]] == 0
    assert sample["people"][5, 4] == 255
    assert sample["unknown"][5, 12]
    assert not sample["unknown"][5, 4]


def test_a_pack_without_people_of_their_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no photos without people"):
        open_scenes(DATA, a_pack(tmp_path, empty=False))


def test_a_batch_counts_people_through(scenes: Scenes) -> None:
    data = RecogniserData(scenes, (64, 128), seed=5)
    samples = [data.sample(0, position) for position in range(6)]
    batch = data.collate(samples)
    side = batch["pictures"].shape[-1]
    assert side in (64, 128)
    assert batch["pictures"].shape == (6, 3, side, side)
    assert batch["owners"].shape == (6, (side // 16) ** 2)
    assert batch["owners"].max() == len(batch["boxes"]) - 1
    assert len(batch["masks"]) == len(batch["drawn"]) == len(batch["place"]) == len(batch["picture"])
    for picture, place, drawn in zip(batch["picture"], batch["place"], batch["drawn"], strict=True):
        box = batch["boxes"][batch["owners"][picture, place]]
        assert (box - drawn).abs().max() <= 0.15 * side
    again = data.collate([data.sample(0, position) for position in range(6)])
    assert all((batch[key] == again[key]).all() for key in batch)
