"""Qt without a screen before anything can load it, and the photos that tests share."""

import os
import signal

# Started as a background job, this process may have inherited that Ctrl-C is ignored, and so would what tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pathlib import Path

import pytest
from photos import GroupPhoto, group_photo
from PIL import Image


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
