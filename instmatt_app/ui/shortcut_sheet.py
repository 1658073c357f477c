"""The sheet of keyboard shortcuts, with a field to search it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget


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
    """A window of its own beside the main one; lists (menu, text, keys) and shows those that hold what is typed."""

    def __init__(self, rows: Sequence[tuple[str, str, str]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(480, 620)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.table = QTableWidget(len(rows), 3)
        self.table.setHorizontalHeaderLabels([self.tr("Menu"), self.tr("Action"), self.tr("Keys")])
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.table)
        self.search.setFocus()

    def _filter(self, text: str) -> None:
        for row in range(self.table.rowCount()):
            cells = (self.table.item(row, column) for column in range(3))
            whole = " ".join(cell.text() for cell in cells if cell is not None)
            self.table.setRowHidden(row, text.casefold() not in whole.casefold())
