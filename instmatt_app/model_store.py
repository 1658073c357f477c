"""The models on this computer: which are ready, where they lie, and how a published file becomes one of them.

A ready model is a .safetensors file in the program's models folder or in the person's. Published files of other layouts
are converted once; a note beside the result says where it came from and what its checksums are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from instmatt_app import places
from instmatt_app.core.interfaces import NotReady, Step, silent
from instmatt_app.files.atomic import write_beside
from instmatt_app.files.catalogue import Model, read_catalogue
from instmatt_app.files.download import download

BLOCK = 2**22


class ModelError(ValueError):
    """A model that cannot be had or is damaged; the message is one sentence."""


@dataclass(frozen=True)
class Origin:
    """Where a ready model came from. ``checked`` says what was held against what its owners publish."""

    model: str
    source: str
    source_sha256: str
    sha256: str
    checked: str
    licence: str
    when: str


class ModelStore:
    """The models of the catalogue in the program's folder (``shipped``) and the person's (``own``)."""

    def __init__(self, shipped: Path | None = None, own: Path | None = None) -> None:
        self.shipped = shipped or places.models_folder()
        self.own = own or places.user_models_folder()
        self.models = read_catalogue(self.shipped / "models.toml")

    def model(self, name: str) -> Model:
        """The entry of that name; ModelError if there is none."""
        if name not in self.models:
            raise ModelError(f"There is no model {name!r}; there are {', '.join(self.models)}.")
        return self.models[name]

    def ready_file(self, name: str) -> Path | None:
        """The model's file, ready to be loaded; None if it is not there or nobody knows the name."""
        if name not in self.models:
            return None
        places = (folder / self.models[name].file for folder in (self.own, self.shipped))
        return next((place for place in places if place.is_file()), None)

    def is_ready(self, name: str) -> bool:
        """Whether :meth:`prepare` would give the file, perhaps after a conversion; looks at no contents."""
        return self.ready_file(name) is not None or (name in self.models and self._elsewhere(name) is not None)

    def prepare(self, name: str, step: Step = silent) -> Path:
        """The model's file; one that another program has downloaded is taken over first.

        Raises:
            NotReady: it is not there; the message says how to get it.
            ModelError, WeightsError: what another program has is not the published file.
        """
        ready = self.ready_file(name)
        if ready is None and (there := self._elsewhere(name)) is not None:
            ready = self.take(there, name, step)
        if ready is None:
            raise NotReady(f"The model {name} is not there yet; “instmatt models fetch {name}” gets it.")
        return ready

    def fetch(self, name: str, step: Step = silent) -> Path:
        """Downloads a model from its owners, unless it is there already, and makes it ready.

        Raises:
            ModelError: nobody publishes it, or what came is not what was published.
            DownloadError: it cannot be had now; what has arrived is kept and the next call goes on from there.
            WeightsError: what came does not fit the network.
        """
        model = self.model(name)
        if self.is_ready(name):
            return self.prepare(name, step)
        if not model.url:
            raise ModelError(f"The model {name} is published nowhere yet; it comes with the program or not at all.")
        self.own.mkdir(parents=True, exist_ok=True)
        landed = self.own / model.published
        if not landed.is_file():
            download(model.url, landed, model.megabytes, step)
        try:
            ready = self.take(landed, name, step, source=model.url)
        except ValueError:
            # What did not pass would not pass the next time either.
            landed.unlink(missing_ok=True)
            raise
        landed.unlink(missing_ok=True)
        return ready

    def take(self, file: Path, name: str, step: Step = silent, source: str = "") -> Path:
        """Makes a file the model ``name``: checks it, converts it, notes where it came from. The file stays.

        Raises:
            ModelError: its checksum is another one than the published file's.
            WeightsError: it does not fit the network.
        """
        from instmatt_app.engine.conversion import convert

        model = self.model(name)
        step(0, 3, f"checking {file.name}")
        own_sha = digest(file, "sha256", step)
        checked = self._check(model, file, own_sha, step)
        step(1, 3, f"converting {file.name}")
        target = self.own / model.file
        self.own.mkdir(parents=True, exist_ok=True)
        write_beside(target, lambda beside: convert(file, model.kind, beside), overwrite=True)
        step(2, 3, "checking what was written")
        origin = Origin(
            name,
            source or str(file.absolute()),
            own_sha,
            digest(target, "sha256", step),
            checked,
            model.licence,
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        note = json.dumps(asdict(origin), indent=2, ensure_ascii=False).encode() + b"\n"
        write_beside(_note_of(target), note, overwrite=True)
        step(3, 3, f"{name} is ready")
        return target

    def recognise(self, file: Path) -> str:
        """The name of the model that a file holds, by the names of its tensors.

        Raises:
            ModelError: it is none that can be imported, or one of several.
            WeightsError: it cannot be read.
        """
        from instmatt_app.engine.conversion import kind_of, read_published

        named = [name for name, model in self.models.items() if file.name in (model.published, model.file)]
        if len(named) == 1:
            return named[0]
        kind = kind_of(read_published(file))
        fitting = [name for name, model in self.models.items() if model.kind == kind and model.url]
        if len(fitting) != 1:
            raise ModelError(
                f"{file.name} is none of the models that can be imported ({', '.join(self.models)}); "
                "name the one that it is with --as."
            )
        return fitting[0]

    def verify(self, name: str, step: Step = silent) -> str:
        """What the checksum of a ready model says, as a sentence.

        Raises:
            NotReady: it is not there.
            ModelError: the file has changed since it was made or published.
        """
        path = self.ready_file(name)
        if path is None:
            raise NotReady(f"{name} is not there.")
        own_sha = digest(path, "sha256", step)
        origin = self.origin(name)
        model = self.models[name]
        expected = origin.sha256 if origin is not None else model.sha256 if not model.download else ""
        if not expected:
            return f"{name} is there; nobody noted a checksum to hold against its own, {own_sha[:12]}…"
        if not own_sha.startswith(expected):
            raise ModelError(f"{path} has changed since it was made; fetch or import it again.")
        since = f"as imported, {origin.checked}" if origin is not None else "as published"
        return f"{name} is whole: {since}; SHA-256 {own_sha[:12]}…"

    def origin(self, name: str) -> Origin | None:
        """Where a ready model of the person's folder came from; None where there is no note."""
        path = self.ready_file(name)
        if path is None:
            return None
        try:
            return Origin(**json.loads(_note_of(path).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _elsewhere(self, name: str) -> Path | None:
        """The published file, left in the person's folder by a run that was stopped, or in another program's cache."""
        landed = self.own / self.models[name].published
        return landed if landed.is_file() else self.models[name].cached()

    def _check(self, model: Model, file: Path, own_sha: str, step: Step) -> str:
        """Holds the checksums that are known against the file's, and says in a few words which there were."""
        if file.suffix.lower() != Path(model.published).suffix.lower():
            return "checked by structure only: it is no longer in the published layout"
        for name, expected in (("sha256", model.sha256), ("md5", model.md5)):
            if expected:
                actual = own_sha if name == "sha256" else digest(file, name, step)
                if not actual.startswith(expected):
                    raise ModelError(
                        f"{file.name} is not the published file: its {name.upper()} begins with "
                        f"{actual[: len(expected)]} instead of {expected}; it is damaged, or another one."
                    )
                whole = len(expected) == len(actual)
                return f"{name.upper()} {'' if whole else f'begins with {expected} '}as published"
        return "checked by structure only: its owners publish no checksum"


def digest(path: Path, name: str, step: Step = silent) -> str:
    """The file's checksum in hexadecimal digits."""
    total = path.stat().st_size
    state = hashlib.new(name, usedforsecurity=False)
    done = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            state.update(block)
            done += len(block)
            step(done, total, f"checksum of {path.name}")
    return state.hexdigest()


def _note_of(path: Path) -> Path:
    return path.with_suffix(".json")
