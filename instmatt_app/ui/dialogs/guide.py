"""The guide: the pages of docs/guide as they lie on the disk, shown without a network."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QImageReader,
    QKeySequence,
    QShortcut,
    QTextBlock,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

FIRST = "README.md"
MOST_BYTES = 2**20


class GuideWindow(QWidget):
    """A window of its own: the headings of all pages at the left, the page at the right, a field to search them."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Guide"))
        self.resize(1000, 760)
        self.page = _Page(folder)
        self.page.setAccessibleName(self.tr("Guide"))
        self.headings = QListWidget()
        self.headings.setAccessibleName(self.tr("Contents"))
        self.headings.setWordWrap(True)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search; Enter goes to the next place"))
        self.search.setAccessibleName(self.tr("Search the guide"))
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self.find_next)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.headings)
        halves = QSplitter()
        halves.addWidget(side)
        halves.addWidget(self.page)
        halves.setStretchFactor(1, 1)
        halves.setSizes([250, 750])
        line = QHBoxLayout(self)
        line.addWidget(halves)
        self.names = [FIRST, *sorted(path.name for path in folder.glob("*.md") if path.name != FIRST)]
        for name in self.names:
            self.page.show_page(name)
            for block in self.page.headings():
                item = QListWidgetItem(("" if block.blockFormat().headingLevel() == 1 else "    ") + block.text())
                item.setData(Qt.ItemDataRole.UserRole, (name, block.blockNumber()))
                self.headings.addItem(item)
        self.page.show_page(FIRST)
        self.page.clearHistory()
        self.headings.currentItemChanged.connect(self._go_to)
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self.search.setFocus)
        QShortcut("Esc", self).activated.connect(self.close)
        self.headings.setFocus()

    def find_next(self) -> None:
        """The next place with the words that are sought, on this page or on the ones after it, round and round."""
        words = self.search.text()
        if not words or self.page.find(words):
            return
        start = self.names.index(self.page.name)
        for name in [*self.names[start + 1 :], *self.names[: start + 1]]:
            self.page.show_page(name)
            if self.page.find(words):
                return

    def _go_to(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            name, block = item.data(Qt.ItemDataRole.UserRole)
            self.page.show_page(name)
            self.page.go_to(self.page.document().findBlockByNumber(block))


class _Page(QTextBrowser):
    """One page of Markdown; pictures as wide as the page, links to other pages followed, all others given away."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.name = ""
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._on_link)
        self.document().setDocumentMargin(18)

    def show_page(self, name: str) -> None:
        """Shows the page with that file name from its beginning, unless it is shown already."""
        if name == self.name:
            return
        path = self.folder / name
        text = path.read_bytes()[:MOST_BYTES].decode("utf-8", "replace") if path.is_file() else ""
        self.name = name
        self.document().clear()
        self.document().setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def headings(self) -> list[QTextBlock]:
        """The page's headings down to the second level."""
        found = []
        block = self.document().begin()
        while block.isValid():
            if 1 <= block.blockFormat().headingLevel() <= 2:
                found.append(block)
            block = block.next()
        return found

    def go_to(self, block: QTextBlock) -> None:
        """Brings a block to the top."""
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(int(top) - 12)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pictures of the guide, reduced to the width of the page; nothing from anywhere else."""
        path = (self.folder / QUrl(name).path()).resolve()
        if kind != QTextDocument.ResourceType.ImageResource.value or self.folder.parent.resolve() not in path.parents:
            return None
        reader = QImageReader(str(path))
        size, width = reader.size(), max(300, min(900, self.viewport().width() - 60))
        if size.width() > width:
            ratio = self.devicePixelRatioF()
            reader.setScaledSize(QSize(width, round(size.height() * width / size.width())) * ratio)
            image = reader.read()
            image.setDevicePixelRatio(ratio)
            return image
        found: QImage = reader.read()
        return found

    def _on_link(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)  # asked for by a click, and the system's browser opens it
            return
        if url.path().endswith(".md") and (self.folder / url.path()).is_file() and "/" not in url.path():
            self.show_page(url.path())
        if url.fragment():
            wanted = _anchor(url.fragment())
            for block in self.headings():
                if _anchor(block.text()) == wanted:
                    self.go_to(block)


def _anchor(heading: str) -> str:
    """What a link to a heading is called."""
    return "".join(one for one in heading.lower().replace(" ", "-") if one.isalnum() or one == "-")
