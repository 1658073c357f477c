"""Where the stand-alone program starts: what `python -m instmatt_app` does, without a Python beside it."""

from __future__ import annotations

import multiprocessing
import runpy
import sys


def main() -> int:
    """Runs the window or a command, or one of the program's own modules where it starts itself by `-m`."""
    if sys.argv[1:2] == ["-m"] and len(sys.argv) > 2 and sys.argv[2].startswith("instmatt_app."):
        # As the interpreter would: sys.executable is this program, and the window compiles ahead in another process.
        module = sys.argv.pop(2)
        sys.argv.pop(1)
        runpy.run_module(module, run_name="__main__")
        return 0
    from instmatt_app.__main__ import main as run

    return run()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
