"""Instance: one person in a photo."""

from __future__ import annotations

from dataclasses import dataclass

from instmatt_app.core.edges import DEFAULT, Edge
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement


@dataclass(eq=False)
class Instance:
    """One person = one layer.

    ``mask`` is what was recognised: a plane of photo size, 0..255. ``hints`` is what was painted, a plane of
    :class:`instmatt_app.core.hints.Hint` classes, or None where nothing was. ``revision`` names the
    state of both planes' pixels: it is drawn from :meth:`Project.next_revision` when they change and is never reused.
    ``pins`` is a plane of :class:`instmatt_app.core.pins.Pin`, and ``pin_revision`` names its state (0: nothing was
    ever pinned). ``refinement`` is the person's own choice of a strategy; None: what the project says.
    ``edge`` is what is done to the person's outline after the projection.
    ``score`` is the recogniser's, or None for a person who was drawn by hand. ``colour`` is the RGB of the overlay.
    """

    id: int
    name: str
    mask: TilePlane
    box: Rect
    hints: TilePlane | None = None
    score: float | None = None
    locked: bool = False
    visible: bool = True
    revision: int = 0
    colour: tuple[int, int, int] = (255, 112, 67)
    pins: TilePlane | None = None
    pin_revision: int = 0
    refinement: Refinement | None = None
    edge: Edge = DEFAULT
