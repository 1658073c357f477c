"""Mattes between the window and a project file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from instmatt_app.api import Result
from instmatt_app.core.project import Key, Project, key_name
from instmatt_app.files.project_making import KeptMattes
from instmatt_app.files.project_record import Json
from instmatt_app.files.project_restoring import OpenedProject


def kept_of(key: Key, result: Result) -> KeptMattes:
    """The result as a project keeps it."""
    facts: Mapping[str, Json] = {
        "engine": result.engine, "recogniser": result.recogniser, "device": result.device,
        "error": dict(result.error), "seconds": dict(result.seconds), "notes": list(result.notes),
        "refines": result.refines,
    }  # fmt: skip
    return KeptMattes(
        key_name(key), tuple(one.id for one in result.people), result.alphas, result.conflicts, facts, result.detail
    )


def result_named(key: Key, opened: OpenedProject) -> Result | None:
    """The mattes of that name that a project came with; None where it has none, or others."""
    kept = next((one for one in opened.mattes if one.key == key_name(key)), None)
    return None if kept is None else _result_of(kept, opened.project)


def _result_of(kept: KeptMattes, project: Project) -> Result:
    """The result that was kept, for the project it belongs to; of the facts, what is as it should be."""
    people = {one.id: one for one in project.instances}
    facts: Mapping[str, Any] = kept.facts

    def text(name: str) -> str:
        value = facts.get(name)
        return value if isinstance(value, str) else ""

    def numbers(name: str) -> dict[str, float]:
        value = facts.get(name)
        pairs = value.items() if isinstance(value, dict) else ()
        return {name: float(number) for name, number in pairs if isinstance(number, int | float)}

    notes = facts.get("notes")
    return Result(
        project.photo, [people[number] for number in kept.people], kept.alphas, text("engine"), text("recogniser"),
        text("device"), numbers("error"), numbers("seconds"),
        notes=[note for note in notes if isinstance(note, str)] if isinstance(notes, list) else [],
        conflicts=kept.conflicts, refines=facts.get("refines") is not False, detail=kept.detail,
    )  # fmt: skip
