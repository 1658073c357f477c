"""The main window: puts canvas, bars and panels in their places and joins them; no logic of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QScrollArea,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.ui.actions import Actions
from instmatt_app.ui.backdrops import Backdrops
from instmatt_app.ui.beside import Beside
from instmatt_app.ui.candidates import Candidates
from instmatt_app.ui.canvas.badge import Badge
from instmatt_app.ui.canvas.canvas import Canvas, Step, Wipe
from instmatt_app.ui.canvas.twin import Twin
from instmatt_app.ui.canvas.view_bar import ViewBar
from instmatt_app.ui.canvas.views import changes_view
from instmatt_app.ui.comparison import Comparison
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.exchange import Exchange
from instmatt_app.ui.giving import Giving
from instmatt_app.ui.history_sheet import HistorySheet
from instmatt_app.ui.message_row import MessageRow
from instmatt_app.ui.opening import Opening
from instmatt_app.ui.orders import Orders
from instmatt_app.ui.panels.candidates import CandidatesPanel
from instmatt_app.ui.panels.edges import EdgePanel
from instmatt_app.ui.panels.export import ExportPanel
from instmatt_app.ui.panels.people import PeoplePanel
from instmatt_app.ui.panels.refinement import RefinementPanel
from instmatt_app.ui.person_menu import person_menu
from instmatt_app.ui.project_actions import ProjectActions, data_folder
from instmatt_app.ui.roll.batch import Batch
from instmatt_app.ui.roll.roll import Roll
from instmatt_app.ui.roll.strip import Strip
from instmatt_app.ui.settings import Settings
from instmatt_app.ui.shortcuts import Shortcuts
from instmatt_app.ui.start_page import StartPage
from instmatt_app.ui.status import StatusBar
from instmatt_app.ui.tools.bar import BrushBar
from instmatt_app.ui.tools.toolbox import Toolbox
from instmatt_app.ui.turns import Turns

SIDE = 344


class MainWindow(QMainWindow):
    """The window of one document. Without ``settings`` of a file, what is preferred lasts as long as the window."""

    def __init__(self, document: Document, conductor: Conductor, settings: Settings | None = None) -> None:
        super().__init__()
        self.document = document
        self.conductor = conductor
        self.settings = settings or Settings(None, self)
        self.setWindowTitle("InstMatt Studio")
        self.setAcceptDrops(True)
        self.resize(1440, 900)
        self.canvas = Canvas(document, conductor)
        self.toolbox = Toolbox(self.canvas, self)
        self.start_page = StartPage()
        self.people = PeoplePanel(document, conductor)
        self.candidates = Candidates(document, conductor.finder, self)
        self.canvas.set_candidates(self.candidates)
        self.edges = EdgePanel(document)
        self.turns = Turns(document, conductor, self)
        self.comparison = Comparison(document, conductor, self)
        self.orders = Orders(document, conductor, self)
        self.refinement = RefinementPanel(document, conductor, self.turns, self.comparison, self.orders)
        self.brush_bar = BrushBar(self.toolbox.brush, conductor)
        self.projects = ProjectActions(document, conductor, self)
        self.export = ExportPanel(document, conductor, data_folder() / "export-presets.json")
        self.roll = Roll(document, conductor, self.projects, self)
        self.batch = Batch(self.roll, conductor, self.projects.autosave.home, self)
        self.strip = Strip(self.roll, self.batch)
        self.opening = Opening(conductor, self.projects, self.roll, self)
        self.exchange = Exchange(document, conductor, self)
        self.giving = Giving(document, conductor, self)
        self.twin = Twin(document, conductor, self.canvas)
        self.backdrops = Backdrops(conductor, (self.canvas, self.twin.canvas), self)
        self.beside = Beside(self)
        self.actions_table = Actions(self)
        bound = (*self.actions_table.bound, *self.toolbox.bound)
        self.shortcuts = Shortcuts(bound, self.settings, self)
        self.history = HistorySheet(document.history, self)
        self._lay_out()
        self._join()

    # --- Places -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.brush_bar)
        tools = self.tool_bar = QToolBar(self.tr("Tools"))
        tools.setObjectName("tools")
        tools.setMovable(False)
        tools.setOrientation(Qt.Orientation.Vertical)
        for action in self.toolbox.actions_in_order():
            tools.addAction(action)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, tools)
        self.badge = Badge(self.document, self.conductor, self.canvas)
        self.message = MessageRow()
        bar = QHBoxLayout()
        bar.addStretch()
        bar.addWidget(ViewBar(self.canvas))
        bar.addStretch()
        photo = QWidget()
        column = QVBoxLayout(photo)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        sides = QHBoxLayout()
        sides.setSpacing(0)
        sides.addWidget(self.twin, 1)
        sides.addWidget(self.canvas, 1)
        column.addLayout(sides, 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start_page)
        self.pages.addWidget(photo)
        middle = QWidget()
        stack = QVBoxLayout(middle)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self.message)
        stack.addWidget(self.pages, 1)
        stack.addWidget(self.strip)
        side = QWidget()
        panels = QVBoxLayout(side)
        panels.setContentsMargins(0, 0, 0, 0)
        panels.addWidget(self.people, 1)
        panels.addWidget(CandidatesPanel(self.candidates))
        panels.addWidget(self.edges)
        panels.addWidget(self.refinement)
        panels.addWidget(self.export)
        scroll = QScrollArea()
        scroll.setWidget(side)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        # The button that everything is for stays in sight, however long the panels are.
        foot = QHBoxLayout()
        foot.setContentsMargins(9, 6, 9, 9)
        foot.addWidget(self.export.button)
        self.side = QWidget()
        # Words of other languages may be longer.
        bar_width = scroll.verticalScrollBar().sizeHint().width()
        self.side.setFixedWidth(max(SIDE, side.minimumSizeHint().width() + bar_width))
        edge = QVBoxLayout(self.side)
        edge.setContentsMargins(0, 0, 0, 0)
        edge.setSpacing(0)
        edge.addWidget(scroll, 1)
        edge.addLayout(foot)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(middle, 1)
        line.addWidget(self.side)
        self.setCentralWidget(whole)
        self.status = StatusBar(self.document, self.conductor, self.canvas)
        self.setStatusBar(self.status)

    def _join(self) -> None:
        self.start_page.open_asked.connect(self.opening.choose)
        self.start_page.paste_asked.connect(self.opening.paste)
        self.start_page.sample_asked.connect(self.opening.open_sample)
        self.start_page.recent_asked.connect(lambda path: self.opening.open_paths([path]))
        self.start_page.show_recent(self.opening.recent())
        self.people.split_asked.connect(lambda: self.toolbox.use("split"))
        self.people.add_asked.connect(lambda: self.toolbox.use("clicks"))
        self.people.list.give = self.giving.file_of
        self.people.hovered.connect(self.canvas.hover)
        self.people.menu_asked.connect(self.show_menu)
        self.canvas.menu_asked.connect(self.show_menu)
        self.canvas.panels_asked.connect(self.toggle_panels)
        self.projects.more_settings = self.export.kept
        self.projects.restored.connect(self.export.restore)
        self.export.asked.connect(self.conductor.export)
        self.document.replaced.connect(self._on_replaced)
        speakers = (self.conductor, self.projects, self.roll, self.opening, self.exchange, self.giving, self.export)
        for speaker in (*speakers, self.canvas.quick_mask, self.settings, self.beside):
            speaker.said.connect(self.say)
        self.exchange.photos_came.connect(self.opening.open_paths)
        self.projects.changed.connect(self._show_title)
        self.conductor.exported.connect(self._on_exported)
        self.document.changed.connect(self._show_title)
        self.turns.moved.connect(self._show_turn)
        self.comparison.changed.connect(self._show_comparison)

    # --- Dropped and asked for ----------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # A person who is dragged over the photo is not a photo.
        is_person = event.source() is self.people.list
        if not is_person and (event.mimeData().hasUrls() or event.mimeData().hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.exchange.take(paths)
        else:
            self.opening.open_mime(event.mimeData())
        event.acceptProposedAction()

    def take_over(self, paths: list[Path]) -> None:
        """Comes to the front, with the files that another start of the program was given."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()
        if paths:
            self.opening.open_paths(paths)

    def say(self, text: str, trouble: bool = False) -> None:
        """A calm sentence above the photo; it stays until it is closed or another one comes."""
        self.message.say(text, trouble)

    def stop(self) -> None:
        """Esc: first the stroke that was begun, then whatever runs."""
        tool = self.canvas.tool
        if (tool is None or not tool.cancel()) and not self.canvas.quick_mask.drop():
            self.comparison.give_up()
            self.conductor.cancel()

    def run(self) -> None:
        """Enter: what the tool has begun, or else the matting."""
        tool = self.canvas.tool
        if self.canvas.quick_mask.is_active:
            self.canvas.quick_mask.apply()
        elif tool is None or not tool.accept():
            self.conductor.run()

    def undo(self) -> None:
        """The last step back: of the quick mask, while there is one, else of the document."""
        if not self.canvas.quick_mask.undo():
            self.document.history.undo()

    def toggle_quick_mask(self) -> None:
        """The film over the selected person's mask, with a brush in hand; or what was painted becomes the mask."""
        self.canvas.quick_mask.toggle()
        tool = self.canvas.tool
        if self.canvas.quick_mask.is_active and (tool is None or not tool.paints):
            self.toolbox.use("brush")

    def toggle_panels(self) -> None:
        """Nothing but the photo and its bar of views, or everything again."""
        shown = self.side.isHidden()
        for part in (self.side, self.tool_bar, self.brush_bar):
            part.setVisible(shown)

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
        if (self.export.is_under_way and not self._gives_the_export_up()) or not self.projects.close():
            event.ignore()
            return
        # What is still waited for, such as a server that does not answer, nobody has to look at.
        self.hide()
        self.strip.close_lane()
        self.export.close_lane()
        self.giving.close()
        self.exchange.close()
        self.conductor.close()
        self.beside.close()
        self.settings.close()
        super().closeEvent(event)

    def _gives_the_export_up(self) -> bool:
        text = self.tr("An export is under way. Close all the same, and write no files?")
        answer = QMessageBox.question(self, self.tr("Close"), text)
        # Meanwhile they may have been written.
        return answer == QMessageBox.StandardButton.Yes or not self.export.is_under_way

    def _on_replaced(self) -> None:
        self.pages.setCurrentIndex(1)
        self.message.hide()
        self.canvas.set_photo(self.conductor.levels)
        self._show_title()

    def _show_title(self) -> None:
        photo, project = self.document.photo, self.projects.path
        if photo is not None:
            pasted = self.tr("Pasted picture")
            name = project.name if project is not None else photo.path.name if photo.path is not None else pasted
            unsaved = "" if self.projects.is_saved else self.tr(" — unsaved")
            self.setWindowTitle(f"{name} — {photo.width} × {photo.height}{unsaved}")

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

    def toggle_wipe(self) -> None:
        """The photo left of a line that can be moved, what is shown right of it; or no longer."""
        self.comparison.compare(None)
        names = (self.tr("Before"), self.tr("After"))
        self.canvas.set_wipe(None if self.canvas.wipe is not None else Wipe(None, names))

    def _on_exported(self, files: list[Path]) -> None:
        place = files[0].parent if files else Path()
        text = (
            self.tr("1 file written to {place}.") if len(files) == 1 else self.tr("{count} files written to {place}.")
        )
        self.say(text.format(count=len(files), place=place), False)
