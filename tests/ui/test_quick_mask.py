"""The quick mask: a film that strokes wipe off and lay on, one step of the history, gone without a trace on Esc."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instmatt_app.core.edits import look, set_edge
from instmatt_app.core.hints import Hint
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.ui.main_window import MainWindow


def drag(window: MainWindow, start: tuple[float, float], end: tuple[float, float], button: Qt.MouseButton) -> None:
    first, last = (QPointF(*window.canvas.viewport.to_widget(*point)).toPoint() for point in (start, end))
    QTest.mousePress(window.canvas, button, Qt.KeyboardModifier.NoModifier, first)
    for part in range(1, 6):
        QTest.mouseMove(window.canvas, first + (last - first) * part / 5)
    QTest.mouseRelease(window.canvas, button, Qt.KeyboardModifier.NoModifier, last)


@pytest.fixture
def filmed(two: MainWindow) -> MainWindow:
    """The window with a film over the first person's mask, and a brush of 10 pixels."""
    two.document.select((1,))
    QTest.keyClick(two.canvas, Qt.Key.Key_Q)
    two.toolbox.brush.set_radius(5)
    return two


def mask_of(window: MainWindow, person: int = 1) -> TilePlane:
    return window.document.state.person(person).mask


def test_q_begins_with_a_brush_in_hand_and_q_applies_one_step(qtbot: QtBot, filmed: MainWindow) -> None:
    assert filmed.canvas.quick_mask.is_active
    assert filmed.toolbox.actions["brush"].isChecked()
    steps, before = filmed.document.history.count(), mask_of(filmed)
    drag(filmed, (70, 50), (80, 50), Qt.MouseButton.LeftButton)
    drag(filmed, (25, 30), (35, 30), Qt.MouseButton.RightButton)
    assert filmed.document.history.count() == steps
    assert mask_of(filmed) is before
    QTest.keyClick(filmed.canvas, Qt.Key.Key_Q)
    assert not filmed.canvas.quick_mask.is_active
    assert filmed.document.history.count() == steps + 1
    after = mask_of(filmed).full()
    assert (after[48:52, 70:80] == 255).all()
    assert (after[28:32, 25:35] == 0).all()
    assert after[60, 40] == 255
    qtbot.waitUntil(lambda: filmed.conductor.is_current)
    assert filmed.conductor.result is not None
    assert filmed.conductor.result.alphas[0][50, 75] == 1
    filmed.undo()
    assert mask_of(filmed) is before


def test_undo_goes_stroke_by_stroke_and_escape_leaves_no_trace(qtbot: QtBot, filmed: MainWindow) -> None:
    film, steps = filmed.canvas.quick_mask, filmed.document.history.count()
    first = film.mask
    drag(filmed, (70, 50), (80, 50), Qt.MouseButton.LeftButton)
    second = film.mask
    drag(filmed, (70, 60), (80, 60), Qt.MouseButton.LeftButton)
    filmed.undo()
    assert np.array_equal(film.mask.full(), second.full())
    filmed.undo()
    assert np.array_equal(film.mask.full(), first.full())
    drag(filmed, (70, 60), (80, 60), Qt.MouseButton.LeftButton)
    QTest.keyClick(filmed.canvas, Qt.Key.Key_Escape)
    assert not film.is_active
    assert filmed.document.history.count() == steps


def test_enter_applies_and_the_eraser_brings_back_what_was(qtbot: QtBot, filmed: MainWindow) -> None:
    film, before = filmed.canvas.quick_mask, mask_of(filmed)
    area, where = Rect(60, 40, 90, 60), np.ones((20, 30), bool)
    film.paint(Hint.THIS_PERSON, area, where)
    film.paint(Hint.NONE, Rect(75, 40, 90, 60), where[:, :15])
    film.paint(Hint.UNDECIDED, area, where)
    QTest.keyClick(filmed.canvas, Qt.Key.Key_Return)
    after = mask_of(filmed).full()
    assert (after[40:60, 60:75] == 255).all()
    assert (after[40:60, 75:90] == 0).all()
    assert (after[:, :60] == before.full()[:, :60]).all()


def test_a_soft_brush_leaves_a_slope(qtbot: QtBot, filmed: MainWindow) -> None:
    y, x = np.mgrid[:30, :30] - 15
    inner, whole = np.hypot(x, y) <= 5, np.hypot(x, y) <= 12
    filmed.canvas.quick_mask.paint(Hint.THIS_PERSON, Rect(65, 30, 95, 60), inner, whole)
    row = filmed.canvas.quick_mask.mask.full()[45, 80:95].astype(int)
    assert row[:5].min() >= 200
    assert (np.diff(row) <= 0).all()
    assert ((row > 40) & (row < 215)).sum() >= 4


def test_the_film_is_red_where_the_person_is_not(qtbot: QtBot, filmed: MainWindow) -> None:
    picture = filmed.canvas.grab().toImage()

    def at(x: float, y: float) -> tuple[int, int, int]:
        colour = picture.pixelColor(QPointF(*filmed.canvas.viewport.to_widget(x, y)).toPoint())
        return colour.red(), colour.green(), colour.blue()

    filmed.canvas.hold_original(True)
    plain = filmed.canvas.grab().toImage()
    inside, outside = (QPointF(*filmed.canvas.viewport.to_widget(*p)).toPoint() for p in ((40, 40), (80, 50)))
    assert plain.pixelColor(inside).getRgb()[:3] == at(40, 40)
    red, green, _ = at(80, 50)
    assert red > plain.pixelColor(outside).red()
    assert green < plain.pixelColor(outside).green()


def test_other_changes_leave_the_film_and_another_person_applies_it(qtbot: QtBot, filmed: MainWindow) -> None:
    film = filmed.canvas.quick_mask
    film.paint(Hint.THIS_PERSON, Rect(60, 40, 70, 50), np.ones((10, 10), bool))
    filmed.document.do(set_edge([2], {"feather": 1}))
    filmed.document.do(look(1, "Rename", name="Ann"))
    assert film.is_active
    filmed.document.select((2,))
    assert not film.is_active
    assert (mask_of(filmed).full()[40:50, 60:70] == 255).all()
    filmed.document.select((1,))
    film.begin()
    film.paint(Hint.THIS_PERSON, Rect(60, 60, 70, 70), np.ones((10, 10), bool))
    filmed.document.history.undo()
    assert not film.is_active, "the mask that it was made of is another one"


def test_it_says_why_it_cannot(qtbot: QtBot, two: MainWindow) -> None:
    film = two.canvas.quick_mask
    two.document.select(())
    film.toggle()
    assert not film.is_active
    assert "Choose the person" in two.message.text()
    two.document.do(look(2, "Lock", locked=True))
    two.document.select((2,))
    film.toggle()
    assert not film.is_active
    assert "locked" in two.message.text()
    two.document.select((1,))
    film.toggle()
    film.paint(Hint.NOT_THIS_PERSON, Rect(0, 0, 160, 96), np.ones((96, 160), bool))
    film.toggle()
    assert "delete the person instead" in two.message.text()
    assert not mask_of(two).is_empty
