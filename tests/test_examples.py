"""The examples do what they say, on a small copy of the sample photo."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from photos import GroupPhoto
from PIL import Image
from psd_tools import PSDImage
from scripts import script

EXAMPLES = Path(__file__).parent.parent / "examples"
pytestmark = pytest.mark.usefixtures("default_engine")


def example(name: str) -> ModuleType:
    return script(EXAMPLES / f"{name}.py")


@pytest.fixture
def photo(group: GroupPhoto, tmp_path: Path) -> Path:
    path = tmp_path / "photos" / "group.png"
    path.parent.mkdir()
    Image.fromarray(group.pixels).resize((280, 160)).save(path)
    return path


def levels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_all_of_them_are_tested() -> None:
    names = {path.stem for path in EXAMPLES.glob("*.py")}
    assert names == {"batch_folder", "cycle_order", "export_psd", "fix_a_mask", "matte_photo", "own_recogniser"}


def test_a_photo_is_matted(photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example("matte_photo").main(photo, tmp_path / "layers")
    written = sorted(path.name for path in (tmp_path / "layers").iterdir())
    assert written == ["00-cutout.png", "00.png", "01-cutout.png", "01.png"]
    said = capsys.readouterr().out
    assert "Person 2: " in said
    assert "after projection" in said


def test_a_mask_is_fixed(photo: Path, tmp_path: Path) -> None:
    before, after = example("fix_a_mask").main(photo, tmp_path / "layers")
    lost = before.alpha(0) - after.alpha(0)
    assert lost[-10:].mean() > 0.1
    assert lost[-10:].mean() > 10 * abs(lost[:80].mean())
    assert sorted(path.name for path in (tmp_path / "layers").iterdir()) == ["00-cutout.png", "01-cutout.png"]


def test_orders_of_the_cycle(photo: Path) -> None:
    results = example("cycle_order").main(photo)
    assert sorted(results) == [(1, 2), (2, 1)]
    assert not np.array_equal(results[1, 2].alphas, results[2, 1].alphas)


def test_a_psd_with_everybody(photo: Path, tmp_path: Path) -> None:
    path = example("export_psd").main(photo, tmp_path / "layers")
    assert [layer.name for layer in PSDImage.open(path)] == ["Background", "Person 2", "In front"]


def test_a_folder_with_a_bad_file(photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo.with_name("broken.jpg").write_bytes(b"\xff\xd8\xff no photo")
    written = example("batch_folder").main(photo.parent, tmp_path / "layers")
    assert [path.relative_to(tmp_path / "layers") for path in written] == [Path("group/00.png"), Path("group/01.png")]
    assert "broken.jpg: " in capsys.readouterr().out


def test_a_recogniser_of_ones_own(photo: Path, tmp_path: Path) -> None:
    written = example("own_recogniser").main(photo, tmp_path / "layers")
    left, right = (levels(path) for path in written)
    assert left[:, :140].mean() > 10 * left[:, 140:].mean()
    assert right[:, 140:].mean() > 10 * right[:, :140].mean()
