"""Photoshop documents, by psd-tools: layers with layer masks, or with transparency."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from psd_tools import PSDImage
from psd_tools.api.layers import PixelLayer
from psd_tools.constants import Compression, Resource
from psd_tools.psd.image_data import ImageData
from psd_tools.psd.image_resources import ImageResource

from instmatt_app.core.colour import Pixels
from instmatt_app.files.formats.document import DocumentError, LayeredPicture

# Beyond these the format has a second form (PSB), which the library does not make from new.
MAX_SIDE = 30_000
MAX_BYTES = 2**31
# Photoshop turns longer names away.
MAX_NAME = 255


def write_psd(picture: LayeredPicture, path: Path) -> None:
    """A document whose layers are whole pictures with a layer mask each: what retouchers expect. 8 bits.

    Raises:
        DocumentError: the picture is too large for the format.
    """
    _write(picture, path, masks=True)


def write_psd_transparency(picture: LayeredPicture, path: Path) -> None:
    """A document whose layers are transparent themselves: what simple viewers show. 8 or 16 bits.

    Raises:
        DocumentError: the picture is too large for the format.
    """
    _write(picture, path, masks=False)


def _write(picture: LayeredPicture, path: Path, masks: bool) -> None:
    if max(picture.height, picture.width) > MAX_SIDE:
        raise DocumentError(
            f"A PSD file ends at {MAX_SIDE} pixels a side and this photo has {picture.width} × {picture.height}; "
            "choose the format ora, tiff or png."
        )
    sixteen = picture.merged.dtype == np.uint16
    document = PSDImage.new("RGB", (picture.width, picture.height), depth=16 if sixteen else 8)
    for layer in picture.layers:
        if masks:
            made = PixelLayer.fromarray(layer.colours, document, top=layer.top, left=layer.left)
            if layer.alpha.min() < np.iinfo(layer.alpha.dtype).max:
                made.create_mask(Image.fromarray(layer.alpha))
        else:
            made = PixelLayer.fromarray(layer.rgba(), document, top=layer.top, left=layer.left)
        # Set afterwards: given at once, a name outside MacRoman cannot be saved.
        made.name = layer.name[:MAX_NAME]
    if picture.profile is not None:
        key = Resource.ICC_PROFILE
        document.image_resources[key] = ImageResource(key=key.value, data=picture.profile)
    if picture.exif is not None:
        key = Resource.EXIF_DATA_1
        document.image_resources[key] = ImageResource(key=key.value, data=picture.exif.removeprefix(b"Exif\0\0"))
    _put_merged(document, picture.merged)
    document.save(path)
    if path.stat().st_size >= MAX_BYTES:
        raise DocumentError("A PSD file ends at 2 GB and these layers need more; choose the format ora, tiff or png.")


def _put_merged(document: PSDImage, merged: Pixels) -> None:
    """Says what the layers look like together; composing them itself would take the library most of the time."""
    record = document._record
    big_endian = merged.astype(merged.dtype.newbyteorder(">"))
    planes = [big_endian[..., channel].tobytes() for channel in range(3)]
    data = ImageData(compression=Compression.RLE)
    data.set_data(planes, record.header)
    record.image_data = data
    document._updated = False
