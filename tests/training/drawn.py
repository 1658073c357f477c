"""A source of drawn people: soft discs on stripes, with exact alphas that may overlap."""

from __future__ import annotations

import cv2
import numpy as np

from instmatt_app.training.composition.record import Composition


class DrawnPeople:
    """Compositions of one to four discs; ``hard`` ones have masks for alphas and an area to ignore."""

    def __init__(self, hard: bool = False) -> None:
        self.hard = hard

    def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> Composition:
        height, width = size
        y, x = np.mgrid[:height, :width].astype(np.float32)
        count = int(rng.integers(1, 5))
        free = np.ones(size, np.float32)
        alphas = []
        for _ in range(count):
            centre_y, centre_x = rng.uniform(0.2, 0.8, 2) * size
            radius = rng.uniform(0.12, 0.25) * min(size)
            soft = np.clip((radius - np.hypot(y - centre_y, x - centre_x)) / 4 + 0.5, 0, 1).astype(np.float32)
            if self.hard:
                soft = (soft >= 0.5).astype(np.float32)
            alphas.append(soft * free)
            free = free - alphas[-1]
        stripes = (128 + 60 * np.sin(x / rng.uniform(2, 9)))[..., None].repeat(3, axis=2)
        background = stripes.clip(0, 255).astype(np.uint8)
        colours = np.stack([np.full((*size, 3), rng.integers(0, 256, 3), np.uint8) for _ in alphas])
        layers = np.stack(alphas)
        photo = free[..., None] * background + (layers[..., None] * colours).sum(axis=0)
        masks = np.stack([cv2.dilate((alpha > 0.5).astype(np.uint8) * 255, np.ones((3, 3))) for alpha in alphas])
        ignore = np.zeros(size, np.uint8)
        ignore[: height // 8] = 255
        return Composition(
            photo=photo.round().clip(0, 255).astype(np.uint8),
            alphas=layers,
            foregrounds=colours,
            background=background,
            masks=masks,
            exact=np.full(count, not self.hard),
            ignore=ignore if self.hard else None,
        )
