"""The sheet of keyboard shortcuts, with a field to search it and one to give an action other keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.ui.shortcuts import HELD, Bound, Shortcuts


def held_keys() -> list[tuple[str, str, str]]:
    """Where, what and how of keys that are held and of what the pointer does with them: no actions, but to be known."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("ShortcutSheet", text)

    photo, brush, people = tr("On the photo"), tr("Brush"), tr("People")
    return [
        (photo, tr("Move the photo"), tr("hold Space and drag, middle button")),
        (photo, tr("Nearer or farther at the cursor"), tr("Ctrl+wheel, pinch")),
        (photo, tr("Nearer"), tr("hold Ctrl+Space and click")),
        (photo, tr("Farther"), tr("hold Alt+Space and click")),
        (photo, tr("Move the photo sideways"), tr("Shift+wheel")),
        (photo, tr("The photo as it is"), tr("hold P")),
        (photo, tr("Panels on or off"), tr("Tab, with the cursor on the photo")),
        (photo, tr("On to the controls"), tr("Shift+Tab")),
        (photo, tr("One more person, or one less"), tr("Shift+click")),
        (photo, tr("What can be done here"), tr("right click")),
        (brush, tr("Paint the opposite"), tr("hold Alt, or the right button")),
        (brush, tr("Straight line from the last point"), tr("Shift+click")),
        (brush, tr("Take the class or the person under the cursor"), tr("Ctrl+click")),
        (brush, tr("Size, and hardness"), tr("Alt+right button: sideways, up and down")),
        (people, tr("Only this person"), tr("Alt+click on the eye")),
    ]


class ShortcutSheet(QWidget):
    """A window of its own beside the main one; lists all actions and shows those that hold what is typed."""

    def __init__(self, shortcuts: Shortcuts, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self._shortcuts = shortcuts
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(720, 680)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self._held = held_keys()
        self.table = QTableWidget(len(shortcuts.bound) + len(self._held), 3)
        self.table.setHorizontalHeaderLabels([self.tr("Menu"), self.tr("Action"), self.tr("Keys")])
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column in (0, 2):
            self.table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.key = QKeySequenceEdit()
        self.key.setMaximumSequenceLength(1)
        self.key.setAccessibleName(self.tr("New key"))
        self.said = QLabel()
        self.said.setObjectName("faint")
        self.said.setWordWrap(True)
        self.replace = QPushButton(self.tr("Use this key"))
        self.add = QPushButton(self.tr("Use it, too"))
        self.none = QPushButton(self.tr("No key"))
        self.reset = QPushButton(self.tr("As at first"))
        self.reset_all = QPushButton(self.tr("All as at first"))
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("New key")))
        row.addWidget(self.key, 1)
        row.addWidget(self.replace)
        row.addWidget(self.add)
        more = QHBoxLayout()
        more.addWidget(self.none)
        more.addWidget(self.reset)
        more.addStretch()
        more.addWidget(self.reset_all)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addLayout(row)
        layout.addWidget(self.said)
        layout.addLayout(more)
        self.table.currentCellChanged.connect(self._on_chosen)
        self.key.keySequenceChanged.connect(self._renew)
        self.replace.clicked.connect(lambda: self._give([self._wanted()]))
        self.add.clicked.connect(lambda: self._give([*self._keys(), self._wanted()]))
        self.none.clicked.connect(lambda: self._give([]))
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(shortcuts.reset_all)
        shortcuts.changed.connect(self._show)
        self._show()
        self.search.setFocus()

    # --- What is shown ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        for row, one in enumerate(self._shortcuts.bound):
            keys = "  ".join(_native(key) for key in self._shortcuts.keys(one.name))
            for column, text in enumerate((one.menu, one.text, keys)):
                item = QTableWidgetItem(text)
                font = item.font()
                font.setBold(column == 2 and not self._shortcuts.is_own(one.name))
                item.setFont(font)
                self.table.setItem(row, column, item)
        for row, texts in enumerate(self._held, len(self._shortcuts.bound)):
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self._filter(self.search.text())
        self._renew()

    def _renew(self) -> None:
        """What the buttons can do now, and whom the new key calls already."""
        chosen, wanted = self._chosen(), self._wanted()
        held = wanted in HELD
        for button in (self.replace, self.add):
            button.setEnabled(chosen is not None and bool(wanted) and not held)
        self.none.setEnabled(chosen is not None and bool(self._keys()))
        self.reset.setEnabled(chosen is not None and not self._shortcuts.is_own(chosen.name))
        other = self._shortcuts.used_by(wanted, chosen.name) if chosen is not None and wanted else None
        if chosen is None:
            text = self.tr("Choose an action, then press its new key in the field.")
        elif held:
            text = self.tr("The photo itself uses {key}.").format(key=_native(wanted))
        elif other is not None:
            text = self.tr("{key} calls “{action}”, which would lose it.")
            text = text.format(key=_native(wanted), action=other.text)
        else:
            text = ""
        self.said.setText(text)

    def _filter(self, text: str) -> None:
        for row in range(self.table.rowCount()):
            cells = (self.table.item(row, column) for column in range(3))
            whole = " ".join(cell.text() for cell in cells if cell is not None)
            self.table.setRowHidden(row, text.casefold() not in whole.casefold())

    # --- What is done -------------------------------------------------------------------------------------------------

    def _on_chosen(self) -> None:
        self.key.clear()
        self._renew()

    def _chosen(self) -> Bound | None:
        row = self.table.currentRow()
        bound = self._shortcuts.bound
        return bound[row] if 0 <= row < len(bound) and not self.table.isRowHidden(row) else None

    def _keys(self) -> tuple[str, ...]:
        chosen = self._chosen()
        return () if chosen is None else self._shortcuts.keys(chosen.name)

    def _wanted(self) -> str:
        return self.key.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _give(self, keys: list[str]) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._shortcuts.give(chosen.name, keys)
            self.key.clear()

    def _reset(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._shortcuts.reset(chosen.name)


def _native(key: str) -> str:
    """A key as it is written on this system's keyboards."""
    return QKeySequence.fromString(key).toString(QKeySequence.SequenceFormat.NativeText)
