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

MAX_BYTES = 2**31
# Photoshop turns longer names away.
MAX_NAME = 255


def write_psd(picture: LayeredPicture, path: Path) -> None:
    """A document whose layers are whole pictures with a layer mask each: what retouchers expect. 8 bits.

    Raises:
        DocumentError: the layers need more than 2 GB.
    """
    _write(picture, path, masks=True)


def write_psd_transparency(picture: LayeredPicture, path: Path) -> None:
    """A document whose layers are transparent themselves: what simple viewers show. 8 or 16 bits.

    Raises:
        DocumentError: the layers need more than 2 GB.
    """
    _write(picture, path, masks=False)


def write_psb(picture: LayeredPicture, path: Path) -> None:
    """The format's second form, for pictures beyond 30,000 pixels or 2 GB, with layer masks. 8 bits."""
    _write(picture, path, masks=True, large=True)


def write_psb_transparency(picture: LayeredPicture, path: Path) -> None:
    """The second form with layers that are transparent themselves. 8 or 16 bits."""
    _write(picture, path, masks=False, large=True)


def _write(picture: LayeredPicture, path: Path, masks: bool, large: bool = False) -> None:
    sixteen = picture.merged.dtype == np.uint16
    document = PSDImage.new("RGB", (picture.width, picture.height), depth=16 if sixteen else 8)
    # Before the first layer, because lengths in layers are wider in the second form.
    document._record.header.version = 2 if large else 1
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
    if not large and path.stat().st_size >= MAX_BYTES:
        raise DocumentError("A PSD file ends at 2 GB and these layers need more; choose the format psb, ora or png.")


def _put_merged(document: PSDImage, merged: Pixels) -> None:
    """Says what the layers look like together; composing them itself would take the library most of the time."""
    record = document._record
    big_endian = merged.astype(merged.dtype.newbyteorder(">"))
    planes = [big_endian[..., channel].tobytes() for channel in range(3)]
    data = ImageData(compression=Compression.RLE)
    data.set_data(planes, record.header)
    record.image_data = data
    document._updated = False
