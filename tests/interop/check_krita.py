"""Do our documents open in Krita as they were meant? python tests/interop/check_krita.py (needs krita and an X display)

Not part of the suite. Writes documents of drawn layers, lets Krita export each to PNG in batch mode, and compares the
picture it composes with what was written. Prints one line per format. Krita's batch mode lists no layers, so names and
places are not compared here; check_gimp.py does that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "files"), str(ROOT / "tests" / "interop")]

from check_gimp import composed  # noqa: E402
from test_documents import picture  # noqa: E402

from instmatt_app.files.layer_writer import write_document  # noqa: E402

FORMATS = {"psd": np.uint8, "psd-transparency": np.uint8, "psd16": np.uint16, "ora": np.uint8, "ora16": np.uint16}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"HOME": folder, "LC_ALL": "C.UTF-8"}
        # OpenCV, which wrote the files, points Qt to plugins of its own; and Krita knows no screen but X.
        for name in ("QT_QPA_PLATFORM", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
            environment.pop(name, None)
        for name, dtype in FORMATS.items():
            document = picture(dtype)
            path = write_document(Path(folder), name, lambda made=document: made, format=name, overwrite=False)
            target = Path(folder) / f"{name}.png"
            command = ["krita", str(path), "--export", "--export-filename", str(target)]
            try:
                subprocess.run(command, capture_output=True, timeout=90, env=environment, check=True)
                seen = np.asarray(Image.open(target).convert("RGB")).astype(float)
            except (OSError, subprocess.SubprocessError) as error:
                print(f"{name}: not opened ({error})", flush=True)
                continue
            gap = np.abs(seen - composed(document)).max() if seen.shape == document.merged.shape else float("inf")
            print(f"{name}: {seen.shape[1]} × {seen.shape[0]}, composed within {gap:.1f} levels", flush=True)


if __name__ == "__main__":
    main()
