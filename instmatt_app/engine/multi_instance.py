"""Multi-instance refinement: people correct each other's tri-mattes where these do not add up (paper, section 4.3).

Boxes are laid where the error map is large; in each of them the refiner lets the people exchange what they claim.
*Parallel*: all people of a box are renewed from the same state. *Cycle*: person after person in a given order, each
seeing the newest state of all; a pass runs person -> boxes. Nothing outside the boxes' inner areas ever changes.

Tri-mattes are handled as one tensor per person, so that a state shares with the one before whatever was not renewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from instmatt_app.core.interfaces import Step
from instmatt_app.core.rect import Rect
from instmatt_app.engine.network.refiner import Refiner

# Boxes are centred on every tenth pixel whose error is larger than this.
SPACING = 10
ERROR = 0.01
# A box is left out if it overlaps an earlier one by more than this (intersection over union) and lies near it.
OVERLAP = 0.3
# Rows and columns along the edge of a patch that are computed but not written: the convolutions see zeros there.
BORDER = 10
# A person whose target alpha moved by no more than this anywhere during a pass is left as is in the next one.
MOVED = 0.01
# The published loop never comes to a third pass.
PASSES = 2
# Shares of the smaller target that make two people look alike, and that make them one and the same.
ALIKE = 0.3
SAME = 0.5


def patch_side(people: int, height: int, width: int, patch: int | None) -> int:
    """Side of the square patches in pixels: as released by the number of people, or `patch`; never beyond the photo.

    The supplementary says 128 throughout; the released code takes larger patches while fewer people share the memory.
    """
    released = 320 if people <= 8 else 256 if people <= 14 else 128
    return min(patch or released, height, width)


def error_map(trimattes: Tensor) -> Tensor:
    """How far everybody's targets and the mean background are from adding up to one: [k, 3, H, W] to [H, W], >= 0."""
    return (1 - trimattes[:, 0].sum(dim=0) - trimattes[:, 2].mean(dim=0)).abs()


@dataclass(frozen=True)
class Box:
    """One patch of the photo and the error at its sample pixel."""

    area: Rect
    score: float

    @property
    def patch(self) -> tuple[slice, slice]:
        """Rows and columns that are read."""
        return self.area.slices

    @property
    def inner(self) -> tuple[slice, slice]:
        """Rows and columns that are written: all but a border, at the edge of the photo too."""
        return self.area.grow(-BORDER).slices


