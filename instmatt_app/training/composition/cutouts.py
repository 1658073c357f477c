"""Cut-outs: people taken out of labelled photos, with soft alphas and their own colours, to be put into compositions.

Labels are a few pixels off and cut hair short, so the outline is matted anew: closed-form matting in a band round it,
a wider one round hair, then PyMatting's foreground estimation. What a cut-out's alpha says need not be the truth of the
photo it came from; a composition made with it is exact all the same, because it is made by that alpha.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.core.rect import Rect
from instmatt_app.engine.classical import BACKGROUND, FOREGROUND, UNKNOWN, solve
from instmatt_app.engine.foreground import clean_colours
from instmatt_app.training.composition.archive import Archive, DataError, held_out
from instmatt_app.training.composition.coco import CocoPeople

Bytes = NDArray[np.uint8]

# Pixels of the photo kept round a person.
MARGIN = 24
# Closed-form matting leaves a haze where fore- and background look alike, and the blocks of JPEG; alphas are stretched
# until it is gone. Away from hair an outline is as sharp as the lens, and nothing softer can be told from haze.
HAZE_OF_HAIR, HAZE = 0.17, 0.3
SMOOTH = 0.8  # pixels
# A part of the outline that hangs together with nothing is a piece of background that was taken along.
LEAST_PART = 0.02
HAIR_SUFFIX = "-hair.png"


@dataclass(frozen=True)
class Band:
    """How far the truth may lie from a label's edge, in pixels."""

    inwards: int
    outwards: int
    hair_inwards: int = 0
    hair_outwards: int = 0


# Superpixel labels; masks drawn by hand; straight polygons.
LABELS, DRAWN, POLYGONS = Band(4, 4, 7, 14), Band(3, 4), Band(6, 8)


@dataclass(frozen=True, eq=False)
class Labelled:
    """A person in a photo: ``photo`` RGB uint8 (H, W, 3), ``mask`` and ``hair`` bool (H, W)."""

    name: str
    photo: Bytes
    mask: NDArray[np.bool_]
    hair: NDArray[np.bool_]
    band: Band


def cut_out(person: Labelled) -> tuple[Bytes, Bytes] | None:
    """The person as straight RGBA uint8 (h, w, 4) and where the hair is, uint8 (h, w), 0 or 255; both cropped.

    None if nobody is left once holes are filled and specks are gone.
    """
    mask = _solid(person.mask)
    if not mask.any():
        return None
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    rows, columns = Rect.of_size(left, top, width, height).grow(MARGIN).clip(*mask.shape[::-1]).slices
    photo, mask, hair = (
        person.photo[rows, columns],
        mask[rows, columns],
        person.hair[rows, columns] & mask[rows, columns],
    )
    trimap = _trimap(mask, hair, person.band)
    alpha: NDArray[np.float32] = mask.astype(np.float32)
    if (trimap == UNKNOWN).any() and (trimap == FOREGROUND).any() and (trimap == BACKGROUND).any():
        alpha = solve(photo.astype(np.float64) / 255, trimap, lambda: None)
    alpha = without_haze(alpha, hair, person.band)
    alpha *= _solid(alpha > 0, fill=False)
    colours = clean_colours(photo, alpha, levels=255)
    rgba = np.dstack([colours.astype(np.uint8), np.rint(alpha * 255).astype(np.uint8)])
    return rgba, hair.astype(np.uint8) * 255


def without_haze(alpha: NDArray[np.float32], hair: NDArray[np.bool_], band: Band) -> NDArray[np.float32]:
    """Alphas (h, w) stretched about one half, less where hair is near, and smoothed where there is none."""
    smooth = cv2.GaussianBlur(alpha, (0, 0), SMOOTH)
    sharp = np.clip((smooth - HAZE) / (1 - 2 * HAZE), 0, 1)
    if not hair.any():
        return np.asarray(sharp, np.float32)
    soft = np.clip((alpha - HAZE_OF_HAIR) / (1 - 2 * HAZE_OF_HAIR), 0, 1)
    near = cv2.dilate(hair.astype(np.uint8), _disc(band.hair_outwards))
    share = cv2.GaussianBlur(near.astype(np.float32), (0, 0), 2)
    return np.asarray(share * soft + (1 - share) * sharp, np.float32)


