"""Makes the sample photo and the README's picture from two public-domain portraits: python docs/make_pictures.py

Eileen Collins comes with scikit-image, Grace Hopper with matplotlib (both are in the `test` extra). The picture shows
what the command in the README writes, nothing retouched.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from photos import group_photo  # noqa: E402

import instmatt_app as im  # noqa: E402
from instmatt_app.core.composite import checkerboard, over  # noqa: E402

SAMPLE = ROOT / "resources" / "samples" / "group.jpg"
PICTURE = ROOT / "docs" / "pictures" / "layers.jpg"


def main() -> None:
    """Write both pictures."""
    group = group_photo(600)
    Image.fromarray(group.pixels).save(SAMPLE, quality=90)
    result = im.matte(SAMPLE)
    height, width = group.pixels.shape[:2]
    layers = []
    for person in range(len(result.people)):
        colours, alpha = result.cutout(person)
        grey = np.repeat(np.rint(alpha * 255).astype(np.uint8)[..., None], 3, axis=2)
        layers.append(np.hstack([grey, over(colours, alpha, checkerboard(height, width, 20))]))
    # The photo is shown as large as two layers beside each other.
    photo = cv2.resize(result.photo.pixels, (2 * width, 2 * height), interpolation=cv2.INTER_CUBIC)
    sheet = np.vstack([photo, *layers])
    small = cv2.resize(sheet, (1200, 1200 * sheet.shape[0] // sheet.shape[1]), interpolation=cv2.INTER_AREA)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(small).save(PICTURE, quality=88)


if __name__ == "__main__":
    main()
