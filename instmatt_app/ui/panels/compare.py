"""Compare: another refinement beside the one that is chosen, in a wipe, and either kept per person."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from instmatt_app.core.refinement import Strategy
from instmatt_app.ui.comparison import Comparison
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.panels.order_list import OrderList


class ComparePanel(QFrame):
    """What lies left of the line, the errors of both sides, and the buttons that keep the left one."""

    def __init__(
        self, document: Document, conductor: Conductor, comparison: Comparison, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._comparison = comparison
        self.strategy = QComboBox()
        self.strategy.setAccessibleName(self.tr("Refinement left of the line"))
        names = {"none": self.tr("None"), "parallel": self.tr("Parallel"), "cycle": self.tr("Cycle")}
        for strategy, name in names.items():
            self.strategy.addItem(name, strategy)
        self.names = names
        self.order = OrderList()
        self.left_error, self.right_error = QLabel(), QLabel()
        form = self._form = QFormLayout()
        form.addRow(self.tr("Left"), self.strategy)
        form.addRow(self.order)
        form.addRow(self.tr("Left, Σ error"), self.left_error)
        form.addRow(self.tr("Right, Σ error"), self.right_error)
        self.keep_all = QPushButton(self.tr("Keep left"))
        self.keep_selected = QPushButton(self.tr("… for selected"))
        self.keep_all.setToolTip(self.tr("Keep what lies left of the line for everybody"))
        self.keep_selected.setToolTip(self.tr("Keep what lies left of the line for the selected people alone"))
        self.close_button = QPushButton(self.tr("Done"))
        row = QHBoxLayout()
        for button in (self.keep_all, self.keep_selected, self.close_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addLayout(row)
        self.strategy.activated.connect(lambda _: self._choose())
        self.order.ordered.connect(lambda order: self._choose(order))
        self.keep_all.clicked.connect(lambda: comparison.keep(()))
        self.keep_selected.clicked.connect(lambda: comparison.keep(document.selected))
        self.close_button.clicked.connect(lambda: comparison.compare(None))
        comparison.changed.connect(self.renew)
        conductor.shown_changed.connect(self.renew)
        document.selected_changed.connect(self.renew)
        self.renew()

    def begin(self) -> None:
        """Compares with what is not chosen: parallel with a cycle, anything else with parallel."""
        chosen = self._document.state.refinement
        other: Strategy = "cycle" if chosen.strategy == "parallel" else "parallel"
        self._comparison.compare(replace(chosen, strategy=other, order=(), begun=()))

    def renew(self) -> None:
        """Shows what is compared; hides where nothing is."""
        wish, state = self._comparison.wish, self._document.state
        self.setVisible(wish is not None)
        if wish is None:
            return
        self.strategy.setCurrentIndex(self.strategy.findData(wish.strategy))
        self._form.setRowVisible(self.order, wish.strategy == "cycle")
        if wish.strategy == "cycle":
            there = [number for number in wish.order if number in state.ids()]
            self.order.show_order(state.instances, there or state.ids())
        other, shown = self._comparison.other, self._conductor.result
        computing = self.tr("being computed …")
        self.left_error.setText(computing if other is None else f"{other.error['after refinement']:.5f}")
        ready = shown is not None and self._conductor.is_current
        self.right_error.setText(f"{shown.error['after refinement']:.5f}" if ready and shown else computing)
        self.keep_selected.setEnabled(other is not None and bool(self._document.selected))
        self.keep_all.setEnabled(other is not None)

    def _choose(self, order: tuple[int, ...] = ()) -> None:
        strategy: Strategy = self.strategy.currentData()
        wish = self._comparison.wish
        if wish is not None:
            self._comparison.compare(replace(wish, strategy=strategy, order=order if strategy == "cycle" else ()))
