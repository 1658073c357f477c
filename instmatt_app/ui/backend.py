"""Backend: what the lanes call. application.py joins it to the engines, tests to something quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from instmatt_app.api import MatteOptions, Result
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Detection, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.project import Key, Project
from instmatt_app.core.rect import Rect
from instmatt_app.ui.order_tried import OrderTried
from instmatt_app.ui.turn_shown import TurnShown


@dataclass(frozen=True)
class Clicks:
    """Where somebody clicked: on the person, and beside them; (x, y) in photo pixels."""

    inside: tuple[tuple[float, float], ...] = ()
    outside: tuple[tuple[float, float], ...] = ()


class Backend(Protocol):
    """Nothing runs on the UI thread but ``name``, ``wants_detail`` and ``use``."""

    @property
    def name(self) -> str:
        """Names everything that decides the mattes beside the project: engine, weights, working size."""

    def read(self, path: Path, step: Step) -> Photo: ...

    def finds_people(self) -> bool:
        """Whether a recogniser that finds people by itself is ready."""

    def find(self, photo: Photo, step: Step) -> list[Detection]: ...

    def find_candidates(self, photo: Photo, step: Step) -> list[Detection]:
        """Everybody who may be there, those of whom the recogniser is sure included; empty where none is ready."""

    def find_in_box(self, photo: Photo, box: Rect, step: Step) -> list[Detection]: ...

    def find_at_clicks(self, project: Project, clicks: Clicks, step: Step) -> list[Detection]:
        """The person who is meant, apart from those who are there; empty if nobody is."""

    def matte(self, project: Project, step: Step) -> Result: ...

    @property
    def wants_detail(self) -> bool:
        """Whether a photo above the working size is to be matted once more at its own resolution."""

    def detail(self, project: Project, result: Result, step: Step) -> Result:
        """The project's mattes with their detail at the photo's own resolution.

        What was computed for it is kept, when it is stopped, too: asked again it goes on from there.
        """

    def preview(self, project: Project, shown: Result, step: Step) -> Result | None:
        """A quick answer after strokes, made of what is shown; None where there is none."""

    def turns(self, project: Project, step: Step) -> list[TurnShown]:
        """The project's refinement turn by turn, the start first."""

    def orders(self, project: Project, step: Step) -> list[OrderTried]:
        """Every order of the cycle's people, the one with the least error first."""

    def use(self, options: MatteOptions) -> None:
        """Mattes as these options say from now on."""


def named_mattes(backend: Backend, project: Project, step: Step) -> tuple[Key, Result]:
    """The project's mattes and their name; again where meanwhile the engine became another one."""
    while True:
        name = backend.name
        result = backend.matte(project, step)
        if backend.name == name:
            return project.key(name, 0), result


def lacks_detail(backend: Backend, result: Result) -> bool:
    """Whether mattes are to have detail and have none; those of a small photo need none."""
    is_small = result.alphas.shape[1:] == (result.photo.height, result.photo.width)
    return backend.wants_detail and result.detail is None and not is_small


def named_detail(backend: Backend, key: Key, project: Project, result: Result, step: Step) -> Result | None:
    """The project's mattes of that name with their detail.

    None: meanwhile the engine became another one, whose mattes have another name.
    """
    made = backend.detail(project, result, step)
    return made if project.key(backend.name, 0) == key else None


def in_order(result: Result, people: Sequence[Instance]) -> Result:
    """The result with people in the list's order and under their present names, which need no new matting."""
    places = {one.id: place for place, one in enumerate(result.people)}
    listed = [one for one in people if one.id in places]
    order = [places[one.id] for one in listed]
    unshaped = None if result.unshaped is None else result.unshaped[[*order, -1]]
    return replace(result, people=listed, alphas=result.alphas[[*order, -1]], unshaped=unshaped)


def is_expected(error: Exception) -> bool:
    """Whether an error that a job ended with is a sentence for the person, and no mistake of the program's."""
    return isinstance(error, MemoryError | ValueError | OSError | RuntimeError) and bool(str(error))


def sentence(error: Exception) -> str:
    """What to tell the person about an error that a job ended with."""
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
        return "There was not enough memory for this; close other programs or use a smaller working size."
    if is_expected(error):
        return str(error)
    return f"Something unexpected happened ({type(error).__name__}: {error}); your work is kept."
