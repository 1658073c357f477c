"""Drawn cut-outs and backgrounds, small enough to compose with in a test."""

from pathlib import Path

import cv2
import numpy as np


def a_cut_out(colour: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A figure of head and trunk, straight BGRA uint8 (120, 60, 4), and its hair, uint8 (120, 60)."""
    alpha = np.zeros((120, 60), np.uint8)
    cv2.ellipse(alpha, (30, 24), (14, 18), 0, 0, 360, 255, -1, cv2.LINE_AA)
    cv2.rectangle(alpha, (12, 44), (48, 118), 255, -1)
    hair = np.zeros_like(alpha)
    hair[6:20, 16:44] = alpha[6:20, 16:44] // 128 * 255
    pixels = np.full((120, 60, 4), (*colour, 0), np.uint8)
    pixels[..., 3] = alpha
    return pixels, hair


def a_folder(folder: Path, people: int = 24) -> tuple[Path, Path]:
    """Folders of cut-outs and of backgrounds, enough for both splits."""
    cutouts, backgrounds = folder / "cutouts", folder / "backgrounds"
    cutouts.mkdir()
    backgrounds.mkdir()
    rng = np.random.default_rng(5)
    for number in range(people):
        pixels, hair = a_cut_out(tuple(int(level) for level in rng.integers(0, 256, 3)))
        cv2.imwrite(str(cutouts / f"drawn-{number:04}.png"), pixels)
        if number % 2:
            cv2.imwrite(str(cutouts / f"drawn-{number:04}-hair.png"), hair)
        cv2.imwrite(str(backgrounds / f"{number}.png"), rng.integers(0, 256, (90, 110, 3), np.uint8))
    return cutouts, backgrounds
