"""What a rule may look at. Each is a pure function of a person's conduct, registered by its name below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from annolog.domain.rules.conduct import MOST_RECENT, Conduct, Measure
from annolog.domain.skills.skill import MOST_DAYS, Source


class Parameters(BaseModel):
    """What a collector may be told. Strict about names, so that a misspelt one is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FastAnswers(Parameters):
    """Which answers are too fast, and among how many."""

    seconds: float = Field(gt=0, le=24 * 60 * 60, description="An answer is fast that took less.")
    last: int = Field(default=10, ge=1, le=MOST_RECENT, description="Among so many latest answers.")


class MeasuredSkill(Parameters):
    """Which skill: held against what, and since when."""

    source: Source
    days: int | None = Field(default=None, ge=1, le=MOST_DAYS, description="Of the last so many days; none: all time.")

    @property
    def measure(self) -> Measure:
        """The skill that is asked for."""
        return Measure(self.source, self.days)


@dataclass(frozen=True, slots=True)
class Collector:
    """`collect` gives a number, or None where too little is known to say one. `parameters` is what it takes."""

    collect: Callable[[Conduct, Any], float | None]
    parameters: type[Parameters] = Parameters


def answers(conduct: Conduct, _: Parameters) -> float:
    """How many answers the person has given."""
    return conduct.answers


def fast_answers(conduct: Conduct, parameters: FastAnswers) -> float | None:
    """How many of the latest answers took less than so many seconds. Unknown where none of them was timed."""
    times = [given.lead_time for given in conduct.last(parameters.last) if given.lead_time is not None]
    return sum(time < parameters.seconds for time in times) if times else None


def skips_in_row(conduct: Conduct, _: Parameters) -> float:
    """How many tasks the person has skipped since their last answer."""
    return conduct.skips_in_row


def ground_truth_accuracy(conduct: Conduct, _: Parameters) -> float | None:
    """The mean agreement with the ground truth, in [0, 1]."""
    return conduct.ground_truth_score if conduct.ground_truth_tasks else None


def ground_truth_tasks(conduct: Conduct, _: Parameters) -> float:
    """Over how many tasks that is."""
    return conduct.ground_truth_tasks


def majority_agreement(conduct: Conduct, _: Parameters) -> float | None:
    """The share of answers that are what most people said, in [0, 1]."""
    return conduct.majority_score if conduct.majority_tasks else None


def majority_tasks(conduct: Conduct, _: Parameters) -> float:
    """Over how many tasks that is."""
    return conduct.majority_tasks


def rejection_rate(conduct: Conduct, _: Parameters) -> float | None:
    """The share of reviewed annotations whose latest verdict is a rejection, in [0, 1]."""
    return conduct.rejected / conduct.reviewed if conduct.reviewed else None


def reviewed(conduct: Conduct, _: Parameters) -> float:
    """How many annotations of the person were reviewed."""
    return conduct.reviewed


def skill(conduct: Conduct, parameters: MeasuredSkill) -> float | None:
    """The share of answers that were right, in [0, 1]."""
    found = conduct.skills.get(parameters.measure)
    return found.value if found else None


def skill_low(conduct: Conduct, parameters: MeasuredSkill) -> float | None:
    """Where its 95% interval begins: at least so good, by all that is known."""
    found = conduct.skills.get(parameters.measure)
    return found.low if found else None


def skill_high(conduct: Conduct, parameters: MeasuredSkill) -> float | None:
    """Where its 95% interval ends: at most so good."""
    found = conduct.skills.get(parameters.measure)
    return found.high if found else None


def skill_answers(conduct: Conduct, parameters: MeasuredSkill) -> float:
    """Over how many answers that is."""
    found = conduct.skills.get(parameters.measure)
    return found.answers if found else 0


COLLECTORS: Mapping[str, Collector] = MappingProxyType(
    {
        "answers": Collector(answers),
        "fast_answers": Collector(fast_answers, FastAnswers),
        "skips_in_row": Collector(skips_in_row),
        "ground_truth_accuracy": Collector(ground_truth_accuracy),
        "ground_truth_tasks": Collector(ground_truth_tasks),
        "majority_agreement": Collector(majority_agreement),
        "majority_tasks": Collector(majority_tasks),
        "rejection_rate": Collector(rejection_rate),
        "reviewed": Collector(reviewed),
        "skill": Collector(skill, MeasuredSkill),
        "skill_low": Collector(skill_low, MeasuredSkill),
        "skill_high": Collector(skill_high, MeasuredSkill),
        "skill_answers": Collector(skill_answers, MeasuredSkill),
    }
)
