"""Layered TIFF: the merged picture for every reader, and Photoshop's layers in its own tag, by psdtags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import psdtags
import tifffile

from instmatt_app.files.formats.document import DocumentError, LayeredPicture, PlacedLayer

# Offsets in a classic TIFF have 32 bits, and programs that read Photoshop's tag read no other kind.
MAX_BYTES = 2**32 - 2**20


def write_layered_tiff(picture: LayeredPicture, path: Path) -> None:
    """The merged picture as the first page and the layers in the tag ImageSourceData; 8 or 16 bits, with the profile.

    Raises:
        DocumentError: the layers need more than 4 GB.
    """
    sixteen = picture.merged.dtype == np.uint16
    source = psdtags.TiffImageSourceData(
        name="InstMatt Studio",
        psdformat=psdtags.PsdFormat.LE32BIT,
        layers=psdtags.PsdLayers(
            key=psdtags.PsdKey.LAYER_16 if sixteen else psdtags.PsdKey.LAYER,
            has_transparency=False,
            layers=[_layer(one) for one in picture.layers],
        ),
        usermask=psdtags.PsdUserMask(colorspace=psdtags.PsdColorSpaceType.RGB, components=(65535, 0, 0, 0), opacity=50),
        info=[psdtags.PsdEmpty(psdtags.PsdKey.PATTERNS)],
    )
    code, kind, count, value, once = source.tifftag()
    if len(value) + picture.merged.nbytes > MAX_BYTES:
        raise DocumentError(
            "A layered TIFF ends at 4 GB and these layers need more; choose the format psb, ora or png."
        )
    tifffile.imwrite(
        path,
        picture.merged,
        byteorder="<",
        photometric="rgb",
        compression="adobe_deflate",
        predictor=True,
        iccprofile=picture.profile,
        metadata=None,
        extratags=[(code, kind, count, value, once)],
    )


def _layer(layer: PlacedLayer) -> psdtags.PsdLayer:
    height, width = layer.alpha.shape
    channels = [(psdtags.PsdChannelId.TRANSPARENCY_MASK, layer.alpha)]
    numbers = (psdtags.PsdChannelId.CHANNEL0, psdtags.PsdChannelId.CHANNEL1, psdtags.PsdChannelId.CHANNEL2)
    channels += [(number, layer.colours[..., index]) for index, number in enumerate(numbers)]
    # Krita 5.1 takes 16-bit samples packed with prediction for something else (tests/interop).
    kinds = psdtags.PsdCompressionType
    packing = kinds.ZIP if layer.alpha.dtype == np.uint16 else kinds.ZIP_PREDICTED
    return psdtags.PsdLayer(
        name=layer.name.encode("ascii", "replace").decode()[:255],
        rectangle=psdtags.PsdRectangle(layer.top, layer.left, layer.top + height, layer.left + width),
        channels=[
            psdtags.PsdChannel(
                channelid=number,
                compression=packing,
                data=np.ascontiguousarray(plane),
            )
            for number, plane in channels
        ],
        mask=psdtags.PsdLayerMask(),
        opacity=255,
        blendmode=psdtags.PsdBlendMode.NORMAL,
        blending_ranges=(),
        clipping=psdtags.PsdClippingType.BASE,
        flags=psdtags.PsdLayerFlag.PHOTOSHOP5,
        info=[psdtags.PsdString(psdtags.PsdKey.UNICODE_LAYER_NAME, layer.name)],
    )
