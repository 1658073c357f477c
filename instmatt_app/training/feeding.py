"""Feeding: samples made ahead by worker processes, in an order that depends on nothing but the step."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from typing import Any, Protocol

import cv2
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from instmatt_app.training.composition.archive import DataError


class Data(Protocol):
    """Where samples come from. Lives in worker processes, too: it must not hold open files or the network."""

    def sample(self, step: int, position: int) -> Any:
        """One sample; whatever is drawn at random for it is drawn from (seed, step, position) alone."""

    def collate(self, samples: list[Any]) -> Any:
        """A batch: tensors, or dicts, lists and tuples of them."""


class SampleError(ValueError):
    """A sample that could not be made because of the data; the message is one sentence."""


class _Places(Dataset[Any]):
    """A dataset whose index says which place of which step."""

    def __init__(self, data: Data) -> None:
        self._data = data

    def __getitem__(self, place: tuple[int, int]) -> Any:
        # From a worker an error would arrive as a traceback; what is wrong with the data is a sentence.
        try:
            return self._data.sample(*place)
        except DataError as error:
            return SampleError(str(error))

    def collate(self, samples: list[Any]) -> Any:
        """The data's batch, or the first error among the samples."""
        wrong = next((sample for sample in samples if isinstance(sample, SampleError)), None)
        return self._data.collate(samples) if wrong is None else wrong


class _Steps(Sampler[list[tuple[int, int]]]):
    """The places of this process's share of every step's batch."""

    def __init__(self, first: int, last: int, batch: int, rank: int) -> None:
        self._steps = range(first, last)
        self._positions = range(rank * batch, (rank + 1) * batch)

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        for step in self._steps:
            yield [(step, position) for position in self._positions]


def batches(
    data: Data, first: int, last: int, batch: int, rank: int = 0, workers: int = 0, pin: bool = False
) -> Iterator[Any]:
    """The batches of the steps from `first` to before `last`, `batch` samples for each process.

    The batches are the same for any number of workers; with 0 they are made in this process when they are asked for.
    Raises SampleError where data turn out to be bad.
    """
    # A fork takes over what is loaded, where there is such a thing; OpenCV's own threads would not survive it.
    cv2.setNumThreads(1)
    context = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    places = _Places(data)
    loader = DataLoader(
        places,
        batch_sampler=_Steps(first, last, batch, rank),
        collate_fn=places.collate,
        num_workers=workers,
        worker_init_fn=_begin_work,
        multiprocessing_context=context if workers else None,
        # A generator of its own: the loader draws from it, and the process's must not depend on how often it began.
        generator=torch.Generator(),
        pin_memory=pin,
    )
    for made in loader:
        if isinstance(made, SampleError):
            raise made
        yield made


def _begin_work(_: int) -> None:
    # Ctrl-C reaches every process of a terminal; the main one finishes its step and then ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    cv2.setNumThreads(1)


def moved(batch: Any, device: str, channels_last: bool) -> Any:
    """The batch with its tensors on the device."""
    if isinstance(batch, Tensor):
        if channels_last and batch.ndim == 4:
            return batch.to(device, non_blocking=True, memory_format=torch.channels_last)
        return batch.to(device, non_blocking=True)
    if isinstance(batch, dict):
        return {key: moved(value, device, channels_last) for key, value in batch.items()}
    if isinstance(batch, list | tuple):
        return type(batch)(moved(value, device, channels_last) for value in batch)
    return batch
