"""How quick the window is: python benchmarks/ui.py [--megapixels 24] [--people 6] [--strokes closed-form lite]

Drives the real window without a screen (Qt's offscreen platform) on a drawn photo: mattes are the masks, so that what
is measured is the window and not an engine. Then the time from a stroke to its preview and to the full result, with
real engines on the sample photo; the light network is the one that comes with the program. Times come twice where
they are short: by the clock, and as what the UI thread itself computed, which does not depend on what else the computer
is doing. Prints milliseconds and megabytes.
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
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
BEGAN = time.perf_counter()

import numpy as np  # noqa: E402
import psutil  # noqa: E402
from fakes import FakeBackend  # noqa: E402
from PySide6.QtCore import QEventLoop, QPoint, QPointF, QSettings, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from instmatt_app.core.detail import Detail, levels_of  # noqa: E402
from instmatt_app.core.interfaces import Detection  # noqa: E402
from instmatt_app.core.photo import Photo  # noqa: E402
from instmatt_app.core.planes import TILE, TilePlane, tiles_of  # noqa: E402
from instmatt_app.core.rect import Rect  # noqa: E402
from instmatt_app.ui.canvas.viewport import Viewport  # noqa: E402
from instmatt_app.ui.canvas.views import View  # noqa: E402
from instmatt_app.ui.conductor import Conductor  # noqa: E402
from instmatt_app.ui.document import Document  # noqa: E402
from instmatt_app.ui.main_window import MainWindow  # noqa: E402
from instmatt_app.ui.theme import apply_theme  # noqa: E402


class WorkingSize(FakeBackend):
    """Mattes at the working size, as every engine makes them."""

    def matte(self, project, step):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        height, width = project.photo.size_at(1280)
        project.instances = [
            replace(one, mask=TilePlane.of(one.mask.reduced(height, width))) for one in project.instances
        ]
        return super().matte(project, step)

    def detail(self, project, result, step):  # type: ignore[no-untyped-def]
        """Soft and wavy outlines all round everybody, in the tiles through which they go."""
        from dataclasses import replace

        height, width = project.photo.height, project.photo.width
        tiles: dict[tuple[int, int], dict[int | None, np.ndarray]] = {}
        for number, box in enumerate(self.people, 1):
            inner = box.grow(-TILE)
            for place, tile in tiles_of(box, height, width):
                if tile.intersect(inner) != tile:
                    y, x = np.mgrid[tile.top : tile.bottom, tile.left : tile.right]
                    sides = (x - box.left, box.right - x, y - box.top, box.bottom - y)
                    inside = np.minimum.reduce(sides) - 30 + 8 * np.sin((x + y) / 6)
                    tiles.setdefault(place, {})[number] = levels_of((inside / 20 + 0.5).astype(np.float32))
        return replace(result, detail=Detail(height, width, tiles, 1))


class Gaps:
    """The longest time the event loop was not reached: by the clock and of the thread's own work, in milliseconds."""

    def __init__(self) -> None:
        self._longest = (0.0, 0.0)
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        gap = tuple(1000 * (new - old) for new, old in zip(now, self._last, strict=True))
        self._longest = (max(self._longest[0], gap[0]), max(self._longest[1], gap[1]))
        self._last = now

    def take(self) -> str:
        longest, self._longest = self._longest, (0.0, 0.0)
        self._last = (time.perf_counter(), time.thread_time())
        return f"{longest[0]:.0f} ms, of its own {longest[1]:.0f} ms"


def until(holds: Callable[[], bool]) -> float:
    """Lets the window live until something holds; the milliseconds it took."""
    began = time.perf_counter()
    while not holds():
        loop = QEventLoop()
        QTimer.singleShot(2, loop.quit)
        loop.exec()
    return 1000 * (time.perf_counter() - began)


def timed(do: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that something took: by the clock, and of the thread's own work."""
    began, own = time.perf_counter(), time.thread_time()
    do()
    return 1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - own)


def shown(of: tuple[float, float]) -> str:
    return f"{of[0]:.1f} ms ({of[1]:.1f} of its own)"


def middle(times: list[tuple[float, float]], share: float = 50) -> tuple[float, float]:
    """That percentile of both."""
    clock, own = np.percentile(np.array(times), share, axis=0)
    return float(clock), float(own)


def stroke(window: MainWindow, zoom: float, photo: Photo, moves: int = 200) -> tuple[list[tuple[float, float]], str]:
    """What each move of a brush of 200 px radius on the screen takes, and the release."""
    canvas = window.canvas
    canvas.set_viewport(Viewport(zoom, photo.width / 3, photo.height / 3))
    window.toolbox.brush.set_radius(min(200, 100 / zoom))
    rng = np.random.default_rng(0)
    at = QPointF(canvas.width() / 2, canvas.height() / 2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at.toPoint())
    taken = []
    for _ in range(moves):
        at += QPointF(*rng.normal(0, 12, 2).tolist())
        to = QPoint(round(at.x()), round(at.y()))
        taken.append(timed(lambda to=to: (QTest.mouseMove(canvas, to), canvas.repaint())))  # type: ignore[misc]
    key = Qt.KeyboardModifier.NoModifier
    released = timed(lambda: QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, key, at.toPoint()))
    return taken, shown(released)


