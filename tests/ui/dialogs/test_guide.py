"""The guide is shown from the disk: every page, every picture, every link within it."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from pytestqt.qtbot import QtBot

from instmatt_app import places
from instmatt_app.ui.dialogs.guide import GuideWindow

GUIDE = places.guide_folder()


@pytest.fixture
def guide(qtbot: QtBot) -> GuideWindow:
    made = GuideWindow(GUIDE)
    # It deletes itself when it is closed; qtbot must not hold on to it then.
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def test_all_pages_are_there_the_first_one_first(guide: GuideWindow) -> None:
    assert guide.names[0] == "README.md"
    assert set(guide.names) == {path.name for path in GUIDE.glob("*.md")}
    assert guide.page.name == "README.md"
    assert "Guide to the window" in guide.page.toPlainText()


def test_a_heading_leads_to_its_page_and_place(guide: GuideWindow) -> None:
    found = guide.headings.findItems("It is slow", Qt.MatchFlag.MatchContains)
    guide.headings.setCurrentItem(found[0])
    assert guide.page.name == "troubleshooting.md"
    assert guide.page.verticalScrollBar().value() > 0


def test_search_goes_through_all_pages_and_round(guide: GuideWindow) -> None:
    guide.search.setText("diagnostic report")
    guide.find_next()
    assert guide.page.name == "troubleshooting.md"
    assert guide.page.textCursor().selectedText().lower() == "diagnostic report"
    guide.search.setText("lasso")
    guide.find_next()
    assert guide.page.name == "README.md"
    guide.search.setText("no such words anywhere")
    guide.find_next()


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda path: path.name)
def test_every_picture_is_shown_and_no_wider_than_the_page(guide: GuideWindow, page: Path) -> None:
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8")):
        image = guide.page.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
        assert isinstance(image, QImage)
        assert not image.isNull(), name
        assert image.deviceIndependentSize().width() <= max(300, guide.page.viewport().width())


def test_pictures_from_elsewhere_are_not_loaded(guide: GuideWindow, tmp_path: Path) -> None:
    QImage(4, 4, QImage.Format.Format_RGB32).save(str(tmp_path / "a.png"))
    for name in (f"file://{tmp_path}/a.png", str(tmp_path / "a.png"), "https://example.org/a.png"):
        assert guide.page.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name)) is None


def test_links(guide: GuideWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: given.append(url.toString()))
    guide.page.anchorClicked.emit(QUrl("troubleshooting.md#it-is-slow"))
    assert guide.page.name == "troubleshooting.md"
    assert guide.page.verticalScrollBar().value() > 0
    guide.page.anchorClicked.emit(QUrl("../architecture.md"))
    assert guide.page.name == "troubleshooting.md"
    assert not given
    guide.page.anchorClicked.emit(QUrl("https://example.org"))
    assert given == ["https://example.org"]
