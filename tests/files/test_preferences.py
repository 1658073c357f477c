"""Preferences survive damage value by value, and what was damaged is kept."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instmatt_app.files import preferences as module
from instmatt_app.files.atomic import WriteError
from instmatt_app.files.preferences import (
    MOST_BYTES,
    VERSION,
    Preferences,
    damaged_file,
    read_preferences,
    write_preferences,
)

OTHERS = Preferences(
    language="de", theme="light", device="cuda:1", memory_gib=2.5, working_size=640, detail="native",
    engine="closed-form", model="/somewhere/else.pth", recogniser="builtin", runs_by_itself=False,
    autosave_minutes=5, export_format="psd16", export_layers="both", export_profile="p3", export_metadata=True,
    export_recomposable=True, shortcuts={"open": ("Ctrl+P", "F3"), "quit": ()}, seen=frozenset({"tour"}),
)  # fmt: skip
WRONG: dict[str, list[Any]] = {
    "language": ["klingon", 1],
    "theme": ["pink", None],
    "device": ["cuda:x", "tpu", 5, "cpu; rm"],
    "memory_gib": ["2", -1, 0.1, float("nan"), True],
    "working_size": [12, 10**9, 640.5, "640", True],
    "detail": ["some"],
    "engine": ["quantum"],
    "model": [5, "a\0b", "x" * 5000],
    "recogniser": ["prompt"],
    "runs_by_itself": [1, "true"],
    "autosave_minutes": [0, 61, 1.5],
    "export_format": ["gif"],
    "export_layers": ["none"],
    "export_profile": ["cmyk"],
    "export_metadata": [0],
    "export_recomposable": ["no"],
    "shortcuts": [[], {"open": "Ctrl+P"}, {"open": [1]}, {"open": ["x" * 200]}],
    "seen": [{}, [1], "tour"],
}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "preferences.json"
    different = [one.name for one in fields(OTHERS) if getattr(OTHERS, one.name) == getattr(Preferences(), one.name)]
    assert not different, "every value of the example is another one than the default"
    write_preferences(path, OTHERS)
    assert read_preferences(path) == (OTHERS, [])
    assert [one.name for one in path.parent.iterdir()] == ["preferences.json"]


def test_nothing_there_is_the_defaults(tmp_path: Path) -> None:
    assert read_preferences(tmp_path / "preferences.json") == (Preferences(), [])
    assert not list(tmp_path.iterdir())


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    write_preferences(path, Preferences(theme="dark"))
    assert json.loads(path.read_text("utf-8")) == {"version": VERSION, "theme": "dark"}


def test_every_value_can_be_wrong(tmp_path: Path) -> None:
    assert set(WRONG) == {one.name for one in fields(Preferences)}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_damaged_value_falls_back_alone_and_the_file_is_kept(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "preferences.json"
    write_preferences(path, OTHERS)
    damaged = json.dumps(json.loads(path.read_text("utf-8")) | {name: value})
    path.write_text(damaged, "utf-8")
    assert read_preferences(path) == (replace(OTHERS, **{name: getattr(Preferences(), name)}), [name])
    assert damaged_file(path).read_text("utf-8") == damaged


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"theme": "dark"}', b'{"version": "1"}', b'{"version": true}', b'{"version": 0}',
     b'{"version": -1}', b"\xff\xfe\x00", b"[" * 100_000, b'{"version": 1, "model": "' + b"x" * MOST_BYTES + b'"}'],
)  # fmt: skip
def test_a_file_that_is_none_is_kept_and_left_out(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "preferences.json"
    path.write_bytes(content)
    assert read_preferences(path) == (Preferences(), ["file"])
    assert damaged_file(path).read_bytes() == content[: MOST_BYTES + 1]


def test_what_a_newer_program_wrote_is_understood_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    path.write_text('{"version": 99, "theme": "dark", "hologram": 3}', "utf-8")
    assert read_preferences(path) == (Preferences(theme="dark"), ["version", "hologram"])
    assert "hologram" in damaged_file(path).read_text("utf-8")


def test_an_older_file_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "preferences.json"
    path.write_text('{"version": 1, "look": "dark"}', "utf-8")
    monkeypatch.setattr(module, "VERSION", 3)
    steps = {
        1: lambda values: {"colours": values["look"]},
        2: lambda values: {"theme": values["colours"]},
    }
    monkeypatch.setattr(module, "MIGRATIONS", steps)
    assert read_preferences(path) == (Preferences(theme="dark"), [])
    write_preferences(path, Preferences(theme="dark"))
    assert json.loads(path.read_text("utf-8"))["version"] == 3


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"\.$"):
        write_preferences(tmp_path / "file" / "preferences.json", OTHERS)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


# On a busy computer drawing what JSON may hold takes long, and so does a disk that is flushed.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(values=st.dictionaries(st.sampled_from([one.name for one in fields(Preferences)]), json_values))
def test_whatever_the_file_says_every_value_makes_sense(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("any") / "preferences.json"
    path.write_text(json.dumps({"version": 1} | values), "utf-8")
    found, _ = read_preferences(path)
    write_preferences(path, found)
    assert read_preferences(path) == (found, [])
