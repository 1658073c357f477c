"""What both checks of other programs share: the documents, and how what a program made of one is held against it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import ImageCms

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "files")]

from test_documents import PROFILE, picture  # noqa: E402

from instmatt_app.files.formats import DOCUMENTS  # noqa: E402
from instmatt_app.files.formats.document import LayeredPicture  # noqa: E402
from instmatt_app.files.layer_writer import write_document  # noqa: E402

FORMATS = [name for name in DOCUMENTS if name != "coco"]
HEADER = (
    "| format | layers | names and order | places | alpha, levels | colours, levels | together, levels | profile |\n"
    "|---|---|---|---|---|---|---|---|"
)


@dataclass
class SeenLayer:
    """A layer as a program has it, cut to its box; ``rgba`` is float (h, w, 4), 0..255, straight."""

    name: str
    left: int
    top: int
    rgba: np.ndarray


@dataclass
class Seen:
    """A document as a program has it: layers, the lowest first, all of them together, and the profile of that."""

    layers: list[SeenLayer] = field(default_factory=list)
    together: np.ndarray | None = None
    profile: bytes | None = None


def documents(folder: Path) -> Iterator[tuple[str, LayeredPicture, Path]]:
    """Every format, what was written in it, and the file."""
    for name in FORMATS:
        what = picture(DOCUMENTS[name].dtype, DOCUMENTS[name].background)
        path = write_document(folder, name, lambda made=what: made, format=name, overwrite=True)
        yield name, what, path


def composed(document: LayeredPicture) -> np.ndarray:
    """The layers in normal blending, RGB 0..255, over black."""
    top = np.iinfo(document.merged.dtype).max
    canvas = np.zeros(document.merged.shape)
    for layer in document.layers:
        height, width = layer.alpha.shape
        area = np.s_[layer.top : layer.top + height, layer.left : layer.left + width]
        opacity = layer.alpha[..., None] / top
        canvas[area] = layer.colours / top * opacity + canvas[area] * (1 - opacity)
    return canvas * 255


def row(name: str, document: LayeredPicture, seen: Seen) -> str:
    """A line of the table: how much of the document the program has."""
    same_count = len(seen.layers) == len(document.layers)
    cells = [f"{len(seen.layers)} of {len(document.layers)}"]
    if same_count:
        pairs = list(zip(seen.layers, document.layers, strict=True))
        cells.append("yes" if all(one.name == layer.name for one, layer in pairs) else "no")
        cells.append("yes" if all(_contains(one, layer) for one, layer in pairs) else "no")
        gaps = np.array([_gaps(one, layer, document) for one, layer in pairs])
        cells += [f"{gaps[:, 0].max():.1f}", f"{gaps[:, 1].max():.1f}"]
    else:
        cells += ["–"] * 4
    if seen.together is None or seen.together.shape != document.merged.shape:
        cells.append("–")
    else:
        top = np.iinfo(document.merged.dtype).max
        merged = np.abs(seen.together - document.merged / top * 255).max()
        layered = np.abs(seen.together - composed(document)).max()
        cells.append(f"{layered:.1f}" if layered <= merged else f"{merged:.1f} (merged picture)")
    cells.append("ours" if seen.profile == PROFILE else _description(seen.profile))
    return f"| {name} | {' | '.join(cells)} |"


def _description(profile: bytes | None) -> str:
    if profile is None:
        return "none"
    return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile))).strip()


def _contains(seen: SeenLayer, layer: object) -> bool:
    """Whether the layer begins where it was put; programs may cut away what shows nothing."""
    return (seen.left, seen.top) == (layer.left, layer.top)  # type: ignore[attr-defined]


def _gaps(seen: SeenLayer, layer: object, document: LayeredPicture) -> tuple[float, float]:
    """The largest differences on the canvas: of alpha, and of colours where alpha is more than a tenth."""
    shape = (document.height, document.width, 4)
    one, two = np.zeros(shape), np.zeros(shape)
    height, width = seen.rgba.shape[:2]
    one[seen.top : seen.top + height, seen.left : seen.left + width] = seen.rgba
    rgba = layer.rgba()  # type: ignore[attr-defined]
    height, width = rgba.shape[:2]
    top = layer.top  # type: ignore[attr-defined]
    left = layer.left  # type: ignore[attr-defined]
    two[top : top + height, left : left + width] = rgba / np.iinfo(rgba.dtype).max * 255
    visible = two[..., 3] > 25
    return float(np.abs(one - two)[..., 3].max()), float(np.abs(one - two)[..., :3][visible].max())
