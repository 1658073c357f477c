"""Makes the pictures of the window from the running program: python docs/make_screenshots.py

Opens the sample, has its two people found and matted by the weights that come with the program, works on them and saves
what the window shows. Needs no screen.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageOps  # noqa: E402
from PySide6.QtCore import QEventLoop, QPointF, QSettings, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from instmatt_app.core.edits import remove_people  # noqa: E402
from instmatt_app.ui.application import build  # noqa: E402
from instmatt_app.ui.canvas.views import View  # noqa: E402
from instmatt_app.ui.main_window import MainWindow  # noqa: E402
from instmatt_app.ui.roll.roll import Stage  # noqa: E402
from instmatt_app.ui.theme import apply_theme  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SAMPLE = ROOT / "resources" / "samples" / "group.jpg"
ON_HER = (260, 200)
STROKE = ((430, 450), (520, 530))
PINNED = ((475, 470), (520, 500))
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CLICKS = ((LEFT, (260, 110)), (LEFT, (200, 400)), (RIGHT, (500, 520)), (RIGHT, (480, 200)), (RIGHT, (60, 300)))


def pause(milliseconds: int) -> None:
    """Lets the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(holds: Callable[[], bool]) -> None:
    """Lets the window live until something holds; RuntimeError after two minutes."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > 300:
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


class Pictures:
    """Saves what the window shows."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self.folder = folder
        # The person at the left of the sample, once people are found.
        self.left: int | None = None

    def save(self, name: str) -> None:
        self.window.message.hide()
        pause(200)
        self.window.grab().save(str(self.folder / f"window-{name}.jpg"), quality=88)

    def of_guidance(self) -> None:
        """The start, people who are found, strokes, views."""
        window = self.window
        window.export.folder.setText("layers")
        self.save("start")
        window.opening.open_sample()
        until(lambda: window.document.photo is not None and window.conductor.is_current)
        window.export.folder.setText("layers")
        self.left = window.canvas.person_at(*ON_HER)
        window.document.select([self.left])
        self.save("layers")
        window.toolbox.use("brush")
        drag(window, *STROKE, release=False)
        self.save("brush")
        window.stop()
        for view, name in ((View.CUTOUT, "cut-out"), (View.TRIMASK, "tri-mask")):
            window.canvas.set_view(view)
            self.save(name)
        window.canvas.set_view(View.BACKDROP)
        window.toggle_wipe()
        self.save("wipe")
        window.toggle_wipe()
        window.canvas.set_view(View.OVERLAY)

    def of_pins_and_clicks(self) -> None:
        """Pinned strokes from near, a person pointed at, the sheets."""
        window = self.window
        window.conductor.runs_by_itself = False
        window.toolbox.brush.set_pin(True)
        drag(window, *PINNED)
        window.canvas.zoom_by(2.5, QPointF(*window.canvas.viewport.to_widget(*PINNED[0])))
        self.save("pins")
        window.canvas.fit()
        window.toolbox.brush.set_pin(False)
        window.document.history.undo()
        window.document.do(remove_people([self.left]))
        window.toolbox.use("clicks")
        for button, point in CLICKS:
            at = QPointF(*window.canvas.viewport.to_widget(*point)).toPoint()
            QTest.mouseClick(window.canvas, button, Qt.KeyboardModifier.NoModifier, at)
        until(lambda: getattr(window.canvas.tool, "found", None) is not None and not window.conductor.is_running)
        self.save("clicks")
        window.stop()
        window.document.history.undo()
        window.toolbox.use("pick")

    def of_refinement(self) -> None:
        """Cycle, its steps, the comparison, conflicts: only where there is a network."""
        window = self.window
        result = window.conductor.result
        if result is None or not result.refines:
            print("no network with a refinement is ready: its pictures were left as they are")
            return
        window.conductor.runs_by_itself = True
        window.refinement.buttons["cycle"].click()
        until(lambda: window.conductor.is_current)
        self.save("cycle")
        window.refinement.step.click()
        until(lambda: window.turns.shown is not None)
        window.turns.go_to(1)
        self.save("steps")
        window.turns.leave()
        window.refinement.compare.click()
        until(lambda: window.comparison.other is not None)
        window.canvas.set_view(View.ALPHA)
        window.document.select([])
        window.canvas.move_wipe(0.24)
        self.save("compare")
        window.comparison.compare(None)
        window.canvas.set_view(View.CONFLICTS)
        self.save("conflicts")

    def of_editing(self) -> None:
        """Edges, the quick mask, candidates, two views, all orders: what begins with two people and mattes."""
        window = self.window
        window.conductor.runs_by_itself = True
        window.document.select(window.document.state.ids()[:1])
        window.canvas.set_view(View.WHITE)
        window.edges.begin()
        for name, value in (("shift", -2.0), ("feather", 1.5), ("drop_specks", 20.0)):
            window.edges.numbers[name].setValue(value)
        until(lambda: window.conductor.is_current)
        self.save("edges")
        window.edges.reset.click()
        window.edges.fold.click()
        window.canvas.set_view(View.OVERLAY)
        window.toggle_quick_mask()
        drag(window, *STROKE)
        self.save("quick-mask")
        window.canvas.quick_mask.drop()
        window.toolbox.use("pick")
        window.candidates.look()
        until(lambda: not window.candidates.is_looking)
        self.save("candidates")
        window.candidates.leave()
        until(lambda: window.conductor.is_current)
        window.canvas.set_view(View.CUTOUT)
        window.twin.toggle()
        self.save("two-views")
        window.twin.toggle()
        window.canvas.set_view(View.OVERLAY)
        if window.orders.can_try():
            window.orders.begin()
            until(lambda: bool(window.orders.tried))
            self.save("orders")
            window.orders.leave()

    def of_roll(self, folder: Path) -> None:
        """Three photos: the sample, a half of it, and its mirror image; one is done and one under way."""
        window = self.window
        paths = [SAMPLE, folder / "admiral.jpg", folder / "mirrored.jpg"]
        with Image.open(SAMPLE) as sample:
            sample.crop((600, 0, 1112, 600)).save(paths[1], quality=92)
            ImageOps.mirror(sample).save(paths[2], quality=92)
        window.opening.open_paths(paths)
        until(lambda: len(window.roll.photos) == 3 and window.roll.current is window.roll.photos[0])
        until(lambda: window.conductor.is_current and all(one.picture is not None for one in window.roll.photos))
        window.batch.start()
        until(lambda: window.roll.photos[2].stage is Stage.RUNNING)
        window.export.folder.setText("layers")
        self.save("filmstrip")
        window.batch.stop()
        until(lambda: not window.conductor.is_running)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--light", action="store_true", help="the light theme")
    parser.add_argument("--folder", type=Path, default=PICTURES)
    given = parser.parse_args()
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        os.environ["XDG_DATA_HOME"] = folder
        apply_theme(application, dark=not given.light)
        window = build()
        window.resize(1440, 900)
        window.show()
        pictures = Pictures(window, given.folder)
        pictures.of_guidance()
        pictures.of_pins_and_clicks()
        pictures.of_refinement()
        pictures.of_editing()
        pictures.of_roll(Path(folder))
        window.close()


if __name__ == "__main__":
    main()
