"""What counts as a benchmark on disk."""

from pathlib import Path

import pytest

from instmatt_app.evaluation.folders import BenchmarkError, alpha_files, find_tags, people_folders, read_tags


def test_cutouts_and_hidden_files_are_no_alphas(tmp_path: Path) -> None:
    for name in ("01.png", "00.png", "00-cutout.png", "._00.png", "note.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in alpha_files(tmp_path)] == ["00.png", "01.png"]


def test_masks_and_alphas_of_one_root(tmp_path: Path) -> None:
    for plane in ("masks", "alphas"):
        (tmp_path / plane / "comp" / "a").mkdir(parents=True)
        assert people_folders(tmp_path, plane) == {"a": tmp_path / plane / "comp" / "a"}
    with pytest.raises(BenchmarkError, match="no folder of a photo"):
        people_folders(tmp_path / "alphas" / "comp" / "a")


def test_tags_are_found_above_and_checked(tmp_path: Path) -> None:
    inside = tmp_path / "alphas" / "comp"
    inside.mkdir(parents=True)
    tags = tmp_path / "tags.json"
    tags.write_text('{"a": ["close"]}')
    assert find_tags(inside) == find_tags(tmp_path) == tags
    assert read_tags(tags) == {"a": ["close"]}
    for broken in ("[]", '{"a": "close"}', "{"):
        tags.write_text(broken)
        with pytest.raises(BenchmarkError, match=r"tags\.json"):
            read_tags(tags)
