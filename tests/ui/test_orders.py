"""All orders in the window: sorted, one chosen, cancelled, and never those of another state of the people."""

import threading

import numpy as np
import pytest
from fakes import FakeBackend
from hands import LEFT
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from instmatt_app.api import Result
from instmatt_app.core import edits
from instmatt_app.core.hints import Hint
from instmatt_app.core.instance import Instance
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.order_tried import SIDE, orders_tried


@pytest.fixture
def tried(qtbot: QtBot, two: MainWindow) -> MainWindow:
    qtbot.mouseClick(two.refinement.orders_panel.button, LEFT)
    qtbot.waitUntil(lambda: bool(two.orders.tried))
    return two


def stroke(window: MainWindow) -> None:
    window.document.do(edits.paint(1, Hint.THIS_PERSON, Rect(70, 40, 76, 46), np.ones((6, 6), bool)))


def test_they_come_sorted_and_the_chosen_one_is_marked(qtbot: QtBot, tried: MainWindow) -> None:
    panel = tried.refinement.orders_panel
    assert [one.order for one in tried.orders.tried] == [(2, 1), (1, 2)]
    assert panel.list.item(0).text() == "Σα 0.00500\nPerson 2 → Person 1"
    assert not panel.list.item(0).icon().isNull()
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    wish = tried.document.state.refinement
    assert (wish.strategy, wish.order) == ("cycle", (2, 1))
    assert panel.list.item(0).text().startswith("Σα 0.00500  ✓")
    assert len(tried.orders.tried) == 2, "the others can still be chosen"
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    qtbot.mouseClick(panel.use, LEFT)
    assert tried.document.state.refinement.order == (1, 2)
    tried.document.history.undo()
    tried.document.history.undo()
    assert tried.document.state.refinement.strategy == "parallel"
    assert "✓" not in panel.list.item(0).text()


def test_another_state_of_the_people_lets_them_go(qtbot: QtBot, tried: MainWindow) -> None:
    tried.document.do(edits.look(1, "Rename", name="Ann"))
    assert "Ann" in tried.refinement.orders_panel.list.item(0).text()
    stroke(tried)
    assert tried.orders.tried == []
    assert not tried.refinement.orders_panel.list.isVisible()
    assert not tried.refinement.orders_panel.button.isChecked()


def test_they_can_be_stopped_and_what_comes_late_is_not_shown(
    qtbot: QtBot, two: MainWindow, backend: FakeBackend
) -> None:
    backend.hold = threading.Event()
    two.orders.begin()
    qtbot.waitUntil(lambda: len(backend.tried) == 1)
    assert two.orders.is_running
    two.stop()
    qtbot.waitUntil(lambda: not two.orders.is_running)
    assert two.orders.tried == []
    two.orders.begin()
    qtbot.waitUntil(lambda: len(backend.tried) == 2)
    stroke(two)
    assert not two.orders.is_running
    backend.hold.set()
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert two.orders.tried == []


def test_only_for_two_to_four_people(qtbot: QtBot, two: MainWindow) -> None:
    assert two.orders.can_try()
    two.document.do(edits.remove_people([2]))
    qtbot.waitUntil(lambda: two.conductor.is_current)
    assert not two.orders.can_try()
    assert not two.refinement.orders_panel.button.isEnabled()
    two.orders.begin()
    assert not two.orders.is_running


def test_all_pictures_show_the_place_where_the_orders_differ() -> None:
    photo = Photo(np.full((300, 500, 3), 128, np.uint8))
    people = [Instance(1, "A", TilePlane(300, 500), Rect(0, 0, 500, 300), colour=(255, 0, 0))]

    def result(alpha: float, error: float) -> Result:
        alphas = np.zeros((2, 300, 500), np.float32)
        alphas[0, :, :100] = 1
        alphas[0, 220:260, 380:420] = alpha
        alphas[1] = 1 - alphas[0]
        return Result(photo, people, alphas, "e", "r", "cpu", {"after refinement": error}, {})

    first, second = orders_tried(photo, [((1, 2), result(0, 0.2)), ((2, 1), result(1, 0.1))])
    assert (first.order, second.order) == ((2, 1), (1, 2))
    assert first.picture.shape == (SIDE, SIDE, 3)
    assert (second.picture == 128).all(), "the same piece, where nobody is in this order"
    middle = first.picture[SIDE // 2 - 3 : SIDE // 2 + 3, SIDE // 2 - 3 : SIDE // 2 + 3].astype(int)
    assert (middle[..., 0] > middle[..., 1] + 60).all()
