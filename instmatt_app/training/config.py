"""Configurations: TOML tables read into dataclasses, every mistake answered with one sentence."""

from __future__ import annotations

import dataclasses
import tomllib
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from instmatt_app.training.run import Plan
from instmatt_app.training.samples import SampleOptions

Table = TypeVar("Table")

SHIPPED = Path(__file__).parent / "configs"


class ConfigError(ValueError):
    """A configuration that cannot be used; the message is one sentence."""


@dataclass(frozen=True)
class LossWeights:
    """How much each of the four losses counts; and three things that the paper does not have, for short trainings.

    ``entropy``: the cross-entropy of alphas, which does not let go of what is confidently wrong. ``grad``: slopes, as
    IMQ's gradient error sees them. ``trimap``: the share of samples whose unknown area stays that of the true trimap,
    after the warm-up too.
    """

    rec: float = 1.0
    lap: float = 1.0
    comp: float = 1.0
    alpha: float = 1.0
    entropy: float = 0.0
    grad: float = 0.0
    trimap: float = 0.0


@dataclass(frozen=True)
class ValidationOptions:
    """The held-out compositions that the weights are judged by: how many, their side in pixels, and which."""

    compositions: int = 24
    side: int = 512
    seed: int = 0


@dataclass(frozen=True)
class ComposedData:
    """[[data]] kind = "composed": people cut out of photos, put before backgrounds.

    ``empty_photos`` with ``empty_annotations`` is a set in COCO's format whose photos without people are backgrounds,
    too.
    """

    kind: Literal["composed"]
    cutouts: tuple[str, ...]
    backgrounds: tuple[str, ...]
    weight: float = 1.0
    empty_photos: tuple[str, ...] = ()
    empty_annotations: str = ""


@dataclass(frozen=True)
class CocoData:
    """[[data]] kind = "coco": photos of people with hard masks in COCO's format, for partial supervision."""

    kind: Literal["coco"]
    photos: tuple[str, ...]
    annotations: str
    weight: float = 1.0
    least_share: float = 0.005  # of the photo, that a person must cover


DataEntry = ComposedData | CocoData


@dataclass(frozen=True)
class MattingConfig:
    """A configuration of stage 1 or stage 2.

    ``network``: "published", "lite", or "mgm", the published network with one mask and one alpha (Mask Guided
    Matting). ``start``: weights to begin with; stage 2 needs those of stage 1. ``trunk``: weights of an ImageNet
    classifier for the encoder alone, ``trunk_rate`` what its learning rate is multiplied by (light network).
    ``passes``: how often stage 2 refines a patch in one step at most.
    """

    network: Literal["published", "lite", "mgm"]
    run: Plan
    data: tuple[DataEntry, ...]
    samples: SampleOptions = field(default_factory=SampleOptions)
    loss: LossWeights = field(default_factory=LossWeights)
    validation: ValidationOptions = field(default_factory=ValidationOptions)
    start: str = ""
    trunk: str = ""
    trunk_rate: float = 1.0
    passes: int = 3


def find_config(name: str) -> Path:
    """The configuration file of this path, or the shipped one of this name. Raises ConfigError if there is neither."""
    for path in (Path(name), SHIPPED / name, SHIPPED / f"{name}.toml"):
        if path.is_file():
            return path
    shipped = ", ".join(sorted(path.stem for path in SHIPPED.glob("*.toml")))
    raise ConfigError(f"There is no configuration “{name}”; these come with the program: {shipped}.")


