"""InstMattLite: the method of the paper on a light trunk, for the weights that ship with the program.

What goes in and comes out, and the multi-instance refiner, are those of :class:`InstMatt`. A MobileNetV2 with
ImageNet's start sees the photo at half its size — a quarter of the work, and twice the sight — and a narrow pyramid
decodes it; what is finer than that comes from two shallow shortcuts. Convolutions at full size cost most, hence only 16
channels there.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from instmatt_app.core.rect import Rect
from instmatt_app.engine.network.instmatt import STRIDE, Coarse, Fine, Prediction, part
from instmatt_app.engine.network.mobilenet import WIDTHS, MobileNetV2
from instmatt_app.engine.network.refiner import Refiner

# Channels of the decoder at 1/64, 1/32, 1/16, 1/8, 1/4, 1/2, and of the features for the refiner.
CONTEXT, OS32, OS16, OS8, OS4, OS2, FEATURE = 160, 128, 96, 80, 64, 32, 16
# A short training leaves traces of everybody everywhere; in use, alphas nearer to 0 or 1 than this are 0 or 1.
HAZE = 0.025
# The half-size photo must be a multiple of the stride, too.
HALVED = 2 * STRIDE
# What the second stage has to see around its window, as in instmatt.py.
REACH = (48, 20, 6)
# What the interface is given is normalised by ImageNet's mean and deviation; the trunk wants -1..1.
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _convolution(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    padding = dilation * (kernel // 2)
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.LeakyReLU(0.1, inplace=True))


class _Residual(nn.Module):
    """Two convolutions beside the identity, which is all that an untrained one is."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _convolution(width, width)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        nn.init.zeros_(self.norm.weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(x + self.norm(self.second(self.first(x))), 0.1, inplace=True)


def _head(inputs: int, alphas: int) -> nn.Sequential:
    return nn.Sequential(*_convolution(inputs, 2 * FEATURE), nn.Conv2d(2 * FEATURE, alphas, 3, padding=1))


