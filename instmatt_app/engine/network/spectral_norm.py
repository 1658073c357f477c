"""Convolutions whose kernel is divided by an estimate of its largest singular value."""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Network = TypeVar("Network", bound=nn.Module)

# Keeps a zero vector from being divided by its length.
TINY = 1e-12


def _unit(vector: Tensor) -> Tensor:
    """The vector at length one."""
    length: Tensor = torch.linalg.vector_norm(vector)
    return vector / (length + TINY)


class SpectralNormConv(nn.Module):
    """A convolution without bias, applied with ``weight_bar / sigma`` as its kernel.

    ``sigma = u · M v`` with M the kernel flattened to one row per entry of its first axis (for a transposed convolution
    that axis is the *input* channels) and u, v kept unit vectors. In training every forward first takes one step of the
    power iteration, which turns u and v towards the largest singular value; outside training they stay as stored.

    torch's own spectral norm names its entries differently; released weights need ``module.weight_u``,
    ``module.weight_v`` and ``module.weight_bar``, in this order.
    """

    def __init__(self, conv: nn.Conv2d | nn.ConvTranspose2d) -> None:
        super().__init__()
        kernel = conv.weight.detach()
        del conv.weight
        matrix = kernel.flatten(1)
        for name, size in (("weight_u", matrix.shape[0]), ("weight_v", matrix.shape[1])):
            conv.register_parameter(name, nn.Parameter(_unit(torch.randn(size)), requires_grad=False))
        conv.register_parameter("weight_bar", nn.Parameter(kernel))
        self.module = conv

    def kernel(self) -> Tensor:
        """The kernel in use, ``weight_bar / sigma``; a gradient reaches weight_bar both directly and through sigma."""
        bar = self.module.get_parameter("weight_bar")
        u, v = self.module.get_parameter("weight_u"), self.module.get_parameter("weight_v")
        matrix = bar.flatten(1)
        if self.training:
            with torch.no_grad():
                v.copy_(_unit(matrix.t() @ u))
                u.copy_(_unit(matrix @ v))
            # Copies, because the next forward writes u and v anew, perhaps before this one's gradient is taken.
            return bar / torch.dot(u.clone(), matrix @ v.clone())
        return bar / torch.dot(u, matrix @ v)

    def forward(self, x: Tensor) -> Tensor:
        """What the convolution makes of x, float32 [N, C, H, W]."""
        conv = self.module
        if isinstance(conv, nn.ConvTranspose2d):
            assert isinstance(conv.padding, tuple), "padding by name is for plain convolutions only"
            return F.conv_transpose2d(x, self.kernel(), None, conv.stride, conv.padding)
        return F.conv2d(x, self.kernel(), None, conv.stride, conv.padding)


def fold_spectral_norm(network: Network) -> Network:
    """The same network, changed in place to plain convolutions: same numbers to the bit, less work per forward.

    For use, not for training: the division by sigma is done once, and u, v and the undivided kernel are gone.
    """
    wrapped = [
        (parent, name, child)
        for parent in network.modules()
        for name, child in parent.named_children()
        if isinstance(child, SpectralNormConv)
    ]
    for parent, name, child in wrapped:
        child.eval()
        kernel = child.kernel().detach()
        conv = child.module
        for entry in ("weight_u", "weight_v", "weight_bar"):
            delattr(conv, entry)
        conv.weight = nn.Parameter(kernel, requires_grad=False)
        setattr(parent, name, conv)
    return network
