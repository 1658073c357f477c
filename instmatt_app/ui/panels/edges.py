"""Edges: what is done to the outlines of the selected people; nothing is lost by it, and everything can go back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.edges import DEFAULT, LIMITS, Edge
from instmatt_app.core.edits import set_edge
from instmatt_app.core.instance import Instance
from instmatt_app.ui.document import Document
from instmatt_app.ui.panels.fold import Fold

# A slider counts in whole numbers, of which so many make one of the setting.
PARTS = 10


class EdgePanel(QWidget):
    """A slider and a number for each setting; folded away until somebody asks for it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        words = {
            "shift": (self.tr("Shift"), self.tr("Moves the outline outwards, or, negative, inwards"), " px"),
            "feather": (self.tr("Feather"), self.tr("Softens the outline"), " px"),
            "contrast": (self.tr("Contrast"), self.tr("Makes a soft outline steeper; at 100 % it is hard"), " %"),
            "smooth": (self.tr("Smooth"), self.tr("Takes small bulges and dents away"), " px"),
            "fill_holes": (self.tr("Fill holes"), self.tr("Fills holes that are at most so large across"), " px"),
            "drop_specks": (self.tr("Drop specks"), self.tr("Drops loose pieces at most so large across"), " px"),
        }
        self.fold = Fold(
            self.tr("Edges"), self.tr("Shift, feather, contrast, smooth, holes and specks of the selected people")
        )
        self.whose = QLabel()
        self.whose.setObjectName("faint")
        top = QHBoxLayout()
        top.addWidget(self.fold)
        top.addStretch()
        top.addWidget(self.whose)
        self.body = QWidget()
        grid = QGridLayout(self.body)
        grid.setContentsMargins(4, 0, 0, 0)
        grid.setVerticalSpacing(2)
        self.sliders: dict[str, QSlider] = {}
        self.numbers: dict[str, QDoubleSpinBox] = {}
        for row, (name, (text, tip, unit)) in enumerate(words.items()):
            least, most = LIMITS[name]
            slider, number = QSlider(Qt.Orientation.Horizontal), QDoubleSpinBox()
            slider.setRange(round(least * PARTS), round(most * PARTS))
            slider.setPageStep(PARTS)
            number.setRange(least, most)
            number.setDecimals(1)
            number.setSingleStep(5 if name == "contrast" else 0.5)
            number.setSuffix(unit)
            number.setKeyboardTracking(False)
            number.setFixedWidth(86)
            slider.setToolTip(tip)
            number.setToolTip(tip)
            slider.setAccessibleName(text)
            number.setAccessibleName(self.tr("{setting}, number").format(setting=text))
            slider.valueChanged.connect(lambda value, name=name: self._change(name, value / PARTS))
            number.valueChanged.connect(partial(self._change, name))
            for column, widget in enumerate((QLabel(text), slider, number)):
                grid.addWidget(widget, row, column)
            self.sliders[name], self.numbers[name] = slider, number
        self.reset = QPushButton(self.tr("Reset edges"))
        self.reset.setToolTip(self.tr("The outlines of the selected people as they were"))
        self.reset.clicked.connect(lambda: document.do(set_edge(document.selected, _values(DEFAULT))))
        # Over all columns: long words on it must not take the sliders' room.
        grid.addWidget(self.reset, len(words), 0, 1, 3, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        # As far in as the panels above and below, but closer to them.
        layout.setContentsMargins(9, 0, 9, 0)
        layout.addLayout(top)
        layout.addWidget(self.body)
        self.fold.toggled.connect(self.body.setVisible)
        document.changed.connect(self.renew)
        document.replaced.connect(self.renew)
        document.selected_changed.connect(self.renew)
        self.body.hide()
        self.renew()

    def begin(self) -> None:
        """Unfolds, and gives the first slider the keyboard; where nobody is selected, the first person is."""
        if not self._document.selected:
            self._document.select(self._document.state.ids()[:1])
        self.fold.setChecked(True)
        self.sliders["shift"].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def renew(self) -> None:
        """Shows the settings of the first of the selected people who is not locked."""
        people = self._people()
        edge = people[0].edge if people else DEFAULT
        self.body.setEnabled(bool(people))
        for name, value in _values(edge).items():
            slider, number = self.sliders[name], self.numbers[name]
            with QSignalBlocker(slider), QSignalBlocker(number):
                slider.setValue(round(value * PARTS))
                number.setValue(value)
        self.reset.setEnabled(any(not one.edge.is_default for one in people))
        self.whose.setText(self._words(people))

    def _people(self) -> list[Instance]:
        """Whom a setting is for."""
        state = self._document.state
        chosen = [state.person(number) for number in self._document.selected]
        return [one for one in chosen if not one.locked]

    def _words(self, people: list[Instance]) -> str:
        if not people:
            return self.tr("locked") if self._document.selected else ""
        if len(people) > 1:
            return self.tr("{count} people").format(count=len(people))
        return people[0].name

    def _change(self, name: str, value: float) -> None:
        whose = ",".join(map(str, self._document.selected))
        self._document.do(set_edge(self._document.selected, {name: value}, f"edge {name} {whose}"))
        self.renew()


def _values(edge: Edge) -> dict[str, float]:
    return {name: getattr(edge, name) for name in LIMITS}
