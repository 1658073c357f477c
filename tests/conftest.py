"""Qt without a screen before anything can load it, and the photos that tests share."""

import os
import shutil
import signal

# Started as a background job, this process may have inherited that Ctrl-C is ignored, and so would what tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pathlib import Path

import pytest
from photos import GroupPhoto, group_photo
from PIL import Image

from instmatt_app import options, places


@pytest.fixture(autouse=True)
def no_models_of_the_person(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models that were fetched on this computer, by this program or by others, change no test."""
    empty = str(tmp_path_factory.getbasetemp() / "nothing-here")
    for name in ("INSTMATT_MODELS", "FVCORE_CACHE", "TORCH_HOME"):
        monkeypatch.setenv(name, empty)


@pytest.fixture(autouse=True)
def closed_form_by_itself(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that name no engine are about something else, and were written for closed-form; see "default_engine"."""
    if "default_engine" not in request.fixturenames:
        monkeypatch.setattr(options, "MATTING_MODELS", ())


@pytest.fixture
def default_engine() -> None:
    """The engine that a user gets who names none: the best whose weights are there."""


@pytest.fixture
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program knows its models by name, but none is there, not even those that come with it."""
    folder = tmp_path / "models-without-weights"
    folder.mkdir()
    shutil.copy(places.models_folder() / "models.toml", folder)
    monkeypatch.setattr(places, "models_folder", lambda: folder)


@pytest.fixture(scope="session")
def group() -> GroupPhoto:
    """Eileen Collins and Grace Hopper side by side: two public-domain portraits that come with packages."""
    return group_photo()


@pytest.fixture(scope="session")
def group_file(group: GroupPhoto, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The group photo as a JPEG file; tests must not change it."""
    path = tmp_path_factory.mktemp("photos") / "group.jpg"
    Image.fromarray(group.pixels).save(path, quality=92)
    return path
