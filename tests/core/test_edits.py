"""Edits: what each changes, that undo brings everything back, and that revisions are never reused."""

from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instmatt_app.core import edits
from instmatt_app.core.edges import Edge, EdgeError
from instmatt_app.core.edits import Edit, State
from instmatt_app.core.hints import Hint, Pin
from instmatt_app.core.interfaces import Detection
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import OrderError, Refinement

SIZE = (40, 60)


def detection(left: int, right: int) -> Detection:
    mask = np.zeros(SIZE, np.uint8)
    mask[5:35, left:right] = 255
    return Detection(TilePlane.of(mask), 0.9, Rect(left, 5, right, 35))


def after(*steps: Edit) -> State:
    revisions = count(1)
    state = State()
    for edit in (edits.add_people([detection(2, 20), detection(22, 40), detection(42, 58)]), *steps):
        state = edit.change(state, lambda: next(revisions))
    return state


def seen(state: State) -> list[object]:
    """Everything a state says, as plain values."""
    return [
        state.refinement,
        [
            (one.id, one.name, one.visible, one.locked, one.revision, one.box, one.mask.full().tobytes(),
             None if one.hints is None else one.hints.full().tobytes(),
             None if one.pins is None else one.pins.full().tobytes(), one.pin_revision, one.refinement, one.edge)
            for one in state.instances
        ],
    ]  # fmt: skip


