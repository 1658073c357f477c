"""Zoom, select and hand; what Tab does on the photo; the alpha in the clipboard."""

import numpy as np
import pytest
from hands import LEFT, drag, on_screen
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instmatt_app.ui.images import array_of
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.shortcut_sheet import ShortcutSheet


def test_the_zoom_tool_comes_nearer_goes_farther_and_fills_the_window(qtbot: QtBot, two: MainWindow) -> None:
    canvas = two.canvas
    two.toolbox.use("zoom")
    before = canvas.viewport.zoom
    at = on_screen(two, 120, 50)
    under = canvas.viewport.to_photo(at.x(), at.y())
    qtbot.mouseClick(canvas, LEFT, pos=at)
    assert canvas.viewport.zoom == pytest.approx(1.5 * before)
    assert canvas.viewport.to_photo(at.x(), at.y()) == pytest.approx(under)
    qtbot.mouseClick(canvas, LEFT, Qt.KeyboardModifier.AltModifier, at)
    assert canvas.viewport.zoom == pytest.approx(before)
    drag(qtbot, two, (100, 20), (140, 40))
    left, top = canvas.viewport.to_photo(0, 0)
    right, bottom = canvas.viewport.to_photo(canvas.width(), canvas.height())
    assert left <= 101
    assert right >= 139
    assert (left + right) / 2 == pytest.approx(120, abs=1)
    assert (top + bottom) / 2 == pytest.approx(30, abs=1)
    assert min(right - left - 40, bottom - top - 20) == pytest.approx(0, abs=2)
    assert two.document.state.ids() == (1, 2)


def test_the_select_tool_chooses_and_moves_and_draws_no_boxes(qtbot: QtBot, two: MainWindow) -> None:
    two.toolbox.use("select")
    qtbot.mouseClick(two.canvas, LEFT, pos=on_screen(two, 120, 50))
    assert two.document.selected == (2,)
    qtbot.mouseClick(two.canvas, LEFT, Qt.KeyboardModifier.ShiftModifier, on_screen(two, 40, 50))
    assert two.document.selected == (1, 2)
    before = two.canvas.viewport
    drag(qtbot, two, (20, 20), (60, 40))
    assert two.canvas.viewport.left == pytest.approx(before.left - 40, abs=1)
    assert two.document.selected == (1, 2)
    assert two.document.state.ids() == (1, 2)


def test_tab_on_the_photo_gives_it_all_the_room(qtbot: QtBot, two: MainWindow) -> None:
    two.canvas.setFocus()
    width = two.canvas.width()
    QTest.keyClick(two.canvas, Qt.Key.Key_Tab)
    assert two.side.isHidden()
    assert two.tool_bar.isHidden()
    assert two.brush_bar.isHidden()
    qtbot.waitUntil(lambda: two.canvas.width() > width + 300)
    QTest.keyClick(two.canvas, Qt.Key.Key_Tab)
    assert two.side.isVisible()
    assert two.tool_bar.isVisible()
    # Elsewhere it goes from control to control.
    two.people.list.setFocus()
    QTest.keyClick(two.people.list, Qt.Key.Key_Tab)
    assert two.side.isVisible()
    assert not two.people.list.hasFocus()


def test_keys_that_are_held_stand_in_the_sheet(two: MainWindow) -> None:
    two.beside.show_shortcuts()
    sheet = two.beside.open["shortcuts"]
    assert isinstance(sheet, ShortcutSheet)
    table = sheet.table
    keys = [table.item(row, 2).text() for row in range(table.rowCount())]
    assert {"Z", "V", "hold P", "Tab, with the cursor on the photo", "Alt+click on the eye"} <= set(keys)


def test_the_alpha_goes_to_the_clipboard(qtbot: QtBot, two: MainWindow) -> None:
    two.document.select([2])
    two.exchange.copy_mask()
    qtbot.waitUntil(lambda: "alpha" in two.message.text())
    grey = array_of(QGuiApplication.clipboard().image())
    assert grey.shape == (96, 160, 3)
    assert np.array_equal(grey[..., 0] > 127, two.document.state.person(2).mask.full() > 127)
