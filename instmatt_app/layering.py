"""Layering: a result's layers at photo size, made by strips, with everybody's own colours estimated all together.

Only what a layer shows is ever held at photo size: its crop, in the samples that are written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels, strips
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.recompose import solve_colours, stack_alphas
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimatte import Alphas
from instmatt_app.engine.layer_colours import SoftColours, soft_colours
from instmatt_app.files.export_options import BackgroundKind
from instmatt_app.files.formats import Depth
from instmatt_app.files.formats.document import PlacedLayer, opaque
from instmatt_app.files.layer_writer import quantised

BACKGROUND = "Background"


@dataclass(frozen=True, eq=False)
class Layering:
    """What layers are made of.

    ``pixels`` is the photo (H, W, 3) in the samples that are written; ``rows`` gives rows of all alphas at photo size,
    float32 (K + 1, h, W), people in order and the background last, adding up to one; ``small`` is the same at the
    working size. ``cleaned`` gives everybody colours of their own where they are mixed; otherwise they are the photo's.
    ``strength``, 0..1, mixes people's cleaned colours with the photo's. ``whole`` makes every layer as large as the
    photo, not only as large as what it shows.
    """

    pixels: Pixels
    names: Sequence[str]
    rows: Callable[[slice], Alphas]
    small: Alphas
    step: Step = silent
    cleaned: bool = True
    strength: float = 1.0
    whole: bool = False

    @property
    def levels(self) -> int:
        """The highest value of a sample."""
        return int(np.iinfo(self.pixels.dtype).max)

    def soft(self, levels: int | None = None) -> list[SoftColours]:
        """Everybody's and the background's colours where they are mixed; ``levels`` those of the alpha's file."""
        *people, background = soft_colours(self.pixels, self.rows, self.small, levels or self.levels, self.step)
        return [*(one.mixed(self.pixels, self.strength) for one in people), background]

    def clean(self, soft: SoftColours, alpha: NDArray[np.float32], levels: int) -> Pixels:
        """One layer's colours on the whole canvas, (H, W, 3): the photo's where it is alone, black where it is not."""
        colours: Pixels = np.zeros_like(self.pixels)
        for rows in strips(*alpha.shape):
            _fill(colours[rows], self.pixels[rows], alpha[rows] > 1 - 0.5 / levels)
        height, width = alpha.shape
        soft.put(colours, Rect(0, 0, width, height), width)
        return colours

    def plain(self, background: BackgroundKind) -> list[PlacedLayer]:
        """The lowest layer first; alphas of the partition, cut to what is seen."""
        dtype: Depth = self.pixels.dtype.type
        soft = self.soft() if self.cleaned or background == "clean" else []

        def written(alphas: Alphas) -> list[Pixels]:
            return [quantised(alpha, dtype) for alpha in alphas[:-1]]

        layers = self._canvases(written)
        for rows in strips(*self.pixels.shape[:2]):
            self.step(rows.start, self.pixels.shape[0], "putting the layers together")
            alphas = self.rows(rows)
            for layer, alpha, plane in zip(layers, alphas, written(alphas), strict=False):
                layer.take(rows, self._alone(rows, alpha), plane)
        if self.cleaned:
            people = [layer.placed(one) for layer, one in zip(layers, soft, strict=False)]
        else:
            people = [layer.placed() for layer in layers]
        below = []
        if background == "photo":
            below = [opaque(BACKGROUND, self.pixels)]
        elif background == "clean":
            below = [opaque(BACKGROUND, self._own_background(soft[-1]))]
        return [*below, *reversed(people)]

    def recomposable(self) -> list[PlacedLayer]:
        """The lowest layer, the opaque background, first; they show the photo again within one level."""
        dtype: Depth = self.pixels.dtype.type
        soft = self.soft() if self.cleaned else []

        def written(alphas: Alphas) -> list[Pixels]:
            return list(stack_alphas(iter(alphas[:-1]), dtype))

        layers = self._canvases(written)
        below = self._own_background(soft[-1]) if self.cleaned else self.pixels
        height, width = self.pixels.shape[:2]
        for rows in strips(height, width):
            self.step(rows.start, height, "putting the layers together")
            alphas = self.rows(rows)
            stack = written(alphas)
            if not self.cleaned:
                # Where all layers have the photo's colours, any alphas show the photo.
                for layer, plane in zip(layers, stack, strict=True):
                    layer.take(rows, self.pixels[rows], plane)
                continue
            area = Rect(0, rows.start, width, rows.stop)
            colours = []
            for one, alpha in zip(soft, alphas[:-1], strict=False):
                own = self._alone(rows, alpha)
                one.put(own, area, width)
                colours.append(own)
            solve_colours(self.pixels[rows], [*colours, below[rows]], stack)
            for layer, own, plane in zip(layers, colours, stack, strict=True):
                layer.take(rows, own, plane)
        return [opaque(BACKGROUND, below), *(layer.placed() for layer in reversed(layers))]

    def _alone(self, rows: slice, alpha: NDArray[np.float32]) -> Pixels:
        """A strip of a layer's colours: the photo's where it fills the pixel, black elsewhere if they are cleaned."""
        if not self.cleaned:
            return self.pixels[rows]
        colours: Pixels = np.zeros((*alpha.shape, 3), self.pixels.dtype)
        _fill(colours, self.pixels[rows], alpha > 1 - 0.5 / self.levels)
        return colours

    def _own_background(self, soft: SoftColours) -> Pixels:
        """The background's own colours; where nobody sees it there is nothing better to show than the photo."""
        colours = self.pixels.copy()
        height, width = colours.shape[:2]
        soft.put(colours, Rect(0, 0, width, height), width)
        least = 0.5 / self.levels
        for rows in strips(height, width):
            _fill(colours[rows], self.pixels[rows], self.rows(rows)[-1] < least)
        return colours

    def _canvases(self, written: Callable[[Alphas], list[Pixels]]) -> list[_Canvas]:
        """Empty canvases, each as large as what its layer will show, or as the photo."""
        height, width = self.pixels.shape[:2]
        if self.whole:
            return [_Canvas(name, Rect(0, 0, width, height), width, self.pixels.dtype) for name in self.names]
        boxes = [Rect(0, 0, 0, 0)] * len(self.names)
        for rows in strips(height, width):
            for number, plane in enumerate(written(self.rows(rows))):
                boxes[number] = boxes[number].union(_box_of(plane, rows.start))
        # A layer that shows nothing is one pixel, because formats know no smaller ones.
        seen = [Rect(0, 0, 1, 1) if box.is_empty else box for box in boxes]
        return [_Canvas(name, box, width, self.pixels.dtype) for name, box in zip(self.names, seen, strict=True)]