def look(window: MainWindow, what: str) -> None:
    """Prints what the first sight of every view takes, and the later ones; leaves the overlay."""
    for view in View:
        window.canvas.set_view(view)
        first = timed(window.canvas.repaint)
        again = middle([timed(window.canvas.repaint) for _ in range(20)])
        print(f"{what}, view {view.value}: first {shown(first)}, then {shown(again)}")
    window.canvas.set_view(View.OVERLAY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, default=24)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--strokes", nargs="*", choices=("closed-form", "lite"), default=["closed-form", "lite"])
    given = parser.parse_args()
    application = QApplication([])
    folder = tempfile.TemporaryDirectory()
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder.name)
    apply_theme(application)
    backend = WorkingSize()
    document = Document()
    conductor = Conductor(document, backend)
    window = MainWindow(document, conductor)
    window.resize(1600, 1000)
    window.show()
    application.processEvents()
    print(f"window visible after the start of Python's imports: {1000 * (time.perf_counter() - BEGAN):.0f} ms")
    gaps = Gaps()
    width = round((given.megapixels * 1e6 * 1.5) ** 0.5)
    height = round(width / 1.5)
    pixels = np.random.default_rng(0).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    photo = Photo(np.ascontiguousarray(np.kron(pixels, np.ones((8, 8, 1), np.uint8))))
    side = photo.width // given.people
    backend.people = [
        Rect(n * side, photo.height // 5, n * side + side * 9 // 10, photo.height) for n in range(given.people)
    ]
    before = psutil.Process().memory_info().rss
    gaps.take()
    conductor.open_photo(photo)
    print(f"open {photo.width} × {photo.height}: {until(lambda: document.photo is photo):.0f} ms")
    print(f"{given.people} people found and matted: {until(lambda: conductor.is_current):.0f} ms")
    print(f"longest gap of the event loop meanwhile: {gaps.take()}")
    print(f"memory for photo, people and mattes: {(psutil.Process().memory_info().rss - before) / 2**20:.0f} MB")
    look(window, "whole photo")
    backend.wants_detail = True
    conductor.export(lambda result, step: [])
    until(lambda: conductor.result is not None and conductor.result.detail is not None)
    for zoom in (0.25, 0.5, 1.0):
        window.canvas.set_viewport(Viewport(zoom, photo.width / 3, photo.height / 6))
        look(window, f"detail at {zoom}")
        panned = []
        for _ in range(40):
            window.canvas.set_viewport(window.canvas.viewport.panned(-30, -10))
            panned.append(timed(window.canvas.repaint))
        print(f"detail at {zoom}, panned in the overlay: p50 {shown(middle(panned))}, p99 {shown(middle(panned, 99))}")
    document.select([1])
    window.toolbox.use("brush")
    conductor.runs_by_itself = False
    for zoom in (0.25, 1.0, 4.0):
        taken, released = stroke(window, zoom, photo)
        print(f"brush at {zoom}: p50 {shown(middle(taken))}, p99 {shown(middle(taken, 99))}; release {released}")
    window.close()
    for engine in given.strokes:
        stroke_to_result(engine, gaps)


def stroke_to_result(engine: str, gaps: Gaps) -> None:
    """Prints the time from a stroke to its preview and to the full result, and the longest gap over the whole path."""
    from instmatt_app.api import MatteOptions
    from instmatt_app.core.edits import add_people, paint
    from instmatt_app.core.hints import Hint
    from instmatt_app.ui.application import build

    options = MatteOptions(engine="closed-form", recogniser="prompt")
    if engine == "lite":
        options = MatteOptions(model="instmatt-lite", recogniser="prompt")
    window = build(options)
    window.show()
    document, conductor = window.document, window.conductor
    gaps.take()
    window.opening.open_sample()
    until(lambda: document.photo is not None and not conductor.is_running)
    for left, top, right, bottom in ((19, 0, 460, 600), (616, 34, 1109, 600)):
        mask = np.zeros((600, 1112), np.uint8)
        mask[top + 40 : bottom, left + 60 : right - 60] = 255
        document.do(add_people([Detection(TilePlane.of(mask), None, Rect(left, top, right, bottom))]))
    print(f"{engine}: first mattes {until(lambda: conductor.is_current):.0f} ms, longest gap {gaps.take()}")
    for place in (380, 420, 460):
        document.do(paint(1, Hint.THIS_PERSON, Rect(420, place, 460, place + 30), np.ones((30, 40), bool)))
        preview = until(lambda: conductor.is_preview or conductor.is_current)
        full = preview + until(lambda: conductor.is_current)
        print(f"{engine}: stroke to preview {preview:.0f} ms, to full {full:.0f} ms, longest gap {gaps.take()}")
    conductor.close()
    window.hide()


if __name__ == "__main__":
    main()
