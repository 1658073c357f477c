"""Memory: what a run will take, computed from sizes beforehand, and what is done less of when that is too much.

On a CPU nobody says that memory has run out — the process is ended — so the plan has to hold. Figures were measured
with :mod:`benchmarks.engine`; tests/engine/test_memory.py holds the formula against an address-space limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

# Bytes per pixel and person that everybody keeps: guidance 12, fused tri-matte 12, its unknown area 1, matte 12.
KEPT = 37
# And that the refinement adds: the start, the newest state, the matte of a turn, and one turn that somebody holds.
REFINED = 48
# Bytes per pixel once: picture, planes of the finer scales, masks and their widening.
ONCE = 100
# Bytes per pixel of a patch, once and for each person who takes part (what they said, and their features).
PATCH, PATCH_PERSON = 1600, 400
# What cannot be told from sizes: workspaces of the convolution library, pieces that the allocator cannot use.
SLACK = 96 * 2**20
# Sides of windows, the largest that fits is taken. Smaller ones waste more on their surroundings.
WINDOWS = (512, 256, 128)
# Of what is free, this much is left to others.
SPARED = 0.15


class NotEnoughMemory(MemoryError):
    """Even the thriftiest way takes more than there is; the message is a sentence. ``needed`` is how many bytes."""

    def __init__(self, sentence: str, needed: int) -> None:
        super().__init__(sentence)
        self.needed = needed


@dataclass(frozen=True)
class Footprint:
    """What a network takes, in bytes per pixel of the padded photo and person.

    forward: while it runs, at most. kept: between matting and refinement, beside the features. feature: all features of
    a pixel. window: per pixel of a window of the second stage, at most; 0 for a network that has only one stage.
    """

    forward: int
    kept: int
    feature: int
    window: int = 0


# The published network in its two stages, and run as a whole, which is also more than narrower ones take.
STAGED = Footprint(forward=120, kept=24, feature=128, window=680)
WHOLE = Footprint(forward=600, kept=0, feature=128)


@dataclass(frozen=True)
class Plan:
    """How a photo is worked on. need: bytes that it takes at most."""

    together: int  # people in one run of the network
    window: int  # longest side of the second stage's windows
    room: int  # bytes for features that may be asked for again, and for sums between turns
    half: bool  # features of a network with one stage are kept in half precision
    need: int


def plan(
    height: int,
    width: int,
    people: int,
    side: int,
    footprint: Footprint,
    budget: int,
    *,
    batch: int = 1,
    exact: bool = False,
) -> Plan:
    """The fastest way that fits: padded size of the photo, people, side of the refinement's patches (0: none).

    ``batch`` is the most people that go through the network together; ``exact`` forbids half precision.

    Raises:
        NotEnoughMemory: none fits.
    """
    pixels = height * width
    refined = REFINED if side else 0
    fixed = SLACK + pixels * (ONCE + people * (KEPT + footprint.kept + refined))
    patches = side**2 * (PATCH + people * PATCH_PERSON)
    whole = pixels * people * footprint.feature if side else 0
    least = 0
    for half in (False, True) if footprint.window == 0 and whole and not exact else (False,):
        features = 0 if footprint.window else whole // 2 if half else whole
        for window in WINDOWS if footprint.window else (0,):
            windows = footprint.window * min(window**2, pixels)
            for together in range(max(1, min(batch, people)), 0, -1):
                working = max(pixels * footprint.forward * together, windows + (patches if side else 0))
                least = fixed + features + working
                if least <= budget:
                    # All features of everybody, and a part that says something in each of some twenty patches.
                    most = (whole if footprint.window else 0) + 20 * 192 * side**2
                    room = min(budget - least, most)
                    return Plan(together, window, room, half, least + room)
    raise NotEnoughMemory(
        f"Matting {people} people at {width}×{height} pixels takes about {least / 2**30:.1f} GiB of memory, and"
        f" {max(budget, 0) / 2**30:.1f} GiB may be used; close other programs, allow more or choose a smaller working"
        " size.",
        least,
    )


def budget(device: torch.device, most: int | None = None) -> int:
    """Bytes that a run may take on this device: what is free, but never more than ``most``."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        # What torch holds and does not use counts as free, too.
        free += torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    elif device.type == "mps":
        free = torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory()
    else:
        # Here, because whoever only trains has no need of it.
        import psutil

        free = min(psutil.virtual_memory().available, _address_space_left(), _container_left())
    fair = int(free * (1 - SPARED))
    return fair if most is None else min(fair, most)


def _address_space_left() -> int:
    """Bytes up to this process's limit, as batch systems set one; very many where there is none."""
    import psutil

    try:
        import resource
    except ImportError:
        return 2**62
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return 2**62 if limit == resource.RLIM_INFINITY else limit - psutil.Process().memory_info().vms


def _container_left() -> int:
    """Bytes up to the limit of the container that this runs in; very many where there is none."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit, used = ((folder / name).read_text().strip() for name in ("memory.max", "memory.current"))
        return 2**62 if limit == "max" else int(limit) - int(used)
    except (OSError, ValueError):
        return 2**62
