"""Click prompts: the person whom clicks point at, and who is not what other clicks point at.

Geodesic distances decide what is probably the person: a pixel belongs to the click from which it can be reached with
the least change of colour on the way (Bai, Sapiro: A Geodesic Framework for Fast Interactive Image and Video
Segmentation and Matting, ICCV 2007). GrabCut, given that as its beginning, finds the outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from instmatt_app.core.interfaces import Detection, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.engine.recognisers.prompt import enlarged, without_specks

WORKING_PIXELS = 80_000
# The long side of the copy on which distances are measured.
GEODESIC_SIDE = 160
ITERATIONS = 3
# Shares of the long side: how far round a click everything certainly belongs to it, and the step whose length counts
# as much as a change from black to white.
CERTAIN, STRAIGHT = 0.012, 1.2


@dataclass(frozen=True, eq=False)
class ClickPrompt:
    """Finds the one person on whom ``inside`` clicks lie and ``outside`` clicks do not; points are (x, y).

    ``taken`` are other people's masks: what they hold is not looked at.
    """

    inside: Sequence[tuple[float, float]]
    outside: Sequence[tuple[float, float]] = ()
    taken: Sequence[TilePlane] = ()

    @property
    def name(self) -> str:
        return "clicks"

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        """That person; nobody if no click inside lies on the photo."""
        inside, outside = (
            [(x, y) for x, y in points if 0 <= x < photo.width and 0 <= y < photo.height]
            for points in (self.inside, self.outside)
        )
        if not inside:
            return []
        step(0, 2, "looking round the clicks")
        scale = min(1.0, (WORKING_PIXELS / (photo.width * photo.height)) ** 0.5)
        image = cv2.cvtColor(photo.at(max(1, round(max(photo.width, photo.height) * scale))), cv2.COLOR_RGB2BGR)
        height, width = image.shape[:2]
        shrink = np.array([width / photo.width, height / photo.height])
        seeds = _seeds((height, width), np.array(inside) * shrink, np.array(outside).reshape(-1, 2) * shrink)
        for other in self.taken:
            seeds[(other.reduced(height, width) >= 128) & (seeds == cv2.GC_PR_FGD)] = cv2.GC_BGD
        labels = _with_likely(image, seeds)
        step(1, 2, "finding the outline")
        if (labels == cv2.GC_BGD).any() or (labels == cv2.GC_PR_BGD).any():
            cv2.setRNGSeed(0)  # GrabCut's colour models start from a random clustering
            cv2.grabCut(image, labels, None, np.zeros((1, 65)), np.zeros((1, 65)), ITERATIONS, cv2.GC_INIT_WITH_MASK)
        found = without_specks(_reached((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), seeds == cv2.GC_FGD))
        found[seeds == cv2.GC_BGD] = False
        mask = enlarged(found, photo.width, photo.height)
        step(2, 2, "person found")
        return [Detection(mask, None, mask.box)]


def _seeds(size: tuple[int, int], inside: NDArray[np.float64], outside: NDArray[np.float64]) -> NDArray[np.uint8]:
    """What clicks say for certain: GC_FGD and GC_BGD round them, GC_PR_FGD for what is still open: uint8 (h, w)."""
    seeds = np.full(size, cv2.GC_PR_FGD, np.uint8)
    radius = max(1, round(CERTAIN * max(size)))
    for points, label in ((outside, cv2.GC_BGD), (inside, cv2.GC_FGD)):
        for x, y in points:
            cv2.circle(seeds, (int(x), int(y)), radius, label, cv2.FILLED)
    return seeds


def _with_likely(image: NDArray[np.uint8], seeds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The seeds, with what is open divided into probable person and probable background: labels for GrabCut."""
    height, width = seeds.shape
    share = min(1.0, GEODESIC_SIDE / max(height, width))
    small = max(2, round(width * share)), max(2, round(height * share))
    colours = cv2.cvtColor(cv2.resize(image, small, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2LAB)
    rows = np.arange(height) * small[1] // height
    columns = np.arange(width) * small[0] // width
    person, other = np.zeros(small[::-1], bool), np.zeros(small[::-1], bool)
    for seed, label in ((person, cv2.GC_FGD), (other, cv2.GC_BGD)):
        y, x = np.nonzero(seeds == label)
        seed[rows[y], columns[x]] = True
    # Nobody reaches above the photo: its upper edge and what is far up at the sides is taken for background.
    other[0] = True
    other[: small[1] // 3, [0, -1]] = True
    other &= ~person
    graph = _graph(colours.astype(np.float64) / 255)
    to_person, to_other = (dijkstra(graph, indices=np.flatnonzero(seed), min_only=True) for seed in (person, other))
    # As near as to the background counts as far: from one click a person is reached in steps, not in one go.
    likely = (to_person <= to_other).reshape(small[::-1])[rows[:, None], columns[None, :]]
    labels = seeds.copy()
    labels[(seeds == cv2.GC_PR_FGD) & ~likely] = cv2.GC_PR_BGD
    return labels


def _graph(colours: NDArray[np.float64]) -> coo_array:
    """Neighbours of a picture (h, w, 3), 0..1, joined by how much colour changes and how far it is between them."""
    height, width = colours.shape[:2]
    number = np.arange(height * width).reshape(height, width)
    straight = STRAIGHT / max(height, width)
    starts, ends, lengths = [], [], []
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        first = (slice(0, height - down), slice(max(0, -across), width - max(0, across)))
        second = (slice(down, height), slice(max(0, across), width - max(0, -across)))
        change = np.linalg.norm(colours[first] - colours[second], axis=-1)
        starts.append(number[first].ravel())
        ends.append(number[second].ravel())
        lengths.append((change + straight * np.hypot(down, across)).ravel())
    values = np.concatenate(lengths)
    places = (np.concatenate(starts), np.concatenate(ends))
    half = coo_array((values, places), shape=(height * width,) * 2)
    return (half + half.T).tocsr()


def _reached(mask: NDArray[np.bool_], seeds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pieces of the mask on which a seed lies, and the seeds themselves."""
    mask = mask | seeds
    _, pieces = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return mask & np.isin(pieces, np.unique(pieces[seeds]))
