"""What a run of ``instmatt matte`` will do: which photos, into which folders, and what is wrong before it begins."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from instmatt_app import api
from instmatt_app.core.edges import LIMITS
from instmatt_app.core.refinement import Refinement
from instmatt_app.files.export_options import ExportOptions
from instmatt_app.files.photo_reader import is_photo_name


class UsageError(ValueError):
    """A wrong use that concerns the whole run; the message is a sentence."""


@dataclass(frozen=True)
class Job:
    """One photo of the run, and the folder its layers go to."""

    photo: Path
    folder: Path


@dataclass(frozen=True)
class Plan:
    """The photos to do, those that cannot be done with the reason, and options that have no effect."""

    jobs: list[Job]
    failures: list[tuple[Path, str]]
    notes: list[str]


def make_plan(given: argparse.Namespace) -> Plan:
    """Check the options against each other and find the photos.

    Raises:
        UsageError: the run cannot be begun.
        OrderError: the order names somebody for whom there is no box.
    """
    _check(given)
    failures: list[tuple[Path, str]] = []
    photos = _photos(given.photos, failures)
    jobs: list[Job] = []
    taken: dict[str, Path] = {}
    for photo in photos:
        if photo.stem in ("", ".", ".."):
            failures.append((photo, "Its name would lead out of the folder for the layers; rename it."))
            continue
        # Compared without case: many disks take "A" and "a" for the same folder.
        other = taken.setdefault(photo.stem.casefold(), photo)
        if other is not photo:
            failures.append((photo, f"Its layers would go to the same folder as those of {other}; rename it."))
            continue
        jobs.append(Job(photo, given.out / photo.stem))
    if given.report is not None:
        _check_report(given, jobs)
    return Plan(jobs, failures, _without_effect(given))


def export_options(given: argparse.Namespace) -> ExportOptions:
    """What the options say of the files that are written."""
    return ExportOptions(
        format=given.format,
        layers=given.layers or "alpha",
        background=given.background,
        colours=given.colours,
        cleaning=given.cleaning,
        recomposable=given.recomposable,
        canvas=given.canvas,
        profile=given.profile,
        metadata=given.metadata == "keep",
        name=given.name or ("{name}" if given.masks is not None else "{index:02}"),
    )


def edge_option(name: str) -> str:
    """The option for an edge setting of that name."""
    return f"--{'edge-' if name in ('shift', 'contrast') else ''}{name.replace('_', '-')}"


def _check(given: argparse.Namespace) -> None:
    if given.box and given.masks is not None:
        raise UsageError("Boxes and masks both say where the people are; give --box or --masks, not both.")
    if given.masks is not None and given.recogniser != "auto":
        raise UsageError(f"Masks take the place of a recogniser; leave out --recogniser {given.recogniser}.")
    if given.masks is not None and not given.masks.is_dir():
        raise UsageError(f"The masks folder {given.masks} is not there.")
    for option, folder in (("hints", given.hints), ("pins", given.pins)):
        if folder is not None and not folder.is_dir():
            raise UsageError(f"The folder {folder} of --{option} is not there.")
    if given.out.exists() and not given.out.is_dir():
        raise UsageError(f"--out {given.out} is a file; name a folder.")
    if given.recomposable and given.published:
        raise UsageError("Published alphas do not add up to one; leave out --published or --recomposable.")
    output = export_options(given)
    problem = output.problem()
    if problem is not None:
        raise UsageError(f"{'--recomposable' if given.recomposable else '--canvas cropped'}: {problem}")
    if given.box:
        people = range(1, len(given.box) + 1)
        Refinement(given.refine, given.order).checked_order(people)
        stems = {output.stem("photo", index, f"Person {index + 1}").casefold() for index in range(len(people))}
        if len(stems) < len(people):
            raise UsageError(f"The name template {given.name!r} gives two people the same file; use {{index}}.")


def _photos(paths: list[Path], failures: list[tuple[Path, str]]) -> list[Path]:
    """Photos as given, folders as the photos in them, each file once."""
    found: dict[Path, Path] = {}
    for path in paths:
        inside = [path]
        if path.is_dir():
            try:
                # Hidden files are left out: macOS puts ._photo.jpg beside photo.jpg on foreign disks.
                inside = sorted(
                    entry
                    for entry in path.iterdir()
                    if is_photo_name(entry) and not entry.name.startswith(".") and entry.is_file()
                )
            except OSError as error:
                failures.append((path, f"The folder cannot be read: {error.strerror}."))
                continue
            if not inside:
                failures.append((path, "There is no photo in this folder (JPEG, PNG, TIFF, HEIC, AVIF, camera raw …)."))
        for photo in inside:
            found.setdefault(photo.absolute(), photo)
    return list(found.values())


def _check_report(given: argparse.Namespace, jobs: list[Job]) -> None:
    """Said before the work, because after it the report would be lost."""
    report: Path = given.report
    if report.is_dir() or not report.parent.is_dir():
        raise UsageError(f"The report {report} cannot be written there; name a file in a folder that exists.")
    if any(report.absolute() == job.photo.absolute() for job in jobs):
        raise UsageError(f"--report {report} is one of the photos; name another file.")
    if os.path.lexists(report) and not given.overwrite:
        raise UsageError(f"The report {report} is there already; --overwrite replaces it.")


def _without_effect(given: argparse.Namespace) -> list[str]:
    classical = api.engine_of(api.MatteOptions(engine=given.engine, model=given.model)) == "closed-form"
    effective = export_options(given).effective()
    told = given.masks is not None or given.box or given.recogniser == "prompt"
    idle = {
        "--score": told and given.score is not None,
        "--min-area": told and given.min_area is not None,
        "--order": bool(given.order) and "cycle" not in (given.refine, *dict(given.keep).values()),
        "--hints": given.hints is not None and given.published,
        "--pins": given.pins is not None and given.published,
        "--detail": given.detail == "native" and given.published,
        **{edge_option(name): given.published and getattr(given, name) != 0 for name in LIMITS},
        "--keep": bool(given.keep) and classical,
        "--passes": given.passes is not None and (classical or given.refine == "none"),
        "--layers": given.layers is not None and not effective["layers"],
        "--name": given.name is not None and not effective["name"],
        "--background": given.background != "photo" and not effective["background"],
        "--cleaning": given.cleaning != 100 and not effective["cleaning"],
        "--colours": given.colours != "clean" and not effective["colours"],
        "--canvas": given.canvas is not None and not effective["canvas"],
        "--profile": given.profile != "keep" and not effective["profile"],
        "--metadata": given.metadata == "keep" and not effective["metadata"],
        "--refine-window": given.refine_window is not None and (classical or given.published or given.refine == "none"),
        "--patch": given.patch is not None and (classical or given.refine == "none"),
    }
    return [f"{option} has no effect in this run." for option, is_idle in idle.items() if is_idle]
