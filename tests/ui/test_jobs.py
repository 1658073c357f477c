import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from instmatt_app.core.interfaces import Step
from instmatt_app.ui.jobs import Job, Lane


@pytest.fixture
def lane(qapp: object) -> Iterator[Lane]:
    made = Lane("test")
    yield made
    made.close()


def test_results_progress_and_order(lane: Lane, qtbot: QtBot) -> None:
    seen: list[object] = []
    lane.progressed.connect(lambda job, done, total, what: seen.append((job.name, done, total, what)))
    lane.finished.connect(lambda job, result: seen.append((job.name, result)))

    def work(step: Step) -> int:
        step(1, 2, "half")
        return 42

    lane.submit(Job("a", work))
    lane.submit(Job("b", lambda step: 7))
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen == [("a", 1, 2, "half"), ("a", 42), ("b", 7)]


def test_signals_arrive_on_the_thread_of_the_window(lane: Lane, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []
    lane.finished.connect(lambda job, result: threads.extend([result, threading.current_thread()]))
    lane.submit(Job("a", lambda step: threading.current_thread()))
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] is not threads[1]
    assert threads[1] is threading.main_thread()


def test_a_failure_is_reported_and_the_lane_goes_on(lane: Lane, qtbot: QtBot) -> None:
    def fail(step: Step) -> None:
        raise ValueError("no")

    with qtbot.waitSignal(lane.failed) as failed:
        lane.submit(Job("a", fail))
    assert str(failed.args[1]) == "no"
    with qtbot.waitSignal(lane.finished):
        lane.submit(Job("b", lambda step: None))


def test_stopping_reaches_the_running_job_and_those_that_wait(lane: Lane, qtbot: QtBot) -> None:
    begun = threading.Event()
    cancelled: list[str] = []
    lane.cancelled.connect(lambda job: cancelled.append(job.name))

    def endless(step: Step) -> None:
        while True:
            begun.set()
            step(0, 1, "on and on")

    lane.submit(Job("a", endless))
    lane.submit(Job("b", lambda step: None))
    begun.wait(5)
    lane.stop_all()
    qtbot.waitUntil(lambda: cancelled == ["a", "b"])
    qtbot.waitUntil(lambda: not lane.is_busy)
