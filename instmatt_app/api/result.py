"""What a run comes to: everybody's alphas, and all that can be made and written of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.api.timing import timed
from instmatt_app.core.detail import BACKGROUND as BACKGROUND_PLANE
from instmatt_app.core.detail import Detail
from instmatt_app.core.instance import Instance
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.core.photo import Photo, Pixels
from instmatt_app.core.pins import PinnedPixels, pinned_pixels
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimatte import Alphas, enlarged, resized
from instmatt_app.engine.foreground import clean_colours
from instmatt_app.engine.layer_colours import SoftColours, mixed_colours
from instmatt_app.files.export_options import (
    BackgroundKind,
    CanvasName,
    ColoursName,
    DocumentName,
    FormatName,
    LayersKind,
)
from instmatt_app.files.formats import DOCUMENTS, FORMATS, Depth, check_size
from instmatt_app.files.formats.document import LayeredPicture, PlacedLayer, opaque, placed
from instmatt_app.files.layer_writer import (
    Layer,
    at_depth,
    quantised,
    write_document,
    write_layers,
)
from instmatt_app.files.profiles import ProfileName, in_profile
from instmatt_app.layering import BACKGROUND, Layering


@dataclass(eq=False)
class Result:
    """A photo's people and their alphas.

    ``alphas`` is float32 (K + 1, h, w) at the working size: people in list order, then the background. ``error`` holds
    the mean |1 − Σ α| of people and background, by stage; ``seconds`` what each stage took; ``notes`` sentences about
    what had to be decided on the way. ``conflicts`` is float32 (h, w): |1 − Σ α| before refinement (eq. 2). ``refines``
    tells whether the engine has a refinement; closed-form matting has none. ``detail`` is what is finer than
    ``alphas``, at the photo's own resolution. ``unshaped`` is what ``alphas`` were before edge settings and pins, where
    anybody has such settings.
    """

    photo: Photo
    people: list[Instance]
    alphas: Alphas
    engine: str
    recogniser: str
    device: str
    error: dict[str, float]
    seconds: dict[str, float]
    published: bool = False
    notes: list[str] = field(default_factory=list)
    conflicts: NDArray[np.float32] | None = None
    refines: bool = True
    detail: Detail | None = None
    unshaped: Alphas | None = None
    _soft: tuple[tuple[int, int], list[SoftColours]] | None = field(default=None, init=False, repr=False)

    def alpha(self, person: int) -> NDArray[np.float32]:
        """One person's alpha at photo size: float32 (H, W), 0..1; ``person`` counts from 0 in list order.

        Where somebody pinned an alpha it is exactly that. Under ``published`` it is cut off to 8 bits before it is
        resized, as in the released script.
        """
        alpha: NDArray[np.float32] = self.alphas[person]
        if self.published:
            levels = (alpha * 255).astype(np.uint8)
            height, width = self.photo.height, self.photo.width
            if levels.shape != (height, width):
                levels = cv2.resize(levels, (width, height), interpolation=cv2.INTER_LINEAR)
            cut: NDArray[np.float32] = levels.astype(np.float32) / np.float32(255)
            return cut
        large = resized(alpha, self.photo.height, self.photo.width)
        if large is alpha and (self.detail is not None or self._pinned is not None):
            large = alpha.copy()
        if self.detail is not None:
            self.detail.lay(self._whose(person), Rect(0, 0, self.photo.width, self.photo.height), large)
        if self._pinned is not None:
            large.ravel()[self._pinned.places] = self._pinned.values[person]
        return large

    def alpha_rows(self, rows: slice) -> Alphas:
        """Those rows of all alphas at photo size: float32 (K + 1, h, W), as :meth:`alpha` has them within rounding."""
        if self.published:
            return np.stack([self.alpha(number)[rows] for number in range(len(self.alphas))])
        width = self.photo.width
        area = Rect(0, rows.start, width, rows.stop)
        parts = np.stack([self._unpinned(number, area) for number in range(len(self.alphas))])
        if self._pinned is not None:
            first, last = np.searchsorted(self._pinned.places, [rows.start * width, rows.stop * width])
            places = self._pinned.places[first:last] - rows.start * width
            parts.reshape(len(parts), -1)[:, places] = self._pinned.values[:, first:last]
        return parts

    @property
    def nbytes(self) -> int:
        """What the alphas take, in all their forms."""
        unshaped = 0 if self.unshaped is None else self.unshaped.nbytes
        return self.alphas.nbytes + unshaped + (0 if self.detail is None else self.detail.nbytes)

    @cached_property
    def planes(self) -> tuple[NDArray[np.float32], ...]:
        """The planes of :attr:`alphas`, each the same object whenever it is asked for."""
        return tuple(self.alphas)

    @cached_property
    def _pinned(self) -> PinnedPixels | None:
        found = pinned_pixels([one.pins for one in self.people], self._unpinned)
        if found is None:
            return None
        order = np.argsort(found.places, kind="stable")
        return PinnedPixels(found.places[order], found.values[:, order])

    def _unpinned(self, person: int, area: Rect) -> NDArray[np.float32]:
        alpha = enlarged(self.alphas[person], self.photo.height, self.photo.width, area)
        if self.detail is not None:
            self.detail.lay(self._whose(person), area, alpha)
        return alpha

    def _whose(self, person: int) -> int | None:
        place = range(len(self.people) + 1)[person]
        return BACKGROUND_PLANE if place == len(self.people) else self.people[place].id

    def layering(self, dtype: Depth, step: Step = silent) -> Layering:
        """What makes this result's layers, in samples of ``dtype``."""
        pixels = at_depth(self.photo.pixels, dtype)
        return Layering(pixels, [one.name for one in self.people], self.alpha_rows, self.alphas, step)

    @property
    def background(self) -> NDArray[np.float32]:
        """The background's alpha at photo size: float32 (H, W), 0..1."""
        return self.alpha(-1)

    def cutout(self, person: int, levels: int = 65535, cleaning: int = 100) -> tuple[Pixels, NDArray[np.float32]]:
        """One person's clean colours (H, W, 3), in the photo's dtype and profile, and alpha: straight, unmultiplied.

        ``levels`` is the highest value of the alpha that will be written: 255 or 65535. ``cleaning``, in per cent, is
        how far soft pixels go from the photo's colours to clean ones.
        """
        alpha = self.alpha(person)
        if self.published:
            # Its alphas do not add up to one, so that each person can only be set against the rest.
            return self._cleaned_alone(self.photo.pixels, alpha, levels, cleaning), alpha
        layering = replace(self.layering(self.photo.pixels.dtype.type), strength=cleaning / 100)
        if self._soft is None or self._soft[0] != (levels, cleaning):
            self._soft = ((levels, cleaning), layering.soft(levels))
        return layering.clean(self._soft[1][person], alpha, levels), alpha

    @staticmethod
    def _cleaned_alone(pixels: Pixels, alpha: NDArray[np.float32], levels: int, cleaning: int) -> Pixels:
        clean = clean_colours(pixels, alpha, levels)
        if cleaning == 100:
            return clean
        # What is black because nobody is there stays so.
        nobody = (clean == 0).all(axis=2, keepdims=True)
        own: Pixels = np.where(nobody, clean, mixed_colours(pixels, clean, cleaning / 100))
        return own

    def in_profile(self, profile: ProfileName) -> Result:
        """The same result in another colour space: "srgb", "p3" (Display P3), or "keep" for the photo's own."""
        photo = in_profile(self.photo, profile)
        return self if photo is self.photo else replace(self, photo=photo)

    def layers(
        self,
        kind: LayersKind,
        stems: Sequence[str],
        levels: int,
        metadata: bool = False,
        colours: ColoursName = "clean",
        cleaning: int = 100,
    ) -> Iterator[Layer]:
        """One layer per person, made one at a time; ``stems`` are file names without suffix, ``levels`` as above.

        ``colours`` are cleaned, by so many per cent, or the photo's as they are.
        """
        exif = self.photo.exif if metadata else None
        for number in range(len(self.people)):
            stem = stems[number]
            if kind in ("alpha", "trimap"):
                yield Layer(stem, self.alpha(number))
            elif kind == "trimatte":
                yield Layer(stem, self.alpha(number), background=self.background)
            elif colours == "photo":
                yield Layer(stem, self.alpha(number), self.photo.pixels, self.photo.profile, exif=exif)
            else:
                own, alpha = self.cutout(number, levels, cleaning)
                yield Layer(stem, alpha, own, self.photo.profile, exif=exif)

    def document(
        self,
        dtype: Depth,
        *,
        background: BackgroundKind = "photo",
        recomposable: bool = False,
        colours: ColoursName = "clean",
        cleaning: int = 100,
        canvas: CanvasName = "cropped",
        step: Step = silent,
    ) -> LayeredPicture:
        """All layers over each other at photo size, the first person uppermost, in samples of ``dtype``.

        Each person is a cut-out with clean ``colours`` (by ``cleaning`` per cent), or with the photo's as they are, on
        the "full" ``canvas`` or "cropped" to what is seen of them. Plain, the alphas are those of the partition, and
        the ``background`` is the photo, the background's own colours ("clean"), or left out ("none"). ``recomposable``
        writes stack alphas instead, over the background's own colours, and corrects all colours until the layers in
        normal blending show the photo again, within one level.

        Raises:
            ValueError: ``recomposable`` without a background, or of a published result, whose alphas do not add up.
        """
        if recomposable and (self.published or background == "none"):
            raise ValueError("Only a result whose alphas add up, with its background, can be put together again.")
        layering = replace(self.layering(dtype, step), cleaned=colours == "clean", whole=canvas == "full")
        layering = replace(layering, strength=cleaning / 100)
        if self.published:
            place = PlacedLayer if canvas == "full" else placed
            people = [
                place(one.name, *self._published(n, dtype, colours, cleaning)) for n, one in enumerate(self.people)
            ]
            below = [] if background == "none" else [opaque(BACKGROUND, layering.pixels)]
            layers = [*below, *reversed(people)]
        else:
            layers = layering.recomposable() if recomposable else layering.plain(background)
        title = self.photo.path.name if self.photo.path else ""
        return LayeredPicture(tuple(layers), layering.pixels, self.photo.profile, title)

    def _published(
        self, person: int, dtype: Depth, colours: ColoursName, cleaning: int
    ) -> tuple[Pixels, Pixels]:  # fmt: skip
        alpha, pixels = self.alpha(person), at_depth(self.photo.pixels, dtype)
        if colours == "photo":
            return pixels, quantised(alpha, dtype)
        return self._cleaned_alone(pixels, alpha, np.iinfo(dtype).max, cleaning), quantised(alpha, dtype)

    def save(
        self,
        folder: str | Path,
        *,
        layers: LayersKind = "both",
        format: FormatName = "png",
        stems: Sequence[str] = (),
        colours: ColoursName = "clean",
        cleaning: int = 100,
        canvas: CanvasName = "full",
        metadata: bool = False,
        overwrite: bool = False,
        step: Step = silent,
    ) -> list[Path]:
        """Write the layers into a folder, which is made if it is missing; returns the files.

        ``colours`` of the cut-outs are cleaned, by ``cleaning`` per cent, or the photo's as they are; ``canvas``
        "cropped" cuts every file to what is seen of the person and says where that lies. ``metadata`` keeps what the
        camera wrote (EXIF, places included) in the cut-outs.

        Raises:
            FileExistsError: a file is there already and ``overwrite`` is False; nothing was written.
            WriteError: the folder or a file could not be written; nothing half-written is left.
            DocumentError: the format cannot hold a picture of this size, or a cropped one.
        """
        names = list(stems) or [f"{number:02}" for number in range(len(self.people))]
        check_size(format, self.photo.width, self.photo.height)
        with timed(self.seconds, "write"):
            return write_layers(
                Path(folder),
                self.layers(layers, names, np.iinfo(FORMATS[format].dtype).max, metadata, colours, cleaning),
                stems=names,
                cropped=canvas == "cropped",
                format=format,
                layers_kind=layers,
                overwrite=overwrite,
                step=step,
            )

    def save_document(
        self,
        folder: str | Path,
        *,
        format: DocumentName,
        stem: str | None = None,
        recomposable: bool = False,
        background: BackgroundKind = "photo",
        colours: ColoursName = "clean",
        cleaning: int = 100,
        canvas: CanvasName = "cropped",
        metadata: bool = False,
        overwrite: bool = False,
        step: Step = silent,
    ) -> Path:
        """Write all layers into one file, which is returned; ``stem`` is its name, by default the photo's.

        ``background``, ``colours``, ``cleaning`` and ``canvas`` as in :meth:`document`. ``metadata`` keeps what the
        camera wrote, in psd, psb and ora.

        Raises:
            FileExistsError: the file is there already and ``overwrite`` is False; nothing was written.
            WriteError: the folder or the file could not be written; nothing half-written is left.
            DocumentError: the format cannot hold a picture of this size.
            ValueError: ``recomposable`` with a format without background, or of a published result.
        """
        writer = DOCUMENTS[format]
        name = stem or (self.photo.path.stem if self.photo.path else "photo")
        check_size(format, self.photo.width, self.photo.height)

        def make() -> LayeredPicture:
            below = background if writer.background else "none"
            made = self.document(
                writer.dtype, background=below, recomposable=recomposable, colours=colours, cleaning=cleaning,
                canvas=canvas, step=step,
            )  # fmt: skip
            return replace(made, exif=self.photo.exif) if metadata else made

        with timed(self.seconds, "write"):
            return write_document(Path(folder), name, make, format=format, overwrite=overwrite, step=step)
