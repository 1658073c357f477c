"""Windows beside the main one: open once, from the menu, and gone when they are closed."""

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from pytestqt.qtbot import QtBot

from instmatt_app.ui import beside as module
from instmatt_app.ui.dialogs.guide import GuideWindow
from instmatt_app.ui.main_window import MainWindow


def action(window: MainWindow, text: str) -> QAction:
    return next(one for one in window.findChildren(QAction) if one.text() == text)


@pytest.mark.parametrize(("text", "name"), [("Preferences…", "preferences"), ("Guide", "guide")])
def test_each_opens_once_and_blocks_nothing(qtbot: QtBot, window: MainWindow, text: str, name: str) -> None:
    action(window, text).trigger()
    shown = window.beside.open[name]
    assert shown.isVisible()
    assert not shown.isModal()
    action(window, text).trigger()
    assert window.beside.open[name] is shown
    shown.close()
    qtbot.waitUntil(lambda: name not in window.beside.open)
    action(window, text).trigger()
    assert window.beside.open[name].isVisible()


def test_none_is_larger_than_the_screen(window: MainWindow) -> None:
    # The guide likes 1000 × 760; the screen of the tests has 800 × 800.
    screen = window.screen().availableGeometry()
    window.beside.show_guide()
    shown = window.beside.open["guide"]
    assert (shown.width(), shown.height()) == (screen.width(), min(760, screen.height() - 40))
    window.beside.show_preferences()
    assert window.beside.open["preferences"].width() < screen.width(), "what is small enough has the size of its words"


def test_help_leads_to_the_page_of_troubleshooting(window: MainWindow) -> None:
    action(window, "When something does not work").trigger()
    guide = window.beside.open["guide"]
    assert isinstance(guide, GuideWindow)
    assert guide.page.name == "troubleshooting.md"


def test_a_report_comes_to_the_clipboard(qtbot: QtBot, two: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, str]] = []

    def report(log: object, facts: dict[str, str], step: object) -> str:
        asked.append(facts)
        return f"report {facts['Engine in use']}"

    monkeypatch.setattr(module, "report", report)
    two.settings.change(theme="dark")
    two.beside.copy_report()
    two.beside.copy_report()
    qtbot.waitUntil(lambda: "clipboard" in two.message.text())
    assert QGuiApplication.clipboard().text() == "report fake on cpu"
    assert len(asked) == 1
    assert asked[0]["Preferences"] == "theme=dark"


def test_a_report_that_fails_is_said(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def report(*given: object) -> str:
        raise OSError("The disk is gone.")

    monkeypatch.setattr(module, "report", report)
    window.beside.copy_report()
    qtbot.waitUntil(lambda: window.message.text() == "The disk is gone.")
    monkeypatch.setattr(module, "report", lambda *given: "again")
    window.beside.copy_report()
    qtbot.waitUntil(lambda: "clipboard" in window.message.text())
