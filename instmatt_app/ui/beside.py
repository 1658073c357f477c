"""Beside: the windows that stand beside the main one — each open once, none of them in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from instmatt_app.diagnosis import report
from instmatt_app.files.preferences import Preferences
from instmatt_app.model_store import ModelStore
from instmatt_app.places import guide_folder, user_log_folder
from instmatt_app.ui import place
from instmatt_app.ui.backend import sentence
from instmatt_app.ui.dialogs.guide import GuideWindow
from instmatt_app.ui.dialogs.models import ModelsDialog
from instmatt_app.ui.dialogs.preferences import PreferencesDialog
from instmatt_app.ui.jobs import Job, Lane
from instmatt_app.ui.shortcut_sheet import ShortcutSheet
from instmatt_app.ui.tour import Tour

if TYPE_CHECKING:
    from instmatt_app.ui.main_window import MainWindow


class Beside(QObject):
    """Opens the windows, and does what they are for. ``said`` as in the conductor."""

    said = Signal(str, bool)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._lanes: dict[str, Lane] = {}
        self._making_report = False
        self._tour: Tour | None = None
        self.open: dict[str, QWidget] = {}

    def show_preferences(self) -> None:
        self._show("preferences", lambda: PreferencesDialog(self._window.settings, self._window))

    def show_guide(self, page: str = "") -> None:
        """The guide, at one of its pages."""
        shown = self._show("guide", lambda: GuideWindow(guide_folder(), self._window))
        assert isinstance(shown, GuideWindow)
        if page:
            shown.page.show_page(page)

    def start_tour(self) -> None:
        """The tour through the window, from its beginning."""
        if self._tour is None:
            self._tour = Tour(self._window)
        self._tour.begin()

    @property
    def tour(self) -> Tour:
        """The tour that was begun."""
        assert self._tour is not None
        return self._tour

    def show_shortcuts(self) -> None:
        self._show("shortcuts", lambda: ShortcutSheet(self._window.shortcuts, self._window))

    def show_models(self) -> None:
        self._show("models", self._make_models)

    def copy_report(self) -> None:
        """Puts a diagnostic report on the clipboard, which takes seconds that nobody waits for."""
        if self._making_report:
            return
        self._making_report = True
        facts = self._facts()
        lane = self._lane_of("report", self._on_report, self._on_no_report)
        lane.submit(Job("report", lambda step: report(user_log_folder(), facts, step)))
        self.said.emit(self.tr("The diagnostic report is being put together…"), False)

    def close(self) -> None:
        """Waits for what is under way; at most one unit of work."""
        for lane in self._lanes.values():
            lane.close()

    def _make_models(self) -> ModelsDialog:
        made = ModelsDialog(self._window.settings, ModelStore(), self._lane_of("models"), self._window)
        made.said.connect(self.said)
        return made

    def _lane_of(
        self,
        name: str,
        finished: Callable[[Job, object], None] | None = None,
        failed: Callable[[Job, Exception], None] | None = None,
    ) -> Lane:
        """A lane for what takes long, made when it is first needed."""
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = Lane(name, self)
            if finished is not None:
                lane.finished.connect(finished)
            if failed is not None:
                lane.failed.connect(failed)
        return lane

    def _facts(self) -> dict[str, str]:
        result, now, default = self._window.conductor.result, self._window.settings.now, Preferences()
        chosen = [
            f"{name}={value}"
            for name, value in vars(now).items()
            if value != getattr(default, name) and name not in ("shortcuts", "seen")
        ]
        return {
            "Window": f"PySide6 {qt_version}, {QGuiApplication.platformName()}",
            "Engine in use": "none yet" if result is None else f"{result.engine} on {result.device}",
            "Recogniser in use": "none yet" if result is None else result.recogniser or "not known",
            "Preferences": ", ".join(chosen) or "as at first",
        }

    def _on_report(self, job: Job, text: object) -> None:
        self._making_report = False
        QGuiApplication.clipboard().setText(str(text))
        self.said.emit(self.tr("The diagnostic report is on the clipboard; no photo is in it."), False)

    def _on_no_report(self, job: Job, error: Exception) -> None:
        self._making_report = False
        self.said.emit(sentence(error), True)

    def _show(self, name: str, make: Callable[[], QWidget]) -> QWidget:
        shown = self.open.get(name)
        if shown is None:
            shown = self.open[name] = make()
            shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            shown.destroyed.connect(lambda: self.open.pop(name, None))
            room = place.room_on(self._window.screen().availableGeometry())
            if shown.size() != shown.size().boundedTo(room):
                shown.resize(shown.size().boundedTo(room))
        shown.show()
        shown.raise_()
        shown.activateWindow()
        return shown
