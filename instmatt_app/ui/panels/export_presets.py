"""Presets of exports: the ones that come with the program, and one's own, which can be kept and deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import qtawesome
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from instmatt_app.files.atomic import WriteError
from instmatt_app.files.export_options import ExportOptions
from instmatt_app.files.export_presets import Presets, delete_preset, read_presets, save_preset
from instmatt_app.ui.theme import ICON


class PresetRow(QWidget):
    """A list of names with a line for a new one. ``chosen`` carries the options of a preset; ``said`` a sentence."""

    chosen = Signal(object)
    said = Signal(str, bool)

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._options = ExportOptions()
        self.shipped: dict[str, ExportOptions] = {
            self.tr("Alphas"): ExportOptions(),
            self.tr("Photoshop layers"): ExportOptions(format="psd"),
            self.tr("Krita and GIMP"): ExportOptions(format="psd-transparency"),
            self.tr("Compositing (EXR)"): ExportOptions(format="exr", background="none"),
            self.tr("Web"): ExportOptions(format="webp", layers="cutout", profile="srgb"),
            self.tr("The photo in layers"): ExportOptions(format="psd", recomposable=True),
        }
        self.own: dict[str, ExportOptions] = {}
        self.names = QComboBox()
        self.names.setEditable(True)
        self.names.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.names.setAccessibleName(self.tr("Preset"))
        self.names.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        line = self.names.lineEdit()
        assert line is not None
        line.setPlaceholderText(self.tr("Name for these options"))
        line.setAccessibleName(self.tr("Name of the preset"))
        self.save = self._button("mdi6.content-save-outline", self.tr("Keep these options under this name"))
        self.delete = self._button("mdi6.trash-can-outline", self.tr("Delete this preset"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.names, 1)
        layout.addWidget(self.save)
        layout.addWidget(self.delete)
        self.save.clicked.connect(self._save)
        self.delete.clicked.connect(self._delete)
        self.names.activated.connect(self._on_chosen)
        self.names.editTextChanged.connect(self._enable)
        self._show(read_presets(path))

    def show_options(self, options: ExportOptions) -> None:
        """Names the preset that is these options, if there is one."""
        self._options = options
        names = [name for name, one in {**self.shipped, **self.own}.items() if one == options]
        with QSignalBlocker(self.names):
            if self.names.currentText() not in names:
                self.names.setCurrentIndex(self.names.findText(names[0], Qt.MatchFlag.MatchExactly) if names else -1)
                if not names:
                    self.names.setEditText("")
        self._enable()

    def _show(self, presets: Presets) -> None:
        self.own = {name: one for name, one in presets.options.items() if name not in self.shipped}
        with QSignalBlocker(self.names):
            self.names.clear()
            self.names.addItems([*self.shipped, *self.own])
        if presets.lost:
            text = self.tr(
                "Some presets of exports could not be read: {names}. Their file is kept when it is next changed."
            )
            self.said.emit(text.format(names=", ".join(presets.lost)), True)
        self.show_options(self._options)

    def _on_chosen(self) -> None:
        options = {**self.shipped, **self.own}.get(self.names.currentText())
        if options is not None:
            self._options = options
            self.chosen.emit(options)
        self._enable()

    def _save(self) -> None:
        name = self.names.currentText().strip()
        options = self._options
        self._change(lambda: save_preset(self._path, name, options))

    def _delete(self) -> None:
        name = self.names.currentText().strip()
        self._change(lambda: delete_preset(self._path, name))

    def _change(self, change: Callable[[], Presets]) -> None:
        try:
            presets = change()
        except (WriteError, ValueError) as error:
            self.said.emit(str(error), True)
            return
        self._show(presets)

    def _enable(self) -> None:
        name = self.names.currentText().strip()
        self.save.setEnabled(bool(name) and name not in self.shipped and self.own.get(name) != self._options)
        self.delete.setEnabled(name in self.own)

    def _button(self, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(qtawesome.icon(icon, color=ICON))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
