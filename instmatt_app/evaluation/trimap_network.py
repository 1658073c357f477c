"""Any trimap network that was handed over as TorchScript, with a small TOML file that says what it wants to be given.

TorchScript holds a program of PyTorch operations; loading it runs no Python code from the file. Still, take such files
only from people you trust.
"""

from __future__ import annotations

import hashlib
import tomllib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app.evaluation.folders import BenchmarkError

DEFAULTS: dict[str, Any] = {
    "channels": "rgb",
    "mean": [0.485, 0.456, 0.406],
    "std": [0.229, 0.224, 0.225],
    "trimap": "one-hot",
    "joined": False,
    "multiple": 32,
    "output": 0,
}
CHOICES = {"channels": ("rgb", "bgr"), "trimap": ("one-hot", "grey")}


@dataclass(frozen=True, eq=False)
class TrimapNetwork:
    """A loaded network and how it is to be fed; ``key`` names both files' contents."""

    network: Any
    settings: dict[str, Any]
    key: str

    def alpha(self, image: NDArray[np.uint8], trimap: NDArray[np.float64]) -> NDArray[np.float32]:
        """The alpha of RGB pixels (h, w, 3) and a trimap (h, w) of 0, 0.5 and 1: float32 (h, w), 0..1; what the trimap
        knows is kept. Raises BenchmarkError if the network answers something else."""
        import torch

        said = self.settings
        pixels = image if said["channels"] == "rgb" else image[..., ::-1]
        colours = (pixels / 255 - np.array(said["mean"])) / np.array(said["std"])
        planes = [trimap == 0, trimap == 0.5, trimap == 1] if said["trimap"] == "one-hot" else [trimap]
        height, width = trimap.shape
        down, right = -height % said["multiple"], -width % said["multiple"]
        inputs = [
            torch.from_numpy(
                cv2.copyMakeBorder(np.ascontiguousarray(one, np.float32), 0, down, 0, right, cv2.BORDER_REFLECT_101)
                .reshape(height + down, width + right, -1)
                .transpose(2, 0, 1)[None]
                .copy()
            )
            for one in (colours, np.stack(planes, axis=-1))
        ]
        with torch.inference_mode():
            answer = self.network(torch.cat(inputs, 1)) if said["joined"] else self.network(*inputs)
        if isinstance(answer, tuple | list):
            answer = answer[said["output"]]
        alpha = np.asarray(answer.float().squeeze())
        if alpha.shape != (height + down, width + right):
            raise BenchmarkError(f"The trimap network's output {said['output']} is no alpha of the photo's size.")
        kept: NDArray[np.float32] = np.clip(np.where(trimap == 0.5, alpha[:height, :width], trimap), 0, 1)
        return kept.astype(np.float32)


def load_trimap_network(path: Path) -> TrimapNetwork:
    """The network that a TOML file describes; its ``model`` is a TorchScript file beside it.

    Raises:
        BenchmarkError: a file is missing, is of another kind, or an entry makes no sense.
    """
    import torch

    try:
        given = tomllib.loads(path.read_text("utf-8"))
        model = path.parent / str(given.pop("model", ""))
        content = model.read_bytes()
    except (OSError, ValueError) as error:
        raise BenchmarkError(f"The trimap network {path} cannot be read ({error}); see docs/evaluation.md.") from error
    for name, value in given.items():
        if (
            name not in DEFAULTS
            or type(value) is not type(DEFAULTS[name])
            or value not in CHOICES.get(name, (value,))
            or (isinstance(value, list) and (len(value) != 3 or not all(isinstance(one, int | float) for one in value)))
            or (name == "multiple" and value < 1)
        ):
            raise BenchmarkError(
                f"{path} has an entry that makes no sense ({name} = {value!r}); see docs/evaluation.md."
            )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            network = torch.jit.load(str(model), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    except (RuntimeError, ValueError) as error:
        raise BenchmarkError(f"{model} is no TorchScript file.") from error
    key = hashlib.sha256(content + path.read_bytes()).hexdigest()[:12]
    return TrimapNetwork(network, {**DEFAULTS, **given}, key)
