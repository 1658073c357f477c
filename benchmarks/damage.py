"""Damaged photos through the command line: python benchmarks/damage.py [PLACES [FORMAT …]]

A small photo in every format is cut short at so many places (200 unless told) and has a bit flipped at as many, chosen
by seed. Each format is one run of `instmatt matte` over the folder of its files, in a process whose memory is limited.
A run passes if it ends by itself with the exit code 0 or 1 and has, for every file, layers or one sentence that expects
what happened. Prints a table; the exit code is 1 if a run did not pass.
"""

import json
import resource
import subprocess
import sys
import tempfile
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from camera_files import avif, dng, heic  # noqa: E402
from photos import drawn_people  # noqa: E402

LIMIT = 8 << 30


def whole_files() -> dict[str, bytes]:
    """A photo of 96 × 64 pixels in every format."""
    picture = drawn_people(1, 64, 96)[0]
    files = {"HEIC": heic(picture), "AVIF": avif(picture), "DNG": dng(picture)}
    for kind in ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF"):
        Image.fromarray(picture).save(buffer := BytesIO(), kind)
        files[kind] = buffer.getvalue()
    return files


def damage(kind: str, whole: bytes, places: int, folder: Path) -> None:
    """Writes the damaged files, named by what was done to them."""
    rng = np.random.default_rng(zlib.crc32(kind.encode()))
    for at in rng.integers(len(whole), size=places):
        (folder / f"cut-{at}.jpg").write_bytes(whole[:at])
    for at, bit in zip(rng.integers(len(whole), size=places), rng.integers(8, size=places), strict=True):
        content = bytearray(whole)
        content[at] ^= 1 << bit
        (folder / f"flip-{at}-{bit}.jpg").write_bytes(content)


def run(folder: Path) -> tuple[int, dict]:
    """The exit code and the report of a run over the folder; an empty report if there is none."""
    report = folder / "report.json"
    command = [sys.executable, "-m", "instmatt_app.cli", "matte", str(folder / "photos"), "--box", "20,4,56,56"]
    options = ["--engine", "closed-form", "--working-size", "64", "--out", str(folder / "out"), "--report", str(report)]
    done = subprocess.run(
        [*command, *options],
        cwd=ROOT,
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT)),
    )
    return done.returncode, json.loads(report.read_text()) if report.exists() else {}


def main() -> int:
    """Print the table."""
    places = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    files = whole_files()
    passed = True
    print("| format | files | layers | sentences | unexpected | exit code | peak MiB |\n" + "|---" * 7 + "|")
    for kind in sys.argv[2:] or files:
        with tempfile.TemporaryDirectory() as name:
            photos = Path(name) / "photos"
            photos.mkdir()
            damage(kind, files[kind], places, photos)
            count = len(list(photos.iterdir()))
            code, report = run(Path(name))
        failed = [one["reason"] for one in report.get("failed", [])]
        odd = [reason for reason in failed if "unexpected" in reason or not reason.endswith(".") or "\n" in reason]
        layers = len(report.get("photos", []))
        passed &= code in (0, 1) and not odd and layers + len(failed) == count
        cells = [kind, count, layers, len(failed), len(odd), code, report.get("peak_memory_mb", "–")]
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)
        for reason in sorted(set(odd)):
            print(f"  {reason}", file=sys.stderr)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
