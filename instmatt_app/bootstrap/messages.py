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
