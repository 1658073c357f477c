"""Recompose: layers that give the photo back when they are laid over each other in normal blending.

The people's alphas and the background's add up to one; an editor, however, lays layers over each other. With the share
of light that still passes, T = Π (1 − a) over the layers above, a layer of alpha a shows with the weight a T.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels, strips


def stack_alphas(alphas: Iterable[NDArray[np.float32]], dtype: type[np.uint8] | type[np.uint16]) -> Iterator[Pixels]:
    """The layers' alphas, the uppermost first, so that each person shows with the weight of the partition.

    ``alphas`` are the people's of the partition, float32 (H, W), 0..1, the uppermost first; made one at a time. Each is
    rounded to ``dtype`` before the next is computed, so that errors do not add up. What the people leave is the opaque
    background's.
    """
    top = np.iinfo(dtype).max
    passing: NDArray[np.float32] | None = None
    for alpha in alphas:
        if passing is None:
            passing = np.ones_like(alpha)
        layer: Pixels = np.empty(alpha.shape, np.dtype(dtype))
        for rows in strips(*alpha.shape):
            share = alpha[rows] / np.maximum(passing[rows], 1e-6)
            layer[rows] = np.rint(np.clip(share, 0, 1) * np.float32(top))
            passing[rows] *= 1 - layer[rows] / np.float32(top)
        yield layer


def weights(stack: Sequence[Pixels]) -> NDArray[np.float32]:
    """How much of each layer is seen, and last of the opaque background: float32 (K + 1, h, w), adding up to one.

    ``stack`` holds the alphas as written, (h, w) each, the uppermost first.
    """
    passing = np.ones(stack[0].shape, np.float32)
    seen = np.empty((len(stack) + 1, *passing.shape), np.float32)
    for number, alpha in enumerate(stack):
        share = alpha / np.float32(np.iinfo(alpha.dtype).max)
        seen[number] = passing * share
        passing *= 1 - share
    seen[-1] = passing
    return seen


def solve_colours(photo: Pixels, colours: Sequence[Pixels], stack: Sequence[Pixels]) -> None:
    """Changes the colours in place, as little as possible, until the layers show the photo again.

    ``photo`` is (H, W, 3), ``colours`` the layers' estimates, (H, W, 3) each, and last the background's, all of the
    photo's type; ``stack`` the alphas of all but the background. In normal blending the layers then differ from the
    photo by half a level at most. All colours equal to the photo's would do it exactly, so there is always a solution:
    the estimates are corrected along their weights, rounded, and the layer that is seen most takes up the rest; where
    it cannot, everybody moves towards the photo's colour.
    """
    top = np.float32(np.iinfo(photo.dtype).max)
    for rows in strips(*photo.shape[:2]):
        seen = weights([alpha[rows] for alpha in stack])
        # Where one layer alone is seen it takes the photo's colour, and the others may keep theirs.
        mixed = seen.max(axis=0) < 1
        alone = seen.argmax(axis=0)
        strip = photo[rows]
        for number, colour in enumerate(colours):
            place = ~mixed & (alone == number)
            colour[rows][place] = strip[place]
        if not mixed.any():
            continue
        share = seen[:, mixed][..., None]
        target = strip[mixed].astype(np.float32)
        estimate = np.stack([colour[rows][mixed] for colour in colours]).astype(np.float32)
        solved = _solved(target, estimate, share, top)
        for colour, values in zip(colours, solved, strict=True):
            colour[rows][mixed] = values.astype(photo.dtype)


def _solved(
    target: NDArray[np.float32], estimate: NDArray[np.float32], share: NDArray[np.float32], top: np.float32
) -> NDArray[np.float32]:
    """Whole-number colours (n, N, 3) near the estimates with Σ share · colour ≈ target (N, 3); share is (n, N, 1)."""
    scale = (share**2).sum(axis=0)
    for _ in range(3):
        missing = target - (share * estimate).sum(axis=0)
        estimate = np.clip(estimate + share / scale * missing, 0, top)
    estimate = np.rint(estimate)
    pivot = share.argmax(axis=0, keepdims=True)
    most = np.take_along_axis(share, pivot, axis=0)[0]

    def needed() -> NDArray[np.float32]:
        """What the layer that is seen most must be, given the others."""
        own = np.take_along_axis(estimate, np.broadcast_to(pivot, (1, *target.shape)), axis=0)[0]
        wanted: NDArray[np.float32] = own + (target - (share * estimate).sum(axis=0)) / most
        return wanted

    wanted = needed()
    bound = np.clip(wanted, 0, top)
    # Moving everybody by t towards the target moves the need by t as well, and at t = 1 it is the target itself.
    way = wanted - target
    t = np.divide(wanted - bound, way, out=np.zeros_like(way), where=wanted != bound)
    estimate = np.rint(estimate + np.clip(t, 0, 1) * (target - estimate))
    np.put_along_axis(
        estimate, np.broadcast_to(pivot, (1, *target.shape)), np.clip(np.rint(needed()), 0, top)[None], axis=0
    )
    return estimate
