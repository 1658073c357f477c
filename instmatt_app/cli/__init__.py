"""The command line: ``instmatt COMMAND …``, one file per command, built on :mod:`instmatt_app.api`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from instmatt_app import __version__
from instmatt_app.cli import compare, data, doctor, evaluate, matte, models, train

DONE, WRONG_USE, INTERRUPTED = 0, 2, 130

WELCOME = """\
InstMatt Studio: there is no display for the window here. On the command line:

  matte PHOTO --out DIR                  one alpha layer per person; --box X,Y,W,H for each where none are found
  evaluate PRED_DIR GT_DIR               how good alphas are (IMQ), where exact ones are known
  compare PHOTOS --masks … --gt …        several methods on one benchmark, in a table and side by side
  data cutouts | compose                 data for training, and benchmarks with exact alphas
  train stage1 --config … --out RUN      train the networks (docs/training.md)
  models list | fetch | import           weights: which there are, and how to get them
  doctor                                 what is installed, what is missing and how to get it
  matte --help                           every option

  --install-launcher, --remove-launcher  the program among those of the desktop, or no longer
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence and the way to the help."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(WRONG_USE, f"{self.prog}: {message}\nSee {self.prog} --help.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 some photos failed, 2 wrong use, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        print(WELCOME, end="", file=sys.stderr)
        return DONE
    parser = _Parser(prog="instmatt", description="One fine alpha matte per person, from a photo of several people.")
    parser.add_argument("--version", action="version", version=f"InstMatt Studio {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    matte.add_to(commands)
    evaluate.add_to(commands)
    compare.add_to(commands)
    data.add_to(commands)
    train.add_to(commands)
    models.add_to(commands)
    doctor.add_to(commands)
    try:
        options = parser.parse_args(given)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG_USE
    # A polite request to end is treated like Ctrl-C, so that no half-written file is left.
    # Where our caller had them ignored (nohup, background jobs) they stay so.
    heard = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _interrupt) for number in heard}
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("\nStopped; no half-written file was left.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; that is no error of ours, and Python must not complain at exit.
        sys.stdout = None
        return DONE
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Interrupted(KeyboardInterrupt):
    """Ctrl-C by another name: Python ends a process in which a plain KeyboardInterrupt has passed through exec() by
    SIGINT, even if it was caught, and exec() is all over the imports of the libraries."""


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise _Interrupted
