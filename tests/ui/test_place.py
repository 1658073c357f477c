"""Where the window comes up."""

from PySide6.QtCore import QRect, QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instmatt_app.ui import place


def new_window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(1440, 900)
    qtbot.addWidget(window)
    return window


def test_the_first_time_it_is_as_large_as_it_likes_where_the_screen_has_room(qtbot: QtBot) -> None:
    window = new_window(qtbot)
    place.put(window, QRect(0, 0, 1920, 1050))
    assert (window.width(), window.height(), window.isMaximized()) == (1440, 900, False)


def test_it_is_no_larger_than_a_small_screen(qtbot: QtBot) -> None:
    for width, height in ((1366, 738), (1440, 900), (1024, 700)):
        window = new_window(qtbot)
        place.put(window, QRect(0, 0, width, height))
        assert window.isMaximized()
        assert window.width() < width
        assert window.height() < height - 40, "there is a title above it"


def test_it_comes_back_where_it_was_left(qtbot: QtBot) -> None:
    # The screen of the tests has 800 × 800 pixels.
    left = new_window(qtbot)
    left.setGeometry(40, 60, 500, 400)
    left.show()
    place.keep(left)
    again = new_window(qtbot)
    place.put(again, QRect(0, 0, 800, 800))
    assert again.geometry() == QRect(40, 60, 500, 400)
    assert not again.isMaximized()


def test_what_was_kept_and_makes_no_sense_is_no_place(qtbot: QtBot) -> None:
    QSettings().setValue("window/geometry", "nowhere")
    window = new_window(qtbot)
    place.put(window, QRect(0, 0, 1920, 1050))
    assert (window.width(), window.height()) == (1440, 900)
