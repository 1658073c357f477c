"""The language of the window: the preferred one, or the system's, where there is a translation; else English."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from instmatt_app.files.preferences import LANGUAGES
from instmatt_app.places import resources_folder


def chosen_language(wanted: str, system: list[str]) -> str:
    """One of "en", "de", "zh_CN". ``system`` is what the system prefers, as in "de-AT", the first one first."""
    if wanted != "system":
        return wanted
    for name in system:
        for language in LANGUAGES:
            # Traditional characters are another script than ours.
            if language.partition("_")[0] == name.partition("-")[0] and not {"Hant", "TW", "HK"} & set(name.split("-")):
                return language
    return "en"


def install_language(application: QCoreApplication, wanted: str) -> str:
    """Has the window, and Qt's own dialogs, speak that language from now on; returns which it is."""
    language = chosen_language(wanted, QLocale.system().uiLanguages())
    if language != "en":
        folders = {
            f"qtbase_{language}": QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
            f"instmatt_{language}": str(resources_folder() / "translations"),
        }
        for name, folder in folders.items():
            translator = QTranslator(application)
            if translator.load(name, folder):
                application.installTranslator(translator)
    return language