class _Canvas:
    """A layer that is filled by strips."""

    def __init__(self, name: str, box: Rect, width: int, dtype: np.dtype[np.uint8] | np.dtype[np.uint16]) -> None:
        self.name, self.box, self.width = name, box, width
        self.colours: Pixels = np.zeros((box.height, box.width, 3), dtype)
        self.alpha: Pixels = np.zeros((box.height, box.width), dtype)

    def take(self, rows: slice, colours: Pixels, alpha: Pixels) -> None:
        """Its part of a strip of the photo's width."""
        top, bottom = max(rows.start, self.box.top), min(rows.stop, self.box.bottom)
        if top < bottom:
            there = np.s_[top - self.box.top : bottom - self.box.top]
            here = np.s_[top - rows.start : bottom - rows.start, self.box.left : self.box.right]
            self.colours[there], self.alpha[there] = colours[here], alpha[here]

    def placed(self, soft: SoftColours | None = None) -> PlacedLayer:
        if soft is not None:
            soft.put(self.colours, self.box, self.width)
        return PlacedLayer(self.name, self.colours, self.alpha, self.box.left, self.box.top)


def _fill(target: Pixels, source: Pixels, where: NDArray[np.bool_]) -> None:
    target[where] = source[where]


def _box_of(plane: Pixels, top: int) -> Rect:
    rows, columns = np.flatnonzero(plane.any(axis=1)), np.flatnonzero(plane.any(axis=0))
    if not rows.size:
        return Rect(0, 0, 0, 0)
    return Rect(int(columns[0]), top + int(rows[0]), int(columns[-1]) + 1, top + int(rows[-1]) + 1)
