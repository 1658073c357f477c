"""How layers become files: the formats by name, used by window and command line alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

from instmatt_app.core.colour import Pixels
from instmatt_app.files.formats.document import LayeredPicture
from instmatt_app.files.formats.png import encode_png
from instmatt_app.files.formats.webp import encode_webp

Depth = type[np.uint8] | type[np.uint16]


@dataclass(frozen=True)
class LayerWriter:
    """A file format that holds one layer.

    ``encode(array, profile, exif)`` gives the bytes of a file; it takes (H, W) grey, (H, W, 3) RGB or (H, W, 4)
    straight RGBA of ``dtype``.
    """

    dtype: Depth
    encode: Callable[[Pixels, bytes | None, bytes | None], bytes]
    suffix: str = ".png"


@dataclass(frozen=True)
class DocumentWriter:
    """A file format that holds all layers of a photo.

    ``ending`` follows the photo's name. ``background`` says whether it takes the background as its lowest layer;
    without one, it wants the people's plain alphas. ``place`` names the function that writes.
    """

    dtype: Depth
    ending: str
    background: bool
    place: str

    def write(self, picture: LayeredPicture, path: Path) -> None:
        """Writes the file; its library is loaded now, not when the program starts.

        Raises:
            DocumentError: the format cannot hold the picture.
        """
        module, function = self.place.split(":")
        import_module(f"instmatt_app.files.formats.{module}").__dict__[function](picture, path)


FORMATS: dict[str, LayerWriter] = {
    "png": LayerWriter(np.uint8, encode_png),
    "png16": LayerWriter(np.uint16, encode_png),
    "webp": LayerWriter(np.uint8, encode_webp, ".webp"),
}

DOCUMENTS: dict[str, DocumentWriter] = {
    "psd": DocumentWriter(np.uint8, ".psd", True, "psd:write_psd"),
    "psd-transparency": DocumentWriter(np.uint8, ".psd", True, "psd:write_psd_transparency"),
    "psd16": DocumentWriter(np.uint16, ".psd", True, "psd:write_psd_transparency"),
    "ora": DocumentWriter(np.uint8, ".ora", True, "ora:write_ora"),
    "ora16": DocumentWriter(np.uint16, ".ora", True, "ora:write_ora"),
    "tiff": DocumentWriter(np.uint8, ".tif", True, "layered_tiff:write_layered_tiff"),
    "tiff16": DocumentWriter(np.uint16, ".tif", True, "layered_tiff:write_layered_tiff"),
    "exr": DocumentWriter(np.uint16, ".exr", False, "exr:write_exr"),
    "cryptomatte": DocumentWriter(np.uint16, "-cryptomatte.exr", False, "cryptomatte:write_cryptomatte"),
    "coco": DocumentWriter(np.uint8, "-coco.json", False, "coco:write_coco"),
}
