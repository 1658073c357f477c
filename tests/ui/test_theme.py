"""What can be seen of the window's controls, dark and light."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox, QListWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.panels.order_list import OrderList
from instmatt_app.ui.theme import apply_theme


@pytest.fixture
def plain_afterwards(qapp: QApplication) -> Iterator[QApplication]:
    style, palette = qapp.style().objectName(), qapp.palette()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)


def contrast(widget: QWidget) -> int:
    """How far the lightest and the darkest pixel of a widget lie apart, of 255."""
    image = widget.grab().toImage()
    levels = [QColor(image.pixel(x, y)).lightness() for x in range(image.width()) for y in range(image.height())]
    return max(levels) - min(levels)


@pytest.mark.parametrize("dark", [True, False])
def test_a_box_that_is_not_ticked_can_be_seen(qtbot: QtBot, plain_afterwards: QApplication, dark: bool) -> None:
    apply_theme(plain_afterwards, dark)
    box, listed = QCheckBox(), OrderList()
    item = QListWidgetItem("")
    item.setCheckState(Qt.CheckState.Unchecked)
    listed.addItem(item)
    for widget in (box, listed):
        qtbot.addWidget(widget)
        widget.show()
        assert contrast(widget) > 70


def test_eye_and_lock_are_drawn_anew_in_another_theme(
    qtbot: QtBot, two: MainWindow, plain_afterwards: QApplication
) -> None:
    two.show()
    for dark in (True, False, True):
        apply_theme(plain_afterwards, dark)
        qtbot.wait(20)
        row = two.people.rows[2]
        for button in (row.eye, row.lock):
            image = button.icon().pixmap(20).toImage()
            drawn = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
            darkest = min(one.lightness() for one in drawn if one.alpha() == 255)
            assert (darkest > 128) == dark


def test_the_arrow_of_a_narrow_bar_can_be_seen(
    qtbot: QtBot, window: MainWindow, plain_afterwards: QApplication
) -> None:
    bar = window.brush_bar
    for dark in (True, False):
        apply_theme(plain_afterwards, dark)
        window.resize(1600, 700)
        window.show()
        qtbot.waitUntil(lambda: not bar.overflow.isVisible())
        window.resize(850, 700)
        qtbot.waitUntil(bar.overflow.isVisible)
        assert contrast(bar.overflow) > 50
