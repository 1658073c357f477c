"""Export: which files a set of options makes of a photo's people, and writing them; for window and command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from instmatt_app.api.result import Result
from instmatt_app.core.interfaces import Step, silent
from instmatt_app.files.export_options import CanvasName, DocumentName, ExportOptions, FormatName
from instmatt_app.files.formats import check_size
from instmatt_app.files.formats.document import DocumentError
from instmatt_app.files.layer_writer import check_distinct, check_targets, document_target, layer_targets


@dataclass(frozen=True)
class Export:
    """Options, the folder that files go to, and the photo's name without suffix.

    ``copy`` counts from 2 the files that are kept beside those of earlier exports; 1 adds nothing to the names.
    """

    options: ExportOptions
    folder: Path
    photo: str
    copy: int = 1

    def targets(self, names: Sequence[str]) -> list[Path]:
        """The files for people of these names, in the order in which they are written.

        Raises:
            ValueError: a name cannot be a file's, or two are the same.
            DocumentError: the options do not go together.
        """
        problem = self.options.problem()
        if problem is not None:
            raise DocumentError(problem)
        options = self.options
        if options.is_document:
            return [document_target(self.folder, self._copied(self.photo), cast(DocumentName, options.format))]
        targets = layer_targets(self.folder, self._stems(names), options.layers, cast(FormatName, options.format))
        check_distinct(targets)
        return targets

    def check(self, names: Sequence[str], size: tuple[int, int] | None, overwrite: bool) -> list[Path]:
        """The files, if they can be written; ``size`` is the photo's, (width, height), if it is known.

        Writes nothing, so it can be asked before the work. Raises like :meth:`targets`,
        :func:`~instmatt_app.files.layer_writer.check_targets` and :func:`~instmatt_app.files.formats.check_size`.
        """
        targets = self.targets(names)
        if size is not None:
            check_size(self.options.format, *size)
        check_targets(self.folder, targets, overwrite)
        return targets

    def present(self, names: Sequence[str]) -> list[Path]:
        """Those of the files that are there already."""
        return [target for target in self.targets(names) if os.path.lexists(target)]

    def beside(self, names: Sequence[str]) -> Export:
        """The same export under names of which none is taken: the first copy that finds room."""
        found = self
        while found.present(names):
            found = replace(found, copy=found.copy + 1)
        return found

    def write(self, result: Result, *, overwrite: bool = False, step: Step = silent) -> list[Path]:
        """Writes the people of a result. Raises like :meth:`Result.save` and :meth:`Result.save_document`."""
        options = self.options
        problem = options.problem()
        if problem is not None:
            raise DocumentError(problem)
        result = result.in_profile(options.profile)
        canvas: CanvasName = "cropped" if options.is_cropped else "full"
        if options.is_document:
            return [
                result.save_document(
                    self.folder,
                    format=cast(DocumentName, options.format),
                    stem=self._copied(self.photo),
                    recomposable=options.recomposable,
                    background=options.background,
                    colours=options.colours,
                    cleaning=options.cleaning,
                    canvas=canvas,
                    metadata=options.metadata,
                    overwrite=overwrite,
                    step=step,
                )
            ]
        return result.save(
            self.folder,
            layers=options.layers,
            format=cast(FormatName, options.format),
            stems=self._stems([one.name for one in result.people]),
            colours=options.colours,
            cleaning=options.cleaning,
            canvas=canvas,
            metadata=options.metadata,
            overwrite=overwrite,
            step=step,
        )

    def _stems(self, names: Sequence[str]) -> list[str]:
        return [self._copied(self.options.stem(self.photo, index, name)) for index, name in enumerate(names)]

    def _copied(self, stem: str) -> str:
        return stem if self.copy == 1 else f"{stem} ({self.copy})"
