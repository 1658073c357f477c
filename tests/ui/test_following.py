"""What is preferred shows in the window at once, and what is switched in the window is preferred."""

from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeBackend
from photos import GroupPhoto
from pytestqt.qtbot import QtBot

from instmatt_app import api, options
from instmatt_app.api import MatteOptions
from instmatt_app.cli import main
from instmatt_app.core.edits import State, add_people
from instmatt_app.core.interfaces import silent
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.files.preferences import Preferences
from instmatt_app.ui.application import build
from instmatt_app.ui.engines import ASKED_FOR, Engines, options_of
from instmatt_app.ui.following import Following
from instmatt_app.ui.main_window import MainWindow


@pytest.fixture
def followed(two: MainWindow) -> MainWindow:
    Following(two)
    return two


def test_running_is_one_switch_in_two_places(followed: MainWindow) -> None:
    followed.settings.change(runs_by_itself=False)
    assert not followed.conductor.runs_by_itself
    assert followed.brush_bar.when.currentIndex() == 1
    followed.brush_bar.when.setCurrentIndex(0)
    assert followed.settings.now.runs_by_itself
    assert followed.conductor.runs_by_itself


def test_autosave_follows(followed: MainWindow) -> None:
    assert followed.projects.autosave.timer.interval() == 60_000
    followed.settings.change(autosave_minutes=7)
    assert followed.projects.autosave.timer.interval() == 7 * 60_000


def test_the_export_panel_begins_with_what_is_preferred(qtbot: QtBot, two: MainWindow) -> None:
    two.settings.change(export_format="psd16", export_profile="p3", export_metadata=True, export_recomposable=True)
    Following(two)
    assert two.export.form.format.currentData() == "psd16"
    assert two.export.form.profile.currentData() == "p3"
    assert two.export.form.metadata.isChecked()
    assert two.export.form.recomposable.isChecked()
    two.export.form.format.setCurrentIndex(0)
    two.settings.change(theme="dark")
    assert two.export.form.format.currentData() == "png", "another preference changes nothing here"
    two.settings.change(export_layers="both")
    assert two.export.form.layers.currentData() == "both"


@pytest.mark.parametrize("change", [{"working_size": 512}, {"model": "x.pth"}], ids=str)
def test_what_decides_the_mattes_runs_again(
    qtbot: QtBot, followed: MainWindow, backend: FakeBackend, change: dict[str, object]
) -> None:
    runs = len(backend.matted)
    followed.settings.change(**change)
    assert not followed.conductor.is_current
    qtbot.waitUntil(lambda: followed.conductor.is_current)
    assert len(backend.matted) == runs + 1


def test_options_are_what_is_preferred() -> None:
    assert options_of(Preferences()) == MatteOptions()
    asked = Preferences(
        device="cuda", memory_gib=2.5, working_size=640, detail="native", model="a.pth", recogniser="builtin"
    )
    assert options_of(asked) == MatteOptions(
        device="cuda", memory_gib=2.5, working_size=640, detail="native", model="a.pth", recogniser="builtin"
    )
    closed = options_of(replace(asked, engine="closed-form"))
    assert (closed.engine, closed.model, closed.device) == ("closed-form", None, "auto")
    for name in vars(asked):
        other = {"device": "cpu", "memory_gib": 1.0, "working_size": 300, "detail": "none", "engine": "instmatt",
                 "model": "b", "recogniser": "auto"}.get(name)  # fmt: skip
        assert (other is not None) == (name in ASKED_FOR)
        assert other is None or options_of(replace(asked, **{name: other})) != options_of(asked)


def test_device_memory_and_recogniser_leave_finished_mattes_as_they_are() -> None:
    engines = Engines(MatteOptions())
    before = engines.name
    for same in (
        MatteOptions(device="cpu"), MatteOptions(memory_gib=1.0), MatteOptions(recogniser="builtin"),
        MatteOptions(detail="native"),
    ):  # fmt: skip
        engines.use(same)
        assert engines.name == before
    for other in (MatteOptions(working_size=64), MatteOptions(model="x")):
        engines.use(other)
        assert engines.name != before


