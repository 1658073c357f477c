"""Kills a working window at fifty random moments: python tests/interop/check_kill.py [--times 50]

Not part of the suite, which does it three times. After each kill every project, session and exported layer must be
whole, and everything that was reported as kept must come back. Prints one line per kill, and the sum.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from killing import kill_once  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    doing: Counter[str] = Counter()
    lost, strokes = 0.0, 0
    for seed in range(parser.parse_args().times):
        # A folder of its own: what an earlier kill left must not stand in for what this one should have kept.
        with tempfile.TemporaryDirectory() as folder:
            found = kill_once(Path(folder), seed)
        doing[found.doing] += 1
        lost = max(lost, found.lost)
        strokes += found.painted
        print(
            f"{seed}: killed in {found.doing}; painted {found.painted}, kept {found.kept}, back "
            f"{found.restored}, {found.lost:.2f} s lost",
            flush=True,
        )
    print(f"all whole; {dict(doing)}; {strokes} revisions painted, at most {lost:.2f} s of strokes lost")


if __name__ == "__main__":
    main()
