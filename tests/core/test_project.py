import numpy as np
import pytest

from instmatt_app.core.edges import Edge
from instmatt_app.core.instance import Instance
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import OrderError, Refinement


def project(strategy: str = "parallel", order: tuple[int, ...] = ()) -> Project:
    made = Project(Photo(np.zeros((4, 6, 3), np.uint8)), refinement=Refinement(strategy, order))  # type: ignore[arg-type]
    made.add(Instance(i, f"P{i}", TilePlane(4, 6), Rect(0, 0, 6, 4)) for i in (1, 2))
    return made


def test_equal_decisions_have_equal_keys() -> None:
    assert project().key("e", 640) == project().key("e", 640)


def test_names_locks_and_visibility_are_not_in_the_key() -> None:
    made = project()
    before = made.key("e", 640)
    made.instances[0].name, made.instances[0].visible, made.instances[1].locked = "Ann", False, True
    assert made.key("e", 640) == before


def test_whatever_touches_pixels_moves_the_key() -> None:
    base = project().key("e", 640)
    painted = project()
    painted.instances[0].revision = painted.next_revision()
    other_photo = project()
    other_photo.photo = Photo(np.ones((4, 6, 3), np.uint8))
    pinned = project()
    pinned.instances[0].pin_revision = pinned.next_revision()
    own = project()
    own.instances[1].refinement = Refinement("none")
    inside = project()
    inside.refinement = Refinement(window=Rect(0, 0, 2, 2))
    fewer = project()
    del fewer.instances[1]
    shaped = project()
    shaped.instances[0].edge = Edge(feather=1)
    keys = [
        shaped.key("e", 640),
        painted.key("e", 640),
        other_photo.key("e", 640),
        pinned.key("e", 640),
        own.key("e", 640),
        inside.key("e", 640),
        fewer.key("e", 640),
        project().key("other engine", 640),
        project().key("e", 320),
        project("cycle").key("e", 640),
        project("none").key("e", 640),
    ]
    assert len({base, *keys}) == len(keys) + 1


def test_undo_brings_the_old_key_back_and_numbers_are_not_reused() -> None:
    made = project()
    before, old = made.key("e", 640), made.instances[0].revision
    made.instances[0].revision = made.next_revision()
    first = made.instances[0].revision
    made.instances[0].revision = old
    assert made.key("e", 640) == before
    assert made.next_revision() > first


def test_only_cycle_depends_on_the_order() -> None:
    assert project("cycle", (1, 2)).key("e", 640) != project("cycle", (2, 1)).key("e", 640)
    assert project("cycle", (1, 2)).key("e", 640) != project("cycle", (1,)).key("e", 640)
    swapped, listed = project("parallel"), project("parallel")
    swapped.instances.reverse()
    assert swapped.key("e", 640) == listed.key("e", 640)
    cycling, listed = project("cycle"), project("cycle")
    cycling.instances.reverse()
    assert cycling.key("e", 640) != listed.key("e", 640)


def test_orders_are_checked() -> None:
    assert Refinement("cycle").checked_order([3, 1]) == (3, 1)
    assert Refinement("cycle", (2,)).checked_order([1, 2]) == (2,)
    with pytest.raises(OrderError, match="twice"):
        Refinement("cycle", (1, 2, 1)).checked_order([1, 2])
    with pytest.raises(OrderError, match="person 4, who is not there"):
        Refinement("cycle", (1, 4)).checked_order([1, 2])


def test_pins_and_refinement_leave_the_mattes_before_refinement_alone() -> None:
    base = project().base_key("e", 640)
    changed = project("cycle", (2, 1))
    changed.instances[0].pin_revision = changed.next_revision()
    changed.instances[1].refinement = Refinement("none")
    assert changed.base_key("e", 640) == base
    changed.instances[0].revision = changed.next_revision()
    assert changed.base_key("e", 640) != base


def test_an_own_choice_that_is_everybodys_choice_is_the_same_input() -> None:
    own = project("cycle")
    own.instances[0].refinement = Refinement("cycle", (1, 2))
    assert own.key("e", 640) == project("cycle").key("e", 640)
    assert own.refinements() == {1: Refinement("cycle", (1, 2)), 2: Refinement("cycle", (1, 2))}


def test_a_run_in_which_somebody_had_turns_who_is_gone_begins_anew() -> None:
    wish = Refinement("cycle", (2, 1), 3, (((1, 2), 1),))
    assert wish.after_loss([1, 2, 3]) == wish
    assert wish.after_loss([2]) == Refinement("cycle", (2,), 3)


def test_pins_and_edges_need_no_new_refinement() -> None:
    made = project()
    before = made.refined_key("e", 640)
    made.instances[0].pin_revision = made.next_revision()
    made.instances[1].edge = Edge(shift=2)
    assert made.refined_key("e", 640) == before
    made.refinement = Refinement("none")
    assert made.refined_key("e", 640) != before
