"""How good mattes are: errors of one person, the matching of people, and the instance matting quality over photos.

The metric is IMQ of Sun, Tang, Tai: Human Instance Matting via Mutual Guidance and Multi-Instance Refinement (CVPR
2022), with the constants of the authors' released evaluation; the gradient and connectivity errors go back to Rhemann
et al.: A Perceptually Motivated Online Benchmark for Image Matting (CVPR 2009). Alphas are uint8, as files hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Levels = NDArray[np.uint8]
"""One person's alpha in 256 levels: uint8 (H, W)."""
Floats = NDArray[np.float32]

METRICS = ("mad", "mse", "grad", "conn", "iou")
"""What IMQ, MQ and RQ are given for: four errors, and the overlap itself."""

# An error of 0.1 or more is worth nothing.
WEIGHT = 10.0
SIGMA = 1.4
LEVELS = tuple(np.float32(i / 10) for i in range(11))
# Pixels less than this above the connected level count as connected.
TOLERANCE = np.float32(0.15)
# Keeps sums over nothing finite, as in the released evaluation.
TINY_UNION, TINY_COUNT = 1e-8, 1e-6


@dataclass(frozen=True, slots=True)
class Errors:
    """The errors of one person's alpha, over the pixels U where the prediction or the truth is above 0.

    ``sad`` is the sum of |d| in thousands of pixels; the others are sums divided by |U| + 1, for d in 0..1.
    """

    sad: float
    mad: float
    mse: float
    grad: float
    conn: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A predicted person matched to a true one, both counted from 0; errors are None where the IoU is too small."""

    prediction: int
    truth: int
    iou: float
    errors: Errors | None

    def score(self, metric: str) -> float:
        """What the pair is worth by this metric, 0..1: 1 − min(10 · error, 1), or the IoU itself.

        Raises:
            ValueError: the errors of this pair were not worked out.
        """
        if metric == "iou":
            return self.iou
        if self.errors is None:
            raise ValueError(f"the errors of a pair with IoU {self.iou:.3f} were not worked out")
        return 1 - min(WEIGHT * float(getattr(self.errors, metric)), 1.0)


@dataclass(frozen=True, slots=True)
class Matching:
    """One photo's people: how many were predicted, how many there are, and who was matched to whom."""

    predictions: int
    truths: int
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Instance matting quality over photos at one IoU threshold; IMQ, MQ and RQ are 0..1, by metric.

    MQ is the mean score of matched people (0 if nobody was matched), RQ how well people were found, IMQ both together:
    the sum of scores divided by tp + fp / 2 + fn / 2.
    """

    iou: float
    imq: dict[str, float]
    mq: dict[str, float]
    rq: dict[str, float]
    tp: int
    fp: int
    fn: int


def pair_errors(prediction: Levels, truth: Levels) -> Errors:
    """The errors of one person's alpha; both arrays have the same shape.

    Everything is worked out in the rectangle round both people only, which changes no figure: pixels outside are 0 in
    both, and the rectangle holds the 4 pixels that the gradient looks beyond.
    """
    union = (prediction > 0) | (truth > 0)
    if not union.any():
        return Errors(0.0, 0.0, 0.0, 0.0, 0.0)
    reach = derivative_kernel().shape[0] // 2
    window = _window(union, reach)
    inside = union[window]
    p, g = (one[window].astype(np.float32) / np.float32(255) for one in (prediction, truth))
    count = int(np.count_nonzero(inside)) + 1
    difference = np.abs(p - g)[inside].astype(np.float64)
    slope = (_gradient(p) - _gradient(g))[inside].astype(np.float64)
    apart = np.abs(np.subtract(*_connectivity(p, g)))[inside].astype(np.float64)
    total = float(difference.sum())
    return Errors(
        sad=total / 1000,
        mad=total / count,
        mse=float((difference**2).sum()) / count,
        grad=float((slope**2).sum()) / count,
        conn=float(apart.sum()) / count,
    )


def overlaps(predictions: Sequence[Levels], truths: Sequence[Levels]) -> NDArray[np.float64]:
    """IoU of everything above 0: float64 (predictions, truths)."""
    found = [_Shape.of(one) for one in predictions]
    there = [_Shape.of(one) for one in truths]
    result = np.zeros((len(found), len(there)))
    for row, one in enumerate(found):
        for column, other in enumerate(there):
            common = one.common(other)
            result[row, column] = common / (one.area + other.area - common + TINY_UNION)
    return result


def match(predictions: Sequence[Levels], truths: Sequence[Levels], least_iou: float = 0.0) -> Matching:
    """The assignment of predicted to true people with the largest sum of IoUs (Hungarian method), and its errors.

    Pairs below ``least_iou`` stay in the list without errors: they cannot become true positives.
    """
    iou = overlaps(predictions, truths)
    rows, columns = linear_sum_assignment(1 - iou)
    pairs = []
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        near = float(iou[row, column])
        errors = pair_errors(predictions[row], truths[column]) if near >= least_iou else None
        pairs.append(Pair(row, column, near, errors))
    return Matching(len(predictions), len(truths), tuple(pairs))


def quality(photos: Iterable[Matching], iou: float) -> Quality:
    """IMQ, MQ and RQ over photos at an IoU threshold (0..1)."""
    scores = dict.fromkeys(METRICS, 0.0)
    tp = fp = fn = 0
    for photo in photos:
        good = [pair for pair in photo.pairs if pair.iou >= iou]
        tp += len(good)
        fp += photo.predictions - len(good)
        fn += photo.truths - len(good)
        for metric in METRICS:
            scores[metric] += sum(pair.score(metric) for pair in good)
    weight = 1 / (tp + 0.5 * fp + 0.5 * fn + TINY_COUNT)
    return Quality(
        iou=iou,
        imq={metric: weight * total for metric, total in scores.items()},
        mq={metric: total / tp if tp else 0.0 for metric, total in scores.items()},
        rq=dict.fromkeys(METRICS, weight * tp),
        tp=tp,
        fp=fp,
        fn=fn,
    )


def derivative_kernel() -> Floats:
    """The derivative of a Gaussian (sigma 1.4) along x, 9 × 9, of length one: float32, to be convolved with."""
    half = int(np.ceil(SIGMA * np.sqrt(-2 * np.log(np.sqrt(2 * np.pi) * SIGMA * 0.01))))
    x = np.arange(-half, half + 1, dtype=np.float64)
    bell = np.exp(-(x**2) / (2 * SIGMA**2)) / (SIGMA * np.sqrt(2 * np.pi))
    kernel = np.outer(bell, -x * bell / SIGMA**2)
    unit: Floats = (kernel / np.sqrt((kernel**2).sum())).astype(np.float32)
    return unit


def _gradient(alpha: Floats) -> Floats:
    kernel = derivative_kernel()
    # OpenCV correlates; a convolution is a correlation with the kernel turned round.
    turned = np.ascontiguousarray(kernel[::-1, ::-1])
    along = cv2.filter2D(alpha, cv2.CV_32F, turned, borderType=cv2.BORDER_REPLICATE)
    down = cv2.filter2D(alpha, cv2.CV_32F, np.ascontiguousarray(turned.T), borderType=cv2.BORDER_REPLICATE)
    amplitude: Floats = cv2.magnitude(along, down)
    return amplitude


def _connectivity(p: Floats, g: Floats) -> tuple[Floats, Floats]:
    """How connected each pixel is to what both alphas agree on, 0..1, for both."""
    level = np.full(p.shape, -1, np.float32)
    both = np.minimum(p, g)
    for below, threshold in pairwise(LEVELS):
        outside = ~_largest_component(both >= threshold)
        level[(level < 0) & outside] = below
    level[level < 0] = 1
    connected = []
    for alpha in (p, g):
        above = alpha - level
        connected.append(1 - above * (above >= TOLERANCE))
    return connected[0], connected[1]


def _largest_component(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest 4-connected part of the mask; among equals the one that begins first, row by row."""
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    if count <= 2:
        return mask
    areas = statistics[1:, cv2.CC_STAT_AREA]
    equals = 1 + np.flatnonzero(areas == areas.max())
    label = equals[0]
    if equals.size > 1:
        label = labels.ravel()[np.isin(labels, equals).ravel().argmax()]
    part: NDArray[np.bool_] = labels == label
    return part


def _window(mask: NDArray[np.bool_], margin: int) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + 1 + margin),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + 1 + margin),
    )


@dataclass(frozen=True, eq=False)
class _Shape:
    """Where an alpha is above 0, cut to the rectangle that holds it."""

    top: int
    left: int
    mask: NDArray[np.bool_]
    area: int

    @classmethod
    def of(cls, alpha: Levels) -> _Shape:
        mask = alpha > 0
        if not mask.any():
            return cls(0, 0, np.zeros((0, 0), bool), 0)
        rows, columns = _window(mask, 0)
        part = mask[rows, columns]
        return cls(rows.start, columns.start, part, int(np.count_nonzero(part)))

    def common(self, other: _Shape) -> int:
        """The number of pixels in both."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom = min(self.top + self.mask.shape[0], other.top + other.mask.shape[0])
        right = min(self.left + self.mask.shape[1], other.left + other.mask.shape[1])
        if top >= bottom or left >= right:
            return 0
        parts = [
            one.mask[top - one.top : bottom - one.top, left - one.left : right - one.left] for one in (self, other)
        ]
        return int(np.count_nonzero(parts[0] & parts[1]))
