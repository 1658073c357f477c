"""What is preferred shows in the window at once, and what is switched in the window is preferred."""

from dataclasses import replace

import pytest
from fakes import FakeBackend
from pytestqt.qtbot import QtBot

from instmatt_app.api import MatteOptions
from instmatt_app.files.preferences import Preferences
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


@pytest.mark.parametrize("change", [{"working_size": 512}, {"detail": "native"}, {"model": "x.pth"}], ids=str)
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
    for same in (MatteOptions(device="cpu"), MatteOptions(memory_gib=1.0), MatteOptions(recogniser="builtin")):
        engines.use(same)
        assert engines.name == before
    for other in (MatteOptions(detail="native"), MatteOptions(working_size=64), MatteOptions(model="x")):
        engines.use(other)
        assert engines.name != before
