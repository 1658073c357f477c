"""Multi-instance refinement: people correct each other's tri-mattes where these do not add up (paper, section 4.3).

Boxes are laid where the error map is large; in each of them the refiner lets the people exchange what they claim. Where
it is told who may still change at which pixels, windows over these take the place of the published boxes: they leave no
gaps, no pixel is renewed twice in a pass, and nothing is computed that is thrown away afterwards.
*Parallel*: all people of a box are renewed from the same state. *Cycle*: person after person in a given order, each
seeing the newest state of all; a pass runs person -> boxes. Nothing outside the boxes' inner areas ever changes.

Tri-mattes are handled as one tensor per person, so that a state shares with the one before whatever was not renewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from instmatt_app.core.interfaces import Step
from instmatt_app.core.rect import Rect
from instmatt_app.engine.network.refiner import Refiner
from instmatt_app.engine.windows import cells_of, windows_of

# Boxes are centred on every tenth pixel whose error is larger than this.
SPACING = 10
ERROR = 0.01
# A box is left out if it overlaps an earlier one by more than this (intersection over union) and lies near it.
OVERLAP = 0.3
# Rows and columns along the edge of a patch that are computed but not written: the convolutions see zeros there.
BORDER = 10
# As far as the refiner's four layers see.
REACH = 4
# A person whose target alpha moved by no more than this anywhere during a pass is left as is in the next one.
MOVED = 0.01
# Bytes that a cycle keeps between its turns unless it is told otherwise: the sums of some thirty boxes.
ROOM = 2**29
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
    """One patch of the photo: what is read, the part of it that is written, and the error at its sample pixel."""

    area: Rect
    written: Rect
    score: float

    @property
    def patch(self) -> tuple[slice, slice]:
        """Rows and columns that are read."""
        return self.area.slices

    @property
    def inner(self) -> tuple[slice, slice]:
        """Rows and columns that are written."""
        return self.written.slices


def find_boxes(error: Tensor, side: int) -> list[Box]:
    """Square boxes where the error map [H, W] exceeds 0.01, the largest error first; the one largest if none does.

    All of a box but a border is written, at the edge of the photo too. Boxes are moved into the photo, not cut. They do
    not cover every such pixel: of boxes that overlap only the one with the larger error stays, equal errors in reading
    order.
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
        area = Rect.of_size(*corner, side, side)
        boxes.append(Box(area, area.grow(-BORDER), float(flat[order[0]])))
        across, down = (left - corner[0]).abs(), (top - corner[1]).abs()
        # Areas as published: corners count as pixels of the box, so that a side measures one more.
        common = (side + 1 - across).clamp(min=0) * (side + 1 - down).clamp(min=0)
        share = common / (2 * (side + 1) ** 2 - common)
        rest = ~((share > OVERLAP) & (across < side // 2) & (down < side // 2))
        rest[0] = False
        order, top, left = order[rest], top[rest], left[rest]
    return boxes


def find_windows(error: Tensor, free: Tensor, longest: int) -> list[Box]:
    """Windows over the pixels that may change, bool [H, W], and whose error, [H, W], exceeds 0.01; largest error first.

    Their sides are at most `longest`, the border at the edge of the photo is left out, and no two overlap in what is
    written. Without any such pixel there are none.
    """
    height, width = error.shape
    wrong = torch.zeros_like(free)
    inside = Rect(0, 0, width, height).grow(-BORDER)
    wrong[inside.slices] = (free & (error > ERROR))[inside.slices]
    boxes = []
    for window in windows_of(cells_of(wrong.cpu().numpy()), height, width, longest, 2 * REACH):
        written = window.intersect(inside)
        if not written.is_empty:
            area = written.grow(REACH).clip(width, height)
            boxes.append(Box(area, written, float((error * wrong)[written.slices].max())))
    return sorted(boxes, key=lambda box: -box.score)


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


class Patches(Protocol):
    """Planes of which parts can be asked for, as of a tensor [C, H, W]."""

    def __getitem__(self, place: tuple[slice, slice, slice], /) -> Tensor: ...


@dataclass(frozen=True)
class Scene:
    """What stays the same during a refinement: who takes part, where, and on what evidence.

    feature: decoder features [C, H, W], one per person: tensors, or whatever gives a patch of them when it is asked for
    one; other devices and half precision are allowed, patches are brought to the tri-mattes. image: [3, H, W],
    normalised. together: how many people go through the refiner at once. room: bytes that may be kept between turns.
    free: bool [k, H, W], where each person may change; None: anywhere in the boxes, as published.
    """

    refiner: Refiner
    feature: Sequence[Patches] | Tensor
    image: Tensor
    boxes: tuple[Box, ...]
    members: tuple[int, ...]
    together: int = 1
    room: int = ROOM
    free: Tensor | None = None

    def renewed_in(self, box: Box, people: Sequence[int]) -> list[int]:
        """Those of these people who may change somewhere in the box."""
        return [one for one in people if self.free is None or bool(self.free[one][box.inner].any())]


def survey(
    refiner: Refiner,
    trimattes: Tensor,
    feature: Sequence[Patches] | Tensor,
    image: Tensor,
    patch: int | None = None,
    scores: Sequence[float] | None = None,
    published: bool = False,
    free: Tensor | None = None,
) -> Scene:
    """Lays the boxes and finds who takes part, both once and from the tri-mattes [k, 3, H, W] as they are given.

    People who are duplicates of others keep their tri-mattes, though the boxes take theirs into account. With `free`,
    bool [k, H, W], only these pixels may change, and there are windows instead of the published boxes.
    """
    height, width = trimattes.shape[-2:]
    side = patch_side(len(trimattes), height, width, patch)
    error = error_map(trimattes)
    duplicate = find_duplicates(trimattes[:, 0], scores, published)
    members = tuple(person for person, out in enumerate(duplicate) if not out)
    boxes = find_boxes(error, side) if free is None else find_windows(error, free[list(members)].any(dim=0), side)
    return Scene(refiner, feature, image, tuple(boxes), members, free=free)


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

    def on(self, device: torch.device) -> State:
        """The same state on another device."""
        return State(tuple(matte.to(device) for matte in self.mattes), self.turn, self.moved)

    @property
    def trimattes(self) -> Tensor:
        """A copy of all tri-mattes, [k, 3, H, W]."""
        return torch.stack(self.mattes)


def _said(scene: Scene, mattes: Sequence[Tensor], people: Sequence[int], box: Box) -> Tensor:
    """What these people have to say in a box, [n, 48, h, w]."""
    place = (slice(None), *box.patch)
    current = torch.stack([mattes[person][place] for person in people])
    feature = torch.stack([scene.feature[person][place].to(current) for person in people])
    return scene.refiner.listen(current, feature)


def _groups(people: Sequence[int], together: int) -> Iterator[Sequence[int]]:
    for first in range(0, len(people), together):
        yield people[first : first + together]


def _answer(scene: Scene, mattes: list[Tensor], who: Sequence[int], own: Tensor, sums: Tensor, box: Box) -> None:
    """Writes new tri-mattes of these people, who said `own`, into a box."""
    place, inner = (slice(None), *box.patch), (slice(None), *box.inner)
    image = scene.image[place].to(sums)
    for group in _groups(range(len(who)), scene.together):
        current = torch.stack([mattes[who[number]][place] for number in group])
        renewed = scene.refiner.answer(own[list(group)], sums, len(scene.members), current, image)
        for number, matte in zip(group, renewed, strict=True):
            old = mattes[who[number]][inner]
            new = matte[(slice(None), *box.written.within(box.area).slices)]
            free = None if scene.free is None else scene.free[who[number]][box.inner]
            mattes[who[number]][inner] = new if free is None else torch.where(free, new, old)


def _after(state: State, mattes: list[Tensor], who: Sequence[int]) -> State:
    moved = list(state.moved)
    for person in who:
        moved[person] = float((mattes[person][0] - state.mattes[person][0]).detach().abs().max())
    return State(tuple(mattes), state.turn + 1, tuple(moved))


def _pass(scene: Scene, state: State, who: Sequence[int], step: Step, total: int) -> State:
    """The state after these members were renewed in all boxes, one box after the other, each seeing the ones before."""
    mattes = [matte.clone() if person in who else matte for person, matte in enumerate(state.mattes)]
    for number, box in enumerate(scene.boxes):
        step(state.turn * len(scene.boxes) + number, total, "Refining all people")
        renewed = scene.renewed_in(box, who)
        if not renewed:
            continue
        sums, own = [], []
        for group in _groups(scene.members, scene.together):
            said = _said(scene, mattes, group, box)
            sums.append(said.sum(dim=0))
            own += [one for person, one in zip(group, said, strict=True) if person in renewed]
        _answer(scene, mattes, renewed, torch.stack(own), torch.stack(sums).sum(dim=0), box)
    return _after(state, mattes, who)


class _Others:
    """The sums of what all members but one say, box by box: from turn to turn only what changed is renewed."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._keeps = sum(48 * 4 * box.area.area for box in scene.boxes) <= scene.room
        self._sums: list[Tensor | None] = [None] * len(scene.boxes)
        self._without = [-1] * len(scene.boxes)

    def of(self, person: int, number: int, mattes: Sequence[Tensor], own: Tensor) -> Tensor | float:
        """The sum [48, h, w] in box `number`; what this person says in these mattes is `own`, [1, 48, h, w].

        The mattes are those from before the turn. Since this box was last asked for, only one person changed in it.
        """
        scene, box, sums, before = self._scene, self._scene.boxes[number], self._sums[number], self._without[number]
        if sums is None:
            others = [member for member in scene.members if member != person]
            said = (_said(scene, mattes, group, box).sum(dim=0) for group in _groups(others, scene.together))
            made: Tensor | float = sum(said)
        else:
            made = sums if before == person else sums + _said(scene, mattes, [before], box)[0] - own[0]
        if self._keeps and isinstance(made, Tensor):
            self._sums[number], self._without[number] = made, person
        return made


def _turn(scene: Scene, state: State, person: int, others: _Others, step: Step, total: int) -> State:
    """The state after one person was renewed in all boxes, one box after the other, each seeing the ones before."""
    mattes = list(state.mattes)
    mattes[person] = mattes[person].clone()
    for number, box in enumerate(scene.boxes):
        step(state.turn * len(scene.boxes) + number, total, f"Refining person {person + 1}")
        if not scene.renewed_in(box, [person]):
            continue
        own = _said(scene, state.mattes, [person], box)
        heard = others.of(person, number, state.mattes, own)
        if any(not box.area.intersect(earlier.area).is_empty for earlier in scene.boxes[:number]):
            own = _said(scene, mattes, [person], box)
        _answer(scene, mattes, [person], own, heard + own[0], box)
    return _after(state, mattes, [person])


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
        state = _pass(scene, state, active, step, total)
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
    others = _Others(scene)
    yield start
    state = start
    while state.turn < passes * len(turns):
        person = turns[state.turn % len(turns)]
        if state.turn >= len(turns) and state.moved[person] <= stop_below:
            state = State(state.mattes, state.turn + 1, state.moved)
            continue
        state = _turn(scene, state, person, others, step, total)
        yield state
    step(total, total, "Refined")
