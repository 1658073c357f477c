"""Do our documents open in Krita as they were meant? python tests/interop/check_krita.py (needs krita and Xvfb)

Not part of the suite. Writes documents of drawn layers, lets Krita save each as OpenRaster in batch mode, and reads
that: names, order, places, pixels, the picture it composes, the profile. Prints a line of a table per format.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import imagecodecs
import numpy as np
from PIL import Image
from reading import HEADER, Seen, SeenLayer, documents, row

# A first start fills Krita's database of brushes, which takes minutes on a busy computer; later ones take seconds.
FIRST_SECONDS, SECONDS = 600, 120


@contextmanager
def screen() -> Iterator[str]:
    """An X display of our own. It must not reset when a program leaves it, or the next one comes too early."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-noreset", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        try:
            os.close(writing)
            with os.fdopen(reading) as answer:
                yield f":{answer.readline().strip()}"
        finally:
            server.terminate()


def pixels(data: bytes) -> np.ndarray:
    """A PNG as float RGBA, 0..255."""
    samples = imagecodecs.png_decode(data)
    whole = samples / np.iinfo(samples.dtype).max * 255
    if whole.ndim == 2:
        whole = np.dstack([whole] * 3)
    if whole.shape[2] == 3:
        whole = np.dstack([whole, np.full(whole.shape[:2], 255.0)])
    return whole


def seen_by_krita(path: Path, limit: float, environment: dict[str, str]) -> Seen:
    """Raises OSError, subprocess.SubprocessError."""
    target = path.with_name(f"{path.name}.ora")
    command = ["krita", str(path), "--export", "--export-filename", str(target)]
    subprocess.run(command, capture_output=True, timeout=limit, env=environment, check=True)
    with zipfile.ZipFile(target) as archive:
        seen = Seen()
        for entry in reversed(ElementTree.fromstring(archive.read("stack.xml")).findall(".//layer")):
            place = int(entry.attrib["x"]), int(entry.attrib["y"])
            seen.layers.append(SeenLayer(entry.attrib["name"], *place, pixels(archive.read(entry.attrib["src"]))))
        merged = archive.read("mergedimage.png")
    whole = pixels(merged)
    seen.together = whole[..., :3] * whole[..., 3:] / 255
    seen.profile = Image.open(BytesIO(merged)).info.get("icc_profile")
    return seen


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        environment = os.environ | {"HOME": folder, "LC_ALL": "C.UTF-8", "DISPLAY": display}
        # OpenCV, which wrote the files, points Qt to plugins of its own; and Krita knows no screen but X.
        for name in ("QT_QPA_PLATFORM", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
            environment.pop(name, None)
        print(HEADER, flush=True)
        limit = FIRST_SECONDS
        for name, document, path in documents(Path(folder)):
            try:
                print(row(name, document, seen_by_krita(path, limit, environment)), flush=True)
            except (OSError, subprocess.SubprocessError) as error:
                print(f"| {name} | not opened ({type(error).__name__}) |", flush=True)
            limit = SECONDS


if __name__ == "__main__":
    main()
