"""The main window: puts canvas, bars and panels in their places and joins them; no logic of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import qtawesome
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QBrush,
    QCloseEvent,
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtWidgets import (
    QColorDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.photo import Photo
from instmatt_app.files.photo_reader import is_photo_name
from instmatt_app.files.project_file import SUFFIX
from instmatt_app.places import resources_folder
from instmatt_app.ui.actions import Actions
from instmatt_app.ui.canvas.canvas import Canvas, Step, Wipe
from instmatt_app.ui.canvas.rendering import Backdrop
from instmatt_app.ui.canvas.views import View, changes_view
from instmatt_app.ui.comparison import Comparison
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.exchange import Exchange
from instmatt_app.ui.history_sheet import HistorySheet
from instmatt_app.ui.images import array_of
from instmatt_app.ui.panels.export import ExportPanel
from instmatt_app.ui.panels.people import PeoplePanel
from instmatt_app.ui.panels.refinement import RefinementPanel
from instmatt_app.ui.person_menu import person_menu
from instmatt_app.ui.project_actions import ProjectActions
from instmatt_app.ui.shortcut_sheet import ShortcutSheet
from instmatt_app.ui.start_page import StartPage
from instmatt_app.ui.status import StatusBar
from instmatt_app.ui.tools.bar import BrushBar
from instmatt_app.ui.tools.toolbox import Toolbox
from instmatt_app.ui.turns import Turns

RECENT = 8


class MainWindow(QMainWindow):
    """The window of one document."""

    def __init__(self, document: Document, conductor: Conductor) -> None:
        super().__init__()
        self.document = document
        self.conductor = conductor
        self.setWindowTitle("InstMatt Studio")
        self.setAcceptDrops(True)
        self.resize(1440, 900)
        self.canvas = Canvas(document, conductor)
        self.toolbox = Toolbox(self.canvas, self)
        self.start_page = StartPage()
        self.people = PeoplePanel(document, conductor)
        self.turns = Turns(document, conductor, self)
        self.comparison = Comparison(document, conductor, self)
        self.refinement = RefinementPanel(document, conductor, self.turns, self.comparison)
        self.export = ExportPanel(document, conductor)
        self.brush_bar = BrushBar(self.toolbox.brush, conductor)
        self.projects = ProjectActions(document, conductor, self)
        self.exchange = Exchange(document, conductor, self)
        self.actions_table = Actions(self)
        self.history = HistorySheet(document.history, self)
        self._lay_out()
        self._join()

    # --- Places -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.brush_bar)
        tools = QToolBar(self.tr("Tools"))
        tools.setObjectName("tools")
        tools.setMovable(False)
        tools.setOrientation(Qt.Orientation.Vertical)
        for action in self.toolbox.actions_in_order():
            tools.addAction(action)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, tools)
        self.views = QToolBar(self.tr("View"))
        group = QActionGroup(self)
        self.view_actions: dict[View, QAction] = {}
        for view in View:
            action = QAction(view.label, self)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, chosen=view: self.canvas.set_view(chosen))
            group.addAction(action)
            self.views.addAction(action)
            self.view_actions[view] = action
        self.view_actions[View.OVERLAY].setChecked(True)
        self.badge = QLabel(self.canvas)
        self.badge.setObjectName("badge")
        self.badge.hide()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setContentsMargins(12, 8, 12, 8)
        close = QToolButton()
        close.setIcon(qtawesome.icon("mdi6.close", color="#8c8c8c"))
        close.setAccessibleName(self.tr("Close the message"))
        self.message_row = QFrame()
        row = QHBoxLayout(self.message_row)
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self.message, 1)
        row.addWidget(close)
        close.clicked.connect(self.message_row.hide)
        self.message_row.hide()
        bar = QHBoxLayout()
        bar.addStretch()
        bar.addWidget(self.views)
        bar.addStretch()
        photo = QWidget()
        column = QVBoxLayout(photo)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.canvas, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start_page)
        self.pages.addWidget(photo)
        middle = QWidget()
        stack = QVBoxLayout(middle)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self.message_row)
        stack.addWidget(self.pages, 1)
        side = QWidget()
        panels = QVBoxLayout(side)
        panels.setContentsMargins(0, 0, 0, 0)
        panels.addWidget(self.people, 1)
        panels.addWidget(self.refinement)
        panels.addWidget(self.export)
        scroll = QScrollArea()
        scroll.setWidget(side)
        scroll.setWidgetResizable(True)
        scroll.setFixedWidth(336)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(middle, 1)
        line.addWidget(scroll)
        self.setCentralWidget(whole)
        self.status = StatusBar(self.document, self.conductor, self.canvas)
        self.setStatusBar(self.status)

    def _join(self) -> None:
        self.start_page.open_asked.connect(self.choose_photo)
        self.start_page.paste_asked.connect(self.paste)
        self.start_page.sample_asked.connect(self.open_sample)
        self.people.split_asked.connect(lambda: self.toolbox.use("split"))
        self.people.add_asked.connect(lambda: self.toolbox.use("clicks"))
        self.people.hovered.connect(self.canvas.hover)
        self.people.menu_asked.connect(self.show_menu)
        self.canvas.menu_asked.connect(self.show_menu)
        self.export.asked.connect(self.conductor.export)
        self.document.replaced.connect(self._on_replaced)
        self.conductor.said.connect(self.say)
        self.projects.said.connect(self.say)
        self.exchange.said.connect(self.say)
        self.exchange.photos_came.connect(self.open_paths)
        self.projects.changed.connect(self._show_title)
        self.projects.used.connect(lambda path: self._remember([path]))
        self.conductor.pictured.connect(self._on_picture)
        self.conductor.exported.connect(self._on_exported)
        self.conductor.shown_changed.connect(self._show_state)
        self.document.changed.connect(self._show_state)
        self.turns.moved.connect(self._show_turn)
        self.comparison.changed.connect(self._show_comparison)
        self.canvas.view_changed.connect(lambda view: self.view_actions[view].setChecked(True))

    # --- Opening ------------------------------------------------------------------------------------------------------

    def choose_photo(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a photo"), str(QSettings().value("open/folder", "")))
        if name:
            QSettings().setValue("open/folder", str(Path(name).parent))
            self.open_paths([Path(name)])

    def open_paths(self, paths: list[Path]) -> None:
        """Opens the first photo of these files and folders."""
        photos = [
            photo
            for path in paths
            for photo in (sorted(filter(is_photo_name, path.iterdir())) if path.is_dir() else [path])
        ]
        if not photos:
            self.say(self.tr("There is no photo in it (JPEG, PNG, TIFF, WebP or BMP)."), True)
            return
        if photos[0].suffix.lower() == SUFFIX:
            self.projects.open(photos[0])
            return
        self._remember(photos)
        self.conductor.open(photos[0])
        if len(photos) > 1:
            self.say(self.tr("One photo is open at a time; the others are under File › Recent photos."), False)

    def choose_model(self) -> None:
        """Weights of the InstMatt network, as released or as this program writes them."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Weights of the InstMatt network"), "", self.tr("Weights (*.pth *.safetensors)")
        )
        if name:
            self.conductor.use_model(Path(name))

    def open_sample(self) -> None:
        self.open_paths([resources_folder() / "samples" / "group.jpg"])

    def paste(self) -> None:
        """Opens the picture, or the file, that the clipboard holds."""
        self._open_mime(QGuiApplication.clipboard().mimeData())

    def recent(self) -> list[Path]:
        """Photos that were opened, the last first, as far as they are still there."""
        kept = QSettings().value("open/recent", [])
        # One name comes back as itself, several as a list.
        names = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [Path(name) for name in names if Path(name).is_file()]

    def _remember(self, photos: list[Path]) -> None:
        names = [str(path.absolute()) for path in (*photos, *self.recent())]
        QSettings().setValue("open/recent", list(dict.fromkeys(names))[:RECENT])

    def _open_mime(self, mime: QMimeData) -> None:
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.open_paths(paths)
        elif mime.hasImage():
            image = mime.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.conductor.open_photo(Photo(array_of(image)))
        else:
            self.say(self.tr("There is no picture in it; save it as a file first and open that."), True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.exchange.take(paths)
        else:
            self._open_mime(event.mimeData())
        event.acceptProposedAction()

    # --- What is said -------------------------------------------------------------------------------------------------

    def say(self, text: str, trouble: bool = False) -> None:
        """A calm sentence above the photo; it stays until it is closed or another one comes."""
        self.message.setText(text)
        colour = "#7a4a1e" if trouble else "#33475f"
        self.message_row.setStyleSheet(f"QFrame {{ background: {colour}; }} QLabel {{ color: white; }}")
        self.message_row.show()

    def stop(self) -> None:
        """Esc: first the stroke that was begun, then whatever runs."""
        tool = self.canvas.tool
        if tool is None or not tool.cancel():
            self.conductor.cancel()

    def run(self) -> None:
        """Enter: what the tool has begun, or else the matting."""
        tool = self.canvas.tool
        if tool is None or not tool.accept():
            self.conductor.run()

    def show_shortcuts(self) -> None:
        """The searchable sheet of keys, beside the window's work, not in its way."""
        tools = [
            (self.tr("Tools"), action.text(), action.shortcut().toString())
            for action in self.toolbox.actions_in_order()
        ]
        self.shortcuts = ShortcutSheet([*self.actions_table.keys(), *tools], self)
        self.shortcuts.show()

    def show_menu(self, at: QPoint, person: int | None) -> None:
        """The menu of the person at that place of the screen; it does not keep the window waiting."""
        self.menu = person_menu(self, person)
        self.menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu.popup(at)

    def show_history(self) -> None:
        """The list of steps, beside the window's work."""
        self.history.show()
        self.history.raise_()

    def fly_to_conflict(self) -> None:
        if not self.canvas.fly_to_conflict():
            self.say(self.tr("People and background add up to one everywhere: there is no conflict."), False)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.projects.close():
            event.ignore()
            return
        self.conductor.close()
        super().closeEvent(event)

    def _on_replaced(self) -> None:
        self.pages.setCurrentIndex(1)
        self.message_row.hide()
        self.canvas.set_photo(self.conductor.levels)
        self._show_title()

    def _show_title(self) -> None:
        photo, project = self.document.photo, self.projects.path
        if photo is not None:
            pasted = self.tr("Pasted picture")
            name = project.name if project is not None else photo.path.name if photo.path is not None else pasted
            unsaved = "" if self.projects.is_saved else self.tr(" — unsaved")
            self.setWindowTitle(f"{name} — {photo.width} × {photo.height}{unsaved}")

    def _show_state(self) -> None:
        conductor = self.conductor
        stale = bool(self.document.state.instances) and not conductor.is_current
        if stale:
            self.badge.setText(self._badge_text())
            self.badge.adjustSize()
            self.badge.move(14, self.canvas.height() - self.badge.height() - 14)
        self.badge.setVisible(stale)
        self._show_title()

    def _show_turn(self) -> None:
        shown = self.turns.shown
        self.canvas.set_step(None if shown is None else Step(shown, changes_view(shown.changes)))

    def _show_comparison(self) -> None:
        wish, other = self.comparison.wish, self.comparison.other
        if other is not None and wish is not None:
            names = self.refinement.compare_panel.names
            chosen = self.document.state.refinement.strategy
            self.canvas.set_wipe(Wipe(other, (names[wish.strategy], names[chosen])))
        elif wish is None and self.canvas.wipe is not None and self.canvas.wipe.left is not None:
            self.canvas.set_wipe(None)

    def choose_backdrop_colour(self) -> None:
        """The colour that people stand before in the view Backdrop."""
        colour = QColorDialog.getColor(QColor(0, 160, 90), self, self.tr("Backdrop"))
        if colour.isValid():
            self.canvas.set_backdrop(Backdrop(QBrush(colour)))

    def choose_backdrop_photo(self) -> None:
        """The photo that people stand before in the view Backdrop."""
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Backdrop"), str(QSettings().value("open/folder", "")))
        if name:
            self.conductor.read_picture(Path(name))

    def _on_picture(self, level: NDArray[np.uint8]) -> None:
        height, width = level.shape[:2]
        picture = QImage(level.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
        self.canvas.set_backdrop(Backdrop(QBrush(Qt.GlobalColor.black), picture))

    def toggle_wipe(self) -> None:
        """The photo left of a line that can be moved, what is shown right of it; or no longer."""
        self.comparison.compare(None)
        names = (self.tr("Before"), self.tr("After"))
        self.canvas.set_wipe(None if self.canvas.wipe is not None else Wipe(None, names))

    def _badge_text(self) -> str:
        conductor = self.conductor
        if conductor.is_failed():
            return self.tr("Matting failed — see above")
        follows = conductor.runs_by_itself or conductor.is_matting
        if conductor.is_preview:
            return self.tr("Preview — the full result follows") if follows else self.tr("Preview — Enter runs the rest")
        if conductor.result is None:
            return self.tr("Masks — mattes follow") if follows else self.tr("Masks — Enter makes the mattes")
        return self.tr("The last mattes — new ones follow") if follows else self.tr("The last mattes — Enter runs")

    def _on_exported(self, files: list[Path]) -> None:
        place = files[0].parent if files else Path()
        text = (
            self.tr("1 file written to {place}.") if len(files) == 1 else self.tr("{count} files written to {place}.")
        )
        self.say(text.format(count=len(files), place=place), False)
