"""Weights for Mask R-CNN R50-FPN that can be made again anywhere, from nothing but the names of the tensors.

They find many things, none of which is there. The numbers of golden_detectron2.npz were made by Detectron2 with these
weights and pictures; they stay valid only as long as the rule stays the same to the last bit.
"""

from collections.abc import Iterator

import numpy as np
from golden_rule import noise
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.float32]]
# Height and width of the pictures behind the numbers: enlarged, reduced, and so thin that sizes round oddly.
SIZES = ((480, 640), (1080, 1920), (90, 700))
# About half of what is found are people.
PERSON_BIAS = 5.0


def shapes() -> Iterator[tuple[str, tuple[int, ...]]]:
    """The 307 tensors of the released weights: names and shapes."""

    def convolution(name: str, out: int, into: int, side: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        yield f"{name}.weight", (out, into, side, side)
        for leaf in ("weight", "bias", "running_mean", "running_var"):
            yield f"{name}.norm.{leaf}", (out,)

    def layer(name: str, *shape: int, bias: int = 0) -> Iterator[tuple[str, tuple[int, ...]]]:
        yield f"{name}.weight", shape
        yield f"{name}.bias", (bias or shape[0],)

    yield from convolution("backbone.bottom_up.stem.conv1", 64, 3, 7)
    into = 64
    for stage, blocks in zip((2, 3, 4, 5), (3, 4, 6, 3), strict=True):
        out = 64 * 2**stage
        for block in range(blocks):
            name = f"backbone.bottom_up.res{stage}.{block}"
            if block == 0:
                yield from convolution(f"{name}.shortcut", out, into, 1)
            yield from convolution(f"{name}.conv1", out // 4, into, 1)
            yield from convolution(f"{name}.conv2", out // 4, out // 4, 3)
            yield from convolution(f"{name}.conv3", out, out // 4, 1)
            into = out
        yield from layer(f"backbone.fpn_lateral{stage}", 256, out, 1, 1)
        yield from layer(f"backbone.fpn_output{stage}", 256, 256, 3, 3)
    head = "proposal_generator.rpn_head"
    yield from layer(f"{head}.conv", 256, 256, 3, 3)
    yield from layer(f"{head}.objectness_logits", 3, 256, 1, 1)
    yield from layer(f"{head}.anchor_deltas", 12, 256, 1, 1)
    yield from layer("roi_heads.box_head.fc1", 1024, 256 * 49)
    yield from layer("roi_heads.box_head.fc2", 1024, 1024)
    yield from layer("roi_heads.box_predictor.cls_score", 81, 1024)
    yield from layer("roi_heads.box_predictor.bbox_pred", 320, 1024)
    for number in range(1, 5):
        yield from layer(f"roi_heads.mask_head.mask_fcn{number}", 256, 256, 3, 3)
    yield from layer("roi_heads.mask_head.deconv", 256, 256, 2, 2)
    yield from layer("roi_heads.mask_head.predictor", 80, 256, 1, 1)


# Half width of the uniform numbers of a kernel, times sqrt(3 / inputs); where not named, that of a rectified layer.
GAINS = {
    "stem.conv1.weight": 1.4 / 60,
    "objectness_logits.weight": 1.5,
    "anchor_deltas.weight": 0.3,
    "cls_score.weight": 1.0,
    "bbox_pred.weight": 2.0,
    "predictor.weight": 4.0,
}


def weights(person_bias: float = PERSON_BIAS) -> Arrays:
    """All tensors, with Detectron2's names; ``person_bias`` is added to the logit of a person everywhere."""
    made = {name: _tensor(name, shape) for name, shape in shapes()}
    made["roi_heads.box_predictor.cls_score.bias"][0] += np.float32(person_bias)
    return made


def _tensor(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    values = noise(name, int(np.prod(shape)))
    leaf = name.rpartition(".")[2]
    if leaf in ("bias", "running_mean"):
        values = 0.05 * values
    elif leaf == "running_var":
        values = 1 + 0.3 * values
    elif ".norm." in name:
        values = (0.3 if "conv3" in name else 1.0) * (1 + 0.2 * values)
    else:
        gain = next((gain for end, gain in GAINS.items() if name.endswith(end)), 1.4)
        values = gain * np.sqrt(3 / np.prod(shape[1:])) * values
        if len(shape) == 4 and shape[1] > 3:
            # No kernel answers to what its input has everywhere: otherwise all places would look alike.
            kernel = values.reshape(shape)
            values = (kernel - kernel.mean(axis=1, keepdims=True)).ravel()
    return values.reshape(shape).astype(np.float32)


def picture(height: int, width: int) -> NDArray[np.uint8]:
    """An RGB picture of waves and discs, uint8 (H, W, 3)."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    planes = []
    for colour in range(3):
        plane = 120 + 50 * np.sin(x / (19 + 7 * colour) + 0.3) * np.cos(y / (23 + 5 * colour))
        for disc in range(9):
            centre_x, centre_y = width * ((disc * 0.37 + 0.1) % 1), height * ((disc * 0.61 + 0.2) % 1)
            radius = min(height, width) * (0.06 + 0.03 * disc)
            inside = (x - centre_x) ** 2 + (y - centre_y) ** 2 < radius**2
            plane = np.where(inside, 0.4 * plane + 20 * ((disc * (colour + 2)) % 8), plane)
        planes.append(plane)
    return np.clip(np.rint(np.stack(planes, -1)), 0, 255).astype(np.uint8)
