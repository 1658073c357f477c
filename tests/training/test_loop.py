"""The trainer: a run that is stopped and resumed is the run that was not, and nothing is lost on the way."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from training.toy import Notes, ToyData, ToyTask

from instmatt_app.engine.weights import read_state
from instmatt_app.training.checkpoint import BEST, LAST, RunError, export, read_checkpoint, write_checkpoint
from instmatt_app.training.composition.archive import DataError
from instmatt_app.training.feeding import SampleError, batches
from instmatt_app.training.loop import Trainer
from instmatt_app.training.processes import Team
from instmatt_app.training.run import Outcome, Plan
from instmatt_app.training.scalars import Table
from instmatt_app.training.schedule import Clipping, learning_rate

PLAN = Plan(
    steps=30, batch=4, lr=0.01, min_lr=1e-4, warmup=5, average=0.9, workers=0, seed=3, log_every=7, validate_every=8
)
# Worker processes are forks; the test process has threads.
FORKS = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def trained(
    folder: Path, plan: Plan = PLAN, resume: bool = False, minutes: float | None = None, **toy: Any
) -> tuple[Outcome, Notes]:
    notes = Notes()
    outcome = Trainer(ToyTask(**toy), plan, folder, Team(), notes).run(resume, minutes)
    return outcome, notes


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [{k: v for k, v in row.items() if "seconds" not in k} for row in csv.DictReader(file)]


def assert_same(one: Any, other: Any, where: str = "") -> None:
    """Equal to the last bit, through containers."""
    if isinstance(one, Tensor):
        assert torch.equal(one, other), where
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            if "seconds" not in str(key):
                assert_same(one[key], other[key], f"{where}/{key}")
    elif isinstance(one, list | tuple):
        for number, (first, second) in enumerate(zip(one, other, strict=True)):
            assert_same(first, second, f"{where}/{number}")
    else:
        assert one == other, where


def test_the_rate_warms_up_and_falls_along_a_cosine() -> None:
    rates = [learning_rate(step, 1e-3, 1e-5, 10, 90) for step in range(101)]
    assert rates[0] == pytest.approx(1e-4)
    assert rates[9] == pytest.approx(1e-3)
    assert rates[10] == pytest.approx(1e-3)
    assert rates[55] == pytest.approx((1e-3 + 1e-5) / 2)
    assert rates[100] == pytest.approx(1e-5)
    assert learning_rate(500, 1e-3, 1e-5, 10, 90) == pytest.approx(1e-5)


def test_gradients_are_cut_to_twice_their_average_length() -> None:
    clipping = Clipping()
    parameter = torch.nn.Parameter(torch.zeros(4))
    lengths = []
    for length in (8.0, 100.0, 10.0):
        parameter.grad = torch.full((4,), length / 2)
        norm = clipping.clip([parameter])
        clipping.remember(float(norm))
        lengths.append(float(parameter.grad.norm()))
    assert lengths == pytest.approx([8.0, 16.0, 10.0], rel=1e-5)
    assert clipping.average == pytest.approx(0.999 * (0.999 * 8 + 0.001 * 100) + 0.001 * 10)


def test_a_run_learns_and_leaves_scalars_and_both_checkpoints(tmp_path: Path) -> None:
    outcome, notes = trained(tmp_path)
    assert outcome == Outcome("done", 30)
    scores = [float(row["score"]) for row in rows(tmp_path / "validation.csv")]
    assert len(scores) == 4
    assert scores[-1] < 0.7 * scores[0]
    assert [row["step"] for row in rows(tmp_path / "training.csv")] == ["7", "14", "21", "28", "30"]
    best = read_checkpoint(tmp_path / BEST)
    assert best["score"] == pytest.approx(min(scores), rel=1e-5)
    assert [report.step for report in notes.reports] == [7, 14, 21, 28, 30]
    assert notes.reports[-1].left_seconds == 0


def test_the_process_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smallest, before = torch.tensor(1e-40), torch.get_num_threads()
    seen: list[tuple[int, bool]] = []
    monkeypatch.setattr(
        ToyTask, "training_mode", lambda task: seen.append((torch.get_num_threads(), bool(smallest * 1 > 0)))
    )
    trained(tmp_path, replace(PLAN, steps=1, threads=before + 1))
    assert seen[-1] == (before + 1, False)
    assert torch.get_num_threads() == before
    assert bool(smallest * 1 > 0)


@pytest.mark.parametrize("stops", [(1,), (8, 9), (13, 29)])
def test_a_stopped_and_resumed_run_is_the_uninterrupted_one_to_the_last_bit(
    tmp_path: Path, stops: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(tmp_path / "whole")
    for number, stop in enumerate(stops):
        with monkeypatch.context() as patch:
            ask_to_end_after(stop, patch)
            outcome, _ = trained(tmp_path / "parts", resume=number > 0)
        assert outcome == Outcome("interrupted", stop)
    # Whatever else went on in the process meanwhile must not matter.
    torch.rand(7)
    outcome, _ = trained(tmp_path / "parts", resume=True)
    assert outcome == Outcome("done", 30)
    for name in (LAST, BEST):
        assert_same(read_checkpoint(tmp_path / "whole" / name), read_checkpoint(tmp_path / "parts" / name))
    for name in ("training.csv", "validation.csv"):
        assert rows(tmp_path / "whole" / name) == rows(tmp_path / "parts" / name)


def ask_to_end_after(step: int, patch: pytest.MonkeyPatch) -> None:
    """The process asks itself to end while this step (from 1) is being made."""
    loss = ToyTask.loss

    def asking(self: ToyTask, batch: Any, number: int) -> Any:
        if number == step - 1:
            os.kill(os.getpid(), signal.SIGTERM)
        return loss(self, batch, number)

    patch.setattr(ToyTask, "loss", asking)


def test_after_a_crash_the_run_goes_on_from_its_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(PLAN, checkpoint_minutes=0.0)
    trained(tmp_path / "whole", plan)
    loss = ToyTask.loss

    def crashing(self: ToyTask, batch: Any, step: int) -> Any:
        if step == 17:
            raise MemoryError
        return loss(self, batch, step)

    with monkeypatch.context() as patch:
        patch.setattr(ToyTask, "loss", crashing)
        with pytest.raises(MemoryError):
            trained(tmp_path / "parts", plan)
    assert read_checkpoint(tmp_path / "parts" / LAST)["step"] == 17
    trained(tmp_path / "parts", plan, resume=True)
    assert_same(read_checkpoint(tmp_path / "whole" / LAST), read_checkpoint(tmp_path / "parts" / LAST))


def test_the_handlers_of_signals_are_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGTERM)
    ask_to_end_after(2, monkeypatch)
    trained(tmp_path)
    assert signal.getsignal(signal.SIGTERM) is before


@FORKS
def test_batches_do_not_depend_on_the_number_of_workers() -> None:
    whole = [list(batches(ToyData(5), 0, 6, 4, workers=workers)) for workers in (0, 1, 2)]
    assert_same(whole[0], whole[1])
    assert_same(whole[0], whole[2])
    later = list(batches(ToyData(5), 4, 6, 4, workers=2))
    assert_same(whole[0][4:], later)


def test_processes_share_a_batch_without_gaps_or_repeats() -> None:
    whole = next(batches(ToyData(5), 3, 4, 4))
    halves = [next(batches(ToyData(5), 3, 4, 2, rank=rank)) for rank in (0, 1)]
    assert torch.equal(whole["noisy"], torch.cat([half["noisy"] for half in halves]))


@FORKS
@pytest.mark.parametrize("workers", [0, 1])
def test_bad_data_end_the_run_with_their_sentence_and_a_checkpoint(
    tmp_path: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = ToyData.sample

    def failing(self: ToyData, step: int, position: int) -> dict[str, Tensor]:
        if (step, position) == (5, 2):
            raise DataError("“12.jpg” is not a picture that can be read.")
        return sample(self, step, position)

    monkeypatch.setattr(ToyData, "sample", failing)
    with pytest.raises(SampleError, match=r"^“12\.jpg” is not a picture that can be read\.$"):
        trained(tmp_path, replace(PLAN, workers=workers))
    assert read_checkpoint(tmp_path / LAST)["step"] == 5


def test_a_time_budget_stops_and_every_run_makes_at_least_a_step(tmp_path: Path) -> None:
    outcome, _ = trained(tmp_path, minutes=0.0)
    assert outcome == Outcome("time", 1)
    for _ in range(100):
        outcome, _ = trained(tmp_path, resume=True, minutes=0.0)
        if outcome.reason == "done":
            break
    assert outcome == Outcome("done", 30)
    trained(tmp_path / "whole")
    for name in (LAST, BEST):
        assert_same(read_checkpoint(tmp_path / name), read_checkpoint(tmp_path / "whole" / name))


def test_a_folder_with_a_run_is_not_trained_over(tmp_path: Path) -> None:
    trained(tmp_path, minutes=0.0)
    with pytest.raises(RunError, match="--resume"):
        trained(tmp_path)
    with pytest.raises(RunError, match="another network"):
        trained(tmp_path, resume=True, plain=True)
    other = ToyTask()
    other.name = "other"
    with pytest.raises(RunError, match="toy, not of other"):
        Trainer(other, PLAN, tmp_path, Team(), Notes()).run(resume=True)


def test_useless_gradients_change_nothing_and_end_the_run_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss = ToyTask.loss

    def broken(self: ToyTask, batch: Any, step: int) -> Any:
        total, parts = loss(self, batch, step)
        return total * float("nan"), parts

    monkeypatch.setattr(ToyTask, "loss", broken)
    task = ToyTask(plain=True)
    before = {key: value.clone() for key, value in task.module.state_dict().items()}
    with pytest.raises(RunError, match="lower the rate"):
        Trainer(task, PLAN, tmp_path, Team(), Notes()).run()
    assert_same(before, dict(task.module.state_dict()))


def test_exported_weights_are_the_averaged_ones_in_half_precision(tmp_path: Path) -> None:
    trained(tmp_path)
    content = read_checkpoint(tmp_path / LAST)
    size = export(tmp_path / LAST, tmp_path / "toy.safetensors", overwrite=False)
    assert (tmp_path / "toy.safetensors").stat().st_size == size
    weights = read_state(tmp_path / "toy.safetensors")
    averaged = content["average"]["state"]
    assert weights.keys() == averaged.keys()
    for key, value in weights.items():
        torch.testing.assert_close(value, averaged[key].float() if value.is_floating_point() else averaged[key],
                                   atol=1e-3, rtol=1e-3)  # fmt: skip
    assert not torch.equal(averaged["0.weight"], content["state_dict"]["0.weight"])
    with pytest.raises(FileExistsError):
        export(tmp_path / LAST, tmp_path / "toy.safetensors", overwrite=False)
    with pytest.raises(RunError, match="safetensors"):
        export(tmp_path / LAST, tmp_path / "toy.bin", overwrite=True)


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pt"
    with pytest.raises(RunError, match="no checkpoint"):
        read_checkpoint(bad)
    bad.write_bytes(b"not a checkpoint")
    with pytest.raises(RunError, match="damaged"):
        read_checkpoint(bad)
    torch.save({"format": 99}, bad)
    with pytest.raises(RunError, match="version"):
        read_checkpoint(bad)
    write_checkpoint(bad, {"step": 1})
    assert read_checkpoint(bad)["step"] == 1


def test_a_table_drops_torn_and_later_rows_and_takes_new_columns(tmp_path: Path) -> None:
    path = tmp_path / "training.csv"
    table = Table(path, 0)
    table.add({"step": 1, "loss": 0.5})
    table.add({"step": 2, "loss": 0.25})
    with path.open("a") as file:
        file.write("3")
    table = Table(path, 1)
    table.add({"step": 2, "loss": 0.125, "gradient": 3.0})
    assert path.read_text().split() == ["step,loss,gradient", "1,0.5,", "2,0.125,3"]


TWO_PROCESSES = """
import sys, torch
from dataclasses import replace
from pathlib import Path
sys.path[:0] = {paths!r}
from training.test_loop import PLAN
from training.toy import Notes, ToyTask
from instmatt_app.training.loop import Trainer
from instmatt_app.training.processes import team
torch.set_num_threads(1)
with team("cpu") as members:
    Trainer(ToyTask(plain=True), replace(PLAN, batch=2), Path({folder!r}), members, Notes()).run()
"""


def test_two_processes_train_as_one_with_the_whole_batch(tmp_path: Path) -> None:
    trained(tmp_path / "one", plain=True)
    root = Path(__file__).parent.parent
    script = tmp_path / "two.py"
    paths = [str(root.parent), str(root)]
    script.write_text(TWO_PROCESSES.format(paths=paths, folder=str(tmp_path / "two")))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(script)]
    subprocess.run(command, check=True, capture_output=True, timeout=240, env={**os.environ, "OMP_NUM_THREADS": "1"})
    one, two = (read_checkpoint(tmp_path / name / LAST) for name in ("one", "two"))
    for key, value in one["state_dict"].items():
        torch.testing.assert_close(two["state_dict"][key], value, atol=1e-5, rtol=1e-4)
