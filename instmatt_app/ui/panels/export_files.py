"""The files that an export will write: their names at once, which are there already and how large they will be soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import qtawesome
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from instmatt_app.api import Result
from instmatt_app.api.estimate import estimated_bytes
from instmatt_app.api.exporting import Export
from instmatt_app.core.interfaces import Step
from instmatt_app.files.formats import DOCUMENTS, check_size
from instmatt_app.ui.jobs import Job, Lane
from instmatt_app.ui.theme import ICON

# A pause in changes before the disk is looked at, and a longer one before a sample is written.
LOOK_MS, WEIGH_MS = 150, 900
_MOST_ROWS = 200


class ExportFiles(QWidget):
    """The list. What takes time is done on a lane of its own, which Esc does not stop.

    ``looked`` carries an export, the names of its people, and those of its files that are there.
    """

    looked = Signal(object, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._export: Export | None = None
        self._names: tuple[str, ...] = ()
        self._result: Result | None = None
        self._weighed: tuple[object, ...] | None = None
        self._weighing: tuple[object, ...] | None = None
        self._lane: Lane | None = None
        self._count = self._present = 0
        self.sum = QLabel()
        self.sum.setObjectName("faint")
        self.sum.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Files that will be written"))
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setIconSize(QSize(13, 13))
        self.list.setFixedHeight(84)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.list)
        layout.addWidget(self.sum)
        self._look, self._weigh = QTimer(self), QTimer(self)
        for timer, pause, begin in ((self._look, LOOK_MS, self.look), (self._weigh, WEIGH_MS, self._begin_weighing)):
            timer.setSingleShot(True)
            timer.setInterval(pause)
            timer.timeout.connect(begin)
        self.bytes: int | None = None

    def show_export(
        self, export: Export | str, names: Sequence[str], size: tuple[int, int] | None, result: Result | None
    ) -> bool:
        """Lists the files of an export, or says what is wrong with it; whether it can be written.

        ``size`` is the photo's, (width, height); ``result`` the mattes as they stand, None where they are not ready.
        """
        try:
            if isinstance(export, str):
                raise ValueError(export)
            targets = export.targets(names)
            if size is not None:
                check_size(export.options.format, *size)
        except ValueError as wrong:
            self._export = None
            self.list.clear()
            self._say(str(wrong))
            return False
        if (export, tuple(names)) != (self._export, self._names):
            self._export, self._names = export, tuple(names)
            self._fill(targets, frozenset())
            self._look.start()
        weight = self._weight_of(export, result)
        if weight is None or weight != self._weighed:
            self.bytes, self._weighed = None, None
        self._result = result
        if weight is not None and weight not in (self._weighed, self._weighing):
            self._weigh.start()
        self._tell()
        return True

    def look(self) -> None:
        """Looks which of the files are there."""
        export, names = self._export, self._names
        if export is not None and names:
            # Somebody waits for this one.
            if self._lane is not None:
                self._lane.stop_all(("weigh",))
            self._weighing = None
            self._submit(Job("look", lambda step: (export, names, export.present(names))))

    def close_lane(self) -> None:
        """Stops what runs; nothing is looked at any more."""
        self._look.stop()
        self._weigh.stop()
        if self._lane is not None:
            self._lane.close()

    def _begin_weighing(self) -> None:
        export, result = self._export, self._result
        if export is None or result is None:
            return
        weight = self._weight_of(export, result)

        def weigh(step: Step) -> tuple[object, int]:
            return weight, estimated_bytes(export, result, step)

        if self._lane is not None:
            self._lane.stop_all(("weigh",))
        self._weighing = weight
        self._submit(Job("weigh", weigh))

    @staticmethod
    def _weight_of(export: Export, result: Result | None) -> tuple[object, ...] | None:
        """What decides the size, within the estimate's own doubt: not the names, and not each stroke."""
        if result is None or not result.people:
            return None
        return replace(export.options, name="{index}"), result.photo.fingerprint, len(result.people)

    def _submit(self, job: Job) -> None:
        if self._lane is None:
            self._lane = Lane("exports", self)
            self._lane.finished.connect(self._on_finished)
            self._lane.failed.connect(self._on_failed)
        if self._lane.is_alive:
            self._lane.submit(job)

    def _on_finished(self, job: Job, result: object) -> None:
        assert isinstance(result, tuple)
        if job.name == "look":
            export, names, present = result
            if (export, names) == (self._export, self._names):
                self._fill(export.targets(names), frozenset(present))
            self.looked.emit(export, names, present)
            if self._weighed is None and self._result is not None:
                self._weigh.start()
        else:
            weight, size = result
            self._weighing = None
            export = self._export
            if export is not None and weight == self._weight_of(export, self._result):
                self._weighed, self.bytes = weight, size
                self._tell()

    def _on_failed(self, job: Job, error: Exception) -> None:
        # An estimate that cannot be made is none; the export itself will say what is wrong.
        if job.name == "look":
            self._say(str(error))

    def _fill(self, targets: Sequence[Path], present: frozenset[Path]) -> None:
        self.list.clear()
        for target in targets[:_MOST_ROWS]:
            there = target in present
            item = QListWidgetItem(target.name)
            kind, colour = ("file-alert-outline", "#c98a3a") if there else ("file-outline", ICON)
            item.setIcon(qtawesome.icon(f"mdi6.{kind}", color=colour))
            item.setToolTip(self.tr("There already: {path}").format(path=target) if there else str(target))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self._count, self._present = len(targets), len(present)
        self._tell()

    def _tell(self) -> None:
        if self._export is None or not self._names:
            self._say("")
            return
        files = self.tr("1 file") if self._count == 1 else self.tr("{count} files").format(count=self._count)
        words = [files]
        if self.bytes is not None:
            words.append(self.tr("about {size}").format(size=readable(self.bytes)))
        if self._present:
            words.append(self.tr("{count} there already").format(count=self._present))
        writer = DOCUMENTS.get(self._export.options.format)
        if writer is not None and writer.max_bytes is not None and (self.bytes or 0) > writer.max_bytes:
            words.append(self.tr("more than this format can hold; choose {instead}").format(instead=writer.instead))
        self._say(", ".join(words))

    def _say(self, text: str) -> None:
        self.sum.setText(text)


def readable(size: int) -> str:
    """A size in the unit that leaves one to three digits before the point."""
    value, units = float(size), ["B", "kB", "MB", "GB"]
    while value >= 1000 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:.0f} {units[0]}" if value >= 10 or units[0] == "B" else f"{value:.1f} {units[0]}"
