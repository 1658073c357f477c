"""What follows from preferences in the window, at its start and whenever one changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from instmatt_app.ui.engines import ASKED_FOR, options_of
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.settings import Settings


class Following(QObject):
    """Does to a window what its settings say. What the engines are asked for is theirs from their making on."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._settings: Settings = window.settings
        # By the names of the preferences: what one of them, changed, calls for.
        self._deeds: dict[frozenset[str], Callable[[], None]] = {
            frozenset({"runs_by_itself"}): self._run,
            frozenset({"autosave_minutes"}): self._keep,
            frozenset({"detail", "engine", "model"}): self._detail,
            frozenset(one for one in vars(window.settings.now) if one.startswith("export_")): self._export,
        }
        for do in self._deeds.values():
            do()
        self._deeds[ASKED_FOR] = self._ask
        window.settings.changed.connect(self._on_changed)
        # The tool bar and the refinement have the same switches.
        window.brush_bar.when.currentIndexChanged.connect(
            lambda index: self._settings.change(runs_by_itself=index == 0)
        )

        window.refinement.detail.clicked.connect(self._switch_detail)

    def _on_changed(self, names: frozenset[str]) -> None:
        for causes, do in self._deeds.items():
            if names & causes:
                do()

    def _run(self) -> None:
        self._window.brush_bar.when.setCurrentIndex(0 if self._settings.now.runs_by_itself else 1)

    def _detail(self) -> None:
        self._window.refinement.detail.setChecked(options_of(self._settings.now).has_detail)

    def _switch_detail(self, on: bool) -> None:
        by_itself = options_of(replace(self._settings.now, detail="auto")).has_detail
        self._settings.change(detail="none" if not on else "auto" if by_itself else "native")

    def _keep(self) -> None:
        self._window.projects.autosave.timer.setInterval(self._settings.now.autosave_minutes * 60_000)

    def _export(self) -> None:
        self._window.export.begin_with(self._settings.now)

    def _ask(self) -> None:
        self._window.conductor.use(options_of(self._settings.now))