def read_config(path: Path, kind: type[Table]) -> Table:
    """The file's tables as this dataclass. Raises ConfigError for what is unknown, missing or of the wrong type."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"“{path}” cannot be read ({error}).") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"“{path.name}” is not TOML ({error}).") from error
    return parse(kind, table, path.name)


def parse(kind: type[Table], table: dict[str, Any], where: str) -> Table:
    """A dataclass from a table; ``where`` names the table in an error."""
    assert dataclasses.is_dataclass(kind)
    hints = get_type_hints(kind)
    fields = {one.name: one for one in dataclasses.fields(kind)}
    if unknown := [name for name in table if name not in fields]:
        raise ConfigError(f"{where} has the unknown entry “{unknown[0]}”; known are {', '.join(fields)}.")
    values = {name: _value(hints[name], value, f"{where}: {name}") for name, value in table.items()}
    for name, one in fields.items():
        optional = one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING
        if name not in values and not optional:
            raise ConfigError(f"{where} lacks the entry “{name}”.")
    made: Table = kind(**values)
    _check(made, where)
    return made


def _value(kind: Any, value: Any, where: str) -> Any:
    """The value as this type; a whole number will do for a float, a list for a tuple, a table for a dataclass."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        if value not in inner:
            raise ConfigError(f"{where} must be one of {', '.join(map(str, inner))}, not {value!r}.")
        return value
    if origin in (Union, types.UnionType):
        return _one_of(inner, value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise ConfigError(f"{where} must be a list, not {value!r}.")
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
        if len(kinds) != len(value):
            raise ConfigError(f"{where} must have {len(kinds)} entries, not {len(value)}.")
        return tuple(_value(one, entry, where) for one, entry in zip(kinds, value, strict=True))
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            raise ConfigError(f"{where} must be a table, not {value!r}.")
        return parse(kind, value, where)  # type: ignore[arg-type]
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        names = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
        raise ConfigError(f"{where} must be {names[kind]}, not {value!r}.")
    return value


def _one_of(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    """One of several tables, told apart by their entry "kind"."""
    by_name = {get_args(get_type_hints(kind)["kind"])[0]: kind for kind in kinds}
    name = value.get("kind") if isinstance(value, dict) else None
    if name not in by_name:
        raise ConfigError(f"{where} must have a “kind”, one of {', '.join(by_name)}, not {name!r}.")
    return parse(by_name[name], value, f"{where} ({name})")


# Entries that are probabilities or shares, and those that must be at least so large.
_SHARES = {"flip", "detected", "missing", "perturbed", "swapped", "trimap", "average", "least_share"}
_LEAST = {
    "steps": 1, "batch": 1, "lr": 0, "min_lr": 0, "warmup": 0, "cosine": 0, "weight_decay": 0, "clip": 0,
    "workers": 0, "threads": 0, "seed": 0, "log_every": 1, "validate_every": 1, "checkpoint_minutes": 0, "crop": 64,
    "canvas": 0, "largest": 1, "band": 1, "weight": 0, "compositions": 1, "side": 64, "passes": 1,
    "trunk_rate": 0, "shared": 1, "rec": 0, "lap": 0, "comp": 0, "alpha": 0, "entropy": 0, "grad": 0,
}  # fmt: skip


def _check(made: Any, where: str) -> None:
    for one in dataclasses.fields(made):
        value = getattr(made, one.name)
        if one.name in _SHARES and not 0 <= value <= 1:
            raise ConfigError(f"{where}: {one.name} must be from 0 to 1, not {value}.")
        if one.name in _LEAST and not value >= _LEAST[one.name]:
            raise ConfigError(f"{where}: {one.name} must be at least {_LEAST[one.name]}, not {value}.")
    if isinstance(made, SampleOptions):
        if made.crop % 32:
            raise ConfigError(f"{where}: crop must be a multiple of 32, not {made.crop}.")
        if not 0 <= made.least_iou[0] <= made.least_iou[1] <= 1:
            raise ConfigError(f"{where}: least_iou must be two shares, the smaller first, not {list(made.least_iou)}.")
        if not 0 < made.zoom[0] <= made.zoom[1]:
            raise ConfigError(f"{where}: zoom must be two factors above 0, the smaller first, not {list(made.zoom)}.")
    if isinstance(made, MattingConfig) and not sum(entry.weight for entry in made.data) > 0:
        raise ConfigError(f"{where} needs at least one [[data]] with a weight above 0.")
