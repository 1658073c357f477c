"""The strip of small pictures below the photo, for several photos that are open together."""

from __future__ import annotations

import qtawesome
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.interfaces import Step
from instmatt_app.files.small_picture import small_picture
from instmatt_app.ui.images import rgb_image
from instmatt_app.ui.jobs import Job, Lane
from instmatt_app.ui.roll.batch import Batch
from instmatt_app.ui.roll.roll import Roll, RollPhoto, Stage

PICTURE = QSize(112, 72)
ITEM = QSize(128, 112)
_ICONS = {
    Stage.WAITING: ("mdi6.circle-outline", "#b8b8b8"),
    Stage.RUNNING: ("mdi6.progress-clock", "#8ab4f8"),
    Stage.EDITED: ("mdi6.pencil-circle", "#f2c14e"),
    Stage.DONE: ("mdi6.check-circle", "#6fcf7f"),
    Stage.FAILED: ("mdi6.alert-circle", "#f28b82"),
}


class Strip(QFrame):
    """Shows the roll; a click opens a photo of it. Hidden where there is but one photo."""

    def __init__(self, roll: Roll, batch: Batch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roll = roll
        self._batch = batch
        self._lane: Lane | None = None
        self._pictures: dict[Job, RollPhoto] = {}
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Photos"))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(PICTURE)
        self.list.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(ITEM.height() + 18)
        self.list.currentRowChanged.connect(self._on_row)
        self.about = QLabel()
        self.about.setObjectName("faint")
        self.all = QPushButton(self.tr("Matte all"))
        self.all.setToolTip(self.tr("Finds and mattes everybody in all photos, while you work on this one"))
        self.all.clicked.connect(lambda: batch.stop() if batch.is_running else batch.start())
        words = QVBoxLayout()
        words.addStretch()
        words.addWidget(self.about)
        words.addWidget(self.all)
        words.addStretch()
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 2, 12, 2)
        line.addWidget(self.list, 1)
        line.addLayout(words)
        roll.changed.connect(self._fill)
        roll.renewed.connect(self._renew)
        batch.changed.connect(self._show_batch)
        self.hide()

    def close_lane(self) -> None:
        """Stops making small pictures, and waits for the one that is under way."""
        if self._lane is not None:
            self._lane.close()

    def _fill(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        if self._lane is not None:
            self._lane.stop_all()
        self._pictures.clear()
        several = len(self._roll.photos) > 1
        for photo in self._roll.photos if several else ():
            item = QListWidgetItem()
            item.setSizeHint(ITEM)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.list.addItem(item)
            self._ask_picture(photo)
        self.list.blockSignals(False)
        for photo in self._roll.photos if several else ():
            self._renew(photo)
        self.setVisible(several)

    def _ask_picture(self, photo: RollPhoto) -> None:
        if self._lane is None:
            self._lane = Lane("pictures", self)
            self._lane.finished.connect(self._on_picture)
        path = photo.path

        def read(step: Step) -> object:
            step(0, 1, path.name)
            return small_picture(path, 2 * PICTURE.width())

        self._pictures[self._lane.submit(Job("picture", read))] = photo

    def _on_picture(self, job: Job, pixels: object) -> None:
        photo = self._pictures.pop(job, None)
        if photo is not None and pixels is not None:
            photo.picture = rgb_image(pixels)  # type: ignore[arg-type]
            self._renew(photo)

    def _renew(self, photo: RollPhoto) -> None:
        if photo not in self._roll.photos or self.list.count() != len(self._roll.photos):
            return
        item = self.list.item(self._roll.photos.index(photo))
        word = self.word(photo.stage)
        name = self.fontMetrics().elidedText(photo.path.name, Qt.TextElideMode.ElideMiddle, ITEM.width() - 12)
        item.setText(f"{name}\n{word}")
        item.setToolTip(photo.reason or photo.path.name)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{photo.path.name}, {word}")
        pixmap = _pixmap(photo, self.devicePixelRatioF())
        icon = QIcon(pixmap)
        # The photo keeps its colours while it is the chosen one.
        icon.addPixmap(pixmap, QIcon.Mode.Selected)
        item.setIcon(icon)
        here = self._roll.wanted or self._roll.current
        if here is not None:
            self.list.blockSignals(True)
            self.list.setCurrentRow(self._roll.photos.index(here))
            self.list.blockSignals(False)
        self._show_batch()

    def word(self, stage: Stage) -> str:
        """How far a photo is, in a word."""
        return {
            Stage.WAITING: self.tr("waiting"),
            Stage.RUNNING: self.tr("running"),
            Stage.EDITED: self.tr("edited"),
            Stage.DONE: self.tr("done"),
            Stage.FAILED: self.tr("failed"),
        }[stage]

    def _show_batch(self) -> None:
        batch = self._batch
        self.all.setText(self.tr("Stop") if batch.is_running else self.tr("Matte all"))
        done = sum(one.stage is Stage.DONE for one in self._roll.photos)
        self.all.setEnabled(batch.is_running or done < len(self._roll.photos))
        if batch.is_running:
            text = self.tr("Matting {done} of {count}").format(done=batch.done + 1, count=batch.count)
        else:
            text = self.tr("{done} of {count} done").format(done=done, count=len(self._roll.photos))
        self.about.setText(text)

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self._roll.photos):
            self._roll.go_to(self._roll.photos[row])


def _pixmap(photo: RollPhoto, ratio: float) -> QPixmap:
    """The small picture, in the middle of its place, with what says how far it is in a corner."""
    pixmap = QPixmap(PICTURE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if photo.picture is not None:
        small: QImage = photo.picture.scaled(
            PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        small.setDevicePixelRatio(ratio)
        room = (PICTURE - small.deviceIndependentSize().toSize()) / 2
        painter.drawImage(QPoint(room.width(), room.height()), small)
    name, colour = _ICONS[photo.stage]
    corner = QPoint(PICTURE.width() - 22, PICTURE.height() - 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawEllipse(corner.x() - 1, corner.y() - 1, 22, 22)
    painter.drawPixmap(corner, qtawesome.icon(name, color=colour).pixmap(QSize(20, 20)))
    painter.end()
    return pixmap
