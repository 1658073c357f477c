"""What is being done, in the window's language: the inner rings say it in English, for the command line, too."""

from __future__ import annotations

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

# A name in braces stands for whatever is in its place; the first that fits is taken.
WORDS = (
    QT_TRANSLATE_NOOP("Progress", "getting ready"),
    QT_TRANSLATE_NOOP("Progress", "getting ready for the first time"),
    QT_TRANSLATE_NOOP("Progress", "reading the photo"),
    QT_TRANSLATE_NOOP("Progress", "reading the mattes"),
    QT_TRANSLATE_NOOP("Progress", "reading {name}"),
    QT_TRANSLATE_NOOP("Progress", "loading the engine"),
    QT_TRANSLATE_NOOP("Progress", "loading {name}"),
    QT_TRANSLATE_NOOP("Progress", "looking for people"),
    QT_TRANSLATE_NOOP("Progress", "looking for people with {name}"),
    QT_TRANSLATE_NOOP("Progress", "looking round the clicks"),
    QT_TRANSLATE_NOOP("Progress", "finding the outline"),
    QT_TRANSLATE_NOOP("Progress", "people found"),
    QT_TRANSLATE_NOOP("Progress", "person found"),
    QT_TRANSLATE_NOOP("Progress", "cutting out person {one} of {all}"),
    QT_TRANSLATE_NOOP("Progress", "matting person {one} of {all}"),
    QT_TRANSLATE_NOOP("Progress", "mattes ready"),
    QT_TRANSLATE_NOOP("Progress", "Refining all people"),
    QT_TRANSLATE_NOOP("Progress", "Refining person {one}"),
    QT_TRANSLATE_NOOP("Progress", "Refined"),
    QT_TRANSLATE_NOOP("Progress", "detail, window {one} of {all}"),
    QT_TRANSLATE_NOOP("Progress", "detail ready"),
    QT_TRANSLATE_NOOP("Progress", "edges"),
    QT_TRANSLATE_NOOP("Progress", "clean colours"),
    QT_TRANSLATE_NOOP("Progress", "putting the layers together"),
    QT_TRANSLATE_NOOP("Progress", "Writing {name}"),
    QT_TRANSLATE_NOOP("Progress", "saving the project"),
    QT_TRANSLATE_NOOP("Progress", "saving the photo"),
    QT_TRANSLATE_NOOP("Progress", "saving the mattes"),
)
_PATTERNS = {re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(words))): words for words in map(str, WORDS)}


def in_words(what: str) -> str:
    """What a step says is being done, as the person reads it; what nobody translated stays as it is."""
    for pattern, words in _PATTERNS.items():
        found = pattern.fullmatch(what)
        if found is not None:
            return QCoreApplication.translate("Progress", words).format(**found.groupdict())
    return what
