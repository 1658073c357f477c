"""Models: which are ready, which can be fetched and under what terms, and which engine and recogniser are in use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from instmatt_app.core.interfaces import Step
from instmatt_app.model_store import ModelStore
from instmatt_app.options import MATTING_MODELS, detectron2_is_installed, recogniser_choices
from instmatt_app.ui.backend import sentence
from instmatt_app.ui.dialogs.enter import enter_only_ends_typing
from instmatt_app.ui.dialogs.model_row import ModelRow
from instmatt_app.ui.jobs import Job, Lane
from instmatt_app.ui.settings import Settings

CLOSED_FORM = "closed-form"
OWN_FILE = "own file"
INSTALL_PAGE = "https://github.com/facebookresearch/detectron2/blob/main/INSTALL.md"


class ModelsDialog(QDialog):
    """Not modal. Opens no connection before *Fetch* is pressed; a fetch goes on while other things are done.

    ``said`` as in the conductor.
    """

    said = Signal(str, bool)

    def __init__(self, settings: Settings, store: ModelStore, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._store, self._lane = settings, store, lane
        self._jobs: dict[Job, str] = {}
        self.setWindowTitle(self.tr("Models"))
        self.resize(680, 760)
        self.engine, self.recogniser = QComboBox(), QComboBox()
        self.engine.setAccessibleName(self.tr("People are matted by"))
        self.recogniser.setAccessibleName(self.tr("People are found by"))
        self.in_use = _words("")
        form = QFormLayout()
        form.addRow(self.tr("People are matted by"), self.engine)
        form.addRow(self.tr("People are found by"), self.recogniser)
        form.addRow("", self.in_use)
        self.rows = {name: ModelRow(model) for name, model in store.models.items()}
        column = QVBoxLayout()
        for name, row in self.rows.items():
            row.fetch.clicked.connect(lambda _=False, chosen=name: self.fetch(chosen))
            row.stop.clicked.connect(lambda _=False, chosen=name: self._stop(chosen))
            column.addWidget(row)
        column.addWidget(self._about_detectron2())
        column.addStretch()
        inside = QWidget()
        inside.setLayout(column)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.take_button = buttons.addButton(self.tr("Import a file…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.take_button.setToolTip(self.tr("Weights that were downloaded otherwise, or copied from another computer"))
        self.take_button.clicked.connect(self._choose_import)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        enter_only_ends_typing(self)
        self.engine.activated.connect(self._choose_engine)
        self.recogniser.activated.connect(lambda: settings.change(recogniser=self.recogniser.currentData()))
        settings.changed.connect(self.renew)
        lane.progressed.connect(self._on_progress)
        lane.finished.connect(self._on_finished)
        lane.failed.connect(self._on_failed)
        lane.cancelled.connect(self._on_cancelled)
        self.renew()

    # --- What is shown ------------------------------------------------------------------------------------------------

    def renew(self) -> None:
        """Looks again at what is ready and what is preferred."""
        for name, row in self.rows.items():
            path = self._store.ready_file(name)
            row.show_state(path, path is None and self._store.is_ready(name), self._job_of(name) is not None)
        self._show_engines()
        self._show_recognisers()

    def _show_engines(self) -> None:
        now = self._settings.now
        matting = [name for name, model in self._store.models.items() if model.kind == "instmatt"]
        ready = [name for name in matting if self._store.is_ready(name)]
        best = next((name for name in MATTING_MODELS if name in ready), None)
        self.engine.clear()
        self.engine.addItem(self.tr("The best that is ready"), "")
        for name in ready:
            self.engine.addItem(self.tr("InstMatt with {name}").format(name=name), name)
        if now.model and now.model not in ready:
            self.engine.addItem(self.tr("InstMatt with {name}").format(name=Path(now.model).name), now.model)
        self.engine.addItem(self.tr("InstMatt with a file of your own…"), OWN_FILE)
        self.engine.addItem(self.tr("Closed-form matting, without weights"), CLOSED_FORM)
        chosen = CLOSED_FORM if now.engine == CLOSED_FORM else now.model
        self.engine.setCurrentIndex(max(0, self.engine.findData(chosen)))
        if now.engine == CLOSED_FORM or not (now.model or best):
            used = self.tr("closed-form matting")
        else:
            used = Path(now.model).name if now.model else str(best)
        found = recogniser_choices(now.recogniser)  # type: ignore[arg-type]
        by = found[0].name if found else self.tr("boxes, as nothing that finds people by itself is ready")
        self.in_use.setText(self.tr("In use: {engine}; {recogniser}").format(engine=used, recogniser=by))

    def _show_recognisers(self) -> None:
        names = {
            "auto": self.tr("The best that is ready"),
            "detectron2": self.tr("Detectron2"),
            "torchvision": self.tr("Mask R-CNN by torchvision"),
            "builtin": self.tr("The small network that comes with the program"),
        }
        self.recogniser.clear()
        for name, text in names.items():
            there = bool(recogniser_choices(name))  # type: ignore[arg-type]
            self.recogniser.addItem(text if there else self.tr("{name} (not ready)").format(name=text), name)
        self.recogniser.setCurrentIndex(self.recogniser.findData(self._settings.now.recogniser))

    def _about_detectron2(self) -> QWidget:
        if detectron2_is_installed():
            return _words(self.tr("Detectron2 is installed."))
        text = self.tr(
            "Detectron2 is not installed, and need not be: torchvision finds the same people with the same weights. "
            "{link} says how it is installed by pip from its repository, on Linux and macOS. It goes into this "
            "program's environment after PyTorch, with --no-build-isolation, needs a C++20 compiler and about 2.5 GB "
            "of memory per compiler job, and has to be built anew whenever torch changes."
        )
        label = _words(text.format(link=f'<a href="{INSTALL_PAGE}">INSTALL.md</a>'))
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setOpenExternalLinks(True)
        label.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return label

    # --- What is done -------------------------------------------------------------------------------------------------

    def fetch(self, name: str) -> None:
        """Downloads a model, or takes over what another program has; goes on where it was stopped."""
        if self._job_of(name) is None:
            self._submit(name, lambda step: self._store.fetch(name, step))

    def take(self, file: Path) -> None:
        """Makes a file the model that it is."""
        self._submit("", lambda step: self._store.take(file, self._store.recognise(file), step))

    def _submit(self, name: str, work: Callable[[Step], Path]) -> None:
        job = Job("model", work)
        self._jobs[job] = name
        self._lane.submit(job)
        self.renew()

    def _choose_import(self) -> None:
        title, kinds = self.tr("Import a file"), self.tr("Weights (*.pth *.pkl *.safetensors)")
        name, _ = QFileDialog.getOpenFileName(self, title, "", kinds)
        if name:
            self.take(Path(name))

    def _choose_engine(self) -> None:
        chosen = self.engine.currentData()
        if chosen == OWN_FILE:
            title, kinds = self.tr("Weights of the InstMatt network"), self.tr("Weights (*.pth *.safetensors)")
            chosen, _ = QFileDialog.getOpenFileName(self, title, "", kinds)
            if not chosen:
                self.renew()
                return
        if chosen == CLOSED_FORM:
            self._settings.change(engine=CLOSED_FORM, model="")
        else:
            self._settings.change(engine="auto", model=chosen)

    def _stop(self, name: str) -> None:
        job = self._job_of(name)
        if job is not None:
            job.stop()

    def _job_of(self, name: str) -> Job | None:
        return next((job for job, whose in self._jobs.items() if whose == name), None)

    # --- What happened ------------------------------------------------------------------------------------------------

    def _on_progress(self, job: Job, done: int, total: int, what: str) -> None:
        row = self.rows.get(self._jobs.get(job, ""))
        if row is not None:
            row.show_progress(done, total, what)

    def _on_finished(self, job: Job, path: object) -> None:
        if self._jobs.pop(job, None) is None:
            return
        assert isinstance(path, Path)
        name = next((name for name, model in self._store.models.items() if model.file == path.name), path.name)
        if name in self._store.models and self._store.models[name].kind == "instmatt":
            self._settings.change(engine="auto", model=name)
            self.said.emit(self.tr("{name} is ready and in use.").format(name=name), False)
        else:
            self.said.emit(self.tr("{name} is ready.").format(name=name), False)
        self.renew()

    def _on_failed(self, job: Job, error: Exception) -> None:
        name = self._jobs.pop(job, None)
        if name is None:
            return
        if name in self.rows:
            self.rows[name].show_trouble(sentence(error))
        self.said.emit(sentence(error), True)
        self.renew()

    def _on_cancelled(self, job: Job) -> None:
        if self._jobs.pop(job, None) is not None:
            self.renew()


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("faint")
    label.setWordWrap(True)
    return label
