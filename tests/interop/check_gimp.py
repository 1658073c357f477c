"""Do our documents open in GIMP 2.10 as they were meant? python tests/interop/check_gimp.py (needs gimp-console)

Not part of the suite. Writes Photoshop documents of drawn layers, lets GIMP load each in batch mode, compares names,
order, places, masks, and the flattened picture with what was written. Prints one line per format. GIMP 2.10 reads no
layers of TIFF, and OpenRaster only with a plug-in that Debian leaves out.
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
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "files")]

from test_documents import picture  # noqa: E402

from instmatt_app.files.formats.document import LayeredPicture  # noqa: E402
from instmatt_app.files.layer_writer import write_document  # noqa: E402

FORMATS = {"psd": np.uint8, "psd-transparency": np.uint8, "psd16": np.uint16}
# 150 is GIMP's number for 8 bits in the curve of sRGB.
SCRIPT = """
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{file}" "{file}")))
       (layers (gimp-image-get-layers image)) (number (car layers)) (all (cadr layers)) (i 0))
  (while (< i number)
    (let* ((layer (aref all i)) (place (gimp-drawable-offsets layer)))
      (gimp-message (string-append "LAYER|" (car (gimp-item-get-name layer)) "|"
        (number->string (car place)) "|" (number->string (cadr place)) "|"
        (number->string (car (gimp-drawable-width layer))) "|" (number->string (car (gimp-drawable-height layer))) "|"
        (if (> (car (gimp-layer-get-mask layer)) 0) "mask" "plain"))))
    (set! i (+ i 1)))
  (if (not (= (car (gimp-image-get-precision image)) 150))
    (gimp-image-convert-precision image 150))
  (file-png-save RUN-NONINTERACTIVE image (car (gimp-image-flatten image)) "{file}.png" "x" 0 1 0 0 0 0 0))
"""


def seen_by_gimp(path: Path) -> tuple[list[list[str]], np.ndarray]:
    """The layers GIMP reports, uppermost first, and the picture it flattens them to."""
    command = ["gimp-console", "-i", "-d", "-f", "-b", SCRIPT.format(file=path), "-b", "(gimp-quit 1)"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"HOME": str(path.parent), "LC_ALL": "C.UTF-8"},
    )
    lines = (done.stdout + done.stderr).splitlines()
    layers = [line.split("LAYER|")[1].split("|") for line in lines if "LAYER|" in line]
    return layers, np.asarray(Image.open(f"{path}.png").convert("RGB")).astype(float)


def composed(document: LayeredPicture) -> np.ndarray:
    top = np.iinfo(document.merged.dtype).max
    canvas = np.zeros(document.merged.shape)
    for layer in document.layers:
        height, width = layer.alpha.shape
        area = np.s_[layer.top : layer.top + height, layer.left : layer.left + width]
        opacity = layer.alpha[..., None] / top
        canvas[area] = layer.colours / top * opacity + canvas[area] * (1 - opacity)
    return canvas * 255


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, dtype in FORMATS.items():
            document = picture(dtype)
            path = write_document(Path(folder), name, lambda made=document: made, format=name, overwrite=False)
            try:
                layers, flat = seen_by_gimp(path)
            except (OSError, subprocess.TimeoutExpired) as error:
                print(f"{name}: not opened ({error})")
                continue
            expected = [
                [one.name, str(one.left), str(one.top), str(one.alpha.shape[1]), str(one.alpha.shape[0])]
                for one in reversed(document.layers)
            ]
            same = [layer[:5] for layer in layers] == expected
            masks = sum(layer[5] == "mask" for layer in layers)
            gap = np.abs(flat - composed(document)).max()
            print(
                f"{name}: {len(layers)} layers, {masks} masks, names and places {'agree' if same else 'DIFFER'}, ",
                end="",
            )
            print(f"flattened within {gap:.1f} levels")


if __name__ == "__main__":
    main()
