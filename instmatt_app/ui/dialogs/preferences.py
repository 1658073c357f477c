"""The preferences: a window beside the work, in which every change takes effect at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import psutil
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.files.formats import DOCUMENTS, FORMATS
from instmatt_app.files.preferences import AUTOSAVE_MINUTES, MEMORY_GIB, WORKING_SIZES, Preferences
from instmatt_app.ui.dialogs.enter import enter_only_ends_typing
from instmatt_app.ui.settings import Settings

# Languages say their own names, so that everybody finds theirs.
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch", "zh_CN": "简体中文"}


class PreferencesDialog(QDialog):
    """One field for each preference; shows what others change, too."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._shown: list[Callable[[Preferences], None]] = []
        self.fields: dict[str, QWidget] = {}
        self.setWindowTitle(self.tr("Preferences"))
        tabs = QTabWidget()
        tabs.addTab(self._general(), self.tr("General"))
        tabs.addTab(self._computing(), self.tr("Computing"))
        tabs.addTab(self._exporting(), self.tr("Export"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        again = buttons.addButton(self.tr("As at first"), QDialogButtonBox.ButtonRole.ResetRole)
        again.setToolTip(self.tr("Everything on these pages; shortcuts stay as they are"))
        again.clicked.connect(self._reset)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(tabs)
        layout.addWidget(buttons)
        enter_only_ends_typing(self)
        settings.changed.connect(self._show)
        self._show()

    # --- Pages --------------------------------------------------------------------------------------------------------

    def _general(self) -> QWidget:
        page, form = _page()
        languages = [("system", self.tr("As the system")), *LANGUAGE_NAMES.items()]
        self._choice(form, "language", self.tr("Language"), languages)
        form.addRow("", _faint(self.tr("Takes effect at the next start.")))
        themes = [("system", self.tr("As the system")), ("light", self.tr("Light")), ("dark", self.tr("Dark"))]
        self._choice(form, "theme", self.tr("Theme"), themes)
        self._flag(form, "runs_by_itself", self.tr("Run after each stroke"))
        form.addRow("", _faint(self.tr("Otherwise strokes wait until Enter is pressed.")))
        minutes = QSpinBox()
        minutes.setRange(*AUTOSAVE_MINUTES)
        minutes.setSuffix(self.tr(" min"))
        self._number(form, "autosave_minutes", self.tr("Keep the work every"), minutes)
        return page

    def _computing(self) -> QWidget:
        page, form = _page()
        devices = [("auto", self.tr("The fastest there is")), ("cpu", self.tr("Processor (CPU)"))]
        devices.append(("mps", self.tr("Apple GPU")) if sys.platform == "darwin" else ("cuda", "NVIDIA GPU (CUDA)"))
        self._choice(form, "device", self.tr("Device"), devices)
        memory = QDoubleSpinBox()
        memory.setRange(0, max(MEMORY_GIB[0], psutil.virtual_memory().total / 2**30))
        memory.setSingleStep(MEMORY_GIB[0])
        memory.setDecimals(1)
        memory.setSuffix(" GiB")
        memory.setSpecialValueText(self.tr("What is free"))
        self._number(form, "memory_gib", self.tr("Memory at most"), memory, least=MEMORY_GIB[0])
        size = QSpinBox()
        size.setRange(*WORKING_SIZES)
        size.setSingleStep(64)
        size.setSuffix(self.tr(" px"))
        self._number(form, "working_size", self.tr("Working size"), size)
        form.addRow("", _faint(self.tr("The longer side at which photos are matted: more is finer and slower.")))
        details = [
            ("auto", self.tr("The photo's own resolution, with InstMatt")),
            ("native", self.tr("The photo's own resolution")),
            ("none", self.tr("That of the working size")),
        ]
        self._choice(form, "detail", self.tr("Outlines"), details)
        return page

    def _exporting(self) -> QWidget:
        page, form = _page()
        form.addRow(_faint(self.tr("What the export panel begins with.")))
        self._choice(form, "export_format", self.tr("Format"), [(name, name) for name in (*FORMATS, *DOCUMENTS)])
        layers = [
            ("alpha", self.tr("Alpha")), ("cutout", self.tr("Cut-out")), ("both", self.tr("Both")),
            ("trimap", self.tr("Trimap")), ("trimatte", self.tr("Tri-matte")),
        ]  # fmt: skip
        self._choice(form, "export_layers", self.tr("Layers"), layers)
        profiles = [("keep", self.tr("The photo's own")), ("srgb", "sRGB"), ("p3", "Display P3")]
        self._choice(form, "export_profile", self.tr("Colours"), profiles)
        self._flag(form, "export_recomposable", self.tr("Layers show the photo again"))
        self._flag(form, "export_metadata", self.tr("Keep the camera's notes"))
        return page

    # --- Fields -------------------------------------------------------------------------------------------------------

    def _choice(self, form: QFormLayout, name: str, text: str, choices: Sequence[tuple[str, str]]) -> None:
        box = QComboBox()
        for value, words in choices:
            box.addItem(words, value)

        def show(preferences: Preferences) -> None:
            wanted = getattr(preferences, name)
            if box.findData(wanted) < 0:
                box.addItem(wanted, wanted)  # written into the file by hand
            box.setCurrentIndex(box.findData(wanted))

        box.currentIndexChanged.connect(lambda: self._settings.change(**{name: box.currentData()}))
        self._add(form, name, text, box, show)

    def _flag(self, form: QFormLayout, name: str, text: str) -> None:
        box = QCheckBox(text)
        box.toggled.connect(lambda on: self._settings.change(**{name: on}))
        self._add(form, name, "", box, lambda preferences: box.setChecked(getattr(preferences, name)))

    def _number(
        self, form: QFormLayout, name: str, text: str, box: QSpinBox | QDoubleSpinBox, least: float = 0
    ) -> None:
        # What is being typed is not meant yet.
        box.setKeyboardTracking(False)

        def take(value: Any) -> None:
            self._settings.change(**{name: max(least, value) if value else value})

        box.valueChanged.connect(take)
        self._add(form, name, text, box, lambda preferences: box.setValue(getattr(preferences, name)))

    def _add(self, form: QFormLayout, name: str, text: str, box: QWidget, show: Callable[[Preferences], None]) -> None:
        if text:
            box.setAccessibleName(text)
        form.addRow(text, box)
        self.fields[name] = box

        def show_only(preferences: Preferences) -> None:
            with QSignalBlocker(box):
                show(preferences)

        self._shown.append(show_only)

    def _show(self) -> None:
        for show in self._shown:
            show(self._settings.now)

    def _reset(self) -> None:
        default = Preferences()
        self._settings.change(**{name: getattr(default, name) for name in self.fields})


def _page() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout(page)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return page, form


def _faint(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("faint")
    label.setWordWrap(True)
    return label
