"""Evidence: what the network shows of one person, and how it is got at no more cost than need be.

A network that comes in two stages (:class:`Staged`) runs the first for the whole photo; the second, the finest and
dearest levels, only in windows: where the alphas are unknown, and later where the refinement asks for features. Both
are exact: the same numbers as from one run over everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor

from instmatt_app.core.rect import Rect
from instmatt_app.engine.multi_instance import Patches
from instmatt_app.engine.network.instmatt import Coarse, Fine, Prediction
from instmatt_app.engine.progressive import WIDTH_OS1, WIDTH_OS4, Fused, fuse, unknown_area
from instmatt_app.engine.windows import cells_of, windows_of

# What is computed beyond a window on every side, a multiple of 8: there the refinement's windows see into it.
RIM = 8
# As far as the second stage sees beyond a window, in the mean of its levels by what they cost.
MARGIN = 36


@runtime_checkable
class Staged(Protocol):
    """A network whose finest levels can be had in windows, as :class:`InstMatt` is one."""

    def coarse(self, image: Tensor, guidance: Tensor) -> Coarse:
        """The first stage, for the whole photo."""

    def fine(self, image: Tensor, guidance: Tensor, coarse: Coarse, window: Rect) -> Fine:
        """The second stage in one window, whose edges are multiples of 8."""


@dataclass
class Room:
    """Bytes that may still be taken for features that somebody may ask for again."""

    left: int

    def take(self, wanted: int) -> bool:
        """Takes so many bytes, if they are there."""
        if wanted > self.left:
            return False
        self.left -= wanted
        return True


@dataclass(frozen=True, eq=False)
class Evidence:
    """One person's tri-matte before refinement [1, C, H, W], and the features [C, H, W] for the refiner."""

    fused: Fused
    feature: Patches


class FineParts:
    """The second stage of one person: computed where it is asked for, its features kept as long as there is room."""

    def __init__(
        self, network: Staged, image: Tensor, guidance: Tensor, coarse: Coarse, longest: int, room: Room
    ) -> None:
        """image and guidance are [1, C, H, W]; windows are at most `longest` pixels wide and high, and their rims."""
        self._network, self._image, self._guidance = network, image, guidance
        # The alphas of the first stage are not needed any more; only the maps are.
        self._coarse = coarse._replace(os8=coarse.os8[..., :0, :0])
        self._longest, self._room = longest, room
        self._kept: list[tuple[Rect, Tensor]] = []

    def alphas(self, area: Tensor, os8: Tensor) -> tuple[Tensor, Tensor]:
        """OS4 and OS1, [1, C, H, W], where the bool area [H, W] is and nearby; zero elsewhere."""
        os4, os1 = torch.zeros_like(os8), torch.zeros_like(os8)
        height, width = area.shape
        # The finest alphas are taken within a dilation of where the coarser ones are.
        cells = cells_of(area.cpu().numpy(), WIDTH_OS1 // 2)
        for window in windows_of(cells, height, width, self._longest, MARGIN):
            seen = window.grow(RIM).clip(width, height)
            fine = self._compute(seen)
            place = (slice(None), slice(None), *seen.slices)
            os4[place], os1[place] = fine.os4, fine.os1
        return os4, os1

    def __getitem__(self, place: tuple[slice, slice, slice], /) -> Tensor:
        """The features of a patch, [C, h, w]; the first slice is for the channels and takes all of them."""
        _, rows, columns = place
        patch = Rect(columns.start, rows.start, columns.stop, rows.stop)
        pieces = [(area, feature) for area, feature in self._kept if not area.intersect(patch).is_empty]
        # Windows have edges at multiples of 8.
        frame = Rect(patch.left // 8 * 8, patch.top // 8 * 8, -(-patch.right // 8) * 8, -(-patch.bottom // 8) * 8)
        missing = np.zeros((frame.height, frame.width), bool)
        missing[patch.within(frame).slices] = True
        for area, _ in pieces:
            missing[area.intersect(frame).within(frame).slices] = False
        for window in windows_of(cells_of(missing), frame.height, frame.width, self._longest, MARGIN):
            area = window.within(Rect(-frame.left, -frame.top, 0, 0))
            pieces.append((area, self._compute(area).feature[0]))
        like = pieces[0][1]
        out = torch.empty((len(like), patch.height, patch.width), dtype=like.dtype, device=like.device)
        for area, feature in pieces:
            common = patch.intersect(area)
            out[(slice(None), *common.within(patch).slices)] = feature[(slice(None), *common.within(area).slices)]
        return out

    def _compute(self, window: Rect) -> Fine:
        fine = self._network.fine(self._image, self._guidance, self._coarse, window)
        if self._room.take(fine.feature.numel() * fine.feature.element_size()):
            # A copy, because it is a part of something larger.
            self._kept.append((window, fine.feature[0].clone()))
        return fine


def look(
    network: Any, image: Tensor, guidance: Tensor, longest: int, room: Room, half: bool, features: bool
) -> list[Evidence]:
    """What the network shows of N people: image [3, H, W], guidance [N, C, H, W].

    `half`: features of a network that gives them whole are kept in half precision. Without `features` none are kept.
    """
    rows = [_batch(row[None]) for row in guidance]
    picture = _batch(image[None])
    together = _batch(image.expand(len(guidance), -1, -1, -1))
    if not isinstance(network, Staged):
        seen: Prediction = network(together, _batch(guidance))
        kept = seen.feature.half() if half else seen.feature
        return [
            Evidence(
                fuse(*(plane[number : number + 1] for plane in seen[:3])), kept[number] if features else kept[0, :0]
            )
            for number in range(len(rows))
        ]
    coarse = network.coarse(together, _batch(guidance))
    made = []
    for number, row in enumerate(rows):
        own = Coarse(*(plane[number : number + 1] for plane in coarse))
        fine = FineParts(network, picture, row, own, longest, room if features else Room(0))
        area = unknown_area(own.os8, WIDTH_OS4)[0].any(dim=0)
        made.append(Evidence(fuse(own.os8, *fine.alphas(area, own.os8)), fine))
    return made


def _batch(planes: Tensor) -> Tensor:
    return planes.contiguous(memory_format=torch.channels_last)
