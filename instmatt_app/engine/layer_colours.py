"""Layer colours: everybody's own colours and the background's, where they share pixels, estimated all together.

The photo is Σ α_k F_k over people and background. Among all colours F that explain it, those are looked for that are
smooth where the alphas are: the least of |I − Σ α_k F_k|² + Σ_k Σ_n w_kn |F_k − F_k,n|² over the neighbours n of every
pixel, w_kn = ε + |α_k − α_k,n|, from a coarse level to the finest. This is the cost and the scheme of Germer et al.,
Fast Multi-Level Foreground Estimation (ICPR 2020), for any number of layers. With the neighbours held, a pixel's system
is a diagonal and one outer product, so it is solved in closed form (Sherman and Morrison): with m_k the weighted mean
of the neighbours and w_k the sum of their weights, F_k = m_k + (α_k / w_k) (I − Σ α_j m_j) / (1 + Σ α_j² / w_j).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimatte import Alphas

# Colours are continued this far beyond the outline, so that scaling a cut-out brings in no stranger's colour.
BLEED = 2
# Photos are done in blocks, so that memory does not grow with them; the margin is what a block sees of its neighbours.
BLOCK, MARGIN = 512, 48
# The coarse levels are done for the whole photo at once, so that all blocks begin from the same colours.
COARSE_SIDE = 512
_SMOOTHNESS = 1e-5
_MANY_ROUNDS, _FEW_ROUNDS, _SMALL = 10, 2, 32


@dataclass(frozen=True, eq=False)
class SoftColours:
    """One layer's own colours in the pixels that it does not fill alone.

    ``places`` are flat indices of photo pixels, rising, int64 (P,); ``colours`` is (P, 3) in the photo's type.
    """

    places: NDArray[np.int64]
    colours: Pixels

    def mixed(self, pixels: Pixels, strength: float) -> SoftColours:
        """Between the photo's colours (strength 0) and these (1), of the same places; ``pixels`` is the photo."""
        if strength == 1:
            return self
        photo = pixels.reshape(-1, 3)[self.places]
        return SoftColours(self.places, mixed_colours(photo, self.colours, strength))

    def put(self, target: Pixels, area: Rect, width: int) -> None:
        """Writes the colours that lie in the box ``area`` of a photo of that width into ``target``, (h, w, 3)."""
        first, last = np.searchsorted(self.places, [area.top * width, area.bottom * width])
        rows, columns = np.divmod(self.places[first:last], width)
        inside = (columns >= area.left) & (columns < area.right)
        target[rows[inside] - area.top, columns[inside] - area.left] = self.colours[first:last][inside]


def mixed_colours(photo: Pixels, clean: Pixels, strength: float) -> Pixels:
    """Between the photo's colours (strength 0) and clean ones (1), of the same shape and type (…, 3)."""
    before = photo.astype(np.float32)
    mixed = np.empty_like(clean)
    mixed[:] = np.rint(before + np.float32(strength) * (clean - before))
    return mixed


def soft_colours(
    pixels: Pixels, alphas: Callable[[slice], Alphas], small: Alphas, levels: int, step: Step = silent
) -> list[SoftColours]:
    """The own colours of all layers, people in order and the background last.

    ``pixels`` is the photo (H, W, 3); ``alphas(rows)`` gives those rows of all alphas, float32 (count, h, W), adding up
    to one, and ``small`` is the same at a smaller size, such as the working size. ``levels`` is the highest value of
    the alpha that will be written: what it rounds to 0 or 1 counts as such. Where a layer's alpha rounds to one its
    colours are the photo's, and no place is kept.
    """
    height, width = pixels.shape[:2]
    count = len(small)
    coarse, factor = _coarse(pixels, small)
    found: list[list[tuple[NDArray[np.int64], Pixels]]] = [[] for _ in range(count)]
    bands = range(0, height, BLOCK)
    for number, top in enumerate(bands):
        step(number, len(bands), "clean colours")
        seen = slice(max(0, top - MARGIN), min(height, top + BLOCK + MARGIN))
        band = alphas(seen)
        for block, view in _blocks(top, height, width, seen):
            part = band[:, view.top - seen.start : view.bottom - seen.start, view.left : view.right]
            inner = Rect.of_size(block.left - view.left, block.top - view.top, block.width, block.height).slices
            wanted, present = _wanted(part, levels)
            layers = [k for k in range(count) if wanted[k][inner].any()]
            if not layers:
                continue
            taking_part = [k for k in range(count) if present[k].any()]
            start = _cut(coarse[taking_part], view, height, width)
            estimate = _estimate(pixels[view.slices], part[taking_part], start, factor)
            for k in layers:
                y, x = np.nonzero(wanted[k][inner])
                colours = estimate[taking_part.index(k)][inner][y, x]
                found[k].append(((y + block.top).astype(np.int64) * width + x + block.left, colours))
    return [_sorted(parts, pixels) for parts in found]


def _blocks(top: int, height: int, width: int, seen: slice) -> Iterator[tuple[Rect, Rect]]:
    """The blocks of a band of rows, and what each sees."""
    for left in range(0, width, BLOCK):
        block = Rect(left, top, min(width, left + BLOCK), min(height, top + BLOCK))
        yield block, Rect(max(0, left - MARGIN), seen.start, min(width, block.right + MARGIN), seen.stop)


