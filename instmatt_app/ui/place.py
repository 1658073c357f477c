"""The place of windows on the screen: where the main one was left, and the first time no larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QSettings, QSize, Qt
from PySide6.QtWidgets import QWidget

_KEPT = "window/geometry"
# What title bars take at most, in pixels; how tall this one's is, is known only when the window is there.
_TITLE = 40


def put(window: QWidget, screen: QRect) -> None:
    """Gives a window that is not shown yet the place that it was left in; ``screen`` is what of one it may cover.

    The first time it keeps the size that it has, and covers all there is where that is too large.
    """
    kept = QSettings().value(_KEPT)
    # What lies beyond the screens that are there now, Qt brings back onto one.
    if isinstance(kept, QByteArray) and window.restoreGeometry(kept):
        return
    room = room_on(screen)
    if window.width() > room.width() or window.height() > room.height():
        # The size it has when it no longer covers everything.
        window.resize(window.size().boundedTo(room * 0.9))
        window.setWindowState(Qt.WindowState.WindowMaximized)


def room_on(screen: QRect) -> QSize:
    """How large a window may be on what of a screen it may cover, so that its title finds room as well."""
    return QSize(screen.width(), screen.height() - _TITLE)


def keep(window: QWidget) -> None:
    """Remembers where a window is for the next start."""
    QSettings().setValue(_KEPT, window.saveGeometry())
