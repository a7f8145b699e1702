"""The answers of a project in one categorical dimension, as arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Indexes: TypeAlias = "NDArray[np.int64]"
Ids: TypeAlias = "NDArray[np.int64]"


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """Who answered what: three columns of one row an answer, which hold indexes into the ids and labels.

    Ids and labels ascend, rows ascend by task and then person, and a person has one answer to a task. So the same
    answers are the same arrays, in whatever order they came.
    """

    task_ids: Ids
    person_ids: Ids
    labels: tuple[str, ...]
    tasks: Indexes
    people: Indexes
    answers: Indexes

    @classmethod
    def of(cls, answers: Iterable[tuple[int, int, str]], labels: Iterable[str] = ()) -> Ballots:
        """The ballots of these answers, each a task, a person and a label. A person's last answer to a task counts.

        `labels` adds labels that may be given but perhaps never were. Takes n log n, and the answers are read once.
        """
        tasks, people, codes = array("q"), array("q"), array("q")
        code_of: dict[str, int] = {}
        for task, person, label in answers:
            tasks.append(task)
            people.append(person)
            codes.append(code_of.setdefault(label, len(code_of)))
        known = tuple(sorted(code_of.keys() | set(labels)))
        places = {label: place for place, label in enumerate(known)}
        renumbered = np.fromiter((places[label] for label in code_of), np.int64, len(code_of))
        task_ids, task_rows = np.unique(_column(tasks), return_inverse=True)
        person_ids, person_rows = np.unique(_column(people), return_inverse=True)
        order = np.lexsort((person_rows, task_rows))
        task_rows, person_rows = task_rows[order], person_rows[order]
        last = np.ones(len(order), np.bool_)
        last[:-1] = (task_rows[1:] != task_rows[:-1]) | (person_rows[1:] != person_rows[:-1])
        rows = renumbered[_column(codes)[order][last]]
        return cls(task_ids, person_ids, known, task_rows[last], person_rows[last], rows)

    @property
    def sizes(self) -> Indexes:
        """How many answers each task has; never 0."""
        return np.bincount(self.tasks, minlength=len(self.task_ids))

    def with_labels(self, labels: Iterable[str]) -> Ballots:
        """The same answers where these labels could have been given as well."""
        wider = tuple(sorted({*self.labels, *labels}))
        if wider == self.labels:
            return self
        place_of = {label: place for place, label in enumerate(wider)}
        places = np.fromiter((place_of[label] for label in self.labels), np.int64, len(self.labels))
        return replace(self, labels=wider, answers=places[self.answers] if len(places) else self.answers)

    def only(self, chosen: NDArray[np.bool_]) -> Ballots:
        """The answers of the chosen rows, with all labels, and with the tasks and people that still have any."""
        task_ids, tasks = np.unique(self.tasks[chosen], return_inverse=True)
        person_ids, people = np.unique(self.people[chosen], return_inverse=True)
        return Ballots(
            self.task_ids[task_ids], self.person_ids[person_ids], self.labels, tasks, people, self.answers[chosen]
        )


def _column(values: array[int]) -> NDArray[np.int64]:
    return np.frombuffer(values, np.int64) if values else np.empty(0, np.int64)
