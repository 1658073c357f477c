"""Do our documents open in GIMP 2.10 as they were meant? python tests/interop/check_gimp.py (needs gimp-console)

Not part of the suite. Writes documents of drawn layers, lets GIMP load all of them in one batch, and reads what it says
and saves: names, order, places, pixels and masks of the layers, the flattened picture, the profile. Prints a line of a
table per format. GIMP 2.10 reads no layers of TIFF, and OpenRaster only with a plug-in that Debian leaves out.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from reading import HEADER, Seen, SeenLayer, documents, row

# One start for all files, because a start takes longest.
SECONDS = 600
# 150 is GIMP's number for 8 bits in the curve of sRGB. The layers are saved before they are flattened.
SCRIPT = """
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{file}" "{file}"))))
  (if (not (= (car (gimp-image-get-precision image)) 150)) (gimp-image-convert-precision image 150))
  (let* ((layers (gimp-image-get-layers image)) (number (car layers)) (all (cadr layers)) (i 0))
    (while (< i number)
      (let* ((layer (aref all i)) (place (gimp-drawable-offsets layer)) (mask (car (gimp-layer-get-mask layer)))
             (saved (string-append "{file}." (number->string i))))
        (gimp-message (string-append "LAYER|{name}|" (car (gimp-item-get-name layer)) "|"
          (number->string (car place)) "|" (number->string (cadr place))))
        (file-png-save RUN-NONINTERACTIVE image layer (string-append saved ".png") "x" 0 1 0 0 0 0 0)
        (if (> mask 0)
          (file-png-save RUN-NONINTERACTIVE image mask (string-append saved ".mask.png") "x" 0 1 0 0 0 0 0)))
      (set! i (+ i 1)))
    (file-png-save RUN-NONINTERACTIVE image (car (gimp-image-flatten image)) "{file}.flat.png" "x" 0 1 0 0 0 0 0)))
"""


def loaded(files: dict[str, Path], home: Path) -> str:
    """What GIMP said while it loaded these files and saved what it has."""
    batch = [part for name, path in files.items() for part in ("-b", SCRIPT.format(file=path, name=name))]
    done = subprocess.run(
        ["gimp-console", "-i", "-d", "-f", *batch, "-b", "(gimp-quit 1)"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=os.environ | {"HOME": str(home), "LC_ALL": "C.UTF-8"},
    )
    return done.stdout + done.stderr


def seen_by_gimp(name: str, path: Path, said: str) -> Seen:
    """What GIMP said and saved of one file. Raises OSError where it saved nothing."""
    seen = Seen()
    lines = [line.split("LAYER|")[1].split("|") for line in said.splitlines() if f"LAYER|{name}|" in line]
    for number, (_, layer, left, top) in enumerate(lines):
        rgba = np.asarray(Image.open(f"{path}.{number}.png").convert("RGBA")).astype(float)
        mask = Path(f"{path}.{number}.mask.png")
        if mask.exists():
            # Masks are linear in GIMP, and PNG is saved in the curve of sRGB: back, within two levels.
            rgba[..., 3] = _linear(np.asarray(Image.open(mask).convert("L")) / 255) * 255
        seen.layers.insert(0, SeenLayer(layer, int(left), int(top), rgba))
    with Image.open(f"{path}.flat.png") as flat:
        seen.together = np.asarray(flat.convert("RGB")).astype(float)
        seen.profile = flat.info.get("icc_profile")
    return seen


def _linear(encoded: np.ndarray) -> np.ndarray:
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        written = {name: (document, path) for name, document, path in documents(Path(folder))}
        said = loaded({name: path for name, (_, path) in written.items()}, Path(folder))
        print(HEADER)
        for name, (document, path) in written.items():
            try:
                print(row(name, document, seen_by_gimp(name, path, said)), flush=True)
            except OSError:
                print(f"| {name} | not opened |", flush=True)


if __name__ == "__main__":
    main()
