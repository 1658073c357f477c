"""Refinement: none, parallel or cycle — for everybody or kept per person —, step by step, and compared."""

from __future__ import annotations

from dataclasses import replace

import qtawesome
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.edits import keep_refinement, refine_inside, set_refinement
from instmatt_app.core.refinement import Refinement, Strategy
from instmatt_app.ui.comparison import Comparison
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.orders import Orders
from instmatt_app.ui.panels.compare import ComparePanel
from instmatt_app.ui.panels.order_list import OrderList
from instmatt_app.ui.panels.orders import OrdersPanel
from instmatt_app.ui.theme import ICON
from instmatt_app.ui.turns import Turns

STRATEGIES: tuple[Strategy, ...] = ("none", "parallel", "cycle")


class RefinementPanel(QWidget):
    """How the people's alphas are made to agree, and how well they do."""

    def __init__(
        self,
        document: Document,
        conductor: Conductor,
        turns: Turns,
        comparison: Comparison,
        orders: Orders,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._turns = turns
        self._comparison = comparison
        heading = QLabel(self.tr("Refinement"))
        heading.setObjectName("heading")
        self.error = QLabel()
        self.error.setObjectName("faint")
        self.error.setToolTip(self.tr("Mean gap of people and background to one: before and after refinement"))
        names = {"none": self.tr("None"), "parallel": self.tr("Parallel"), "cycle": self.tr("Cycle")}
        self.buttons: dict[Strategy, QPushButton] = {}
        group = QButtonGroup(self)
        for strategy in STRATEGIES:
            button = QPushButton(names[strategy])
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, chosen=strategy: self._change(strategy=chosen, order=()))
            group.addButton(button)
            self.buttons[strategy] = button
        self.scope = QComboBox()
        self.scope.addItems([self.tr("Everybody"), self.tr("Selected people")])
        self.scope.setAccessibleName(self.tr("Whom the refinement is chosen for"))
        self.same = QPushButton(self.tr("Same for all"))
        self.same.setToolTip(self.tr("Nobody keeps a refinement of their own"))
        self.order = OrderList()
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setObjectName("faint")
        self.passes = QSpinBox()
        self.passes.setRange(1, 20)
        self.passes.setAccessibleName(self.tr("Passes"))
        self.back = self._arrow("mdi6.chevron-left", self.tr("Step back"))
        self.forth = self._arrow("mdi6.chevron-right", self.tr("Step on"))
        self.step_label = QLabel()
        self.step = QPushButton(self.tr("Step through"))
        self.step.setCheckable(True)
        self.compare = QPushButton(self.tr("Compare"))
        self.compare.setCheckable(True)
        self.inside = QLabel()
        self.everywhere = QPushButton(self.tr("Everywhere"))
        self.everywhere.setToolTip(self.tr("Refine in the whole photo again"))
        self.compare_panel = ComparePanel(document, conductor, comparison)
        self.orders_panel = OrdersPanel(document, conductor, orders)
        self.detail = QCheckBox(self.tr("Detail at the photo's own resolution"))
        self.detail.setToolTip(
            self.tr(
                "Large photos are matted once more near all outlines, at full size, when nothing else is to be done "
                "and before they are exported"
            )
        )
        layout = QVBoxLayout(self)
        for row in (
            (heading, None, self.error),
            tuple(self.buttons.values()),
            (QLabel(self.tr("For")), self.scope, None, self.same),
            (self.order,),
            (self.note,),
            (self.inside, None, self.everywhere),
            (QLabel(self.tr("Passes")), self.passes, None, self.step, self.compare),
            (self.back, self.step_label, None, self.forth),
            (self.compare_panel,),
            (self.orders_panel,),
            (self.detail,),
        ):
            line = QHBoxLayout()
            line.setSpacing(4)
            for widget in row:
                line.addStretch(1) if widget is None else line.addWidget(widget)
            layout.addLayout(line)
        self.everywhere.clicked.connect(lambda: document.do(refine_inside(None)))
        self.scope.activated.connect(lambda _: self.renew())
        self.same.clicked.connect(lambda: document.do(keep_refinement(document.state.ids(), None)))
        self.order.ordered.connect(self._reorder)
        self.passes.valueChanged.connect(lambda passes: self._change(passes=passes))
        self.step.clicked.connect(lambda on: turns.enter(self._stepped_person()) if on else turns.leave())
        self.back.clicked.connect(lambda: turns.go(-1))
        self.forth.clicked.connect(lambda: turns.go(1))
        self.compare.clicked.connect(lambda on: self.compare_panel.begin() if on else comparison.compare(None))
        for changed in (
            document.changed, document.replaced, document.selected_changed, conductor.shown_changed, turns.moved,
            comparison.changed,
        ):  # fmt: skip
            changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Shows what is chosen, and for whom."""
        state, wish = self._document.state, self.wish()
        self.buttons[wish.strategy].setChecked(True)
        self.passes.blockSignals(True)
        self.passes.setValue(wish.passes)
        self.passes.blockSignals(False)
        result = self._conductor.result
        refines = result is None or result.refines
        for widget in (*self.buttons.values(), self.scope, self.order):
            widget.setEnabled(refines)
        self.passes.setEnabled(refines and wish.strategy != "none")
        self.order.setVisible(wish.strategy == "cycle")
        if wish.strategy == "cycle":
            self.order.show_order(state.instances, wish.order or state.ids())
        own = [one for one in state.instances if one.refinement is not None]
        self.same.setVisible(bool(own))
        self.note.setText(self._note())
        self.note.setVisible(bool(self.note.text()))
        window = state.refinement.window
        self.inside.setVisible(window is not None)
        self.everywhere.setVisible(window is not None)
        if window is not None:
            text = self.tr("Only inside {width} × {height} px")
            self.inside.setText(text.format(width=window.width, height=window.height))
        shown = self._turns.shown
        for widget in (self.back, self.forth, self.step_label):
            widget.setVisible(shown is not None)
        self.step.setChecked(shown is not None)
        self.compare.setChecked(self._comparison.wish is not None)
        for button in (self.step, self.compare):
            button.setEnabled(result is not None and result.refines)
        if shown is not None:
            self._show_turn()
        elif result is None:
            self.error.clear()
        else:
            before, after = result.error["before refinement"], result.error["after refinement"]
            self.error.setText(f"Σα {before:.4f} → {after:.4f}")

    def wish(self) -> Refinement:
        """What is chosen: for everybody, or for the first of the selected."""
        state = self._document.state
        if self._for_selected():
            return state.person(self._document.selected[0]).refinement or state.refinement
        return state.refinement

    def _for_selected(self) -> bool:
        return self.scope.currentIndex() == 1 and bool(self._document.selected)

    def _stepped_person(self) -> int | None:
        return self._document.selected[0] if self._for_selected() else None

    def _note(self) -> str:
        result, wish = self._conductor.result, self.wish()
        if result is not None and not result.refines:
            if result.engine.startswith("closed-form"):
                return self.tr("Closed-form matting looks at each person alone; a model of InstMatt refines them all "
                               "together (Run › Models).")  # fmt: skip
            return self.tr("This model has no refiner: it mattes each person alone. Another one refines them all "
                           "together (Run › Models).")  # fmt: skip
        if self._turns.shown is not None and wish.strategy == "cycle":
            return self.tr("The order applies from this step on: the run goes on from here.")
        if wish.begun:
            return self.tr("The order applies after step {number}.").format(number=wish.begun[-1][1])
        own = [one for one in self._document.state.instances if one.refinement is not None]
        if own and not self._for_selected():
            words = ", ".join(f"{one.name}: {self.buttons[one.refinement.strategy].text()}"
                              for one in own if one.refinement is not None)  # fmt: skip
            return self.tr("Of their own — {words}").format(words=words)
        return ""

    def _show_turn(self) -> None:
        shown, turns = self._turns.shown, self._turns.turns
        assert shown is not None
        place = self._turns.place or 0
        if place == 0:
            what = self.tr("before the first step")
        elif shown.person is None:
            what = self.tr("everybody")
        else:
            what = next((one.name for one in shown.people if one.id == shown.person), "")
        self.step_label.setText(f"{place} / {len(turns) - 1} — {what}")
        before = turns[place - 1].error if place else shown.error
        self.error.setText(f"Σα {before:.4f} → {shown.error:.4f}")
        self.back.setEnabled(place > 0)
        self.forth.setEnabled(place + 1 < len(turns))

    def _reorder(self, order: tuple[int, ...]) -> None:
        if self._turns.shown is not None:
            self._turns.again_from_here(order)
        else:
            self._change(order=order)

    def _change(self, **changes: object) -> None:
        wish = replace(self.wish(), begun=(), **changes)  # type: ignore[arg-type]
        if self._for_selected():
            self._document.do(keep_refinement(self._document.selected, wish))
        else:
            self._document.do(set_refinement(wish, "passes" if "passes" in changes else ""))
        self.renew()

    def _arrow(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(qtawesome.icon(icon, color=ICON))
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button
