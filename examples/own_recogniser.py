"""A recogniser of your own: anything with a name and a `find` that gives a mask for each person.

python examples/own_recogniser.py resources/samples/group.jpg layers
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import instmatt_app as im
from instmatt_app.core.interfaces import Detection, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane


class SideBySide:
    """Takes it that so many people stand beside each other: an ellipse for each. Put your network here."""

    name = "side by side"

    def __init__(self, count: int) -> None:
        self._count = count

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        rows, columns = np.mgrid[: photo.height, : photo.width]
        width = photo.width / self._count
        found = []
        for number in range(self._count):
            step(number, self._count, "looking for people")  # reports progress, and raises if the run is cancelled
            middle = (number + 0.5) * width
            distance = ((columns - middle) / (0.4 * width)) ** 2 + (rows / photo.height - 0.6) ** 2 / 0.2
            mask = np.where(distance < 1, 255, 0).astype(np.uint8)  # at the photo's size, 0..255
            plane = TilePlane.of(mask)  # keeps little more than the outline
            found.append(Detection(plane, 0.9, plane.box))
        return found


def main(photo: Path, folder: Path) -> list[Path]:
    result = im.matte(photo, finder=SideBySide(2))
    return result.save(folder, layers="alpha")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
