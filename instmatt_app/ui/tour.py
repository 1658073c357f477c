"""The tour: a bubble that points at one control after the other, and is in nobody's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from instmatt_app.ui.theme import ACCENT

if TYPE_CHECKING:
    from instmatt_app.ui.main_window import MainWindow

WIDTH = 340
GAP = 14


@dataclass(frozen=True)
class TourStep:
    """What is said, and of which control."""

    title: str
    text: str
    target: Callable[[], QWidget]


class Tour(QObject):
    """Goes through its steps; everything in the window can be used meanwhile."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.steps = self._make_steps(window)
        self.place = 0
        self.ring = _Ring(window)
        self.bubble = _Bubble(window)
        self.bubble.back.clicked.connect(lambda: self.go_to(self.place - 1))
        self.bubble.next.clicked.connect(lambda: self.go_to(self.place + 1))
        self.bubble.skip.clicked.connect(self.end)
        escape = QShortcut(QKeySequence("Esc"), self.bubble)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.end)
        window.installEventFilter(self)

    @property
    def is_on(self) -> bool:
        return self.bubble.isVisible()

    def begin(self) -> None:
        """From the first step."""
        self.go_to(0)

    def go_to(self, place: int) -> None:
        """Shows that step; beyond the last one the tour is over."""
        if place >= len(self.steps):
            self.end()
            return
        self.place = max(0, place)
        step = self.steps[self.place]
        is_last = self.place == len(self.steps) - 1
        self.bubble.say(step.title, step.text, f"{self.place + 1} / {len(self.steps)}")
        self.bubble.back.setEnabled(self.place > 0)
        self.bubble.next.setText(self.tr("Done") if is_last else self.tr("Next"))
        self.bubble.show()
        self._point()
        self.bubble.next.setFocus()

    def end(self) -> None:
        """Takes bubble and ring away."""
        self.bubble.hide()
        self.ring.hide()
        self._window.canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.is_on:
            self._point()
        return super().eventFilter(watched, event)

    def _point(self) -> None:
        """Puts the ring round the control and the bubble beside it, on the side with the most room."""
        target, window = self.steps[self.place].target(), self._window
        shown = target.isVisible()
        self.ring.setVisible(shown)
        self.bubble.adjustSize()
        size = self.bubble.size()
        if not shown:
            middle = window.rect().center() - QPoint(size.width() // 2, size.height() // 2)
            self.bubble.move(middle)
            self.bubble.raise_()
            return
        area = QRect(target.mapTo(window, QPoint(0, 0)), target.size()) & window.rect()
        self.ring.setGeometry(area.adjusted(-4, -4, 4, 4))
        rooms = {
            area.left(): QPoint(area.left() - size.width() - GAP, area.top()),
            window.width() - area.right(): QPoint(area.right() + GAP, area.top()),
            window.height() - area.bottom(): QPoint(area.left(), area.bottom() + GAP),
        }
        wide = max(rooms)
        # A control that fills the window has the bubble in its middle.
        at = rooms[wide] if wide > size.width() + 2 * GAP else area.center() - QPoint(size.width() // 2, 0)
        most = QPoint(window.width() - size.width() - GAP, window.height() - size.height() - GAP)
        self.bubble.move(max(GAP, min(at.x(), most.x())), max(GAP, min(at.y(), most.y())))
        self.ring.raise_()
        self.bubble.raise_()

    def _make_steps(self, window: MainWindow) -> list[TourStep]:
        return [
            TourStep(
                self.tr("Open a photo"),
                self.tr("Drop a photo anywhere into the window, or try the sample. People are found by themselves."),
                lambda: window.pages,
            ),
            TourStep(
                self.tr("Who is there"),
                self.tr("Each person is a layer here. Whom the search missed you add with a box or a click."),
                lambda: window.people,
            ),
            TourStep(
                self.tr("Tools"),
                self.tr("Boxes, clicks, brushes, eraser. Point at one to read its key; F1 lists all keys."),
                lambda: window.tool_bar,
            ),
            TourStep(
                self.tr("Say what is meant"),
                self.tr(
                    "Strokes do not paint the matte. They tell the network: this person, another person, nobody, or "
                    "decide yourself. Everything can be undone."
                ),
                lambda: window.brush_bar,
            ),
            TourStep(
                self.tr("Look at it"),
                self.tr("F goes through the views: overlay, outlines, black, white, alpha, cut-out and more."),
                lambda: window.canvas,
            ),
            TourStep(
                self.tr("Let people agree"),
                self.tr("Refinement makes people who touch agree about their border, all at once or in an order."),
                lambda: window.refinement,
            ),
            TourStep(
                self.tr("Take the layers with you"),
                self.tr("A file per person, or one document with everybody as layers. Help › Guide has the rest."),
                lambda: window.export,
            ),
        ]


class _Bubble(QFrame):
    """The words and three buttons."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setFixedWidth(WIDTH)
        self.setStyleSheet(
            f"QFrame#tour {{ background: {ACCENT.name()}; border-radius: 8px; }} QFrame#tour QLabel {{ color: white; }}"
        )
        self.setAccessibleName(self.tr("Tour"))
        self._title, self._words, self._count = QLabel(), QLabel(), QLabel()
        self._title.setObjectName("heading")
        self._words.setWordWrap(True)
        self.skip, self.back = QPushButton(self.tr("Skip the tour")), QPushButton(self.tr("Back"))
        self.next = QPushButton(self.tr("Next"))
        for button in (self.next, self.back, self.skip):
            button.setAutoDefault(True)
        row = QHBoxLayout()
        row.addWidget(self.skip)
        row.addStretch()
        row.addWidget(self._count)
        row.addWidget(self.back)
        row.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        for label in (self._title, self._words):
            layout.addWidget(label)
        layout.addLayout(row)
        self.hide()

    def say(self, title: str, words: str, count: str) -> None:
        self._title.setText(title)
        self._words.setText(words)
        self._count.setText(count)
        self.setAccessibleDescription(f"{title}. {words}")

    def words(self) -> str:
        return self._words.text()


class _Ring(QWidget):
    """A frame round what the bubble is about; clicks go through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(ACCENT).lighter(140), 3))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)
