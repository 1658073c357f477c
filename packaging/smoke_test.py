"""The stand-alone program on a system without a Python of its own: python packaging/smoke_test.py PROGRAM

Mattes the sample photo with no environment variables, an empty home and nothing on PATH, holds every file against what
the sources write (--source PYTHON, the Python of the environment that the program was built in), and opens the window
with the photo on a display of its own (Xvfb). Says how long each start took; exits with 1 where something is wrong.
"""

from __future__ import annotations

import argparse
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PHOTO = ROOT / "resources" / "samples" / "group.jpg"
DISPLAY = ":97"
# So many of the screen's pixels must not be its empty background, and stay as they are for so long.
SHOWN, SETTLED = 0.3, 90.0


def main() -> int:
    """Run the checks that the options ask for."""
    parser = argparse.ArgumentParser(description="Try the stand-alone program where there is no Python.")
    parser.add_argument("program", type=Path)
    parser.add_argument("--source", type=Path, metavar="PYTHON", help="hold the files against those of the sources")
    parser.add_argument("--window", type=Path, metavar="PNG", help="open the window, too, and write what it shows")
    given = parser.parse_args()
    program = [str(given.program.resolve())]
    right = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = matted(program, folder / "program", bare(folder / "home"))
        if given.source is not None:
            source = [str(given.source.absolute()), "-P", "-m", "instmatt_app"]
            right = same(made, matted(source, folder / "source", {**os.environ, "PYTHONPATH": str(ROOT)}))
        if given.window is not None:
            right = shown(program, given.window, bare(folder / "window"), folder) and right
    return 0 if right else 1


def bare(home: Path) -> dict[str, str]:
    """The environment of somebody who has nothing: an empty home, nothing on PATH.

    On a machine that others use, too, OMP_NUM_THREADS may say how many threads are to be used; all runs go by it.
    """
    home.mkdir()
    threads = {name: value for name, value in os.environ.items() if name == "OMP_NUM_THREADS"}
    return {"HOME": str(home), "PATH": str(home), **threads}


def matted(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Path:
    """The folder with the layers of the sample photo; raises CalledProcessError where the program failed."""
    for arguments in (["--version"], ["matte", str(PHOTO), "--out", str(folder), "--layers", "both"]):
        began, used = time.monotonic(), processor_seconds()
        subprocess.run([*command, *arguments], env=environment, check=True, cwd="/")
        spent = f"{time.monotonic() - began:.1f} s, {processor_seconds() - used:.1f} s of a processor's time"
        print(f"{folder.name}: {arguments[0]} took {spent}", flush=True)
    return folder


def processor_seconds() -> float:
    """What the processes started here took so far, which says more where a machine is shared."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files, byte for byte."""
    there = [{path.relative_to(top): path.read_bytes() for path in top.rglob("*.png")} for top in (one, other)]
    names = sorted(there[0].keys() | there[1].keys())
    different = [str(name) for name in names if there[0].get(name) != there[1].get(name)]
    print(f"{len(names)} files, " + (f"different: {', '.join(different)}" if different else "all the same"))
    return bool(names) and not different


def shown(program: Sequence[str], picture: Path, environment: dict[str, str], folder: Path) -> bool:
    """Whether the window comes and goes on running; writes what the display shows once it changes no more."""
    command = ["Xvfb", DISPLAY, "-screen", "0", "1600x900x24", "-fbdir", str(folder), "-nolisten", "tcp"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    buffer = folder / "Xvfb_screen0"
    window = None
    try:
        while not buffer.exists() or not buffer.stat().st_size:
            time.sleep(0.1)
        began = time.monotonic()
        window = subprocess.Popen([*program, str(PHOTO)], env={**environment, "DISPLAY": DISPLAY}, cwd="/")
        first = changed = None
        last = b""
        while window.poll() is None and time.monotonic() - began < 420:
            now = buffer.read_bytes()
            if now != last:
                last, changed = now, time.monotonic()
                if first is None and sum(map(any, pixels(now)[2][::50])) > SHOWN * len(pixels(now)[2][::50]):
                    first = time.monotonic() - began
                    print(f"window: first seen after {first:.1f} s", flush=True)
            elif first is not None and changed is not None and time.monotonic() - changed > SETTLED:
                break
            time.sleep(0.1)
        write_png(picture, last)
        if window.poll() is not None:
            print(f"window: ended by itself with {window.poll()}")
        return first is not None and window.poll() is None
    finally:
        for process in (window, server):
            if process is not None:
                process.terminate()
                process.wait()


def pixels(dump: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height, and the RGB pixels of a window dump with 32 bits a pixel."""
    header, _, _, _, width, height = struct.unpack(">6I", dump[:24])
    colours = struct.unpack(">I", dump[76:80])[0]
    body = dump[header + 12 * colours :][: 4 * width * height]
    return width, height, [body[at : at + 3][::-1] for at in range(0, len(body), 4)]


def write_png(path: Path, dump: bytes) -> None:
    """Write a window dump as PNG."""
    width, height, colours = pixels(dump)
    rows = b"".join(b"\0" + b"".join(colours[y * width : (y + 1) * width]) for y in range(height))
    chunks = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


if __name__ == "__main__":
    sys.exit(main())
