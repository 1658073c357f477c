"""Unexpected errors, on whatever thread, are written down, said calmly, and the work is kept first."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer, QtMsgType, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instmatt_app.ui import trouble as module
from instmatt_app.ui.dialogs.trouble import MOST
from instmatt_app.ui.jobs import Job, Lane
from instmatt_app.ui.trouble import Trouble


@pytest.fixture
def kept() -> list[str]:
    return []


@pytest.fixture
def trouble(qtbot: QtBot, kept: list[str]) -> Iterator[Trouble]:
    window = QWidget()
    qtbot.addWidget(window)
    before = (sys.excepthook, threading.excepthook)
    made = Trouble(window, lambda: kept.append("kept"))
    made.install()
    yield made
    made.uninstall()
    assert (sys.excepthook, threading.excepthook) == before


def fail() -> None:
    raise KeyError("nobody thought of this")


def test_an_error_in_the_window_is_said_and_the_program_goes_on(
    qtbot: QtBot, trouble: Trouble, kept: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: trouble.dialog is not None)
    dialog = trouble.dialog
    assert dialog is not None
    assert not dialog.isModal()
    assert kept == ["kept"]
    assert "nobody thought of this" in dialog.words.text()
    assert not dialog.details.isVisible()
    dialog.show_button.click()
    assert dialog.details.isVisible()
    assert "in fail" in dialog.details.toPlainText()
    assert "nobody thought of this" in caplog.text
    dialog.accept()
    assert trouble.dialog is None


def test_errors_of_any_thread_come_to_one_dialog_and_are_counted(qtbot: QtBot, trouble: Trouble) -> None:
    for number in range(MOST + 3):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda n=number: trouble.dialog is not None and trouble.dialog.count == n + 1)
    assert trouble.dialog is not None
    assert f"({MOST + 3} times)" in trouble.dialog.words.text()
    assert trouble.dialog.details.toPlainText().count("Traceback") == MOST


def test_what_a_job_did_not_expect_is_said_and_what_is_a_sentence_is_not(qtbot: QtBot, trouble: Trouble) -> None:
    lane = Lane("test")
    trouble.watch(lane)

    def refuse(step: object) -> None:
        raise ValueError("This file is damaged.")

    with qtbot.waitSignal(lane.failed):
        lane.submit(Job("expected", refuse))
    assert trouble.dialog is None
    with qtbot.waitSignal(lane.failed):
        lane.submit(Job("unexpected", lambda step: fail()))
    qtbot.waitUntil(lambda: trouble.dialog is not None)
    lane.close()


def test_details_can_be_copied(qtbot: QtBot, trouble: Trouble) -> None:
    trouble.on_error(KeyError, KeyError("here"), None)
    dialog = trouble.dialog
    assert dialog is not None
    copy = next(one for one in dialog.findChildren(type(dialog.show_button)) if one.text() == "Copy the details")
    copy.click()
    assert "here" in QGuiApplication.clipboard().text()


def test_even_if_the_work_cannot_be_kept_it_is_said(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    made = Trouble(window, fail)
    made.on_error(ValueError, ValueError("first"), None)
    assert made.dialog is not None
    assert "first" in made.dialog.words.text()


def test_ctrl_c_is_no_trouble(trouble: Trouble, capsys: pytest.CaptureFixture[str]) -> None:
    trouble.on_error(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert trouble.dialog is None
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_what_qt_says_is_written_down(
    trouble: Trouble, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        qWarning("a warning of Qt's")
        module._on_qt(QtMsgType.QtDebugMsg, None, "only for developers")
    assert [(one.levelname, one.message) for one in caplog.records] == [
        ("WARNING", "a warning of Qt's"),
        ("DEBUG", "only for developers"),
    ]
    assert "a warning of Qt's" in capsys.readouterr().err
