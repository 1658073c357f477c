"""Settings tell what changed and keep it on the disk."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from instmatt_app.files.preferences import Preferences, damaged_file, read_preferences
from instmatt_app.ui.settings import Settings


def test_what_changed_is_told_once_and_written(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    settings = Settings(path)
    told: list[frozenset[str]] = []
    settings.changed.connect(told.append)
    settings.change(theme="dark", device="auto")
    settings.change(theme="dark")
    assert told == [{"theme"}]
    qtbot.waitUntil(path.is_file)
    settings.change(working_size=640)
    settings.close()
    assert read_preferences(path) == (Preferences(theme="dark", working_size=640), [])


def test_what_is_offered_once_is_offered_once(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    settings = Settings(path)
    assert settings.see("tour")
    assert not settings.see("tour")
    settings.close()
    again = Settings(path)
    assert not again.see("tour")
    assert again.see("launcher")
    again.close()


def test_what_could_not_be_read_is_said_in_a_sentence(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    path.write_text('{"version": 1, "theme": "pink", "device": "cpu"}', "utf-8")
    settings = Settings(path)
    assert settings.now == Preferences(device="cpu")
    assert "theme" in settings.trouble()
    assert str(damaged_file(path)) in settings.trouble()
    settings.close()
    path.write_bytes(b"{")
    broken = Settings(path)
    assert "as at first" in broken.trouble()
    broken.close()
    path.unlink()
    whole = Settings(path)
    assert whole.trouble() == ""
    whole.close()


def test_a_disk_that_takes_nothing_is_said_and_the_window_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file" / "preferences.json")
    with qtbot.waitSignal(settings.said) as said:
        settings.change(theme="light")
    assert "could not be kept" in said.args[0]
    assert settings.now.theme == "light"
    settings.close()
