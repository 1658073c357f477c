"""What training needs and use does not, taken out of a network: norms become part of kernels."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from instmatt_app.engine.network.spectral_norm import fold_spectral_norm

Network = TypeVar("Network", bound=nn.Module)
Convolution = nn.Conv2d | nn.ConvTranspose2d


def fold(network: Network) -> Network:
    """The same network, changed in place to plain convolutions: less work per forward.

    For use, not for training. Spectral norms are folded to the bit. Then every batch norm that directly follows a
    convolution goes into its kernel and bias, which moves results by rounding only: neighbours in an
    ``nn.Sequential``, and the pairs that a module names in its ``NORMALISED`` attribute as (convolution, batch norm).
    """
    fold_spectral_norm(network)
    for module in list(network.modules()):
        pairs = list(getattr(module, "NORMALISED", ()))
        if isinstance(module, nn.Sequential):
            pairs += pairwise(name for name, _ in module.named_children())
        for first, second in pairs:
            convolution, norm = module.get_submodule(first), module.get_submodule(second)
            if isinstance(convolution, Convolution) and isinstance(norm, nn.BatchNorm2d):
                transposed = isinstance(convolution, nn.ConvTranspose2d)
                setattr(module, first, fuse_conv_bn_eval(convolution.eval(), norm.eval(), transposed))
                setattr(module, second, nn.Identity())
    return network.requires_grad_(False)
