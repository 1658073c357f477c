import sys
from importlib import metadata

import pytest

from instmatt_app.cli import main
from instmatt_app.engine.recognisers import registry


def test_doctor_names_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out, _ = capsys.readouterr()
    for word in ("Python", "torch", "PySide6", "cpu", "closed-form", "prompt", "detectron2", "Models"):
        assert word in out
    assert "missing —" not in out


def test_doctor_of_the_stand_alone_program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {"torchvision", "pillow-heif", "opencv-python"}
    version = metadata.version

    def there(name: str) -> str:
        if name in lacking:
            raise metadata.PackageNotFoundError(name)
        return "5.0" if name == "opencv-python-headless" else version(name)

    monkeypatch.setattr(metadata, "version", there)
    monkeypatch.setattr(registry, "torchvision_is_installed", lambda: False)
    assert main(["doctor"]) == 1
    assert "missing — run" in capsys.readouterr().out
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  torchvision          left out of the stand-alone program" in lines
    assert "  opencv-python        5.0" in " ".join(lines)
    assert "  torchvision  not installed" in lines
