"""The people: one row each, with thumbnail, name, state, eye and lock; the uppermost layer first."""

from __future__ import annotations

import numpy as np
import qtawesome
from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.composite import checkerboard, over
from instmatt_app.core.edits import look, merge_people, remove_people, reorder
from instmatt_app.core.instance import Instance
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.images import rgb_image

THUMBNAIL = QSize(52, 40)
_PERSON = Qt.ItemDataRole.UserRole


class PeoplePanel(QWidget):
    """The list and what can be done with those selected in it. ``split_asked``: the line is to be drawn."""

    split_asked = Signal()
    add_asked = Signal()

    def __init__(self, document: Document, conductor: Conductor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._conductor = conductor
        self._filling = False
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("People"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.itemSelectionChanged.connect(self._on_selection)
        self.list.model().rowsMoved.connect(self._on_moved)
        self.list.itemDoubleClicked.connect(lambda item: self.rename(item.data(_PERSON)))
        self.count = QLabel()
        self.count.setObjectName("faint")
        heading = QLabel(self.tr("People"))
        heading.setObjectName("heading")
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch()
        top.addWidget(self.count)
        self.buttons = {
            "add": QPushButton(self.tr("Add")),
            "merge": QPushButton(self.tr("Merge")),
            "split": QPushButton(self.tr("Split")),
            "delete": QPushButton(self.tr("Delete")),
        }
        self.buttons["add"].clicked.connect(self.add_asked)
        self.buttons["merge"].clicked.connect(lambda: document.do(merge_people(document.selected)))
        self.buttons["split"].clicked.connect(self.split_asked)
        self.buttons["delete"].clicked.connect(lambda: document.do(remove_people(document.selected)))
        grid = QGridLayout()
        for column, button in enumerate(self.buttons.values()):
            grid.addWidget(button, 0, column)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.list)
        layout.addLayout(grid)
        document.changed.connect(self.renew)
        document.replaced.connect(self.renew)
        document.selected_changed.connect(self._show_selection)
        conductor.shown_changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Shows the people as they are now."""
        self._filling = True
        self.list.clear()
        for person in self._document.state.instances:
            item = QListWidgetItem()
            item.setData(_PERSON, person.id)
            row = self._row(person)
            item.setSizeHint(row.sizeHint())
            self.list.addItem(item)
            self.list.setItemWidget(item, row)
        self._filling = False
        number = len(self._document.state.instances)
        self.count.setText(self.tr("{count} found").format(count=number) if number else "")
        self._show_selection()

    def rename(self, number: int) -> None:
        """Lets the name be edited in place."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(_PERSON) == number:
                label = self.list.itemWidget(item).findChild(QLabel, "name")
                if isinstance(label, QLabel):
                    self._edit(label, number)

    def _edit(self, label: QLabel, number: int) -> None:
        edit = QLineEdit(label.text(), label)
        edit.setAccessibleName(self.tr("Name"))
        edit.resize(max(label.width(), 110), label.height() + 4)
        edit.selectAll()

        def done() -> None:
            name = edit.text().strip() or label.text()
            edit.deleteLater()
            self._document.do(look(number, self.tr("Rename"), name=name))

        edit.editingFinished.connect(done)
        edit.show()
        edit.setFocus()

    def state_of(self, person: Instance) -> str:
        """One word on how far this person is."""
        conductor = self._conductor
        if conductor.is_current:
            return self.tr("done")
        if conductor.is_failed():
            return self.tr("failed")
        if conductor.index(person.id) is None:
            return self.tr("found")
        return self.tr("catching up")

    def _row(self, person: Instance) -> QWidget:
        row = QWidget()
        row.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(4, 4, 8, 4)
        eye = self._toggle("mdi6.eye", "mdi6.eye-off-outline", person.visible)
        eye.setAccessibleName(self.tr("Show {name}").format(name=person.name))
        eye.setToolTip(self.tr("Show or hide (Alt: only this person)"))
        eye.clicked.connect(lambda shown, one=person: self._show(one, shown))
        layout.addWidget(eye)
        picture = QLabel()
        picture.setPixmap(self._thumbnail(person))
        layout.addWidget(picture)
        words = QVBoxLayout()
        words.setSpacing(0)
        name = QLabel(person.name)
        name.setObjectName("name")
        words.addWidget(name)
        score = f" · {person.score:.2f}" if person.score is not None else ""
        state = QLabel(self.state_of(person) + score)
        state.setObjectName("faint")
        words.addWidget(state)
        layout.addLayout(words, 1)
        dot = QLabel()
        dot.setPixmap(qtawesome.icon("mdi6.circle", color=QColor(*person.colour)).pixmap(12, 12))
        layout.addWidget(dot)
        lock = self._toggle("mdi6.lock", "mdi6.lock-open-variant-outline", person.locked)
        lock.setAccessibleName(self.tr("Lock {name}").format(name=person.name))
        lock.setToolTip(self.tr("Lock: strokes for others cannot change this person"))
        lock.clicked.connect(lambda on, one=person: self._document.do(look(one.id, self.tr("Lock"), locked=on)))
        layout.addWidget(lock)
        return row

    @staticmethod
    def _toggle(on: str, off: str, checked: bool) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setChecked(checked)
        button.setAutoRaise(True)
        colour = QApplication.palette().text().color()
        button.setIcon(qtawesome.icon(on if checked else off, color=colour))
        button.setStyleSheet("QToolButton, QToolButton:checked { background: transparent; padding: 2px; }")
        return button

    def _thumbnail(self, person: Instance) -> QPixmap:
        photo = self._document.photo
        picture = QPixmap(THUMBNAIL)
        picture.fill(Qt.GlobalColor.transparent)
        if photo is None:
            return picture
        box = person.box.grow(max(person.box.width, person.box.height) // 20).clip(photo.width, photo.height)
        step = max(1, min(box.width, box.height) // 80)
        rows = slice(box.top, box.bottom, step)
        columns = slice(box.left, box.right, step)
        pixels = photo.pixels[rows, columns]
        colours = (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels
        mask = person.mask[rows, columns].astype(np.float32) / np.float32(255)
        cut = over(np.ascontiguousarray(colours), mask, checkerboard(mask.shape[0], mask.shape[1], 8))
        return QPixmap.fromImage(rgb_image(cut)).scaled(
            THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )

    def _show(self, person: Instance, shown: bool) -> None:
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier:
            alone = all(one.visible == (one.id == person.id) for one in self._document.state.instances)
            for one in self._document.state.instances:
                visible = alone or one.id == person.id
                self._document.do(look(one.id, self.tr("Show"), visible=visible))
        else:
            self._document.do(look(person.id, self.tr("Show"), visible=shown))

    def _on_selection(self) -> None:
        if not self._filling:
            self._document.select([item.data(_PERSON) for item in self.list.selectedItems()])

    def _show_selection(self) -> None:
        self._filling = True
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setSelected(item.data(_PERSON) in self._document.selected)
        self._filling = False
        chosen = len(self._document.selected)
        self.buttons["merge"].setEnabled(chosen > 1)
        self.buttons["split"].setEnabled(chosen == 1)
        self.buttons["delete"].setEnabled(chosen > 0)
        self.buttons["add"].setEnabled(self._document.photo is not None)

    def _on_moved(self, *_: QModelIndex) -> None:
        order = [self.list.item(row).data(_PERSON) for row in range(self.list.count())]
        if not self._document.do(reorder(order)):
            self.renew()
