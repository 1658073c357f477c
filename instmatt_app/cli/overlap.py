"""Runs over several photos: while one is matted, the next is read and the last is written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from instmatt_app.core.interfaces import Cancelled, Step

Job = TypeVar("Job")
Read = TypeVar("Read")
Made = TypeVar("Made")
Report = TypeVar("Report")


def overlapped(
    jobs: Sequence[Job],
    read: Callable[[Job], Read],
    matte: Callable[[Job, Read], Made],
    write: Callable[[Job, Made, Step], Report],
    is_large: Callable[[Read], bool],
    step: Step,
) -> Iterator[tuple[Job, Report | Exception]]:
    """Every job with what ``write`` returned, or with the error that ended it; in order.

    ``matte`` runs in the caller's thread. ``read`` and ``write`` have a thread each, so that up to three photos are in
    memory; while one that ``is_large`` is worked on, the next is not read, and matted only when it is written. ``step``
    is what the writer reports to when nothing else is under way. A run that is given up stops the writer.
    """
    given_up = threading.Event()
    reader, writer = ThreadPoolExecutor(1, "read"), ThreadPoolExecutor(1, "write")
    coming: Future[Read] | None = None
    leaving: tuple[Job, Future[Report | Exception]] | None = None

    def alive(done: int, total: int, what: str) -> None:
        if given_up.is_set():
            raise Cancelled

    def alive_and_said(done: int, total: int, what: str) -> None:
        alive(done, total, what)
        step(done, total, what)

    def written(job: Job, made: Made, step: Step) -> Report | Exception:
        try:
            return write(job, made, step)
        except Exception as error:
            return error

    try:
        for number, job in enumerate(jobs):
            is_last = number == len(jobs) - 1
            current = coming or reader.submit(read, job)
            coming = None
            try:
                photo = current.result()
                # A future keeps its result as long as it is kept.
                del current
                alone = is_large(photo)
                if not is_last and not alone:
                    coming = reader.submit(read, jobs[number + 1])
                made = matte(job, photo)
                del photo
            except Exception as error:
                if leaving is not None:
                    yield leaving[0], leaving[1].result()
                    leaving = None
                yield job, error
                continue
            if leaving is not None:
                yield leaving[0], leaving[1].result()
            leaving = job, writer.submit(written, job, made, alive_and_said if is_last or alone else alive)
            del made
            if alone:
                yield leaving[0], leaving[1].result()
                leaving = None
        if leaving is not None:
            yield leaving[0], leaving[1].result()
    finally:
        given_up.set()
        reader.shutdown(cancel_futures=True)
        writer.shutdown(cancel_futures=True)
