"""What a document format writes: a picture of several layers in one file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels


class DocumentError(ValueError):
    """A picture that a format cannot hold; the message is one sentence that says what to do instead."""


@dataclass(frozen=True, eq=False)
class PlacedLayer:
    """One layer, cut to what it shows.

    ``colours`` is uint8 or uint16 (h, w, 3), straight; ``alpha`` has its type and the shape (h, w); the layer's upper
    left pixel lies at ``left``, ``top`` of the canvas.
    """

    name: str
    colours: Pixels
    alpha: Pixels
    left: int = 0
    top: int = 0

    def rgba(self) -> Pixels:
        """Colours and alpha in one array: (h, w, 4), straight."""
        height, width = self.alpha.shape
        whole: Pixels = np.empty((height, width, 4), self.alpha.dtype)
        whole[..., :3] = self.colours
        whole[..., 3] = self.alpha
        return whole


@dataclass(frozen=True, eq=False)
class LayeredPicture:
    """Layers over each other, the lowest first, and what they look like together.

    ``merged`` is (H, W, 3) of the layers' type: what programs show that know nothing of layers. ``profile`` is the ICC
    profile of all colours, None for sRGB; ``title`` the photo's file name; ``exif`` what the camera wrote, if it is to
    be kept.
    """

    layers: tuple[PlacedLayer, ...]
    merged: Pixels
    profile: bytes | None = None
    title: str = ""
    exif: bytes | None = None

    def __post_init__(self) -> None:
        for layer in self.layers:
            height, width = layer.alpha.shape
            inside = 0 <= layer.left <= self.width - width and 0 <= layer.top <= self.height - height
            if layer.colours.shape != (height, width, 3) or not inside:
                raise ValueError(f"the layer “{layer.name}” does not fit the canvas")
            if not layer.colours.dtype == layer.alpha.dtype == self.merged.dtype:
                raise ValueError(f"the layer “{layer.name}” has another depth than the canvas")

    @property
    def height(self) -> int:
        return int(self.merged.shape[0])

    @property
    def width(self) -> int:
        return int(self.merged.shape[1])


def placed(name: str, colours: Pixels, alpha: Pixels) -> PlacedLayer:
    """A canvas-size layer cut to the pixels whose alpha is not 0; a layer of one pixel where there are none."""
    rows = np.flatnonzero(alpha.any(axis=1))
    columns = np.flatnonzero(alpha.any(axis=0))
    if rows.size == 0:
        return PlacedLayer(name, colours[:1, :1], alpha[:1, :1])
    top, left = int(rows[0]), int(columns[0])
    area = np.s_[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    return PlacedLayer(name, colours[area], alpha[area], left, top)


def opaque(name: str, colours: Pixels) -> PlacedLayer:
    """A layer that covers the whole canvas."""
    full: NDArray[np.uint8] | NDArray[np.uint16] = np.full(
        colours.shape[:2], np.iinfo(colours.dtype).max, colours.dtype
    )
    return PlacedLayer(name, colours, full)
