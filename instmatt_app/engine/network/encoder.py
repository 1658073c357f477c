"""The encoder: a ResNet-D of 29 convolutions with a shortcut to the decoder at every scale (supplementary, Fig. 1)."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from instmatt_app.engine.network.spectral_norm import SpectralNormConv


def conv3x3(inputs: int, outputs: int, stride: int = 1) -> SpectralNormConv:
    """A spectrally normalised 3×3 convolution that keeps the size, or halves it with stride 2."""
    return SpectralNormConv(nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False))


def conv1x1(inputs: int, outputs: int) -> SpectralNormConv:
    """A spectrally normalised 1×1 convolution."""
    return SpectralNormConv(nn.Conv2d(inputs, outputs, 1, bias=False))


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions around an identity; stride 2 averages the identity down and mixes it to the new width."""

    NORMALISED = (("conv1", "bn1"), ("conv2", "bn2"))

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = conv3x3(inputs, outputs, stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv3x3(outputs, outputs)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample: nn.Module = nn.Identity()
        if stride == 2:
            self.downsample = nn.Sequential(nn.AvgPool2d(2, 2), conv1x1(inputs, outputs), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """[N, inputs, H, W] to [N, outputs, H / stride, W / stride]."""
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += self.downsample(x)
        out: Tensor = self.relu(y)
        return out


def residual_layer(blocks: int, inputs: int, outputs: int, stride: int) -> nn.Sequential:
    """Blocks in a row; the first one changes width and size."""
    first = ResidualBlock(inputs, outputs, stride)
    return nn.Sequential(first, *(ResidualBlock(outputs, outputs, 1) for _ in range(blocks - 1)))


def shortcut(inputs: int, outputs: int) -> nn.Sequential:
    """What the decoder is given of one scale. As published, each ReLU comes *before* its normalisation."""
    return nn.Sequential(
        conv3x3(inputs, outputs),
        nn.ReLU(inplace=True),
        nn.BatchNorm2d(outputs),
        conv3x3(outputs, outputs),
        nn.ReLU(inplace=True),
        nn.BatchNorm2d(outputs),
    )


class Features(NamedTuple):
    """What the encoder hands on: the shortcuts from full size to 1/16, and the embedding at 1/32."""

    fea1: Tensor  # [N, 32, H, W]
    fea2: Tensor  # [N, 32, H/2, W/2]
    fea3: Tensor  # [N, 64, H/4, W/4]
    fea4: Tensor  # [N, 128, H/8, W/8]
    fea5: Tensor  # [N, 256, H/16, W/16]
    embedding: Tensor  # [N, 512, H/32, W/32]


class Encoder(nn.Module):
    """Photo and guidance to features at six scales."""

    NORMALISED = (("conv1", "bn1"), ("conv2", "bn2"), ("conv3", "bn3"))

    def __init__(self, mask_channels: int = 3) -> None:
        super().__init__()
        inputs = 3 + mask_channels
        self.conv1 = conv3x3(inputs, 32, stride=2)
        self.conv2 = conv3x3(32, 32)
        self.conv3 = conv3x3(32, 64, stride=2)
        self.bn1 = nn.BatchNorm2d(32)
        self.bn2 = nn.BatchNorm2d(32)
        self.bn3 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.layer1 = residual_layer(3, 64, 64, stride=1)
        self.layer2 = residual_layer(4, 64, 128, stride=2)
        self.layer3 = residual_layer(4, 128, 256, stride=2)
        self.layer_bottleneck = residual_layer(2, 256, 512, stride=2)
        widths = ((inputs, 32), (32, 32), (64, 64), (128, 128), (256, 256))
        self.shortcut = nn.ModuleList(shortcut(narrow, wide) for narrow, wide in widths)

    def forward(self, x: Tensor) -> Features:
        """x: float32 [N, 3 + mask_channels, H, W], normalised photo then guidance; H and W multiples of 32."""
        x1 = self.stem(x)
        x2, x3, x4, embedding = self.trunk(x1)
        fea1, fea2, fea3, fea4, fea5 = (
            branch(scale) for branch, scale in zip(self.shortcut, (x, x1, x2, x3, x4), strict=True)
        )
        return Features(fea1, fea2, fea3, fea4, fea5, embedding)

    def stem(self, x: Tensor) -> Tensor:
        """The first two convolutions: [N, 3 + mask_channels, H, W] to [N, 32, H/2, W/2]."""
        x1 = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(x1)))  # type: ignore[no-any-return]

    def trunk(self, x1: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What follows the stem: the maps at 1/4, 1/8 and 1/16, of 64, 128 and 256 channels, and the embedding."""
        x2 = self.layer1(self.relu(self.bn3(self.conv3(x1))))
        x3 = self.layer2(x2)
        x4 = self.layer3(x3)
        return x2, x3, x4, self.layer_bottleneck(x4)
