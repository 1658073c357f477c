"""Files are written whole or not at all."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from instmatt_app.files import atomic
from instmatt_app.files.atomic import WriteError, sweep_leftovers, write_beside, write_error


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_bytes_and_functions_are_written(tmp_path: Path) -> None:
    write_beside(tmp_path / "a", b"one", overwrite=False)
    write_beside(tmp_path / "b", lambda path: path.write_bytes(b"two") and None, overwrite=False)
    assert [(tmp_path / name).read_bytes() for name in names(tmp_path)] == [b"one", b"two"]


def test_overwriting_only_when_allowed(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(FileExistsError, match=r"“a” exists already"):
        write_beside(target, b"new", overwrite=False)
    assert target.read_bytes() == b"old"
    write_beside(target, b"new", overwrite=True)
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    target = tmp_path / "a"

    def write(path: Path) -> None:
        path.write_bytes(b"mine")
        target.write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        write_beside(target, write, overwrite=False)
    assert target.read_bytes() == b"theirs"
    assert names(tmp_path) == ["a"]


def _no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "no links here")


def test_disks_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _no_links)
    write_beside(tmp_path / "a", b"one", overwrite=False)
    assert (tmp_path / "a").read_bytes() == b"one"
    assert names(tmp_path) == ["a"]


def test_a_failed_swap_leaves_no_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _no_links)

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(WriteError, match="broken disk"):
        write_beside(tmp_path / "a", b"one", overwrite=False)
    assert names(tmp_path) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_leaves_everything_as_it_was(tmp_path: Path, interruption: type[BaseException]) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")

    def write(path: Path) -> None:
        path.write_bytes(b"half")
        raise interruption

    with pytest.raises(interruption):
        write_beside(target, write, overwrite=True)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        with Path("/dev/full").open("wb") as full:
            full.write(b"x")

    with pytest.raises(WriteError, match="The disk is full, so “a” was not written") as caught:
        write_beside(tmp_path / "a", write, overwrite=False)
    assert caught.value.errno == errno.ENOSPC
    assert names(tmp_path) == []


def test_a_disk_that_fills_up_at_the_last_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(WriteError, match="disk is full"):
        write_beside(tmp_path / "a", b"new", overwrite=True)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_folders_that_cannot_take_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError, match="not a folder"):
        write_beside(tmp_path / "file" / "a", b"x", overwrite=False)
    with pytest.raises(WriteError, match="does not exist"):
        write_beside(tmp_path / "missing" / "a", b"x", overwrite=False)
    with pytest.raises(WriteError):
        write_beside(tmp_path / "folder", b"x", overwrite=True)
    with pytest.raises(WriteError, match="too long"):
        write_beside(tmp_path / ("n" * 300), b"x", overwrite=True)
    assert names(tmp_path) == ["file", "folder"]


def test_the_longest_name_a_disk_takes(tmp_path: Path) -> None:
    write_beside(tmp_path / ("n" * 255), b"x", overwrite=False)
    assert len(names(tmp_path)) == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.ENOTDIR])
def test_every_answer_becomes_one_sentence(code: int) -> None:
    error = write_error(Path("there/a.png"), OSError(code, os.strerror(code)))
    assert error.errno == code
    assert str(error).endswith(".")
    assert "Errno" not in str(error)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with users")
def test_a_folder_of_somebody_else(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    if os.geteuid() != 0:
        with pytest.raises(WriteError, match="may not be written"):
            write_beside(folder / "a", b"x", overwrite=False)
        return
    # The superuser may write everywhere, so a process without privileges tries, from inside the folder.
    code = (
        "import os, sys; from pathlib import Path; from instmatt_app.files.atomic import WriteError, write_beside\n"
        "os.chdir(sys.argv[1]); os.setuid(65534)\n"
        "try: write_beside(Path('a'), b'x', False)\n"
        "except WriteError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert "may not be written" in done.stdout


def left(folder: Path, name: str, seconds: float = 3600) -> Path:
    path = folder / name
    path.write_bytes(b"half")
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_what_a_killed_run_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    ours = left(tmp_path, ".0123456789abcdef.part")
    left(tmp_path, ".00000000000000aa.part", seconds=5)
    for name in ("0123456789abcdef.part", ".photo.jpg.part", ".0123456789ABCDEF.part", "a.png"):
        left(tmp_path, name)
    (tmp_path / ".00000000000000bb.part").mkdir()
    (tmp_path / ".00000000000000cc.part").symlink_to(left(tmp_path, "theirs"))
    before = set(tmp_path.iterdir())
    assert sweep_leftovers(tmp_path) == [ours]
    assert before - set(tmp_path.iterdir()) == {ours}
    assert sweep_leftovers(tmp_path / "missing") == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps open files itself")
def test_a_file_that_is_being_written_is_not_swept(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from instmatt_app.files.atomic import write_beside\n"
        "def write(path):\n"
        "    path.write_bytes(b'half'); os.utime(path, (0, 0)); print('half', flush=True); sys.stdin.read()\n"
        "write_beside(Path(sys.argv[1]) / 'a', write, False)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    for killed in (True, False):
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"half\n"
            (half,) = [path for path in tmp_path.iterdir() if path.suffix == ".part"]
            assert sweep_leftovers(tmp_path) == []
            if killed:
                writer.kill()
        assert sweep_leftovers(tmp_path) == ([half] if killed else [])
    assert names(tmp_path) == ["a"]