STROKE = np.ones((6, 8), bool)
AREA = Rect(16, 10, 24, 16)
ALL = st.sampled_from(
    [
        edits.add_people([detection(10, 30)]),
        edits.remove_people([2]),
        edits.merge_people([1, 3]),
        edits.split_person(1, (10, 0), (10, 40)),
        edits.paint(1, Hint.THIS_PERSON, AREA, STROKE),
        edits.paint(2, Hint.THIS_PERSON, AREA, STROKE),
        edits.paint(1, Hint.UNDECIDED, AREA, STROKE),
        edits.paint(1, Hint.NONE, AREA, STROKE),
        edits.paint(1, Hint.THIS_PERSON, AREA, STROKE, pin=True),
        edits.paint(2, Hint.THIS_PERSON, AREA, STROKE, pin=True, rim=~STROKE),
        edits.show_only(2),
        edits.keep_refinement([1, 2], Refinement("cycle", (2, 1))),
        edits.look(1, "Rename", name="Ann"),
        edits.look(1, "Lock", locked=True),
        edits.look(3, "Hide", visible=False),
        edits.reorder([3, 2, 1]),
        edits.set_refinement(Refinement("cycle", (1,))),
        edits.edit_mask(1, AREA, np.full((6, 8), 255, np.uint8), STROKE),
        edits.refine_inside(Rect(5, 5, 30, 30)),
        edits.set_edge([1, 3], {"shift": -2, "feather": 1}),
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(ALL, max_size=12))
def test_states_before_an_edit_stay_what_they_were(steps: list[Edit]) -> None:
    revisions = count(100)
    state = after()
    history = [(state, seen(state))]
    for edit in steps:
        try:
            state = edit.change(state, lambda: next(revisions))
        except (KeyError, OrderError):
            continue  # the person was deleted by an earlier step
        history.append((state, seen(state)))
    for was, said in history:
        assert seen(was) == said
    # A revision names the pixels of one state of one person, for ever.
    named: dict[tuple[int, int], bytes] = {}
    for was, _ in history:
        for one in was.instances:
            pixels = one.mask.full().tobytes() + (b"" if one.hints is None else one.hints.full().tobytes())
            assert named.setdefault((one.id, one.revision), pixels) == pixels


@pytest.mark.parametrize(
    "edit",
    [
        edits.remove_people([9]),
        edits.merge_people([1]),
        edits.reorder([1, 2, 3]),
        edits.reorder([1, 2]),
        edits.look(1, "Rename", name="Person 1"),
        edits.set_refinement(Refinement()),
        edits.paint(1, Hint.NONE, AREA, STROKE),
        edits.keep_refinement([1], None),
        edits.split_person(1, (50, 0), (50, 40)),
        edits.add_people([]),
        edits.set_edge([1, 2, 3], {"feather": 0}),
        edits.edit_mask(1, AREA, np.full((6, 8), 200, np.uint8), ~STROKE),
        edits.refine_inside(None),
        edits.refine_inside(Rect(5, 5, 5, 9)),
        edits.edit_mask(1, Rect(2, 5, 20, 35), np.zeros((30, 18), np.uint8), np.ones((30, 18), bool)),
    ],
)
def test_what_changes_nothing_gives_the_same_state(edit: Edit) -> None:
    state = after()
    assert edit.change(state, lambda: 99) is state


def test_added_people_are_named_and_coloured() -> None:
    state = after()
    assert [(one.id, one.name) for one in state.instances] == [(1, "Person 1"), (2, "Person 2"), (3, "Person 3")]
    assert len({one.colour for one in state.instances}) == 3
    assert len({one.revision for one in state.instances}) == 3


def test_deleting_takes_people_out_of_the_order_too() -> None:
    state = after(edits.set_refinement(Refinement("cycle", (2, 1))), edits.remove_people([2]))
    assert state.ids() == (1, 3)
    assert state.refinement.order == (1,)


def test_who_comes_takes_part_in_a_cycle_whose_order_names_people() -> None:
    begun = (((1, 2, 3), 2),)
    ordered = (edits.set_refinement(Refinement("cycle", (2, 1), begun=begun)),)
    mask = detection(10, 30).mask
    for edit in (
        edits.add_people([detection(10, 30)]),
        edits.import_people([("from a file", mask, None)]),
        edits.split_person(1, (0, 20), (60, 20)),
    ):
        assert after(edit).refinement.order == (), "no order is that of the list, with everybody"
        state = after(*ordered, edit)
        assert state.refinement.order == (2, 1, 4), "who was left out before stays out"
        assert state.refinement.begun == (), "the run began without them"
        assert after(*ordered, edit, edits.remove_people([4])).refinement.order == (2, 1)


def test_merging_joins_masks_boxes_and_strokes() -> None:
    state = after(
        edits.paint(1, Hint.ANOTHER_PERSON, Rect(30, 10, 32, 12), np.ones((2, 2), bool)),
        edits.paint(2, Hint.UNDECIDED, Rect(50, 20, 52, 22), np.ones((2, 2), bool)),
        edits.merge_people([1, 2]),
    )
    merged = state.person(1)
    assert state.ids() == (1, 3)
    assert merged.box == Rect(2, 5, 40, 35)
    assert merged.mask.full()[20, 10] == merged.mask.full()[20, 30] == 255
    hints = merged.hints.full()
    assert hints[21, 51] == Hint.UNDECIDED
    assert hints[11, 31] == Hint.NONE


def test_splitting_divides_the_mask_along_the_line() -> None:
    whole = after().person(1)
    state = after(edits.split_person(1, (11, 40), (11, 0)))
    left, right = state.person(1), state.person(4)
    assert state.ids() == (1, 4, 2, 3)
    assert np.array_equal(left.mask.full() + right.mask.full(), whole.mask.full())
    assert (left.box, right.box) == (Rect(2, 5, 11, 35), Rect(11, 5, 20, 35))


def test_locked_people_are_neither_merged_nor_split() -> None:
    lock = edits.look(1, "Lock", locked=True)
    assert after(lock, edits.merge_people([1, 2])).ids() == (1, 2, 3)
    assert after(lock, edits.split_person(1, (11, 40), (11, 0))).ids() == (1, 2, 3)


def test_looks_keep_the_revision_and_take_nothing_else() -> None:
    assert after(edits.look(1, "Rename", name="Ann")).person(1).revision == after().person(1).revision
    with pytest.raises(ValueError, match="revision"):
        edits.look(1, "cheat", revision=7)


def test_an_impossible_order_is_refused() -> None:
    with pytest.raises(OrderError):
        after(edits.set_refinement(Refinement("cycle", (9,))))


def test_a_pinned_stroke_is_a_hint_and_a_pin_and_only_the_pin_leaves_the_network_alone() -> None:
    before = after()
    state = after(edits.paint(1, Hint.THIS_PERSON, AREA, STROKE, pin=True))
    person = state.person(1)
    assert person.hints is not None
    assert person.pins is not None
    assert (person.hints.at(AREA) == Hint.THIS_PERSON).all()
    assert (person.pins.at(AREA) == Pin.ONE).all()
    assert person.pin_revision > 0
    again = edits.paint(1, Hint.THIS_PERSON, AREA, STROKE).change(state, count(100).__next__)
    assert again.person(1).pins.at(AREA).sum() == 0
    assert again.person(1).revision == person.revision, "the guidance is as it was"
    assert before.person(1).pins is None


def test_a_soft_rim_is_left_to_the_network_but_takes_back_nothing() -> None:
    core, rim = np.zeros((6, 8), bool), np.ones((6, 8), bool)
    core[2:4, 2:6] = True
    painted = edits.paint(1, Hint.NOT_THIS_PERSON, AREA, np.eye(6, 8, dtype=bool))
    state = after(painted, edits.paint(1, Hint.THIS_PERSON, AREA, core, rim=rim))
    plane = state.person(1).hints.at(AREA)
    assert (plane[core] == Hint.THIS_PERSON).all()
    assert plane[0, 0] == Hint.NOT_THIS_PERSON
    assert plane[0, 1] == Hint.UNDECIDED


def test_solo_shows_one_and_then_everybody_again() -> None:
    alone = after(edits.show_only(2))
    assert [one.visible for one in alone.instances] == [False, True, False]
    assert all(one.visible for one in after(edits.show_only(2), edits.show_only(2)).instances)


def test_an_own_refinement_follows_who_is_there() -> None:
    own = Refinement("cycle", (3, 1))
    state = after(edits.keep_refinement([1], own), edits.remove_people([3]))
    assert state.person(1).refinement == Refinement("cycle", (1,))
    assert state.person(2).refinement is None
    back = after(edits.keep_refinement([1], own), edits.keep_refinement([1], None))
    assert back.person(1).refinement is None
    with pytest.raises(OrderError):
        after(edits.keep_refinement([1], Refinement("cycle", (9,))))


def test_merging_joins_strokes_and_pins() -> None:
    far = Rect(48, 10, 56, 16)
    state = after(
        edits.paint(1, Hint.THIS_PERSON, AREA, STROKE, pin=True),
        edits.paint(3, Hint.NOT_THIS_PERSON, far, STROKE, pin=True),
        edits.merge_people([1, 3]),
    )
    pins = state.person(1).pins
    assert (pins.at(AREA) == Pin.ONE).all()
    assert (pins.at(far) == Pin.ZERO).all()


def test_edge_settings_are_for_who_is_named_and_not_locked() -> None:
    lock = edits.look(2, "Lock", locked=True)
    state = after(lock, edits.set_edge([1, 2], {"shift": 3, "feather": 1}), edits.set_edge([1], {"feather": 0}))
    assert [one.edge for one in state.instances] == [Edge(shift=3), Edge(), Edge()]
    with pytest.raises(EdgeError, match="contrast is 200"):
        edits.set_edge([1], {"contrast": 200})


def test_a_mask_that_was_painted_takes_strokes_back_and_stops_at_who_is_locked() -> None:
    lock = edits.look(3, "Lock", locked=True)
    area = Rect(0, 10, 60, 12)
    strokes = (
        edits.paint(1, Hint.NOT_THIS_PERSON, Rect(10, 10, 12, 12), np.ones((2, 2), bool)),
        edits.paint(2, Hint.THIS_PERSON, Rect(20, 10, 22, 12), np.ones((2, 2), bool)),
    )
    new = np.zeros((2, 60), np.uint8)
    new[:, 8:50] = 200
    state = after(lock, *strokes, edits.edit_mask(1, area, new, np.ones((2, 60), bool)))
    first, second, _ = state.instances
    mask = first.mask.full()
    assert (mask[10:12, 2:8] == 0).all()
    assert (mask[10:12, 20:42] == 200).all()
    assert (mask[10:12, 42:50] == 0).all(), "a locked person is there"
    assert mask[9, 5] == 255
    assert first.hints is not None
    assert not first.hints.full().any()
    assert second.hints is not None
    assert not second.hints.full().any()
    assert first.box == Rect(2, 5, 42, 35)
    locked = after(edits.look(1, "Lock", locked=True), edits.edit_mask(1, area, new, np.ones((2, 60), bool)))
    assert (locked.person(1).mask.full() == after().person(1).mask.full()).all()


def test_a_window_is_everybodys_and_outlives_other_choices() -> None:
    window = Rect(5, 5, 30, 30)
    own = edits.keep_refinement([1], Refinement("cycle", (1, 2)))
    state = after(own, edits.refine_inside(window), edits.remove_people([2]))
    assert state.refinement == Refinement(window=window)
    assert state.person(1).refinement == Refinement("cycle", (1,), window=window)
    assert state.refinement.resolved([1, 3]).window == window
    assert Refinement("none", window=window).resolved([1]) == Refinement("none", (), 0)
    cycle = Refinement("cycle", (1, 3), window=window)
    assert cycle.again_from(1, (3, 1), [1, 3]).window == window
    assert cycle.among([3]) == Refinement("cycle", (3,), window=window)
    assert cycle.within(Rect(20, 0, 60, 20)).window == Rect(0, 5, 10, 20)
    assert cycle.within(Rect(30, 0, 60, 20)) == Refinement("none", (), 0)
