"""What the start says to the user, and how it ends with a sentence."""

from __future__ import annotations

import sys


class Failure(Exception):
    """Ends the start with a sentence for the user."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def say(text: str, end: str = "\n") -> None:
    """Print a message of the start."""
    print(f"InstMatt Studio: {text}", end=end, file=sys.stderr, flush=True)


def last_line(text: str) -> str:
    """Return the last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no message")


HELP = """\
usage: main.py [--env DIR] [--torch NAME] [--yes] [COMMAND ...]

InstMatt Studio takes a photo of several people and gives back one fine alpha matte per person.
Nothing is installed yet: the first command makes the environment .venv beside main.py, which takes
some minutes, downloads about 3.4 GB (mostly PyTorch) and fills 6.4 GB of the disk.

  main.py                         the window
  main.py matte PHOTO --out DIR   one alpha layer per person; further commands: evaluate, compare,
                                  data, train, models, doctor, each of them with --help
  main.py test                    the tests

options, before the command:
  --env DIR      use an environment that is there already; nothing is installed
  --torch NAME   take PyTorch from its own wheel index: cpu, cu130, ...
  --yes          install missing system libraries without asking (Debian and Ubuntu, as root)
"""
