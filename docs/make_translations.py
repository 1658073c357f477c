"""Brings the translations up to date with the window's texts: python docs/make_translations.py

Looks for every text that is marked for translation, keeps what is translated already, marks what is new as
unfinished and leaves out what is gone; then makes the .qm files that the program loads. Needs no network.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de", "zh_CN")
# What lupdate calls a context where the text is marked through an object, by the file, and the object's class.
CLASSES = {
    "": "ShortcutSheet",
    "canvas": "Canvas",
    "self.canvas": "Canvas",
    "self._canvas": "Canvas",
    "window": "MainWindow",
}

Text = tuple[str, str]


def marked_texts() -> list[Text]:
    """Context and text of everything that is marked, in order; those of edits, which `core` marks by their class."""
    files = sorted(str(path) for path in (ROOT / "instmatt_app" / "ui").rglob("*.py"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.ts"
        _run("pyside6-lupdate", *files, "-ts", str(path))
        found = {
            (CLASSES.get(context.findtext("name", ""), context.findtext("name", "")), message.findtext("source", ""))
            for context in ElementTree.parse(path).getroot().iter("context")
            for message in context.iter("message")
        }
    return sorted(found | {("Edit", text) for text in _edit_texts()})


def _edit_texts() -> set[str]:
    tree = ast.parse((ROOT / "instmatt_app" / "core" / "edits.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    first = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Edit" and call.args]
    return {
        node.value
        for argument in first
        for node in ([argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument])
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def ts_file(language: str) -> Path:
    """The file that a translator works on."""
    return FOLDER / f"instmatt_{language}.ts"


def translations_of(language: str) -> dict[Text, str]:
    """What is translated, by context and text."""
    path = ts_file(language)
    if not path.is_file():
        return {}
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message.findtext("translation", "")
        for context in ElementTree.parse(path).getroot().iter("context")
        for message in context.iter("message")
        if message.findtext("translation")
    }


def write(language: str, texts: list[Text], translated: dict[Text, str]) -> int:
    """Writes the .ts file and the .qm file; returns how many texts are not translated yet."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ElementTree.Element] = {}
    missing = 0
    for context, text in texts:
        if context not in contexts:
            contexts[context] = ElementTree.SubElement(root, "context")
            ElementTree.SubElement(contexts[context], "name").text = context
        message = ElementTree.SubElement(contexts[context], "message")
        ElementTree.SubElement(message, "source").text = text
        translation = ElementTree.SubElement(message, "translation")
        translation.text = translated.get((context, text), "")
        if not translation.text:
            translation.set("type", "unfinished")
            missing += 1
    ElementTree.indent(root)
    content = ElementTree.tostring(root, encoding="unicode")
    path = ts_file(language)
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{content}\n', "utf-8")
    _run("pyside6-lrelease", "-silent", str(path), "-qm", str(path.with_suffix(".qm")))
    return missing


def _run(tool: str, *arguments: str) -> None:
    program = next(path for path in Path(sys.executable).parent.glob(f"{tool}*"))
    subprocess.run([str(program), *arguments], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    texts = marked_texts()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        missing = write(language, texts, translations_of(language))
        print(f"{language}: {len(texts)} texts, {missing} not translated")


if __name__ == "__main__":
    main()
