"""Samples: from a composition to what one training step sees of it — a crop, tri-masks, true tri-mattes, colours.

Tri-mask augmentation in the three steps of the supplementary of Sun, Tang, Tai (CVPR 2022): masks of people that are
wrong in the ways of a recogniser; people missing from the reference; each of the three masks perturbed for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.training.composition.record import Composition
from instmatt_app.training.supervision import BAND, Flags, ellipse, outline_band, released_supervision, unknown_of

Bytes = NDArray[np.uint8]
Rng = np.random.Generator
Sample = dict[str, NDArray[np.generic]]

# Where the unknown pixel that a crop is laid round comes to lie, as a share of the crop's side.
MIDDLE = (0.25, 0.75)
# The unknown area is looked for in a copy so many times smaller.
COARSE = 4


class Source(Protocol):
    """Where compositions come from."""

    def draw(self, rng: Rng, size: tuple[int, int]) -> Composition:
        """A composition of about that (height, width) or larger, by these random numbers alone."""


@dataclass(frozen=True)
class SampleOptions:
    """How samples are made; the table [samples] of the configuration.

    ``crop`` is the side of a sample in pixels, a multiple of 32; ``canvas`` the side of the compositions that are asked
    for (0: one and a half times the crop).

    ``shared`` samples are made of one composition: composing costs more than cropping.

    ``targets``: "one" person (supplementary), "some" of 1 to all people, or "released": some of 0 to all but one.
    ``detected`` is the share of people who keep the recogniser's mask instead of one made from the alpha; they do so
    only if the two overlap by more than a share (IoU) drawn from ``least_iou`` for each sample.
    ``missing`` is the probability that people are missing from the reference: a "random" number of them, or "one" if
    there are several (``missing_people``).
    ``perturbed`` is the probability that a mask of the tri-mask is perturbed, ``swapped`` that two of the masks swap a
    rectangle. ``largest`` is the side in pixels of the largest ellipse of all these.
    ``background`` is the complement of the "union" of target and reference (supplementary) or of their "sum".
    ``augment`` = false leaves tri-mask augmentation out: everybody's mask is the recogniser's (Table 1's ablation).

    ``band`` is the side of the ellipse that keeps the loss off inexact outlines (35: about 17 pixels on either side;
    71: about 35). ``hard`` says which outlines those are: the "marked" ones of people whose alphas the data calls
    inexact, or those the "released" rule finds, 99 % of whose pixels are exactly 0 or 1.
    """

    crop: int = 512
    canvas: int = 0
    shared: int = 1
    zoom: tuple[float, float] = (0.8, 1.25)
    shear: float = 10.0
    flip: float = 0.5
    targets: Literal["one", "some", "released"] = "one"
    augment: bool = True
    detected: float = 0.5
    least_iou: tuple[float, float] = (0.0, 0.0)
    missing: float = 1.0
    missing_people: Literal["random", "one"] = "random"
    perturbed: float = 1.0
    swapped: float = 0.0
    largest: int = 30
    background: Literal["union", "sum"] = "union"
    band: int = BAND
    hard: Literal["marked", "released"] = "marked"

    @property
    def asked(self) -> tuple[int, int]:
        """Height and width of compositions to ask for."""
        side = self.canvas or self.crop * 3 // 2
        return side, side


@dataclass(frozen=True, eq=False)
class Window:
    """The part of a composition that a sample sees: K people who are visible in it, at the sample's scale.

    ``alphas`` (K, h, w) have ``margin`` more pixels on every side than the other planes.
    """

    photo: Bytes
    alphas: NDArray[np.float32]
    colours: Bytes
    background: Bytes
    masks: Bytes
    exact: Flags
    ignore: Bytes | None
    margin: int

    def inner(self, plane: NDArray[np.generic]) -> NDArray[np.generic]:
        """A plane (…, h, w) with margin, without it."""
        end = -self.margin or None
        return plane[..., self.margin : end, self.margin : end]


def one_target(composition: Composition, options: SampleOptions, rng: Rng) -> Sample:
    """The first stage's sample: a random set of people is the target, all others are the reference."""
    people = composition.count
    if options.targets == "one":
        chosen = rng.integers(people, size=1)
    else:
        low, high = (1, people + 1) if options.targets == "some" else (0, people)
        chosen = rng.permutation(people)[: rng.integers(low, high)]
    target = np.zeros(people, bool)
    target[chosen] = True
    looked_at = target if target.any() else ~target
    window = cut_window(composition, np.flatnonzero(looked_at), options, rng)
    row = _row(window, target, rough_masks(window, options, rng), options, rng)
    return {"image": _planes(window.photo), **row}


def all_targets(composition: Composition, options: SampleOptions, rng: Rng) -> Sample:
    """The second stage's sample: every person who is visible in the crop is the target once, in random order.

    Arrays but "image" have one row for each person.
    """
    window = cut_window(composition, rng.integers(composition.count, size=1), options, rng)
    visible = window.inner(window.alphas).reshape(composition.count, -1).max(axis=1) > 0
    masks = rough_masks(window, options, rng)
    rows = []
    for person in rng.permutation(np.flatnonzero(visible) if visible.any() else composition.count):
        target = np.zeros(composition.count, bool)
        target[person] = True
        rows.append(_row(window, target, masks, options, rng))
    return {"image": _planes(window.photo), **{key: np.stack([row[key] for row in rows]) for key in rows[0]}}


# --- The crop ---------------------------------------------------------------------------------------------------------


def cut_window(composition: Composition, people: NDArray[np.integer], options: SampleOptions, rng: Rng) -> Window:
    """A flipped, zoomed and sheared crop round an unknown pixel of these people."""
    margin = 0 if composition.exact.all() else options.band // 2
    matrix = _placement(composition, _unknown_pixel(composition.alphas[people], rng), options, rng)
    # Alphas and colours are interpolated alike, or layers would no longer add up to the photo.
    how = cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_NEAREST

    def warped(plane: NDArray[np.generic], flags: int, margin: int = 0) -> NDArray[np.generic]:
        side = options.crop + 2 * margin
        shifted = matrix.copy()
        shifted[:, 2] -= matrix[:, :2] @ (margin, margin)
        made: NDArray[np.generic] = cv2.warpAffine(
            plane, shifted, (side, side), flags=flags | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101
        )
        return made

    alphas = np.stack([warped(alpha, how, margin) for alpha in composition.alphas]).astype(np.float32)
    shape = (options.crop, options.crop, 3)
    colours = [
        warped(own, how) if alpha.any() else np.zeros(shape, np.uint8)
        for own, alpha in zip(composition.foregrounds, alphas, strict=True)
    ]
    ignore = composition.ignore
    return Window(
        photo=warped(composition.photo, how).astype(np.uint8),
        alphas=alphas,
        colours=np.stack(colours).astype(np.uint8),
        background=warped(composition.background, how).astype(np.uint8),
        masks=np.stack([warped(mask, cv2.INTER_NEAREST) for mask in composition.masks]).astype(np.uint8),
        exact=composition.exact,
        ignore=None if ignore is None else warped(ignore, cv2.INTER_NEAREST).astype(np.uint8),
        margin=margin,
    )


def _unknown_pixel(alphas: NDArray[np.float32], rng: Rng) -> tuple[float, float]:
    """x, y of a random pixel where these people's alphas are between 0 and 1, or of any pixel if there is none."""
    height, width = alphas.shape[1:]
    small = cv2.resize(
        alphas.sum(axis=0), (max(1, width // COARSE), max(1, height // COARSE)), interpolation=cv2.INTER_AREA
    )
    # Averages: along a hard outline, too, they lie between.
    places = np.flatnonzero((small > 0.01) & (small < 0.99))
    place = int(rng.choice(places)) if len(places) else int(rng.integers(small.size))
    row, column = divmod(place, small.shape[1])
    return (column + rng.random()) * width / small.shape[1], (row + rng.random()) * height / small.shape[0]


def _placement(
    composition: Composition, pixel: tuple[float, float], options: SampleOptions, rng: Rng
) -> NDArray[np.float64]:
    """The 2×3 matrix from pixels of the crop to pixels of the composition."""
    zoom_x, zoom_y = rng.uniform(*options.zoom, size=2)
    slant = np.tan(np.deg2rad(rng.uniform(-options.shear, options.shear)))
    mirror = -1.0 if rng.random() < options.flip else 1.0
    turn = np.array([[mirror / zoom_x, slant / zoom_y], [0.0, 1 / zoom_y]])
    anchor = rng.uniform(*MIDDLE, size=2) * options.crop
    shift = np.asarray(pixel) - turn @ anchor
    # Moved into the photo as far as that goes; what lies beyond is mirrored.
    corners = turn @ np.array([[0, options.crop, 0, options.crop], [0, 0, options.crop, options.crop]])
    height, width = composition.photo.shape[:2]
    for axis, size in enumerate((width, height)):
        low, high = corners[axis].min(), corners[axis].max()
        first, last = -low, size - high
        shift[axis] = np.clip(shift[axis], first, last) if first <= last else (first + last) / 2
    return np.column_stack([turn, shift])


# --- Tri-mask augmentation --------------------------------------------------------------------------------------------


def rough_masks(window: Window, options: SampleOptions, rng: Rng) -> Bytes:
    """Step 1: everybody's mask (K, h, w), 0 or 1: the recogniser's, or the alpha cut off somewhere and misshapen."""
    masks: Bytes = (window.masks > 127).astype(np.uint8)
    if options.augment:
        least = rng.uniform(*options.least_iou)
        for person, alpha in enumerate(window.inner(window.alphas)):
            if rng.random() >= options.detected or _overlap(masks[person] > 0, alpha > 0) < least:
                cut = (alpha >= rng.uniform(0.01, 1.0)).astype(np.uint8)
                masks[person] = misshapen(cut, options.largest, rng)
    return masks


def _overlap(mask: Flags, there: Flags) -> float:
    return float(np.count_nonzero(mask & there)) / max(1.0, float(np.count_nonzero(mask | there)))


def misshapen(mask: Bytes, largest: int, rng: Rng) -> Bytes:
    """A mask eroded, dilated, or both in either order, by ellipses with sides of 1 to `largest` pixels."""
    steps = ((cv2.erode,), (cv2.dilate,), (cv2.erode, cv2.dilate), (cv2.dilate, cv2.erode))[rng.integers(4)]
    for step in steps:
        mask = step(mask, ellipse(int(rng.integers(1, largest + 1))))
    return mask


def tri_mask(masks: Bytes, target: Flags, options: SampleOptions, rng: Rng) -> Bytes:
    """Steps 2 and 3: target, reference and background (3, h, w), 0 or 1, from everybody's masks (K, h, w)."""
    others = np.flatnonzero(~target)
    if options.augment and rng.random() < options.missing:
        left = rng.integers(len(others) + 1) if options.missing_people == "random" else max(len(others) - 1, 1)
        others = rng.permutation(others)[:left]
    own, rest = (masks[who].max(axis=0, initial=0) for who in (np.flatnonzero(target), others))
    background = 1 - (own | rest)
    if options.background == "sum":
        background = (masks.sum(axis=0, dtype=np.int32) == 0).astype(np.uint8)
    tri: Bytes = np.stack([own, rest, background])
    if options.augment:
        for channel in range(3):
            if rng.random() < options.perturbed:
                tri[channel] = misshapen(tri[channel], options.largest, rng)
        if rng.random() < options.swapped:
            _swap_rectangle(tri, rng)
    return tri


def _swap_rectangle(tri: Bytes, rng: Rng) -> None:
    """Exchanges a rectangle, an eighth to a quarter of the sides, between two of the masks, in place."""
    area = []
    for size in tri.shape[1:]:
        length = int(rng.integers(size // 8, size // 4 + 1))
        start = int(rng.integers(size - length + 1))
        area.append(slice(start, start + length))
    first, second = rng.permutation(3)[:2]
    rows, columns = area
    tri[[first, second], rows, columns] = tri[[second, first], rows, columns]


# --- What is true -----------------------------------------------------------------------------------------------------


def _row(window: Window, target: Flags, masks: Bytes, options: SampleOptions, rng: Rng) -> Sample:
    """One target's arrays.

    "guidance" uint8 (3, h, w), 0 or 1; "alphas" float32 (3, h, w), sum one; "colours" uint8 (3, 3, h, w), RGB of
    target, reference and background; "supervised" uint8 (3, h, w), 0 or 1; "unknown" uint8 (1, h, w): the unknown area
    of a trimap of the target; "sides" int64 (2,): by which ellipses unknown areas at strides 4 and 1 are widened;
    "chance" float32 (), 0..1.
    """
    own, rest = (window.alphas[who].sum(axis=0).clip(0, 1) for who in (target, ~target))
    planes = np.stack([own, rest, (1 - own - rest).clip(0, 1)])
    alphas = np.ascontiguousarray(window.inner(planes), np.float32)
    colours = np.stack([_blend(window, who) for who in (target, ~target)] + [window.background])
    inner, outer = rng.integers(1, options.largest, size=2)
    return {
        "guidance": tri_mask(masks, target, options, rng),
        "alphas": alphas,
        "colours": np.ascontiguousarray(colours.transpose(0, 3, 1, 2)),
        "supervised": supervised(window, target, planes, options).astype(np.uint8),
        "unknown": unknown_of(alphas[0], int(inner), int(outer))[None],
        "sides": rng.integers(1, (30, 15)),
        "chance": np.float32(rng.random()),  # type: ignore[dict-item]
    }


def supervised(window: Window, target: Flags, planes: NDArray[np.float32], options: SampleOptions) -> NDArray[np.bool_]:
    """Where the loss may look, bool (3, h, w): not near outlines that are not exact, nor where `ignore` is set.

    ``planes`` (3, h, w) are target, reference and background with the window's margin.
    """
    if options.hard == "released":
        free = np.stack([released_supervision(plane, options.band) for plane in planes])
    else:
        free = np.ones(planes.shape, bool)
        bands = {person: outline_band(window.alphas[person], options.band) for person in np.flatnonzero(~window.exact)}
        for channel, plane in enumerate(planes):
            # Everybody's outline is the background's, too.
            there = [person for person in bands if channel == 2 or target[person] == (channel == 0)]
            if there:
                near = np.any([bands[person] for person in there], axis=0)
                free[channel] = ~(near & outline_band(plane, options.band))
    result: NDArray[np.bool_] = np.array(window.inner(free), bool)
    if window.ignore is not None:
        result[:, window.ignore > 127] = False
    return result


def _blend(window: Window, who: Flags) -> Bytes:
    """These people's colours as one layer, by their alphas; anything where nobody is."""
    people = np.flatnonzero(who)
    if len(people) == 0:
        return window.background
    if len(people) == 1:
        own: Bytes = window.colours[people[0]]
        return own
    alphas = np.asarray(window.inner(window.alphas[people]), np.float32)[..., None]
    total = alphas.sum(axis=0)
    mixed: NDArray[np.float32] = (alphas * window.colours[people]).sum(axis=0) / np.maximum(total, 1e-6)
    return mixed.round().clip(0, 255).astype(np.uint8)


def _planes(picture: Bytes) -> Bytes:
    return np.ascontiguousarray(picture.transpose(2, 0, 1))
