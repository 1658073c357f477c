"""One PSD with a layer for each person, which laid over each other show the photo again.

python examples/export_psd.py resources/samples/group.jpg layers
"""

from __future__ import annotations

import sys
from pathlib import Path

import instmatt_app as im


def main(photo: Path, folder: Path) -> Path:
    result = im.matte(photo)
    result.people[0].name = "In front"  # layers are named after people
    path = result.save_document(folder, format="psd", recomposable=True)
    print(path)
    return path


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
