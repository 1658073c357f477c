"""Every marked text is in the translations, keeps what stands for something else, and reaches the window."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QTableWidget
from pytestqt.qtbot import QtBot

from instmatt_app.files.preferences import LANGUAGES
from instmatt_app.ui.conductor import Conductor
from instmatt_app.ui.document import Document
from instmatt_app.ui.language import chosen_language, install_language
from instmatt_app.ui.main_window import MainWindow
from instmatt_app.ui.progress_words import in_words

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))
import make_translations

# What stands for a number, a name, a key, a link or a kind of file.
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%n|%L?\d|&(?=\w)|\*\.\w+|--[\w-]+|\bΣ|\n")
TRANSLATED = make_translations.LANGUAGES


@pytest.fixture(scope="module")
def marked() -> list[make_translations.Text]:
    return make_translations.marked_texts()


def test_the_languages_of_the_preferences_are_those_that_are_translated() -> None:
    assert {"system", "en", *TRANSLATED} == set(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_marked_text_is_translated(language: str, marked: list[make_translations.Text]) -> None:
    assert len(marked) > 500
    found = make_translations.translations_of(language)
    hint = "run docs/make_translations.py and translate what it calls unfinished"
    assert sorted(set(marked) - set(found)) == [], hint
    assert sorted(set(found) - set(marked)) == [], hint


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_placeholders_spaces_and_dots(language: str) -> None:
    for (_, text), translation in make_translations.translations_of(language).items():
        assert Counter(PLACEHOLDER.findall(text)) == Counter(PLACEHOLDER.findall(translation)), text
        if language == "de":
            # Chinese sets no spaces where units follow.
            assert (text[:1] == " ", text[-1:] == " ") == (translation[:1] == " ", translation[-1:] == " "), text
        assert ("…" in text) == ("…" in translation), text
        assert text.endswith(".") == translation.endswith((".", "。")), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_loaded_file_says_what_the_translators_file_says(qapp: QCoreApplication, language: str) -> None:
    translator = QTranslator()
    assert translator.load(str(make_translations.ts_file(language).with_suffix(".qm")))
    for (context, text), translation in make_translations.translations_of(language).items():
        assert translator.translate(context, text) == translation


@pytest.fixture
def installed(qapp: QCoreApplication, request: pytest.FixtureRequest) -> Iterator[str]:
    before = set(qapp.findChildren(QTranslator))
    yield install_language(qapp, request.param)
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)
        translator.deleteLater()


@pytest.mark.parametrize(
    ("installed", "words"),
    [
        ("de", ("Datei", "Überlagerung", "Foto hierher ziehen", "Tastenkürzel", "Alt+Klick auf das Auge")),
        ("zh_CN", ("文件", "叠加", "将照片拖到此处", "键盘快捷键", "Alt+单击眼睛图标")),
    ],
    indirect=["installed"],
)
def test_the_window_speaks_it(
    qtbot: QtBot, installed: str, document: Document, conductor: Conductor, words: tuple[str, ...]
) -> None:
    window = MainWindow(document, conductor)
    qtbot.addWidget(window)
    window.beside.show_shortcuts()
    said = {one.text() for one in window.findChildren(QAction)} | {one.text() for one in window.findChildren(QLabel)}
    for table in window.findChildren(QTableWidget):
        for row in range(table.rowCount()):
            said |= {item.text() for column in range(3) if (item := table.item(row, column)) is not None}
    assert set(words) <= said
    narrow = window.people.parentWidget()
    assert narrow is not None
    assert narrow.minimumSizeHint().width() <= window.side.width(), "no panel is cut off at its edge"


@pytest.mark.parametrize("installed", ["de"], indirect=True)
def test_what_is_being_done_is_said_in_it_too(installed: str) -> None:
    said = {
        "matting person 2 of 3": "Person 2 von 3 wird freigestellt",
        "looking for people": "Personen werden gesucht",
        "reading a {b} of c.jpg": "a {b} of c.jpg wird gelesen",
        "something new": "something new",
    }
    assert {what: in_words(what) for what in said} == said


@pytest.mark.parametrize(
    ("wanted", "system", "chosen"),
    [
        ("de", ["en-US"], "de"),
        ("en", ["de-DE"], "en"),
        ("system", ["de-AT", "en-US"], "de"),
        ("system", ["zh-Hans-CN", "zh-CN"], "zh_CN"),
        ("system", ["zh"], "zh_CN"),
        ("system", ["zh-Hant-TW", "en"], "en"),
        ("system", ["fr-FR", "de-DE"], "de"),
        ("system", ["fr-FR"], "en"),
        ("system", ["C"], "en"),
        ("system", [], "en"),
    ],
)
def test_the_language_is_the_preferred_one_or_the_systems(wanted: str, system: list[str], chosen: str) -> None:
    assert chosen_language(wanted, system) == chosen