def _wanted(alphas: Alphas, levels: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where each layer needs colours of its own, and where it is at all: bool (k, h, w)."""
    least = 0.5 / levels
    present = alphas >= least
    kernel = np.ones((2 * BLEED + 1, 2 * BLEED + 1), np.uint8)
    wanted = np.empty(alphas.shape, bool)
    for near, own, alpha in zip(wanted, present, alphas, strict=True):
        near[:] = (cv2.dilate(own.astype(np.uint8), kernel) > 0) & (alpha <= 1 - least)
    return wanted, present


def _coarse(pixels: Pixels, alphas: Alphas) -> tuple[NDArray[np.float32], float]:
    """All layers' colours, float32 (k, h, w, 3), of the photo at COARSE_SIDE; and how much larger the photo is."""
    height, width = pixels.shape[:2]
    factor = max(1.0, max(height, width) / COARSE_SIDE)
    h, w = max(1, round(height / factor)), max(1, round(width / factor))
    # The photo is shrunk as it is, because a copy in floats would be four times as large.
    photo = cv2.resize(pixels, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32)
    photo /= np.iinfo(pixels.dtype).max
    start = np.repeat(photo.mean(axis=(0, 1), keepdims=True)[None], len(alphas), axis=0)
    return _levels(photo, _shrunk(alphas, h, w), start, max(h, w)), factor


def _cut(coarse: NDArray[np.float32], view: Rect, height: int, width: int) -> NDArray[np.float32]:
    """The part of the coarse colours that lies under a box of the photo, to the next whole pixel outwards."""
    h, w = coarse.shape[1:3]
    rows = slice(view.top * h // height, -(-view.bottom * h // height))
    columns = slice(view.left * w // width, -(-view.right * w // width))
    return coarse[:, rows, columns]


def _estimate(pixels: Pixels, alphas: Alphas, start: NDArray[np.float32], factor: float) -> Sequence[Pixels]:
    """The colours of all layers in a block, (h, w, 3) each, in the photo's type, from a start that is smaller."""
    top = np.float32(np.iinfo(pixels.dtype).max)
    colours = _levels(pixels.astype(np.float32) / top, alphas, start, factor)
    return [np.rint(one * top).astype(pixels.dtype) for one in colours]


def _levels(
    photo: NDArray[np.float32], alphas: Alphas, colours: NDArray[np.float32], factor: float
) -> NDArray[np.float32]:
    """From a size ``factor`` times smaller, by doubling, to the photo's own."""
    sizes = [photo.shape[:2]]
    while factor > 1:
        sizes.append((max(1, (sizes[-1][0] + 1) // 2), max(1, (sizes[-1][1] + 1) // 2)))
        factor /= 2
    for h, w in reversed(sizes):
        seen = photo if (h, w) == photo.shape[:2] else cv2.resize(photo, (w, h), interpolation=cv2.INTER_AREA)
        larger = [cv2.resize(one, (w, h), interpolation=cv2.INTER_LINEAR).reshape(h, w, 3) for one in colours]
        rounds = _MANY_ROUNDS if max(h, w) <= _SMALL else _FEW_ROUNDS
        colours = _smoothed(seen.reshape(h, w, 3), _shrunk(alphas, h, w), np.stack(larger), rounds)
    return colours


def _shrunk(alphas: Alphas, height: int, width: int) -> Alphas:
    if alphas.shape[1:] == (height, width):
        return alphas
    return np.stack([cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) for one in alphas])


def _smoothed(
    photo: NDArray[np.float32], alphas: Alphas, colours: NDArray[np.float32], rounds: int
) -> NDArray[np.float32]:
    """Rounds of the closed form, all pixels at once; photo (h, w, 3), alphas (k, h, w), colours (k, h, w, 3)."""
    padded = np.pad(alphas, ((0, 0), (1, 1), (1, 1)), mode="edge")
    before, same, after = slice(0, -2), slice(1, -1), slice(2, None)
    around = [(before, same), (after, same), (same, before), (same, after)]
    weights = [np.abs(alphas - padded[:, rows, columns]) + np.float32(_SMOOTHNESS) for rows, columns in around]
    total = np.sum(weights, axis=0)
    gain = alphas / total
    gain /= 1 + np.sum(alphas * gain, axis=0)
    for weight in weights:
        weight /= total
    for _ in range(rounds):
        shifted = np.pad(colours, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
        mean = np.zeros_like(colours)
        for weight, (rows, columns) in zip(weights, around, strict=True):
            mean += weight[..., None] * shifted[:, rows, columns]
        missing = photo - np.einsum("khw,khwc->hwc", alphas, mean)
        colours = np.clip(mean + gain[..., None] * missing, 0, 1)
    return colours


def _sorted(parts: list[tuple[NDArray[np.int64], Pixels]], pixels: Pixels) -> SoftColours:
    if not parts:
        return SoftColours(np.zeros(0, np.int64), np.zeros((0, 3), pixels.dtype))
    places = np.concatenate([places for places, _ in parts])
    order = np.argsort(places, kind="stable")
    return SoftColours(places[order], np.concatenate([colours for _, colours in parts])[order])
