"""Checkpoints: all of a run in one file, written beside and swapped; weights for use as .safetensors."""

from __future__ import annotations

import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor

from instmatt_app.files.atomic import write_beside

FORMAT = 1
LAST, BEST = "last.pt", "best.pt"


class RunError(ValueError):
    """A run that cannot begin or go on; the message is one sentence."""


def write_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """Writes tensors and plain values; the file is there whole or not at all."""
    write_beside(path, lambda beside: torch.save({"format": FORMAT, **content}, beside), overwrite=True)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What :func:`write_checkpoint` wrote, on the CPU; runs no code of the file. Raises RunError for anything else."""
    if not path.is_file():
        raise RunError(f"There is no checkpoint “{path}”.")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise RunError(f"“{path}” is damaged or is no checkpoint of a training.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise RunError(f"“{path}” is no checkpoint of this version's training.")
    return content


def random_states() -> dict[str, Any]:
    """The states of all generators that are shared by the whole process, as plain values and tensors."""
    name, keys, position, has_gauss, gauss = np.random.get_state(legacy=True)
    state: dict[str, Any] = {
        "torch": torch.get_rng_state(),
        "python": random.getstate(),
        "numpy": (name, np.asarray(keys).tolist(), position, has_gauss, gauss),
    }
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def restore_random_states(state: dict[str, Any]) -> None:
    """Puts the generators back to where :func:`random_states` found them."""
    torch.set_rng_state(state["torch"])
    version, internal, gauss = state["python"]
    random.setstate((version, tuple(internal), gauss))
    name, keys, position, has_gauss, normal = state["numpy"]
    np.random.set_state((name, np.asarray(keys, np.uint32), position, has_gauss, normal))
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])


def weights_for_use(checkpoint: dict[str, Any]) -> dict[str, Tensor]:
    """The averaged weights if the run kept them, else the weights as they are."""
    average = checkpoint.get("average")
    weights: dict[str, Tensor] = average["state"] if average else checkpoint["state_dict"]
    return weights


def export(checkpoint: Path, target: Path, overwrite: bool) -> int:
    """Writes a checkpoint's weights for use in half precision as .safetensors; returns the size in bytes.

    Raises RunError for what is no checkpoint, and what :func:`~instmatt_app.files.atomic.write_beside` raises.
    """
    if target.suffix.lower() != ".safetensors":
        raise RunError(f"Weights are exported as .safetensors, not as “{target.name}”.")
    content = read_checkpoint(checkpoint)
    tensors = {}
    for key, tensor in weights_for_use(content).items():
        half = tensor.half() if tensor.is_floating_point() else tensor
        if half.is_floating_point() and not torch.isfinite(half).all():
            raise RunError(f"“{key}” has values that half precision cannot hold; the training has run away.")
        tensors[key] = half.contiguous()
    notes = {"task": str(content["task"]), "step": str(content["step"]), "config": content["config"]}
    written = save(tensors, metadata=notes)
    write_beside(target, written, overwrite)
    return len(written)
