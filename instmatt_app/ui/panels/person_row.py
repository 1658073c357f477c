"""One person's row in the list: eye, thumbnail, name, how far they are, colour and lock."""

from __future__ import annotations

import numpy as np
import qtawesome
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QColorDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.composite import checkerboard, over
from instmatt_app.core.instance import Instance
from instmatt_app.core.photo import Photo
from instmatt_app.ui.images import rgb_image

THUMBNAIL = QSize(52, 40)
_PLAIN = "QToolButton, QToolButton:checked { background: transparent; padding: 2px; }"


class _NameEdit(QLineEdit):
    """Keeps Enter and Esc to itself, which elsewhere run and stop."""

    given_up = False

    def event(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in keys:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up = True
            self.clearFocus()
        else:
            super().keyPressEvent(event)


class PersonRow(QWidget):
    """Shows a person; ``looked`` carries what is to be changed about their looks, ``solo_asked`` the wish to see them
    alone, ``hovered`` whether the cursor is over the row."""

    looked = Signal(str, dict)
    solo_asked = Signal()
    hovered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person: Instance | None = None
        self._pictured: object = None
        self.eye, self.lock, self.dot = QToolButton(), QToolButton(), QToolButton()
        for button in (self.eye, self.lock, self.dot):
            button.setAutoRaise(True)
            button.setStyleSheet(_PLAIN)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.eye.setToolTip(self.tr("Show or hide (Alt: only this person)"))
        self.lock.setToolTip(self.tr("Lock: strokes for others cannot change this person"))
        self.dot.setToolTip(self.tr("Colour"))
        self.picture, self.name, self.icon, self.state = QLabel(), QLabel(), QLabel(), QLabel()
        self.picture.setFixedSize(THUMBNAIL)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.setObjectName("name")
        self.state.setObjectName("faint")
        # However much there is to say, the row is as wide as the list.
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        how_far = QHBoxLayout()
        how_far.setSpacing(4)
        how_far.addWidget(self.icon)
        how_far.addWidget(self.state, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addLayout(how_far)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 8, 4)
        layout.addWidget(self.eye)
        layout.addWidget(self.picture)
        layout.addLayout(words, 1)
        layout.addWidget(self.dot)
        layout.addWidget(self.lock)
        self.eye.clicked.connect(self._look)
        self.lock.clicked.connect(self._lock)
        self.dot.clicked.connect(self._colour)

    def show_person(self, person: Instance, photo: Photo) -> None:
        """What has not changed is not made again."""
        before, self.person = self.person, person
        if before is person:
            return
        self._show_icons(person)
        self.dot.setIcon(qtawesome.icon("mdi6.circle", color=QColor(*person.colour)))
        self.name.setText(person.name)
        hide, unlock = self.tr("Hide {name}"), self.tr("Unlock {name}")
        self.eye.setAccessibleName((hide if person.visible else self.tr("Show {name}")).format(name=person.name))
        self.lock.setAccessibleName((unlock if person.locked else self.tr("Lock {name}")).format(name=person.name))
        self.dot.setAccessibleName(self.tr("Colour of {name}").format(name=person.name))
        if self._pictured is not person.mask:
            self._pictured = person.mask
            self.picture.setPixmap(_thumbnail(person, photo))

    def _show_icons(self, person: Instance) -> None:
        text = QApplication.palette().text().color()
        eye = "mdi6.eye" if person.visible else "mdi6.eye-off-outline"
        lock = "mdi6.lock" if person.locked else "mdi6.lock-open-variant-outline"
        self.eye.setIcon(qtawesome.icon(eye, color=text))
        self.lock.setIcon(qtawesome.icon(lock, color=text))

    def changeEvent(self, event: QEvent) -> None:
        # Icons are pictures, and do not become dark or light with the words.
        if event.type() == QEvent.Type.PaletteChange and self.person is not None:
            self._show_icons(self.person)
        super().changeEvent(event)

    def show_state(self, words: str, icon: str) -> None:
        """How far the person is, in words and as a picture."""
        if self.state.text() != words:
            self.state.setText(words)
            self.state.setToolTip(words)
            self.icon.setPixmap(qtawesome.icon(icon, color="#8c8c8c").pixmap(13, 13))

    def edit_name(self) -> None:
        """Lets the name be edited in place."""
        edit = _NameEdit(self.name.text(), self.name)
        edit.setAccessibleName(self.tr("Name"))
        edit.resize(max(self.name.width(), 110), self.name.height() + 4)
        edit.selectAll()

        def done() -> None:
            name = edit.text().strip() or self.name.text()
            edit.deleteLater()
            if edit.given_up:
                return
            self.looked.emit(self.tr("Rename"), {"name": name})

        edit.editingFinished.connect(done)
        edit.show()
        edit.setFocus()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.edit_name()

    def _look(self) -> None:
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier:
            self.solo_asked.emit()
        elif self.person is not None:
            self.looked.emit(self.tr("Show"), {"visible": not self.person.visible})

    def _lock(self) -> None:
        if self.person is not None:
            self.looked.emit(self.tr("Lock"), {"locked": not self.person.locked})

    def _colour(self) -> None:
        if self.person is not None:
            colour = QColorDialog.getColor(QColor(*self.person.colour), self, self.tr("Colour"))
            if colour.isValid():
                self.looked.emit(self.tr("Colour"), {"colour": (colour.red(), colour.green(), colour.blue())})


def _thumbnail(person: Instance, photo: Photo) -> QPixmap:
    box = person.box.grow(max(person.box.width, person.box.height) // 20).clip(photo.width, photo.height)
    step = max(1, min(box.width, box.height) // 80)
    rows = slice(box.top, box.bottom, step)
    columns = slice(box.left, box.right, step)
    pixels = photo.pixels[rows, columns]
    colours = (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels
    mask = person.mask.at(box, step).astype(np.float32) / np.float32(255)
    cut = over(np.ascontiguousarray(colours), mask, checkerboard(mask.shape[0], mask.shape[1], 8))
    return QPixmap.fromImage(rgb_image(cut)).scaled(
        THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
