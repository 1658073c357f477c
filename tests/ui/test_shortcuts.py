"""Keys can be given to other actions, conflicts are said and solved, and everything can be as it was."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.settings import Settings
from instmatt_app.ui.shortcut_sheet import ShortcutSheet
from instmatt_app.ui.shortcuts import HELD, portable


@pytest.fixture
def sheet(window: MainWindow) -> ShortcutSheet:
    window.beside.show_shortcuts()
    shown = window.beside.open["shortcuts"]
    assert isinstance(shown, ShortcutSheet)
    return shown


def choose(sheet: ShortcutSheet, name: str) -> None:
    row = next(row for row, one in enumerate(sheet._shortcuts.bound) if one.name == name)
    sheet.table.setCurrentCell(row, 0)


def shown(sheet: ShortcutSheet) -> list[int]:
    return [row for row in range(sheet.table.rowCount()) if not sheet.table.isRowHidden(row)]


def test_no_two_actions_have_the_same_key_and_none_a_held_one(window: MainWindow) -> None:
    keys = [portable(key) for one in window.shortcuts.bound for key in one.own]
    assert len(set(keys)) == len(keys) > 40
    assert not set(keys) & set(HELD)
    names = [one.name for one in window.shortcuts.bound]
    assert len(set(names)) == len(names)


def test_the_sheet_can_be_searched(sheet: ShortcutSheet) -> None:
    assert len(shown(sheet)) == sheet.table.rowCount() > 40
    sheet.search.setText("hold Space")
    assert len(shown(sheet)) == 1
    sheet.table.setCurrentCell(shown(sheet)[0], 0)
    assert not sheet.none.isEnabled(), "what the photo itself does has no key to change"
    sheet.search.setText("lasso")
    item = sheet.table.item(shown(sheet)[0], 2)
    assert len(shown(sheet)) == 1
    assert item is not None
    assert item.text() == "L"


def test_a_new_key_calls_the_action_at_once_and_is_kept(qtbot: QtBot, two: MainWindow, settings: Settings) -> None:
    two.beside.show_shortcuts()
    sheet = two.beside.open["shortcuts"]
    assert isinstance(sheet, ShortcutSheet)
    choose(sheet, "tool-lasso")
    assert not sheet.replace.isEnabled()
    qtbot.keyClick(sheet.key, Qt.Key.Key_J)
    assert sheet.said.text() == ""
    sheet.replace.click()
    assert settings.now.shortcuts == {"tool-lasso": ("J",)}
    assert "(J)" in two.toolbox.actions["lasso"].toolTip()
    sheet.close()
    two.activateWindow()
    qtbot.keyClick(two, Qt.Key.Key_J)
    assert two.canvas.tool is two.toolbox.tools["lasso"]
    two.toolbox.use("pick")
    qtbot.keyClick(two, Qt.Key.Key_L)
    assert two.canvas.tool is two.toolbox.tools["pick"]


def test_a_conflict_is_said_and_the_key_changes_hands(sheet: ShortcutSheet, window: MainWindow) -> None:
    choose(sheet, "tool-lasso")
    sheet.key.setKeySequence(QKeySequence("B"))
    assert "B calls “Brush: paint the chosen class”" in sheet.said.text()
    sheet.add.click()
    assert window.shortcuts.keys("tool-lasso") == ("L", "B")
    assert window.shortcuts.keys("tool-brush") == ()
    choose(sheet, "tool-brush")
    assert sheet.reset.isEnabled()
    assert not sheet.none.isEnabled()
    sheet.reset.click()
    assert window.shortcuts.keys("tool-lasso") == ("L",)
    assert window.settings.now.shortcuts == {}, "what is as it was at first is no preference"


def test_a_held_key_is_refused(sheet: ShortcutSheet, window: MainWindow) -> None:
    choose(sheet, "tool-lasso")
    sheet.key.setKeySequence(QKeySequence("Space"))
    assert "The photo itself uses" in sheet.said.text()
    assert not sheet.replace.isEnabled()
    window.shortcuts.give("tool-lasso", ["P"])
    assert window.shortcuts.keys("tool-lasso") == ()


def test_no_key_and_all_as_at_first(sheet: ShortcutSheet, window: MainWindow) -> None:
    choose(sheet, "quit")
    sheet.none.click()
    assert window.settings.now.shortcuts == {"quit": ()}
    sheet.reset_all.click()
    assert window.shortcuts.keys("quit") == ("Ctrl+Q",)
    assert window.settings.now.shortcuts == {}


def test_an_unknown_action_of_a_newer_program_keeps_its_keys(window: MainWindow) -> None:
    window.settings.change(shortcuts={"hologram": ("Ctrl+9",)})
    window.shortcuts.give("quit", ["Ctrl+W"])
    assert window.settings.now.shortcuts == {"hologram": ("Ctrl+9",), "quit": ("Ctrl+W",)}


def test_nonsense_in_the_file_is_no_key(window: MainWindow) -> None:
    window.settings.change(shortcuts={"quit": ("no such key",)})
    action = next(one.action for one in window.shortcuts.bound if one.name == "quit")
    assert action.shortcuts() == []
