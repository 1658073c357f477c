"""Refinement: none, parallel, or cycle in the order of the people's list."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.edits import set_refinement
from instmatt_app.core.refinement import Strategy
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document

STRATEGIES: tuple[Strategy, ...] = ("none", "parallel", "cycle")


class RefinementPanel(QWidget):
    """How the people's alphas are made to agree, and how well they do."""

    def __init__(self, document: Document, conductor: Conductor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        heading = QLabel(self.tr("Refinement"))
        heading.setObjectName("heading")
        self.error = QLabel()
        self.error.setObjectName("faint")
        self.error.setToolTip(self.tr("Mean gap of people and background to one: before and after refinement"))
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch()
        top.addWidget(self.error)
        names = {"none": self.tr("None"), "parallel": self.tr("Parallel"), "cycle": self.tr("Cycle")}
        self.buttons: dict[Strategy, QPushButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(0)
        for strategy in STRATEGIES:
            button = QPushButton(names[strategy])
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, chosen=strategy: self._choose(chosen))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[strategy] = button
        self.order = QLabel()
        self.order.setWordWrap(True)
        self.order.setObjectName("faint")
        self.passes = QSpinBox()
        self.passes.setRange(1, 20)
        self.passes.setAccessibleName(self.tr("Passes"))
        self.passes.valueChanged.connect(self._set_passes)
        grid = QGridLayout()
        grid.addWidget(QLabel(self.tr("Passes")), 0, 0)
        grid.addWidget(self.passes, 0, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addLayout(row)
        layout.addWidget(self.order)
        layout.addLayout(grid)
        document.changed.connect(self.renew)
        document.replaced.connect(self.renew)
        conductor.shown_changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        state = self._document.state
        self.buttons[state.refinement.strategy].setChecked(True)
        self.passes.blockSignals(True)
        self.passes.setValue(state.refinement.passes)
        self.passes.blockSignals(False)
        self.passes.setEnabled(state.refinement.strategy != "none")
        cycling = state.refinement.strategy == "cycle"
        self.order.setVisible(cycling)
        if cycling:
            order = state.refinement.order or state.ids()
            names = " → ".join(state.person(number).name for number in order)
            self.order.setText(self.tr("Order: {names}. Drag people in the list to change it.").format(names=names))
        result = self._conductor.result
        if result is not None and not result.refines:
            self.order.setVisible(True)
            self.order.setText(self.tr("Closed-form matting has no refinement; Run › InstMatt with weights has."))
        if result is None:
            self.error.clear()
        else:
            before, after = result.error["before refinement"], result.error["after refinement"]
            self.error.setText(f"Σα {before:.4f} → {after:.4f}")

    def _choose(self, strategy: Strategy) -> None:
        self._document.do(set_refinement(replace(self._document.state.refinement, strategy=strategy)))
        self.renew()

    def _set_passes(self, passes: int) -> None:
        self._document.do(set_refinement(replace(self._document.state.refinement, passes=passes)))
