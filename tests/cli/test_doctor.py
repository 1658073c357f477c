import pytest

from instmatt_app.cli import main


def test_doctor_names_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out, _ = capsys.readouterr()
    for word in ("Python", "torch", "PySide6", "cpu", "closed-form", "prompt", "detectron2", "Models"):
        assert word in out
    assert "missing —" not in out
