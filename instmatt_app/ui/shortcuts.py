"""Shortcuts: which keys call which action — its own, unless the person prefers others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from instmatt_app.ui.settings import Settings

# What the canvas does as long as one of them is held, or with it; no shortcut can have them.
HELD = ("Space", "P", "Tab")


@dataclass(frozen=True, eq=False)
class Bound:
    """An action with the name that preferences know it by, and the keys that it has of its own."""

    name: str
    menu: str
    text: str
    own: tuple[str, ...]
    action: QAction


class Shortcuts(QObject):
    """Gives every action its keys. ``changed`` says that some have others now.

    Keys are texts in Qt's portable form, such as "Ctrl+Shift+Z".
    """

    changed = Signal()

    def __init__(self, bound: Sequence[Bound], settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bound = tuple(bound)
        self._by_name = {one.name: one for one in self.bound}
        self._settings = settings
        settings.changed.connect(self._on_changed)
        self._apply()

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of an action as they are now, the one that menus show first."""
        own = tuple(map(portable, self._by_name[name].own))
        return self._settings.now.shortcuts.get(name, own)

    def is_own(self, name: str) -> bool:
        """Whether an action has the keys of its own."""
        return name not in self._settings.now.shortcuts

    def used_by(self, key: str, other_than: str) -> Bound | None:
        """Another action that a key calls."""
        return next((one for one in self.bound if one.name != other_than and key in self.keys(one.name)), None)

    def give(self, name: str, keys: Sequence[str]) -> None:
        """Gives an action these keys; whoever had one of them loses it."""
        wanted = tuple(dict.fromkeys(portable(key) for key in keys if key and portable(key) not in HELD))
        chosen = dict(self._settings.now.shortcuts)
        for one in self.bound:
            left = tuple(key for key in self.keys(one.name) if key not in wanted)
            if one.name != name and left != self.keys(one.name):
                chosen[one.name] = left
        chosen[name] = wanted
        self._prefer(chosen)

    def reset(self, name: str) -> None:
        """Gives an action its own keys back, and takes them from whoever has them now."""
        self.give(name, self._by_name[name].own)

    def reset_all(self) -> None:
        """Gives every action its own keys back."""
        self._settings.change(shortcuts={})

    def _prefer(self, chosen: dict[str, tuple[str, ...]]) -> None:
        # What is as it was at first is no preference. Actions of a newer program stay what they are.
        own = {one.name: tuple(map(portable, one.own)) for one in self.bound}
        self._settings.change(shortcuts={name: keys for name, keys in chosen.items() if own.get(name) != keys})

    def _on_changed(self, names: frozenset[str]) -> None:
        if "shortcuts" in names:
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        for one in self.bound:
            # What a file says may be no key at all.
            keys = [QKeySequence.fromString(key) for key in self.keys(one.name) if portable(key)]
            one.action.setShortcuts(keys)
            shown = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
            one.action.setToolTip(f"{one.text} ({shown})" if shown else one.text)


def portable(key: str) -> str:
    """A key in the one form in which keys are compared and kept."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
