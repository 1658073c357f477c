"""The bar above the photo with a button for each view."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QToolBar

from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.canvas.views import View
from instmatt_app.ui.overflow import show_overflow


class ViewBar(QToolBar):
    """Chooses the canvas's view, and shows which it is."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("View"))
        group = QActionGroup(self)
        self.views: dict[View, QAction] = {}
        for view in View:
            action = QAction(view.label, self)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, chosen=view: canvas.set_view(chosen))
            group.addAction(action)
            self.addAction(action)
            self.views[view] = action
        self.views[canvas.view].setChecked(True)
        self.overflow = show_overflow(self)
        canvas.view_changed.connect(lambda view: self.views[view].setChecked(True))
