"""Exchange: masks and trimaps that are dropped become people, and a person goes to the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from instmatt_app.api import Result
from instmatt_app.core.edits import import_people
from instmatt_app.core.interfaces import Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TilePlane
from instmatt_app.files.formats.png import encode_png
from instmatt_app.files.layer_writer import at_depth, quantised
from instmatt_app.files.mask_reader import read_guidance
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.images import grey_image, rgba_image
from instmatt_app.ui.jobs import Job

Guidance = tuple[str, TilePlane, TilePlane | None]


class Exchange(QObject):
    """Reads and makes on the files lane. ``photos_came`` carries dropped files that are no masks."""

    photos_came = Signal(list)
    said = Signal(str, bool)

    def __init__(self, document: Document, conductor: Conductor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._copied: tuple[QMimeData, QImage] | None = None
        conductor.files_lane.finished.connect(self._on_finished)

    def take(self, paths: list[Path]) -> None:
        """Files that were dropped: people, if all of them are masks, alphas or trimaps of the photo; else photos."""
        photo = self._document.photo
        if photo is None or not all(path.is_file() for path in paths):
            self.photos_came.emit(paths)
            return

        def read(step: Step) -> tuple[Photo, list[Path], list[Guidance]]:
            found: list[Guidance] = []
            for number, path in enumerate(paths):
                step(number, len(paths), f"reading {path.name}")
                try:
                    guidance = read_guidance(path, photo.width, photo.height)
                except ValueError:
                    guidance = None  # whoever opens it as a photo says what is wrong with it
                if guidance is None:
                    return photo, paths, []
                found.append((path.stem, *guidance))
            return photo, paths, found

        self._conductor.files_lane.submit(Job("take", read))

    def copy(self) -> None:
        """The selected person's cut-out to the clipboard, with its transparency, cut to what is seen."""
        self._copy(_cut_out)

    def copy_mask(self) -> None:
        """The selected person's alpha to the clipboard, as a grey picture of the photo's size."""
        self._copy(_alpha)

    def _copy(self, make: Callable[[Result, int, Step], NDArray[np.uint8]]) -> None:
        """Makes the picture of the selected person on the lane, in full detail, and puts it into the clipboard."""
        conductor, selected = self._conductor, self._document.selected
        if not selected or conductor.index(selected[0]) is None or not conductor.is_current:
            self.said.emit(self.tr("Select a person whose matte is ready."), False)
            return
        person = selected[0]
        lost = self.tr("Nothing was copied.")

        def copy(result: Result) -> None:
            index = conductor.index(person)
            if index is None:
                self.said.emit(lost, False)
            else:
                conductor.files_lane.submit(Job("copy", lambda step: _with_file(make(result, index, step))))

        conductor.detailing.use("copy", copy, lost)

    def close(self) -> None:
        """Before the window closes: leaves the picture in the clipboard, but no object of Python's.

        Qt destroys its clipboard after Python has ended, and an object that was made here crashes then.
        """
        clipboard = QGuiApplication.clipboard()
        if self._copied is not None and clipboard.mimeData() is self._copied[0]:
            clipboard.setImage(self._copied[1])
        self._copied = None

    def _on_finished(self, job: Job, result: object) -> None:
        if job.stopped.is_set():
            return
        if job.name == "take":
            assert isinstance(result, tuple)
            photo, paths, found = result
            if photo is not self._document.photo:
                return
            if found:
                self._document.do(import_people(found))
            else:
                self.photos_came.emit(paths)
        elif job.name == "copy":
            assert isinstance(result, tuple)
            file, picture = result
            mime = QMimeData()
            # As a file for programs that keep transparency, as a picture for all others.
            mime.setData("image/png", file)
            is_mask = picture.ndim == 2
            image = grey_image(picture) if is_mask else rgba_image(picture)
            mime.setImageData(image)
            self._copied = (mime, image)
            QGuiApplication.clipboard().setMimeData(mime)
            text = self.tr("The alpha is in the clipboard.") if is_mask else self.tr("The cut-out is in the clipboard.")
            self.said.emit(text, False)


def _with_file(picture: NDArray[np.uint8]) -> tuple[bytes, NDArray[np.uint8]]:
    return encode_png(picture), picture


def _alpha(result: Result, index: int, step: Step) -> NDArray[np.uint8]:
    """The person's alpha, uint8 (H, W)."""
    step(0, 1, "alpha")
    return quantised(result.alpha(index), np.uint8).astype(np.uint8)


def _cut_out(result: Result, index: int, step: Step) -> NDArray[np.uint8]:
    """The person's cut-out, straight RGBA, uint8 (h, w, 4), cut to what is seen."""
    step(0, 1, "clean colours")
    # Programs that paste take colours for sRGB.
    colours, alpha = result.in_profile("srgb").cutout(index, 255)
    levels = quantised(alpha, np.uint8)
    rows, columns = np.flatnonzero(levels.any(axis=1)), np.flatnonzero(levels.any(axis=0))
    if not rows.size:
        return np.zeros((1, 1, 4), np.uint8)
    area = np.s_[int(rows[0]) : int(rows[-1]) + 1, int(columns[0]) : int(columns[-1]) + 1]
    rgba = np.empty((*levels[area].shape, 4), np.uint8)
    rgba[..., :3], rgba[..., 3] = at_depth(colours[area], np.uint8), levels[area]
    return rgba
