"""The heading of a part of a panel that folds away."""

from __future__ import annotations

import qtawesome
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton, QWidget


class Fold(QToolButton):
    """Checked while the part is unfolded, as its arrow says; whoever has the part shows and hides it."""

    def __init__(self, text: str, tip: str = "", colour: QColor | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour or QColor("#8c8c8c")
        self.setText(text)
        if tip:
            self.setToolTip(tip)
        self.setCheckable(True)
        self.setObjectName("fold")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.toggled.connect(self._turn)
        self._turn(False)

    def _turn(self, unfolded: bool) -> None:
        self.setIcon(qtawesome.icon("mdi6.chevron-down" if unfolded else "mdi6.chevron-right", color=self._colour))
