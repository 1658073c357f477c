"""Photos for tests: a real group made of two public-domain portraits, and drawn people with exact alphas."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data


@dataclass(frozen=True, eq=False)
class GroupPhoto:
    """A photo, uint8 (H, W, 3), each person's box as x, y, width, height, and the middle of each face as x, y."""

    pixels: NDArray[np.uint8]
    boxes: list[tuple[int, int, int, int]]
    faces: list[tuple[int, int]]


def group_photo(height: int = 384) -> GroupPhoto:
    """Eileen Collins (scikit-image) on the left, Grace Hopper (matplotlib) on the right; both pictures are NASA's and
    the US Navy's, in the public domain."""
    collins = Image.fromarray(data.astronaut())
    hopper = Image.open(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg").convert("RGB")
    scaled = [one.resize((round(one.width * height / one.height), height)) for one in (collins, hopper)]
    picture = np.hstack([np.asarray(one) for one in scaled])
    s = height / 384
    left = scaled[0].width
    boxes = [
        (round(12 * s), 0, round(282 * s), height),
        (left + round(10 * s), round(22 * s), scaled[1].width - round(12 * s), height - round(22 * s)),
    ]
    faces = [(round(173 * s), round(70 * s)), (left + round(167 * s), round(131 * s))]
    return GroupPhoto(picture, boxes, faces)


def drawn_people(
    count: int = 2, height: int = 96, width: int = 160, seed: int = 0
) -> tuple[NDArray[np.uint8], list[NDArray[np.float32]]]:
    """A picture of round, flat-coloured people with soft outlines on a smooth background, and their exact alphas."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    picture = np.stack([60 + 60 * y / height, 110 + 40 * x / width, 160 - 50 * y / height], axis=-1)
    alphas: list[NDArray[np.float32]] = []
    for number in range(count):
        centre = width * (number + 0.5) / count
        radius = 0.33 * min(height, width / count)
        distance = np.hypot(x - centre, y - height * 0.5)
        alpha = np.clip((radius - distance) / 4 + 0.5, 0, 1).astype(np.float32)
        colour = np.array([220, 60 + 90 * (number % 2), 40 + 30 * number], np.float32)
        picture = picture * (1 - alpha[..., None]) + colour * alpha[..., None]
        alphas.append(alpha)
    noisy = picture + rng.normal(0, 1.5, picture.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8), alphas


def save_masks(folder: Path, alphas: list[NDArray[np.float32]], grow: int = 0) -> None:
    """Rough masks of these alphas as 00.png, 01.png …; ``grow`` widens (or, negative, narrows) them by pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, alpha in enumerate(alphas):
        mask = (alpha >= 0.5).astype(np.uint8) * 255
        if grow:
            kernel = np.ones((2 * abs(grow) + 1,) * 2, np.uint8)
            mask = cv2.dilate(mask, kernel) if grow > 0 else cv2.erode(mask, kernel)
        Image.fromarray(mask).save(folder / f"{number:02}.png")


def opened(path: Path) -> Image.Image:
    """The picture in a file, read to the end, so that the file is closed."""
    with Image.open(path) as picture:
        picture.load()
        return picture