def _solid(mask: NDArray[np.bool_], fill: bool = True) -> NDArray[np.bool_]:
    """The mask without parts that are small against it, and without small holes."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    least = LEAST_PART * mask.sum()
    keep = np.zeros(count, bool)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= least
    solid: NDArray[np.bool_] = keep[parts]
    if fill and not solid.all():
        solid |= ~_solid(~solid, fill=False)
    return solid


def _trimap(mask: NDArray[np.bool_], hair: NDArray[np.bool_], band: Band) -> NDArray[np.float64]:
    inside, strands = mask.astype(np.uint8), hair.astype(np.uint8)
    sure = _eroded(inside, band.inwards)
    away = 1 - cv2.dilate(inside, _disc(band.outwards))
    if hair.any():
        near_hair = cv2.dilate(strands, _disc(band.hair_inwards))
        sure &= ~(near_hair & (1 - _eroded(inside, band.hair_inwards)))
        away &= 1 - cv2.dilate(strands, _disc(band.hair_outwards))
    trimap = np.full(mask.shape, UNKNOWN)
    trimap[sure > 0] = FOREGROUND
    trimap[away > 0] = BACKGROUND
    return trimap


def _eroded(mask: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    # Beyond the photo's edge the person goes on.
    return np.asarray(cv2.erode(mask, _disc(by), borderType=cv2.BORDER_CONSTANT, borderValue=1), np.uint8)


def _disc(radius: int) -> NDArray[np.uint8]:
    side = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def from_labels(archive: Archive, names: Sequence[str], hair: int, kind: str) -> Iterator[Labelled]:
    """People of label maps: `photos/NAME.jpg` with `labels/NAME.png`, 0 for nobody and ``hair`` for hair."""
    for name in names:
        labels = archive.grey(f"labels/{name}.png")
        yield Labelled(f"{kind}-{name}", archive.rgb(f"photos/{name}.jpg"), labels > 0, labels == hair, LABELS)


def from_masks(archive: Archive, names: Sequence[str], kind: str) -> Iterator[Labelled]:
    """People of drawn masks: `images/SEQUENCE/FRAME.jpg` with `masks/SEQUENCE/FRAME.png`."""
    for name in names:
        mask = archive.grey(f"masks/{name}.png") > 127
        photo = archive.rgb(f"images/{name}.jpg")
        yield Labelled(f"{kind}-{name.replace('/', '-')}", photo, mask, np.zeros_like(mask), DRAWN)


def from_coco(people: CocoPeople, least_side: int) -> Iterator[Labelled]:
    """People of polygons who are at least ``least_side`` pixels long and lie in one piece."""
    for photo in people.photos:
        pixels: Bytes | None = None
        for annotation in photo.annotations:
            if annotation.get("source") != "coco" or annotation.get("iscrowd") or not annotation["segmentation"]:
                continue
            if max(annotation["bbox"][2:]) < least_side or len(annotation["segmentation"]) > 1:
                continue
            pixels = people.read(photo.id) if pixels is None else pixels
            mask = people.mask(annotation) > 0
            yield Labelled(f"coco-{photo.id}-{annotation['id']}", pixels, mask, np.zeros_like(mask), POLYGONS)


def is_held_out(name: str) -> bool:
    """Whether a cut-out of this name belongs to validation: by photo, and for video frames by sequence."""
    kind, _, rest = name.partition("-")
    return held_out(f"{kind}/{rest.rsplit('-', 1)[0]}")


class CutOuts:
    """A folder of cut-outs: `NAME.png`, straight RGBA, and `NAME-hair.png` where hair is known."""

    def __init__(self, folders: Sequence[Path], validation: bool) -> None:
        """Lists the people of the training or the validation split. Raises DataError if there is nobody."""
        self._archive = Archive(folders)
        self.names = [
            name.removesuffix(".png")
            for name in self._archive.pictures
            if not name.endswith(HAIR_SUFFIX) and is_held_out(name.removesuffix(".png")) == validation
        ]
        if not self.names:
            raise DataError(f"There are no cut-outs of this split in {', '.join(map(str, folders))}.")

    def __len__(self) -> int:
        return len(self.names)

    def read(self, number: int) -> tuple[Bytes, Bytes]:
        """A cut-out, RGBA uint8 (h, w, 4), and its hair, uint8 (h, w), all 0 if it is not known."""
        name = self.names[number]
        rgba = self._archive.rgba(f"{name}.png")
        if name + HAIR_SUFFIX in self._archive:
            return rgba, self._archive.grey(name + HAIR_SUFFIX)
        return rgba, np.zeros(rgba.shape[:2], np.uint8)


def write_cutouts(people: Iterable[Labelled], out: Path, step: Callable[[int, int, str], None]) -> int:
    """Cut everybody out into a folder; returns how many it holds. Who is there already is passed over."""
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for person in people:
        step(count, count + 1, person.name)
        target = out / f"{person.name}.png"
        if not target.exists():
            made = cut_out(person)
            if made is None:
                continue
            rgba, hair = made
            if hair.any():
                cv2.imwrite(str(out / (person.name + HAIR_SUFFIX)), hair)
            # The person's own file comes last and in one piece: while it is missing, the person is not there.
            beside = target.with_name(f".{target.name}")
            beside.write_bytes(cv2.imencode(".png", rgba[..., [2, 1, 0, 3]])[1].tobytes())
            beside.replace(target)
        count += 1
    return count
