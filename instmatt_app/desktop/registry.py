"""The person's part of the Windows registry, and what the launcher asks of it."""

from __future__ import annotations

import sys
from typing import Protocol


class Registry(Protocol):
    """The person's classes: keys are paths below HKEY_CURRENT_USER\\Software\\Classes, "" a key's own value."""

    def get(self, key: str, name: str) -> str | None: ...

    def set(self, key: str, name: str, value: str) -> None: ...

    def delete_value(self, key: str, name: str) -> None:
        """Removes a value; nothing if it is not there."""

    def delete_key(self, key: str) -> None:
        """Removes a key with everything below it; nothing if it is not there."""


def system_registry() -> Registry:
    """The registry of this system. Raises OSError where there is none."""
    if sys.platform == "win32":
        return _SystemRegistry()
    raise OSError("this system has no registry")


if sys.platform == "win32":
    import winreg

    class _SystemRegistry:
        def get(self, key: str, name: str) -> str | None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _path(key)) as opened:
                    return str(winreg.QueryValueEx(opened, name)[0])
            except FileNotFoundError:
                return None

        def set(self, key: str, name: str, value: str) -> None:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _path(key)) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

        def delete_value(self, key: str, name: str) -> None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _path(key), access=winreg.KEY_SET_VALUE) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return

        def delete_key(self, key: str) -> None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _path(key)) as opened:
                    below = [winreg.EnumKey(opened, number) for number in range(winreg.QueryInfoKey(opened)[0])]
                for name in below:
                    self.delete_key(rf"{key}\{name}")
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, _path(key))
            except FileNotFoundError:
                return

    def _path(key: str) -> str:
        return rf"Software\Classes\{key}"
