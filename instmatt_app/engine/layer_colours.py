"""Layer colours: everybody's own colours and the background's, where they share pixels, estimated all together.

The photo is Σ α_k F_k over people and background. Among all colours F that explain it, those are looked for that are
smooth where the alphas are: the least of |I − Σ α_k F_k|² + Σ_k Σ_n w_kn |F_k − F_k,n|² over the neighbours n of every
pixel, w_kn = ε + |α_k − α_k,n|, from a coarse level to the finest. This is the cost and the scheme of Germer et al.,
Fast Multi-Level Foreground Estimation (ICPR 2020), for any number of layers. With the neighbours held, a pixel's system
is a diagonal and one outer product, so it is solved in closed form (Sherman and Morrison): with m_k the weighted mean
of the neighbours and w_k the sum of their weights, F_k = m_k + (α_k / w_k) (I − Σ α_j m_j) / (1 + Σ α_j² / w_j).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimatte import Alphas
from instmatt_app.engine.windows import cells_of, windows_of

# Colours are continued this far beyond the outline, so that scaling a cut-out brings in no stranger's colour.
BLEED = 2
# Photos are done in blocks, so that memory does not grow with them; the margin is what a block sees of its neighbours.
BLOCK, MARGIN = 512, 48
# The coarse levels are done for the whole photo at once, so that all blocks begin from the same colours.
COARSE_SIDE = 512
_SMOOTHNESS = 1e-5
_MANY_ROUNDS, _FEW_ROUNDS, _SMALL = 10, 2, 32

# Colours are planes here, float32 (…, 3, h, w), 0..1: rows of numbers that are next to each other.
Planes = NDArray[np.float32]


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
        seen = Rect(0, top, width, top + BLOCK).grow(MARGIN).clip(width, height)
        band = alphas(slice(seen.top, seen.bottom))
        for left in range(0, width, BLOCK):
            block = Rect.of_size(left, top, BLOCK, BLOCK).clip(width, height)
            around = block.grow(MARGIN).clip(width, height)
            wanted, present = _wanted(band[:, *around.within(seen).slices], levels)
            for part in _parts(wanted, block.within(around)):
                view = part.grow(MARGIN).clip(around.width, around.height)
                here = (slice(None), *view.slices)
                taking_part = [k for k in range(count) if present[k][view.slices].any()]
                place = Rect.of_size(around.left + view.left, around.top + view.top, view.width, view.height)
                known = band[:, *place.within(seen).slices][taking_part]
                estimate = _estimate(pixels[place.slices], known, coarse[taking_part], place, (height, width), factor)
                for k in range(count):
                    y, x = np.nonzero(wanted[here][k][part.within(view).slices])
                    if y.size:
                        y, x = y + part.top - view.top, x + part.left - view.left
                        colours = _as_samples(estimate[taking_part.index(k)][:, y, x].T, pixels.dtype)
                        found[k].append(((y + place.top).astype(np.int64) * width + x + place.left, colours))
    return [_sorted(parts, pixels) for parts in found]


def _parts(wanted: NDArray[np.bool_], inner: Rect) -> list[Rect]:
    """Rectangles that together hold what any layer wants, bool (k, h, w), of the box ``inner``; no two overlap."""
    area = np.asarray(wanted[:, *inner.slices].any(axis=0))
    pieces = windows_of(cells_of(area), inner.height, inner.width, BLOCK, MARGIN)
    return [piece.within(Rect(-inner.left, -inner.top, 0, 0)) for piece in pieces]


def _wanted(alphas: Alphas, levels: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where each layer needs colours of its own, and where it is at all: bool (k, h, w)."""
    least = 0.5 / levels
    present = alphas >= least
    kernel = np.ones((2 * BLEED + 1, 2 * BLEED + 1), np.uint8)
    wanted = np.empty(alphas.shape, bool)
    for near, own, alpha in zip(wanted, present, alphas, strict=True):
        near[:] = (cv2.dilate(own.astype(np.uint8), kernel) > 0) & (alpha <= 1 - least)
    return wanted, present


def _coarse(pixels: Pixels, alphas: Alphas) -> tuple[Planes, float]:
    """All layers' colours, (k, 3, h, w), of the photo at COARSE_SIDE; and how much larger the photo is."""
    height, width = pixels.shape[:2]
    factor = max(1.0, max(height, width) / COARSE_SIDE)
    h, w = max(1, round(height / factor)), max(1, round(width / factor))
    # The photo is shrunk as it is, because a copy in floats would be four times as large.
    photo = _planes(cv2.resize(pixels, (w, h), interpolation=cv2.INTER_AREA))
    sizes = _sizes(h, w, max(h, w))
    mean = photo.mean(axis=(1, 2))[None, :, None, None]
    start = np.broadcast_to(mean, (len(alphas), 3, *sizes[0])).astype(np.float32)
    return _levels(photo, _shrunk(alphas, h, w), start, sizes), factor


