"""Projects from strangers and from broken disks: a sentence or what is left, never a crash, nothing written outside."""

import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from files.projects import full_project, mattes_of, photo_file, seen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instmatt_app.core.project import Project
from instmatt_app.files import project_restoring
from instmatt_app.files.project_file import open_project, save_project
from instmatt_app.files.project_parts import (
    PartLost,
    ProjectError,
    decode_detail,
    decode_floats,
    decode_mask,
    decode_tiles,
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Project]:
    folder = tmp_path_factory.mktemp("saved")
    project = full_project(folder)
    save_project(folder / "a.instmatt", project, mattes=[mattes_of(project)])
    photo_file(folder).unlink()
    return (folder / "a.instmatt").read_bytes(), project


def entries(content: bytes, folder: Path) -> dict[str, bytes]:
    place = folder / "unpacked.zip"
    place.write_bytes(content)
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, content: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in content:
            archive.writestr(name, data)
    return path


def spans(content: bytes) -> dict[str, tuple[int, int]]:
    """Where the bytes of every entry lie."""
    found, at = {}, 0
    while content[at : at + 4] == b"PK\x03\x04":
        size, _, names, extra = struct.unpack_from("<IIHH", content, at + 18)
        name = content[at + 30 : at + 30 + names].decode()
        begin = at + 30 + names + extra
        found[name] = (begin, begin + size)
        at = begin + size
    return found


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil", "..\\evil", "C:evil", "parts/../../evil", "a\0b"], ids=repr
)
def test_names_that_lead_elsewhere_are_refused(saved: tuple[bytes, Project], tmp_path: Path, name: str) -> None:
    content = list(entries(saved[0], tmp_path).items())
    path = zipped(tmp_path / "evil.instmatt", [*content[:1], (name.replace("\0", "0"), b"x"), *content[1:]])
    data = path.read_bytes().replace(name.replace("\0", "0").encode(), name.encode())
    path.write_bytes(data)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ProjectError, match="lead outside"):
        open_project(path)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_comes_twice_is_refused(saved: tuple[bytes, Project], tmp_path: Path) -> None:
    content = list(entries(saved[0], tmp_path).items())
    path = zipped(tmp_path / "twice.instmatt", [*content, content[1]])
    with pytest.raises(ProjectError, match="twice"):
        open_project(path)


