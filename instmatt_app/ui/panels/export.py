"""Export: which form, which folder; writes what the command line would write for the same mattes."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QSettings, QStandardPaths, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.api import Result
from instmatt_app.core.interfaces import Step
from instmatt_app.files.export_options import DocumentName, FormatName, LayersKind
from instmatt_app.files.formats import DOCUMENTS, FORMATS
from instmatt_app.files.preferences import Preferences
from instmatt_app.files.profiles import PROFILES, ProfileName
from instmatt_app.ui.conductor import Conductor, Writer
from instmatt_app.ui.document import Document

LAYERS: tuple[LayersKind, ...] = ("alpha", "cutout", "both", "trimap", "trimatte")


class ExportPanel(QWidget):
    """Folder, format and layers, and the button that writes. ``asked`` carries the writer for the conductor."""

    asked = Signal(object)

    def __init__(self, document: Document, conductor: Conductor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        heading = QLabel(self.tr("Export"))
        heading.setObjectName("heading")
        self.format = QComboBox()
        self.format.addItems([*FORMATS, *DOCUMENTS])
        self.layers = QComboBox()
        names = (self.tr("Alpha"), self.tr("Cut-out"), self.tr("Both"), self.tr("Trimap"), self.tr("Tri-matte"))
        for kind, text in zip(LAYERS, names, strict=True):
            self.layers.addItem(text, kind)
        self.profile = QComboBox()
        for profile, text in zip(PROFILES, (self.tr("The photo's own"), "sRGB", "Display P3"), strict=True):
            self.profile.addItem(text, profile)
        self.metadata = QCheckBox(self.tr("Keep the camera's notes"))
        self.metadata.setToolTip(self.tr("EXIF, places included; in PNG, WebP, PSD and ORA"))
        self.recomposable = QCheckBox(self.tr("Layers show the photo again"))
        self.recomposable.setToolTip(
            self.tr("The layers, laid over each other, give the photo back; their alphas are stacked")
        )
        self.overwrite = QCheckBox(self.tr("Replace files that are there"))
        self.folder = QLineEdit()
        choose = QPushButton(self.tr("…"))
        choose.setAccessibleName(self.tr("Choose the folder"))
        choose.clicked.connect(self._choose_folder)
        place = QHBoxLayout()
        place.addWidget(self.folder)
        place.addWidget(choose)
        form = QFormLayout()
        form.addRow(self.tr("Folder"), place)
        form.addRow(self.tr("Format"), self.format)
        form.addRow(self.tr("Layers"), self.layers)
        form.addRow(self.tr("Colours"), self.profile)
        form.addRow("", self.recomposable)
        form.addRow("", self.metadata)
        form.addRow("", self.overwrite)
        self.button = QPushButton(self.tr("Export people"))
        self.button.setObjectName("primary")
        self.button.clicked.connect(self.export)
        layout = QVBoxLayout(self)
        layout.addWidget(heading)
        layout.addLayout(form)
        layout.addWidget(self.button)
        for widget, name in (
            (self.format, self.tr("Format")), (self.layers, self.tr("Layers")), (self.folder, self.tr("Folder")),
            (self.profile, self.tr("Colours")),
        ):  # fmt: skip
            widget.setAccessibleName(name)
        self.format.currentTextChanged.connect(self.renew)
        document.changed.connect(self.renew)
        document.replaced.connect(self._on_replaced)
        self._on_replaced()

    def begin_with(self, preferences: Preferences) -> None:
        """Takes what is preferred for exports."""
        for box, value in (
            (self.layers, preferences.export_layers), (self.profile, preferences.export_profile),
        ):  # fmt: skip
            box.setCurrentIndex(box.findData(value))
        self.format.setCurrentText(preferences.export_format)
        self.metadata.setChecked(preferences.export_metadata)
        self.recomposable.setChecked(preferences.export_recomposable)

    def renew(self) -> None:
        """Enables what has an effect."""
        name = self.format.currentText()
        self.layers.setEnabled(name in FORMATS)
        self.recomposable.setEnabled(name in DOCUMENTS and DOCUMENTS[name].background)
        self.button.setEnabled(bool(self._document.state.instances))

    def export(self) -> None:
        """Asks for the files; they come when the mattes are ready."""
        self.asked.emit(self.writer())

    def writer(self) -> Writer:
        """Writes a result as the panel says now."""
        photo = self._document.photo
        stem = photo.stem if photo is not None else "photo"
        folder = Path(self.folder.text()).expanduser() / stem
        name, overwrite = self.format.currentText(), self.overwrite.isChecked()
        kind: LayersKind = self.layers.currentData()
        recomposable = self.recomposable.isChecked() and self.recomposable.isEnabled()
        profile: ProfileName = self.profile.currentData()
        metadata = self.metadata.isChecked()

        def write(result: Result, step: Step) -> list[Path]:
            result = result.in_profile(profile)
            if name in DOCUMENTS:
                return [
                    result.save_document(
                        folder, format=cast(DocumentName, name), stem=stem, recomposable=recomposable,
                        metadata=metadata, overwrite=overwrite, step=step,
                    )
                ]  # fmt: skip
            return result.save(
                folder, layers=kind, format=cast(FormatName, name), metadata=metadata, overwrite=overwrite, step=step
            )

        return write

    def _on_replaced(self) -> None:
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
