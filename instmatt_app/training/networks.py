"""Networks to be trained: built by name, initialised, and begun with weights that exist already."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from instmatt_app.engine.network.encoder import ResidualBlock
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.engine.network.lite import InstMattLite
from instmatt_app.engine.network.mobilenet import MobileNetV2
from instmatt_app.engine.weights import WeightsError, read_state
from instmatt_app.training.checkpoint import read_checkpoint, weights_for_use

Network = InstMatt | InstMattLite
Name = Literal["published", "lite", "mgm"]


def build(name: Name, refiner: bool) -> Network:
    """The network, from random weights drawn from torch's generator; "mgm" has no refiner."""
    if name == "lite":
        light = InstMattLite(refiner=refiner)
        _initialise_trunk(light.trunk)
        return light
    network = InstMatt(3, 3, refiner) if name == "published" else InstMatt(1, 1, refiner=False)
    initialise(network)
    return network


def initialise(network: InstMatt) -> None:
    """The published start: Xavier's for plain kernels of encoder and decoder; blocks and masks begin without effect."""
    with torch.no_grad():
        for part in (network.encoder, network.decoder):
            for module in part.modules():
                if isinstance(module, nn.Conv2d):
                    kernel = module._parameters.get("weight_bar")
                    nn.init.xavier_uniform_(module.weight if kernel is None else kernel)
        for module in network.modules():
            if isinstance(module, ResidualBlock):
                nn.init.zeros_(module.bn2.weight)
        first = network.encoder.conv1.module.get_parameter("weight_bar")
        first[:, 3:] = 0


def _initialise_trunk(trunk: MobileNetV2) -> None:
    """He's start: without normalisations, torch's own would let the photo fade away from layer to layer."""
    for module in trunk.modules():
        for layer in module.children():
            if isinstance(layer, nn.Conv2d):
                # The last convolution of a block has no ReLU behind it.
                followed = any(isinstance(sibling, nn.ReLU6) for sibling in module.children())
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu" if followed else "linear")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)


def start_from(network: Network, path: Path) -> None:
    """Begins with a checkpoint or other weights, which may lack the refiner.

    Raises WeightsError if they do not fit, RunError for a .pt file that is no checkpoint of a training.
    """
    state = weights_for_use(read_checkpoint(path)) if path.suffix == ".pt" else read_state(path)
    _load(network, state, path.name, may_lack="refiner.")


def start_trunk_from(network: Network, path: Path, statistics: Path | None = None) -> None:
    """Begins the encoder with an ImageNet classifier's weights; input channels that it has not begin at zero.

    For the light network MobileNetV2's with torchvision's names, for the published one an encoder's with our names
    (``encoder.*`` or without that). Raises WeightsError if they do not fit.
    """
    state = read_state(path)
    if isinstance(network, InstMattLite):
        try:
            network.trunk.start_from(state, None if statistics is None else read_state(statistics))
        except (KeyError, RuntimeError) as error:
            raise WeightsError(f"{path.name} does not hold the weights of a MobileNetV2.") from error
        return
    state = {key.removeprefix("encoder."): value for key, value in state.items()}
    own = network.encoder.state_dict()
    for key in ("conv1.module.weight_bar", "conv1.module.weight_v", "shortcut.0.0.module.weight_bar"):
        if key in state and state[key].shape != own[key].shape:
            state[key] = _with_zeros(state[key], own[key])
    state = {key: value for key, value in state.items() if key in own}
    _load(network.encoder, {**own, **state} if len(state) > len(own) // 2 else state, path.name)


def _with_zeros(value: Tensor, like: Tensor) -> Tensor:
    """The kernel (or the vector of its spectral norm) of a layer with fewer inputs, filled up with zeros."""
    if value.ndim == 4 and value.shape[0] == like.shape[0] and value.shape[2:] == like.shape[2:]:
        filled = torch.zeros_like(like)
        filled[:, : value.shape[1]] = value
        return filled
    return torch.cat((value, value.new_zeros(max(0, like.numel() - value.numel())))) if value.ndim == 1 else value


def _load(module: nn.Module, state: dict[str, Tensor], name: str, may_lack: str | None = None) -> None:
    own = module.state_dict()
    lacking = [key for key in own if key not in state and not (may_lack and key.startswith(may_lack))]
    strange = [key for key in state if key not in own]
    wrong = [key for key, value in state.items() if key in own and value.shape != own[key].shape]
    if lacking or strange or wrong:
        raise WeightsError(f"{name} holds the weights of another network (see “{(wrong + strange + lacking)[0]}”).")
    module.load_state_dict(state, strict=False)
