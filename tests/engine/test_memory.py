"""The memory plan: what it chooses, and that it holds where nobody would say that it did not."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from instmatt_app.engine.memory import STAGED, WHOLE, NotEnoughMemory, Plan, budget, plan

ROOT = Path(__file__).parents[2]
PLENTY = 2**40


def made(free: int, *, people: int = 4, batch: int = 1, exact: bool = False, staged: bool = True) -> Plan:
    return plan(960, 1344, people, 320, STAGED if staged else WHOLE, free, batch=batch, exact=exact)


def test_with_plenty_everything_is_kept_and_done_together() -> None:
    chosen = made(PLENTY, batch=3)
    assert (chosen.together, chosen.window, chosen.half) == (3, 512, False)
    assert chosen.room >= 4 * 960 * 1344 * 128
    assert made(PLENTY, batch=3, people=2).together == 2


def test_what_fits_less_is_given_up_step_by_step_and_no_plan_takes_more_than_there_is() -> None:
    with pytest.raises(NotEnoughMemory) as refused:
        made(0, batch=4)
    least, most = refused.value.needed, made(PLENTY, batch=4).need
    assert made(least, batch=4).need == least
    with pytest.raises(NotEnoughMemory):
        made(least - 1, batch=4)
    plans = [made(free, batch=4) for free in range(most, least, -(2**22))]
    assert all(chosen.need <= free for chosen, free in zip(plans, range(most, least, -(2**22)), strict=True))
    assert plans[0].room > plans[10].room
    # First the room goes, then people at once, then the size of windows.
    given_up = [(-chosen.window, -chosen.together) for chosen in plans]
    assert given_up == sorted(given_up)
    assert {chosen.window for chosen in plans} == {512, 256, 128}
    assert len({chosen.together for chosen in plans}) > 1


def test_whole_features_are_kept_in_half_precision_unless_the_result_is_the_published_one() -> None:
    full = made(PLENTY, staged=False)
    assert not full.half
    tight = full.need - full.room - 2**20
    assert made(tight, staged=False).half
    with pytest.raises(NotEnoughMemory, match="4 people at 1344×960 pixels takes about"):
        made(tight, staged=False, exact=True)


def test_without_refinement_no_features_are_counted() -> None:
    alone = plan(960, 1344, 4, 0, STAGED, PLENTY)
    assert alone.room == 0
    assert alone.need < made(PLENTY).need - made(PLENTY).room


def test_the_budget_is_less_than_what_is_free() -> None:
    import psutil

    assert 0 < budget(torch.device("cpu")) < psutil.virtual_memory().total


def test_a_limit_is_held_and_does_not_add_what_is_not_free() -> None:
    assert budget(torch.device("cpu"), 1000) == 1000
    assert 0 < budget(torch.device("cpu"), PLENTY) < PLENTY


CHILD = """
import resource, sys
import numpy as np, psutil, torch
sys.path.insert(0, "tests")
from instmatt_app.core.interfaces import silent
from instmatt_app.core.photo import Photo
from instmatt_app.core.refinement import Refinement
from instmatt_app.core.trimask import trimasks
from instmatt_app.engine.matting import InstMattEngine
from instmatt_app.engine.memory import SPARED, NotEnoughMemory
from instmatt_app.engine.network.instmatt import InstMatt
from photos import drawn_people

torch.set_num_threads(1)
torch.manual_seed(0)
network = InstMatt().eval()
engine = InstMattEngine(network, "test", 640, patch=128)

def asked(height, width, count):
    picture, truth = drawn_people(count, height, width)
    return Photo(picture), dict(enumerate(trimasks([(alpha > 0.5).astype(np.float32) for alpha in truth])))

# What is loaded and set up once is no part of the plan.
engine.refine(*asked(64, 64, 2), Refinement(), silent)
photo, guidance = asked(192, 256, 8)
vms = psutil.Process().memory_info().vms

def attempt(room, run):
    resource.setrlimit(resource.RLIMIT_AS, (vms + int(room), -1))
    try:
        run()
        print("done")
    except NotEnoughMemory as error:
        print(error)
        return error.needed
    except RuntimeError as error:
        print("ran out", "memory" in str(error))

def whole():
    with torch.inference_mode():
        network(torch.zeros(8, 3, 256, 320), torch.zeros(8, 3, 256, 320))

needed = attempt(0, lambda: engine.matte(photo, guidance, silent)) / (1 - SPARED)
attempt(0.9 * needed, lambda: engine.matte(photo, guidance, silent))
# The plan rounds down, and reading how much is left takes a little itself.
attempt(needed + 2**20, lambda: engine.refine(photo, guidance, Refinement(passes=1), silent))
# The limit is one that is felt: without the plan the same people at once do not fit. This comes last, because a library
# below torch may end the process where another raises.
engine._photos.clear()
attempt(needed + 2**20, whole)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds processes to a limit of their address space")
def test_the_plan_holds_under_a_limit_of_the_address_space() -> None:
    run = subprocess.run([sys.executable, "-u", "-c", CHILD], cwd=ROOT, capture_output=True, text=True, timeout=290)
    lines = run.stdout.splitlines()
    sentence = "Matting 8 people at 320×256 pixels takes about"
    said = run.stdout + run.stderr[-2000:]
    assert [line.startswith(sentence) for line in lines[:3]] == [True, True, False], said
    died = run.returncode in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS)
    assert lines[2:] == (["done"] if died else ["done", "ran out True"]), said
