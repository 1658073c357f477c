"""Trouble: what to do with an error that nobody expected — write it down, keep the work, say it calmly, go on."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

from instmatt_app.files.log import shortened
from instmatt_app.ui.backend import is_expected
from instmatt_app.ui.dialogs.trouble import TroubleDialog
from instmatt_app.ui.jobs import Job, Lane

_LOG = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Trouble(QObject):
    """Catches unexpected errors of all threads while it is installed.

    ``keep`` is called before anything is said, so that the work is on the disk whatever follows.
    """

    # From whichever thread it happened on to the one of the window.
    _happened = Signal(str, str)

    def __init__(self, window: QWidget, keep: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._keep = keep
        self._before: tuple[Any, Any] | None = None
        self.dialog: TroubleDialog | None = None
        self._happened.connect(self._say)

    def install(self) -> None:
        """From now on errors come here; :meth:`uninstall` gives them back to whom they came before."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.on_error
        threading.excepthook = self._on_thread
        qInstallMessageHandler(_on_qt)

    def uninstall(self) -> None:
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            qInstallMessageHandler(None)
            self._before = None

    def watch(self, lane: Lane) -> None:
        """Says it when a job of this lane ends in an error that is no sentence for the person."""
        lane.failed.connect(self._on_job)

    def on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Takes an error that nobody caught."""
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)  # Ctrl-C and the like end the program as ever
            return
        _LOG.error("unexpected", exc_info=(kind, error, trace))
        self._tell(error)

    def _on_thread(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            self.on_error(given.exc_type, given.exc_value, given.exc_traceback)

    def _on_job(self, job: Job, error: Exception) -> None:
        if not is_expected(error):
            self._tell(error)  # the lane has written it down

    def _tell(self, error: BaseException) -> None:
        details = shortened("".join(traceback.format_exception(error)))
        self._happened.emit(shortened(f"{type(error).__name__}: {error}"), details)

    def _say(self, what: str, details: str) -> None:
        try:
            self._keep()
        except Exception:
            _LOG.exception("the work could not be kept")
        if self.dialog is None:
            self.dialog = TroubleDialog(self._window)
            self.dialog.finished.connect(self._on_closed)
        self.dialog.add(what, details)
        self.dialog.show()

    def _on_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _on_qt(kind: QtMsgType, context: object, text: str) -> None:
    """What Qt says goes into the log and, as before, to whoever started the program in a terminal."""
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.DEBUG), "%s", text)
    if kind in _LEVELS and sys.stderr is not None:
        print(text, file=sys.stderr)