def find_boxes(error: Tensor, side: int) -> list[Box]:
    """Square boxes where the error map [H, W] exceeds 0.01, the largest error first; the one largest if none does.

    Boxes are moved into the photo, not cut. They do not cover every such pixel: of boxes that overlap only the one with
    the larger error stays, equal errors in reading order.
    """
    height, width = error.shape
    scores = error[: height // SPACING * SPACING : SPACING, : width // SPACING * SPACING : SPACING].cpu()
    columns = scores.shape[1]
    flat = scores.flatten()
    order = torch.argsort(flat, descending=True, stable=True)
    order = torch.cat((order[:1], order[1:][flat[order[1:]] > ERROR]))
    top = (order // columns * SPACING - (side + 1) // 2).clamp(0, height - side)
    left = (order % columns * SPACING - (side + 1) // 2).clamp(0, width - side)
    boxes = []
    while len(order):
        corner = int(left[0]), int(top[0])
        boxes.append(Box(Rect.of_size(*corner, side, side), float(flat[order[0]])))
        across, down = (left - corner[0]).abs(), (top - corner[1]).abs()
        # Areas as published: corners count as pixels of the box, so that a side measures one more.
        common = (side + 1 - across).clamp(min=0) * (side + 1 - down).clamp(min=0)
        share = common / (2 * (side + 1) ** 2 - common)
        rest = ~((share > OVERLAP) & (across < side // 2) & (down < side // 2))
        rest[0] = False
        order, top, left = order[rest], top[rest], left[rest]
    return boxes


def find_duplicates(targets: Tensor, scores: Sequence[float] | None = None, published: bool = False) -> list[bool]:
    """Which people are told apart too badly to take part: targets [k, H, W] in 0..1 to k flags.

    Whoever looks like two or more others is out, and of two who look the same the one with the lower score (of the
    recogniser), then the one with the smaller target, then the later one. `published`: always the later one.
    """
    areas = targets > 0.01
    people = len(areas)
    if people > 8:
        height, width = areas.shape[1:]
        areas = areas[:, ::2, ::2][:, : height // 2, : width // 2]
    sizes = torch.count_nonzero(areas, dim=(1, 2))
    common = torch.stack([torch.count_nonzero(areas & area, dim=(1, 2)) for area in areas])
    share = (common / (torch.minimum(sizes[:, None], sizes[None, :]) + 1)).cpu()
    share.fill_diagonal_(0)
    out: list[bool] = ((share > ALIKE).sum(dim=1) > 1).tolist()

    if published:
        ranks: list[tuple[float, ...]] = [(0.0,)] * people
    else:
        ranks = list(zip(scores or [0.0] * people, sizes.tolist(), strict=True))
    for first in range(people):
        for second in range(first + 1, people):
            if share[first, second] > SAME:
                out[second if ranks[first] >= ranks[second] else first] = True
    return out


@dataclass(frozen=True)
class Scene:
    """What stays the same during a refinement: who takes part, where, and on what evidence.

    feature: decoder features [32, H, W], one per person; other devices and half precision are allowed, patches of them
    are brought to the tri-mattes. image: [3, H, W], normalised.
    """

    refiner: Refiner
    feature: Sequence[Tensor] | Tensor
    image: Tensor
    boxes: tuple[Box, ...]
    members: tuple[int, ...]


def survey(
    refiner: Refiner,
    trimattes: Tensor,
    feature: Sequence[Tensor] | Tensor,
    image: Tensor,
    patch: int | None = None,
    scores: Sequence[float] | None = None,
    published: bool = False,
) -> Scene:
    """Lays the boxes and finds who takes part, both once and from the tri-mattes [k, 3, H, W] as they are given.

    People who are duplicates of others keep their tri-mattes, though the boxes take theirs into account.
    """
    height, width = trimattes.shape[-2:]
    side = patch_side(len(trimattes), height, width, patch)
    boxes = find_boxes(error_map(trimattes), side)
    duplicate = find_duplicates(trimattes[:, 0], scores, published)
    members = tuple(person for person, out in enumerate(duplicate) if not out)
    return Scene(refiner, feature, image, tuple(boxes), members)


@dataclass(frozen=True)
class State:
    """Tri-mattes after so many turns. A turn is a pass in parallel refinement, one person's pass in cycle refinement.

    moved: by how much each person's target alpha changed at most in the last turn that renewed it.
    """

    mattes: tuple[Tensor, ...]  # k times float32 [3, H, W], 0..1; never written to
    turn: int
    moved: tuple[float, ...]

    @classmethod
    def start(cls, trimattes: Tensor) -> State:
        """The state before the first turn; keeps the rows of trimattes [k, 3, H, W], does not copy them."""
        return cls(tuple(trimattes), 0, (0.0,) * len(trimattes))

    @property
    def trimattes(self) -> Tensor:
        """A copy of all tri-mattes, [k, 3, H, W]."""
        return torch.stack(self.mattes)


def _renew(scene: Scene, state: State, who: Sequence[int], step: Step, total: int, what: str) -> State:
    """The state after these members were renewed in all boxes, one box after the other, each seeing the ones before."""
    done = state.turn * len(scene.boxes)
    mattes = list(state.mattes)
    for person in who:
        mattes[person] = mattes[person].clone()
    wanted = [scene.members.index(person) for person in who]
    for number, box in enumerate(scene.boxes):
        step(done + number, total, what)
        if not who:
            continue
        rows, columns = box.patch
        current = torch.stack([mattes[person][:, rows, columns] for person in scene.members])
        feature = torch.stack([scene.feature[person][:, rows, columns].to(current) for person in scene.members])
        image = scene.image[:, rows, columns].to(current)
        renewed = scene.refiner(current, feature, image, wanted)
        inner_rows, inner_columns = box.inner
        for person, matte in zip(who, renewed, strict=True):
            mattes[person][:, inner_rows, inner_columns] = matte[:, BORDER:-BORDER, BORDER:-BORDER]
    moved = list(state.moved)
    for person in who:
        moved[person] = float((mattes[person][0] - state.mattes[person][0]).detach().abs().max())
    return State(tuple(mattes), state.turn + 1, tuple(moved))


def parallel(
    scene: Scene, start: State, step: Step, passes: int = PASSES, stop_below: float = MOVED
) -> Iterator[State]:
    """Yields the start and then the state after each pass; ends early once nobody moves by more than `stop_below`.

    From the second pass on only people who still moved are renewed; all members go on being heard.
    """
    total = passes * len(scene.boxes)
    yield start
    state = start
    while state.turn < passes:
        active = [person for person in scene.members if state.turn == 0 or state.moved[person] > stop_below]
        if state.turn > 0 and not active:
            break
        state = _renew(scene, state, active, step, total, "Refining all people")
        yield state
    step(total, total, "Refined")


def cycle(
    scene: Scene, start: State, order: Sequence[int], step: Step, passes: int = PASSES, stop_below: float = MOVED
) -> Iterator[State]:
    """Yields the start and then the state after each person's turn; may start from any state it yielded before.

    order: distinct people, by index; ValueError otherwise. Who is left out is heard but stays as is; duplicates are
    passed over. A turn that renews nobody, because that person no longer moves, yields no state.
    """
    if len(set(order)) != len(order) or not set(order) <= set(range(len(start.mattes))):
        raise ValueError(f"the order {list(order)} must name people 0 to {len(start.mattes) - 1}, each at most once")
    turns = [person for person in order if person in scene.members]
    total = passes * len(turns) * len(scene.boxes)
    yield start
    state = start
    while state.turn < passes * len(turns):
        person = turns[state.turn % len(turns)]
        if state.turn >= len(turns) and state.moved[person] <= stop_below:
            state = State(state.mattes, state.turn + 1, state.moved)
            continue
        state = _renew(scene, state, [person], step, total, f"Refining person {person + 1}")
        yield state
    step(total, total, "Refined")
