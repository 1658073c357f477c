"""Keeps None and its like alive under Python 3.11.

PySide6 6.12 returns None, True and False without counting the reference. Python 3.12 and later allow that, because
these objects never die there. Python 3.11 counts down to zero instead and aborts the process after some ten thousand
calls of Qt: minutes of painting. Measured: 200 calls of QPainter.setPen() take 200 references of None.
"""

from __future__ import annotations

import ctypes
import sys

# More than a century of a million calls a second would take away.
MANY = 1 << 52


def keep_singletons_alive() -> None:
    """Gives the singletons more references than Qt can ever take; nothing where Python keeps them alive itself."""
    if sys.version_info >= (3, 12) or sys.getrefcount(None) > MANY:
        return
    for one in (None, True, False, NotImplemented, Ellipsis):
        # The count is the first thing in an object of a release build.
        ctypes.c_ssize_t.from_address(id(one)).value += MANY
