"""The arrow of a tool bar that has no room for everything."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.theme import apply_theme
from instmatt_app.ui.tools.bar import BrushBar


@pytest.fixture
def plain_afterwards(qapp: QApplication) -> Iterator[QApplication]:
    style, palette = qapp.style().objectName(), qapp.palette()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)


def contrast(bar: BrushBar) -> int:
    """How far the lightest and the darkest pixel of the bar's arrow lie apart, of 255."""
    image = bar.overflow.grab().toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    levels = [QColor(image.pixel(*place)).lightness() for place in places]
    return max(levels) - min(levels)


def test_it_can_be_seen_on_dark_and_on_light(qtbot: QtBot, window: MainWindow, plain_afterwards: QApplication) -> None:
    bar = window.brush_bar
    for dark in (True, False):
        apply_theme(plain_afterwards, dark)
        window.resize(1600, 700)
        window.show()
        qtbot.waitUntil(lambda: not bar.overflow.isVisible())
        window.resize(850, 700)
        qtbot.waitUntil(bar.overflow.isVisible)
        assert contrast(bar) > 50
