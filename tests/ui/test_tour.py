"""The tour points at real controls, can be left at any time, and blocks nothing."""

import pytest
from hands import drop_files
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.tour import Tour


@pytest.fixture
def tour(window: MainWindow) -> Tour:
    window.beside.start_tour()
    return window.beside.tour


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_each_step_points_at_a_control_and_fits_into_the_window(tour: Tour, window: MainWindow) -> None:
    assert len(tour.steps) >= 6
    said = set()
    for number, step in enumerate(tour.steps):
        assert tour.place == number
        target = step.target()
        assert window.isAncestorOf(target)
        assert window.rect().contains(place(tour.bubble, window)), step.title
        if target.isVisible():
            assert tour.ring.isVisible()
            assert place(tour.ring, window).intersects(place(target, window))
        said.add(tour.bubble.words())
        tour.bubble.next.click()
    assert len(said) == len(tour.steps)
    assert not tour.is_on
    assert not tour.ring.isVisible()


def test_keys_lead_through_it(qtbot: QtBot, tour: Tour) -> None:
    qtbot.keyClick(tour.bubble.next, Qt.Key.Key_Space)
    assert tour.place == 1
    qtbot.keyClick(tour.bubble.back, Qt.Key.Key_Space)
    assert tour.place == 0
    assert not tour.bubble.back.isEnabled()
    for button in (tour.bubble.next, tour.bubble.back, tour.bubble.skip):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert button.text()


def test_it_can_be_skipped_and_begun_again(tour: Tour, window: MainWindow) -> None:
    tour.bubble.next.click()
    tour.bubble.skip.click()
    assert not tour.is_on
    window.beside.start_tour()
    assert tour.place == 0
    assert tour.is_on


def test_the_window_is_used_meanwhile(qtbot: QtBot, tour: Tour, window: MainWindow, photo_file: object) -> None:
    drop_files(window, photo_file)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: window.conductor.is_current)
    assert tour.is_on
    window.resize(1000, 700)
    tour.go_to(len(tour.steps) - 1)
    assert window.rect().contains(place(tour.bubble, window))
