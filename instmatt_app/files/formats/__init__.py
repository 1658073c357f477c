"""How layers become files: the formats by name, used by window and command line alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

from instmatt_app.core.colour import Pixels
from instmatt_app.files.formats.document import DocumentError, LayeredPicture
from instmatt_app.files.formats.png import encode_png
from instmatt_app.files.formats.webp import encode_webp

Depth = type[np.uint8] | type[np.uint16]


@dataclass(frozen=True)
class LayerWriter:
    """A file format that holds one layer.

    ``encode(array, profile, exif, place)`` gives the bytes of a file; it takes (H, W) grey, (H, W, 3) RGB or (H, W, 4)
    straight RGBA of ``dtype``. ``place`` is where the array's upper left pixel lies in the photo, (x, y), or None for
    the whole photo; only formats with ``has_place`` can say it. ``max_side`` is the longest side in pixels.
    """

    dtype: Depth
    encode: Callable[[Pixels, bytes | None, bytes | None, tuple[int, int] | None], bytes]
    max_side: int
    has_place: bool
    suffix: str = ".png"


@dataclass(frozen=True)
class DocumentWriter:
    """A file format that holds all layers of a photo.

    ``ending`` follows the photo's name. ``background`` says whether it takes the background as its lowest layer;
    without one, it wants the people's plain alphas. ``place`` names the function that writes. ``max_side`` is the
    longest side in pixels; ``max_bytes`` the largest file, ``least_share`` the least share of its samples' bytes that a
    photo is packed into, and ``instead`` what to take beyond them. ``has_layers`` is False where there are no layers
    with a place and colours of their own.
    """

    dtype: Depth
    ending: str
    background: bool
    place: str
    max_side: int
    max_bytes: int | None = None
    least_share: float = 1.0
    instead: str = "png"
    has_layers: bool = True

    def write(self, picture: LayeredPicture, path: Path) -> None:
        """Writes the file; its library is loaded now, not when the program starts.

        Raises:
            DocumentError: the format cannot hold the picture.
        """
        module, function = self.place.split(":")
        import_module(f"instmatt_app.files.formats.{module}").__dict__[function](picture, path)


FORMATS: dict[str, LayerWriter] = {
    "png": LayerWriter(np.uint8, encode_png, 1_000_000, True),
    "png16": LayerWriter(np.uint16, encode_png, 1_000_000, True),
    "webp": LayerWriter(np.uint8, encode_webp, 16_383, False, ".webp"),
}

DOCUMENTS: dict[str, DocumentWriter] = {
    "psd": DocumentWriter(np.uint8, ".psd", True, "psd:write_psd", 30_000, 2**31, 0.5, "psb, ora or png"),
    "psd-transparency": DocumentWriter(
        np.uint8, ".psd", True, "psd:write_psd_transparency", 30_000, 2**31, 0.5, "psb, ora or png"
    ),
    "psd16": DocumentWriter(
        np.uint16, ".psd", True, "psd:write_psd_transparency", 30_000, 2**31, 0.5, "psb16, ora16 or png16"
    ),
    "psb": DocumentWriter(np.uint8, ".psb", True, "psd:write_psb", 300_000),
    "psb16": DocumentWriter(np.uint16, ".psb", True, "psd:write_psb_transparency", 300_000),
    "ora": DocumentWriter(np.uint8, ".ora", True, "ora:write_ora", 1_000_000),
    "ora16": DocumentWriter(np.uint16, ".ora", True, "ora:write_ora", 1_000_000),
    "tiff": DocumentWriter(
        np.uint8, ".tif", True, "layered_tiff:write_layered_tiff", 1_000_000, 2**32 - 2**20, 0.1, "psb, ora or png"
    ),
    "tiff16": DocumentWriter(
        np.uint16, ".tif", True, "layered_tiff:write_layered_tiff", 1_000_000, 2**32 - 2**20, 0.1,
        "psb16, ora16 or png16",
    ),
    "exr": DocumentWriter(np.uint16, ".exr", False, "exr:write_exr", 1_000_000),
    "cryptomatte": DocumentWriter(
        np.uint16, "-cryptomatte.exr", False, "cryptomatte:write_cryptomatte", 1_000_000, has_layers=False
    ),
    "coco": DocumentWriter(np.uint8, "-coco.json", False, "coco:write_coco", 1_000_000, has_layers=False),
}  # fmt: skip


def check_size(format: str, width: int, height: int) -> None:
    """Says before any work that a format cannot hold a photo of so many pixels.

    Layers that need more than the photo's size tells are only known when they are made; their writers say it then.

    Raises:
        DocumentError: with the sentence.
    """
    writer = FORMATS.get(format) or DOCUMENTS[format]
    instead = writer.instead if isinstance(writer, DocumentWriter) else "png" if format != "png" else "exr"
    if max(width, height) > writer.max_side:
        raise DocumentError(
            f"A file of the format {format} ends at {writer.max_side} pixels a side and this photo has {width} × "
            f"{height}; choose the format {instead}."
        )
    if isinstance(writer, DocumentWriter) and writer.max_bytes is not None:
        # The merged picture and the background, three samples each.
        samples = 6 * width * height * np.dtype(writer.dtype).itemsize
        if samples * writer.least_share > writer.max_bytes:
            raise DocumentError(
                f"A file of the format {format} ends at {writer.max_bytes / 2**30:.0f} GB and this photo needs more; "
                f"choose the format {instead}."
            )
