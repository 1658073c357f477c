"""The Enter key in windows that have nothing to be agreed to."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QPushButton


def enter_only_ends_typing(dialog: QDialog) -> None:
    """Leaves Enter to the field that has the keyboard.

    Otherwise Qt has it press the first button there is, whatever that does: whoever typed a number and Enter would have
    everything reset, or something fetched from the network.
    """
    for button in dialog.findChildren(QPushButton):
        button.setAutoDefault(False)
