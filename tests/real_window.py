"""The window on a real X display, driven by real pointer and key events: run by tests/ui/test_real_window.py.

python real_window.py PHOTO WEIGHTS FOLDER — drops the photo, boxes two people, paints, pins, undoes, drags the order of
the cycle, exports, and leaves in FOLDER what the command line needs to make the same files.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from PySide6.QtCore import QEventLoop, QMimeData, QPoint, QPointF, QSettings, Qt, QTimer, QUrl  # noqa: E402
from PySide6.QtGui import QDrag, QMouseEvent  # noqa: E402
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget  # noqa: E402

from instmatt_app.api import MatteOptions  # noqa: E402
from instmatt_app.ui.application import build  # noqa: E402
from instmatt_app.ui.main_window import MainWindow  # noqa: E402
from instmatt_app.ui.theme import apply_theme  # noqa: E402

BOXES = ((14, 2, 294, 382), (400, 24, 690, 380))
SIZE = 96


def until(holds: Callable[[], bool], seconds: float = 240) -> None:
    """Lets the window live until something holds; TimeoutError, and a picture of the window, if it never does."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            QApplication.activeWindow().grab().save(str(Path(sys.argv[3]) / "stuck.png"))
            raise TimeoutError(f"line {sys._getframe(1).f_lineno}")
        pause(10)


def pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def hands(*words: object) -> None:
    """What xdotool does, while the window goes on living."""
    child = subprocess.Popen(["xdotool", *map(str, words)])
    until(lambda: child.poll() is not None)
    assert child.returncode == 0


def drag(start: QPoint, end: QPoint, button: int = 1, pace: float = 0.03) -> None:
    """From one place of the screen to another, as a hand does it: not in one go.

    One process does it all, because a drag between programs holds this one up until it ends.
    """
    words: list[object] = ["mousemove", start.x(), start.y(), "mousedown", button, "sleep", 3 * pace]
    for part in range(1, 9):
        at = start + (end - start) * part / 8
        words += ["mousemove", at.x(), at.y(), "sleep", pace]
    hands(*words, "sleep", 3 * pace, "mouseup", button)


def bring(widget: QWidget) -> None:
    """Scrolls the panels until the widget is seen: hands reach only what is in sight."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget)
        pause(100)


def click(widget: QWidget) -> None:
    bring(widget)
    at = widget.mapToGlobal(widget.rect().center())
    hands("mousemove", at.x(), at.y(), "click", 1)


class Source(QLabel):
    """A program from which a file can be dragged."""

    def __init__(self, path: Path) -> None:
        super().__init__("drag me")
        self.path = path

    def mousePressEvent(self, event: QMouseEvent) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self.path))])
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)


def on_screen(window: MainWindow, x: float, y: float) -> QPoint:
    at = QPointF(*window.canvas.viewport.to_widget(x, y)).toPoint()
    return window.canvas.mapToGlobal(at)


def main() -> None:
    photo, weights, folder = (Path(argument) for argument in sys.argv[1:4])
    application = QApplication([])
    apply_theme(application)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    window = build(MatteOptions(engine="closed-form", recogniser="prompt", working_size=SIZE))
    window.setGeometry(0, 60, 1260, 800)
    source = Source(photo)
    source.setGeometry(0, 0, 200, 40)
    window.show()
    source.show()
    until(window.isVisible)
    pause(200)
    document, conductor = window.document, window.conductor
    drag(source.mapToGlobal(source.rect().center()), window.mapToGlobal(window.rect().center()), pace=0.2)
    until(lambda: document.photo is not None and not conductor.is_running)
    source.hide()
    window.activateWindow()
    hands("mousemove", *on_screen(window, 350, 20).toTuple(), "key", "w")
    for number, (left, top, right, bottom) in enumerate(BOXES, 1):
        drag(on_screen(window, left, top), on_screen(window, right, bottom))
        until(lambda n=number: len(document.state.instances) == n)  # type: ignore[misc]
    boxes = [(one.box.left, one.box.top, one.box.width, one.box.height) for one in document.state.instances]
    until(lambda: conductor.is_current)

    click(window.people.rows[1])
    until(lambda: document.selected == (1,))
    previews: list[bool] = []
    conductor.shown_changed.connect(lambda: previews.append(conductor.is_preview))
    hands("mousemove", *on_screen(window, 340, 200).toTuple(), "key", "b")
    drag(on_screen(window, 320, 200), on_screen(window, 350, 240))
    until(lambda: conductor.is_current)
    assert any(previews), "a preview comes before the full result"
    hands("key", "k")
    until(lambda: window.toolbox.brush.pin)
    drag(on_screen(window, 60, 40), on_screen(window, 100, 40), button=3)
    until(lambda: document.state.person(1).pins is not None)
    kept = document.state
    drag(on_screen(window, 320, 300), on_screen(window, 350, 300))
    until(lambda: document.state is not kept)
    hands("key", "ctrl+z")
    until(lambda: document.state is kept)

    def export(name: str) -> None:
        for _ in range(5):
            # Panels still move while a run ends; a click that fell beside is taken back.
            pause(300)
            click(window.export.folder)
            pause(300)
            if window.export.folder.hasFocus():
                break
            hands("key", "Escape")
        hands("key", "ctrl+a", "type", "--delay", 1, str(folder / name))
        until(lambda: window.export.folder.text() == str(folder / name))
        written: list[object] = []
        conductor.exported.connect(written.append)
        click(window.export.button)
        until(lambda: bool(written))

    export("closed-form")
    window.settings.change(model=str(weights), working_size=SIZE, recogniser="auto")
    until(window.refinement.buttons["cycle"].isEnabled)
    click(window.refinement.buttons["cycle"])
    order = window.refinement.order
    until(lambda: order.count() == 2 and order.isVisible())
    bring(order)
    first, second = (order.visualItemRect(order.item(row)) for row in (0, 1))
    drag(
        order.viewport().mapToGlobal(first.center() + QPoint(12, 0)),
        order.viewport().mapToGlobal(QPoint(second.right() - 3, second.center().y())),
    )
    until(lambda: document.state.refinement.order == (2, 1))
    until(lambda: conductor.is_current)
    export("cycle")
    for person in document.state.instances:
        for what, plane in (("hints", person.hints), ("pins", person.pins)):
            (folder / what).mkdir(exist_ok=True)
            if plane is not None:
                Image.fromarray(plane.full()).save(folder / what / f"{person.id:02}.png")
    (folder / "boxes.json").write_text(json.dumps(boxes))
    window.close()
    application.quit()


if __name__ == "__main__":
    main()
