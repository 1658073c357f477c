"""The log keeps the last of what was said, within bounds, and names nobody's folder."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from instmatt_app.files import log
from instmatt_app.files.log import NAME, last_lines, shortened, start_log


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    handler = start_log(tmp_path / "log")
    assert handler is not None
    yield tmp_path / "log"
    logging.getLogger().removeHandler(handler)
    handler.close()


def test_what_is_logged_can_be_read_again(folder: Path) -> None:
    logging.getLogger("instmatt_app.somewhere").info("begun")
    logging.getLogger("other").warning("careful")
    lines = last_lines(folder, 10)
    assert ["begun" in lines[0], "careful" in lines[1]] == [True, True]
    assert "WARNING other" in lines[1]


def test_it_stays_within_bounds_and_the_last_lines_may_lie_in_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MOST_BYTES", 1000)
    handler = start_log(tmp_path)
    assert handler is not None
    for number in range(200):
        logging.getLogger("instmatt_app").info("line %d", number)
    logging.getLogger().removeHandler(handler)
    handler.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [NAME, f"{NAME}.1", f"{NAME}.2", f"{NAME}.3"]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())
    numbers = [int(line.split()[-1]) for line in last_lines(tmp_path, 20)]
    assert numbers == list(range(180, 200))


def test_a_folder_that_cannot_be_made_is_no_reason_not_to_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert start_log(tmp_path / "file" / "log") is None
    assert last_lines(tmp_path / "nowhere", 10) == []


def test_names_of_people_are_left_out(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "ada"
    monkeypatch.setattr(Path, "home", lambda: home)
    try:
        raise ValueError(f"{home}/photos/party.jpg is broken")
    except ValueError:
        logging.getLogger("instmatt_app").exception("in %s", home)
    text = "\n".join(last_lines(folder, 50))
    assert "~/photos/party.jpg is broken" in text
    assert str(home) not in text


def test_every_way_to_write_the_folder_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: "C:\\Users\\ada")
    text = "C:\\Users\\ada\\a 'C:\\\\Users\\\\ada\\\\b' C:/Users/ada/c"
    assert shortened(text) == "~\\a '~\\\\b' ~/c"
    monkeypatch.setattr(Path, "home", lambda: "/")
    assert shortened("/a/b") == "/a/b"
