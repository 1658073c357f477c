"""Devices: choose one that is there."""

from __future__ import annotations

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
