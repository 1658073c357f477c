"""Windows of native detail that are kept: one that is made of the same to the bit is not matted again.

Who strokes at one person changes nothing of what others are matted from, and who stops a run changes nothing at all.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import blake2b

import numpy as np

from instmatt_app.core.detail import Levels
from instmatt_app.core.trimask import TriMask

BUDGET = 256 * 2**20


class KeptWindows:
    """What windows came to, by a digest of all that it depends on, within ``budget`` bytes; the oldest go first.

    Known areas pack well, so that a window takes a small part of what its planes do.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: OrderedDict[bytes, tuple[tuple[int, ...], bytes]] = OrderedDict()

    @property
    def nbytes(self) -> int:
        return sum(len(packed) for _, packed in self._kept.values())

    def of(self, name: bytes, make: Callable[[], Levels]) -> Levels:
        """The planes of that name, uint16 (C, h, w), made where they are not kept."""
        if name in self._kept:
            self._kept.move_to_end(name)
            shape, packed = self._kept[name]
            return np.frombuffer(zlib.decompress(packed), np.uint16).reshape(shape)
        made = make()
        self._kept[name] = (made.shape, zlib.compress(made.tobytes(), 1))
        while self.nbytes > self._budget:
            self._kept.popitem(last=False)
        return made


def name_of(guidance: Mapping[int, TriMask], *others: object) -> bytes:
    """A digest of the guidance and of everything else, by its representation."""
    digest = blake2b(repr((tuple(guidance), others)).encode("utf-8", "surrogatepass"), digest_size=16)
    for trimask in guidance.values():
        digest.update(np.ascontiguousarray(trimask).data)
    return digest.digest()
