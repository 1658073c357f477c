"""How a photo is matted, and the recogniser and the engine that are asked for by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from instmatt_app.core.edges import Edge
from instmatt_app.core.interfaces import MattingEngine, Recogniser
from instmatt_app.core.interfaces import NotReady as NotReady
from instmatt_app.core.rect import Rect
from instmatt_app.core.refinement import Strategy
from instmatt_app.engine.recognisers import registry
from instmatt_app.engine.recognisers.registry import detectron2_is_installed as detectron2_is_installed
from instmatt_app.model_store import ModelStore

RecogniserName = Literal["auto", "detectron2", "torchvision", "builtin", "prompt"]
EngineName = Literal["auto", "instmatt", "closed-form"]
DetailName = Literal["auto", "native", "none"]
DEFAULT_WORKING_SIZE = 1280
# By which rules mattes are made of weights and guidance. One more with every change of the program that makes other
# mattes of the same: those that projects keep are then made again, and not taken for what the program makes today.
# 2: small photos are enlarged for the light network; traces that do not hang together with their person go; windows
# lie closer round what is refined.
RULES = 2
# What "auto" and "instmatt" take where no model is named: the first that is ready.
MATTING_MODELS = ("instmatt-released", "instmatt-lite")


@dataclass(frozen=True)
class MatteOptions:
    """How a photo is matted.

    ``boxes`` are (x, y, width, height) in photo pixels, one per person; ``masks`` are files of grey guidance masks,
    one per person, and take the place of a recogniser. ``order`` counts people from 1 and matters to "cycle" only.
    ``refine_window`` is a box (x, y, width, height) outside which nothing is refined; not under ``published``.
    ``published`` follows the released script to the letter: plain sums, no projection. ``patch`` is the side of the
    refinement's patches in pixels (the supplementary has 128); None as released.
    ``hints`` and ``pins`` are files of what was painted (see :func:`instmatt_app.files.mask_reader.read_classes`), one
    per person in order; ``keep`` gives people, counted from 1, a strategy of their own. ``model`` is a file, or a name
    of models/models.toml. ``score`` and ``min_area`` are the least score and share of the photo of a person that a
    recogniser finds by itself; None: its own. ``detail`` "native" mattes outlines once more at the photo's own
    resolution, where that is above the working size, "none" does not, "auto" does with the InstMatt engine;
    ``published`` never does. ``edge`` is what is done to everybody's outline after the projection; not under
    ``published`` either. ``memory_gib`` is the most that the InstMatt engine
    may take, in GiB; None: what is free.
    """

    recogniser: RecogniserName = "auto"
    score: float | None = None
    min_area: float | None = None
    boxes: Sequence[tuple[int, int, int, int]] = ()
    masks: Sequence[str | Path] = ()
    engine: EngineName = "auto"
    model: str | None = None
    refine: Strategy = "parallel"
    refine_window: tuple[int, int, int, int] | None = None
    order: Sequence[int] = ()
    passes: int = 2
    published: bool = False
    working_size: int = DEFAULT_WORKING_SIZE
    device: str = "auto"
    memory_gib: float | None = None
    patch: int | None = None
    hints: Sequence[str | Path] = ()
    pins: Sequence[str | Path] = ()
    keep: Mapping[int, Strategy] = field(default_factory=dict)
    detail: DetailName = "auto"
    edge: Edge = field(default_factory=Edge)

    @property
    def has_detail(self) -> bool:
        """Whether a photo above the working size is matted once more at its own resolution.

        By itself only with InstMatt: closed-form matting loses gradients by it (docs/benchmarks.md), as its unknown
        band is a share of what it looks at.
        """
        by_itself = self.detail == "auto" and engine_of(self) == "instmatt"
        return not self.published and (self.detail == "native" or by_itself)


def make_recogniser(options: MatteOptions) -> Recogniser:
    """The recogniser that the options ask for; "auto" takes boxes where they are given, else the best that is ready.

    What finds people by itself loads its weights in its first search.

    Raises:
        NotReady: it, or its model, is not there.
    """
    if options.recogniser == "prompt" or (options.recogniser == "auto" and options.boxes):
        if not options.boxes:
            raise NotReady("The prompt recogniser needs a box for each person: --box X,Y,W,H in photo pixels.")
        from instmatt_app.engine.recognisers.prompt import BoxPrompt

        return BoxPrompt([Rect.of_size(*box) for box in options.boxes])
    choices = recogniser_choices(options.recogniser)
    if not choices:
        raise NotReady(_no_recogniser(options.recogniser))
    device = _device(options.device)
    # Detectron2's operations have no Apple kernels that can be relied on.
    device = "cpu" if device == "mps" else device
    return registry.make(choices, ModelStore().prepare, device, options.score, options.min_area)


def recogniser_choices(wanted: Literal["auto", "detectron2", "torchvision", "builtin"]) -> list[registry.Choice]:
    """The recognisers that find people by themselves and are ready, the best first; loads nothing."""
    return registry.choose(wanted, ModelStore().is_ready)


def _no_recogniser(wanted: str) -> str:
    otherwise = "or give each person a box (--box X,Y,W,H, in photo pixels) or a mask (--masks DIR)"
    if wanted == "detectron2" and not registry.detectron2_is_installed():
        return (
            "The recogniser detectron2 is not installed; take --recogniser torchvision, which finds the same people "
            f"without it, {otherwise}."
        )
    if wanted in ("detectron2", "torchvision") and not registry.torchvision_is_installed():
        return f"The recogniser {wanted} needs the package torchvision, which is not here; take builtin, {otherwise}."
    if wanted == "builtin":
        return f"The recogniser builtin has no weights yet; take another one, {otherwise}."
    name = (
        "No recogniser that finds people by itself is ready"
        if wanted == "auto"
        else f"The recogniser {wanted} lacks its weights"
    )
    return f"{name}; fetch them (instmatt models fetch {registry.MASK_RCNN_3X}), {otherwise}."


def engine_of(options: MatteOptions) -> Literal["instmatt", "closed-form"]:
    """Which engine the options ask for; "auto" is InstMatt where a model is named or ready."""
    if options.engine == "auto":
        return "instmatt" if options.model is not None or _ready_model() is not None else "closed-form"
    return options.engine


def make_engine(options: MatteOptions) -> MattingEngine:
    """The engine that the options ask for; see :func:`engine_of`.

    Raises:
        NotReady: it, its model or its device is not there.
        WeightsError: the model's file cannot be used.
    """
    if engine_of(options) == "closed-form":
        return _closed_form(options)
    path, activation = _model_file(options.model)
    from instmatt_app.engine.matting import InstMattEngine
    from instmatt_app.engine.weights import load_network, sha256

    network = load_network(path, activation)
    if network.refiner is None and options.refine == "cycle":
        raise NotReady("This model has no refiner, so there is no cycle; leave out --refine cycle.")
    return InstMattEngine(
        network,
        sha256(path)[:12],
        options.working_size,
        _device(options.device),
        options.published,
        options.patch,
        None if options.memory_gib is None else int(options.memory_gib * 2**30),
    )


def weights_file(options: MatteOptions) -> Path | None:
    """The file whose weights the options ask for, as it lies there; None where none is needed or there yet."""
    if engine_of(options) == "closed-form":
        return None
    store = ModelStore()
    name = options.model or _ready_model()
    if name is None:
        return None
    path = store.ready_file(name) if name in store.models else Path(name)
    return path if path is not None and path.is_file() else None


def engine_key(options: MatteOptions, weights: str) -> str:
    """Names what decides mattes at the working size beside the project: engine, weights by their content, sizes, rules.

    ``weights`` is a checksum of :func:`weights_file`. Who finds people, where it is computed and with how much memory
    change nothing about the mattes; native detail lies over them and is made afterwards.
    """
    patch = options.patch or "released"
    published = ", published" if options.published else ""
    weighed = f"{engine_of(options)}, weights {weights or 'none'}, rules {RULES}"
    return f"{weighed}, at {options.working_size}, patches {patch}{published}"


def _model_file(wanted: str | None) -> tuple[Path, Literal["tanh", "softmax"]]:
    """The file of a model and the activation that it was trained with; ``wanted`` is a name, a path, or None."""
    store = ModelStore()
    name = wanted or _ready_model()
    if name is None:
        raise NotReady(
            "The InstMatt engine (instmatt) needs a model, and none is ready; name a file with --model, or see "
            "“instmatt models list”."
        )
    if name in store.models:
        model = store.models[name]
        if model.kind != "instmatt":
            raise NotReady(f"The model {name} {model.title}; --model wants one that mattes people.")
        return store.prepare(name), model.activation
    if not Path(name).is_file():
        raise NotReady(
            f"The model {name} is not there; name a .pth or .safetensors file with --model, or one of "
            f"{', '.join(known for known, model in store.models.items() if model.kind == 'instmatt')}."
        )
    return Path(name), "tanh"


def _ready_model() -> str | None:
    return next(filter(ModelStore().is_ready, MATTING_MODELS), None)


def _device(wanted: str) -> str:
    from instmatt_app.engine.device import choose_device

    try:
        return choose_device(wanted)
    except ValueError as missing:
        raise NotReady(str(missing)) from None


def _closed_form(options: MatteOptions) -> MattingEngine:
    if options.model is not None:
        raise NotReady("Closed-form matting uses no model; leave out --model, or name --engine instmatt.")
    if options.refine == "cycle":
        raise NotReady("Closed-form matting has no refinement, so there is no cycle; leave out --refine cycle.")
    if options.device not in ("auto", "cpu"):
        raise NotReady(f"Closed-form matting runs on the CPU only, not on {options.device}; use --device cpu.")
    from instmatt_app.engine.classical import ClosedForm

    return ClosedForm(options.working_size)
