"""Projects: everything comes back, saving is whole or nothing and incremental, and generations are kept."""

import errno
import json
import os
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from files.projects import full_project, mattes_of, photo_file, seen

from instmatt_app.core.edges import Edge
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project, key_name
from instmatt_app.files import project_making, project_parts, project_record
from instmatt_app.files.atomic import WriteError
from instmatt_app.files.project_file import Stamp, open_project, read_thumbnail, save_project
from instmatt_app.files.project_parts import PartStore, ProjectError
from instmatt_app.files.project_restoring import PhotoMissing, thumbnail_pixels


def test_everything_comes_back(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    mattes = mattes_of(project)
    stamp = save_project(
        tmp_path / "a.instmatt", project, mattes=[mattes], settings={"view": "alpha", "list": [1, None]}
    )
    assert stamp == Stamp.of(tmp_path / "a.instmatt")
    opened = open_project(tmp_path / "a.instmatt")
    assert seen(opened.project) == seen(project)
    assert opened.lost == ()
    assert opened.settings == {"view": "alpha", "list": [1, None]}
    (kept,) = opened.mattes
    assert (kept.key, kept.people, kept.facts) == (mattes.key, mattes.people, mattes.facts)
    assert kept.alphas.tobytes() == mattes.alphas.tobytes()
    assert kept.conflicts is not None
    assert kept.conflicts.tobytes() == mattes.conflicts.tobytes()
    assert kept.detail is not None
    assert kept.detail.windows == 3
    assert set(kept.detail.tiles[0, 1]) == {1, None}
    assert all((kept.detail.tiles[0, 1][whose] == mattes.detail.tiles[0, 1][whose]).all() for whose in (1, None))
    assert opened.project.photo.path == photo_file(tmp_path)


def test_a_revision_is_never_given_twice(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    project.revision = 1000  # of strokes that were undone
    save_project(tmp_path / "a.instmatt", project)
    assert open_project(tmp_path / "a.instmatt").project.next_revision() == 1001


def test_the_photo_is_embedded_as_it_came(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    path = photo_file(tmp_path)
    content = path.read_bytes()
    save_project(tmp_path / "a.instmatt", project)
    with zipfile.ZipFile(tmp_path / "a.instmatt") as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == ["mimetype", "project.json"]
        (name,) = [name for name in archive.namelist() if name.endswith(".photo")]
        assert archive.read(name) == content
    path.unlink()
    opened = open_project(tmp_path / "a.instmatt")
    assert seen(opened.project) == seen(project)
    assert opened.project.photo.stem == path.stem


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_photo_without_a_file_is_embedded_without_loss(tmp_path: Path, dtype: type) -> None:
    pixels = np.random.default_rng(1).integers(0, np.iinfo(dtype).max, (40, 60, 3), dtype=dtype)
    save_project(tmp_path / "a.instmatt", Project(Photo(pixels)))
    assert np.array_equal(open_project(tmp_path / "a.instmatt").project.photo.pixels, pixels)


def test_a_file_that_is_another_photo_by_now_is_not_embedded(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    photo_file(tmp_path).write_bytes(b"something else")
    save_project(tmp_path / "a.instmatt", project)
    assert seen(open_project(tmp_path / "a.instmatt").project) == seen(project)


def test_a_linked_photo_is_found_beside_the_project_and_known_by_its_sum(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    save_project(tmp_path / "a.instmatt", project, link_photo=True)
    with zipfile.ZipFile(tmp_path / "a.instmatt") as archive:
        assert not [name for name in archive.namelist() if name.endswith(".photo")]
    assert seen(open_project(tmp_path / "a.instmatt").project) == seen(project)
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "a.instmatt").rename(moved / "a.instmatt")
    photo = photo_file(tmp_path).rename(moved / photo_file(tmp_path).name)
    photo_file(moved)
    assert seen(open_project(moved / "a.instmatt").project) == seen(project)
    content = photo.read_bytes()
    photo.write_bytes(content[:-2] + b"\0" + content[-2:])
    with pytest.raises(PhotoMissing, match="choose the original"):
        open_project(moved / "a.instmatt")
    photo.unlink()
    with pytest.raises(PhotoMissing, match="choose the photo"):
        open_project(moved / "a.instmatt")
    assert seen(open_project(moved / "a.instmatt", photo=project.photo).project) == seen(project)
    with pytest.raises(ProjectError, match="belongs to it"):
        open_project(moved / "a.instmatt", photo=Photo(np.zeros((5, 5, 3), np.uint8)))


def test_three_generations_are_kept(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    path = tmp_path / "a.instmatt"
    for number in range(5):
        project.instances[0].name = f"name {number}"
        save_project(path, project, overwrite=True)
    names = {
        place.name: open_project(place).project.instances[0].name
        for place in tmp_path.iterdir()
        if "inst" in place.name
    }
    assert names == {"a.instmatt": "name 4", "a.instmatt1": "name 3", "a.instmatt2": "name 2"}


def test_a_save_that_fails_moves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = full_project(tmp_path)
    path = tmp_path / "a.instmatt"
    save_project(path, project)
    before = {place.name: place.read_bytes() for place in tmp_path.iterdir()}
    real = os.fsync

    def full(descriptor: int) -> None:
        if os.fstat(descriptor).st_size > 10_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="disk is full"):
        save_project(path, project, overwrite=True)
    assert {place.name: place.read_bytes() for place in tmp_path.iterdir()} == before


def test_a_file_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.instmatt").write_text("mine")
    with pytest.raises(FileExistsError, match="exists already"):
        save_project(tmp_path / "a.instmatt", full_project(tmp_path))
    assert (tmp_path / "a.instmatt").read_text() == "mine"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    save_project(tmp_path / "a.instmatt", project)
    (tmp_path / "link.instmatt").symlink_to("a.instmatt")
    save_project(tmp_path / "link.instmatt", project, overwrite=True)
    assert (tmp_path / "link.instmatt").is_symlink()


@pytest.mark.parametrize("size", [(1, 1), (700, 300), (256, 513)])
def test_masks_and_strokes_come_back_from_strips_and_tiles(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    for most in (1, 4, 255):
        # Noise, whose packed bytes come in several handfuls.
        array = rng.integers(0, most, size, np.uint8, endpoint=True)
        plane = TilePlane.of(array)
        png = project_parts.encode_mask(plane)
        assert np.array_equal(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED), array)
        assert np.array_equal(project_parts.decode_mask(png, *size).full(), array)
        packed = project_parts.encode_tiles(plane)
        assert np.array_equal(project_parts.decode_tiles(packed, *size, most).full(), array)
        for wrong in (packed[:-1], packed[: len(packed) // 2]):
            with pytest.raises(project_parts.PartLost):
                project_parts.decode_tiles(wrong, *size, most)


def test_what_did_not_change_is_encoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = []

    def counting(mask: TilePlane) -> bytes:
        encoded.append(mask)
        return project_parts.encode_mask(mask)

    monkeypatch.setattr(project_making, "encode_mask", counting)
    project = full_project(tmp_path)
    store = PartStore(tmp_path / "store")
    save_project(tmp_path / "a.instmatt", project, store=store)
    assert len(encoded) == 2
    project.instances[0].mask = TilePlane.of(project.instances[0].mask.full() // 2)
    save_project(tmp_path / "a.instmatt", project, store=store, overwrite=True)
    assert len(encoded) == 3
    opened = open_project(tmp_path / "a.instmatt", store=store)
    save_project(tmp_path / "b.instmatt", opened.project, store=store)
    assert len(encoded) == 3
    assert seen(open_project(tmp_path / "b.instmatt").project) == seen(opened.project)


def test_the_thumbnail_is_read_alone(tmp_path: Path) -> None:
    save_project(tmp_path / "a.instmatt", full_project(tmp_path))
    data = read_thumbnail(tmp_path / "a.instmatt")
    assert data is not None
    pixels = thumbnail_pixels(data)
    assert pixels is not None
    assert pixels.shape == (192, 256, 3)
    assert read_thumbnail(tmp_path / "missing.instmatt") is None


def test_a_newer_version_is_a_sentence_and_an_older_one_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = full_project(tmp_path)
    save_project(tmp_path / "old.instmatt", project)

    def renamed(content: dict) -> dict:
        for one in content["people"]:
            one["name"] = one["name"].upper()
        return content

    monkeypatch.setattr(project_record, "VERSION", project_record.VERSION + 1)
    monkeypatch.setitem(project_record.MIGRATIONS, project_record.VERSION - 1, renamed)
    assert open_project(tmp_path / "old.instmatt").project.instances[0].name == "PERSON 1"
    save_project(tmp_path / "new.instmatt", project)
    monkeypatch.undo()
    with pytest.raises(ProjectError, match="newer InstMatt Studio"):
        open_project(tmp_path / "new.instmatt")


def test_a_project_of_format_1_opens_without_edges(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    save_project(tmp_path / "new.instmatt", project)
    with zipfile.ZipFile(tmp_path / "new.instmatt") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in ("project.json", "project-again.json"):
        record = json.loads(parts[name])
        record["version"] = 1
        for person in record["people"]:
            del person["edge"]
        parts[name] = json.dumps(record).encode()
    with zipfile.ZipFile(tmp_path / "old.instmatt", "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    opened = open_project(tmp_path / "old.instmatt").project
    for one in project.instances:
        one.edge = Edge()
    assert seen(opened) == seen(project)


def test_names_that_are_no_text_survive(tmp_path: Path) -> None:
    photo = photo_file(tmp_path)
    odd = tmp_path / os.fsdecode(b"caf\xe9: one.jpg")
    photo.rename(odd)
    from instmatt_app.files.photo_reader import read_photo

    save_project(tmp_path / "a.instmatt", Project(read_photo(odd)))
    opened = open_project(tmp_path / "a.instmatt").project
    assert opened.photo.path is not None
    assert opened.photo.path.name == os.fsdecode(b"caf\xe9_ one.jpg") or opened.photo.path == odd


def test_a_key_has_one_name_in_every_run(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    key = project.key("engine", 0)
    assert key_name(key) == key_name(full_project(tmp_path).key("engine", 0))
    project.instances[0].pin_revision += 1
    assert key_name(project.key("engine", 0)) != key_name(key)


def test_the_record_says_what_the_documentation_says(tmp_path: Path) -> None:
    """Every field of the record stands in docs/project-format.md."""
    project = full_project(tmp_path)
    save_project(tmp_path / "a.instmatt", project, mattes=[mattes_of(project)])
    with zipfile.ZipFile(tmp_path / "a.instmatt") as archive:
        record = json.loads(archive.read("project.json"))
    text = (Path(__file__).parents[2] / "docs" / "project-format.md").read_text("utf-8")

    def names(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for part in value.values() for name in names(part)}
        return {name for part in value for name in names(part)} if isinstance(value, list) else set()

    record["settings"], record["mattes"][0]["facts"] = {}, {}
    missing = {name for name in names(record) if f"`{name}`" not in text}
    assert not missing
