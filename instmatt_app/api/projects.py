"""A project's mattes: guidance → mattes before refinement → everybody's refinement, projection, edges and pins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import factorial

import numpy as np
from numpy.typing import NDArray

from instmatt_app.api.result import Result
from instmatt_app.api.timing import timed
from instmatt_app.core.detail import Detail
from instmatt_app.core.edges import detail_with_edges, with_edges
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import MattingEngine, Step, Turn, silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.pins import hold_pins
from instmatt_app.core.preview import touched, with_targets
from instmatt_app.core.project import Project
from instmatt_app.core.traces import without_traces
from instmatt_app.core.trimask import TriMask, trimasks_of
from instmatt_app.core.trimatte import Alphas, TriMatte, error_map, partition, partition_error, stacked
from instmatt_app.engine.detail import native_detail
from instmatt_app.engine.kept_windows import KeptWindows
from instmatt_app.engine.orders import every_order
from instmatt_app.engine.refining import all_turns, refine_each
from instmatt_app.options import DEFAULT_WORKING_SIZE


def matte_project(
    project: Project,
    engine: MattingEngine,
    recogniser: str,
    working_size: int = DEFAULT_WORKING_SIZE,
    *,
    published: bool = False,
    step: Step = silent,
) -> Result:
    """Matte the people of a project as it stands; ``recogniser`` names who found them.

    The project is only read. ``step`` as in :func:`matte`.

    Raises:
        OrderError: an order names a person twice or one who is not there.
    """
    project.refinements()
    unrefined = matte_unrefined(project, engine, working_size, published=published, step=step)
    return refine_project(project, unrefined, engine, recogniser, published=published, step=step)


@dataclass(frozen=True, eq=False)
class Unrefined:
    """What an engine made of a project's guidance; it can be refined in several ways.

    ``trimasks``, the guidance, and ``mattes`` are by instance id; ``conflicts`` is float32 (h, w) as in
    :class:`Result`; ``seconds`` is what it took.
    """

    trimasks: Mapping[int, TriMask]
    mattes: Mapping[int, TriMatte]
    conflicts: NDArray[np.float32]
    seconds: float


def matte_unrefined(
    project: Project, engine: MattingEngine, working_size: int, *, published: bool = False, step: Step = silent
) -> Unrefined:
    """The first half of :func:`matte_project`: what :meth:`Project.base_key` names."""
    seconds: dict[str, float] = {}
    with timed(seconds, "matte"):
        height, width = project.photo.size_at(working_size)
        trimasks = trimasks_of(project.instances, height, width, published)
        mattes = engine.matte(project.photo, trimasks, step)
        conflicts = error_map(list(mattes.values()))
    return Unrefined(trimasks, mattes, conflicts, seconds["matte"])


def refine_project(
    project: Project,
    unrefined: Unrefined,
    engine: MattingEngine,
    recogniser: str,
    *,
    published: bool = False,
    step: Step = silent,
) -> Result:
    """The second half of :func:`matte_project`: everybody's refinement, then the projection, edges and pins."""
    refined = refine_mattes(project, unrefined, engine, step)
    return finish_project(project, unrefined, refined, engine, recogniser, published=published)


@dataclass(frozen=True, eq=False)
class Refined:
    """What everybody's refinement made of the unrefined mattes, by instance id; ``seconds`` is what it took."""

    mattes: Mapping[int, TriMatte]
    seconds: float


def refine_mattes(project: Project, unrefined: Unrefined, engine: MattingEngine, step: Step = silent) -> Refined:
    """Everybody's refinement: what :meth:`Project.refined_key` names."""
    seconds: dict[str, float] = {}
    with timed(seconds, "refine"):
        refinements, scores = project.refinements(), scores_of(project.instances)
        mattes = refine_each(
            engine, project.photo, unrefined.trimasks, unrefined.mattes, refinements, scores, step
        )  # fmt: skip
    return Refined(mattes, seconds["refine"])


def finish_project(
    project: Project,
    unrefined: Unrefined,
    refined: Refined,
    engine: MattingEngine,
    recogniser: str,
    *,
    published: bool = False,
) -> Result:
    """The last steps of :func:`matte_project`: the projection, everybody's edges, the pins. Asks nothing of the engine
    but its name."""
    seconds = {"matte": unrefined.seconds, "refine": refined.seconds}
    with timed(seconds, "project"):
        result = _result_of(project, unrefined, refined.mattes, engine, recogniser, published)
    result.seconds = seconds
    return result


def add_detail(
    result: Result,
    project: Project,
    engine: MattingEngine,
    working_size: int,
    step: Step = silent,
    known: Detail | None = None,
    kept: KeptWindows | None = None,
) -> Detail | None:
    """Gives a result of the project its detail at the photo's own resolution, by the same engine and refinement.

    Returns it as it is before anybody's edges; handed in again as ``known`` for the same mattes and pins under other
    edges, it is not computed anew. Windows that are ``kept`` from runs before, stopped ones too, are not matted again
    where what they are made of is the same.
    """
    people, refinements, photo = project.instances, project.refinements(), project.photo
    base, detail = result.unshaped, known
    with timed(result.seconds, "detail"):
        if detail is None:
            guide = result.alphas if base is None else hold_pins(base, [one.pins for one in people])
            detail = native_detail(photo, people, guide, refinements, engine, working_size, step, kept)
        result.detail = detail
        if detail is not None and base is not None:
            edges, ids = [one.edge for one in people], [one.id for one in people]
            result.detail = detail_with_edges(detail, base, ids, edges, lambda done, all_: step(done, all_, "edges"))
    return detail