def test_weights_are_known_by_their_content_and_not_by_their_place(tmp_path: Path) -> None:
    for name, content in (("a.pth", b"weights"), ("b.pth", b"weights"), ("c.pth", b"others!")):
        (tmp_path / name).write_bytes(content)
    names = [Engines(MatteOptions(model=str(tmp_path / name))).name for name in ("a.pth", "b.pth", "c.pth")]
    assert names[0] == names[1] != names[2]
    engines = Engines(MatteOptions(model=str(tmp_path / "a.pth")))
    assert engines.name == names[0]
    (tmp_path / "a.pth").write_bytes(b"trained on")
    assert engines.name not in names
    assert "a.pth" not in engines.name
    (tmp_path / "a.pth").unlink()
    assert "missing" not in names
    assert engines.name != names[0]


def test_the_name_has_what_touches_pixels() -> None:
    others = [
        MatteOptions(engine="instmatt"), MatteOptions(working_size=640), MatteOptions(patch=128),
        MatteOptions(engine="closed-form"), MatteOptions(published=True),
    ]  # fmt: skip
    names = [Engines(one).name for one in others]
    assert len(set(names)) == len(names)


def test_who_found_people_is_said_only_where_it_is_known(group: GroupPhoto, group_file: Path) -> None:
    engines = Engines(MatteOptions(engine="closed-form", working_size=64))
    photo = engines.read(group_file, silent)
    found = engines.find_in_box(photo, Rect.of_size(*group.boxes[0]), silent)
    project = Project(photo)
    project.instances = list(add_people(found).change(State(), project.next_revision).instances)
    assert engines.matte(project, silent).recogniser == "prompt"
    opened = Engines(MatteOptions(engine="closed-form", working_size=64))
    assert opened.matte(project, silent).recogniser == "", "they came with a project"


def test_mattes_that_were_made_by_other_rules_have_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    engines = Engines(MatteOptions())
    before = engines.name
    assert Engines(MatteOptions()).name == before
    monkeypatch.setattr(options, "RULES", options.RULES + 1)
    assert engines.name != before, "what a project keeps from an older program is not what this one makes"


def test_native_detail_is_switched_in_the_panel_and_in_the_preferences(qtbot: QtBot, no_weights: None) -> None:
    window = build(MatteOptions(engine="closed-form"))
    qtbot.addWidget(window)
    window.refinement.detail.click()
    assert window.settings.now.detail == "native"
    assert window.conductor.backend.wants_detail
    window.settings.change(detail="none")
    assert not window.refinement.detail.isChecked()
    assert not window.conductor.backend.wants_detail
    window.settings.change(detail="auto")
    assert not window.refinement.detail.isChecked(), "closed-form has none by itself"
    window.settings.change(engine="instmatt", model="some.pth")
    assert window.refinement.detail.isChecked()
    window.refinement.detail.click()
    assert window.settings.now.detail == "none"
    window.refinement.detail.click()
    assert window.settings.now.detail == "auto"
    window.conductor.close()


def test_native_detail_of_the_window_is_that_of_the_command_line(
    group: GroupPhoto, group_file: Path, tmp_path: Path, no_weights: None, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes = [part for box in group.boxes for part in ("--box", ",".join(map(str, box)))]
    common = ["matte", str(group_file), *boxes, "--working-size", "128"]
    for name, more in (("plain", []), ("native", ["--detail", "native"])):
        assert main([*common, *more, "--out", str(tmp_path / name)]) == 0
    engines = Engines(MatteOptions(working_size=128, boxes=group.boxes, detail="native"))
    photo = engines.read(group_file, silent)
    found = api.make_recogniser(MatteOptions(boxes=group.boxes)).find(photo, silent)
    project = Project(photo)
    project.instances = list(add_people(found).change(State(), project.next_revision).instances)
    files = engines.detail(project, engines.matte(project, silent), silent).save(tmp_path / "window", layers="alpha")
    assert len(files) == len(group.boxes)
    for path in files:
        assert path.read_bytes() == (tmp_path / "native" / "group" / path.name).read_bytes()
        assert path.read_bytes() != (tmp_path / "plain" / "group" / path.name).read_bytes()
