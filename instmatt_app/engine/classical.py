"""Closed-form matting behind MattingEngine: the baseline, and the engine that needs no weights.

Levin, Lischinski, Weiss: A Closed-Form Solution to Natural Image Matting (PAMI 2008), as implemented by PyMatting
(Germer et al., JOSS 2020). Each person is matted alone against a trimap made from the tri-mask; the background is
matted once more as the complement of everybody, so that the people's sum can be checked against it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.interfaces import Scores, Step, Turn
from instmatt_app.core.photo import Photo
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import TriMask
from instmatt_app.core.trimatte import TriMatte

FOREGROUND, UNKNOWN, BACKGROUND = 1.0, 0.5, 0.0

# How far the truth may lie from a rough mask's edge, as a share of the picture's long side. Outwards it is more than
# inwards, because recognisers and GrabCut cut hair short far more often than they add what is not there.
INWARDS, OUTWARDS = 0.008, 0.018

# The solver stops when its residual has fallen to this share of the right-hand side.
TOLERANCE = 1e-6


def trimap_of(trimask: TriMask, inwards: int, outwards: int) -> NDArray[np.float64]:
    """Known foreground 1, known background 0, unknown 0.5 — float64 (h, w) — for one person's tri-mask.

    The unknown area reaches ``inwards`` and ``outwards`` pixels from the target's edge; where the tri-mask leaves all
    three channels open ("undecided") it is unknown whatever lies beside it. A target too thin to survive keeps its
    whole area as foreground.
    """
    target = trimask[0]
    undecided = trimask.sum(axis=0) == 0
    inside = (target >= 1 - 1 / 255).astype(np.uint8)
    outside = (target <= 1 / 255).astype(np.uint8)
    foreground = cv2.erode(inside, _disc(inwards), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    if not foreground.any():
        foreground = inside
    background = cv2.erode(outside, _disc(outwards), borderType=cv2.BORDER_CONSTANT, borderValue=1)
    trimap = np.full(target.shape, UNKNOWN)
    trimap[foreground > 0] = FOREGROUND
    trimap[background > 0] = BACKGROUND
    trimap[undecided] = UNKNOWN
    return trimap


def _disc(radius: int) -> NDArray[np.uint8]:
    side = 2 * radius + 1
    disc: NDArray[np.uint8] = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return disc


def everyone(trimasks: Mapping[int, TriMask]) -> TriMask:
    """One tri-mask whose target is all people together; undecided where nobody claims what somebody left open."""
    target = np.clip(np.sum([tri[0] for tri in trimasks.values()], axis=0), 0, 1).astype(np.float32)
    open_somewhere = np.any([tri.sum(axis=0) == 0 for tri in trimasks.values()], axis=0)
    together = np.stack([target, np.zeros_like(target), 1 - target])
    together[:, open_somewhere & (target == 0)] = 0
    return together


class ClosedForm:
    """Closed-form matting of every person at the working size; has no refinement and needs no weights."""

    def __init__(self, working_size: int) -> None:
        """``working_size`` is the long side, in pixels, of the copy that is matted; smaller photos are not enlarged."""
        self.working_size = working_size

    @property
    def name(self) -> str:
        return f"closed-form@{self.working_size}"

    @property
    def device(self) -> str:
        return "cpu"

    @property
    def precision(self) -> str:
        return ""

    @property
    def notes(self) -> tuple[str, ...]:
        return ()

    @property
    def refines(self) -> bool:
        return False

    def matte(self, photo: Photo, trimasks: Mapping[int, TriMask], step: Step) -> dict[int, TriMatte]:
        """Tri-mattes at the working size; see :class:`instmatt_app.core.interfaces.MattingEngine`.

        ``step`` is also called between the solver's iterations, so that a run can be stopped at any time.
        """
        image = photo.at(self.working_size).astype(np.float64) / 255
        units = len(trimasks) + (1 if len(trimasks) > 1 else 0)
        targets: dict[int, NDArray[np.float32]] = {}
        for done, (person, trimask) in enumerate(trimasks.items()):
            alive = partial(step, done, units, f"matting person {done + 1} of {len(trimasks)}")
            targets[person] = _alpha(image, trimask, alive)
        if len(trimasks) == 1:
            background = 1 - next(iter(targets.values()))
        else:
            alive = partial(step, units - 1, units, "matting the background")
            background = 1 - _alpha(image, everyone(trimasks), alive)
        step(units, units, "mattes ready")
        return {
            person: np.stack([target, np.clip(1 - target - background, 0, 1), background])
            for person, target in targets.items()
        }

    def refine(
        self,
        photo: Photo,
        trimasks: Mapping[int, TriMask],
        refinement: Refinement,
        step: Step,
        scores: Scores | None = None,
    ) -> dict[int, TriMatte]:
        """The mattes as they are: the classical method has no multi-instance refinement."""
        return self.matte(photo, trimasks, step)

    def turns(
        self,
        photo: Photo,
        trimasks: Mapping[int, TriMask],
        refinement: Refinement,
        step: Step,
        scores: Scores | None = None,
        after: Turn | None = None,
    ) -> Iterator[Turn]:
        """The start and nothing more."""
        yield after or Turn(0, None, self.matte(photo, trimasks, step))


def _alpha(image: NDArray[np.float64], trimask: TriMask, alive: Callable[[], None]) -> NDArray[np.float32]:
    """One person's alpha, float32 (h, w); ``alive()`` is called often and may raise to stop."""
    alive()
    height, width = trimask.shape[1:]
    inwards = max(4, round(INWARDS * max(height, width)))
    outwards = max(6, round(OUTWARDS * max(height, width)))
    trimap = trimap_of(trimask, inwards, outwards)
    alpha = trimap.astype(np.float32)
    rows, columns = np.nonzero(trimap == UNKNOWN)
    if rows.size == 0:
        return alpha
    area = Rect(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    # Two pixels more than the Laplacian's 3×3 windows can reach, so that the crop changes nothing.
    window = area.grow(4).clip(width, height)
    part = trimap[window.slices]
    if min(part.shape) < 3 or not (part == FOREGROUND).any() or not (part == BACKGROUND).any():
        # No 3×3 window, or nothing to compare with: the guidance itself is the best answer there is.
        alpha[trimap == UNKNOWN] = trimask[0][trimap == UNKNOWN]
        return alpha
    alpha[window.slices] = solve(np.ascontiguousarray(image[window.slices]), part.copy(), alive)
    return alpha


def solve(image: NDArray[np.float64], trimap: NDArray[np.float64], alive: Callable[[], None]) -> NDArray[np.float32]:
    """The alpha that the matting Laplacian L and the known pixels ask for: L_U x_U = −R m for the unknown pixels U.

    R is the part of L that joins them to the known pixels, m is one at the known foreground.
    """
    # Imported here: PyMatting compiles for seconds when it is first loaded.
    from pymatting import cf_laplacian, cg, ichol

    unknown = (trimap == UNKNOWN).ravel()
    laplacian = cf_laplacian(image, is_known=~unknown)[unknown, :]
    wanted = -laplacian[:, ~unknown].dot((trimap == FOREGROUND).ravel()[~unknown].astype(np.float64))
    alpha = trimap.ravel().copy()
    if not wanted.any():
        # The unknown pixels touch no foreground at all.
        alpha[unknown] = 0
        return alpha.reshape(trimap.shape).astype(np.float32)
    system = laplacian[:, unknown]
    with contextlib.redirect_stdout(io.StringIO()):
        # It prints when it has to shift the diagonal; stdout is for data.
        preconditioner = ichol(system)

    def iteration(*_state: object) -> None:
        alive()

    alpha[unknown] = np.clip(cg(system, wanted, M=preconditioner, rtol=TOLERANCE, callback=iteration), 0, 1)
    return alpha.reshape(trimap.shape).astype(np.float32)
