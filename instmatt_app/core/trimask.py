"""TriMask: the guidance a network is given for one person — target, reference, background."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.hints import Hint, effective_mask, reduce_plane
from instmatt_app.core.instance import Instance
from instmatt_app.core.rect import Rect

TriMask = NDArray[np.float32]
"""float32 (3, h, w), channels target, reference, background. 0..1, except under published sums (see below)."""


def published_trimasks(masks: Sequence[NDArray[np.float32]]) -> list[TriMask]:
    """Tri-masks by the released script's plain sums: T = m_i, R = Σ m − m_i, B = 1 − Σ m.

    Masks are float32 (h, w), 0..1, not thresholded. Nothing is clipped: where masks overlap R can exceed 1 and B is
    below 0, as in the released InstMatt inference.
    """
    total = np.sum(np.stack(masks), axis=0, dtype=np.float32)
    return [np.stack([mask, total - mask, 1 - total]).astype(np.float32) for mask in masks]


def trimasks(
    masks: Sequence[NDArray[np.float32]],
    hints: Sequence[NDArray[np.uint8] | None] | None = None,
    whose: Collection[int] | None = None,
) -> list[TriMask]:
    """Tri-masks from masks and hints, one per person, clipped to [0, 1]; of those places in the list, if any are named.

    Masks are float32 (h, w), 0..1, and hints uint8 (h, w) planes of :class:`Hint` (None: nothing was painted). With e
    the effective masks, person i has, where its own hint is

    * none: target e_i, reference Σ_{j≠i} e_j, background what is left;
    * this person: target 1; another person: reference 1;
    * not this person: target 0, reference Σ_{j≠i} e_j, background what is left;
    * undecided: 0 in all three, so that the network decides (a gap in this person's own channels only).

    After Sun, Tang, Tai (CVPR 2022), section 3.2, whose background is the complement of target and reference.
    """
    planes: list[NDArray[np.uint8] | None] = [None] * len(masks) if hints is None else list(hints)
    effective = [effective_mask(mask, planes[i], planes[:i] + planes[i + 1 :]) for i, mask in enumerate(masks)]
    total = np.zeros_like(masks[0])
    for own in effective:
        total += own
    result = []
    for place, (own, plane) in enumerate(zip(effective, planes, strict=True)):
        if whose is not None and place not in whose:
            continue
        target = own.copy()
        reference = total - own
        if plane is not None:
            reference[plane == Hint.THIS_PERSON] = 0
            reference[plane == Hint.ANOTHER_PERSON] = 1
        background = 1 - target - reference
        tri = np.stack([target, reference, background])
        np.clip(tri, 0, 1, out=tri)
        if plane is not None:
            tri[:, plane == Hint.UNDECIDED] = 0
        result.append(tri)
    return result


def trimasks_of(
    instances: Sequence[Instance],
    height: int,
    width: int,
    published: bool = False,
    *,
    window: Rect | None = None,
    whose: Collection[int] | None = None,
) -> Mapping[int, TriMask]:
    """The tri-masks of a project's people at the working size, by instance id.

    Of a ``window`` of it, if one is given, and only of these ids, if any are named; published ones always of all.

    Masks are resized with OpenCV's nearest neighbour, as the released script does; hints so that thin strokes survive.
    Under ``published`` there are no hints and the sums are plain.
    """
    window = window or Rect(0, 0, width, height)
    masks = [one.mask.reduced(height, width, window).astype(np.float32) / np.float32(255) for one in instances]
    if not masks:
        return {}
    if published:
        return {one.id: tri for one, tri in zip(instances, published_trimasks(masks), strict=True)}
    hints = [None if one.hints is None else reduce_plane(one.hints, height, width)[window.slices] for one in instances]
    chosen = [number for number, one in enumerate(instances) if whose is None or one.id in whose]
    made = trimasks(masks, hints, chosen)
    return {instances[number].id: tri for number, tri in zip(chosen, made, strict=True)}
