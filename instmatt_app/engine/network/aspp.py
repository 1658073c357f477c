"""Atrous spatial pyramid pooling: the embedding seen at five reaches, from one pixel to the whole photo."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def dilated(reach: int) -> nn.Conv2d:
    """A 3×3 convolution 512 → 256 whose taps lie `reach` pixels apart; keeps the size."""
    return nn.Conv2d(512, 256, 3, padding=reach, dilation=reach, bias=False)


class ASPP(nn.Module):
    """Five views of the embedding, joined and mixed back to its own width."""

    NORMALISED = (*((f"aspp{view}", f"aspp{view}_bn") for view in range(1, 6)), ("conv2", "bn2"))

    def __init__(self) -> None:
        super().__init__()
        self.aspp1 = nn.Conv2d(512, 256, 1, bias=False)
        self.aspp2 = dilated(2)
        self.aspp3 = dilated(4)
        self.aspp4 = dilated(8)
        self.aspp5 = nn.Conv2d(512, 256, 1, bias=False)
        self.aspp1_bn = nn.BatchNorm2d(256)
        self.aspp2_bn = nn.BatchNorm2d(256)
        self.aspp3_bn = nn.BatchNorm2d(256)
        self.aspp4_bn = nn.BatchNorm2d(256)
        self.aspp5_bn = nn.BatchNorm2d(256)
        self.conv2 = nn.Conv2d(5 * 256, 512, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(512)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, embedding: Tensor) -> Tensor:
        """[N, 512, h, w] to the same shape."""
        near = self.relu(self.aspp1_bn(self.aspp1(embedding)))
        reach2 = self.relu(self.aspp2_bn(self.aspp2(embedding)))
        reach4 = self.relu(self.aspp3_bn(self.aspp3(embedding)))
        reach8 = self.relu(self.aspp4_bn(self.aspp4(embedding)))
        whole = self.relu(self.aspp5_bn(self.aspp5(F.adaptive_avg_pool2d(embedding, 1)))).expand_as(near)
        views = torch.cat((near, reach2, reach4, reach8, whole), dim=1)
        out: Tensor = self.relu(self.bn2(self.conv2(views)))
        return out
