"""Masks and trimaps that are dropped become people; a person goes to the clipboard with transparency."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from instmatt_app.core.hints import Hint
from instmatt_app.ui.main_window import MainWindow


def opened(qtbot: QtBot, window: MainWindow, photo: Path) -> None:
    window.opening.open_paths([photo])
    qtbot.waitUntil(lambda: window.conductor.is_current, timeout=10_000)


def test_dropped_masks_and_trimaps_are_people_and_photos_are_photos(
    qtbot: QtBot, window: MainWindow, photo_file: Path, tmp_path: Path
) -> None:
    opened(qtbot, window, photo_file)
    mask = np.zeros((96, 160), np.uint8)
    mask[30:60, 70:90] = 255
    Image.fromarray(mask).save(tmp_path / "Anna.png")
    trimap = mask.copy()
    trimap[28:30, 70:90] = 128
    Image.fromarray(trimap).save(tmp_path / "Bea.png")
    window.exchange.take([tmp_path / "Anna.png", tmp_path / "Bea.png"])
    qtbot.waitUntil(lambda: len(window.document.state.instances) == 4)
    anna, bea = window.document.state.instances[2:]
    assert (anna.name, bea.name) == ("Anna", "Bea")
    assert np.array_equal(anna.mask.full(), mask)
    assert anna.hints is None
    assert bea.hints is not None
    assert bea.hints.full()[28, 75] == Hint.UNDECIDED
    assert bea.hints.full()[40, 75] == Hint.THIS_PERSON
    window.document.history.undo()
    assert len(window.document.state.instances) == 2
    grey = np.tile(np.linspace(0, 255, 160).astype(np.uint8), (96, 1))
    Image.fromarray(grey).save(tmp_path / "grey.png")
    window.exchange.take([tmp_path / "grey.png"])
    qtbot.waitUntil(lambda: window.document.photo.stem == "grey")


def test_a_cut_out_is_copied_with_its_transparency(qtbot: QtBot, window: MainWindow, photo_file: Path) -> None:
    opened(qtbot, window, photo_file)
    window.document.select([2])
    with qtbot.waitSignal(window.exchange.said, timeout=60_000) as heard:
        window.exchange.copy()
    assert heard.args == ["The cut-out is in the clipboard.", False]
    data = QGuiApplication.clipboard().mimeData().data("image/png").data()
    picture = np.asarray(Image.open(BytesIO(data)))
    assert picture.shape == (60, 40, 4)
    assert (picture[..., 3] == 255).all()
    assert np.array_equal(picture[..., :3], window.document.photo.pixels[20:80, 100:140])
    # The picture outlives the window; what Python made must not, because Qt would touch it after Python's end.
    window.close()
    left = QGuiApplication.clipboard().mimeData()
    assert left.formats() == ["application/x-qt-image"]
    assert QGuiApplication.clipboard().image().size().toTuple() == (40, 60)
    assert QGuiApplication.clipboard().image().hasAlphaChannel()
