"""Presets of exports: kept whole, shared by windows, and read as far as they can be after damage."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instmatt_app.files.atomic import WriteError
from instmatt_app.files.export_options import ExportOptions
from instmatt_app.files.export_presets import Presets, delete_preset, read_presets, save_preset
from instmatt_app.files.locks import FileLock

WEB = ExportOptions(format="webp", layers="cutout", profile="srgb")
PRINT = ExportOptions(format="tiff16", background="clean", name="{name}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "presets.json"


def test_presets_are_kept_replaced_and_deleted(path: Path) -> None:
    assert read_presets(path) == Presets()
    save_preset(path, " For the web ", WEB)
    assert save_preset(path, "Druck – 印刷", PRINT).options == {"For the web": WEB, "Druck – 印刷": PRINT}
    save_preset(path, "For the web", replace(WEB, metadata=True))
    assert read_presets(path).options["For the web"].metadata
    assert list(delete_preset(path, "For the web").options) == ["Druck – 印刷"]
    assert read_presets(path) == Presets({"Druck – 印刷": PRINT})
    for name in ("", "  ", "a" * 81, "a\nb"):
        with pytest.raises(ValueError, match="name of a preset"):
            save_preset(path, name, WEB)


def test_a_damaged_file_gives_way_to_the_generation_before(path: Path) -> None:
    save_preset(path, "web", WEB)
    save_preset(path, "print", PRINT)
    for damage in (b"", b"{", path.read_bytes()[:-20], b"[1]", b"\xff\xfe", b"[" * 100_000, b" " * 2_000_000):
        path.write_bytes(damage)
        assert read_presets(path) == Presets({"web": WEB})
    save_preset(path, "print", PRINT)
    assert read_presets(path) == Presets({"web": WEB, "print": PRINT})


def test_with_both_generations_gone_it_is_said_and_the_file_is_kept(path: Path) -> None:
    save_preset(path, "web", WEB)
    path.write_bytes(b"damaged")
    assert read_presets(path) == Presets(lost=("presets.json",))
    assert save_preset(path, "print", PRINT) == Presets({"print": PRINT})
    assert path.with_name("presets.json.damaged").read_bytes() == b"damaged"


def test_a_preset_that_makes_no_sense_is_lost_alone(path: Path) -> None:
    save_preset(path, "web", WEB)
    save_preset(path, "print", PRINT)
    content = json.loads(path.read_text("utf-8"))
    content["presets"]["web"]["format"] = "bmp"
    path.write_text(json.dumps(content), "utf-8")
    assert read_presets(path) == Presets({"print": PRINT}, ("web",))
    save_preset(path, "alpha", ExportOptions())
    assert read_presets(path).lost == ()
    assert "bmp" in path.with_name("presets.json.damaged").read_text("utf-8")


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 400), value=st.integers(0, 255))
def test_any_changed_byte_is_survived(tmp_path_factory: pytest.TempPathFactory, place: int, value: int) -> None:
    path = tmp_path_factory.mktemp("presets") / "presets.json"
    save_preset(path, "web", WEB)
    save_preset(path, "print", PRINT)
    data = bytearray(path.read_bytes())
    data[place % len(data)] = value
    path.write_bytes(data)
    read = read_presets(path)
    assert all(isinstance(one, ExportOptions) for one in read.options.values())
    save_preset(path, "more", PRINT)
    assert read_presets(path).options["more"] == PRINT


def test_another_window_is_waited_for_but_not_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instmatt_app.files.export_presets._PATIENCE_SECONDS", 0.1)
    save_preset(path, "web", WEB)
    lock = FileLock(path.with_name("presets.json.lock"))
    assert lock.acquire()
    with pytest.raises(WriteError, match="another window"):
        save_preset(path, "print", PRINT)
    lock.release()
    save_preset(path, "print", PRINT)


def test_two_programs_lose_nothing_to_each_other(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from instmatt_app.files.export_options import ExportOptions\n"
        "from instmatt_app.files.export_presets import save_preset\n"
        "for n in range(10): save_preset(Path(sys.argv[1]), f'{sys.argv[2]} {n}', ExportOptions())"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(path), name]) for name in "ab"]
    assert [one.wait(60) for one in both] == [0, 0]
    assert len(read_presets(path).options) == 20
