"""All orders: each comes to what a run of its own does, and what they have in common is computed once."""

from collections.abc import Iterator, Mapping
from itertools import permutations

import numpy as np
import pytest
from golden_rule import fill
from photos import drawn_people

from instmatt_app.api import matte_unrefined, refine_orders, refine_project
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Cancelled, Scores, Step, Turn, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.project import Project
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.engine.matting import InstMattEngine
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.engine.orders import every_order

PHOTO = Photo(np.zeros((4, 4, 3), np.uint8))


class Written:
    """A cycle whose mattes are the list of turns that were made; person 9 never has one. ``made`` counts turns."""

    def __init__(self) -> None:
        self.made = 0

    def turns(
        self, photo: Photo, trimasks: Mapping[int, TriMask], refinement: Refinement, step: Step,
        scores: Scores | None = None, after: Turn | None = None,
    ) -> Iterator[Turn]:  # fmt: skip
        members = [one for one in refinement.order if one != 9]
        turn = after or Turn(0, None, {0: np.zeros(0)})
        yield turn
        while turn.number < refinement.passes * len(members):
            step(turn.number, 1, "turn")
            person = members[turn.number % len(members)]
            self.made += 1
            turn = Turn(turn.number + 1, person, {0: np.append(turn.mattes[0], person)})
            yield turn


def tried(engine: Written, people: list[int], passes: int = 2) -> dict[tuple[int, ...], list[float]]:
    wish = Refinement("parallel", (), passes)
    found = every_order(engine, PHOTO, {}, people, wish, {}, silent)  # type: ignore[arg-type]
    return {order: turn.mattes[0].tolist() for order, turn in found}


@pytest.mark.parametrize("people", [[1], [2, 1], [3, 1, 2], [1, 2, 3, 4]])
def test_every_order_is_run_to_its_end_and_the_given_one_comes_first(people: list[int]) -> None:
    found = tried(Written(), people)
    assert set(found) == set(permutations(people))
    assert next(iter(found)) == tuple(people)
    assert all(turns == [*order, *order] for order, turns in found.items())


def test_what_orders_have_in_common_is_computed_once() -> None:
    engine = Written()
    tried(engine, [1, 2, 3], 1)
    # 3 + 6 + 6 nodes of the tree of orders, and not 6 times 3.
    assert engine.made == 15
    four = Written()
    tried(four, [1, 2, 3, 4], 2)
    assert four.made == 4 + 12 + 24 + 24 + 24 * 4


def test_who_has_no_turn_stands_at_the_end() -> None:
    assert tried(Written(), [9, 1, 2]) == {(1, 2, 9): [1, 2, 1, 2], (2, 1, 9): [2, 1, 2, 1]}
    with pytest.raises(ValueError, match="at most 4"):
        tried(Written(), [1, 2, 3, 4, 5])


def test_they_are_those_of_runs_of_their_own_and_can_be_stopped() -> None:
    network = InstMatt()
    fill(network)
    engine = InstMattEngine(network, "rule", 64)
    picture, truth = drawn_people(2, 64, 64)
    project = Project(Photo(picture), refinement=Refinement("cycle", (2, 1)))
    project.add(
        Instance(number, str(number), TilePlane.of((alpha > 0.5).astype(np.uint8) * 255), Rect(0, 0, 64, 64))
        for number, alpha in enumerate(truth, 1)
    )
    unrefined = matte_unrefined(project, engine, 64)
    said: list[str] = []
    found = dict(refine_orders(project, unrefined, engine, "test", step=lambda done, total, what: said.append(what)))
    assert list(found) == [(2, 1), (1, 2)]
    assert any(what.startswith("order 2 of 2: ") for what in said)
    for order, result in found.items():
        project.refinement = Refinement("cycle", order)
        alone = refine_project(project, unrefined, engine, "test")
        np.testing.assert_allclose(result.alphas, alone.alphas, atol=1e-5)
        assert result.error["after refinement"] == pytest.approx(alone.error["after refinement"], abs=1e-6)
    assert not np.array_equal(found[1, 2].alphas, found[2, 1].alphas)

    def stop(done: int, total: int, what: str) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(refine_orders(project, unrefined, engine, "test", step=stop))
