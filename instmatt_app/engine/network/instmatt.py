"""The whole network: photo and tri-mask of one person to a tri-matte at three scales."""

from __future__ import annotations

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

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


class InstMatt(nn.Module):
    """Encoder, pyramid pooling, decoder, and the refiner that joins several people afterwards.

    mask_channels 3 and alpha_channels 3: target, reference, background, as published. 1 and 1 is the network of Mask
    Guided Matting, which InstMatt grew from. The names of all modules are those of the released weights.

    Which activation weights were trained with cannot be seen from them; the released ones use tanh, by which the three
    alphas of a pixel are independent. Softmax makes them sum to one.
    """

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

    def _alphas(self, logits: Tensor) -> Tensor:
        # In half precision alphas near 1 would be 1, and no gradient could move them.
        logits = logits.float()
        if self.activation == "softmax":
            return torch.softmax(logits, dim=1)
        return (torch.tanh(logits) + 1) / 2
