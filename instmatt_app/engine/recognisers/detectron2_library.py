"""The real Detectron2 behind Recogniser, where its owner installed it. Nothing of it is part of this program.

The model zoo's module is never imported (it needs a package that newer setuptools lack), nor its reader of weights
(it unpickles whatever it is given): the file with the network's settings lies in the package, and the weights come from
our own reader.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from instmatt_app.core.interfaces import NotReady
from instmatt_app.core.photo import Photo
from instmatt_app.engine.network import mask_rcnn
from instmatt_app.engine.recognisers.mask_rcnn import Masked, drawn, just_below, network_picture
from instmatt_app.engine.weights import load_strictly, read_state

SETTINGS = "COCO-InstanceSegmentation/mask_rcnn_R_50_FPN_3x.yaml"


class Detectron2Library:
    """The library's network with its released weights."""

    def __init__(self, weights: Path, name: str, device: str) -> None:
        """``weights`` has Detectron2's keys.

        Raises:
            NotReady: the library is not there or cannot be loaded.
            WeightsError: the file does not fit.
        """
        self.name = name
        self.network = _network(device)
        load_strictly(self.network, read_state(weights), weights.name)
        self.network.eval()

    def people(self, photo: Photo, score: float) -> Iterator[Masked]:
        from detectron2.modeling.postprocessing import detector_postprocess

        self.network.roi_heads.box_predictor.test_score_thresh = just_below(score)
        image = torch.from_numpy(network_picture(photo)).permute(2, 0, 1).float()
        with warnings.catch_warnings():
            # It uses what newer torch versions warn about.
            warnings.simplefilter("ignore")
            found = self.network.inference([{"image": image}], do_postprocess=False)[0].to("cpu")
        found = found[found.pred_classes == mask_rcnn.PERSON]
        for index in range(len(found)):
            # One at a time: all masks of a large photo together would take gigabytes.
            one = detector_postprocess(found[index], photo.height, photo.width)
            if len(one):
                yield drawn(one.pred_masks[0]), float(one.scores[0])


def _network(device: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import detectron2
            from detectron2.config import get_cfg
            from detectron2.modeling import build_model

            settings = _settings(Path(detectron2.__file__).parent)
            chosen = get_cfg()
            chosen.merge_from_file(str(settings))
            chosen.MODEL.DEVICE = device
            return build_model(chosen)
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise NotReady(
            f"Detectron2 cannot be loaded ({type(error).__name__}: {error}); --recogniser torchvision finds the same "
            "people without it."
        ) from error


def _settings(package: Path) -> Path:
    """The file of the network's settings: inside an installed package, beside it in a checkout."""
    places = [package / "model_zoo" / "configs" / SETTINGS, package.parent / "configs" / SETTINGS]
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"{places[0]} is missing")
