"""The bar of brush options: class, size, and when to run."""

from __future__ import annotations

import qtawesome
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLabel, QSlider, QToolBar, QToolButton, QWidget

from instmatt_app.core.hints import Hint
from instmatt_app.ui.canvas.views import HINT_COLOURS
from instmatt_app.ui.conductor import Conductor
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
        self.addSeparator()
        self.addWidget(QLabel(self.tr("Size") + "  "))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(RADIUS_MIN, RADIUS_MAX)
        self.slider.setFixedWidth(140)
        self.slider.setAccessibleName(self.tr("Brush size"))
        self.slider.valueChanged.connect(settings.set_radius)
        self.addWidget(self.slider)
        self.size_label = QLabel()
        self.size_label.setFixedWidth(64)
        self.addWidget(self.size_label)
        spacer = QWidget()
        spacer.setSizePolicy(spacer.sizePolicy().Policy.Expanding, spacer.sizePolicy().Policy.Preferred)
        self.addWidget(spacer)
        self.by_itself = QCheckBox(self.tr("Run after each stroke"))
        self.by_itself.setChecked(conductor.runs_by_itself)
        self.by_itself.setToolTip(self.tr("Otherwise Enter runs"))
        self.by_itself.toggled.connect(lambda on: setattr(conductor, "runs_by_itself", on))
        self.addWidget(self.by_itself)
        settings.changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        self.buttons[self._settings.hint].setChecked(True)
        self.slider.blockSignals(True)
        self.slider.setValue(self._settings.radius)
        self.slider.blockSignals(False)
        self.size_label.setText(f"  {2 * self._settings.radius} px")
