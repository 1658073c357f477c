"""The export panel: it writes what the command line writes, says before what it will write, and asks once."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeBackend
from hands import drop_files
from photos import drawn_people, save_masks
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from instmatt_app.api import MatteOptions
from instmatt_app.cli import main as command_line
from instmatt_app.core.edits import look, remove_people
from instmatt_app.files.export_options import ExportOptions
from instmatt_app.files.export_presets import read_presets
from instmatt_app.files.formats import DOCUMENTS, FORMATS
from instmatt_app.files.project_file import open_project
from instmatt_app.ui.application import build
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.panels.export_files import readable

LEFT = Qt.MouseButton.LeftButton


def names(window: MainWindow) -> list[str]:
    shown = window.export.files.list
    return [shown.item(row).text() for row in range(shown.count())]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def exported(qtbot: QtBot, window: MainWindow) -> list[Path]:
    with qtbot.waitSignal(window.conductor.exported, timeout=60_000) as written:
        qtbot.mouseClick(window.export.button, LEFT)
    files: list[Path] = written.args[0]
    return files


COMMANDS = {
    "--layers both --canvas cropped --name {name}-{number}": ExportOptions(
        layers="both", canvas="cropped", name="{name}-{number}"
    ),
    "--format png16 --layers trimatte --metadata keep": ExportOptions(
        format="png16", layers="trimatte", metadata=True, name="{name}"
    ),
    "--format webp --layers cutout --profile p3 --metadata keep": ExportOptions(
        format="webp", layers="cutout", profile="p3", metadata=True, name="{name}"
    ),
    "--format psd --background clean --metadata keep --cleaning 40": ExportOptions(
        format="psd", background="clean", metadata=True, cleaning=40, name="{name}"
    ),
    "--format psb16 --recomposable": ExportOptions(format="psb16", recomposable=True, name="{name}"),
    "--format ora --colours photo --canvas full --background none": ExportOptions(
        format="ora", colours="photo", canvas="full", background="none", name="{name}"
    ),
    "--format tiff --profile srgb": ExportOptions(format="tiff", profile="srgb", name="{name}"),
    "--format exr": ExportOptions(format="exr", name="{name}"),
    "--format cryptomatte": ExportOptions(format="cryptomatte", name="{name}"),
    "--format coco": ExportOptions(format="coco", name="{name}"),
}


def test_window_and_command_line_write_the_same_bytes(qtbot: QtBot, tmp_path: Path) -> None:
    picture, alphas = drawn_people(2)
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    photo = tmp_path / "two.jpg"
    Image.fromarray(picture).save(photo, quality=95, exif=exif)
    save_masks(tmp_path / "masks", alphas)
    window = build(MatteOptions(engine="closed-form", working_size=96))
    qtbot.addWidget(window)
    window.show()
    drop_files(window, photo)
    qtbot.waitUntil(lambda: window.document.photo is not None and not window.conductor.is_running, timeout=60_000)
    window.document.do(remove_people(window.document.state.ids()))
    window.exchange.take(sorted((tmp_path / "masks").iterdir()))
    qtbot.waitUntil(lambda: len(window.document.state.instances) == 2)
    window.export.folder.setText(str(tmp_path / "window"))
    for number, (command, options) in enumerate(COMMANDS.items()):
        window.export.folder.setText(str(tmp_path / f"window-{number}"))
        window.export.show_options(options)
        assert window.export.options() == options
        announced = names(window)
        files = exported(qtbot, window)
        out = tmp_path / f"command-{number}"
        arguments = ["matte", str(photo), "--masks", str(tmp_path / "masks"), "--out", str(out)]
        more = ["--engine", "closed-form", "--working-size", "96", *command.split()]
        assert command_line([*arguments, *more]) == 0
        assert [path.name for path in files] == announced
        assert contents(tmp_path / f"window-{number}" / "two") == contents(out / "two")


def test_the_names_follow_what_is_chosen(qtbot: QtBot, two: MainWindow, tmp_path: Path) -> None:
    two.export.folder.setText(str(tmp_path))
    assert names(two) == ["00.png", "01.png"]
    two.export.show_options(ExportOptions(layers="both", name="{name}"))
    assert names(two) == ["Person 1.png", "Person 1-cutout.png", "Person 2.png", "Person 2-cutout.png"]
    two.document.do(look(1, "Rename", name="Zoë"))
    assert names(two)[0] == "Zoë.png"
    two.document.do(look(2, "Rename", name="zoë"))
    assert names(two) == []
    assert "different names" in two.export.files.sum.text()
    assert not two.export.button.isEnabled()
    two.export.form.name.setText("{name")
    assert "template" in two.export.files.sum.text()
    two.export.form.format.setCurrentIndex(two.export.form.format.findData("psd"))
    two.export.form.name.setText("{index}")
    assert names(two) == ["two.psd"]
    assert two.export.button.isEnabled()


def test_what_has_no_effect_is_greyed(two: MainWindow) -> None:
    form = two.export.form
    two.export.show_options(ExportOptions(layers="alpha"))
    assert [form.layers.isEnabled(), form.background.isEnabled(), form.colours.isEnabled()] == [True, False, False]
    two.export.show_options(ExportOptions(format="psd"))
    assert [form.layers.isEnabled(), form.background.isEnabled(), form.colours.isEnabled()] == [False, True, True]
    two.export.show_options(ExportOptions(format="webp", layers="cutout", canvas="cropped"))
    assert "choose png" in two.export.files.sum.text()


def test_the_size_is_said_before_the_export(qtbot: QtBot, two: MainWindow, tmp_path: Path) -> None:
    two.export.folder.setText(str(tmp_path))
    two.export.show_options(ExportOptions(format="ora"))
    qtbot.waitUntil(lambda: two.export.files.bytes is not None, timeout=30_000)
    said = two.export.files.sum.text()
    (path,) = exported(qtbot, two)
    # So small a photo is written as a whole, and nothing else makes up the size.
    assert two.export.files.bytes == path.stat().st_size
    assert said == f"1 file, about {readable(path.stat().st_size)}"
    qtbot.waitUntil(lambda: two.export.files.sum.text().endswith("1 there already"), timeout=10_000)


def test_sizes_are_read_easily() -> None:
    assert [readable(n) for n in (0, 999, 1500, 23_400_000, 2_500_000_000, 10**13)] == [
        "0 B", "999 B", "1.5 kB", "23 MB", "2.5 GB", "10000 GB",
    ]  # fmt: skip


@pytest.mark.parametrize("answer", ["Replace all", "Keep both", "Cancel"])
def test_one_question_for_all_files(qtbot: QtBot, two: MainWindow, tmp_path: Path, answer: str) -> None:
    two.export.folder.setText(str(tmp_path))
    two.export.show_options(ExportOptions(layers="both"))
    files = exported(qtbot, two)
    for path in files:
        path.write_bytes(b"older")
    qtbot.mouseClick(two.export.button, LEFT)
    qtbot.waitUntil(lambda: two.export.question is not None)
    question = two.export.question
    assert isinstance(question, QMessageBox)
    assert question.text().startswith("4 files are there already")
    assert "00-cutout.png" in question.informativeText()
    button = next(one for one in question.buttons() if one.text().replace("&", "") == answer)
    if answer == "Cancel":
        qtbot.mouseClick(button, LEFT)
        qtbot.waitUntil(lambda: two.export.question is None)
        qtbot.wait(300)
    else:
        with qtbot.waitSignal(two.conductor.exported, timeout=20_000):
            qtbot.mouseClick(button, LEFT)
    older = [path for path in files if path.read_bytes() == b"older"]
    found = sorted(path.name for path in (tmp_path / "two").iterdir())
    assert len(older) == (0 if answer == "Replace all" else 4)
    assert len(found) == (8 if answer == "Keep both" else 4)
    assert ("00 (2)-cutout.png" in found) == (answer == "Keep both")


def test_presets_are_chosen_kept_and_deleted(qtbot: QtBot, two: MainWindow, tmp_path: Path) -> None:
    row, form = two.export.presets, two.export.form
    row.names.setCurrentIndex(row.names.findText("Web"))
    row.names.activated.emit(row.names.currentIndex())
    assert form.options() == ExportOptions(format="webp", layers="cutout", profile="srgb")
    assert not row.save.isEnabled()
    form.metadata.setChecked(True)
    assert row.names.currentText() == ""
    row.names.setEditText("Web with notes")
    qtbot.mouseClick(row.save, LEFT)
    kept = replace(ExportOptions(format="webp", layers="cutout", profile="srgb"), metadata=True)
    (path,) = tmp_path.rglob("export-presets.json")
    assert read_presets(path).options == {"Web with notes": kept}
    two.export.show_options(ExportOptions())
    assert row.names.currentText() == "Alphas"
    row.names.setCurrentIndex(row.names.findText("Web with notes"))
    row.names.activated.emit(row.names.currentIndex())
    assert form.options() == kept
    qtbot.mouseClick(row.delete, LEFT)
    assert read_presets(path).options == {}
    assert row.names.findText("Web with notes") == -1
    assert form.options() == kept


def test_an_export_asked_for_while_the_files_change_is_the_one_that_is_shown(
    qtbot: QtBot, two: MainWindow, tmp_path: Path
) -> None:
    two.export.folder.setText(str(tmp_path / "a"))
    two.export.files.look()
    two.export.folder.setText(str(tmp_path / "b"))
    files = exported(qtbot, two)
    assert {path.parent.parent for path in files} == {tmp_path / "b"}
    assert not (tmp_path / "a").exists()


def test_without_people_there_is_nothing_to_export(
    qtbot: QtBot, window: MainWindow, photo_file: Path, backend: FakeBackend
) -> None:
    backend.people = []
    drop_files(window, photo_file)
    qtbot.waitUntil(lambda: window.document.photo is not None and not window.conductor.is_running)
    assert names(window) == []
    assert not window.export.button.isEnabled()
    window.export.export()
    qtbot.wait(50)
    assert not window.conductor.is_running


def test_the_shipped_presets_go_together(two: MainWindow) -> None:
    for options in two.export.presets.shipped.values():
        assert options.problem() is None
    assert np.unique([one.format for one in two.export.presets.shipped.values()]).size >= 4


def test_a_project_keeps_how_it_is_exported(qtbot: QtBot, two: MainWindow, photo_file: Path, tmp_path: Path) -> None:
    chosen = ExportOptions(format="ora16", background="clean", profile="p3", name="{photo}-{name}")
    two.export.show_options(chosen)
    path = tmp_path / "two.instmatt"
    with qtbot.waitSignal(two.projects.used, timeout=20_000):
        two.projects.save_to(path)
    assert open_project(path).settings["export"] == chosen.to_json()
    two.export.show_options(ExportOptions())
    with qtbot.waitSignal(two.projects.restored, timeout=20_000):
        two.projects.open(path)
    assert two.export.options() == chosen
    # A project of another program, or of somebody who means harm, changes nothing that makes no sense.
    for wrong in ({}, {"export": None}, {"export": {"format": "../x"}}, {"export": {"name": "{name.__class__}"}}):
        two.export.restore(wrong)
        assert two.export.options() == chosen
    two.export.form.name.setText("{")
    assert two.export.kept() == {}


def test_the_form_offers_every_option_and_gives_back_what_it_is_shown(two: MainWindow) -> None:
    values = {
        "format": [*FORMATS, *DOCUMENTS],
        "layers": ["cutout", "alpha", "both", "trimap", "trimatte"],
        "background": ["photo", "clean", "none"],
        "colours": ["clean", "photo"],
        "cleaning": [0, 37, 100],
        "recomposable": [True, False],
        "canvas": [None, "full", "cropped"],
        "profile": ["keep", "srgb", "p3"],
        "metadata": [True, False],
        "name": ["{index:02}", "{photo} {name}"],
    }
    # An option that is new has to be offered, too.
    assert set(values) == {one.name for one in fields(ExportOptions)}
    for name, choices in values.items():
        for choice in choices:
            wanted = ExportOptions(**{name: choice})
            two.export.show_options(wanted)
            assert two.export.options() == wanted
