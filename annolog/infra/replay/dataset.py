"""Reading a folder of recorded crowd work: who gave which label to which task, what is true, and the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import polars

from annolog.datasets import names, shipped
from annolog.domain.refusals import Fault, InvalidInput

LABELS, TRUTH, TASKS = "labels.csv", "truth.csv", "tasks.csv"


@dataclass(frozen=True, slots=True)
class RecordedLabel:
    """What one worker really answered, and how many seconds that took, if it was recorded."""

    task: str
    worker: str
    label: str
    duration: float | None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A crowd's work in recorded order. `repeated` labels, second ones of a worker on a task, are left out."""

    name: str
    labels: Sequence[RecordedLabel]
    truth: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    repeated: int

    @property
    def tasks(self) -> list[str]:
        """Every task that has a label, in order of its first."""
        return list(dict.fromkeys(label.task for label in self.labels))

    @property
    def workers(self) -> list[str]:
        """Everybody who labeled, in order of their first label."""
        return list(dict.fromkeys(label.worker for label in self.labels))

    @property
    def classes(self) -> list[str]:
        """Every label that was given or is true, in order."""
        return sorted({label.label for label in self.labels} | set(self.truth.values()), key=_as_number_first)

    @property
    def most_labels(self) -> int:
        """The largest number of labels of any task."""
        return max(Counter(label.task for label in self.labels).values())


def _as_number_first(label: str) -> tuple[float, str]:
    try:
        number = float(label)
    except ValueError:
        return float("inf"), label
    return (number if isfinite(number) else float("inf")), label


def load(name_or_folder: str) -> Dataset:
    """The data set of that name, or in that folder; refused with file, line and column where it cannot be read."""
    folder = shipped(name_or_folder) if name_or_folder in names() else Path(name_or_folder)
    if not (folder / LABELS).is_file():
        known = ", ".join(names())
        raise _wrong(folder.name, f"is no folder with a {LABELS}; data sets that ship are {known}")
    labels, repeated = _labels(folder / LABELS)
    truth = {row["task"]: row["truth"] for _, row in _rows(folder / TRUTH, ("task", "truth"))}
    texts = {row["task"]: _others(row) for _, row in _rows(folder / TASKS, ("task",))}
    return Dataset(folder.resolve().name, labels, truth, texts, repeated)


def _others(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name != "task"}


def _labels(path: Path) -> tuple[list[RecordedLabel], int]:
    found: dict[tuple[str, str], RecordedLabel] = {}
    repeated = 0
    for line, row in _rows(path, ("task", "worker", "label")):
        key = (row["task"], row["worker"])
        if key in found:
            repeated += 1
            continue
        found[key] = RecordedLabel(*key, row["label"], _duration(path, line, row.get("duration_s", "")))
    if not found:
        raise _wrong(path.name, "holds no label")
    return list(found.values()), repeated


def _duration(path: Path, line: int, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = float("nan")
    if not isfinite(seconds) or seconds < 0:
        raise _wrong(path.name, f"line {line}, column duration_s: {text!r} is no duration")
    return seconds


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file as text, with their number from 2; none if there is no such file."""
    if not path.is_file():
        return
    try:
        table = polars.read_csv(path, infer_schema=False, encoding="utf8", truncate_ragged_lines=False)
    except polars.exceptions.NoDataError:
        raise _wrong(path.name, "is empty") from None
    except (polars.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise _wrong(path.name, f"is not a CSV file in UTF-8: {str(error).splitlines()[0]}") from error
    columns = [column.strip().removeprefix("\ufeff") for column in table.columns]
    for name in needed:
        if name not in columns:
            raise _wrong(path.name, f"has no column {name!r}, only {', '.join(columns)}")
    for line, values in enumerate(table.iter_rows(), start=2):
        row = {name: value or "" for name, value in zip(columns, values, strict=True)}
        for name in needed:
            row[name] = row[name].strip()
            if not row[name]:
                raise _wrong(path.name, f"row {line}, column {name}: is empty")
        yield line, row


def _wrong(file: str, message: str) -> InvalidInput:
    return InvalidInput(f"{file}: {message}", faults=[Fault(file, message)])
