"""kill -9 while somebody works: no file is damaged, what was kept comes back; tests/interop/check_kill.py does more."""

from pathlib import Path

import pytest
from killing import kill_once


@pytest.mark.parametrize("seed", range(3))
def test_a_window_that_is_killed_loses_nothing_that_was_kept(tmp_path: Path, seed: int) -> None:
    kill_once(tmp_path, seed)