def _estimate(
    pixels: Pixels, alphas: Alphas, coarse: Planes, place: Rect, size: tuple[int, int], factor: float
) -> Planes:
    """The colours of all layers, (k, 3, h, w), in a box of a photo of that size, from coarse ones of all of it.

    ``pixels`` (h, w, 3) and ``alphas`` (k, h, w) are those of the box, ``place``; the photo is ``factor`` times larger
    than ``coarse``, (k, 3, …).
    """
    sizes = _sizes(place.height, place.width, factor)
    h, w = sizes[0]
    # Where the middles of the smallest level's pixels lie in the coarse colours.
    down, across = coarse.shape[-2] / size[0], coarse.shape[-1] / size[1]
    y, x = place.height / h * down, place.width / w * across
    move = np.array([[x, 0, place.left * across + x / 2 - 0.5], [0, y, place.top * down + y / 2 - 0.5]])
    start = np.empty((len(alphas), 3, h, w), np.float32)
    for to, plane in zip(start.reshape(-1, h, w), coarse.reshape(-1, *coarse.shape[-2:]), strict=True):
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(plane, move, (w, h), dst=to, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return _levels(_planes(pixels), alphas, start, sizes)


def _planes(pixels: Pixels) -> Planes:
    """Colours (h, w, 3) of full scale as planes (3, h, w) of 0..1."""
    planes = np.ascontiguousarray(np.moveaxis(pixels.reshape(*pixels.shape[:2], 3), 2, 0), np.float32)
    planes /= np.iinfo(pixels.dtype).max
    return planes


def _as_samples(colours: NDArray[np.float32], dtype: np.dtype[np.uint8] | np.dtype[np.uint16]) -> Pixels:
    samples: Pixels = np.rint(colours * np.float32(np.iinfo(dtype).max)).astype(dtype)
    return samples


def _sizes(height: int, width: int, factor: float) -> list[tuple[int, int]]:
    """Sizes that double up to this one, the smallest first, which is ``factor`` times smaller or a little more."""
    sizes = [(height, width)]
    while factor > 1:
        sizes.append((max(1, (sizes[-1][0] + 1) // 2), max(1, (sizes[-1][1] + 1) // 2)))
        factor /= 2
    return sizes[::-1]


def _levels(photo: Planes, alphas: Alphas, colours: Planes, sizes: Sequence[tuple[int, int]]) -> Planes:
    """From colours (k, 3, h, w) at the first of these sizes to the last, which is that of photo and alphas."""
    for h, w in sizes:
        larger = _resized(colours, h, w, cv2.INTER_LINEAR)
        rounds = _MANY_ROUNDS if max(h, w) <= _SMALL else _FEW_ROUNDS
        colours = _smoothed(_resized(photo, h, w, cv2.INTER_AREA), _shrunk(alphas, h, w), larger, rounds)
    return colours


def _shrunk(alphas: Alphas, height: int, width: int) -> Alphas:
    return _resized(alphas, height, width, cv2.INTER_AREA)


def _resized(planes: Planes, height: int, width: int, interpolation: int) -> Planes:
    """Planes (…, h, w) at another size."""
    if planes.shape[-2:] == (height, width):
        return planes
    made = np.empty((*planes.shape[:-2], height, width), np.float32)
    for to, plane in zip(made.reshape(-1, height, width), planes.reshape(-1, *planes.shape[-2:]), strict=True):
        cv2.resize(plane, (width, height), dst=to, interpolation=interpolation)
    return made


def _smoothed(photo: Planes, alphas: Alphas, colours: Planes, rounds: int) -> Planes:
    """Rounds of the closed form, all pixels at once; photo (3, h, w), alphas (k, h, w), colours (k, 3, h, w)."""
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
        shifted = np.pad(colours, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
        mean, term = np.zeros_like(colours), np.empty_like(colours)
        for weight, (rows, columns) in zip(weights, around, strict=True):
            np.multiply(weight[:, None], shifted[..., rows, columns], out=term)
            mean += term
        missing = photo - np.multiply(alphas[:, None], mean, out=term).sum(axis=0)
        mean += np.multiply(gain[:, None], missing, out=term)
        colours = np.clip(mean, 0, 1, out=mean)
    return colours


def _sorted(parts: list[tuple[NDArray[np.int64], Pixels]], pixels: Pixels) -> SoftColours:
    if not parts:
        return SoftColours(np.zeros(0, np.int64), np.zeros((0, 3), pixels.dtype))
    places = np.concatenate([places for places, _ in parts])
    order = np.argsort(places, kind="stable")
    return SoftColours(places[order], np.concatenate([colours for _, colours in parts])[order])
