"""A window that strokes, runs, saves and exports at random until it is killed, and what must be on the disk then.

``python tests/killing.py FOLDER SEED`` is the window; it prints what was painted and what was kept. The autosave comes
every quarter of a second instead of every minute, so that a kill meets it.
"""

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVERY_MS = 250


@dataclass(frozen=True)
class Killed:
    """What was found after a kill: the last revision painted, the last reported as kept, and the one brought back.

    ``lost`` is how long before the kill the first stroke was painted that did not come back, in seconds; ``doing`` what
    was begun last.
    """

    painted: int
    kept: int
    restored: int
    lost: float
    doing: str


def kill_once(folder: Path, seed: int) -> Killed:
    """Starts the window in ``folder``, kills it at a random moment, and reads everything it left.

    Raises AssertionError if a file is damaged, or if something is lost that was kept.
    """
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(folder / "data"), "PYTHONPATH": ""}
    command = [sys.executable, str(Path(__file__)), str(folder), str(seed)]
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as window:
        assert window.stdout is not None
        try:
            for line in window.stdout:
                lines.append(line.strip())
                if line.startswith("ready"):
                    break
            time.sleep(rng.uniform(0.05, 3.0))
        finally:
            window.kill()
            killed = time.time()
        lines += [line.strip() for line in window.stdout]
    return _found(folder, lines, killed)


def _found(folder: Path, lines: list[str], killed: float) -> Killed:
    from PIL import Image

    from instmatt_app.files.project_file import open_project
    from instmatt_app.files.sessions import Session, left_sessions

    assert "ready" in lines
    # A kill may cut the last line short.
    words = [line.split() for line in lines if line.endswith(" .")]
    strokes = [(int(one[1]), float(one[2])) for one in words if one[0] == "painted"]
    kept = max((int(one[1]) for one in words if one[0] == "kept"), default=0)
    restored = 0
    for path in folder.glob("*.instmatt*"):
        opened = open_project(path)
        assert opened.lost == (), (path, opened.lost)
        restored = max(restored, opened.project.revision)
    for left in left_sessions(folder / "data" / "killing" / "sessions"):
        session = Session.take_up(left.folder)
        assert session is not None
        opened = session.open()
        session.leave()
        assert opened.lost == (), (left.folder, opened.lost)
        restored = max(restored, opened.project.revision)
    for path in (folder / "layers").rglob("*.png"):
        with Image.open(path) as picture:
            picture.load()
    assert restored >= kept, f"revision {kept} was kept and {restored} came back"
    doing = next((one[1] for one in reversed(words) if one[0] == "doing"), "nothing")
    lost = max((killed - when for revision, when in strokes if revision > restored), default=0.0)
    return Killed(max((revision for revision, _ in strokes), default=0), kept, restored, lost, doing)


def main(folder: Path, seed: int) -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    import numpy as np
    from fakes import FakeBackend
    from photos import drawn_people
    from PIL import Image
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    from instmatt_app.core.edits import paint
    from instmatt_app.core.hints import Hint
    from instmatt_app.core.rect import Rect
    from instmatt_app.ui.conductor import Conductor
    from instmatt_app.ui.document import Document
    from instmatt_app.ui.jobs import Job
    from instmatt_app.ui.main_window import MainWindow

    rng = random.Random(seed)
    application = QApplication([])
    application.setApplicationName("killing")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    height, width = 600, 900
    photo = folder / "two.png"
    if not photo.exists():
        Image.fromarray(drawn_people(2, height, width)[0]).save(photo)
    document = Document()
    boxes = [Rect(100, 100, 400, 500), Rect(500, 100, 800, 500)]
    window = MainWindow(document, Conductor(document, FakeBackend(boxes)))
    window.projects.autosave.timer.setInterval(EVERY_MS)

    def say(*words: object) -> None:
        print(*words, ".", flush=True)

    def revision() -> int:
        project = document.snapshot()
        return 0 if project is None else project.revision

    # The lane does one job after the other, so what was asked for first is kept first.
    asked: list[int] = []
    snapshot = window.projects.autosave.snapshot

    def asking() -> object:
        asked.append(revision())
        return snapshot()

    def kept(job: Job, result: object) -> None:
        if job.name in ("keep", "save"):
            say("kept", asked.pop(0))

    window.projects.autosave.snapshot = asking  # type: ignore[method-assign, assignment]
    window.projects.autosave.lane.finished.connect(kept)

    def stroke() -> None:
        say("doing", "stroke")
        x, y = rng.randrange(width - 60), rng.randrange(height - 60)
        where = np.random.default_rng(rng.randrange(2**32)).random((60, 60)) < 0.5
        hint = rng.choice(list(Hint)[1:])
        document.do(paint(rng.choice([1, 2]), hint, Rect(x, y, x + 60, y + 60), where, pin=rng.random() < 0.3))
        say("painted", revision(), time.time())

    def act() -> None:
        name = rng.choice(["stroke"] * 6 + ["run", "save", "export", "undo"])
        if name == "stroke":
            stroke()
        elif name == "undo":
            if document.history.done > 1:  # the first step is that the people were found
                document.history.undo()
        else:
            say("doing", name)
            if name == "run":
                window.conductor.run()
            elif name == "save":
                window.projects.save_to(folder / "two.instmatt", asked=True)
            else:
                window.export.export("replace")

    timer = QTimer()
    timer.timeout.connect(act)
    document.changed.connect(lambda: timer.isActive() or (print("ready", flush=True), timer.start(30)))
    window.opening.open_paths([photo])
    application.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
