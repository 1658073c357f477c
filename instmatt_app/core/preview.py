"""Preview: after a stroke, whom it touched and where, and how a quick answer is put into the mattes that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.instance import Instance
from instmatt_app.core.planes import differing
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimask import TriMask, trimasks_of
from instmatt_app.core.trimatte import Alphas, project_to_simplex

# Pixels of the working size: how far round a stroke is looked, the least side of what is looked at, and how wide the
# belt is in which the new alphas fade into the old ones.
AROUND = 64
LEAST = 256
FADE = 32


@dataclass(frozen=True, eq=False)
class Touched:
    """What a change asks for: ``window`` in pixels of the working size, and the new tri-masks in it by person."""

    window: Rect
    trimasks: Mapping[int, TriMask]


def touched(before: Sequence[Instance], after: Sequence[Instance], height: int, width: int) -> Touched | None:
    """Whom the strokes between two states of the same people touched, and where, at the working size.

    A person is touched by a hint of their own that changed, and by whatever moves their target: others' strokes on
    their mask, too. None if nothing but pins changed, or if people came, went or got other masks.
    """
    old = {one.id: one for one in before}
    if set(old) != {one.id for one in after}:
        return None
    area, painted = Rect(0, 0, 0, 0), set()
    for one in after:
        was = old[one.id]
        if one.mask is not was.mask:
            return None
        changed = differing(was.hints, one.hints)
        if not changed.is_empty:
            painted.add(one.id)
            area = area.union(changed)
    if area.is_empty:
        return None
    tall, wide = after[0].mask.shape
    small = Rect(
        area.left * width // wide,
        area.top * height // tall,
        -(-area.right * width // wide),
        -(-area.bottom * height // tall),
    )
    window = _at_least(small.grow(AROUND), LEAST).clip(width, height)
    then = trimasks_of([old[one.id] for one in after], height, width, window=window)
    now = trimasks_of(after, height, width, window=window)
    chosen = {number: tri for number, tri in now.items() if number in painted or (tri[0] != then[number][0]).any()}
    return Touched(window, chosen)


def with_targets(alphas: Alphas, window: Rect, targets: Mapping[int, NDArray[np.float32]]) -> Alphas:
    """Alphas, float32 (K + 1, h, w), with new ones in a window: ``targets`` float32 by place in the list.

    Towards the window's edges inside the picture the new alphas fade into the old ones. Who is not in ``targets``, and
    the background, share what these leave; everybody adds up to one.
    """
    height, width = alphas.shape[1:]
    weight = _fade(window, height, width)
    result = alphas.copy()
    part = result[(slice(None), *window.slices)]
    for place, target in targets.items():
        part[place] += weight * (target - part[place])
    part[-1] = np.maximum(1 - part[:-1].sum(axis=0), 0)
    # What is new has the first word: only if the new ones alone are too many do they give way.
    new = np.zeros(part.shape[0], bool)
    new[list(targets)] = True
    claimed = part[new].sum(axis=0)
    part[new] /= np.maximum(claimed, 1)
    part[:] = project_to_simplex(part, np.broadcast_to(new[:, None, None], part.shape))
    return result


def _at_least(box: Rect, side: int) -> Rect:
    """The box, grown about its middle to that width and height where it is smaller."""
    across, down = max(0, side - box.width), max(0, side - box.height)
    return Rect(
        box.left - across // 2, box.top - down // 2, box.right + across - across // 2, box.bottom + down - down // 2
    )


def _fade(window: Rect, height: int, width: int) -> NDArray[np.float32]:
    """1 in the middle of the window, falling to 0 at those of its edges that lie inside the picture: float32 (h, w)."""

    def ramp(size: int, first: bool, last: bool) -> NDArray[np.float32]:
        distance = np.full(size, float(FADE))
        if first:
            distance = np.minimum(distance, np.arange(size) + 0.5)
        if last:
            distance = np.minimum(distance, np.arange(size)[::-1] + 0.5)
        return (distance / FADE).astype(np.float32)

    down = ramp(window.height, window.top > 0, window.bottom < height)
    across = ramp(window.width, window.left > 0, window.right < width)
    return np.minimum(down[:, None], across[None, :])
