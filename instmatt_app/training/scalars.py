"""Scalars of a run: CSV files that survive interruptions, and TensorBoard where it is installed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from instmatt_app.files.atomic import write_beside


class Table:
    """A CSV file of numbers, one row for a step; a resumed run goes on where its checkpoint was written."""

    def __init__(self, path: Path, step: int) -> None:
        """Opens the file and drops the rows beyond `step`, which the resumed run will make again."""
        self._path = path
        self._columns: list[str] = []
        rows: list[dict[str, str]] = []
        if path.is_file():
            with path.open(newline="", encoding="utf-8") as file:
                reader = csv.DictReader(file)
                self._columns = list(reader.fieldnames or ())
                # A line that a power cut tore off has no number in its first column, or not all columns.
                rows = [row for row in reader if None not in row.values() and (row["step"] or "").isdigit()]
        self._rewrite([row for row in rows if int(row["step"]) <= step])

    def add(self, row: Mapping[str, float]) -> None:
        """Appends a row that has a "step"; unknown columns are added to the table."""
        if new := [name for name in row if name not in self._columns]:
            with self._path.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            self._columns += new
            self._rewrite([{name: old.get(name, "") for name in self._columns} for old in rows])
        with self._path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self._columns).writerow({name: _short(value) for name, value in row.items()})

    def _rewrite(self, rows: list[dict[str, str]]) -> None:
        text = io.StringIO(newline="")
        if self._columns:
            writer = csv.DictWriter(text, self._columns)
            writer.writeheader()
            writer.writerows(rows)
        write_beside(self._path, text.getvalue().encode(), overwrite=True)


def _short(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.6g}"


class Board:
    """TensorBoard's files in the run's folder; nothing where it is not installed."""

    def __init__(self, folder: Path, step: int) -> None:
        self._writer: Any = None
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            return
        self._writer = SummaryWriter(str(folder), purge_step=step + 1)

    def add(self, group: str, row: Mapping[str, float]) -> None:
        """Shows the row's numbers under the group's name."""
        if self._writer is not None:
            for name, value in row.items():
                if name != "step":
                    self._writer.add_scalar(f"{group}/{name}", value, int(row["step"]))

    def close(self) -> None:
        """Writes what is still held back."""
        if self._writer is not None:
            self._writer.close()
