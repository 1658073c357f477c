"""The people's list, the menu of a person, and the history as a list."""

import numpy as np
from fakes import FakeBackend
from hands import LEFT, RIGHT, drag, on_screen
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from instmatt_app.core import edits
from instmatt_app.core.hints import Hint
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.person_menu import person_menu

STROKE = edits.paint(1, Hint.UNDECIDED, Rect(1, 1, 9, 9), np.ones((8, 8), bool))


def chosen(window: MainWindow, number: int | None, text: str) -> None:
    menu = person_menu(window, number)
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.deleteLater()


def test_rows_stay_and_say_how_far_everybody_is(qtbot: QtBot, two: MainWindow, backend: FakeBackend) -> None:
    rows = dict(two.people.rows)
    assert rows[1].state.text() == "done · 0.90"
    two.conductor.runs_by_itself = False
    two.document.do(STROKE)
    assert two.people.rows == rows
    assert rows[1].state.text() == "edited, not run · 0.90"
    two.document.do(edits.keep_refinement([2], Refinement("none")))
    assert rows[2].state.text().endswith("· none")
    two.document.do(edits.remove_people([1]))
    assert list(two.people.rows) == [2]


def test_solo_is_one_step_and_takes_alt_or_the_menu(qtbot: QtBot, two: MainWindow) -> None:
    count = two.document.history.count()
    two.people.rows[2].solo_asked.emit()
    assert [one.visible for one in two.document.state.instances] == [False, True]
    assert two.document.history.count() == count + 1
    chosen(two, 2, "Only this person")
    assert all(one.visible for one in two.document.state.instances)


def test_eye_lock_and_name_in_the_row(qtbot: QtBot, two: MainWindow) -> None:
    row = two.people.rows[1]
    qtbot.mouseClick(row.eye, LEFT)
    qtbot.mouseClick(row.lock, LEFT)
    person = two.document.state.person(1)
    assert (person.visible, person.locked) == (False, True)
    assert row.eye.accessibleName() == "Show Person 1"
    two.people.rename(1)
    name = row.findChild(QLineEdit)
    assert isinstance(name, QLineEdit)
    qtbot.keyClicks(name, "Ann")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert two.document.state.person(1).name == "Ann"
    assert two.conductor.is_current, "Enter ended the name and ran nothing"


def test_the_row_lights_up_the_person_on_the_canvas(qtbot: QtBot, two: MainWindow) -> None:
    two.people.rows[2].hovered.emit(True)
    assert two.canvas.hovered == 2
    two.people.rows[2].hovered.emit(False)
    assert two.canvas.hovered is None


def test_a_click_of_the_right_button_asks_and_a_drag_paints(qtbot: QtBot, two: MainWindow) -> None:
    two.document.select([1])
    two.toolbox.use("brush")
    with qtbot.waitSignal(two.canvas.menu_asked) as asked:
        qtbot.mouseClick(two.canvas, RIGHT, pos=on_screen(two, 120, 50))
    assert asked.args[1] == 2
    assert two.document.state.person(1).hints is None
    two.menu.close()
    assert two.document.selected == (2,), "the menu is that of who is under the cursor"
    drag(qtbot, two, (64, 20), (64, 80), RIGHT)
    hints = two.document.state.person(2).hints
    assert hints is not None
    assert hints.full()[50, 64] == Hint.NOT_THIS_PERSON


def test_the_menu_locks_merges_and_deletes(qtbot: QtBot, two: MainWindow) -> None:
    chosen(two, 1, "Lock")
    assert two.document.state.person(1).locked
    chosen(two, 1, "Unlock")
    two.document.select([1, 2])
    chosen(two, 1, "These pieces are one person")
    assert two.document.state.ids() == (1,)
    chosen(two, 1, "Delete")
    assert two.document.state.ids() == ()
    zoomed = two.canvas.viewport
    two.canvas.zoom_by(2)
    chosen(two, None, "Whole photo")
    assert two.canvas.viewport == zoomed


def test_the_history_as_a_list(qtbot: QtBot, two: MainWindow) -> None:
    two.show_history()
    sheet = two.history
    two.document.do(STROKE)
    two.document.do(edits.look(2, "Rename", name="Ann"))
    texts = [sheet.list.item(row).text() for row in range(sheet.list.count())]
    assert texts == ["As it began", "Add people", "Paint", "Rename"]
    sheet.list.setCurrentRow(1)
    assert two.document.state.person(2).name == "Person 2"
    assert two.document.state.person(1).hints is None
    assert sheet.list.currentRow() == 1
    sheet.list.setCurrentRow(3)
    assert two.document.state.person(2).name == "Ann"


def test_layers_are_moved_with_the_keys(qtbot: QtBot, two: MainWindow) -> None:
    two.document.select([2])
    qtbot.keyClick(two.canvas, Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier)
    assert two.document.state.ids() == (2, 1)
    assert list(two.people.rows) == [2, 1]
    qtbot.keyClick(two.canvas, Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.ControlModifier)
    assert two.document.state.ids() == (1, 2)


def test_asking_beside_everybody_is_asking_about_the_photo(qtbot: QtBot, two: MainWindow) -> None:
    with qtbot.waitSignal(two.canvas.menu_asked) as asked:
        qtbot.mouseClick(two.canvas, RIGHT, pos=on_screen(two, 80, 5))
    assert asked.args[1] is None
    assert isinstance(asked.args[0], QPoint)
    two.menu.close()
