"""What an export is to be like: one set of options for the window, the command line, presets and projects."""

from __future__ import annotations

import os
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_type_hints

from instmatt_app.files.formats import DOCUMENTS, FORMATS
from instmatt_app.files.profiles import ProfileName

FormatName = Literal["png", "png16", "webp"]
DocumentName = Literal[
    "psd",
    "psd-transparency",
    "psd16",
    "psb",
    "psb16",
    "ora",
    "ora16",
    "tiff",
    "tiff16",
    "exr",
    "cryptomatte",
    "coco",
]
LayersKind = Literal["cutout", "alpha", "both", "trimap", "trimatte"]
BackgroundKind = Literal["photo", "clean", "none"]
ColoursName = Literal["clean", "photo"]
CanvasName = Literal["full", "cropped"]
LAYERS_KINDS: tuple[LayersKind, ...] = ("cutout", "alpha", "both", "trimap", "trimatte")
# What has a place for what the camera wrote.
WITH_METADATA = frozenset(FORMATS) | {
    "psd", "psd-transparency", "psd16", "psb", "psb16", "ora", "ora16",
}  # fmt: skip
NAME_FIELDS = ("photo", "number", "index", "name")


@dataclass(frozen=True)
class ExportOptions:
    """How a photo's people are written.

    ``layers`` and ``name``, the template of file names without suffix (see :func:`check_template`), matter to formats
    with a file per layer; ``background`` and ``recomposable`` to documents that take a background. ``colours`` are
    cleaned of what shines through, by ``cleaning`` per cent, or the photo's as they are. ``canvas`` is the whole photo
    for every layer, or only what the layer shows, with its place; None: as the format is used, full for files and
    cropped in documents. ``profile`` is a colour space, ``metadata`` keeps what the camera wrote.
    """

    format: FormatName | DocumentName = "png"
    layers: LayersKind = "alpha"
    background: BackgroundKind = "photo"
    colours: ColoursName = "clean"
    cleaning: int = 100
    recomposable: bool = False
    canvas: CanvasName | None = None
    profile: ProfileName = "keep"
    metadata: bool = False
    name: str = "{index:02}"

    @property
    def is_document(self) -> bool:
        """Whether all layers go into one file."""
        return self.format in DOCUMENTS

    @property
    def is_cropped(self) -> bool:
        """Whether layers are cut to what they show."""
        return self.canvas == "cropped" or (self.canvas is None and self.is_document)

    def stem(self, photo: str, index: int, name: str) -> str:
        """The file name, without suffix, of one person's layers; ``photo`` is the photo's, ``index`` counts from 0."""
        return self.name.format(photo=photo, index=index, number=index + 1, name=name)

    def problem(self) -> str | None:
        """Why these options cannot go together, in a sentence; None if they can."""
        if self.is_document:
            with_background = [name for name, one in DOCUMENTS.items() if one.background]
            if self.recomposable and self.format not in with_background:
                fitting = ", ".join(with_background)
                return f"Layers that show the photo again need a format with a background layer: {fitting}."
            if self.recomposable and self.background == "none":
                return "Layers that show the photo again need their background; choose one."
        elif self.recomposable:
            return "Only a document can show the photo again; choose a format such as psd, ora or tiff."
        elif self.canvas == "cropped" and not FORMATS[self.format].has_place:
            return (
                f"A file of the format {self.format} cannot say where it lies in the photo; choose png to crop layers."
            )
        return None

    def effective(self) -> dict[str, bool]:
        """Which options have an effect beside these: by name."""
        document = DOCUMENTS.get(self.format)
        shows_colours = document is not None or self.layers in ("cutout", "both")
        has_layers = document is None or document.has_layers
        return {
            "layers": document is None,
            "name": document is None,
            "background": document is not None and document.background and not self.recomposable,
            "recomposable": document is not None and document.background,
            "colours": shows_colours and has_layers,
            "cleaning": shows_colours and has_layers and self.colours == "clean",
            "profile": shows_colours and has_layers,
            "canvas": has_layers,
            "metadata": shows_colours and self.format in WITH_METADATA,
        }

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def options_from_json(content: object) -> ExportOptions:
    """The options that were kept as plain values.

    What is not named is as it always is, and unknown names count for nothing. Raises ValueError for a value that an
    option cannot have.
    """
    if not isinstance(content, Mapping):
        raise ValueError("no set of options")
    hints = get_type_hints(ExportOptions)
    chosen: dict[str, Any] = {}
    for one in fields(ExportOptions):
        if one.name not in content:
            continue
        value = content[one.name]
        if one.name == "name":
            if not isinstance(value, str):
                raise ValueError("name")
            check_template(value)
        elif hints[one.name] is int:
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
                raise ValueError(one.name)
        elif hints[one.name] is bool:
            if not isinstance(value, bool):
                raise ValueError(one.name)
        elif not (isinstance(value, str) or value is None) or value not in _values(hints[one.name]):
            raise ValueError(one.name)
        chosen[one.name] = value
    return ExportOptions(**chosen)


def check_template(text: str) -> None:
    """Raises ValueError, with a sentence, for what makes no file name.

    The fields are {photo}, {number} from 1, {index} from 0 and {name}; {index:03} pads.
    """
    try:
        parts = [(name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name is not None]
        # Only plain names and paddings: a template must not reach into objects or fill the memory.
        unknown = [name for name, _ in parts if name not in NAME_FIELDS]
        if not all(re.fullmatch(r"\d{0,3}", spec) for _, spec in parts):
            raise ValueError
        example = "" if unknown else text.format(photo="photo", index=0, number=1, name="Person 1")
    except (ValueError, IndexError, KeyError):
        raise ValueError(f"{text!r} is not a name template") from None
    if unknown:
        raise ValueError(f"the template field {{{unknown[0]}}} is unknown")
    if not example.strip() or any(part in example for part in ("/", "\\", "\0", os.sep)) or example in (".", ".."):
        raise ValueError(f"{text!r} does not make a file name; leave out folders")


def _values(hint: Any) -> tuple[object, ...]:
    """The values of a Literal, or of a union of Literals and None."""
    found: tuple[object, ...] = ()
    for one in get_args(hint):
        found += _values(one) if get_args(one) else (None if one is type(None) else one,)
    return found
