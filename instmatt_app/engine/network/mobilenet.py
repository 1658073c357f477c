"""MobileNetV2 (Sandler et al., CVPR 2018): the trunk of the small networks, with TensorFlow's padding.

The ImageNet weights at hand come from TensorFlow, which pads a stride-2 convolution at the bottom and right only; with
padding on all sides its filters would see the picture shifted by up to 31 pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# What goes in is RGB uint8 / 127.5 - 1, as the ImageNet weights expect.
# (expansion, outputs, repeats, stride) of the inverted residuals.
_BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
# The last block at every stride, and its width.
_LAST = {1: 16, 3: 24, 6: 32, 13: 96, 17: 320}
STRIDES = (2, 4, 8, 16, 32)
WIDTHS = tuple(_LAST.values())
EPSILON = 1e-5  # of BatchNorm, torch's default
_NORM = ("weight", "bias", "running_mean", "running_var")


class _Conv(nn.Conv2d):
    """A convolution that, with stride 2, is padded at the bottom and right only."""

    def forward(self, input: Tensor) -> Tensor:
        """[N, C, H, W], H and W even where the stride is 2."""
        if self.stride[0] == 1:
            return super().forward(input)
        # Half precision is slow here: on the CPU its way back through a strided depthwise convolution costs 30 times as
        # much, and these few convolutions would be a third of a training step.
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(F.pad(input.float(), (0, 1, 0, 1)))


def _unit(
    inputs: int, outputs: int, kernel: int, stride: int, groups: int, folded: bool, last: bool
) -> list[nn.Module]:
    padding = kernel // 2 if stride == 1 else 0
    unit: list[nn.Module] = [_Conv(inputs, outputs, kernel, stride, padding, groups=groups, bias=folded)]
    unit.append(nn.Identity() if folded else nn.BatchNorm2d(outputs))
    return unit if last else [nn.Sequential(*unit, nn.ReLU6())]


class _InvertedResidual(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int, folded: bool) -> None:
        super().__init__()
        hidden = inputs * expansion
        widen = _unit(inputs, hidden, 1, 1, 1, folded, False) if expansion > 1 else []
        filtered = _unit(hidden, hidden, 3, stride, hidden, folded, False)
        self.conv = nn.Sequential(*widen, *filtered, *_unit(hidden, outputs, 1, 1, 1, folded, True))
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x)
        return x + y if self.residual else y


class MobileNetV2(nn.Module):
    """The trunk up to 1/32, with torchvision's names (``features.*``); its last 1280-channel layer is left out.

    ``channels`` beyond three are further planes beside RGB. ``folded``: convolutions have a bias and no BatchNorm
    follows, which computes the same as BatchNorm in evaluation mode and costs less.
    """

    def __init__(self, channels: int = 3, folded: bool = False) -> None:
        super().__init__()
        self.folded = folded
        blocks: list[nn.Module] = _unit(channels, 32, 3, 2, 1, folded, False)
        width = 32
        for expansion, outputs, repeats, stride in _BLOCKS:
            for number in range(repeats):
                blocks.append(_InvertedResidual(width, outputs, stride if number == 0 else 1, expansion, folded))
                width = outputs
        self.features = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> list[Tensor]:
        """x: float32 [N, channels, H, W], -1..1, H and W multiples of 32; features at STRIDES, of WIDTHS channels."""
        taps = []
        for number, block in enumerate(self.features):
            x = block(x)
            if number in _LAST:
                taps.append(x)
        return taps

    def start_from(self, weights: Mapping[str, Tensor], statistics: Mapping[str, Tensor] | None = None) -> None:
        """Take over weights with torchvision's names; further input channels begin at zero.

        ``statistics`` (NAME.mean and NAME.var of what goes into each BatchNorm) undo a folding. Where weights have
        their BatchNorm folded into the convolution, normalising by a batch's own statistics in training destroys what
        the network learnt; with statistics it computes the same function, in training nearly so. Raises KeyError for
        an entry that is missing.
        """
        state = {}
        convolutions = [name for name, layer in self.named_modules() if isinstance(layer, _Conv)]
        for name in convolutions:
            before, _, number = name.rpartition(".")
            norm = f"{before}.{int(number) + 1}"
            kernel, entry = weights[f"{name}.weight"], {key: weights[f"{norm}.{key}"] for key in _NORM}
            if self.folded:
                gain = entry["weight"] / (entry["running_var"] + EPSILON).sqrt()
                kernel = kernel * gain[:, None, None, None]
                state[f"{name}.bias"] = entry["bias"] - entry["running_mean"] * gain
            else:
                if statistics is not None:
                    entry = _unfolded(entry, statistics[f"{norm}.mean"], statistics[f"{norm}.var"])
                state |= {f"{norm}.{key}": tensor for key, tensor in entry.items()}
                state[f"{norm}.num_batches_tracked"] = torch.zeros((), dtype=torch.int64)
            more = cast(_Conv, self.get_submodule(name)).weight.shape[1] - kernel.shape[1]
            state[f"{name}.weight"] = F.pad(kernel, (0, 0, 0, 0, 0, more))
        self.load_state_dict(state)


def _unfolded(entry: dict[str, Tensor], mean: Tensor, variance: Tensor) -> dict[str, Tensor]:
    """The same function in evaluation mode, now normalising by the given statistics."""
    gain = entry["weight"] / (entry["running_var"] + EPSILON).sqrt()
    return {
        "weight": gain * (variance + EPSILON).sqrt(),
        "bias": entry["bias"] + gain * (mean - entry["running_mean"]),
        "running_mean": mean,
        "running_var": variance,
    }
