"""OpenRaster documents (Krita, GIMP, MyPaint): a zip of PNG layers and a small XML file.

https://www.openraster.org, version 0.0.5 of the specification.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.colour import Pixels, to_eight_bits
from instmatt_app.files.formats.document import LayeredPicture
from instmatt_app.files.formats.png import encode_png

THUMBNAIL_SIDE = 256


def write_ora(picture: LayeredPicture, path: Path) -> None:
    """Layers with names and places, the merged picture and a thumbnail; 8 or 16 bits, the profile in every PNG."""
    entries = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:

        def put(name: str, content: str | bytes) -> None:
            # Without the time, so that the same layers make the same file.
            archive.writestr(zipfile.ZipInfo(name), content)

        # The type comes first and uncompressed, so that programs know the file by its first bytes.
        put("mimetype", "image/openraster")
        for number, layer in enumerate(picture.layers):
            source = f"data/layer{number:03}.png"
            put(source, encode_png(layer.rgba(), picture.profile))
            entries.append(
                f'<layer name={quoteattr(layer.name)} src="{source}" x="{layer.left}" y="{layer.top}" '
                'opacity="1.0" visibility="visible" composite-op="svg:src-over"/>'
            )
        listed = "\n".join(reversed(entries))  # the uppermost first
        put(
            "stack.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>\n<image version="0.0.5" w="{picture.width}" '
            f'h="{picture.height}">\n<stack>\n{listed}\n</stack>\n</image>\n',
        )
        put("mergedimage.png", encode_png(picture.merged, picture.profile, picture.exif))
        put("Thumbnails/thumbnail.png", encode_png(_thumbnail(picture.merged)))


def _thumbnail(merged: Pixels) -> NDArray[np.uint8]:
    height, width = merged.shape[:2]
    scale = min(1.0, THUMBNAIL_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small: NDArray[np.uint8] = cv2.resize(to_eight_bits(merged), size, interpolation=cv2.INTER_AREA)
    return small
