"""The table of actions: text, keys and what each does; menus and the sheet of shortcuts are made from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from instmatt_app.core.edits import merge_people, remove_people, reorder, show_only
from instmatt_app.core.hints import Hint
from instmatt_app.ui.shortcuts import Bound

if TYPE_CHECKING:
    from instmatt_app.ui.main_window import MainWindow


class Entry(NamedTuple):
    """One action: its name, the menu it is in, its text, its own keys (the first is shown), and what it does.

    Preferences know an action by its name, which therefore stays.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]
    do: Callable[[], object]


class Actions(QObject):
    """Makes the window's menus from the table; ``bound`` is what shortcuts are given to."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.table = self._entries(window)
        self.bound: list[Bound] = []
        menus: dict[str, QMenu] = {}
        for entry in self.table:
            menu = menus.get(entry.menu)
            if menu is None:
                menu = menus[entry.menu] = window.menuBar().addMenu(entry.menu)
                if len(menus) == 1:
                    self._add_recent(menu, window)
            action = QAction(entry.text, window)
            action.triggered.connect(lambda _=False, do=entry.do: do())
            menu.addAction(action)
            self.bound.append(Bound(entry.name, entry.menu, entry.text, entry.keys, action))

    def _add_recent(self, menu: QMenu, window: MainWindow) -> None:
        recent = menu.addMenu(self.tr("Recent photos"))

        def fill() -> None:
            recent.clear()
            for path in window.opening.recent():
                recent.addAction(path.name).triggered.connect(partial(window.opening.open_paths, [path]))
            recent.setEnabled(True)

        recent.aboutToShow.connect(fill)

    def _entries(self, window: MainWindow) -> list[Entry]:
        document, canvas, brush, beside = window.document, window.canvas, window.toolbox.brush, window.beside
        file, edit, people, paint, view, run, help_ = (
            self.tr("File"), self.tr("Edit"), self.tr("People"), self.tr("Brush"), self.tr("View"), self.tr("Run"),
            self.tr("Help"),
        )  # fmt: skip

        def neighbour(by: int) -> None:
            ids = document.state.ids()
            if ids:
                place = ids.index(document.selected[0]) + by if document.selected else 0
                document.select((ids[place % len(ids)],))

        def rename() -> None:
            if document.selected:
                window.people.rename(document.selected[0])

        def solo() -> None:
            if document.selected:
                document.do(show_only(document.selected[0]))

        def shift(by: int) -> None:
            if document.selected:
                ids = list(document.state.ids())
                place = ids.index(document.selected[0])
                ids.insert(max(0, place + by), ids.pop(place))
                document.do(reorder(ids))

        classes = {
            "1": (self.tr("This person"), Hint.THIS_PERSON),
            "2": (self.tr("Another person"), Hint.ANOTHER_PERSON),
            "3": (self.tr("Not this person"), Hint.NOT_THIS_PERSON),
            "4": (self.tr("Undecided"), Hint.UNDECIDED),
        }
        return [
            Entry("open", file, self.tr("Open…"), ("Ctrl+O",), window.opening.choose),
            Entry("open-sample", file, self.tr("Open the sample"), (), window.opening.open_sample),
            Entry("save", file, self.tr("Save the project"), ("Ctrl+S",), window.projects.save),
            Entry("save-as", file, self.tr("Save the project as…"), ("Ctrl+Shift+S",), window.projects.save_as),
            Entry("unsaved-work", file, self.tr("Unsaved work…"), (), window.projects.show_left),
            Entry("export", file, self.tr("Export people"), ("Ctrl+Shift+E", "Ctrl+E"), window.export.export),
            Entry("previous-photo", file, self.tr("Previous photo"), ("Ctrl+PgUp",), lambda: window.roll.go(-1)),
            Entry("next-photo", file, self.tr("Next photo"), ("Ctrl+PgDown",), lambda: window.roll.go(1)),
            Entry("matte-all", file, self.tr("Matte all photos"), ("Ctrl+Shift+Return",), window.batch.start),
            Entry("quit", file, self.tr("Quit"), ("Ctrl+Q",), window.close),
            Entry("undo", edit, self.tr("Undo"), ("Ctrl+Z",), window.undo),
            Entry("redo", edit, self.tr("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), document.history.redo),
            Entry("copy", edit, self.tr("Copy the cut-out"), ("Ctrl+C",), window.exchange.copy),
            Entry("copy-mask", edit, self.tr("Copy the alpha"), ("Ctrl+Shift+C",), window.exchange.copy_mask),
            Entry("paste", edit, self.tr("Paste as a new photo"), ("Ctrl+V",), window.opening.paste),
            Entry("history", edit, self.tr("History"), ("Ctrl+H",), window.show_history),
            Entry("preferences", edit, self.tr("Preferences…"), ("Ctrl+,",), beside.show_preferences),
            Entry("previous-person", people, self.tr("Previous person"), ("PgUp",), lambda: neighbour(-1)),
            Entry("next-person", people, self.tr("Next person"), ("PgDown",), lambda: neighbour(1)),
            Entry("rename", people, self.tr("Rename"), ("F2",), rename),
            Entry(
                "merge",
                people,
                self.tr("These pieces are one person"),
                ("Ctrl+M",),
                lambda: document.do(merge_people(document.selected)),
            ),
            Entry("solo", people, self.tr("Only this person"), ("S",), solo),
            Entry("layer-up", people, self.tr("Layer up"), ("Ctrl+]",), lambda: shift(-1)),
            Entry("layer-down", people, self.tr("Layer down"), ("Ctrl+[",), lambda: shift(1)),
            Entry(
                "candidates", people, self.tr("Candidates: people less sure"), ("Shift+W",), window.candidates.toggle
            ),
            Entry("edges", people, self.tr("Edges"), ("Shift+E",), window.edges.begin),
            Entry("delete", people, self.tr("Delete"), ("Del",), lambda: document.do(remove_people(document.selected))),
            *(
                Entry(f"class-{key}", paint, text, (key,), partial(brush.choose, hint))
                for key, (text, hint) in classes.items()
            ),
            Entry("swap-classes", paint, self.tr("Swap the last two classes"), ("X",), brush.swap),
            Entry("default-class", paint, self.tr("Default class"), ("D",), brush.reset),
            Entry("smaller", paint, self.tr("Smaller"), ("[",), lambda: brush.resize(-1)),
            Entry("larger", paint, self.tr("Larger"), ("]",), lambda: brush.resize(1)),
            Entry("softer", paint, self.tr("Softer"), ("Shift+[", "{"), lambda: brush.harden(-1)),
            Entry("harder", paint, self.tr("Harder"), ("Shift+]", "}"), lambda: brush.harden(1)),
            Entry("quick-mask", paint, self.tr("Quick mask"), ("Q",), window.toggle_quick_mask),
            Entry("pin", paint, self.tr("Pin strokes"), ("K",), lambda: brush.set_pin(not brush.pin)),
            Entry("next-view", view, self.tr("Next view"), ("F",), lambda: canvas.next_view(1)),
            Entry("previous-view", view, self.tr("Previous view"), ("Shift+F",), lambda: canvas.next_view(-1)),
            Entry(
                "overlay",
                view,
                self.tr("Overlay on or off"),
                ("\\",),
                lambda: canvas.show_overlay(not canvas.overlay_shown),
            ),
            Entry("wipe", view, self.tr("Before and after in a wipe"), ("A",), window.toggle_wipe),
            Entry("wipe-left", view, self.tr("Line of the wipe to the left"), (",",), lambda: canvas.shift_wipe(-0.05)),
            Entry(
                "wipe-right", view, self.tr("Line of the wipe to the right"), (".",), lambda: canvas.shift_wipe(0.05)
            ),
            Entry("twin", view, self.tr("Two views side by side"), ("Shift+A",), window.twin.toggle),
            Entry("backdrop-colour", view, self.tr("Backdrop: colour…"), (), window.backdrops.choose_colour),
            Entry("backdrop-photo", view, self.tr("Backdrop: photo…"), (), window.backdrops.choose_photo),
            Entry("panels", view, self.tr("Panels on or off"), (), window.toggle_panels),
            Entry("fit", view, self.tr("Whole photo"), ("Ctrl+0",), canvas.fit),
            Entry("full-size", view, self.tr("100 %"), ("Ctrl+1",), lambda: canvas.zoom_to(1.0)),
            Entry("nearer", view, self.tr("Nearer"), ("Ctrl++", "Ctrl+="), lambda: canvas.zoom_by(1.25)),
            Entry("farther", view, self.tr("Farther"), ("Ctrl+-",), lambda: canvas.zoom_by(0.8)),
            Entry("conflict", view, self.tr("Worst conflict"), ("N",), window.fly_to_conflict),
            Entry("run", run, self.tr("Run"), ("Return", "Enter", "Ctrl+Return"), window.run),
            Entry("orders", run, self.tr("Try all orders"), ("O",), window.orders.begin),
            Entry("stop", run, self.tr("Stop"), ("Esc",), window.stop),
            Entry("models", run, self.tr("Models…"), (), beside.show_models),
            Entry("guide", help_, self.tr("Guide"), ("Shift+F1",), beside.show_guide),
            Entry("shortcuts", help_, self.tr("Keyboard shortcuts"), ("F1", "?"), beside.show_shortcuts),
            Entry(
                "troubleshooting",
                help_,
                self.tr("When something does not work"),
                (),
                lambda: beside.show_guide("troubleshooting.md"),
            ),
            Entry("tour", help_, self.tr("Tour of two minutes"), (), beside.start_tour),
            Entry("report", help_, self.tr("Copy a diagnostic report"), (), beside.copy_report),
        ]
