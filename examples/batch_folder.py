"""All photos of a folder, a folder of layers for each; weights are loaded once, and bad files stop nobody.

python examples/batch_folder.py photos layers
"""

from __future__ import annotations

import sys
from pathlib import Path

from instmatt_app.api import MatteOptions, PhotoError, make_engine, make_recogniser, matte
from instmatt_app.files.photo_reader import is_photo_name


def main(photos: Path, folder: Path) -> list[Path]:
    options = MatteOptions()
    engine, finder = make_engine(options), make_recogniser(options)
    written: list[Path] = []
    for photo in sorted(one for one in photos.iterdir() if is_photo_name(one)):
        try:
            result = matte(photo, options, engine=engine, finder=finder)
        except PhotoError as error:  # it cannot be read, or nobody is in it
            print(f"{photo.name}: {error}")
            continue
        written += result.save(folder / photo.stem, layers="alpha", overwrite=True)
        print(f"{photo.name}: {len(result.people)} people in {sum(result.seconds.values()):.1f} s")
    return written


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
