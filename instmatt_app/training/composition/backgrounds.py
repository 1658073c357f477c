"""Backgrounds: pictures without people, cropped, softened and lit at random."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.training.composition.archive import Archive, DataError, held_out
from instmatt_app.training.composition.coco import CocoPeople

Bytes = NDArray[np.uint8]


class Backgrounds:
    """Pictures of folders and tar files, and the photos without people of a COCO set."""

    def __init__(self, sources: Sequence[Path], validation: bool, empty_of: CocoPeople | None = None) -> None:
        """Lists the pictures of the training or the validation split. Raises DataError if there is none."""
        self._archive = Archive(sources)
        self._people = empty_of
        # Frames of one video look alike and belong to one split: names without their last number.
        self._names = [
            name
            for name in self._archive.pictures
            if held_out(f"background/{name.rpartition('_')[0] or name}") == validation
        ]
        self._empty = [
            photo.id
            for photo in (empty_of.photos if empty_of else ())
            if not photo.annotations and photo.validation == validation
        ]
        if not len(self):
            raise DataError(f"There are no backgrounds of this split in {', '.join(map(str, sources))}.")

    def __len__(self) -> int:
        return len(self._names) + len(self._empty)

    def read(self, number: int) -> Bytes:
        """A picture, RGB uint8 (H, W, 3)."""
        if number < len(self._names):
            return self._archive.rgb(self._names[number])
        assert self._people is not None
        return self._people.read(self._empty[number - len(self._names)])

    def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> Bytes:
        """A random piece of a random picture at ``size`` (h, w), RGB uint8; sometimes out of focus, as in portraits."""
        picture = self.read(int(rng.integers(len(self))))
        height, width = picture.shape[:2]
        # The piece has the wanted shape and at least a third of the picture, so that it is not all blur.
        largest = min(height / size[0], width / size[1])
        scale = largest * float(rng.uniform(min(1.0, max(0.34, 0.5 / largest)), 1))
        rows, columns = max(1, int(size[0] * scale)), max(1, int(size[1] * scale))
        top, left = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
        piece = picture[top : top + rows, left : left + columns]
        how = cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC
        piece = np.asarray(cv2.resize(piece, size[::-1], interpolation=how), np.uint8)
        if rng.random() < 0.5:
            piece = piece[:, ::-1]
        if rng.random() < 0.45:
            piece = np.asarray(cv2.GaussianBlur(piece, (0, 0), max(size) * float(rng.uniform(0.002, 0.02))), np.uint8)
        return np.ascontiguousarray(piece)
