"""Published weights of every layout, checked against their network and written as plain tensors (.safetensors)."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor, nn

from instmatt_app.engine.network.mask_rcnn import MaskRCNN, own_names
from instmatt_app.engine.recognisers.mask_rcnn import network_v2
from instmatt_app.engine.weights import (
    FIRST_KERNEL,
    LITE_FIRST_KERNEL,
    WeightsError,
    load_network,
    load_strictly,
    read_pickle,
    read_state,
)

# Older Detectron2 files carry constants of the network among the weights.
CONSTANTS = re.compile(r"pixel_(mean|std)|proposal_generator\.anchor_generator\.cell_anchors\.\d+")


def read_published(path: Path) -> dict[str, Tensor]:
    """The tensors of a .pkl, .pth or .safetensors file by name; WeightsError if it holds anything else."""
    if path.suffix.lower() != ".pkl":
        return read_state(path)
    tensors = {name: torch.from_numpy(array.copy()) for name, array in read_pickle(path).items()}
    return {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}


def kind_of(state: dict[str, Tensor]) -> str | None:
    """The catalogue's kind of network that weights belong to, by their names; None if it is none of them."""
    telling = {
        "backbone.bottom_up.stem.conv1.weight": "mask-rcnn-detectron2",
        "roi_heads.mask_predictor.mask_fcn_logits.weight": "mask-rcnn-torchvision",
        FIRST_KERNEL: "instmatt",
        LITE_FIRST_KERNEL: "instmatt",
    }
    return next((kind for key, kind in telling.items() if key in state), None)


def convert(source: Path, kind: str, target: Path) -> None:
    """Writes the weights of a published file as .safetensors, of which training's remains are left out.

    Raises:
        WeightsError: the file cannot be read, or does not fit a network of that kind to the last entry.
    """
    if kind == "instmatt":
        state = dict(load_network(source).state_dict())
    else:
        state = read_published(source)
        if kind == "mask-rcnn-detectron2":
            state = {name: tensor for name, tensor in state.items() if not CONSTANTS.fullmatch(name)}
            _check(MaskRCNN(), own_names(state), source.name)
        elif kind == "mask-rcnn-torchvision":
            _check(network_v2(), state, source.name)
        else:
            raise WeightsError(f"{source.name} is for a network that takes no published weights.")
    # Not save_file: that makes a file of its own, which nobody else on the computer may read.
    target.write_bytes(save({name: tensor.contiguous() for name, tensor in state.items()}))


def _check(network: nn.Module, state: dict[str, Tensor], name: str) -> None:
    load_strictly(network, state, name, "Mask R-CNN R50-FPN")
