"""Arrays to tensors and back: normalise, pad as the released inference does, crop."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

# ImageNet's mean and standard deviation, RGB.
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
MULTIPLE = 32
MARGIN = 32


def image_tensor(image: NDArray[np.uint8]) -> Tensor:
    """A padded, ImageNet-normalised picture: uint8 (h, w, 3) RGB to float32 [3, H, W]."""
    padded = pad(np.moveaxis(image, 2, 0)).astype(np.float32) / np.float32(255)
    return torch.from_numpy((padded - MEAN[:, None, None]) / STD[:, None, None])


def guidance_tensor(trimask: NDArray[np.float32]) -> Tensor:
    """A padded tri-mask: float32 (3, h, w) to [3, H, W]."""
    return torch.from_numpy(pad(trimask))


def pad(planes: NDArray[Any]) -> NDArray[Any]:
    """Planes (C, h, w) mirrored by 32 pixels on every side, and on at the right and bottom to a multiple of 32."""
    down, right = (MARGIN + -size % MULTIPLE for size in planes.shape[1:])
    return np.pad(planes, ((0, 0), (MARGIN, down), (MARGIN, right)), mode="reflect")


def cropped(planes: Tensor, height: int, width: int) -> NDArray[np.float32]:
    """The middle of padded planes [C, H, W]: a float32 array (C, height, width) of its own."""
    inner = planes[:, MARGIN : MARGIN + height, MARGIN : MARGIN + width]
    return np.ascontiguousarray(inner.float().cpu().numpy())
