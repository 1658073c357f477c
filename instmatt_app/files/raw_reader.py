"""Camera raw through LibRaw: developed as the camera would, in 16 bits and a gamut that holds what it saw."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from instmatt_app.files.coded_colours import coded_colours
from instmatt_app.files.samples import PhotoError, Samples, SizeCheck

RAW_SUFFIXES = (
    ".arw", ".cr2", ".cr3", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".srw",
)  # fmt: skip
_DISPLAY_P3 = 12
_SRGB_CURVE = 13
# Which share of the pixels may be brightened to white; LibRaw's own hundredth burns out a face in the sun.
_BURNT = 0.001


def is_raw(head: bytes) -> bool:
    """Whether a file that begins so is camera raw; those that begin like any TIFF are known by their tags."""
    if head.startswith(b"II*\0") and head[8:10] == b"CR":
        return True
    if head[4:12] == b"ftypcrx ":
        return True
    return head.startswith((b"FUJIFILMCCD-RAW", b"IIU\0", b"IIRO", b"IIRS", b"MMOR"))


def read_raw(path: Path, check: SizeCheck) -> Samples:
    """The developed picture: the camera's white balance, demosaiced at full size, upright; never its thumbnail."""
    # Loaded for such files only.
    import rawpy

    try:
        opened = rawpy.imread(str(path))
    except rawpy.LibRawFileUnsupportedError as error:
        raise PhotoError(
            f"“{check.name}” is of a camera that is not known here; develop it and save it as TIFF or JPEG."
        ) from error
    with opened as raw:
        check(raw.sizes.iwidth, raw.sizes.iheight)
        array = raw.postprocess(
            use_camera_wb=True,
            output_bps=16,
            output_color=rawpy.ColorSpace.P3D65,
            gamma=(2.4, 12.92),
            auto_bright_thr=_BURNT,
        )
    note = "The raw photo was developed with the camera's white balance."
    profile = coded_colours(_DISPLAY_P3, _SRGB_CURVE).profile
    return Samples(np.ascontiguousarray(array, np.uint16), "rgb", None, profile, (note,))
