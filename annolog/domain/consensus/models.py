"""How a project's people answer: what was learnt, small enough to keep, and enough to judge one more answer by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import log
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from annolog.domain.consensus.shares import FLOOR, crowd_accuracy, error_share, even_error, shrunk
from annolog.domain.faults import faults_of
from annolog.domain.refusals import Fault, InvalidInput

# So many numbers that follow from a model are kept in memory (some 30 MB).
MOST_REMEMBERED = 1_000_000
# Expected counts are kept to so many decimals.
DECIMALS = 4

Counts: TypeAlias = "Mapping[tuple[int, int], float]"


class Kind(StrEnum):
    """What is assumed of people: nothing, a weight each, one accuracy each, or a confusion matrix each."""

    MAJORITY = "majority"
    WEIGHTED = "weighted"
    ONE_COIN = "one_coin"
    DAWID_SKENE = "dawid_skene"


@dataclass(frozen=True, slots=True)
class PersonSkill:
    """What one person's answers are expected to have been, in counts of answers.

    `correct` of `answers` were right. `confusion` counts answers by true and given label, by their places among the
    model's labels, and leaves out zeros; only Dawid-Skene fills it. Answers that are no evidence, such as the only
    one to a task without ground truth, are not counted.
    """

    correct: float
    answers: float
    confusion: Counts = field(default_factory=dict)
    row_totals: Mapping[int, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Add up the rows."""
        totals: dict[int, float] = {}
        for (true, _), count in self.confusion.items():
            totals[true] = totals.get(true, 0.0) + count
        object.__setattr__(self, "row_totals", totals)


