"""The methods that are compared: each makes people's alphas from a photo and rough masks.

Trimap matting is set up as the InstMatt supplementary compares it: the mask dilated and eroded ten times by a kernel of
5, matted by PyMatting (Germer et al., JOSS 2020).
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from instmatt_app import api
from instmatt_app.core.interfaces import MattingEngine, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.trimask import trimasks
from instmatt_app.core.trimatte import resized
from instmatt_app.engine.classical import BACKGROUND, FOREGROUND, UNKNOWN
from instmatt_app.evaluation.folders import BenchmarkError
from instmatt_app.evaluation.trimap_network import load_trimap_network
from instmatt_app.files.mask_reader import read_mask

KERNEL, ITERATIONS = 5, 10
METHODS = (
    "raw, trimap-cf, trimap-knn, trimap:FILE.toml, cascadepsp, closed-form, mgm, instmatt:none, instmatt:parallel, "
    "instmatt:cycle[=1-2-3]; all but cascadepsp and raw enlarge what they find at the working size, instmatt:… with "
    "+native mattes outlines once more in native detail; mgm and instmatt:… may name weights of their own: "
    "instmatt:parallel+native@FILE"
)

Levels = NDArray[np.uint8]
Estimate = Callable[[NDArray[np.uint8], NDArray[np.float64]], NDArray[np.float32]]
Run = Callable[[Photo, Sequence[Path], Step], list[Levels]]


@dataclass(frozen=True, eq=False)
class Method:
    """A way to matte. ``name`` is as it was asked for; ``key`` names everything that its alphas depend on, and is a
    file name; ``run(photo, mask files, step)`` makes one alpha per mask, uint8 (H, W) at the photo's size."""

    name: str
    key: str
    run: Run


def make_method(name: str, model: Path | None, working_size: int, device: str = "auto") -> Method:
    """The method of that name (see METHODS). ``working_size`` is the long side that is matted, in pixels.

    Raises:
        BenchmarkError: nobody knows the method, or it needs a model.
        NotReady: the model or the device is not there.
        ValueError: the model's file cannot be used for this method.
    """
    if name == "raw":
        return Method(name, name, _raw)
    if name in ("trimap-cf", "trimap-knn"):
        # Imported here: PyMatting compiles for seconds when it is first loaded.
        from pymatting import estimate_alpha_cf, estimate_alpha_knn

        estimate = estimate_alpha_cf if name == "trimap-cf" else estimate_alpha_knn
        return Method(name, f"{name}@{working_size}", partial(_by_trimap, partial(_classical, estimate), working_size))
    if name.startswith("trimap:"):
        trained = load_trimap_network(Path(name.removeprefix("trimap:")))
        return Method(name, f"trimap-{trained.key}@{working_size}", partial(_by_trimap, trained.alpha, working_size))
    if name == "closed-form":
        options = api.MatteOptions(engine="closed-form", working_size=working_size, detail="none")
        return Method(name, f"{name}@{working_size}", partial(_by_api, options))
    if name == "cascadepsp":
        return _cascade_psp()
    bare, _, own = name.partition("@")
    model = Path(own) if own else model
    if bare == "mgm":
        return _mask_guided(_needed(model, name), working_size, device, name)
    family, _, refinement = bare.partition(":")
    refinement, is_native, _ = refinement.partition("+native")
    strategy, _, order = refinement.partition("=")
    numbers = order.split("-") if order else []
    if (
        family != "instmatt"
        or not bare.endswith(refinement + is_native)
        or strategy not in ("none", "parallel", "cycle")
        or (order and strategy != "cycle")
        or not all(number.isdecimal() and int(number) > 0 for number in numbers)
    ):
        raise BenchmarkError(f"The method {name!r} is unknown; there are {METHODS}.")
    options = api.MatteOptions(
        engine="instmatt",
        model=str(_needed(model, name)),
        refine=strategy,  # type: ignore[arg-type]
        order=tuple(int(number) for number in numbers),
        working_size=working_size,
        device=device,
        detail="native" if is_native else "none",
    )
    engine = api.make_engine(options)
    key = f"{engine.name}-{strategy}" + (f"-{order}" if order else "") + ("-native" if is_native else "")
    return Method(name, key.replace(":", "-"), partial(_by_api, options, engine=engine))


def rough_trimap(mask: Levels) -> NDArray[np.float64]:
    """Known foreground 1, known background 0, unknown 0.5: float64 (h, w), ±20 pixels round the mask's edge."""
    kernel = np.ones((KERNEL, KERNEL), np.uint8)
    inside = (mask >= 128).astype(np.uint8)
    trimap = np.full(mask.shape, UNKNOWN)
    trimap[cv2.erode(inside, kernel, iterations=ITERATIONS) > 0] = FOREGROUND
    trimap[cv2.dilate(inside, kernel, iterations=ITERATIONS) == 0] = BACKGROUND
    return trimap


