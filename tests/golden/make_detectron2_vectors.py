"""Makes golden_detectron2.npz with the installed Detectron2: python tests/golden/make_detectron2_vectors.py

Weights and pictures are those of tests/mask_rcnn_rule.py. The library runs as its own predictor runs it: its resize,
its network, its masks at the picture's size, everything of a score above 0.05. Stored are, for each picture, boxes,
scores and classes, and of the people the masks, packed in bits.

With --compare it makes nothing and prints, as a table, how the path without the library differs from the library's.
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]
warnings.simplefilter("ignore")

import detectron2  # noqa: E402
import mask_rcnn_rule as rule  # noqa: E402
from detectron2.config import get_cfg  # noqa: E402
from detectron2.data.transforms import ResizeShortestEdge  # noqa: E402
from detectron2.modeling import build_model  # noqa: E402

SETTINGS = "COCO-InstanceSegmentation/mask_rcnn_R_50_FPN_3x.yaml"
Arrays = dict[str, NDArray]


def library() -> torch.nn.Module:
    """The library's network with the rule's weights."""
    package = Path(detectron2.__file__).parent
    places = [package / "model_zoo" / "configs" / SETTINGS, package.parent / "configs" / SETTINGS]
    settings = get_cfg()
    settings.merge_from_file(str(next(place for place in places if place.is_file())))
    settings.MODEL.DEVICE = "cpu"
    network = build_model(settings).eval()
    network.load_state_dict({key: torch.from_numpy(value) for key, value in rule.weights().items()}, strict=True)
    return network


def by_library(network: torch.nn.Module, picture: NDArray[np.uint8]) -> Arrays:
    """Boxes, scores, classes and masks of everything that the library finds in an RGB picture."""
    bgr = np.ascontiguousarray(picture[:, :, ::-1])
    resized = ResizeShortestEdge([800, 800], 1333).get_transform(bgr).apply_image(bgr)
    image = torch.as_tensor(resized.astype("float32").transpose(2, 0, 1))
    with torch.no_grad():
        found = network([{"image": image, "height": picture.shape[0], "width": picture.shape[1]}])[0]["instances"]
    return {
        "boxes": found.pred_boxes.tensor.numpy(),
        "scores": found.scores.numpy(),
        "classes": found.pred_classes.numpy(),
        "masks": found.pred_masks.numpy(),
    }


def make() -> None:
    network = library()
    stored: Arrays = {}
    for height, width in rule.SIZES:
        found = by_library(network, rule.picture(height, width))
        people = found["classes"] == 0
        for name in ("boxes", "scores", "classes"):
            stored[f"{height}x{width}/{name}"] = found[name]
        stored[f"{height}x{width}/masks"] = np.packbits(found["masks"][people], axis=-1)
        print(f"{height}x{width}: {len(people)} found, {people.sum()} people, least score {found['scores'][-1]:.3f}")
    np.savez_compressed(HERE / "golden_detectron2.npz", **stored)


def compare() -> None:
    """Both paths in one process, so that not even the processor can make a difference."""
    from test_mask_rcnn import found_without_library, network_without_library

    network, ours = library(), network_without_library()
    print(
        "| picture | found | people | same class | largest difference of scores | of boxes, px | masks bit-identical |"
    )
    print("|---|---|---|---|---|---|---|")
    for height, width in [*rule.SIZES, (2000, 3000), (800, 800), (641, 479), (1333, 803)]:
        picture = rule.picture(height, width)
        started = time.perf_counter()
        theirs = by_library(network, picture)
        between = time.perf_counter()
        mine = found_without_library(ours, picture)
        ended = time.perf_counter()
        print(f"{between - started:.1f} s with the library, {ended - between:.1f} s without", file=sys.stderr)
        count = len(theirs["scores"])
        if len(mine["scores"]) != count:
            print(f"| {width}×{height} | {count}, {len(mine['scores'])} without the library | | | | | |")
            continue
        print(
            f"| {width}×{height} | {count} | {(theirs['classes'] == 0).sum()} "
            f"| {(theirs['classes'] == mine['classes']).sum()} "
            f"| {np.abs(theirs['scores'] - mine['scores']).max():.1e} "
            f"| {np.abs(theirs['boxes'] - mine['boxes']).max():.1e} "
            f"| {sum(np.array_equal(a, b) for a, b in zip(theirs['masks'], mine['masks'], strict=True))} |"
        )


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent / "engine" / "recognisers"))
    compare() if "--compare" in sys.argv[1:] else make()
