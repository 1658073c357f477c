"""Opening: photos and projects from files, folders, the clipboard, the sample and what was opened before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QSettings, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from instmatt_app.core.photo import Photo
from instmatt_app.files.photo_reader import is_photo_name
from instmatt_app.files.project_file import SUFFIX
from instmatt_app.places import resources_folder
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.images import array_of
from instmatt_app.ui.project_actions import ProjectActions
from instmatt_app.ui.roll.roll import Roll

RECENT = 8


class Opening(QObject):
    """The ways into the window. ``said`` carries a sentence for the person and whether it is about trouble."""

    said = Signal(str, bool)

    def __init__(self, conductor: Conductor, projects: ProjectActions, roll: Roll, window: QWidget) -> None:
        super().__init__(window)
        self._conductor = conductor
        self._roll = roll
        self._window = window
        projects.used.connect(lambda path: self._remember([path]))

    def choose(self) -> None:
        """Asks for a file and opens it."""
        title, folder = self.tr("Open a photo"), str(QSettings().value("open/folder", ""))
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder)
        if name:
            QSettings().setValue("open/folder", str(Path(name).parent))
            self.open_paths([Path(name)])

    def open_paths(self, paths: list[Path]) -> None:
        """Opens the photos and projects among these files, and those in these folders, as a roll."""
        # What is written beside a photo is told by a place that does not depend on where the program was started.
        whole = [path.absolute() for path in paths]
        photos = [photo for path in whole for photo in (_in_folder(path) if path.is_dir() else [path])]
        if not photos:
            self.said.emit(self.tr("There is no photo in it (JPEG, PNG, TIFF, WebP or BMP)."), True)
            return
        self._remember([photo for photo in photos if photo.suffix.lower() != SUFFIX])
        self._roll.show(photos)

    def open_sample(self) -> None:
        self.open_paths([resources_folder() / "samples" / "group.jpg"])

    def paste(self) -> None:
        """Opens the picture, or the file, that the clipboard holds."""
        self.open_mime(QGuiApplication.clipboard().mimeData())

    def open_mime(self, mime: QMimeData) -> None:
        """Opens the files, or else the picture, of what was dropped or copied."""
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.open_paths(paths)
        elif mime.hasImage():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._conductor.open_photo(Photo(array_of(image)))
        else:
            self.said.emit(self.tr("There is no picture in it; save it as a file first and open that."), True)

    def recent(self) -> list[Path]:
        """Photos that were opened, the last first, as far as they are still there."""
        kept = QSettings().value("open/recent", [])
        # One name comes back as itself, several as a list.
        names = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [Path(name) for name in names if Path(name).is_file()]

    def _remember(self, photos: list[Path]) -> None:
        names = [str(path.absolute()) for path in (*photos, *self.recent())]
        QSettings().setValue("open/recent", list(dict.fromkeys(names))[:RECENT])


def _in_folder(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if is_photo_name(path) or path.suffix.lower() == SUFFIX)
