"""Reading a folder of recorded crowd work: who gave which label to which task, what is true, and the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path

from annolog.datasets import names, shipped
from annolog.infra.replay.table import Row, rows, unreadable

LABELS, TRUTH, TASKS = "labels.csv", "truth.csv", "tasks.csv"


@dataclass(frozen=True, slots=True)
class RecordedLabel:
    """What one worker really answered, and how many seconds that took, if it was recorded."""

    task: str
    worker: str
    label: str
    duration: float | None


@dataclass(frozen=True)
class Dataset:
    """A crowd's work in recorded order. `repeated` labels, second ones of a worker on a task, are left out."""

    name: str
    labels: Sequence[RecordedLabel]
    truth: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    repeated: int

    @cached_property
    def tasks(self) -> list[str]:
        """Every task that has a label, in order of its first."""
        return list(dict.fromkeys(label.task for label in self.labels))

    @cached_property
    def workers(self) -> list[str]:
        """Everybody who labeled, in order of their first label."""
        return list(dict.fromkeys(label.worker for label in self.labels))

    @cached_property
    def classes(self) -> list[str]:
        """Every label that was given or is true, in order."""
        return sorted({label.label for label in self.labels} | set(self.truth.values()), key=_as_number_first)

    @cached_property
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
        raise unreadable(name_or_folder, f"is no folder with a {LABELS}; data sets that ship are {known}")
    labels, repeated = _labels(folder / LABELS)
    truth = {row["task"]: row["truth"] for row in _one_a_task(folder / TRUTH, ("task", "truth"))}
    texts = {row["task"]: _others(row) for row in _one_a_task(folder / TASKS, ("task",))}
    return Dataset(folder.resolve().name, labels, truth, texts, repeated)


def _others(row: Row) -> dict[str, str]:
    return {name: value for name, value in row.values.items() if name != "task"}


def _one_a_task(path: Path, needed: Sequence[str]) -> list[Row]:
    """The rows of a file that need not be there, and in which a task comes once."""
    if not path.is_file():
        return []
    found: dict[str, Row] = {}
    for row in rows(path, needed):
        if row["task"] in found:
            raise row.wrong("task", f"{row['task']!r} is in line {found[row['task']].line} already")
        found[row["task"]] = row
    return list(found.values())


def _labels(path: Path) -> tuple[list[RecordedLabel], int]:
    found: dict[tuple[str, str], RecordedLabel] = {}
    repeated = 0
    for row in rows(path, ("task", "worker", "label")):
        key = (row["task"], row["worker"])
        if key in found:
            repeated += 1
        else:
            found[key] = RecordedLabel(*key, row["label"], _duration(row))
    if not found:
        raise unreadable(path.name, "holds no label")
    return list(found.values()), repeated


def _duration(row: Row) -> float | None:
    text = row.values.get("duration_s", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = float("nan")
    if not isfinite(seconds) or seconds < 0:
        raise row.wrong("duration_s", f"{text!r} is no duration in seconds")
    return seconds