def _needed(model: Path | None, name: str) -> Path:
    if model is None:
        raise BenchmarkError(f"The method {name} needs a model; name its file with --model.")
    if not model.is_file():
        raise BenchmarkError(f"The model {model} is not there; name a .pth or .safetensors file with --model.")
    return model


def _raw(photo: Photo, masks: Sequence[Path], step: Step) -> list[Levels]:
    return [read_mask(path, photo.width, photo.height)[0] for path in masks]


def _by_api(
    options: api.MatteOptions, photo: Photo, masks: Sequence[Path], step: Step, engine: MattingEngine | None = None
) -> list[Levels]:
    # The same order serves photos with fewer people: whoever is not there is left out of it.
    order = tuple(person for person in options.order if person <= len(masks))
    result = api.matte(photo, options, engine=engine, step=step, masks=masks, order=order)
    return [_levels(result.alpha(number)) for number in range(len(masks))]


def _classical(estimate: Any, image: NDArray[np.uint8], trimap: NDArray[np.float64]) -> NDArray[np.float32]:
    with contextlib.redirect_stdout(io.StringIO()):
        # PyMatting prints when it shifts a diagonal; stdout is for data.
        alpha: NDArray[np.float32] = estimate(image.astype(np.float64) / 255, trimap).astype(np.float32)
    return alpha


def _by_trimap(estimate: Estimate, working_size: int, photo: Photo, masks: Sequence[Path], step: Step) -> list[Levels]:
    image = photo.at(working_size)
    height, width = image.shape[:2]
    alphas = []
    for number, mask in enumerate(_raw(photo, masks, step), 1):
        step(number - 1, len(masks), f"matting person {number} of {len(masks)}")
        small = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
        trimap = rough_trimap(small)
        if not {FOREGROUND, BACKGROUND, UNKNOWN} <= set(np.unique(trimap)):
            # A person too thin for the trimap, or one who fills the photo: there is nothing to solve.
            alphas.append(mask)
            continue
        alphas.append(_levels(resized(estimate(image, trimap), photo.height, photo.width)))
    return alphas


def _cascade_psp() -> Method:
    """CascadePSP (Cheng et al., CVPR 2020) as its authors' package has it; masks become finer, not soft.

    The package fetches its weights by itself when it is first used.
    """
    try:
        from segmentation_refinement import Refiner
    except ImportError as error:
        raise BenchmarkError(
            "The method cascadepsp needs its authors' package: pip install segmentation-refinement."
        ) from error
    refiner = Refiner(device="cpu")

    def run(photo: Photo, masks: Sequence[Path], step: Step) -> list[Levels]:
        alphas = []
        pixels = photo.at(max(photo.width, photo.height))
        for number, mask in enumerate(_raw(photo, masks, step), 1):
            step(number - 1, len(masks), f"CascadePSP, person {number} of {len(masks)}")
            alphas.append(np.asarray(refiner.refine(pixels[..., ::-1].copy(), mask, fast=False, L=900), np.uint8))
        return alphas

    return Method("cascadepsp", "cascadepsp", run)


def _mask_guided(model: Path, working_size: int, device: str, name: str) -> Method:
    """Mask Guided Matting (Yu et al., CVPR 2021): the network with one mask and one alpha, each person alone.

    Its alphas stay as they are: nobody is projected onto what the others leave.
    """
    from instmatt_app.engine.device import choose_device
    from instmatt_app.engine.matting import InstMattEngine
    from instmatt_app.engine.weights import load_network, sha256

    network = load_network(model)
    if network.mask_channels != 1:
        raise BenchmarkError(f"{model.name} holds InstMatt's weights, not those of Mask Guided Matting.")
    engine = InstMattEngine(network, sha256(model)[:12], working_size, choose_device(device))

    def run(photo: Photo, masks: Sequence[Path], step: Step) -> list[Levels]:
        size = photo.size_at(working_size)[::-1]
        small = [cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) for mask in _raw(photo, masks, step)]
        guidance = trimasks([mask.astype(np.float32) / np.float32(255) for mask in small])
        mattes = engine.matte(photo, dict(enumerate(guidance)), step)
        return [_levels(resized(matte[0], photo.height, photo.width)) for matte in mattes.values()]

    return Method(name, f"mgm-{sha256(model)[:12]}@{working_size}", run)


def _levels(alpha: NDArray[np.float32]) -> Levels:
    levels: Levels = np.rint(np.clip(alpha, 0, 1) * 255).astype(np.uint8)
    return levels


def make_methods(names: Sequence[str], model: Path | None, working_size: int, device: str) -> Mapping[str, Method]:
    """The methods by name, in the order asked for; errors as :func:`make_method`."""
    return {name: make_method(name, model, working_size, device) for name in names}
