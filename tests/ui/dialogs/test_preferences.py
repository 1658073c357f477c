"""The window of preferences: each field changes its own value, at once, and shows what others change."""

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QDoubleSpinBox,
    QPushButton,
    QSpinBox,
    QTabWidget,
)
from pytestqt.qtbot import QtBot

from instmatt_app.files.preferences import Preferences
from instmatt_app.ui.dialogs.preferences import PreferencesDialog
from instmatt_app.ui.settings import Settings


@pytest.fixture
def dialog(qtbot: QtBot, settings: Settings) -> PreferencesDialog:
    made = PreferencesDialog(settings)
    qtbot.addWidget(made)
    made.show()
    return made


def test_there_is_a_field_for_each_preference(dialog: PreferencesDialog) -> None:
    # Engine, model and recogniser are chosen in the window of models, keys in the sheet of shortcuts.
    elsewhere = {"engine", "model", "recogniser", "shortcuts", "seen"}
    assert set(dialog.fields) == {one.name for one in fields(Preferences)} - elsewhere
    assert not dialog.isModal()


def test_each_field_changes_its_value_and_nothing_else(dialog: PreferencesDialog, settings: Settings) -> None:
    for name, field in dialog.fields.items():
        told: list[frozenset[str]] = []
        settings.changed.connect(told.append)
        before = getattr(settings.now, name)
        if isinstance(field, QComboBox):
            field.setCurrentIndex((field.currentIndex() + 1) % field.count())
        elif isinstance(field, QCheckBox):
            field.click()
        else:
            assert isinstance(field, QSpinBox | QDoubleSpinBox)
            field.stepUp()
        assert told == [{name}], name
        assert getattr(settings.now, name) != before
        settings.changed.disconnect(told.append)


def test_what_others_change_is_shown_and_told_only_once(dialog: PreferencesDialog, settings: Settings) -> None:
    told: list[frozenset[str]] = []
    settings.changed.connect(told.append)
    settings.change(theme="dark", memory_gib=2.5, device="cuda:1", runs_by_itself=False)
    theme, memory, device = (dialog.fields[name] for name in ("theme", "memory_gib", "device"))
    assert isinstance(theme, QComboBox)
    assert isinstance(memory, QDoubleSpinBox)
    assert isinstance(device, QComboBox)
    assert (theme.currentData(), memory.value(), device.currentText()) == ("dark", 2.5, "cuda:1")
    assert told == [{"theme", "memory_gib", "device", "runs_by_itself"}]


def test_no_memory_below_the_least(dialog: PreferencesDialog, settings: Settings) -> None:
    memory = dialog.fields["memory_gib"]
    assert isinstance(memory, QDoubleSpinBox)
    memory.setValue(0.2)
    assert (settings.now.memory_gib, memory.value()) == (0.5, 0.5)
    memory.setValue(0)
    assert settings.now.memory_gib == 0
    assert memory.text() == "What is free"


def test_as_at_first_leaves_what_is_on_no_page(dialog: PreferencesDialog, settings: Settings) -> None:
    settings.change(theme="dark", working_size=512, shortcuts={"open": ("F3",)}, recogniser="builtin")
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    again = next(one for one in buttons.buttons() if one.text() == "As at first")
    assert isinstance(again, QPushButton)
    again.click()
    assert settings.now == Preferences(shortcuts={"open": ("F3",)}, recogniser="builtin")


def test_enter_after_a_number_takes_the_number_and_resets_nothing(
    qtbot: QtBot, dialog: PreferencesDialog, settings: Settings
) -> None:
    settings.change(theme="dark")
    size = dialog.fields["working_size"]
    dialog.findChild(QTabWidget).setCurrentIndex(1)
    size.setFocus()
    size.selectAll()
    qtbot.keyClicks(size, "2048")
    qtbot.keyClick(size, Qt.Key.Key_Return)
    assert (settings.now.working_size, settings.now.theme) == (2048, "dark")
    assert dialog.isVisible()


def test_every_field_has_a_name(dialog: PreferencesDialog) -> None:
    for name, field in dialog.fields.items():
        words = field.text() if isinstance(field, QCheckBox) else field.accessibleName()
        assert words, name
