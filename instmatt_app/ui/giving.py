"""A person given away: the cut-out as a PNG file that another program gets when a row is dragged out of the list.

The file is made on a lane of its own from the moment when the drag begins. Qt asks for it on the UI thread, and only
when another program takes the drop (some ask earlier, when the cursor comes over them); what is not ready by then is
waited for there, because Qt has no way to answer later.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QUrl, Signal

from instmatt_app.api import Result
from instmatt_app.core.interfaces import Cancelled, Step
from instmatt_app.files.layer_writer import Layer, layer_targets, write_layers
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job, Lane

PATIENCE_SECONDS = 30.0
# A drop waits on the UI thread: for detail, which can take minutes, no longer than this. It goes on meanwhile.
DETAIL_SECONDS = 3.0
POLL_SECONDS = 0.05
URIS = "text/uri-list"
_LONGEST_NAME = 80


class FileOnDemand(QMimeData):
    """Says at once that it is a file, and waits for the file when somebody takes it; ``ready`` does the waiting."""

    def __init__(self, path: Path, ready: Callable[[], bool]) -> None:
        super().__init__()
        self._path = path
        self._ready = ready

    def formats(self) -> list[str]:
        return [*super().formats(), URIS]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype == URIS or super().hasFormat(mimetype)

    def retrieveData(self, mimetype: str, preferred: Any) -> object:
        if mimetype != URIS:
            return super().retrieveData(mimetype, preferred)
        return [QUrl.fromLocalFile(str(self._path))] if self._ready() else None


class Giving(QObject):
    """Makes the files. ``said`` carries a sentence about trouble."""

    said = Signal(str, bool)

    def __init__(self, document: Document, conductor: Conductor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._lane: Lane | None = None
        self._folder: Path | None = None
        self._count = 0

    def file_of(self, person: int) -> FileOnDemand | None:
        """The person's cut-out as a file to be, cropped and with its place; None if the matte is not ready."""
        index = self._conductor.index(person)
        if self._conductor.result is None or index is None or not self._conductor.is_current:
            return None
        promised = self._conductor.detailing.promised()
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="instmatt-"))
        if self._lane is None:
            self._lane = Lane("giving", self)
            self._lane.failed.connect(lambda job, error: self.said.emit(str(error), True))
        self._lane.stop_all()
        self._count += 1
        stem = file_stem(self._document.state.person(person).name)
        # A folder for every drag: who was dragged before may still be being read.
        folder, done, written = self._folder / str(self._count), threading.Event(), threading.Event()

        def work(step: Step) -> None:
            try:
                _write(_kept(promised, step), index, folder, stem, step)
                written.set()
            finally:
                done.set()

        job = self._lane.submit(Job("give", work))

        def ready() -> bool:
            if not promised.done():  # one that is cancelled would be waited for
                wait([promised], DETAIL_SECONDS)
            if not promised.done():
                job.stop()
                self.said.emit(self.tr("The detail of this photo takes longer; drag again when it is ready."), False)
                return False
            if not done.wait(PATIENCE_SECONDS):
                job.stop()
                self.said.emit(self.tr("The cut-out took too long to make; drag again."), True)
            return written.is_set()

        return FileOnDemand(layer_targets(folder, [stem], "cutout", "png")[0], ready)

    def close(self) -> None:
        """Removes what was given away and not taken."""
        if self._lane is not None:
            self._lane.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _kept(promised: Future[Result], step: Step) -> Result:
    """What was promised, when it is there. Raises Cancelled."""
    while True:
        step(0, 2, "waiting for the detail")
        try:
            return promised.result(POLL_SECONDS)
        except TimeoutError:
            continue
        except CancelledError:
            raise Cancelled from None


def _write(result: Result, index: int, folder: Path, stem: str, step: Step) -> None:
    step(0, 2, "clean colours")
    colours, alpha = result.cutout(index, 255)
    layer = Layer(stem, alpha, colours, result.photo.profile)
    write_layers(folder, [layer], format="png", layers_kind="cutout", overwrite=False, cropped=True, step=step)


def file_stem(name: str) -> str:
    """A person's name as that of a file on any system."""
    plain = "".join("_" if sign in '<>:"/\\|?*' or not sign.isprintable() else sign for sign in name).strip(" .")
    return plain[:_LONGEST_NAME] or "person"
