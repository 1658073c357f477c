"""Theme: calm neutral greys and one accent, dark or light as the system is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

ACCENT = QColor(74, 111, 165)
# Icons are pictures, which do not change with the theme: this can be seen on dark and on light.
ICON = "#858585"
# By how many per cent an outline of the Fusion style is darker than the window's colour.
_FUSION_DARKENS = 140

_DARK = {
    "window": "#2b2b2b", "base": "#232323", "alternate": "#303030", "text": "#dcdcdc", "button": "#383838",
    "faint": "#8c8c8c", "line": "#1c1c1c",
    "selected": "#36435a",
}  # fmt: skip
_LIGHT = {
    "window": "#ececec", "base": "#ffffff", "alternate": "#f4f4f4", "text": "#202020", "button": "#e2e2e2",
    "faint": "#707070", "line": "#c4c4c4",
    "selected": "#c9d6ea",
}  # fmt: skip


def is_dark(application: QApplication) -> bool:
    """What the system prefers; where it does not say, dark, because colours are judged best on it."""
    return application.styleHints().colorScheme() != Qt.ColorScheme.Light


def apply_theme(application: QApplication, dark: bool | None = None) -> None:
    """Qt's own Fusion style with our greys, dark or light, by default as the system is; again when that changes."""
    application.setStyle("Fusion")
    shades = _DARK if (is_dark(application) if dark is None else dark) else _LIGHT
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, name in (
        (roles.Window, "window"), (roles.Base, "base"), (roles.AlternateBase, "alternate"), (roles.Button, "button"),
        (roles.WindowText, "text"), (roles.Text, "text"), (roles.ButtonText, "text"), (roles.ToolTipText, "text"),
        (roles.ToolTipBase, "base"), (roles.PlaceholderText, "faint"), (roles.Mid, "line"),
    ):  # fmt: skip
        palette.setColor(role, QColor(shades[name]))
    palette.setColor(roles.Highlight, ACCENT)
    # Lighter or darker than the accent, so that words in it can be read.
    palette.setColor(roles.Link, QColor("#8fb4ea") if shades is _DARK else QColor("#2f5a94"))
    palette.setColor(roles.HighlightedText, QColor("#ffffff"))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(shades["faint"]))
    application.setPalette(palette)
    # Fusion draws the outlines of boxes to tick darker than the window, where nobody sees them on dark.
    boxes = QPalette(palette)
    boxes.setColor(roles.Window, QColor(shades["faint"]).lighter(_FUSION_DARKENS))
    for name in ("QCheckBox", "OrderList"):
        application.setPalette(boxes, name)  # type: ignore[arg-type]  # it takes a text, whatever the stub says
    application.setStyleSheet(_sheet(shades))


def _sheet(shades: dict[str, str]) -> str:
    accent = ACCENT.name()
    return f"""
        QToolBar {{ border: 0; spacing: 4px; padding: 4px 6px; }}
        QToolBar#tools {{ padding: 6px 4px; }}
        QToolButton {{ padding: 5px 8px; border-radius: 4px; }}
        QToolButton#qt_toolbar_ext_button {{ padding: 0; }}
        QToolButton:hover {{ background: {shades["button"]}; }}
        QToolButton:checked {{ background: {accent}; color: white; }}
        QToolButton#fold, QToolButton#fold:checked {{ background: transparent; color: {shades["text"]}; }}
        QToolButton#fold {{ font-weight: 600; padding: 2px 4px 2px 0; }}
        QLabel#heading {{ font-weight: 600; }}
        QLabel#faint {{ color: {shades["faint"]}; }}
        QLabel#badge {{ background: rgba(0, 0, 0, 190); color: #eeeeee; border-radius: 5px; padding: 6px 10px; }}
        QListWidget {{ border: 0; }}
        QListWidget::item:selected {{ background: {shades["selected"]}; color: {shades["text"]}; }}
        QPushButton {{ padding: 5px 12px; }}
        QPushButton:checked {{ background: {accent}; color: white; }}
        QPushButton#primary {{ background: {accent}; color: white; border-radius: 4px; padding: 7px; }}
        QPushButton#primary {{ font-weight: 600; }}
        QPushButton#primary:disabled {{ background: {shades["button"]}; color: {shades["faint"]}; }}
        QStatusBar::item {{ border: 0; }}
    """
