"""The whole network: photo and tri-mask of one person to a tri-matte at three scales."""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from instmatt_app.core.rect import Rect
from instmatt_app.engine.network.aspp import ASPP
from instmatt_app.engine.network.decoder import Decoder
from instmatt_app.engine.network.encoder import Encoder
from instmatt_app.engine.network.refiner import Refiner

Activation = Literal["tanh", "softmax"]

# The embedding is 32 times smaller than the photo.
STRIDE = 32


class Prediction(NamedTuple):
    """Alphas in 0..1 as read off at strides 8, 4 and 1, all at full size, and the features for the refiner."""

    os8: Tensor  # [N, alpha_channels, H, W]
    os4: Tensor  # [N, alpha_channels, H, W]
    os1: Tensor  # [N, alpha_channels, H, W]
    feature: Tensor  # [N, 32, H, W]


class Coarse(NamedTuple):
    """The first stage: alphas as read off at stride 8, at full size, and the maps that the second goes on from."""

    os8: Tensor  # [N, alpha_channels, H, W], 0..1
    level8: Tensor  # the decoder's map, [N, 128, H/8, W/8]
    level4: Tensor  # the encoder's map, [N, 64, H/4, W/4]


class Fine(NamedTuple):
    """The second stage, in one window of the photo."""

    os4: Tensor  # [N, alpha_channels, h, w], 0..1
    os1: Tensor  # [N, alpha_channels, h, w], 0..1
    feature: Tensor  # [N, 32, h, w]


# What the second stage has to see around its window to be exact, at three steps of the way down to full size: each is
# as far as the convolutions from there on reach, rounded up to whole pixels of that level.
REACH = (40, 12, 4)


class InstMatt(nn.Module):
    """Encoder, pyramid pooling, decoder, and the refiner that joins several people afterwards.

    mask_channels 3 and alpha_channels 3: target, reference, background, as published. 1 and 1 is the network of Mask
    Guided Matting, which InstMatt grew from. The names of all modules are those of the released weights.

    Which activation weights were trained with cannot be seen from them; the released ones use tanh, by which the three
    alphas of a pixel are independent. Softmax makes them sum to one.
    """

    # How much larger a photo is given to it than it is; the released script enlarges nothing.
    enlarges = 1.0

    def __init__(
        self,
        mask_channels: int = 3,
        alpha_channels: int = 3,
        refiner: bool = True,
        activation: Activation = "tanh",
    ) -> None:
        super().__init__()
        if activation == "softmax" and alpha_channels == 1:
            raise ValueError("softmax over a single alpha would always be 1")
        self.activation = activation
        self.mask_channels = mask_channels
        self.encoder = Encoder(mask_channels)
        self.aspp = ASPP()
        self.decoder = Decoder(alpha_channels)
        self.refiner = Refiner() if refiner else None

    def forward(self, image: Tensor, guidance: Tensor) -> Prediction:
        """The tri-mattes of N people; every row of the batch is one person, matted alone.

        image: float32 [N, 3, H, W], RGB, ImageNet-normalised. guidance: float32 [N, mask_channels, H, W], 0..1 but for
        overlapping masks in published mode. H and W are multiples of 32, else ValueError.
        """
        if image.shape[-2] % STRIDE or image.shape[-1] % STRIDE:
            raise ValueError(f"height and width must be multiples of {STRIDE}, not {tuple(image.shape[-2:])}")
        features = self.encoder(torch.cat((image, guidance), dim=1))
        logits = self.decoder(self.aspp(features.embedding), features)
        return Prediction(self._alphas(logits.os8), self._alphas(logits.os4), self._alphas(logits.os1), logits.feature)

    def coarse(self, image: Tensor, guidance: Tensor) -> Coarse:
        """The first stage of :meth:`forward`, for the whole photo: three fifths of the work."""
        x2, x3, x4, embedding = self.encoder.trunk(self.encoder.stem(torch.cat((image, guidance), dim=1)))
        fea4, fea5 = self.encoder.shortcut[3](x3), self.encoder.shortcut[4](x4)
        level8, logits = self.decoder.coarse(self.aspp(embedding), fea5, fea4)
        return Coarse(self._alphas(logits), level8, x2)

    def fine(self, image: Tensor, guidance: Tensor, coarse: Coarse, window: Rect) -> Fine:
        """The second stage inside one window, the same as :meth:`forward` gives there.

        image and guidance are those of the whole photo. The window's edges are multiples of 8.
        """
        far, middle, near = (window.grow(reach).clip(image.shape[-1], image.shape[-2]) for reach in REACH)
        fea3 = self.encoder.shortcut[2](part(coarse.level4, far, 4))
        x, os4 = self.decoder.middle(part(coarse.level8, far, 8), fea3)
        os4 = part(os4, window, 1, far)
        inputs = torch.cat((part(image, middle, 1), part(guidance, middle, 1)), dim=1)
        x = self.decoder.layer4(part(x, middle, 4, far)) + self.encoder.shortcut[1](self.encoder.stem(inputs))
        fea1 = self.encoder.shortcut[0](part(inputs, near, 1, middle))
        feature = self.decoder.finest(part(x, near, 2, middle), fea1)
        os1 = part(self.decoder.refine_OS1(feature), window, 1, near)
        return Fine(self._alphas(os4), self._alphas(os1), part(feature, window, 1, near))

    def _alphas(self, logits: Tensor) -> Tensor:
        # In half precision alphas near 1 would be 1, and no gradient could move them.
        logits = logits.float()
        if self.activation == "softmax":
            return torch.softmax(logits, dim=1)
        return (torch.tanh(logits) + 1) / 2


def part(planes: Tensor, window: Rect, stride: int, of: Rect | None = None) -> Tensor:
    """What planes, at this stride, have of a window; they show the whole photo, or the rectangle `of`."""
    left, top = (of.left, of.top) if of is not None else (0, 0)
    rows = slice((window.top - top) // stride, (window.bottom - top) // stride)
    columns = slice((window.left - left) // stride, (window.right - left) // stride)
    return planes[:, :, rows, columns]
