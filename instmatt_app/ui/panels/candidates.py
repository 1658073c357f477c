"""The candidates as a list, with the least score that is shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.ui.candidates import Candidates, Ghost
from instmatt_app.ui.panels.choice_list import ChoiceList
from instmatt_app.ui.panels.fold import Fold


class CandidatesPanel(QWidget):
    """Unfolding it looks for them; Enter or a double click makes one a person."""

    def __init__(self, candidates: Candidates, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._candidates = candidates
        self._listed: list[Ghost] = []
        self.fold = Fold(
            self.tr("Candidates"),
            self.tr("People of whom the recogniser is less sure, dashed in the photo; a click adds one"),
        )
        self.count = QLabel()
        self.count.setObjectName("faint")
        top = QHBoxLayout()
        top.addWidget(self.fold)
        top.addStretch()
        top.addWidget(self.count)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(5, 95)
        self.slider.setValue(round(100 * candidates.least))
        self.slider.setAccessibleName(self.tr("Least score of a candidate, in per cent"))
        self.least = QLabel()
        self.least.setFixedWidth(40)
        self.add = QPushButton(self.tr("Add"))
        self.add.setAccessibleName(self.tr("Make the candidate a person"))
        row = QHBoxLayout()
        for widget in (QLabel(self.tr("Score from")), self.slider, self.least, self.add):
            row.addWidget(widget)
        self.list = ChoiceList()
        self.list.setAccessibleName(self.tr("Candidates"))
        self.list.setFixedHeight(84)
        self.body = QWidget()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(4, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.list)
        layout = QVBoxLayout(self)
        # As far in as the panels above and below, but closer to them.
        layout.setContentsMargins(9, 0, 9, 0)
        layout.addLayout(top)
        layout.addWidget(self.body)
        self.fold.clicked.connect(lambda _: candidates.toggle())
        self.slider.valueChanged.connect(lambda value: candidates.set_least(value / 100))
        self.list.currentRowChanged.connect(self._point)
        self.list.taken.connect(lambda _: self._accept())
        self.add.clicked.connect(self._accept)
        candidates.changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Shows who may be there."""
        candidates = self._candidates
        self.fold.setChecked(candidates.is_on)
        self.body.setVisible(candidates.is_on)
        self.least.setText(f"{round(100 * candidates.least)} %")
        shown = candidates.shown
        if shown != self._listed:
            self._fill(shown)
        self.add.setEnabled(bool(shown))
        if candidates.is_looking:
            self.count.setText(self.tr("looking …"))
        else:
            self.count.setText(self.tr("{count} found").format(count=len(shown)) if candidates.is_on else "")

    def _fill(self, shown: list[Ghost]) -> None:
        self._listed = shown
        with QSignalBlocker(self.list):
            self.list.clear()
            for one in shown:
                share = 100 * np.count_nonzero(one.small > 127) / one.small.size
                text = self.tr("score {score:.2f}, {share:.1f} % of the photo").format(score=one.score, share=share)
                self.list.addItem(QListWidgetItem(text))
            if shown:
                self.list.setCurrentRow(0)

    def _point(self, row: int) -> None:
        self._candidates.point_at(self._listed[row] if 0 <= row < len(self._listed) else None)

    def _accept(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._listed):
            self._candidates.accept(self._listed[row])
