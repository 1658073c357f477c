"""Progress on stderr: a bar on a terminal, quiet lines otherwise."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

# Without a terminal, a line for the same kind of work appears at most this often.
QUIET_SECONDS = 10.0


class ProgressLine:
    """A step function for a run over several photos; use as a context manager."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
            # Data goes to stdout, also while the bar is shown.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task("starting", total=None)
        self._photo = ""
        self._said = ("", 0.0)

    def __enter__(self) -> ProgressLine:
        self._progress.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.__exit__(kind, error, trace)

    def begin(self, photo: str) -> None:
        """Name the photo that the next steps belong to."""
        self._photo = photo
        self._said = ("", 0.0)

    def step(self, done: int, total: int, what: str) -> None:
        """Report progress; see :data:`instmatt_app.core.interfaces.Step`."""
        text = f"{self._photo}: {what}"
        if self._console.is_terminal:
            self._progress.update(self._task, description=text, completed=done, total=total)
            return
        said, when = self._said
        now = time.monotonic()
        if said == text or now - when < QUIET_SECONDS:
            return
        self._said = (text, now)
        self.say(text)

    def say(self, sentence: str) -> None:
        """Print a line that stays, on stderr."""
        if self._console.is_terminal:
            self._console.print(sentence, markup=False, highlight=False)
        else:
            print(sentence, file=sys.stderr, flush=True)
