"""Sources: what the [[data]] tables of a configuration name, opened, checked and mixed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from instmatt_app.training.composition.archive import DataError
from instmatt_app.training.composition.record import Composition
from instmatt_app.training.config import CocoData, ComposedData, DataEntry
from instmatt_app.training.samples import Rng, Source

# How many photos without usable people are passed over before a set of photos is called useless.
PATIENCE = 100
# Of large sets a check opens about so many pictures.
OPENED = 400


class Mixed:
    """Several sources drawn from by their weights."""

    def __init__(self, sources: Sequence[Source], weights: Sequence[float]) -> None:
        self._sources = tuple(sources)
        self._shares = np.asarray(weights, np.float64) / np.sum(weights)

    def draw(self, rng: Rng, size: tuple[int, int]) -> Composition:
        """A composition of one of the sources."""
        return self._sources[rng.choice(len(self._sources), p=self._shares)].draw(rng, size)


class CocoPhotos:
    """Photos of people with hard masks as compositions, as large as they are."""

    def __init__(self, entry: CocoData, folder: Path, validation: bool) -> None:
        from instmatt_app.training.composition.coco import CocoPeople

        self._people = CocoPeople([folder / name for name in entry.photos], folder / entry.annotations)
        self._least = entry.least_share
        self._ids = [photo.id for photo in self._people.photos if photo.annotations and photo.validation == validation]
        if not self._ids:
            raise DataError(f"“{entry.annotations}” names no photo of people of this split.")

    def check(self) -> None:
        """Raise DataError, with file names, for photos and masks that are missing, broken or of the wrong size."""
        self._people.check(max(1, len(self._people) // OPENED))

    def draw(self, rng: Rng, size: tuple[int, int]) -> Composition:
        """A random photo with its people; ``size`` is not looked at."""
        for _ in range(PATIENCE):
            made = self._people.composition(self._ids[rng.integers(len(self._ids))], self._least)
            if made is not None:
                return made
        raise DataError(f"{PATIENCE} photos in a row have no person with a usable mask.")


class ComposedPhotos:
    """Compositions made on the fly."""

    def __init__(self, entry: ComposedData, folder: Path, validation: bool) -> None:
        from instmatt_app.training.composition.backgrounds import Backgrounds
        from instmatt_app.training.composition.coco import CocoPeople
        from instmatt_app.training.composition.composer import Composer
        from instmatt_app.training.composition.cutouts import CutOuts

        self._cutouts = CutOuts([folder / name for name in entry.cutouts], validation)
        empty = None
        if entry.empty_photos:
            empty = CocoPeople([folder / name for name in entry.empty_photos], folder / entry.empty_annotations)
        self._backgrounds = Backgrounds([folder / name for name in entry.backgrounds], validation, empty)
        self._composer = Composer(self._cutouts, self._backgrounds)

    def check(self) -> None:
        """Raise DataError, with its name, for the first of the cut-outs and backgrounds that cannot be read."""
        for pictures in (self._cutouts, self._backgrounds):
            for number in range(0, len(pictures), max(1, len(pictures) // OPENED)):
                pictures.read(number)

    def draw(self, rng: Rng, size: tuple[int, int]) -> Composition:
        """A composition of this size."""
        return self._composer.draw(rng, size)


Opened = CocoPhotos | ComposedPhotos


def open_data(entries: Sequence[DataEntry], folder: Path, validation: bool) -> Mixed:
    """What the tables name, relative to ``folder``, mixed by weight. Training data is checked first.

    Raises DataError, with file names, for what is missing, broken or empty. Validation leaves out photos whose alphas
    are not exact, unless there is nothing else.
    """
    used = [entry for entry in entries if entry.weight > 0]
    if validation and any(isinstance(entry, ComposedData) for entry in used):
        used = [entry for entry in used if isinstance(entry, ComposedData)]
    opened: list[Opened] = [
        ComposedPhotos(entry, folder, validation)
        if isinstance(entry, ComposedData)
        else CocoPhotos(entry, folder, validation)
        for entry in used
    ]
    if not validation:
        for one in opened:
            one.check()
    return Mixed(opened, [entry.weight for entry in used])
