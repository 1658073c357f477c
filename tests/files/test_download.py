"""Downloads from a server that misbehaves."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from misbehaving_server import serving

from instmatt_app.core.interfaces import Cancelled
from instmatt_app.files.atomic import WriteError
from instmatt_app.files.download import DownloadError, confirmation, download

CONTENT = os.urandom(1_300_000)
MEGABYTES = 1.3


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


class Heard(NamedTuple):
    steps: list[tuple[int, int]]

    def step(self, done: int, total: int, what: str) -> None:
        self.steps.append((done, total))


def fetched(target: Path, url: str, megabytes: float = MEGABYTES) -> list[tuple[int, int]]:
    heard = Heard([])
    download(url, target, megabytes, heard.step, timeout=0.3)
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target], "nothing is left beside it"
    return heard.steps


@pytest.mark.parametrize("ways", [["good"], ["slow"], ["lengthless"], ["redirect", "good"]], ids="-".join)
def test_a_file_comes_whole_with_progress(tmp_path: Path, ways: list[str]) -> None:
    with serving(CONTENT, *ways) as server:
        steps = fetched(tmp_path / "file.bin", server.url)
    done = [one for one, _ in steps]
    assert done == sorted(done)
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert len(steps) >= 5


@pytest.mark.parametrize("way", ["cut", "silent", "503"])
def test_after_a_lost_connection_it_goes_on(tmp_path: Path, way: str) -> None:
    with serving(CONTENT, way, "good") as server:
        fetched(tmp_path / "file.bin", server.url)
    (_, first), (_, second) = server.requests
    assert "Range" not in first
    assert second.get("Range") == (f"bytes={len(CONTENT) // 2}-" if way == "cut" else None)


def test_a_cancelled_download_goes_on_the_next_time(tmp_path: Path) -> None:
    def step(done: int, total: int, what: str) -> None:
        if done > len(CONTENT) // 3:
            raise Cancelled

    target = tmp_path / "file.bin"
    with serving(CONTENT) as server:
        with pytest.raises(Cancelled):
            download(server.url, target, MEGABYTES, step)
        assert not target.exists()
        steps = fetched(target, server.url)
    assert "Range" in server.requests[1][1]
    assert steps[0][0] > len(CONTENT) // 3


@pytest.mark.parametrize("way", ["rangeless", "wrong_part", "416"])
def test_where_a_range_is_refused_it_begins_anew(tmp_path: Path, way: str) -> None:
    with serving(CONTENT, "cut", way, "good") as server:
        fetched(tmp_path / "file.bin", server.url)


def test_a_file_that_changed_meanwhile_is_not_put_together_of_two(tmp_path: Path) -> None:
    with serving(bytes(len(CONTENT)), "cut", "404") as server, pytest.raises(DownloadError):
        download(server.url, tmp_path / "file.bin", MEGABYTES, Heard([]).step)
    port = server.url.split(":")[2].split("/")[0]
    with serving(CONTENT) as changed:
        changed.etag = '"two"'
        note = tmp_path / ".file.bin.part.json"
        note.write_text(note.read_text().replace(port, changed.url.split(":")[2].split("/")[0]))
        fetched(tmp_path / "file.bin", changed.url)
    assert changed.requests[0][1]["If-Range"] == '"one"'


@pytest.mark.parametrize("ways", [["confirm", "good"], ["old_confirm", "good"]], ids=["form", "link"])
def test_drives_question_is_answered(tmp_path: Path, ways: list[str]) -> None:
    with serving(CONTENT, *ways) as server:
        fetched(tmp_path / "file.bin", server.url)
    assert server.requests[1][0].startswith("/confirmed?")
    assert "id=1abc" in server.requests[1][0]
    assert "confirm=" in server.requests[1][0]


def test_only_confirmations_are_followed() -> None:
    assert confirmation("<form action='/x'><input name='password'></form><a href='/y'>y</a>", "https://a.b/c") is None
    form = "<form action='http://a.b/x'><input name='id' value='1'><input name='confirm' value='t'></form>"
    assert confirmation(form, "https://a.b/c") is None, "never out of an encrypted connection"
    assert confirmation(form, "http://a.b/c") == "http://a.b/x?id=1&confirm=t"


@pytest.mark.parametrize(
    ("way", "megabytes", "said"),
    [
        ("page", MEGABYTES, r"a page \(“Sign in & wait”\)"),
        ("disguised_page", 0, r"a page \(“Sign in & wait”\)"),
        ("quota", 0, "quota"),
        ("confirm", 0, "a page .*Virus scan warning"),
        ("403", 0, "does not give this file.*403"),
        ("404", 0, "does not have this file any more.*404"),
        ("good", 178, "1.3 MB in the place of file.bin, which has about 178 MB"),
        ("lengthless", 178, "1.3 MB in the place of file.bin"),
        ("redirect", 0, "round in circles"),
        ("503", 0, "again and again .*503"),
        ("silent", 0, "again and again"),
    ],
)
def test_what_is_not_the_file_is_explained(tmp_path: Path, way: str, megabytes: float, said: str) -> None:
    with serving(CONTENT, way) as server, pytest.raises(DownloadError, match=said):
        download(server.url, tmp_path / "file.bin", megabytes, Heard([]).step, timeout=0.1)
    assert not (tmp_path / "file.bin").exists()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        url = server.url
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 could not be reached"):
        download(url, tmp_path / "file.bin", 0, Heard([]).step)


def test_a_proxy_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(CONTENT) as proxy:
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/file.bin"))
        fetched(tmp_path / "file.bin", "http://weights.invalid/file.bin")
    assert proxy.requests[0][0] == "http://weights.invalid/file.bin"


def test_a_full_disk_is_noticed_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9 - 1000, 1000))
    with serving(CONTENT) as server, pytest.raises(DownloadError, match="needs 1 MB"):
        download(server.url, tmp_path / "file.bin", 0, Heard([]).step)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with serving(CONTENT) as server, pytest.raises((WriteError, DownloadError), match="not exist"):
        download(server.url, tmp_path / "none" / "file.bin", 0, Heard([]).step)
