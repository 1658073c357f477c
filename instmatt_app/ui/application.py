"""The application: builds every long-lived object and joins them, read from top to bottom."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from instmatt_app import __version__, api
from instmatt_app.core.interfaces import Step
from instmatt_app.desktop import NAME, launcher
from instmatt_app.files.log import start_log
from instmatt_app.places import resources_folder, user_log_folder, user_preferences_file
from instmatt_app.ui import place
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.engines import Engines, options_of
from instmatt_app.ui.following import Following
from instmatt_app.ui.instance import FileEvents, Instance, hand_over, server_name
from instmatt_app.ui.jobs import Job
from instmatt_app.ui.language import install_language
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.settings import Settings
from instmatt_app.ui.theme import apply_theme
from instmatt_app.ui.trouble import Trouble

_LOG = logging.getLogger(__name__)

# OpenCV points Qt to plugins and fonts of its own, which are for another Qt.
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)


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


def build(options: api.MatteOptions | None = None, settings: Settings | None = None) -> MainWindow:
    """The window with everything behind it; a QApplication must be there.

    ``options`` say how photos are matted until a preference about that changes, by default what is preferred.
    """
    document = Document()
    settings = settings or Settings(None)
    conductor = Conductor(document, Engines(options or options_of(settings.now)))
    window = MainWindow(document, conductor, settings)
    for part in (document, conductor, settings):
        part.setParent(window)
    Following(window)
    return window


def offer_launcher(window: MainWindow) -> None:
    """Asks on the start page, once, whether the program shall be one of the desktop's; a bundle's package did that."""
    if getattr(sys, "frozen", False) or launcher().is_installed():
        return

    def install() -> None:
        try:
            launcher().install()
        except OSError as error:
            window.say(window.tr("The launcher could not be added. {reason}").format(reason=error), True)
        else:
            window.say(window.tr("InstMatt Studio is among your programs now."), False)

    window.start_page.offer(
        window.tr("Add InstMatt Studio to your programs, and to “Open with” for photos?"), window.tr("Add"), install
    )


def main(arguments: Sequence[str], new_window: bool = False) -> int:
    """Shows the window, opens the photos named, and runs until it is closed.

    Unless ``new_window``, a window that is open already takes the photos, and this program ends.
    """
    application = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(application, QApplication)
    application.setApplicationName("InstMatt Studio")
    application.setOrganizationName("InstMatt Studio")
    application.setDesktopFileName(NAME)
    paths = [Path(argument) for argument in arguments]
    if not new_window and hand_over(server_name(), paths):
        return 0
    application.setWindowIcon(QIcon(str(resources_folder() / "app.svg")))
    log = start_log(user_log_folder())
    _LOG.info("InstMatt Studio %s begins", __version__)
    settings = Settings(user_preferences_file())

    def show_theme() -> None:
        apply_theme(application, {"dark": True, "light": False}.get(settings.now.theme))

    install_language(application, settings.now.language)
    show_theme()
    application.styleHints().colorSchemeChanged.connect(show_theme)
    settings.changed.connect(lambda names: show_theme() if "theme" in names else None)
    window = build(settings=settings)
    trouble = Trouble(window, window.projects.autosave.keep)
    trouble.install()
    for lane in (window.conductor.engine_lane, window.conductor.files_lane, window.projects.autosave.lane):
        trouble.watch(lane)
    place.put(window, application.primaryScreen().availableGeometry())
    window.show()
    if settings.lost:
        window.say(settings.trouble(), True)
    window.projects.show_left(only_if_any=True)
    if paths:
        window.opening.open_paths(paths)
    instance, events = Instance(server_name(), window), FileEvents(window)
    application.installEventFilter(events)
    for source in (instance, events):
        source.asked.connect(window.take_over)
    if settings.see("tour"):
        window.start_page.offer(
            window.tr("New here? A tour shows the window in two minutes."),
            window.tr("Show me"),
            window.beside.start_tour,
        )
    if settings.see("launcher"):
        offer_launcher(window)
    # After the first paint: the import holds the interpreter, and the window must be there first.
    QTimer.singleShot(300, lambda: window.conductor.engine_lane.submit(Job("warm", warm_up)))
    code = application.exec()
    place.keep(window)
    trouble.uninstall()
    if log is not None:
        logging.getLogger().removeHandler(log)
        log.close()
    return code
