"""The button that a tool bar shows where its window is too narrow for everything on it."""

from __future__ import annotations

import qtawesome
from PySide6.QtWidgets import QToolBar, QToolButton

from instmatt_app.ui.theme import ICON

# Qt's own name for it, by which the style sheet knows it, too.
_NAME = "qt_toolbar_ext_button"


def show_overflow(bar: QToolBar) -> QToolButton:
    """Gives the bar's button an arrow that can be seen; Qt's own is black."""
    button = bar.findChild(QToolButton, _NAME)
    assert isinstance(button, QToolButton)
    button.setIcon(qtawesome.icon("mdi6.chevron-double-right", color=ICON))
    return button
