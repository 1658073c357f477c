"""The public Python API: rings joined without a window. The command line is written on it.

import instmatt_app as im

result = im.matte("group.jpg", boxes=[(40, 20, 300, 480), (350, 60, 280, 440)])
alpha = result.alpha(0)                      # float32 (H, W), 0..1
result.save("layers", layers="both")         # 00.png, 00-cutout.png, 01.png, …

More of it is in examples/.
"""

from __future__ import annotations

from instmatt_app.api.matting import NOBODY, MaskError, matte, person_at_clicks
from instmatt_app.api.projects import (
    Refined,
    Unrefined,
    add_detail,
    finish_project,
    matte_project,
    matte_unrefined,
    preview_project,
    refine_mattes,
    refine_orders,
    refine_project,
    refine_turns,
    scores_of,
)
from instmatt_app.api.result import Result
from instmatt_app.core.edges import Edge
from instmatt_app.engine.kept_windows import KeptWindows
from instmatt_app.files.photo_reader import read_photo
from instmatt_app.files.samples import PhotoError
from instmatt_app.options import (
    DEFAULT_WORKING_SIZE,
    MatteOptions,
    NotReady,
    engine_of,
    make_engine,
    make_recogniser,
    recogniser_choices,
)

__all__ = [
    "DEFAULT_WORKING_SIZE",
    "NOBODY",
    "Edge",
    "KeptWindows",
    "MaskError",
    "MatteOptions",
    "NotReady",
    "PhotoError",
    "Refined",
    "Result",
    "Unrefined",
    "add_detail",
    "engine_of",
    "finish_project",
    "make_engine",
    "make_recogniser",
    "matte",
    "matte_project",
    "matte_unrefined",
    "person_at_clicks",
    "preview_project",
    "read_photo",
    "recogniser_choices",
    "refine_mattes",
    "refine_orders",
    "refine_project",
    "refine_turns",
    "scores_of",
]
