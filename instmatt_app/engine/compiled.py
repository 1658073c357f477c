"""Compiles ahead what PyMatting would compile when it is first used: python -m instmatt_app.engine.compiled

Compiling holds the interpreter for seconds. Run in a process of its own it holds nobody up, and leaves its result in
numba's cache on the disk, from where the program loads it.
"""

from __future__ import annotations

import numpy as np

from instmatt_app.core.interfaces import silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.trimask import trimasks
from instmatt_app.engine.classical import ClosedForm
from instmatt_app.engine.foreground import clean_colours

SIDE = 48


def compile_ahead() -> None:
    """Mattes a drawn square and cleans its colours, which uses all that is compiled."""
    pixels = np.full((SIDE, SIDE, 3), 60, np.uint8)
    mask = np.zeros((SIDE, SIDE), np.float32)
    mask[12:36, 12:36] = 1
    pixels[mask > 0] = 200
    (matte,) = ClosedForm(SIDE).matte(Photo(pixels), {1: trimasks([mask])[0]}, silent).values()
    clean_colours(pixels, matte[0], 255)


if __name__ == "__main__":
    compile_ahead()