def refine_turns(
    project: Project,
    unrefined: Unrefined,
    engine: MattingEngine,
    recogniser: str,
    *,
    step: Step = silent,
    after: Turn | None = None,
) -> Iterator[tuple[Turn, Result]]:
    """The project's refinement turn by turn: the mattes before it, then those after each turn, as they are computed.

    Each comes with the result as it would be if the refinement ended there. ``after`` is a turn given out before for
    the same people: the run starts again from there and gives that turn first; who wants another order for the turns
    that are still to come changes ``project.refinement``. Refinements of single people's own are left out of account.
    Further as :meth:`core.interfaces.MattingEngine.turns`.

    Raises:
        OrderError: the order names a person twice or one who is not there.
    """
    scores = scores_of(project.instances)
    for turn in all_turns(engine, project.photo, unrefined.trimasks, project.refinement, step, scores, after):
        yield turn, _result_of(project, unrefined, turn.mattes, engine, recogniser)


def refine_orders(
    project: Project, unrefined: Unrefined, engine: MattingEngine, recogniser: str, *, step: Step = silent
) -> Iterator[tuple[tuple[int, ...], Result]]:
    """The results of a cycle in every order of the people who take part (those of ``project.refinement``'s order).

    What they have in common is computed once. ``step`` counts orders. Refinements of single people's own are left out
    of account. Further as :func:`engine.orders.every_order`.
    """
    people = project.refinement.checked_order([one.id for one in project.instances])
    count, done = factorial(len(people)), 0

    def within(_done: int, _total: int, what: str) -> None:
        step(done, count, f"order {done + 1} of {count}: {what}")

    tried = every_order(
        engine, project.photo, unrefined.trimasks, people, project.refinement, scores_of(project.instances), within
    )
    for order, turn in tried:
        done += 1
        yield order, _result_of(project, unrefined, turn.mattes, engine, recogniser)
    step(count, count, "all orders tried")


def _result_of(
    project: Project,
    unrefined: Unrefined,
    refined: Mapping[int, TriMatte],
    engine: MattingEngine,
    recogniser: str,
    published: bool = False,
) -> Result:
    """The projection, traces, edges and pins, unless ``published``, and the errors on the way."""
    people, stack = list(project.instances), list(refined.values())
    if published:
        alphas = stacked(stack)
    else:
        alphas = without_traces(partition(stack), dict(enumerate(unrefined.trimasks[number] for number in refined)))
    places = {number: place for place, number in enumerate(refined)}
    alphas = alphas[[*(places[one.id] for one in people), -1]]
    unshaped = None
    if not published:
        alphas, unshaped = _edges_and_pins(project, alphas)
    error = {
        "before refinement": float(unrefined.conflicts.mean()),
        "after refinement": float(error_map(stack).mean()),
        "after projection": partition_error(alphas),
    }
    return Result(
        project.photo, people, alphas, engine.name, recogniser, engine.device, error, {}, published,
        notes=list(engine.notes), conflicts=unrefined.conflicts, refines=engine.refines, unshaped=unshaped,
    )  # fmt: skip


def _edges_and_pins(project: Project, alphas: Alphas) -> tuple[Alphas, Alphas | None]:
    """The final alphas of these of the projection, and those themselves where anybody has edge settings."""
    people, photo = project.instances, project.photo
    scale = max(alphas.shape[1:]) / max(photo.height, photo.width)
    made = with_edges(alphas, [one.edge for one in people], scale)
    shaped = any(not one.edge.is_default for one in people)
    return hold_pins(made, [one.pins for one in people]), alphas if shaped else None


def preview_project(project: Project, shown: Result, engine: MattingEngine, step: Step = silent) -> Result | None:
    """A quick answer after strokes: whom they touched, matted anew in a window, put into the result that is shown.

    Not the result of :func:`matte_project`: nobody else is renewed, nothing is refined. None where a stroke is not what
    changed, or what edges were made of is not known any more. The engine forgets what it made last.
    """
    before = shown.alphas if shown.unshaped is None else shown.unshaped
    if shown.unshaped is None and any(not one.edge.is_default for one in project.instances):
        return None
    height, width = before.shape[1:]
    asked = touched(shown.people, project.instances, height, width)
    if asked is None:
        return None
    seen = project.photo.at(max(height, width))[asked.window.slices]
    window = Photo(np.ascontiguousarray(seen), part_of=max(height, width))
    mattes = engine.matte(window, asked.trimasks, step)
    places = {one.id: place for place, one in enumerate(project.instances)}
    old = {one.id: place for place, one in enumerate(shown.people)}
    alphas = before[[*(old[one.id] for one in project.instances), -1]]
    alphas = with_targets(alphas, asked.window, {places[number]: matte[0] for number, matte in mattes.items()})
    # What the full result will not have would show for a moment only. Whether something hangs together with somebody,
    # only the whole of them tells.
    whole = trimasks_of(project.instances, height, width, whose=mattes)
    alphas = without_traces(alphas, {places[number]: trimask for number, trimask in whole.items()})
    alphas, unshaped = _edges_and_pins(project, alphas)
    return replace(shown, people=list(project.instances), alphas=alphas, detail=None, unshaped=unshaped)


def scores_of(people: Sequence[Instance]) -> dict[int, float | None]:
    """The recogniser's scores by person."""
    return {one.id: one.score for one in people}
