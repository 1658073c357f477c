"""A report says what somebody who helps needs, and nothing about whose photos they are."""

import hashlib
from pathlib import Path

import pytest

from instmatt_app import diagnosis, places
from instmatt_app.core.interfaces import Cancelled


def test_a_report_holds_versions_devices_models_and_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "ada"
    (home / "log").mkdir(parents=True)
    (home / "log" / "instmatt-studio.log").write_text(f"begun\nfailed to read {home}/a.jpg\n", "utf-8")
    monkeypatch.setattr(Path, "home", lambda: home)
    text = diagnosis.report(home / "log", {"Engine": "closed-form"})
    for words in ("InstMatt Studio", "Python 3", "Engine: closed-form", "numpy ", "cpu ", "failed to read ~/a.jpg"):
        assert words in text
    shipped = places.models_folder() / "people.safetensors"
    assert hashlib.sha256(shipped.read_bytes()).hexdigest() in text
    assert "mask-rcnn-r50-fpn-3x not there" in text
    assert str(home) not in text


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "_requirements", lambda: ["numpy", "no-such-package"])
    found = diagnosis.installed()
    assert found["numpy"]
    assert found["no-such-package"] is None


def test_making_a_report_can_be_stopped(tmp_path: Path) -> None:
    def step(done: int, total: int, what: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        diagnosis.report(tmp_path, {}, step)
