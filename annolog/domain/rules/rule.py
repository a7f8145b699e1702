"""What a rule is: conditions that all have to hold, and what then happens. And whether they hold."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from annolog.domain.faults import faults_of
from annolog.domain.project.events import PauseKind
from annolog.domain.refusals import Fault, InvalidInput
from annolog.domain.rules.collectors import COLLECTORS, MeasuredSkill
from annolog.domain.rules.conduct import MOST_RECENT, Conduct, Measure

MOST_CONDITIONS = 20
LONGEST_PAUSE_MINUTES = 366 * 24 * 60
# A name is part of an address.
NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"


class Comparison(StrEnum):
    """How a number is held against another."""

    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    EQ = "eq"
    NE = "ne"


HOLDS: Mapping[Comparison, Callable[[float, float], bool]] = {
    Comparison.GT: operator.gt,
    Comparison.GTE: operator.ge,
    Comparison.LT: operator.lt,
    Comparison.LTE: operator.le,
    Comparison.EQ: operator.eq,
    Comparison.NE: operator.ne,
}


class Part(BaseModel):
    """A part of a rule: frozen, and strict about names, so that a misspelt one is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Part):
    """One number that is looked at, and what it is held against."""

    collector: str
    comparison: Comparison
    value: float = Field(allow_inf_nan=False)
    parameters: dict[str, Any] = Field(default_factory=dict)

    def collected(self, conduct: Conduct) -> float | None:
        """The number, None where too little is known, or where nobody collects it any more."""
        found = COLLECTORS.get(self.collector)
        return None if found is None else found.collect(conduct, found.parameters.model_validate(self.parameters))

    @property
    def measure(self) -> Measure | None:
        """The measured skill that it asks for, if it asks for one."""
        found = COLLECTORS.get(self.collector)
        if found is None or found.parameters is not MeasuredSkill:
            return None
        return MeasuredSkill.model_validate(self.parameters).measure

    def holds(self, number: float | None) -> bool:
        """Whether it holds for this number. Of what is not known nothing holds."""
        return number is not None and HOLDS[self.comparison](number, self.value)


class Pause(Part):
    """Keep the person from new work (flexible) or from everything (full), for so many minutes, or until it is ended."""

    do: Literal["pause"]
    kind: PauseKind = PauseKind.FULL
    minutes: float | None = Field(default=None, gt=0, le=LONGEST_PAUSE_MINUTES)


class SetSkill(Part):
    """Note what the person is good for."""

    do: Literal["set_skill"]
    skill: str = Field(min_length=1, max_length=100)
    value: float = Field(allow_inf_nan=False)


class RaiseOverlap(Part):
    """Ask so many more people about the tasks of the person's latest answers."""

    do: Literal["raise_overlap"]
    by: int = Field(default=1, ge=1, le=10)
    last: int = Field(default=10, ge=1, le=MOST_RECENT)


class Redo(Part):
    """Let the person's latest answers count for nothing, so that their tasks are open again."""

    do: Literal["redo"]
    last: int = Field(default=10, ge=1, le=MOST_RECENT)


Action = Pause | SetSkill | RaiseOverlap | Redo


class Rule(Part):
    """If all conditions hold for an annotator, the action follows. With `again` off, once a person and version."""

    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=MOST_CONDITIONS)
    action: Annotated[Action, Field(discriminator="do")]
    enabled: bool = True
    again: bool = Field(default=True, description="Whether it may fire for the same person more than once.")

    @property
    def counts_skips(self) -> bool:
        """Whether a skip is news to it."""
        return any(condition.collector == "skips_in_row" for condition in self.conditions)

    @property
    def measures(self) -> frozenset[Measure]:
        """The measured skills that it asks for."""
        return frozenset(measure for condition in self.conditions if (measure := condition.measure))

    def hold(self, inputs: Mapping[str, float]) -> bool:
        """Whether all conditions hold for these numbers, by name of collector."""
        return all(condition.holds(inputs.get(condition.collector)) for condition in self.conditions)


def judge(rule: Rule, conduct: Conduct) -> dict[str, float] | None:
    """The numbers for which the rule's conditions hold, by name of collector; None where one does not."""
    if not rule.enabled:
        return None
    inputs: dict[str, float] = {}
    for condition in rule.conditions:
        number = condition.collected(conduct)
        if number is None or not condition.holds(number):
            return None
        inputs[condition.collector] = number
    return inputs


def looked_at(rule: Rule, conduct: Conduct) -> list[int]:
    """The tasks of the answers that the rule looked at one by one, or that its action is about; each once."""
    most = max(int(condition.parameters.get("last", 0)) for condition in rule.conditions)
    if isinstance(rule.action, RaiseOverlap | Redo):
        most = rule.action.last
    return list(dict.fromkeys(given.task for given in conduct.last(most))) if most else []


def checked(raw: Mapping[str, Any]) -> Rule:
    """The rule that was sent. Refused where it is none, naming every field that is wrong."""
    rule = _parsed(raw)
    conditions = tuple(_checked(place, condition) for place, condition in enumerate(rule.conditions))
    known: dict[str, Mapping[str, Any]] = {}
    for place, condition in enumerate(conditions):
        # Inputs are recorded by the name of their collector.
        if known.setdefault(condition.collector, condition.parameters) != condition.parameters:
            raise _wrong(f"/conditions/{place}/parameters", f"a rule looks at {condition.collector} in one way only")
    return rule.model_copy(update={"conditions": conditions})


def _parsed(raw: Mapping[str, Any]) -> Rule:
    try:
        return Rule.model_validate(raw)
    except ValidationError as error:
        found = faults_of(error)
    # Between the action and its fields pydantic names which action it is, which is no place in what was sent.
    faults = [
        Fault(re.sub(r"^/action/(pause|set_skill|raise_overlap|redo)/", "/action/", f.pointer), f.message)
        for f in found.faults
    ]
    raise InvalidInput(f"{faults[0].pointer}: {faults[0].message}", faults=faults)


def _checked(place: int, condition: Condition) -> Condition:
    """The condition with every parameter, also those that were left out."""
    found = COLLECTORS.get(condition.collector)
    if found is None:
        raise _wrong(f"/conditions/{place}/collector", f"must be one of {', '.join(COLLECTORS)}")
    try:
        parameters = found.parameters.model_validate(condition.parameters)
    except ValidationError as error:
        raise faults_of(error, prefix=f"/conditions/{place}/parameters") from error
    return condition.model_copy(update={"parameters": parameters.model_dump(mode="json")})


def _wrong(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(f"{pointer}: {message}", faults=[Fault(pointer, message)])
