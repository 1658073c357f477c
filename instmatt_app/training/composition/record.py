"""Composition: one photo with everybody's visible alpha, colours and rough mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Alphas = NDArray[np.float32]

TAGS = ("close", "occlusion", "incomplete", "foreign", "small")


@dataclass(frozen=True, eq=False)
class Composition:
    """A photo of K people, front to back, and what is known about them.

    ``photo`` and ``background`` are RGB uint8 (H, W, 3). ``alphas`` is float32 (K, H, W), 0..1: what is visible of
    every person, so their sum is at most one. ``foregrounds`` is uint8 (K, H, W, 3), straight colours; they mean
    something where the alpha is not zero. ``masks`` is uint8 (K, H, W), 0 or 255: what a recogniser might have found.
    ``exact`` is bool (K,): the soft alpha of this person can be trusted; where it is False the alpha is a hard mask,
    right only away from its outline. ``tags`` says what is difficult (see TAGS). ``ignore`` is uint8 (H, W), 255 where
    people stand whose mask is not known, or None. ``name`` says what it was made from.
    """

    photo: Bytes
    alphas: Alphas
    foregrounds: Bytes
    background: Bytes
    masks: Bytes
    exact: NDArray[np.bool_]
    tags: frozenset[str] = frozenset()
    ignore: Bytes | None = None
    name: str = ""

    @property
    def count(self) -> int:
        """How many people there are."""
        return len(self.alphas)