class InstMattLite(nn.Module):
    """MobileNetV2, context, pyramid decoder with heads at stride 8, 4 and 1; and the refiner.

    ``mask_channels`` and ``alpha_channels`` as in :class:`InstMatt`. Alphas are tanh's, each for itself.
    """

    mean: Tensor
    std: Tensor
    # How much larger a photo is given to it, where the working size allows: with 16 channels at full size it draws hair
    # the better, the more pixels a strand has (docs/model-card.md; 1.75 is no better than 1.5).
    enlarges = 1.5

    def __init__(self, mask_channels: int = 3, alpha_channels: int = 3, refiner: bool = True) -> None:
        super().__init__()
        self.mask_channels = mask_channels
        at4, at8, at16, at32, at64 = WIDTHS  # of the half-size photo 1/2 to 1/32
        self.trunk = MobileNetV2(3 + mask_channels, folded=True)
        self.context = _convolution(at64, CONTEXT, 1)
        self.wide = nn.ModuleList(_convolution(CONTEXT, CONTEXT // 4, 3, 1, dilation) for dilation in (1, 2, 4))
        self.whole = nn.Conv2d(CONTEXT, CONTEXT // 4, 1)
        self.level32 = _convolution(CONTEXT + at32, OS32)
        self.level16 = _convolution(OS32 + at16, OS16)
        self.level8 = _convolution(OS16 + at8, OS8)
        self.level4 = _convolution(OS8 + at4, OS4)
        self.shortcut2 = _convolution(3 + mask_channels, 24, 3, 2)
        self.level2 = _convolution(OS4 + 24, OS2)
        # Whose a pixel is shows in how it differs from sure ones a few pixels away: depth at 1/8 to 1/1 pays most, and
        # from 1/4 on it costs little in use, where only windows over the unknown area are computed.
        self.more8 = _Residual(OS8)
        self.more4 = nn.Sequential(_Residual(OS4), _Residual(OS4))
        self.more2 = nn.Sequential(_Residual(OS2), _Residual(OS2))
        self.enlarge = nn.Conv2d(OS2, 4 * FEATURE, 1)
        self.shortcut1 = _convolution(3 + mask_channels, FEATURE)
        self.level1 = _convolution(FEATURE, FEATURE)
        self.more1 = _Residual(FEATURE)
        self.head8, self.head4 = _head(OS8, alpha_channels), _head(OS4, alpha_channels)
        self.head1 = nn.Conv2d(FEATURE, alpha_channels, 3, padding=1)
        self.refiner = Refiner(FEATURE, residual=True) if refiner else None
        self.register_buffer("mean", torch.tensor(_MEAN).view(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(_STD).view(3, 1, 1), persistent=False)

    def forward(self, image: Tensor, guidance: Tensor) -> Prediction:
        """The tri-mattes of N people; see :meth:`InstMatt.forward`."""
        coarse = self.coarse(image, guidance)
        fine = self.fine(image, guidance, coarse, Rect(0, 0, image.shape[-1], image.shape[-2]))
        return Prediction(coarse.os8, *fine)

    def coarse(self, image: Tensor, guidance: Tensor) -> Coarse:
        """The first stage of :meth:`forward`, for the whole photo; see :meth:`InstMatt.coarse`.

        The maps are those of the photo continued to multiples of 64.
        """
        height, width = image.shape[-2:]
        if height % STRIDE or width % STRIDE:
            raise ValueError(f"height and width must be multiples of {STRIDE}, not {(height, width)}")
        x = self._input(image, guidance, Rect(0, 0, width + width % HALVED, height + height % HALVED))
        at4, at8, at16, at32, at64 = self.trunk(F.avg_pool2d(x, 2))
        context = self.context(at64)
        everywhere = F.relu(self.whole(context.mean((2, 3), keepdim=True))).expand(-1, -1, *context.shape[2:])
        context = torch.cat([branch(context) for branch in self.wide] + [everywhere], 1)
        level16 = self.level16(_joined(self.level32(_joined(context, at32)), at16))
        level8 = self.more8(self.level8(_joined(level16, at8)))
        os8 = self._alphas(_enlarged(self.head8(level8), 8))
        return Coarse(os8[..., :height, :width], level8, at4)

    def fine(self, image: Tensor, guidance: Tensor, coarse: Coarse, window: Rect) -> Fine:
        """The second stage inside one window; see :meth:`InstMatt.fine`."""
        height, width = (8 * size for size in coarse.level8.shape[-2:])
        far, middle, near = (window.grow(reach).clip(width, height) for reach in REACH)
        level4 = self.more4(self.level4(_joined(part(coarse.level8, far, 8), part(coarse.level4, far, 4))))
        os4 = part(_enlarged(self.head4(level4), 4), window, 1, far)
        x = self._input(image, guidance, middle)
        level2 = self.more2(self.level2(_joined(part(level4, middle, 4, far), self.shortcut2(x))))
        sketch = F.pixel_shuffle(self.enlarge(part(level2, near, 2, middle)), 2)
        feature = self.more1(self.level1(sketch + self.shortcut1(part(x, near, 1, middle))))
        os1 = part(self.head1(feature), window, 1, near)
        return Fine(self._alphas(os4), self._alphas(os1), part(feature, window, 1, near))

    def _input(self, image: Tensor, guidance: Tensor, window: Rect) -> Tensor:
        """What the convolutions see of a window, which may reach beyond the photo's right and lower edge."""
        height, width = image.shape[-2:]
        inside = window.clip(width, height)
        colours = part(image, inside, 1) * self.std + self.mean
        x = torch.cat((colours * 2 - 1, part(guidance, inside, 1)), dim=1)
        if inside == window:
            return x
        return F.pad(x, (0, window.right - inside.right, 0, window.bottom - inside.bottom), mode="replicate")

    def _alphas(self, logits: Tensor) -> Tensor:
        # (tanh(x) + 1) / 2, in one operation; in half precision alphas near 1 would be 1, and nothing could move them.
        alphas = torch.sigmoid(2 * logits.float())
        return alphas if self.training else ((alphas - HAZE) / (1 - 2 * HAZE)).clamp(0, 1)


def _joined(coarse: Tensor, fine: Tensor) -> Tensor:
    return torch.cat([_enlarged(coarse, 2), fine], 1)


def _enlarged(planes: Tensor, by: int) -> Tensor:
    return F.interpolate(planes, scale_factor=float(by), mode="bilinear", align_corners=False)
