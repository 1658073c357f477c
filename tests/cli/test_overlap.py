"""Runs over several photos: three things at a time, in order, and one failing photo harms no other."""

import threading
import time
from collections.abc import Callable

import pytest

from instmatt_app.cli.overlap import overlapped
from instmatt_app.core.interfaces import Step, silent


class Work:
    """Notes what happens; ``matte`` of photo 1 waits until its neighbours are under way, if they ever are."""

    def __init__(self, large: bool = False, failing: dict[str, int] | None = None) -> None:
        self.large, self.failing = large, failing or {}
        self.began: dict[str, threading.Event] = {}
        self.log: list[str] = []

    def note(self, what: str, job: int) -> None:
        self.log.append(f"{what} {job}")
        self.began.setdefault(f"{what} {job}", threading.Event()).set()
        if self.failing.get(what) == job:
            raise ValueError(f"{what} {job}")

    def wait(self, what: str, seconds: float) -> bool:
        return self.began.setdefault(what, threading.Event()).wait(seconds)

    def read(self, job: int) -> int:
        self.note("read", job)
        return job

    def matte(self, job: int, photo: int) -> int:
        self.note("matte", job)
        if job == 1 and not self.large and not self.failing:
            assert self.wait("read 2", 20), "the next photo is not read meanwhile"
            assert self.wait("write 0", 20), "the last one is not written meanwhile"
        return photo * 10

    def write(self, job: int, made: int, step: Step) -> int:
        self.note("write", job)
        step(0, 1, "writing")
        if job == 0 and not self.large and not self.failing:
            assert self.wait("matte 1", 20), "writing ends before the next is matted"
        return made + 1

    def run(self, step: Callable[[int, int, str], None] = silent) -> list[tuple[int, int | Exception]]:
        return list(overlapped([0, 1, 2], self.read, self.matte, self.write, lambda photo: self.large, step))


def test_reading_matting_and_writing_overlap_and_answers_come_in_order() -> None:
    assert Work().run() == [(0, 1), (1, 11), (2, 21)]


@pytest.mark.parametrize("stage", ["read", "matte", "write"])
def test_a_photo_that_fails_harms_no_other(stage: str) -> None:
    work = Work(failing={stage: 0})
    (_, error), *others = work.run()
    assert str(error) == f"{stage} 0"
    assert others == [(1, 11), (2, 21)]


def test_a_large_photo_is_alone() -> None:
    work = Work(large=True)
    assert work.run() == [(0, 1), (1, 11), (2, 21)]
    assert work.log == [f"{what} {job}" for job in range(3) for what in ("read", "matte", "write")]


def test_a_run_that_is_given_up_stops_the_writer() -> None:
    writing, stopped = threading.Event(), threading.Event()

    def write(job: int, made: int, step: Step) -> int:
        writing.set()
        try:
            for _ in range(2000):
                step(0, 1, "writing")
                time.sleep(0.01)
        finally:
            stopped.set()
        return made

    def matte(job: int, photo: int) -> int:
        if job == 1:
            assert writing.wait(20)
            raise KeyboardInterrupt
        return photo

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(overlapped([0, 1], lambda job: job, matte, write, lambda photo: False, silent))
    assert stopped.is_set()
    assert time.monotonic() - started < 15
