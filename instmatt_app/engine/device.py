"""Devices: choose one that is there, with how much precision, and what to do when its memory runs out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch


def choose_device(wanted: str) -> str:
    """The device to use: "auto" is the first CUDA device, else Apple's, else the CPU; others are checked.

    Raises:
        ValueError: it is not there; the message is a sentence.
    """
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if wanted == "auto":
        return "cuda" if cuda else "mps" if mps else "cpu"
    family, _, number = wanted.partition(":")
    there = {"cpu": True, "cuda": cuda and int(number or 0) < torch.cuda.device_count(), "mps": mps}
    if not there.get(family, False):
        raise ValueError(f"The device {wanted} is not there; use --device cpu, or instmatt doctor to see what is.")
    return wanted


def has_bfloat16() -> bool:
    """Whether this CPU computes in bfloat16; others imitate it, sixty times slower than in float32."""
    # Newer versions of torch tell; older ones are not asked for what they cannot say.
    can: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(can.get("avx512_bf16") or can.get("amx_bf16"))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a device said that its memory is used up; Apple's has no class of its own for it."""
    return isinstance(error, torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and "out of memory" in str(error).lower()
    )


def release(device: torch.device) -> None:
    """Gives back what torch holds on the device and nobody uses."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


@dataclass
class Station:
    """Where an engine computes and how many people at once at most; goes down step by step when memory runs out there.

    ``notes`` are sentences about the steps that were taken.
    """

    device: torch.device
    together: int
    notes: list[str] = field(default_factory=list)

    def step_down(self, used: int, error: BaseException) -> str:
        """What to do now that ``used`` people at once were too many: half of them, and from one person on, the CPU.

        Returns the sentence that says so; raises the error again where nothing is left to try.
        """
        if self.device.type == "cpu":
            raise error
        release(self.device)
        if used > 1:
            self.together = used // 2
            said = f"The memory of {self.device} ran out; going on with {self.together} at once."
        else:
            said = f"The memory of {self.device} ran out; going on on the CPU."
            self.device, self.together = torch.device("cpu"), 1
        self.notes.append(said)
        return said


@dataclass(frozen=True)
class Precision:
    """How numbers are rounded inside convolutions; what goes in and comes out is float32 in any case."""

    tf32: bool = False
    bfloat16: bool = False

    @property
    def name(self) -> str:
        """For keys; empty for float32 throughout."""
        return ", bfloat16" if self.bfloat16 else ", TF32" if self.tf32 else ""


# From the safest to the fastest.
PRECISIONS = (Precision(), Precision(tf32=True), Precision(bfloat16=True))
# How far alphas may be from those of float32, as published results are compared: two levels of 8 bits.
CLOSE = 2 / 255


def precision_for(device: torch.device, published: bool, deviations: Mapping[Precision, float]) -> Precision:
    """The fastest precision whose largest deviation from float32 was measured on such a device and is close enough.

    ``deviations`` are of alphas on real pictures, by precision. What was not measured is not used, nor anything but
    float32 where results are to be the published ones, on CPUs, and on Apple's devices, which have no TF32.
    """
    if published or device.type != "cuda":
        return PRECISIONS[0]
    close = [one for one in PRECISIONS[1:] if deviations.get(one, CLOSE + 1) <= CLOSE]
    return close[-1] if close else PRECISIONS[0]


# Measured deviations on CUDA devices. None was there to measure on: float32 it is.
MEASURED: Mapping[Precision, float] = {}


@contextmanager
def computing(device: torch.device, precision: Precision) -> Iterator[None]:
    """Convolutions and matrix products with this precision."""
    products = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = precision.tf32
    try:
        with (
            torch.backends.cudnn.flags(enabled=True, allow_tf32=precision.tf32),
            torch.autocast(device.type, torch.bfloat16, enabled=precision.bfloat16),
        ):
            yield
    finally:
        torch.backends.cuda.matmul.allow_tf32 = products
