"""Everybody in a photo, found and matted by the two small networks that come with the program.

python examples/matte_photo.py resources/samples/group.jpg layers
"""

from __future__ import annotations

import sys
from pathlib import Path

import instmatt_app as im


def main(photo: Path, folder: Path) -> None:
    result = im.matte(photo, recogniser="builtin", model="instmatt-lite")
    for number, person in enumerate(result.people):
        alpha = result.alpha(number)  # float32 (H, W), 0..1, at the photo's size
        print(f"{person.name}: {alpha.mean():.1%} of the photo, found with score {person.score:.2f}")
    # People and background add up to one everywhere; error says by how much they did not before they were made to.
    print(result.error)
    for path in result.save(folder, layers="both"):
        print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
