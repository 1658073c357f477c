"""The decoder: from the embedding back to full size, with alphas read off at strides 8, 4 and 1."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional as F

from instmatt_app.engine.network.encoder import Features, conv1x1, conv3x3
from instmatt_app.engine.network.spectral_norm import SpectralNormConv

# Slope of every leaky ReLU of decoder and heads on the negative side.
LEAK = 0.2


def enlarge(channels: int) -> SpectralNormConv:
    """A spectrally normalised transposed convolution that doubles the size."""
    return SpectralNormConv(nn.ConvTranspose2d(channels, channels, 4, stride=2, padding=1, bias=False))


class GrowingBlock(nn.Module):
    """Two convolutions around an identity; `doubles` makes the map twice as large and mixes it to the new width."""

    NORMALISED = (("conv1", "bn1"), ("conv2", "bn2"))

    def __init__(self, inputs: int, outputs: int, doubles: bool) -> None:
        super().__init__()
        self.conv1 = enlarge(inputs) if doubles else conv3x3(inputs, inputs)
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv2 = conv3x3(inputs, outputs)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.leaky_relu = nn.LeakyReLU(LEAK, inplace=True)
        self.upsample: nn.Module = nn.Identity()
        if doubles:
            nearest = nn.Upsample(scale_factor=2.0, mode="nearest")
            self.upsample = nn.Sequential(nearest, conv1x1(inputs, outputs), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """[N, inputs, h, w] to [N, outputs, h, w], or twice that size."""
        y = self.leaky_relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += self.upsample(x)
        out: Tensor = self.leaky_relu(y)
        return out


def growing_layer(blocks: int, inputs: int, outputs: int) -> nn.Sequential:
    """Blocks in a row; the first one doubles the size and changes the width."""
    first = GrowingBlock(inputs, outputs, doubles=True)
    return nn.Sequential(first, *(GrowingBlock(outputs, outputs, doubles=False) for _ in range(blocks - 1)))


def alpha_head(inputs: int, alpha_channels: int) -> nn.Sequential:
    """Reads the logits of the alphas off a feature map."""
    return nn.Sequential(
        nn.Conv2d(inputs, 32, 3, padding=1, bias=False),
        nn.BatchNorm2d(32),
        nn.LeakyReLU(LEAK, inplace=True),
        nn.Conv2d(32, alpha_channels, 3, padding=1),
    )


class Logits(NamedTuple):
    """What the decoder reads off: logits of the alphas, all at full size, and the features the refiner works on."""

    os8: Tensor  # [N, alpha_channels, H, W]
    os4: Tensor  # [N, alpha_channels, H, W]
    os1: Tensor  # [N, alpha_channels, H, W]
    feature: Tensor  # [N, 32, H, W]


class Decoder(nn.Module):
    """Embedding and shortcuts to alphas at three scales."""

    NORMALISED = (("conv1", "bn1"),)

    def __init__(self, alpha_channels: int = 3) -> None:
        super().__init__()
        self.conv1 = enlarge(32)
        self.bn1 = nn.BatchNorm2d(32)
        self.leaky_relu = nn.LeakyReLU(LEAK, inplace=True)
        self.layer1 = growing_layer(2, 512, 256)
        self.layer2 = growing_layer(3, 256, 128)
        self.layer3 = growing_layer(3, 128, 64)
        self.layer4 = growing_layer(2, 64, 32)
        self.refine_OS1 = alpha_head(32, alpha_channels)
        self.refine_OS4 = alpha_head(64, alpha_channels)
        self.refine_OS8 = alpha_head(128, alpha_channels)

    def forward(self, context: Tensor, features: Features) -> Logits:
        """context: the embedding after the pyramid pooling, [N, 512, H/32, W/32]."""
        x, os8 = self.coarse(context, features.fea5, features.fea4)
        x, os4 = self.middle(x, features.fea3)
        x = self.finest(self.layer4(x) + features.fea2, features.fea1)
        return Logits(os8, os4, self.refine_OS1(x), x)

    def coarse(self, context: Tensor, fea5: Tensor, fea4: Tensor) -> tuple[Tensor, Tensor]:
        """The map at 1/8, of 128 channels, and the logits read off it, at full size."""
        x = self.layer1(context) + fea5
        x = self.layer2(x) + fea4
        return x, F.interpolate(self.refine_OS8(x), scale_factor=8.0, mode="bilinear", align_corners=False)

    def middle(self, x: Tensor, fea3: Tensor) -> tuple[Tensor, Tensor]:
        """From the map at 1/8 to that at 1/4, of 64 channels, and the logits read off it, at full size."""
        x = self.layer3(x) + fea3
        return x, F.interpolate(self.refine_OS4(x), scale_factor=4.0, mode="bilinear", align_corners=False)

    def finest(self, x: Tensor, fea1: Tensor) -> Tensor:
        """From the map at 1/2 to the features at full size."""
        out: Tensor = self.leaky_relu(self.bn1(self.conv1(x))) + fea1
        return out
