"""The bar of brush options: class, size, and when to run."""

from __future__ import annotations

from collections.abc import Callable

import qtawesome
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLabel, QSlider, QToolBar, QToolButton, QWidget

from instmatt_app.core.hints import Hint
from instmatt_app.ui.canvas.views import HINT_COLOURS
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.overflow import show_overflow
from instmatt_app.ui.theme import ICON
from instmatt_app.ui.tools.brush import RADIUS_MAX, RADIUS_MIN, BrushSettings


class BrushBar(QToolBar):
    """Shows and changes the brush's settings."""

    def __init__(self, settings: BrushSettings, conductor: Conductor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Brush"))
        self.setMovable(False)
        self._settings = settings
        names = {
            Hint.THIS_PERSON: self.tr("This person"),
            Hint.ANOTHER_PERSON: self.tr("Another person"),
            Hint.NOT_THIS_PERSON: self.tr("Not this person"),
            Hint.UNDECIDED: self.tr("Undecided"),
        }
        self.buttons: dict[Hint, QToolButton] = {}
        group = QButtonGroup(self)
        for hint, name in names.items():
            button = QToolButton()
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIcon(qtawesome.icon("mdi6.circle", color=QColor(*HINT_COLOURS[hint])))
            button.setText(f"{name}  {hint.value}")
            button.setAccessibleName(name)
            button.clicked.connect(lambda _=False, chosen=hint: settings.choose(chosen))
            group.addButton(button)
            self.addWidget(button)
            self.buttons[hint] = button
        self.pin = QToolButton()
        self.pin.setCheckable(True)
        self.pin.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.pin.setIcon(qtawesome.icon("mdi6.pin-outline", color=ICON, color_on="#ffffff"))
        self.pin.setText(self.tr("Pin"))
        self.pin.setToolTip(self.tr("Strokes fix the alpha at exactly 1 or 0, whatever the network says (K)"))
        self.pin.clicked.connect(settings.set_pin)
        self.addSeparator()
        self.addWidget(self.pin)
        self.addSeparator()
        self.slider, self.size_label = self._slider(
            self.tr("Size"), self.tr("Brush size"), (RADIUS_MIN, RADIUS_MAX), settings.set_radius
        )
        self.hardness, self.hardness_label = self._slider(
            self.tr("Hardness"), self.tr("Brush hardness"), (0, 100), settings.set_hardness
        )
        self.hardness.setToolTip(self.tr("The rim of a soft brush is left to the network"))
        spacer = QWidget()
        spacer.setSizePolicy(spacer.sizePolicy().Policy.Expanding, spacer.sizePolicy().Policy.Preferred)
        self.addWidget(spacer)
        self.when = QComboBox()
        self.when.addItems([self.tr("Run after each stroke"), self.tr("Run on Enter")])
        self.when.setAccessibleName(self.tr("When to run"))
        self.when.setCurrentIndex(0 if conductor.runs_by_itself else 1)
        self.when.currentIndexChanged.connect(lambda index: conductor.set_runs_by_itself(index == 0))
        self.addWidget(self.when)
        self.overflow = show_overflow(self)
        settings.changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        self.buttons[self._settings.hint].setChecked(True)
        self.pin.setChecked(self._settings.pin)
        for slider, value in ((self.slider, self._settings.radius), (self.hardness, self._settings.hardness)):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
        self.size_label.setText(f"{2 * self._settings.radius} px")
        self.hardness_label.setText(f"{self._settings.hardness} %")

    def _slider(
        self, text: str, name: str, ends: tuple[int, int], change: Callable[[int], None]
    ) -> tuple[QSlider, QLabel]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(*ends)
        slider.setFixedWidth(84)
        slider.setAccessibleName(name)
        slider.valueChanged.connect(change)
        label = QLabel()
        label.setFixedWidth(52)
        label.setIndent(6)
        for widget in (QLabel(text + "  "), slider, label):
            self.addWidget(widget)
        return slider, label
