"""The language of the window: the preferred one, or the system's, where there is a translation; else English."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

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
        of_qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{language}.qm"
        for path in (of_qt, resources_folder() / "translations" / f"instmatt_{language}.qm"):
            if path.is_file():
                application.installTranslator(_Words(path.read_bytes(), application))
    return language


class _Words(QTranslator):
    """What a .qm file says, kept in memory: Qt would map the file, and fall over it when an update replaces it."""

    def __init__(self, content: bytes, parent: QObject) -> None:
        super().__init__(parent)
        self._content = content  # Qt keeps no copy
        self.load(content)
