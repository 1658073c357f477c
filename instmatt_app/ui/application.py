"""The application: builds every long-lived object and joins them, read from top to bottom."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from instmatt_app import api
from instmatt_app.core.interfaces import Detection, MattingEngine, Recogniser, Step
from instmatt_app.core.photo import Photo
from instmatt_app.core.project import Key, Project
from instmatt_app.core.rect import Rect
from instmatt_app.places import resources_folder
from instmatt_app.ui.backend import Clicks
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.jobs import Job
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.theme import apply_theme
from instmatt_app.ui.turn_shown import TurnShown, turn_shown

# OpenCV points Qt to plugins and fonts of its own, which are for another Qt.
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)


class Engines:
    """The engines behind the conductor's Backend; made on the engine lane when they are first needed, and kept."""

    def __init__(self, options: api.MatteOptions) -> None:
        self._options = options
        self._engine: MattingEngine | None = None
        self._finder: Recogniser | None = None
        self._unrefined: tuple[Key, api.Unrefined] | None = None
        self._refined: tuple[Key, api.Refined] | None = None
        self._found_by = "prompt"

    @property
    def name(self) -> str:
        return repr(self._options)

    def use_model(self, path: Path | None) -> None:
        """From the next run on; a run that is under way ends with what it began with."""
        if path is None:
            self._options = replace(self._options, engine="closed-form", model=None)
        else:
            self._options = replace(self._options, engine="auto", model=str(path))
        self._engine = None

    def read(self, path: Path, step: Step) -> Photo:
        step(0, 2, f"reading {path.name}")
        return api.read_photo(path)

    def finds_people(self) -> bool:
        try:
            api.make_recogniser(self._options)
        except api.NotReady:
            return False
        return True

    def find(self, photo: Photo, step: Step) -> list[Detection]:
        best = api.make_recogniser(self._options)
        if self._finder is None or self._finder.name != best.name:
            # It keeps the weights that its first search loads.
            self._finder = best
        self._found_by = best.name
        return self._finder.find(photo, step)

    def find_in_box(self, photo: Photo, box: Rect, step: Step) -> list[Detection]:
        boxed = replace(self._options, recogniser="prompt", boxes=[(box.left, box.top, box.width, box.height)])
        return api.make_recogniser(boxed).find(photo, step)

    def find_at_clicks(self, project: Project, clicks: Clicks, step: Step) -> list[Detection]:
        taken = np.zeros((project.photo.height, project.photo.width), bool)
        for one in project.instances:
            taken |= one.mask >= 128
        return api.person_at_clicks(project.photo, clicks.inside, clicks.outside, taken, step)

    def matte(self, project: Project, step: Step) -> api.Result:
        engine = self._made(step)
        unrefined = self._matted(project, engine, step)
        # Other pins and edges run no refinement.
        key = project.refined_key(engine.name, self._options.working_size)
        if self._refined is None or self._refined[0] != key:
            self._refined = (key, api.refine_mattes(project, unrefined, engine, step))
        return api.finish_project(project, unrefined, self._refined[1], engine, self._found_by)

    def turns(self, project: Project, step: Step) -> list[TurnShown]:
        engine = self._made(step)
        shown: list[TurnShown] = []
        for turn, result in api.refine_turns(
            project, self._matted(project, engine, step), engine, self._found_by, step=step
        ):
            shown.append(turn_shown(turn, result, shown[-1] if shown else None))
        return shown

    def preview(self, project: Project, shown: api.Result, step: Step) -> api.Result | None:
        engine = self._made(step)
        if engine.name != shown.engine:
            return None
        if self._refined is not None and self._refined[0] == project.refined_key(
            engine.name, self._options.working_size
        ):
            # Only pins or edges have changed: the whole answer is as quick as a part of it.
            return self.matte(project, step)
        return api.preview_project(project, shown, engine, step)

    def _matted(self, project: Project, engine: MattingEngine, step: Step) -> api.Unrefined:
        """The mattes before refinement; another refinement of the same guidance runs no network."""
        key = project.base_key(engine.name, self._options.working_size)
        if self._unrefined is None or self._unrefined[0] != key:
            self._unrefined = None
            self._unrefined = (key, api.matte_unrefined(project, engine, self._options.working_size, step=step))
        return self._unrefined[1]

    def _made(self, step: Step) -> MattingEngine:
        options, engine = self._options, self._engine
        if engine is None:
            step(0, 1, "loading the engine")
            engine = api.make_engine(options)
            if options is self._options:
                self._engine, self._unrefined = engine, None
        return engine


def warm_up(step: Step) -> None:
    """Gets ready what takes seconds, while nothing else waits for it.

    What is compiled is compiled in a process of its own, because that would hold the interpreter; what is compiled
    already, by the same versions, is only loaded.
    """
    step(0, 1, "getting ready")
    versions = " ".join((sys.version.split()[0], *(version(name) for name in ("pymatting", "numba"))))
    if QSettings().value("engine/compiled") != versions:
        child = subprocess.Popen([sys.executable, "-m", "instmatt_app.engine.compiled"], stderr=subprocess.DEVNULL)
        try:
            while child.poll() is None:
                step(0, 1, "getting ready for the first time")
                time.sleep(0.05)
        finally:
            child.kill()
            child.wait()
        if child.returncode == 0:
            QSettings().setValue("engine/compiled", versions)
    import pymatting  # noqa: F401


def build(options: api.MatteOptions | None = None) -> MainWindow:
    """The window with everything behind it; a QApplication must be there."""
    document = Document()
    conductor = Conductor(document, Engines(options or api.MatteOptions()))
    window = MainWindow(document, conductor)
    document.setParent(window)
    conductor.setParent(window)
    return window


def main(arguments: Sequence[str]) -> int:
    """Shows the window, opens the photos named, and runs until it is closed."""
    application = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(application, QApplication)
    application.setApplicationName("InstMatt Studio")
    application.setOrganizationName("InstMatt Studio")
    application.setWindowIcon(QIcon(str(resources_folder() / "app.svg")))
    apply_theme(application)
    application.styleHints().colorSchemeChanged.connect(lambda: apply_theme(application))
    window = build()
    window.show()
    window.projects.show_left(only_if_any=True)
    if arguments:
        window.opening.open_paths([Path(argument) for argument in arguments])
    # After the first paint: the import holds the interpreter, and the window must be there first.
    QTimer.singleShot(300, lambda: window.conductor.engine_lane.submit(Job("warm", warm_up)))
    return application.exec()
