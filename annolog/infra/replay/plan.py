"""How a data set is replayed: the project it becomes, and the keys under which everything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5
from xml.sax.saxutils import quoteattr

import orjson

from annolog.domain.project.settings import LONGEST_RESERVATION, MOST_SLOTS
from annolog.infra.replay.dataset import Dataset, RecordedLabel
from annolog.infra.replay.front_door import Result

# What a labeling config can refer to as a whole; other columns are in the data all the same.
_SHOWABLE = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to replay. `additional` is the most people asked beyond the overlap; `speed` 0 is as fast as possible.

    A title names the run: a run of the same title that broke off goes on where it was. Without one every run is new.
    """

    overlap: int = 3
    threshold: float = 0.75
    additional: int = 7
    seed: int = 0
    speed: float = 0.0
    all_labels: bool = False
    title: str | None = None
    run: str = field(default_factory=lambda: uuid4().hex)

    def slots(self, dataset: Dataset) -> int:
        """How many people a task needs at first."""
        return min(dataset.most_labels, MOST_SLOTS) if self.all_labels else self.overlap

    def settings(self, dataset: Dataset) -> dict[str, Any]:
        """Settings of the project: with all labels everybody gets a slot and no rule is on."""
        rule = {"enabled": not self.all_labels, "threshold": self.threshold, "maximum_additional": self.additional}
        return {
            "assignment": {
                "overlap": self.slots(dataset),
                "seed": self.seed,
                "reservation_seconds": LONGEST_RESERVATION,
            },
            "reassignment": rule,
            "review": {"sample_percent": 0},
        }

    def key(self, dataset: Dataset, *parts: str) -> str:
        """The same for the same part of the same run, and of a length and kind that any header takes."""
        name = [self.title or self.run, dataset.name, self.seed, *parts]
        return str(uuid5(NAMESPACE_OID, orjson.dumps(name).decode()))


def label_config(dataset: Dataset) -> str:
    """One choice among the recorded labels, over the texts of the tasks or, where there are none, their ids."""
    columns = {name for text in dataset.texts.values() for name in text}
    fields = sorted(name for name in columns if _SHOWABLE.fullmatch(name)) or ["id"]
    shown = "".join(
        f"<Text name={quoteattr(f'text{n}')} value={quoteattr('$' + name)}/>" for n, name in enumerate(fields)
    )
    choices = "".join(f"<Choice value={quoteattr(label)}/>" for label in dataset.classes)
    return f'<View>{shown}<Choices name="label" toName="text0" choice="single">{choices}</Choices></View>'


def result_of(label: RecordedLabel) -> Result:
    """The result of choosing a label."""
    return [{"from_name": "label", "to_name": "text0", "type": "choices", "value": {"choices": [label.label]}}]


def tasks_of(dataset: Dataset) -> list[dict[str, Any]]:
    """The tasks as they are imported; what a task has no text for is empty."""
    empty = dict.fromkeys((name for text in dataset.texts.values() for name in text), "")
    return [
        {"data": {**empty, "id": task, **dataset.texts.get(task, {})}, "meta": {"task": task}} for task in dataset.tasks
    ]
