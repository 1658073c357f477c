"""Which recogniser finds people by itself, given the models that are ready; the best comes first."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from instmatt_app.core.interfaces import NotReady, Recogniser, Step

Finder = Literal["detectron2", "torchvision", "builtin"]
MASK_RCNN_3X, MASK_RCNN_V2 = "mask-rcnn-r50-fpn-3x", "mask-rcnn-r50-fpn-v2"
BUILT_IN = "people"


@dataclass(frozen=True)
class Choice:
    """A recogniser with the model it uses; ``said`` tells people what it is."""

    recogniser: Finder
    model: str
    said: str

    @property
    def name(self) -> str:
        """Goes into reports: which code with which weights."""
        return f"{self.recogniser}:{self.model}"


CHOICES = (
    Choice("detectron2", MASK_RCNN_3X, "Detectron2"),
    Choice("torchvision", MASK_RCNN_3X, "torchvision with Detectron2's weights"),
    Choice("torchvision", MASK_RCNN_V2, "torchvision with its own v2 weights, as Detectron2's are not there"),
    Choice("builtin", BUILT_IN, "the small network that comes with the program, as nothing better is there"),
)


def detectron2_is_installed() -> bool:
    """Whether there is a Detectron2, without importing it."""
    return importlib.util.find_spec("detectron2") is not None


def torchvision_is_installed() -> bool:
    """Whether there is a torchvision, without importing it; the stand-alone program has none."""
    return importlib.util.find_spec("torchvision") is not None


def choose(wanted: Finder | Literal["auto"], is_ready: Callable[[str], bool]) -> list[Choice]:
    """The choices that are wanted and can be had now, the best first; ``is_ready`` answers for a model's name."""
    return [
        choice
        for choice in CHOICES
        if wanted in ("auto", choice.recogniser)
        and is_ready(choice.model)
        and (choice.recogniser != "detectron2" or detectron2_is_installed())
        and (choice.recogniser == "builtin" or torchvision_is_installed())
    ]


def remarks(name: str, wanted: str) -> list[str]:
    """What a person should know about the recogniser of that name, given what was asked for."""
    said = next((choice.said for choice in CHOICES if choice.name == name), None)
    return [f"People found by {said}."] if said and (wanted == "auto" or name.endswith(MASK_RCNN_V2)) else []


def make(
    choices: Sequence[Choice],
    weights: Callable[[str, Step], Path],
    device: str,
    score: float | None = None,
    min_area: float | None = None,
) -> Recogniser:
    """The recogniser of the first choice. ``weights`` gives the file of a model, ready to be loaded.

    Detectron2 may be installed and still not run (built for another torch, say); then the second choice takes its
    place if it has the same weights, and so finds the same people. ``score`` and ``min_area`` are the least score and
    share of the photo of a person; None: the recogniser's own.
    """
    if choices[0].recogniser == "builtin":
        from instmatt_app.engine.recognisers import builtin

        return builtin.BuiltIn(
            lambda step: weights(BUILT_IN, step),
            device,
            builtin.SCORE if score is None else score,
            builtin.MIN_AREA if min_area is None else min_area,
            choices[0].name,
        )
    from instmatt_app.engine.recognisers import detectron2_library, mask_rcnn

    def load(step: Step) -> mask_rcnn.Detector:
        path = weights(choices[0].model, step)
        if choices[0].recogniser == "detectron2":
            try:
                return detectron2_library.Detectron2Library(path, choices[0].name, device)
            except NotReady:
                if choices[1:] and choices[1].model == choices[0].model:
                    return mask_rcnn.Detectron2Weights(path, choices[1].name, device)
                raise
        if choices[0].model == MASK_RCNN_3X:
            return mask_rcnn.Detectron2Weights(path, choices[0].name, device)
        return mask_rcnn.TorchvisionWeights(path, choices[0].name, device)

    return mask_rcnn.MaskRecogniser(
        choices[0].name,
        load,
        mask_rcnn.SCORE if score is None else score,
        mask_rcnn.MIN_AREA if min_area is None else min_area,
    )
