"""Composer: photos of several people from cut-outs and backgrounds, with everybody's exact visible alpha.

People stand beside, before and partly behind each other; hair is drawn at the size of the photo; colours are drawn
towards the background's light; motion, focus, noise and JPEG come last. Everything follows from the generator given.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.training.composition import hair
from instmatt_app.training.composition.backgrounds import Backgrounds
from instmatt_app.training.composition.cutouts import CutOuts
from instmatt_app.training.composition.record import Composition
from instmatt_app.training.composition.rough_masks import rough_masks

Bytes = NDArray[np.uint8]
Planes = NDArray[np.float32]

# A person of whom less than this share of the photo can be seen is left out: no recogniser would report them.
LEAST_SHARE = 0.01
# A person of whom less than this can be seen behind the others is left out.
LEAST_VISIBLE = 0.25
SMALL_SHARE = 0.04
# Mean alpha of a cut-out's last row from which on its person was cut there.
CUT = 0.08


@dataclass(frozen=True)
class Recipe:
    """What compositions are like; probabilities unless said otherwise."""

    people: tuple[float, ...] = (0.2, 0.4, 0.25, 0.15)  # of one, two, three … people
    closest: float = 2.4  # people are enlarged at most so much
    focus_hair: float = 0.65  # the picture shows a head large rather than a whole figure
    strands: float = 0.75  # hair is drawn, where it is known where hair is
    fuzz: float = 0.08
    motion: float = 0.06
    defocus: float = 0.1
    harmony: float = 0.7
    bystander: float = 0.12  # somebody stands in the background who is not asked for
    noise: float = 0.5
    jpeg: float = 0.5
    faults: bool = True  # rough masks lack or wrongly hold parts


@dataclass(frozen=True, eq=False)
class _Person:
    """Premultiplied RGBA float32 (h, w, 4) at the size of the photo."""

    pixels: Planes
    name: str


class Composer:
    """Draws compositions; a source of training data (see training/samples.py) and the maker of benchmarks."""

    def __init__(self, cutouts: CutOuts, backgrounds: Backgrounds, recipe: Recipe | None = None) -> None:
        self._cutouts, self._backgrounds, self._recipe = cutouts, backgrounds, recipe or Recipe()

    def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> Composition:
        """A composition of ``size`` (h, w) with at least one person."""
        recipe = self._recipe
        background = self._backgrounds.draw(rng, size)
        while True:
            count = 1 + int(rng.choice(len(recipe.people), p=recipe.people))
            people = self._people(rng, size, count, background)
            alphas = _visible([person.pixels[..., 3] for person in people])
            share = alphas.sum((1, 2)) / alphas[0].size
            whole = np.array([person.pixels[..., 3].sum() for person in people]) / alphas[0].size
            kept = [i for i in range(len(people)) if share[i] >= LEAST_SHARE and share[i] >= LEAST_VISIBLE * whole[i]]
            if kept:
                break
        people = [people[i] for i in kept]
        alphas = _visible([person.pixels[..., 3] for person in people])
        if rng.random() < recipe.bystander:
            background = self._with_bystander(rng, background)
        photo: Planes = background.astype(np.float32) / np.float32(255)
        for person in reversed(people):
            photo = photo * (1 - person.pixels[..., 3:]) + person.pixels[..., :3]
        masks, faults = rough_masks(alphas, rng, recipe.faults)
        return Composition(
            photo=_developed(photo, rng, recipe),
            alphas=alphas,
            foregrounds=np.stack([_straight(person.pixels) for person in people]),
            background=background,
            masks=masks,
            exact=np.ones(len(people), bool),
            tags=faults | _tags(alphas, [person.pixels[..., 3] for person in people]),
            name=" ".join(person.name for person in people),
        )

    def _people(self, rng: np.random.Generator, size: tuple[int, int], count: int, background: Bytes) -> list[_Person]:
        """People front to back, placed so that neighbours touch or overlap more often than not."""
        height, width = size
        close = rng.random() < self._recipe.focus_hair
        # Where the first one's head is; the others stand beside it.
        x, y = width * float(rng.uniform(0.25, 0.75)), height * float(rng.uniform(0.2, 0.6))
        scale_of_all = float(rng.uniform(0.9, 1.8) if close else rng.uniform(0.35, 1.0))
        people: list[_Person] = []
        for _ in range(count):
            number = int(rng.integers(len(self._cutouts)))
            rgba, strands = self._cutouts.read(number)
            # One head is as large as another: figures are brought to the height of the picture first.
            wanted = height / rgba.shape[0] * scale_of_all * float(rng.uniform(0.85, 1.2))
            if close:
                wanted *= float(rng.uniform(1.2, 2.6))
            scale = min(wanted, self._recipe.closest)
            person = self._placed(rng, rgba, strands, scale, (x, y), size)
            people.append(_Person(self._lit(person, background, rng), self._cutouts.names[number]))
            across = rgba.shape[1] * scale
            step = across * float(rng.uniform(0.15, 0.9)) * (1 if rng.random() < 0.5 else -1)
            x = float(np.clip(x + step, 0.05 * width, 0.95 * width))
            y = float(np.clip(y + height * rng.normal(0, 0.08), 0.1 * height, 0.8 * height))
        return people

    def _placed(
        self,
        rng: np.random.Generator,
        rgba: Bytes,
        strands: Bytes,
        scale: float,
        head: tuple[float, float],
        size: tuple[int, int],
    ) -> Planes:
        """The cut-out scaled, mirrored at random and with its head (else its top) at ``head``, hair grown."""
        recipe = self._recipe
        if rng.random() < 0.5:
            rgba, strands = rgba[:, ::-1], strands[:, ::-1]
        region = strands if strands.any() else rgba[..., 3] // 128 * 255
        rows, columns = np.nonzero(region)
        middle = (float(columns.mean()), float(rows.mean()) if strands.any() else rows.min() + 0.1 * np.ptp(rows))
        pixels = rgba.astype(np.float32) / 255
        pixels[..., :3] *= pixels[..., 3:]
        if scale < 0.6:
            # A warp looks at four pixels only; what is made much smaller must be averaged first.
            smaller = (max(1, round(rgba.shape[1] * scale)), max(1, round(rgba.shape[0] * scale)))
            fx, fy = smaller[0] / rgba.shape[1], smaller[1] / rgba.shape[0]
            pixels = np.asarray(cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA), np.float32)
            strands = np.asarray(cv2.resize(strands, smaller, interpolation=cv2.INTER_NEAREST), np.uint8)
            middle, scale = (middle[0] * fx, middle[1] * fy), 1.0
        below = (pixels.shape[0] - middle[1]) * scale + head[1]
        if pixels[-1, :, 3].mean() > CUT and below < size[0]:
            # Whom the photo's lower edge cut stands on this photo's lower edge.
            head = (head[0], head[1] + size[0] - below)
        turn = cv2.getRotationMatrix2D(middle, float(rng.normal(0, 4)), scale)
        turn[:, 2] += np.array(head) - middle
        warped = cv2.warpAffine(pixels, turn, size[::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT)
        person = np.clip(warped, 0, 1).astype(np.float32)
        np.minimum(person[..., :3], person[..., 3:], out=person[..., :3])
        if strands.any() and rng.random() < recipe.strands:
            there = cv2.warpAffine(strands, turn, size[::-1], flags=cv2.INTER_NEAREST) > 0
            head_size = float(np.sqrt(np.count_nonzero(strands))) * scale
            person = hair.grow(person, there, hair.Style.draw(rng, head_size), rng)
        if rng.random() < recipe.fuzz:
            person = hair.grow(person, person[..., 3] > 0.5, hair.Style.fuzz(rng, size[0] * 0.5), rng)
        if rng.random() < recipe.motion:
            person = _moved(person, rng)
        elif rng.random() < recipe.defocus:
            person = cv2.GaussianBlur(person, (0, 0), float(rng.uniform(0.6, 3)))
        return np.asarray(person, np.float32)

    def _lit(self, person: Planes, background: Bytes, rng: np.random.Generator) -> Planes:
        """The person's colours drawn towards the background's mean and spread, and changed a little."""
        alpha = person[..., 3:]
        weight = float(alpha.sum())
        if weight < 1:
            return person
        colours = person[..., :3]
        mean = colours.sum((0, 1)) / weight
        gain = np.ones(3)
        if rng.random() < self._recipe.harmony:
            there = background.reshape(-1, 3)[:: max(1, background.size // 12_000)].mean(0) / 255
            gain = (np.maximum(there, 0.05) / np.maximum(mean, 0.05)) ** rng.uniform(0, 0.35)
        gain = np.clip(gain * rng.uniform(0.85, 1.15) * rng.uniform(0.96, 1.04, 3), 0.4, 2.0)
        contrast = float(rng.uniform(0.85, 1.15))
        # Premultiplied: alpha stands for the constant one.
        lit = ((colours - mean * alpha) * contrast + mean * alpha) * gain
        return np.asarray(np.concatenate([np.clip(lit, 0, alpha), alpha], 2), np.float32)

    def _with_bystander(self, rng: np.random.Generator, background: Bytes) -> Bytes:
        size = background.shape[:2]
        rgba, strands = self._cutouts.read(int(rng.integers(len(self._cutouts))))
        scale = size[0] / rgba.shape[0] * float(rng.uniform(0.3, 0.9))
        at = (size[1] * float(rng.uniform(0, 1)), size[0] * float(rng.uniform(0.2, 0.6)))
        person = self._lit(self._placed(rng, rgba, strands, scale, at, size), background, rng)
        if rng.random() < 0.5:
            person = np.asarray(cv2.GaussianBlur(person, (0, 0), float(rng.uniform(0.5, 4))), np.float32)
        mixed = background * (1 - person[..., 3:]) + person[..., :3] * 255
        return np.asarray(np.rint(np.clip(mixed, 0, 255)), np.uint8)


def _visible(alphas: list[Planes]) -> Planes:
    """What is seen of each, front to back: float32 (K, H, W); with the background they add up to one."""
    left = np.ones_like(alphas[0])
    visible = []
    for alpha in alphas:
        visible.append(alpha * left)
        left = left * (1 - alpha)
    return np.stack(visible)


def _straight(pixels: Planes) -> Bytes:
    straight = pixels[..., :3] / np.maximum(pixels[..., 3:], 1 / 512)
    return np.rint(np.clip(straight, 0, 1) * 255).astype(np.uint8)


def _moved(person: Planes, rng: np.random.Generator) -> Planes:
    """Motion blur along a line."""
    length = int(rng.integers(5, 22))
    kernel = np.zeros((length, length), np.float32)
    angle = float(rng.uniform(0, np.pi))
    reach = (length - 1) / 2
    across, down = reach * np.cos(angle), reach * np.sin(angle)
    start, end = (round(reach - across), round(reach - down)), (round(reach + across), round(reach + down))
    cv2.line(kernel, start, end, 1.0, 1)
    return np.asarray(cv2.filter2D(person, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)


def _developed(photo: Planes, rng: np.random.Generator, recipe: Recipe) -> Bytes:
    """Exposure, noise and JPEG of a camera: RGB uint8 (H, W, 3)."""
    photo = photo * 255
    if rng.random() < recipe.noise:
        sigma = float(rng.uniform(0.5, 6))
        noise = np.empty(photo.shape, np.float32)
        cv2.setRNGSeed(int(rng.integers(2**31)))
        cv2.randn(noise, 0.0, sigma)
        photo = photo + noise
    pixels = np.rint(np.clip(photo, 0, 255)).astype(np.uint8)
    if rng.random() < recipe.jpeg:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 98))]
        pixels = np.asarray(cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], cv2.IMREAD_COLOR), np.uint8)
    return pixels


def _tags(visible: Planes, whole: list[Planes]) -> frozenset[str]:
    tags = set()
    seen = visible > 0.5
    if min(int(one.sum()) for one in seen) < SMALL_SHARE * visible[0].size:
        tags.add("small")
    for first in range(len(seen)):
        near = cv2.dilate(seen[first].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        if any((near & seen[other]).sum() > 20 for other in range(len(seen)) if other != first):
            tags.add("close")
        hidden = (whole[first] > 0.5) & ~seen[first]
        if hidden.sum() > 0.2 * max(1, int((whole[first] > 0.5).sum())) and _in_pieces(seen[first]):
            tags.add("occlusion")
    return frozenset(tags)


def _in_pieces(mask: NDArray[np.bool_]) -> bool:
    """Whether somebody in front divides the person into parts that are far from each other."""
    stats = cv2.connectedComponentsWithStats(mask.astype(np.uint8))[2]
    areas = np.sort(stats[1:, cv2.CC_STAT_AREA])
    return len(areas) > 1 and bool(areas[-2] > 0.05 * areas.sum())
