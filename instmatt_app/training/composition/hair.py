"""Hair: strands drawn from a person's outline, with exact alphas where photos have none.

A strand starts a little inside a region, leaves it along the outward normal bent by a smooth random field (so that
neighbours form locks), by gravity and by its own curl, and takes its colour from where it starts. Strands are drawn
anti-aliased at the size of the composition, so hair is sharp even on a person who was enlarged.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Planes = NDArray[np.float32]

# Strands of one tone are drawn together; more tones cost time and are hardly seen.
TONES = 5
# Points along a strand.
POINTS = 12
# cv2's sub-pixel coordinates have this many fractional bits.
BITS = 4


@dataclass(frozen=True)
class Style:
    """What hair is like: lengths in pixels, ``curl`` in turns over the length, ``thickness`` in pixels."""

    strands: int
    length: float
    curl: float
    thickness: float
    gravity: float
    opacity: float

    @classmethod
    def draw(cls, rng: np.random.Generator, size: float) -> Style:
        """A random style for a head of about that many pixels: from a few stray hairs to an open mane."""
        return cls(
            strands=int(rng.integers(20, 60) if rng.random() < 0.35 else rng.integers(80, 420)),
            length=size * float(rng.uniform(0.06, 0.25 if rng.random() < 0.6 else 0.5)),
            curl=float(rng.choice([0.0, 0.0, 0.0, rng.uniform(0.3, 1.2), rng.uniform(1.2, 3)])),
            thickness=float(np.clip(size / 200, 0.35, 1.4) * rng.uniform(0.6, 1.4)),
            gravity=float(rng.uniform(-0.2, 0.9)),
            opacity=float(rng.uniform(0.55, 1)),
        )

    @classmethod
    def fuzz(cls, rng: np.random.Generator, size: float) -> Style:
        """Short fibres, as of wool or fur."""
        return cls(int(rng.integers(100, 500)), max(3.0, size * 0.03), 0.4, 0.7, 0.1, float(rng.uniform(0.3, 0.8)))


def grow(person: Planes, region: NDArray[np.bool_], style: Style, rng: np.random.Generator) -> Planes:
    """The person with strands that grow from the region: premultiplied RGBA (h, w, 4), 0..1, like ``person``."""
    starts = _roots(person[..., 3], region, style.strands, rng)
    if starts is None:
        return person
    points, directions = starts
    lines = _strands(points, directions, style, person.shape[:2], rng)
    x, y = points[:, 0].astype(int), points[:, 1].astype(int)
    own = person[y, x, :3] / np.maximum(person[y, x, 3:], 1e-3)
    order = np.argsort(own.sum(1), kind="stable")
    result = person
    for tone in np.array_split(order, TONES):
        colour = own[tone].mean(0) * rng.uniform(0.75, 1.3)
        cover = _drawn([lines[index] for index in tone], style, person.shape[:2])
        over = cover[..., None]
        strand = np.concatenate([np.clip(colour, 0, 1).astype(np.float32), np.ones(1, np.float32)])
        result = result * (1 - over) + over * strand
    return result


def _roots(
    alpha: Planes, region: NDArray[np.bool_], count: int, rng: np.random.Generator
) -> tuple[Planes, Planes] | None:
    """Where strands start, (n, 2) as x, y, and the outward normals there; None if the region has no free outline."""
    inside = (alpha > 0.5).astype(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
    reach = max(3.0, 0.25 * float(np.sqrt(region.sum())))
    rows, columns = np.nonzero(region & (depth > 0.5) & (depth < reach))
    if rows.size < 8:
        return None
    # Near the outline is likelier: strands that start deep inside hardly leave the head.
    chance = np.exp(-depth[rows, columns] / (reach / 3))
    chosen = rng.choice(rows.size, size=count, p=chance / chance.sum())
    smooth = cv2.GaussianBlur(alpha, (0, 0), max(2.0, reach / 4))
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    normals = -np.stack([across[rows[chosen], columns[chosen]], down[rows[chosen], columns[chosen]]], 1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-6
    points = np.stack([columns[chosen], rows[chosen]], 1).astype(np.float32) + rng.random((count, 2), np.float32)
    limits = np.array(alpha.shape[::-1], np.float32) - 1
    return np.clip(points, 0, limits), normals.astype(np.float32)


def _strands(
    points: Planes, directions: Planes, style: Style, size: tuple[int, int], rng: np.random.Generator
) -> Planes:
    """Lines (n, POINTS, 2) in pixels."""
    count = len(points)
    # One smooth field of angles for all: neighbours bend alike.
    field = cv2.resize(rng.normal(0, 0.6, (5, 5)).astype(np.float32), (64, 64), interpolation=cv2.INTER_CUBIC)
    cells = (points / np.array(size[::-1], np.float32) * 63).astype(int)
    angle = (
        np.arctan2(directions[:, 1], directions[:, 0]) + field[cells[:, 1], cells[:, 0]] + rng.normal(0, 0.25, count)
    )
    length = style.length * rng.gamma(4, 0.25, count)
    phase, turns = rng.uniform(0, 2 * np.pi, count), style.curl * rng.uniform(0.6, 1.4, count)
    bend = rng.normal(0, 0.5, count)
    lines = np.empty((count, POINTS, 2), np.float32)
    place = points.astype(np.float64).copy()
    for step in range(POINTS):
        lines[:, step] = place
        along = step / (POINTS - 1)
        heading = angle + bend * along + 0.6 * np.sin(phase + 2 * np.pi * turns * along) * (style.curl > 0)
        move = np.stack([np.cos(heading), np.sin(heading) + style.gravity * along], 1)
        place += move * (length / (POINTS - 1))[:, None]
    return lines


def _drawn(lines: list[Planes], style: Style, size: tuple[int, int]) -> Planes:
    """Coverage of the lines, float32 (h, w), 0..opacity; they thin out towards their tips."""
    cover = np.zeros(size, np.uint8)
    whole = max(1, round(style.thickness))
    # A line thinner than a pixel covers less of it.
    level = min(1.0, style.thickness / whole) * style.opacity
    fixed = [np.rint(line * (1 << BITS)).astype(np.int32) for line in lines]
    cv2.polylines(cover, fixed, False, round(255 * level * 0.55), whole, cv2.LINE_AA, BITS)
    bases = [line[: POINTS * 2 // 3] for line in fixed]
    cv2.polylines(cover, bases, False, round(255 * level), whole, cv2.LINE_AA, BITS)
    return np.asarray(cover / np.float32(255), np.float32)
