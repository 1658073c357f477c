"""Rendering: the people of one state, with one result, as pictures that are made when they are first seen, and kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from instmatt_app.core.detail import Detail
from instmatt_app.core.edits import State
from instmatt_app.core.instance import Instance
from instmatt_app.ui.canvas.fine import Fine, Place
from instmatt_app.ui.canvas.views import (
    TINT,
    TINT_SELECTED,
    View,
    alpha_levels,
    alpha_view,
    conflicts_view,
    outline_of,
    together,
    trimask_view,
)
from instmatt_app.ui.images import alpha_image, grey_image, tint_image


class Shown(Protocol):
    """What a rendering needs of a result: ``planes`` are alphas by place in ``people``, float32 0..1 or uint8."""

    @property
    def people(self) -> Sequence[Instance]:
        """Whose the planes are."""

    @property
    def conflicts(self) -> NDArray[np.float32] | None:
        """|1 − Σ α|, float32 (h, w), where it is known."""

    @property
    def planes(self) -> Sequence[NDArray[np.float32] | NDArray[np.uint8]]:
        """Each the same object whenever it is asked for, and the same as another result's where nothing changed."""


@dataclass(frozen=True)
class Backdrop:
    """What people stand before in the view with a background of one's own: a picture over the whole photo, or paint."""

    paint: QBrush
    picture: QImage | None = None


