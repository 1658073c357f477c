"""History: going back and forth, series that are one step, and what is let go when memory is short."""

from itertools import count

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from instmatt_app.core import edits
from instmatt_app.core.edits import State
from instmatt_app.core.interfaces import Detection
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.ui.history import History

REVISIONS = count(1)


def grown(state: State, nbytes: int) -> State:
    # Three levels, so that every pixel costs its byte.
    mask = np.arange(nbytes, dtype=np.uint8)[None] % np.uint8(3)
    found = Detection(TilePlane.of(mask), None, Rect(0, 0, nbytes, 1))
    return edits.add_people([found]).change(state, lambda: next(REVISIONS))


@pytest.fixture
def history(qapp: object) -> History:
    made = History(budget=250)
    made.begin(State())
    return made


def test_there_and_back(history: History, qtbot: QtBot) -> None:
    first = history.state
    history.push("a", grown(first, 10))
    history.push("b", grown(history.state, 10))
    last = history.state
    history.go_to(0)
    assert history.state is first
    assert history.can_redo()
    assert not history.can_undo()
    with qtbot.assertNotEmitted(history.moved):
        history.undo()
        history.go_to(9)
    history.go_to(2)
    assert history.state is last
    assert history.texts == ["a", "b"]


def test_what_was_undone_is_gone_after_a_new_step(history: History) -> None:
    history.push("a", grown(history.state, 10))
    history.undo()
    history.push("b", grown(history.state, 10))
    assert history.texts == ["b"]
    assert not history.can_redo()


def test_a_series_is_one_step(history: History) -> None:
    first = history.state
    for _ in range(3):
        history.push("slide", grown(first, 1), "passes")
    history.push("other", grown(first, 1))
    history.push("slide", grown(first, 1), "passes")
    assert history.texts == ["slide", "other", "slide"]
    history.go_to(0)
    assert history.state is first


def test_the_oldest_steps_go_when_memory_is_short(history: History) -> None:
    for text in "abcd":
        history.push(text, grown(history.state, 100))
    assert history.texts == ["c", "d"]
    assert history.nbytes == 200
    history.undo()
    history.undo()
    assert len(history.state.instances) == 2
    history.push("huge", grown(history.state, 1000))
    assert history.texts == ["huge"]


def test_clean_is_a_state_and_not_a_number_of_steps(history: History) -> None:
    assert history.is_clean()
    history.push("a", grown(history.state, 10))
    assert not history.is_clean()
    history.set_clean()
    history.undo()
    assert not history.is_clean()
    history.push("b", grown(history.state, 10))
    assert not history.is_clean()
