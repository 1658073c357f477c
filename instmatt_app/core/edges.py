"""Edges: what somebody wants done to the outline of a finished alpha — filled, cleaned, smoothed, moved, softened.

Nothing is painted over: the settings are kept, and the alphas are made anew from those that the projection gave. All
lengths are in pixels of the photo, whatever the size of the plane that is worked on.

A matte is looked at as the stack of its level sets, so that each step does to soft edges what it does to a hard one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.detail import BACKGROUND, Detail, Levels, Whose, levels_of
from instmatt_app.core.planes import TILE, tiles_of
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimatte import Alphas, enlarged

Alpha = NDArray[np.float32]
Frame = tuple[bool, bool, bool, bool]
"""Whether a plane ends where the picture ends: at its top, left, bottom and right."""

WHOLE: Frame = (True, True, True, True)

LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "fill_holes": (0.0, 100.0), "drop_specks": (0.0, 100.0), "smooth": (0.0, 20.0), "shift": (-20.0, 20.0),
        "feather": (0.0, 50.0), "contrast": (0.0, 100.0),
    }
)  # fmt: skip
"""The least and the greatest value of every setting."""

# What is fainter than this is no part of a speck, what is more solid than one less this no part of a hole.
FAINT = 0.05
# So many pixels round a speck or a hole its fainter rim goes with it.
RIM = 2
# A Gaussian is cut off at so many standard deviations.
TAIL = 3


class EdgeError(ValueError):
    """A setting that is out of its range; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What is done to one person's alpha, in this order; all zero: nothing.

    ``fill_holes`` and ``drop_specks``: holes and loose pieces up to so many photo pixels across and down are filled,
    or dropped. ``smooth`` is the radius of a median, ``shift`` by how much the outline moves outwards (negative:
    inwards), ``feather`` the standard deviation of a Gaussian, all in photo pixels. ``contrast`` is in per cent: the
    outline is made steeper round one half, until at 100 it is hard.
    """

    fill_holes: float = 0.0
    drop_specks: float = 0.0
    smooth: float = 0.0
    shift: float = 0.0
    feather: float = 0.0
    contrast: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            least, most = LIMITS[one.name]
            value = float(getattr(self, one.name))
            if not least <= value <= most:
                raise EdgeError(f"{one.name.replace('_', ' ')} is {value:g}; it goes from {least:g} to {most:g}.")
            # Whole numbers and others, zeros of both signs: equal settings must have one name in a key.
            object.__setattr__(self, one.name, value + 0.0)

    @property
    def is_default(self) -> bool:
        """Whether nothing is done."""
        return self == DEFAULT

    def reach(self, scale: float = 1.0) -> int:
        """How many pixels off something can lie that matters to a pixel; ``scale`` as for :func:`shaped`."""
        lengths = (self.fill_holes, self.drop_specks, self.smooth, abs(self.shift), TAIL * self.feather)
        return sum(int(np.ceil(length * scale)) + RIM + 1 for length in lengths if length)


DEFAULT = Edge()


def shaped(alpha: Alpha, edge: Edge, scale: float = 1.0, frame: Frame = WHOLE) -> Alpha:
    """One person's alpha after the settings: float32 (h, w), 0..1; the very array where they say nothing.

    ``scale`` is how many pixels of the plane make one of the photo. What is made of a part of a picture (``frame`` says
    where the picture ends) equals the part of what is made of the whole, but for :meth:`Edge.reach` pixels along the
    edges where it goes on.
    """
    if edge.is_default:
        return alpha
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not rows.size:
        return alpha
    # Where nobody is nothing becomes of it, so that only the surroundings of who is there have to be looked at.
    there = Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    area = there.grow(edge.reach(scale)).clip(alpha.shape[1], alpha.shape[0])
    ends = (area.top == 0, area.left == 0, area.bottom == alpha.shape[0], area.right == alpha.shape[1])
    inside: Frame = tuple(own and outer for own, outer in zip(ends, frame, strict=True))  # type: ignore[assignment]
    part = alpha[area.slices].copy()
    if edge.fill_holes:
        part[_pieces(1 - part, edge.fill_holes * scale, inside)] = 1
    if edge.drop_specks:
        part[_pieces(part, edge.drop_specks * scale, None)] = 0
    if edge.smooth:
        part = _median(part, edge.smooth * scale)
    if edge.shift:
        part = _moved(part, edge.shift * scale)
    if edge.feather:
        part = _feathered(part, edge.feather * scale)
    if edge.contrast:
        part = _steeper(part, edge.contrast)
    result = alpha.copy()
    result[area.slices] = part
    return result


def with_edges(alphas: Alphas, edges: Sequence[Edge], scale: float = 1.0, frame: Frame = WHOLE) -> Alphas:
    """Everybody's alphas after their settings, and still adding up to one; the very array where nobody has any.

    ``alphas`` is float32 (K + 1, h, w), not negative and adding up to one: people in the order of ``edges``, then the
    background. The background gives what somebody takes, and gets what they give. Who has no settings is never changed,
    so whoever grows stops at them. Where those who have settings want more than there is, everybody first keeps
    what was theirs (so the line between two people who both grow stays), and the rest is shared in proportion to what
    each wants beyond it.
    """
    wanted = [place for place, edge in enumerate(edges) if not edge.is_default]
    claims = {place: shaped(alphas[place], edges[place], scale, frame) for place in wanted}
    changed = np.zeros(alphas.shape[1:], bool)
    for place, claim in claims.items():
        changed |= claim != alphas[place]
    if not changed.any():
        return alphas
    before = alphas[:, changed]
    held = before[:-1].sum(axis=0) - before[wanted].sum(axis=0)
    room = np.clip(1 - held, 0, 1)
    claimed = np.stack([claim[changed] for claim in claims.values()])
    kept = np.minimum(claimed, before[wanted])
    beyond = claimed - kept
    most, asked = np.maximum(room - kept.sum(axis=0), 0), beyond.sum(axis=0)
    share = np.divide(most, asked, out=np.ones_like(most), where=asked > most)
    given = kept + beyond * share
    result = alphas.copy()
    for place, own in zip(wanted, given, strict=True):
        result[place][changed] = own
    result[-1][changed] = np.maximum(room - given.sum(axis=0), 0)
    return result


def detail_with_edges(
    detail: Detail, alphas: Alphas, ids: Sequence[int], edges: Sequence[Edge], step: Callable[[int, int], None]
) -> Detail:
    """The detail after everybody's settings, for laying over :func:`with_edges` of ``alphas``.

    ``alphas`` is float32 (K + 1, h, w) as before the settings, ``ids`` are the people's, in order. The settings
    are applied at the photo's own resolution wherever they see detail; ``step(done, total)`` is called for every tile.
    """
    wanted = {number for number, edge in zip(ids, edges, strict=True) if not edge.is_default}
    if not wanted:
        return detail
    reach = max(edge.reach() for edge in edges)
    height, width = detail.height, detail.width
    places = _near(detail.tiles, reach, height, width)
    tiles: dict[tuple[int, int], Mapping[Whose, Levels]] = {}
    for done, (place, box) in enumerate(sorted(places.items())):
        step(done, len(places))
        area = box.grow(reach).clip(width, height)
        stack = enlarged(alphas, height, width, area)
        for own, whose in zip(stack, (*ids, BACKGROUND), strict=True):
            detail.lay(whose, area, own)
        frame = (area.top == 0, area.left == 0, area.bottom == height, area.right == width)
        made = with_edges(stack, edges, 1.0, frame)
        known = dict(detail.tiles.get(place, {}))
        inner = box.within(area).slices
        for own, whose in zip(made, (*ids, BACKGROUND), strict=True):
            if whose in wanted or whose is BACKGROUND:
                known[whose] = levels_of(own[inner])
        tiles[place] = known
    return Detail(height, width, tiles, detail.windows)


def _near(places: Collection[tuple[int, int]], reach: int, height: int, width: int) -> dict[tuple[int, int], Rect]:
    """These tiles, and those that lie within that reach of one of them, with their boxes."""
    near: dict[tuple[int, int], Rect] = {}
    for row, column in places:
        around = Rect.of_size(column * TILE, row * TILE, TILE, TILE).grow(reach).clip(width, height)
        near.update(tiles_of(around, height, width))
    return near


def _pieces(alpha: Alpha, size: float, frame: Frame | None) -> NDArray[np.bool_]:
    """Where small pieces lie, with their rims: what is more than faint and hangs together, by corners too.

    Small is a piece that is at most ``size`` pixels across and down, so that a part of a picture either knows it whole
    or knows that it is too large. With a ``frame`` what touches the picture's edge is never small.
    """
    there = (alpha > FAINT).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(there, connectivity=8)
    small = (stats[:, cv2.CC_STAT_WIDTH] <= size) & (stats[:, cv2.CC_STAT_HEIGHT] <= size)
    small[0] = False
    if frame is not None:
        for ends, line in zip(frame, (labels[0], labels[:, 0], labels[-1], labels[:, -1]), strict=True):
            small[line[: len(line) if ends else 0]] = False
    found: NDArray[np.bool_] = small[labels]
    rim = cv2.dilate(found.astype(np.uint8), np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)) > 0
    found |= rim & (there == 0)
    return found


def _median(alpha: Alpha, radius: float) -> Alpha:
    """The median over a square of that radius: straight edges stay as they are, soft ones too; wiggles go.

    Perreault, Hébert: Median Filtering in Constant Time (IEEE TIP 2007), by OpenCV, on 256 levels; where the level
    stays the alpha does, to the bit. Between two whole radii their medians are mixed.
    """
    levels = np.rint(alpha * 255).astype(np.uint8)

    def of(whole: int) -> Alpha:
        middle = cv2.medianBlur(levels, 2 * whole + 1) if whole else levels
        return np.where(middle == levels, alpha, middle.astype(np.float32) / np.float32(255))

    return _between(of, radius)


def _moved(alpha: Alpha, by: float) -> Alpha:
    """Every level set moved outwards by so many pixels, or inwards: dilation and erosion by a disc.

    Serra: Image Analysis and Mathematical Morphology (1982), ch. XII. Between two whole radii the two are mixed, which
    moves a hard edge by that share of a pixel; more is never less.
    """
    change = cv2.dilate if by > 0 else cv2.erode

    def of(radius: int) -> Alpha:
        if not radius:
            return alpha
        y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
        return np.asarray(change(alpha, (x * x + y * y <= radius * radius).astype(np.uint8)), np.float32)

    return _between(of, abs(by))


def _between(of: Callable[[int], Alpha], radius: float) -> Alpha:
    """What ``of`` makes of a radius, between whole ones a mixture of both, never beyond either."""
    whole = int(radius)
    first, share = of(whole), np.float32(radius - whole)
    if not share:
        return first
    second = of(whole + 1)
    mixed = first + share * (second - first)
    between: Alpha = np.clip(mixed, np.minimum(first, second), np.maximum(first, second))
    return between


def _feathered(alpha: Alpha, deviation: float) -> Alpha:
    """A Gaussian of that standard deviation, in pixels."""
    kernel = cv2.getGaussianKernel(2 * int(np.ceil(TAIL * deviation)) + 1, deviation, cv2.CV_32F)
    soft = cv2.sepFilter2D(alpha, cv2.CV_32F, kernel, kernel, borderType=cv2.BORDER_REPLICATE)
    result: Alpha = np.clip(soft, 0, 1).astype(np.float32)
    return result


def _steeper(alpha: Alpha, contrast: float) -> Alpha:
    """The alpha stretched about one half, cut off at 0 and 1; at 100 per cent nothing lies between."""
    if contrast == 100:
        return (alpha >= 0.5).astype(np.float32)
    gain = np.float32(100 / (100 - contrast))
    result: Alpha = np.clip((alpha - np.float32(0.5)) * gain + np.float32(0.5), 0, 1)
    return result