def test_packed_entries_are_not_unpacked(saved: tuple[bytes, Project], tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.instmatt", [("project.json", bytes(50_000_000))], zipfile.ZIP_DEFLATED)
    with pytest.raises(ProjectError, match="no project"):
        open_project(path)


def test_other_entries_are_passed_over(saved: tuple[bytes, Project], tmp_path: Path) -> None:
    content = list(entries(saved[0], tmp_path).items())
    path = zipped(tmp_path / "more.instmatt", [("README.txt", b"hello"), *content, ("parts/x.py", b"import os")])
    assert seen(open_project(path).project) == seen(saved[1])


def change(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def apply(record: dict[str, Any]) -> None:
        place: Any = record
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = to

    return apply


WRONG: list[Callable[[dict[str, Any]], None]] = [
    change("format", to="zip"),
    change("version", to=True),
    change("revision", to=-1),
    change("revision", to=1),  # below those of the people
    change("photo", to=None),
    change("photo", "width", to=10**30),
    change("photo", "name", to="../../x.png"),
    change("photo", "name", to=""),
    change("photo", "part", to=["parts/../x.photo", 5]),
    change("people", to={}),
    change("people", 0, "id", to="1"),
    change("people", 1, "id", to=1),
    change("people", 0, "box", to=[0, 0, 5, 10**9]),
    change("people", 0, "box", to=[5, 5, 5, 5]),
    change("people", 0, "colour", to=[0, 0, 256]),
    change("people", 0, "score", to=1e400),
    change("people", 0, "mask", to=["/etc/passwd", 10]),
    change("people", 0, "refinement", to={"strategy": "exec", "order": [], "passes": 1}),
    change("refinement", "order", to=[7]),
    change("refinement", "order", to=[1, 1]),
    change("refinement", "begun", to=[{"order": [1, 7], "turn": 1}]),
    change("refinement", "begun", to=[{"order": [1, 2], "turn": 0}]),
    change("refinement", "begun", to={}),
    change("refinement", "window", to=[5, 5, 5, 9]),
    change("refinement", "window", to=[0, 0, 5]),
    change("people", 0, "edge", to=None),
    change("people", 0, "edge", "shift", to=1e9),
    change("people", 0, "edge", "feather", to="2"),
    change("people", 0, "edge", "contrast", to=True),
    change("mattes", to=[{}]),
]


@pytest.mark.parametrize("wrong", range(len(WRONG)))
def test_a_record_that_is_wrong_is_a_sentence(saved: tuple[bytes, Project], tmp_path: Path, wrong: int) -> None:
    content = entries(saved[0], tmp_path)
    record = json.loads(content["project.json"])
    WRONG[wrong](record)
    content["project.json"] = content["project-again.json"] = json.dumps(record).encode()
    with pytest.raises(ProjectError, match=r"cannot be read"):
        open_project(zipped(tmp_path / "wrong.instmatt", list(content.items())))


@pytest.mark.parametrize(
    "record",
    [b"", b"[" * 100_000, b"nul", b"\xff\xfe", b"{}", b'{"format": NaN}', b"1" * 5000],
    ids=lambda one: str(one[:8]),
)
def test_a_record_that_is_no_record_is_a_sentence(tmp_path: Path, record: bytes) -> None:
    with pytest.raises(ProjectError):
        open_project(zipped(tmp_path / "wrong.instmatt", [("project.json", record)]))


def test_more_masks_than_memory_are_refused(
    saved: tuple[bytes, Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.instmatt").write_bytes(saved[0])
    monkeypatch.setattr(project_restoring, "MOST_PLANE_BYTES", 10_000)
    with pytest.raises(ProjectError, match="more masks than fit"):
        open_project(tmp_path / "a.instmatt")


def test_a_linked_photo_on_another_computer_is_not_asked_for(
    saved: tuple[bytes, Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = entries(saved[0], tmp_path)
    record = json.loads(content["project.json"])
    record["photo"] |= {"path": "\\\\evil\\share\\a.jpg", "sum": "0" * 64, "part": None}
    content["project.json"] = content["project-again.json"] = json.dumps(record).encode()
    asked: list[Path] = []
    real = Path.is_file

    def watched(path: Path, *args: Any) -> bool:
        asked.append(path)
        return real(path, *args)

    monkeypatch.setattr(Path, "is_file", watched)
    with pytest.raises(ProjectError, match="not found"):
        open_project(zipped(tmp_path / "linked.instmatt", list(content.items())))
    assert asked
    assert not [path for path in asked if "evil" in str(path)]


@pytest.mark.parametrize("path", ["missing", ".", "text", "empty"])
def test_what_is_no_project_is_a_sentence(tmp_path: Path, path: str) -> None:
    (tmp_path / "text").write_text("hello " * 1000)
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(ProjectError):
        open_project(tmp_path / path)


# --- Damage -----------------------------------------------------------------------------------------------------------


def test_a_damaged_part_costs_what_it_holds_and_is_named(saved: tuple[bytes, Project], tmp_path: Path) -> None:
    content, project = saved
    record = json.loads(entries(content, tmp_path)["project.json"])
    before = seen(project)
    for person, field, said in (
        (0, "mask", "Person 1: mask lost"),
        (1, "hints", "strokes lost"),
        (1, "pins", "pins lost"),
    ):
        begin, end = spans(content)[record["people"][person][field][0]]
        damaged = bytearray(content)
        damaged[(begin + end) // 2] ^= 0x10
        (tmp_path / "a.instmatt").write_bytes(damaged)
        opened = open_project(tmp_path / "a.instmatt")
        (sentence,) = opened.lost
        assert said in sentence
        one = opened.project.instances[person]
        assert one.revision > project.revision  # other pixels, another number
        assert opened.project.key("e", 0) != project.key("e", 0)
        assert seen(opened.project)[4][1 - person] == before[4][1 - person]  # type: ignore[index]


def test_a_person_without_mask_and_strokes_is_named_and_gone(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    project.instances[1].hints = None
    save_project(tmp_path / "a.instmatt", project)
    content = (tmp_path / "a.instmatt").read_bytes()
    record = json.loads(entries(content, tmp_path)["project.json"])
    begin, _ = spans(content)[record["people"][1]["mask"][0]]
    (tmp_path / "a.instmatt").write_bytes(content[:begin] + b"?" + content[begin + 1 :])
    opened = open_project(tmp_path / "a.instmatt")
    assert opened.lost == ("山田 “さん” is lost.",)
    assert [one.id for one in opened.project.instances] == [1]
    assert opened.project.refinement.order == (1,)


@pytest.mark.parametrize("which", ["project.json", "project-again.json", "mimetype"])
def test_any_one_place_of_the_record_may_be_lost(saved: tuple[bytes, Project], tmp_path: Path, which: str) -> None:
    content, project = saved
    begin, end = spans(content)[which]
    header = max(0, begin - 40)
    for damaged in (
        content[:header] + bytes(end - header) + content[end:],  # header and all
        content[: begin - 8 - len(which)] + b"\xff" * 4 + content[begin - 4 - len(which) :],  # its length
    ):
        (tmp_path / "a.instmatt").write_bytes(damaged)
        opened = open_project(tmp_path / "a.instmatt")
        assert seen(opened.project) == seen(project)
        assert "nothing of it was lost" in opened.lost[0]


def test_a_file_cut_anywhere_gives_its_beginning_or_a_sentence(saved: tuple[bytes, Project], tmp_path: Path) -> None:
    content, project = saved
    whole = 0
    for length in np.linspace(0, len(content) - 1, 60).astype(int):
        (tmp_path / "a.instmatt").write_bytes(content[:length])
        try:
            opened = open_project(tmp_path / "a.instmatt")
        except ProjectError:
            continue
        # The directory at the end is not needed, so that its loss is none.
        assert opened.lost or length > spans(content)["project-again.json"][1]
        assert seen(opened.project) == seen(project)
        whole += 1
    assert whole > 20  # the mattes, which can be made again, are the largest and the last


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_altered_anywhere_are_a_sentence_or_a_project(
    saved: tuple[bytes, Project], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(saved[0])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["byte", "zeros", "cut", "insert"]))
        if kind == "byte":
            content[at] ^= data.draw(st.integers(1, 255))
        elif kind == "zeros":
            content[at : at + 512] = bytes(len(content[at : at + 512]))
        elif kind == "cut":
            del content[at : at + data.draw(st.integers(1, 4096))]
        else:
            content[at:at] = data.draw(st.binary(max_size=64))
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "a.instmatt").write_bytes(content)
    try:
        opened = open_project(folder / "a.instmatt")
    except ProjectError:
        pass
    else:
        intact = {one.id: one for one in saved[1].instances}
        for one in opened.project.instances:
            # Whoever has the old number has the old pixels.
            if one.revision == intact[one.id].revision:
                assert np.array_equal(one.mask.full(), intact[one.id].mask.full())
    assert [path.name for path in folder.iterdir()] == ["a.instmatt"]


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_parts_of_any_bytes_are_lost_or_fit(data: bytes) -> None:
    readers: list[tuple[Callable[[bytes], Any], tuple[int, ...]]] = [
        (lambda one: decode_mask(one, 300, 400), (300, 400)),
        (lambda one: decode_tiles(one, 300, 400, 4).full(), (300, 400)),
        (lambda one: decode_floats(one, (3, 300, 400), 1), (3, 300, 400)),
        (lambda one: np.zeros((decode_detail(one, 300, 400, [1]).nbytes, 1)), (2 * 2 * 300 * 400, 1)),
    ]
    for read, most in readers:
        try:
            made = read(data)
        except PartLost:
            continue
        assert all(side <= bound for side, bound in zip(made.shape, most, strict=True))


def test_a_part_is_not_unpacked_beyond_its_size() -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    with pytest.raises(PartLost, match="more or less"):
        decode_tiles(struct.pack("<3I", 1, 0, 0) + bomb, 300, 400, 4)
    with pytest.raises(PartLost, match="more or less"):
        decode_floats(struct.pack("<B3I", 3, 1, 1, 1) + bomb, (3, 300, 400), 1)
    with pytest.raises(PartLost, match="more or less"):
        decode_detail(struct.pack("<5I", 1, 1, 0, 0, 1) + bomb, 300, 400, [1])
    with pytest.raises(PartLost, match="larger than the photo"):
        decode_floats(struct.pack("<B3I", 3, 1, 2**31, 2**31) + bomb, (3, 300, 400), 1)
