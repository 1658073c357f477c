"""The list of a cycle's order: it is made anew only where there is something new to show."""

from pytestqt.qtbot import QtBot

from instmatt_app.core.instance import Instance
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.ui.panels.order_list import OrderList


def people() -> list[Instance]:
    mask, box = TilePlane(4, 4), Rect(0, 0, 4, 4)
    return [Instance(id=number, name=f"Person {number}", box=box, mask=mask) for number in (1, 2, 3)]


def test_rows_stay_while_nothing_new_is_to_be_shown(qtbot: QtBot) -> None:
    """A run that ends meanwhile must not take the row out of the hand that drags it."""
    order = OrderList()
    qtbot.addWidget(order)
    order.show_order(people(), (2, 1))
    rows = [order.item(row) for row in range(3)]
    order.show_order(people(), (2, 1))
    assert [order.item(row) for row in range(3)] == rows
    assert order.order() == (2, 1)
    order.show_order(people(), (1, 2, 3))
    assert order.order() == (1, 2, 3)


def test_what_hands_changed_is_shown_anew(qtbot: QtBot) -> None:
    order = OrderList()
    qtbot.addWidget(order)
    order.show_order(people(), (1, 2, 3))
    order.model().moveRow(order.rootIndex(), 0, order.rootIndex(), 3)
    assert order.order() == (2, 3, 1)
    # The document did not take it.
    order.show_order(people(), (1, 2, 3))
    assert order.order() == (1, 2, 3)
