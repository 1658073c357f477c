"""The edge panel: for whom it is, that everything can be undone, that the window writes what the command line does."""

from pathlib import Path

import numpy as np
import pytest
from photos import GroupPhoto
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instmatt_app import api
from instmatt_app.cli import main
from instmatt_app.core.edges import Edge
from instmatt_app.core.edits import look
from instmatt_app.core.instance import Instance
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.ui.engines import Engines
from instmatt_app.ui.main_window import MainWindow


def edges(window: MainWindow) -> list[Edge]:
    return [one.edge for one in window.document.state.instances]


def test_a_slider_is_one_step_and_changes_whom_it_is_for(qtbot: QtBot, two: MainWindow) -> None:
    panel = two.edges
    before = two.conductor.result
    two.document.select((2,))
    for value in (10, 20, 35):
        panel.sliders["shift"].setValue(value)
    assert edges(two) == [Edge(), Edge(shift=3.5)]
    assert panel.numbers["shift"].value() == 3.5
    assert panel.whose.text() == "Person 2"
    qtbot.waitUntil(lambda: two.conductor.is_current)
    result = two.conductor.result
    assert before is not None
    assert result is not None
    assert result.alphas[1].sum() > 1.1 * before.alphas[1].sum()
    assert (result.alphas[0] == before.alphas[0]).all()
    assert "edges" in two.people.rows[2].state.text()
    assert two.people.rows[2].width() <= two.people.list.viewport().width()
    assert "edges" not in two.people.rows[1].state.text()
    two.document.history.undo()
    assert edges(two) == [Edge(), Edge()]
    assert two.conductor.result is before
    assert panel.sliders["shift"].value() == 0


def test_numbers_reset_and_several_people(qtbot: QtBot, two: MainWindow) -> None:
    panel = two.edges
    two.document.select((1, 2))
    assert panel.whose.text() == "2 people"
    panel.numbers["feather"].setValue(2.5)
    panel.numbers["contrast"].setValue(40)
    assert edges(two) == [Edge(feather=2.5, contrast=40)] * 2
    two.document.select((1,))
    assert panel.reset.isEnabled()
    panel.reset.click()
    assert edges(two) == [Edge(), Edge(feather=2.5, contrast=40)]
    assert not panel.reset.isEnabled()
    two.document.history.undo()
    assert edges(two)[0] == Edge(feather=2.5, contrast=40)


def test_who_is_locked_or_not_there_is_not_changed(qtbot: QtBot, two: MainWindow) -> None:
    two.document.do(look(1, "Lock", locked=True))
    two.document.select((1,))
    assert not two.edges.body.isEnabled()
    assert two.edges.whose.text() == "locked"
    two.document.select(())
    assert not two.edges.body.isEnabled()


def test_it_is_reached_with_the_keyboard(qtbot: QtBot, two: MainWindow) -> None:
    assert not two.edges.body.isVisible()
    two.document.select(())
    two.edges.begin()
    assert two.document.selected == (1,)
    assert two.edges.body.isVisible()
    assert two.focusWidget() is two.edges.sliders["shift"]
    QTest.keyClick(two.edges.sliders["shift"], Qt.Key.Key_Right)
    assert edges(two)[0] == Edge(shift=0.1)
    assert two.shortcuts.keys("edges") == ("Shift+E",)


def test_the_window_writes_what_the_command_line_writes(
    group: GroupPhoto, group_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--edge-shift=-1.5", "--feather", "1", "--edge-contrast", "30", "--drop-specks", "4"]
    boxes = [part for box in group.boxes for part in ("--box", ",".join(map(str, box)))]
    out = tmp_path / "command"
    assert main(["matte", str(group_file), *boxes, *options, "--layers", "both", "--out", str(out)]) == 0
    engines = Engines(api.MatteOptions(boxes=group.boxes))
    photo = api.read_photo(group_file)
    project = Project(photo, refinement=Refinement())
    finder = api.make_recogniser(api.MatteOptions(boxes=group.boxes))
    found = finder.find(photo, lambda *_: None)
    project.add(
        person(number, one.mask, one.box, Edge(shift=-1.5, feather=1, contrast=30, drop_specks=4))
        for number, one in enumerate(found, 1)
    )
    plain = Project(photo, [person(one.id, one.mask, one.box, Edge()) for one in project.instances])
    for one, own in zip(plain.instances, project.instances, strict=True):
        one.revision = own.revision
    first = engines.matte(plain, lambda *_: None)
    # Other edges run neither network nor refinement, and a preview of them is the whole answer.
    said: list[str] = []
    quick = engines.preview(project, first, lambda done, total, what: said.append(what))
    assert said == []
    assert quick is not None
    result = engines.matte(project, lambda *_: None)
    assert np.array_equal(result.alphas, quick.alphas)
    files = result.save(tmp_path / "window", layers="both")
    for path in files:
        assert path.read_bytes() == (out / "group" / path.name).read_bytes()


def person(number: int, mask: TilePlane, box: Rect, edge: Edge) -> Instance:
    return Instance(number, f"Person {number}", mask, box, edge=edge)
