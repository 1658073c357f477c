"""The status bar: where the cursor is, what is being done and how long it will take, how well it adds up, on what."""

from __future__ import annotations

import time

import numpy as np
import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from instmatt_app.core.detail import BACKGROUND
from instmatt_app.core.pins import hold_pins
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect
from instmatt_app.ui.canvas.canvas import Canvas
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.detailing import DetailState
from instmatt_app.ui.document import Document
from instmatt_app.ui.progress_words import in_words

MEMORY_MS = 2000
# Below this many seconds nothing is said about the time that is left, and from so many on it is said in minutes.
WORTH_SAYING = 2.0
IN_MINUTES = 90.0


class Remaining:
    """How many seconds a piece of work will still take, by how long its units took so far."""

    def __init__(self) -> None:
        self._began = 0.0
        self._first = 0
        self._total = 0
        self._done = 0

    def seconds(self, done: int, total: int, now: float) -> float | None:
        """After ``done`` of ``total`` units at the time ``now``; None where there is nothing to go by yet."""
        if total != self._total or done < self._done or total == 0:
            self._began, self._first, self._total = now, done, total
        self._done = done
        made = done - self._first
        return (now - self._began) / made * (total - done) if made > 0 else None


class StatusBar(QStatusBar):
    """Listens to canvas and conductor; asks nobody for anything."""

    def __init__(self, document: Document, conductor: Conductor, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._canvas = canvas
        self._remaining = Remaining()
        self._pointed: tuple[float, float] | None = None
        self.zoom, self.point, self.work = QLabel(), QLabel(), QLabel()
        self.detail, self.error, self.engine, self.memory = QLabel(), QLabel(), QLabel(), QLabel()
        self.progress = QProgressBar()
        self.progress.setFixedWidth(150)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.progress.hide()
        self.error.setToolTip(self.tr("Mean gap of people and background to one after refinement"))
        self.memory.setToolTip(self.tr("Memory that this program holds"))
        for widget in (self.zoom, self.point, self.work, self.progress):
            self.addWidget(widget)
        self.detail.setToolTip(self.tr("How fine the outlines are that are shown, on a photo above the working size"))
        for label in (self.detail, self.error, self.engine, self.memory):
            self.addPermanentWidget(label)
        canvas.zoomed.connect(lambda zoom: self.zoom.setText(f"{100 * zoom * canvas.devicePixelRatioF():.0f} %"))
        canvas.pointed.connect(self._on_pointed)
        conductor.progressed.connect(self._on_progress)
        conductor.shown_changed.connect(self._show_result)
        conductor.detailing.changed.connect(self._show_detail)
        # Under a cursor that rests, too, alphas become others, and people change places.
        conductor.shown_changed.connect(lambda: self._on_pointed(self._pointed))
        self._timer = QTimer(self)
        self._timer.setInterval(MEMORY_MS)
        self._timer.timeout.connect(self._show_memory)
        self._timer.start()
        self._process = psutil.Process()
        self._show_memory()

    def _on_progress(self, done: int, total: int, what: str) -> None:
        self.progress.setVisible(total > 0)
        if not total:
            self.work.clear()
            return
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        left = self._remaining.seconds(done, total, time.monotonic())
        what = in_words(what)
        esc = self.tr("Esc stops")
        if left is not None and left >= WORTH_SAYING:
            about = (
                self.tr("about {seconds} s left").format(seconds=round(left))
                if left < IN_MINUTES
                else self.tr("about {minutes} min left").format(minutes=round(left / 60))
            )
            self.work.setText(f"{what} — {about} — {esc}")
        else:
            self.work.setText(f"{what} — {esc}")

    def _on_pointed(self, point: tuple[float, float] | None) -> None:
        self._pointed = point
        if point is None:
            self.point.clear()
            return
        text = f"x {point[0]:.0f}  y {point[1]:.0f}"
        place, result = self._canvas.working_pixel(*point), self._conductor.result
        if place is not None and result is not None:
            detail, x, y = self._conductor.detailing.seen(), int(point[0]), int(point[1])
            known = result.alphas[:, place[0], place[1]].reshape(-1, 1, 1)
            if detail is not None:
                # Pins hold at the photo's own resolution, over the detail.
                box, planes = Rect.of_size(x, y, 1, 1), [one.pins for one in result.people]
                fine = [detail.at(whose, x, y) for whose in (*(one.id for one in result.people), BACKGROUND)]
                finer = [own if alpha is None else alpha for own, alpha in zip(known[:, 0, 0], fine, strict=True)]
                pins = [None if plane is None else TilePlane.of(plane.at(box)) for plane in planes]
                known = hold_pins(np.array(finer, np.float32).reshape(-1, 1, 1), pins)
            # As the list has them: mattes stay in the order in which they were made.
            places = [self._conductor.index(one.id) for one in self._document.state.instances]
            text += "  α " + " / ".join(f"{known[place, 0, 0]:.2f}" for place in places if place is not None)
        self.point.setText(text)

    def _show_result(self) -> None:
        result = self._conductor.result
        if result is None:
            self.error.clear()
            self.engine.clear()
        else:
            self.error.setText(f"Σα {result.error['after refinement']:.4f}")
            used = (result.engine.partition("@")[0], result.recogniser, result.device)
            self.engine.setText(" · ".join(filter(None, used)))

    def _show_detail(self) -> None:
        detailing = self._conductor.detailing
        done, count = detailing.windows or (0, 0)
        self.detail.setText(
            {
                DetailState.NONE: "",
                DetailState.WORKING_SIZE: self.tr("working size"),
                DetailState.UNDER_WAY: self.tr("detail {done} of {count}").format(done=done, count=count or "…"),
                DetailState.READY: self.tr("detail ready"),
            }[detailing.state]
        )

    def _show_memory(self) -> None:
        used, there = self._process.memory_info().rss / 2**30, psutil.virtual_memory().total / 2**30
        self.memory.setText(self.tr("{used} of {there} GB").format(used=f"{used:.1f}", there=f"{there:.0f}"))