class Rendering:
    """Paints one state; ``paint_photo(painter, area)`` puts the photo itself into a box of the widget."""

    def __init__(
        self, state: State, result: Shown | None, size: tuple[int, int], before: Rendering | None = None,
        detail: Detail | None = None,
    ) -> None:  # fmt: skip
        """``size`` is (h, w) of the mattes. What ``before`` has made of the same planes is taken over.

        ``detail`` is what is finer than they.
        """
        self.state = state
        self.result = result
        self.size = size
        self._levels: dict[int, tuple[object, NDArray[np.uint8]]] = {}
        self._outlines: dict[int, tuple[object, QPainterPath]] = {}
        self._tints: dict[tuple[int, tuple[int, int, int], float], tuple[object, QImage]] = {}
        self._layers: dict[object, QImage] = {}
        self._fine: Fine | None = None
        if before is not None and before.size == size:
            self._levels, self._outlines, self._tints = before._levels, before._outlines, before._tints
            if before.result is result and before.state is state:
                self._layers = before._layers
            if before.result is result and before._fine is not None and before._fine.detail is detail:
                self._fine = before._fine
        if self._fine is not None:
            self._fine.coarse = self._coarse
        elif result is not None and detail is not None:
            self._fine = Fine(detail, result.people, size, self._coarse)

    # --- What is known of a person ------------------------------------------------------------------------------------

    def levels(self, person: Instance) -> NDArray[np.uint8]:
        """A person's alpha where it is known, else the mask: uint8 (h, w)."""
        source = self._source(person)
        kept = self._levels.get(person.id)
        if kept is None or kept[0] is not source:
            alpha = self._alpha_of(person)
            made = person.mask.reduced(*self.size) if alpha is None else alpha_levels(alpha)
            kept = self._levels[person.id] = (source, made)
        return kept[1]

    def outline(self, person: Instance) -> QPainterPath:
        """The line where that is one half, in its pixels."""
        source = self._source(person)
        kept = self._outlines.get(person.id)
        if kept is None or kept[0] is not source:
            kept = self._outlines[person.id] = (source, outline_of(self.levels(person)))
        return kept[1]

    def _coarse(self, person: int) -> NDArray[np.uint8]:
        return self.levels(self.state.person(person))

    def person_at(self, row: int, column: int) -> int | None:
        """Whose alpha is largest in a pixel, if any visible person's is at least one half."""
        there = [(int(self.levels(one)[row, column]), one.id) for one in self._visible()]
        alpha, person = max(there, default=(0, -1))
        return person if alpha >= 128 else None

    def _alpha_of(self, person: Instance) -> NDArray[np.float32] | NDArray[np.uint8] | None:
        if self.result is not None:
            for place, one in enumerate(self.result.people):
                if one.id == person.id:
                    return self.result.planes[place]
        return None

    def _source(self, person: Instance) -> object:
        """The plane that a person's pictures are made of: other planes, other pictures."""
        alpha = self._alpha_of(person)
        return person.mask if alpha is None else alpha

    def _visible(self) -> list[Instance]:
        return [one for one in self.state.instances if one.visible]

    # --- Painting -----------------------------------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, area: QRectF, view: View, selected: Collection[int], hovered: int | None,
        backdrop: Backdrop, paint_photo: Callable[[QPainter, QRectF], None], canvas: tuple[QSize, float],
    ) -> None:  # fmt: skip
        """Paints a view; ``area`` is where the photo lies in the widget, whose size and pixel ratio is ``canvas``."""
        place = Place(area, painter.clipBoundingRect(), canvas[1])
        if view is View.ALPHA:
            shown = self._chosen(selected)
            whole = self._layer(("alpha", shown), lambda: alpha_view(self._levels_of(shown), self.size))
            self._lay(painter, place, whole, shown, "alpha", grey_image)
        elif view in (View.BLACK, View.WHITE, View.CUTOUT, View.BACKDROP):
            self._paint_cutout(painter, place, backdrop, paint_photo, canvas)
        else:
            paint_photo(painter, area)
            if view is View.OVERLAY:
                for one in self._visible():
                    self._paint_tint(painter, place, one, one.id in selected or one.id == hovered)
                self._paint_outlines(painter, place, canvas[0], selected, [*selected, hovered])
            elif view is View.OUTLINES:
                self._paint_outlines(painter, place, canvas[0], selected, self.state.ids())
            elif view is View.TRIMASK and selected:
                first = next(iter(selected))
                painter.drawImage(
                    area, self._layer(("trimask", first), lambda: trimask_view(self.state, first, self.size))
                )
            elif view is View.CONFLICTS and self.result is not None and self.result.conflicts is not None:
                conflicts = self.result.conflicts
                painter.drawImage(area, self._layer("conflicts", lambda: conflicts_view(conflicts)))

    def _layer(self, name: object, make: Callable[[], QImage]) -> QImage:
        if name not in self._layers:
            self._layers[name] = make()
        return self._layers[name]

    def _chosen(self, selected: Collection[int]) -> tuple[int, ...]:
        """Who is looked at: the selected people, or all."""
        seen = tuple(one.id for one in self._visible())
        return tuple(number for number in seen if number in selected) or seen

    def _levels_of(self, people: Collection[int]) -> list[NDArray[np.uint8]]:
        return [self.levels(one) for one in self._visible() if one.id in people]

    def _lay(
        self, painter: QPainter, place: Place, whole: QImage, whose: tuple[int, ...], name: Hashable,
        make: Callable[[NDArray[np.uint8]], QImage],
    ) -> None:  # fmt: skip
        """Paints a picture of these people, and what is finer where that can be seen (see :meth:`Fine.paint`)."""
        if self._fine is None or not self._fine.is_seen(place):
            painter.drawImage(place.area, whole)
        else:
            # Those of whom nothing finer is known may have got other masks.
            sources = tuple(id(self._source(self.state.person(one))) for one in whose)
            self._fine.paint(painter, place, whole, whose, (name, whose, sources), make)

    def _paint_tint(self, painter: QPainter, place: Place, person: Instance, strong: bool) -> None:
        strength, colour = TINT_SELECTED if strong else TINT, person.colour
        whole = self._tint(person, strength)
        self._lay(
            painter, place, whole, (person.id,), (colour, strength), lambda part: tint_image(part, colour, strength)
        )

    def _tint(self, person: Instance, strength: float) -> QImage:
        name = (person.id, person.colour, strength)
        source = self._source(person)
        kept = self._tints.get(name)
        if kept is None or kept[0] is not source:
            kept = self._tints[name] = (source, tint_image(self.levels(person), person.colour, strength))
        return kept[1]

    def _paint_cutout(
        self, painter: QPainter, place: Place, backdrop: Backdrop,
        paint_photo: Callable[[QPainter, QRectF], None], canvas: tuple[QSize, float],
    ) -> None:  # fmt: skip
        """The photo where people are, at its own resolution, over what the view has behind it."""
        area, seen = place.area, tuple(one.id for one in self._visible())
        alpha = self._layer(("together", seen), lambda: alpha_image(together(self._levels_of(seen), self.size)))
        size, ratio = canvas
        buffer = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        buffer.setDevicePixelRatio(ratio)
        buffer.fill(Qt.GlobalColor.transparent)
        inner = QPainter(buffer)
        inner.setRenderHints(painter.renderHints())
        inner.setClipRect(place.seen)
        paint_photo(inner, area)
        inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        self._lay(inner, place, alpha, seen, "together", alpha_image)
        inner.end()
        painter.fillRect(area, backdrop.paint)
        if backdrop.picture is not None:
            painter.drawImage(area, backdrop.picture)
        painter.drawImage(QPointF(0, 0), buffer)

    def _paint_outlines(
        self, painter: QPainter, place: Place, canvas: QSize, selected: Collection[int], whose: Collection[int | None]
    ) -> None:
        area, fine = place.area, self._fine if self._fine is not None and self._fine.is_seen(place) else None
        # All that the widget shows of it, however little is painted now: a line is longer than that.
        everything = replace(place, seen=QRectF(QPointF(0, 0), canvas.toSizeF()))
        coarse = QTransform.fromScale(area.width() / self.size[1], area.height() / self.size[0])
        coarse *= QTransform.fromTranslate(area.left(), area.top())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for person in self._visible():
            if person.id in whose:
                pen = QPen(QColor(*person.colour).lighter(140), 1.5)
                pen.setStyle(Qt.PenStyle.DashLine if person.id in selected else Qt.PenStyle.SolidLine)
                painter.setPen(pen)
                if fine is not None:
                    painter.drawPath(fine.outline(person.id, everything))
                else:
                    painter.drawPath(coarse.map(self.outline(person)))
        painter.restore()
