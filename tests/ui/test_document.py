import numpy as np
from pytestqt.qtbot import QtBot

from instmatt_app.core import edits
from instmatt_app.core.hints import Hint
from instmatt_app.core.interfaces import Detection
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.ui.document import Document


def opened(document: Document) -> Document:
    document.replace(Photo(np.zeros((40, 60, 3), np.uint8)))
    mask = np.full((40, 60), 255, np.uint8)
    document.do(edits.add_people([Detection(TilePlane.of(mask), None, Rect(0, 0, 60, 40))] * 2))
    return document


def test_undo_and_redo_go_between_states(document: Document) -> None:
    opened(document)
    before = document.state
    assert document.do(edits.paint(1, Hint.UNDECIDED, Rect(1, 1, 3, 3), np.ones((2, 2), bool)))
    after = document.state
    document.history.undo()
    assert document.state is before
    document.history.redo()
    assert document.state is after


def test_what_changes_nothing_is_no_step(document: Document, qtbot: QtBot) -> None:
    opened(document)
    count = document.history.count()
    with qtbot.assertNotEmitted(document.changed):
        assert not document.do(edits.look(1, "Rename", name="Person 1"))
    assert document.history.count() == count


def test_revisions_are_not_reused_after_undo(document: Document) -> None:
    opened(document)
    stroke = edits.paint(1, Hint.UNDECIDED, Rect(1, 1, 3, 3), np.ones((2, 2), bool))
    document.do(stroke)
    first = document.state.person(1).revision
    document.history.undo()
    document.do(stroke)
    assert document.state.person(1).revision > first


def test_selection_follows_who_is_there(document: Document, qtbot: QtBot) -> None:
    opened(document)
    document.select([2, 9])
    assert document.selected == (2,)
    with qtbot.waitSignal(document.selected_changed):
        document.do(edits.remove_people([2]))
    assert document.selected == ()
    document.do(edits.add_people([Detection(TilePlane(40, 60), None, Rect(0, 0, 60, 40))]))
    assert document.selected == (2,)


def test_nobody_is_selected_who_is_gone_while_the_change_is_told(document: Document, qtbot: QtBot) -> None:
    opened(document)
    document.select(document.state.ids())
    seen: list[tuple[int, ...]] = []
    document.changed.connect(lambda: seen.append(document.selected))
    with qtbot.waitSignal(document.selected_changed):
        document.do(edits.remove_people([1]))
    assert seen == [tuple(document.state.ids())]
    assert document.selected == document.state.ids()


def test_another_photo_begins_anew(document: Document) -> None:
    opened(document)
    document.replace(Photo(np.ones((4, 6, 3), np.uint8)))
    assert document.state.instances == ()
    assert not document.history.can_undo()
    project = document.snapshot()
    assert project is not None
    assert project.photo is document.photo
