"""Sessions: what is kept while somebody works, that it costs what changed, and who may take it up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from files.projects import full_project, mattes_of, photo_file, seen

from instmatt_app.core.planes import TilePlane
from instmatt_app.files.atomic import WriteError
from instmatt_app.files.locks import lock_for
from instmatt_app.files.project_parts import ProjectError
from instmatt_app.files.sessions import Session, left_sessions


def kept(session: Session) -> set[str]:
    return {path.name for path in (session.folder / "parts").iterdir()}


def test_a_session_that_was_left_is_found_and_opened(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    session = Session.begin(tmp_path / "home")
    session.save(project, [mattes_of(project)], {"file": "/a/b.instmatt"})
    assert left_sessions(tmp_path / "home") == []  # somebody works on it
    assert Session.take_up(session.folder) is None
    session.leave()
    photo_file(tmp_path).unlink()
    (left,) = left_sessions(tmp_path / "home")
    assert (left.name, left.people, left.settings) == ("zoë & co.jpg", 2, {"file": "/a/b.instmatt"})
    assert left.thumbnail is not None
    again = Session.take_up(left.folder)
    assert again is not None
    opened = again.open()
    assert seen(opened.project) == seen(project)
    assert len(opened.mattes) == 1
    again.discard()
    assert list((tmp_path / "home").iterdir()) == []


def test_an_autosave_writes_what_is_new(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    session = Session.begin(tmp_path / "home")
    session.save(project)
    before = kept(session)
    session.save(project)
    assert kept(session) == before
    project.instances[0].mask = TilePlane.of(project.instances[0].mask.full() // 2)
    session.save(project)
    assert len(kept(session) - before) == 1
    for _ in range(3):
        session.save(project)
    assert len(kept(session)) == len(before)  # what three records do not need is gone
    session.leave()


def test_a_damaged_record_gives_the_one_before(tmp_path: Path) -> None:
    project = full_project(tmp_path)
    session = Session.begin(tmp_path / "home")
    session.save(project)
    first = seen(project)
    project.instances[0].mask = TilePlane.of(project.instances[0].mask.full() // 2)
    project.instances[0].revision = project.next_revision()
    session.save(project)
    record = json.loads((session.folder / "project.json").read_text("utf-8"))
    mask = session.folder / record["people"][0]["mask"][0]
    content = mask.read_bytes()
    mask.write_bytes(content[:-1])
    assert seen(session.open().project) == first
    mask.write_bytes(content)
    (session.folder / "project.json").write_bytes(b"{")
    assert seen(session.open().project) == first
    for path in session.folder.glob("*.json"):
        path.write_bytes(b"{")
    with pytest.raises(ProjectError, match="beyond reading"):
        session.open()
    session.leave()
    assert left_sessions(tmp_path / "home") == []


def test_a_session_without_a_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(WriteError):
        Session.begin(tmp_path / "home")


def test_a_program_that_is_killed_leaves_its_locks(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from instmatt_app.files.locks import lock_for\n"
        "print(lock_for(Path(sys.argv[1]), Path(sys.argv[2])).acquire(), flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.instmatt"), str(tmp_path / "locks")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"True\n"
        lock = lock_for(tmp_path / "." / "a.instmatt", tmp_path / "locks")
        assert not lock.acquire()
        other.kill()
        other.wait()
    assert lock.acquire()
    lock.release()
