"""Shelf: finished results by key, within a budget of bytes."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

from instmatt_app.core.project import Key

T = TypeVar("T")


class Shelf(Generic[T]):
    """Keeps what was finished under the key of its input; lets go of what was not asked for longest.

    The newest result stays even if it alone is larger than the budget.
    """

    def __init__(self, budget: int) -> None:
        """``budget`` is in bytes."""
        self.budget = budget
        self._kept: OrderedDict[Key, tuple[T, int]] = OrderedDict()

    def put(self, key: Key, result: T, nbytes: int) -> None:
        """Keeps a result of that size."""
        self._kept.pop(key, None)
        self._kept[key] = (result, nbytes)
        while len(self._kept) > 1 and self.nbytes > self.budget:
            self._kept.popitem(last=False)

    def get(self, key: Key) -> T | None:
        """The result of that key, or None."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    @property
    def nbytes(self) -> int:
        return sum(size for _, size in self._kept.values())

    def clear(self) -> None:
        self._kept.clear()
