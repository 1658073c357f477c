"""Makes the pictures of the window from the running program: python docs/make_screenshots.py

Opens the sample, boxes its two people, paints a stroke and saves what the window shows. Needs no screen.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, QPointF, QSettings, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from instmatt_app.ui.application import build  # noqa: E402
from instmatt_app.ui.canvas.views import View  # noqa: E402
from instmatt_app.ui.main_window import MainWindow  # noqa: E402
from instmatt_app.ui.theme import apply_theme  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
BOXES = ((19, 0, 460, 600), (616, 34, 1109, 600))
STROKE = ((500, 250), (560, 420))


def pause(milliseconds: int) -> None:
    """Lets the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(holds: Callable[[], bool]) -> None:
    """Lets the window live until something holds; RuntimeError after two minutes."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > 120:
            raise RuntimeError("the window did not get there")
        pause(30)


def drag(window: MainWindow, start: tuple[float, float], end: tuple[float, float], release: bool = True) -> None:
    """Drags on the canvas between two points of the photo."""
    first, last = (QPointF(*window.canvas.viewport.to_widget(*point)).toPoint() for point in (start, end))
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
    for part in range(1, 21):
        QTest.mouseMove(window.canvas, first + (last - first) * part / 20)
    if release:
        QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last)


def main() -> None:
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        apply_theme(application)
        window = build()
        window.resize(1440, 900)
        window.show()

        def save(name: str) -> None:
            pause(200)
            window.grab().save(str(PICTURES / f"window-{name}.jpg"), quality=88)

        save("start")
        window.open_sample()
        until(lambda: window.document.photo is not None and not window.conductor.is_running)
        for number, (left, top, right, bottom) in enumerate(BOXES, 1):
            drag(window, (left, top), (right, bottom))
            until(lambda n=number: len(window.document.state.instances) == n)
        until(lambda: window.conductor.is_current)
        window.message_row.hide()
        window.export.folder.setText("layers")
        save("layers")
        window.document.select([1])
        window.toolbox.use("brush")
        drag(window, *STROKE, release=False)
        save("brush")
        window.stop()
        window.canvas.set_view(View.CUTOUT)
        save("cut-out")
        window.canvas.set_view(View.TRIMASK)
        save("tri-mask")
        window.close()


if __name__ == "__main__":
    main()
