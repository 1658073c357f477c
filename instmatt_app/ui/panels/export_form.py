"""The options of an export as controls; what has no effect beside the others is greyed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.files.export_options import ExportOptions, check_template
from instmatt_app.ui.panels.fold import Fold


class ExportForm(QWidget):
    """Shows options and gives them back; ``changed`` says that they may be others."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.format = self._choice(
            self.tr("Format"),
            [
                ("png", self.tr("PNG")), ("png16", self.tr("PNG, 16 bit")), ("webp", self.tr("WebP, lossless")),
                ("psd", self.tr("PSD, layer masks")), ("psd-transparency", self.tr("PSD, transparency")),
                ("psd16", self.tr("PSD, transparency, 16 bit")), ("psb", self.tr("PSB (large), layer masks")),
                ("psb16", self.tr("PSB (large), transparency, 16 bit")), ("ora", self.tr("OpenRaster")),
                ("ora16", self.tr("OpenRaster, 16 bit")), ("tiff", self.tr("TIFF with layers")),
                ("tiff16", self.tr("TIFF with layers, 16 bit")), ("exr", self.tr("OpenEXR")),
                ("cryptomatte", self.tr("Cryptomatte")), ("coco", self.tr("COCO annotations")),
            ],
        )  # fmt: skip
        self.layers = self._choice(
            self.tr("Layers"),
            [
                ("alpha", self.tr("Alpha")), ("cutout", self.tr("Cut-out")), ("both", self.tr("Both")),
                ("trimap", self.tr("Trimap")), ("trimatte", self.tr("Tri-matte")),
            ],
        )  # fmt: skip
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("File names"))
        self.name.setToolTip(
            self.tr("{number} from 1, {index} from 0, {name} the person's, {photo} the photo's; {index:03} pads")
        )
        self.name.textChanged.connect(self.changed)
        self.colours = self._choice(
            self.tr("Colours"),
            [("clean", self.tr("Cleaned of the background")), ("photo", self.tr("The photo's, under a mask"))],
        )
        self.cleaning = QSpinBox()
        self.cleaning.setRange(0, 100)
        self.cleaning.setSuffix(" %")
        self.cleaning.setAccessibleName(self.tr("Cleaning"))
        self.cleaning.setToolTip(self.tr("How much of what shines through is taken out of the colours"))
        self.cleaning.valueChanged.connect(self.changed)
        self.background = self._choice(
            self.tr("Background"),
            [
                ("photo", self.tr("The photo")), ("clean", self.tr("Its own, cleaned colours")),
                ("none", self.tr("None")),
            ],
        )  # fmt: skip
        self.canvas = self._choice(
            self.tr("Canvas"),
            [
                (None, self.tr("As the format is used")), ("full", self.tr("As large as the photo")),
                ("cropped", self.tr("Cropped, with its place")),
            ],
        )  # fmt: skip
        self.profile = self._choice(
            self.tr("Profile"), [("keep", self.tr("The photo's own")), ("srgb", "sRGB"), ("p3", "Display P3")]
        )
        self.recomposable = QCheckBox(self.tr("Layers show the photo again"))
        self.recomposable.setToolTip(
            self.tr("The layers, laid over each other, give the photo back; their alphas are stacked")
        )
        self.metadata = QCheckBox(self.tr("Keep the camera's notes"))
        self.metadata.setToolTip(self.tr("EXIF, places included; in PNG, WebP, PSD, PSB and ORA"))
        for box in (self.recomposable, self.metadata):
            box.toggled.connect(self.changed)
        self.fold = Fold(self.tr("More options"), colour=QApplication.palette().text().color())
        self.more = QWidget()
        self.fold.toggled.connect(self.more.setVisible)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        first = QFormLayout()
        first.addRow(self.tr("Format"), self.format)
        first.addRow(self.tr("Layers"), self.layers)
        layout.addLayout(first)
        layout.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.more)
        form = QFormLayout(self.more)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self.tr("File names"), self.name)
        form.addRow(self.tr("Colours"), self.colours)
        form.addRow(self.tr("Cleaning"), self.cleaning)
        form.addRow(self.tr("Background"), self.background)
        form.addRow(self.tr("Canvas"), self.canvas)
        form.addRow(self.tr("Profile"), self.profile)
        form.addRow("", self.recomposable)
        form.addRow("", self.metadata)
        self.more.hide()
        self.show_options(ExportOptions())
        self.changed.connect(self._grey)

    def options(self) -> ExportOptions:
        """What is chosen. Raises ValueError, with a sentence, for a template that makes no file name."""
        check_template(self.name.text())
        return self._chosen(self.name.text())

    def show_options(self, options: ExportOptions) -> None:
        """Chooses these."""
        before = self._chosen(self.name.text())
        with QSignalBlocker(self):
            for box, value in (
                (self.format, options.format), (self.layers, options.layers), (self.colours, options.colours),
                (self.background, options.background), (self.canvas, options.canvas), (self.profile, options.profile),
            ):  # fmt: skip
                box.setCurrentIndex(box.findData(value))
            self.cleaning.setValue(options.cleaning)
            self.recomposable.setChecked(options.recomposable)
            self.metadata.setChecked(options.metadata)
            self.name.setText(options.name)
        self._grey()
        if options != before:
            self.changed.emit()

    def _chosen(self, name: str) -> ExportOptions:
        chosen = ExportOptions(
            format=self.format.currentData(),
            layers=self.layers.currentData(),
            background=self.background.currentData(),
            colours=self.colours.currentData(),
            cleaning=self.cleaning.value(),
            recomposable=self.recomposable.isChecked(),
            canvas=self.canvas.currentData(),
            profile=self.profile.currentData(),
            metadata=self.metadata.isChecked(),
            name=name,
        )
        return chosen

    def _grey(self) -> None:
        for name, has_effect in self._chosen(self.name.text()).effective().items():
            control: QWidget = getattr(self, name)
            control.setEnabled(has_effect)

    def _choice(self, name: str, entries: Sequence[tuple[str | None, str]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for value, text in entries:
            box.addItem(text, value)
        # The panel is as wide as it is, whatever the longest entry says.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.currentIndexChanged.connect(self.changed)
        return box
