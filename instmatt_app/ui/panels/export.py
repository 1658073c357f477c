"""Export: what, how and where to; writes what the command line writes for the same mattes, by the same code."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSettings, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.api.exporting import Export
from instmatt_app.api.result import Result
from instmatt_app.core.interfaces import Step
from instmatt_app.files.export_options import ExportOptions, options_from_json
from instmatt_app.files.preferences import Preferences
from instmatt_app.files.project_record import Json
from instmatt_app.ui.conductor import Conductor, Writer
from instmatt_app.ui.document import Document
from instmatt_app.ui.panels.export_files import ExportFiles
from instmatt_app.ui.panels.export_form import ExportForm
from instmatt_app.ui.panels.export_presets import PresetRow

Answer = Literal["ask", "replace", "both"]
_MOST_NAMES = 8


class ExportPanel(QWidget):
    """Presets, options, the files that come of them, and the button that writes.

    ``asked`` carries the writer for the conductor; ``said`` a sentence; ``options_changed`` says that what is chosen is
    something else.
    """

    asked = Signal(object)
    said = Signal(str, bool)
    options_changed = Signal()

    def __init__(self, document: Document, conductor: Conductor, presets: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._waiting: Answer | None = None
        self.question: QMessageBox | None = None
        heading = QLabel(self.tr("Export"))
        heading.setObjectName("heading")
        self.presets = PresetRow(presets)
        self.form = ExportForm()
        self.files = ExportFiles()
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Folder"))
        self.folder.setToolTip(self.tr("Every photo has a folder of its own in this one"))
        choose = QPushButton(self.tr("…"))
        choose.setAccessibleName(self.tr("Choose the folder"))
        choose.clicked.connect(self._choose_folder)
        place = QHBoxLayout()
        place.addWidget(self.folder)
        place.addWidget(choose)
        self.button = QPushButton(self.tr("Export people"))
        self.button.setObjectName("primary")
        self.button.clicked.connect(lambda: self.export())
        layout = QVBoxLayout(self)
        layout.addWidget(heading)
        layout.addWidget(self.presets)
        layout.addLayout(place)
        layout.addWidget(self.form)
        layout.addWidget(self.files)
        self.presets.chosen.connect(self.show_options)
        self.presets.said.connect(self.said)
        self.form.changed.connect(self._on_changed)
        self.folder.textChanged.connect(self.renew)
        self.files.looked.connect(self._on_looked)
        document.changed.connect(self.renew)
        document.replaced.connect(self._on_replaced)
        conductor.shown_changed.connect(self.renew)
        conductor.exported.connect(lambda files: self.files.look())
        self.presets.show_options(self.form.options())
        self._on_replaced()

    def options(self) -> ExportOptions:
        """What is chosen. Raises ValueError, with a sentence, while the file names make no sense."""
        return self.form.options()

    def show_options(self, options: ExportOptions) -> None:
        """Chooses these."""
        self.form.show_options(options)

    def kept(self) -> dict[str, Json]:
        """What a project keeps of this panel; nothing while the file names make no sense."""
        try:
            return {"export": self.form.options().to_json()}
        except ValueError:
            return {}

    def restore(self, settings: Mapping[str, Json]) -> None:
        """Chooses what a project has kept, if that makes sense."""
        with contextlib.suppress(ValueError):
            self.form.show_options(options_from_json(settings.get("export")))

    def begin_with(self, preferences: Preferences) -> None:
        """Takes what is preferred for exports."""
        preferred = ExportOptions(
            format=preferences.export_format,
            layers=preferences.export_layers,
            recomposable=preferences.export_recomposable,
            profile=preferences.export_profile,
            metadata=preferences.export_metadata,
        )
        self.form.show_options(preferred)

    def renew(self) -> None:
        """Shows the files of what is chosen, for the people as they are."""
        photo, state = self._document.photo, self._document.state
        names = [one.name for one in state.instances]
        size = None if photo is None else (photo.width, photo.height)
        result = self._conductor.result if self._conductor.is_current else None
        export: Export | str
        try:
            export = self._export()
        except ValueError as wrong:
            export = str(wrong)
        fine = self.files.show_export(export, names, size, result)
        self.button.setEnabled(fine and bool(names))

    def export(self, answer: Answer = "ask") -> None:
        """Writes the files when the mattes are ready; asks once about all that are there, if it is to."""
        if self.button.isEnabled():
            self._waiting = answer
            self.files.look()

    @property
    def is_under_way(self) -> bool:
        """Whether files are being written, or will be when the mattes are ready."""
        return self._conductor.detailing.owes("export") or self._conductor.files_lane.has("export")

    def close_lane(self) -> None:
        """Before the window closes: nothing is looked at any more."""
        self.files.close_lane()

    def _export(self) -> Export:
        photo = self._document.photo
        stem = photo.stem if photo is not None else "photo"
        return Export(self.form.options(), Path(self.folder.text()).expanduser() / stem, stem)

    def _on_looked(self, export: Export, names: tuple[str, ...], present: list[Path]) -> None:
        # What was looked at before the last change is not what is asked for.
        if self._waiting is None or not self.button.isEnabled() or export != self._export():
            return
        answer, self._waiting = self._waiting, None
        if not present:
            self._write(export, overwrite=False)
        elif answer == "replace":
            self._write(export, overwrite=True)
        elif answer == "both":
            self._write(export.beside(names), overwrite=False)
        else:
            self._ask(export, names, present)

    def _ask(self, export: Export, names: tuple[str, ...], present: list[Path]) -> None:
        """One question for all files; the window goes on meanwhile."""
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Export"), "", parent=self.window())
        text = self.tr("1 file is there already in “{folder}”.")
        if len(present) > 1:
            text = self.tr("{count} files are there already in “{folder}”.")
        box.setText(text.format(count=len(present), folder=export.folder))
        listed = [path.name for path in present[:_MOST_NAMES]]
        box.setInformativeText("\n".join([*listed, "…"] if len(present) > _MOST_NAMES else listed))
        replace = box.addButton(self.tr("Replace all"), QMessageBox.ButtonRole.DestructiveRole)
        both = box.addButton(self.tr("Keep both"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(both)
        replace.clicked.connect(partial(self._write, export, overwrite=True))
        both.clicked.connect(lambda: self._write(export.beside(names), overwrite=False))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(lambda: setattr(self, "question", None))
        self.question = box
        box.open()

    def _write(self, export: Export, *, overwrite: bool) -> None:
        self.asked.emit(_writer(export, overwrite))

    def _on_changed(self) -> None:
        try:
            options = self.form.options()
        except ValueError:
            pass  # said among the files
        else:
            self.presets.show_options(options)
            self.options_changed.emit()
        self.renew()

    def _on_replaced(self) -> None:
        self._waiting = None
        photo = self._document.photo
        kept = QSettings().value("export/folder", "")
        if kept:
            self.folder.setText(str(kept))
        elif photo is not None and photo.path is not None:
            self.folder.setText(str(photo.path.parent / "layers"))
        else:
            pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
            self.folder.setText(str(Path(pictures) / "InstMatt Studio"))
        self.renew()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for the layers"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            QSettings().setValue("export/folder", chosen)


def _writer(export: Export, overwrite: bool) -> Writer:
    def write(result: Result, step: Step) -> list[Path]:
        return export.write(result, overwrite=overwrite, step=step)

    return write
