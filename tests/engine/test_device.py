"""Stepping down when memory runs out, and which precision is used where; no accelerator is needed for either."""

import pytest
import torch

from instmatt_app.engine.device import Precision, Station, computing, is_out_of_memory, precision_for


def test_first_people_are_halved_then_the_cpu_is_left_and_each_step_is_said() -> None:
    station = Station(torch.device("cuda:0"), 5)
    error = torch.OutOfMemoryError("CUDA out of memory")
    assert "with 2 at once" in station.step_down(5, error)
    assert "with 1 at once" in station.step_down(2, error)
    assert station.device.type == "cuda"
    assert "on the CPU" in station.step_down(1, error)
    assert station.device.type == "cpu"
    assert len(station.notes) == 3
    with pytest.raises(torch.OutOfMemoryError):
        station.step_down(1, error)


def test_what_counts_as_running_out() -> None:
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate"))
    assert is_out_of_memory(RuntimeError("MPS backend out of memory (MPS allocated: 3 GB)"))
    assert not is_out_of_memory(RuntimeError("shapes cannot be multiplied"))
    assert not is_out_of_memory(MemoryError())


def test_precision_is_the_fastest_that_was_measured_to_be_close() -> None:
    cuda, exact, tf32, half = torch.device("cuda"), Precision(), Precision(tf32=True), Precision(bfloat16=True)
    assert precision_for(cuda, False, {}) == exact
    assert precision_for(cuda, False, {tf32: 0.001, half: 0.03}) == tf32
    assert precision_for(cuda, False, {tf32: 0.001, half: 0.004}) == half
    assert precision_for(cuda, False, {tf32: 0.01, half: 0.03}) == exact
    measured = {tf32: 0.0, half: 0.0}
    assert precision_for(cuda, True, measured) == exact
    assert precision_for(torch.device("cpu"), False, measured) == exact
    assert precision_for(torch.device("mps"), False, measured) == exact


def test_a_precision_holds_inside_and_nothing_stays_behind() -> None:
    flags = torch.backends.cudnn
    before = flags.enabled, flags.allow_tf32, torch.backends.cuda.matmul.allow_tf32
    for wanted in (False, True):
        with computing(torch.device("cpu"), Precision(tf32=wanted)):
            assert flags.enabled
            assert flags.allow_tf32 == torch.backends.cuda.matmul.allow_tf32 == wanted
    assert (flags.enabled, flags.allow_tf32, torch.backends.cuda.matmul.allow_tf32) == before
