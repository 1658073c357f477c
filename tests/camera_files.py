"""Drawn photos in the formats of phones and cameras."""

from io import BytesIO

import imagecodecs
import numpy as np
import pillow_heif
import tifffile

SRGB_TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]


def heic(array: np.ndarray, **options: object) -> bytes:
    """A lossless HEIC file of uint8 (H, W, 3 or 4), or of uint16 (kept to 10 bits)."""
    mode = ("RGB" if array.shape[2] == 3 else "RGBA") + (";16" if array.dtype == np.uint16 else "")
    file = pillow_heif.from_bytes(mode, (array.shape[1], array.shape[0]), np.ascontiguousarray(array).tobytes())
    buffer = BytesIO()
    file.save(buffer, quality=-1, chroma=444, matrix_coefficients=0, **options)
    return buffer.getvalue()


def avif(array: np.ndarray, bits: int = 8) -> bytes:
    """A lossless AVIF file of whole numbers of so many bits."""
    return bytes(imagecodecs.avif_encode(array, level=100, bitspersample=bits, pixelformat="444"))


def dng(picture: np.ndarray, orientation: int = 1) -> bytes:
    """A DNG file as a camera with sRGB's primaries and 14 bits would write it; uint8 (H, W, 3) through a Bayer filter.

    A red thumbnail lies before it.
    """
    height, width = picture.shape[:2]
    light = (picture / 255) ** 2.2
    bayer = np.empty((height, width), np.uint16)
    for y, x, channel in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        bayer[y::2, x::2] = np.rint(light[y::2, x::2, channel] * 16000)
    matrix = [part for value in np.linalg.inv(SRGB_TO_XYZ).ravel() for part in (round(value * 10000), 10000)]
    camera = [
        (50706, "B", 4, (1, 4, 0, 0), True), (50707, "B", 4, (1, 1, 0, 0), True),
        (50708, "s", 0, "Drawn Camera", True), (271, "s", 0, "Drawn", True), (272, "s", 0, "Camera", True),
        (50721, "2i", 9, matrix, True), (50728, "2I", 3, [1] * 6, True), (50778, "H", 1, 21, True),
        (274, "H", 1, orientation, True),
    ]  # fmt: skip
    filtered = [
        (33421, "H", 2, (2, 2), True), (33422, "B", 4, (0, 1, 1, 2), True), (50717, "I", 1, 16000, True),
        (50714, "I", 1, 0, True),
    ]  # fmt: skip
    buffer = BytesIO()
    with tifffile.TiffWriter(buffer, byteorder="<") as writer:
        thumbnail = np.zeros((16, 16, 3), np.uint8)
        thumbnail[..., 0] = 255
        plain = {"metadata": None}
        writer.write(thumbnail, photometric="rgb", subfiletype=1, subifds=1, extratags=camera, **plain)
        writer.write(bayer, photometric=32803, subfiletype=0, extratags=filtered, **plain)
    return buffer.getvalue()