NOBODY = PersonSkill(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Model:
    """What a fit learnt, rounded: written and read back, it judges exactly as before.

    `prior` is how frequent each label is. `tasks` and `answers` say how much it was fitted on.

    A person's accuracy is shrunk towards the crowd's by `shrinkage` pseudo-labels. A row of their confusion matrix is
    shrunk, by as many, towards their own accuracy and the errors that the pooled crowd makes for that true label. So
    a person of whom nothing is known is the crowd, and of a person who answered little their accuracy is used before
    their confusions. (Rows that are shrunk towards the crowd's rows as they are, as one might, were worse by up to 4
    points on four recorded crowds, and never better.)
    """

    kind: Kind
    labels: tuple[str, ...]
    prior: tuple[float, ...]
    people: Mapping[int, PersonSkill]
    shrinkage: float
    tasks: int
    answers: int
    pooled: PersonSkill = field(init=False, repr=False, compare=False)
    crowd_accuracy: float = field(init=False, repr=False, compare=False)
    places: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _errors: dict[int, list[float]] = field(init=False, repr=False, compare=False)
    _evidence: dict[tuple[int, int], tuple[float, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Pool the people."""
        pooled = _pooled(self.people.values())
        object.__setattr__(self, "pooled", pooled)
        object.__setattr__(self, "crowd_accuracy", crowd_accuracy(pooled.correct, pooled.answers, len(self.labels)))
        object.__setattr__(self, "places", {label: place for place, label in enumerate(self.labels)})
        object.__setattr__(self, "_errors", {})
        object.__setattr__(self, "_evidence", {})

    def accuracy_of(self, person: int) -> float:
        """How often this person is right, shrunk towards the crowd."""
        skill = self.people.get(person, NOBODY)
        return shrunk(skill.correct, skill.answers, self.crowd_accuracy, self.shrinkage, len(self.labels))

    def crowd_errors(self, given: int) -> list[float]:
        """Of the crowd's errors for each true label, the share that are this label; 0 for the label itself."""
        if (shares := self._errors.get(given)) is None:
            classes, counts, totals = len(self.labels), self.pooled.confusion, self.pooled.row_totals
            shares = [
                error_share(
                    counts.get((true, given), 0.0),
                    totals.get(true, 0.0) - counts.get((true, true), 0.0),
                    classes,
                )
                for true in range(classes)
            ]
            shares[given] = 0.0
            self._errors[given] = shares
        return shares

    def shares_of(self, person: int, given: int) -> list[float]:
        """How often this person gives a label, for each true label: a column of their confusion matrix."""
        classes, accuracy = len(self.labels), self.accuracy_of(person)
        if self.kind is not Kind.DAWID_SKENE:
            shares = [even_error(accuracy, classes)] * classes
            shares[given] = accuracy
            return shares
        skill, wrong = self.people.get(person, NOBODY), 1 - accuracy
        expected = [wrong * share for share in self.crowd_errors(given)]
        expected[given] = accuracy
        counts, totals = skill.confusion, skill.row_totals
        if (shrinkage := self.shrinkage) <= 0:
            return [
                shrunk(counts.get((true, given), 0.0), totals.get(true, 0.0), share, 0.0, classes)
                for true, share in enumerate(expected)
            ]
        # `shrunk` written out, for each of the answers of a task waits for it.
        weight = shrinkage + FLOOR * classes
        return [
            (counts.get((true, given), 0.0) + shrinkage * share + FLOOR) / (totals.get(true, 0.0) + weight)
            for true, share in enumerate(expected)
        ]

    def evidence_of(self, person: int, given: int) -> tuple[float, ...]:
        """The logarithms of `shares_of`: what this answer says for each label. Remembered for the next task."""
        if (evidence := self._evidence.get((person, given))) is None:
            evidence = tuple([log(share) for share in self.shares_of(person, given)])
            if len(self._evidence) * len(self.labels) < MOST_REMEMBERED:
                self._evidence[person, given] = evidence
        return evidence

    def with_labels(self, labels: Iterable[str]) -> Model:
        """The same knowledge where more labels are possible: each as rare as if it were that of one task more."""
        new = sorted(set(labels) - set(self.labels))
        if not new:
            return self
        rare = 1 / (self.tasks + len(new))
        kept = 1 - rare * len(new)
        prior = (*(share * kept for share in self.prior), *(rare for _ in new))
        return replace(self, labels=(*self.labels, *new), prior=prior)

    def to_parameters(self) -> dict[str, object]:
        """The model as JSON can hold it. A person is `[correct, answers, [[true, given, count], …]]`."""
        return {
            "kind": self.kind.value,
            "labels": list(self.labels),
            "prior": list(self.prior),
            "shrinkage": self.shrinkage,
            "tasks": self.tasks,
            "answers": self.answers,
            "people": {
                str(person): [
                    skill.correct,
                    skill.answers,
                    [[true, given, count] for (true, given), count in skill.confusion.items()],
                ]
                for person, skill in self.people.items()
            },
        }

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, object]) -> Model:
        """The model that `to_parameters` wrote; refuses with the name of the field what it did not write."""
        try:
            stored = _Parameters.model_validate(parameters)
        except ValidationError as error:
            raise faults_of(error) from None
        classes = len(stored.labels)
        if len(set(stored.labels)) != classes:
            raise _fault("/labels", "labels must differ from each other")
        if len(stored.prior) != classes:
            raise _fault("/prior", "prior must have one share for each label")
        for person, (_, _, cells) in stored.people.items():
            if any(max(true, given) >= classes for true, given, _ in cells):
                raise _fault(f"/people/{person}/2", "a count names a label that does not exist")
        people = {
            person: PersonSkill(correct, answers, {(true, given): count for true, given, count in cells})
            for person, (correct, answers, cells) in sorted(stored.people.items())
        }
        return cls(
            stored.kind,
            tuple(stored.labels),
            tuple(stored.prior),
            people,
            stored.shrinkage,
            stored.tasks,
            stored.answers,
        )


_Count = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Share = Annotated[float, Field(gt=0, le=1)]
_Number = Annotated[int, Field(ge=0)]


class _Parameters(BaseModel):
    """What `Model.to_parameters` writes."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    labels: list[str]
    prior: list[_Share]
    shrinkage: _Count
    tasks: _Number
    answers: _Number
    people: dict[int, tuple[_Count, _Count, list[tuple[_Number, _Number, _Count]]]]


def _fault(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])


def _pooled(people: Iterable[PersonSkill]) -> PersonSkill:
    correct = answers = 0.0
    counts: dict[tuple[int, int], float] = {}
    for skill in people:
        correct += skill.correct
        answers += skill.answers
        for cell, count in skill.confusion.items():
            counts[cell] = counts.get(cell, 0.0) + count
    return PersonSkill(correct, answers, counts)
