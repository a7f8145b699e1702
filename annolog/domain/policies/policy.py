"""What a policy sees of tasks, and what it says of them.

A policy judges many tasks at once, as arrays with a row a task; a single task is a batch of one. So the decision on a
task that people work on and the replay of a hundred thousand recorded answers follow the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = "NDArray[np.float64]"
Indexes: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where tasks stand: a row a task.

    `votes` has a column a label, how many people gave it. `posteriors` has how likely the consensus holds each label
    to be; rows sum to 1, and a policy that does not use them is given whatever there is. `eligible` counts the people
    who could still be asked.
    """

    votes: Floats
    posteriors: Floats
    eligible: Indexes

    @property
    def answers(self) -> Floats:
        """How many answers each task has."""
        return np.asarray(self.votes.sum(axis=1))

    @property
    def disagreements(self) -> Floats:
        """How many answers of each task are not the one that most people gave."""
        return np.asarray(self.votes.sum(axis=1) - self.votes.max(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Who could be asked: a row a task, a column a candidate.

    `people` has places among the project's people, and -1 where there are fewer candidates. `accuracies` are how often
    each person is right, shrunk towards the crowd, and `tagged` says who carries the tag that experts carry, both by
    place. `confusions` has a matrix a person: the share of each given label (last axis) for each true one.
    """

    people: Indexes
    accuracies: Floats
    tagged: Flags
    confusions: Floats


@dataclass(frozen=True, slots=True)
class Start:
    """How many answers tasks get before anything is judged.

    A `pilot_share` of the tasks, drawn at random, gets `pilot_answers`, so that people are known before the others
    are asked about; every other task gets `answers`.
    """

    answers: int
    pilot_share: float = 0.0
    pilot_answers: int = 0


class Verdict(StrEnum):
    """What follows for a task."""

    ENOUGH = "enough"
    ONE_MORE = "one_more"
    EXHAUSTED = "exhausted"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy says of one task, as it is kept with the task's history: enough to judge it again.

    `need` is how badly the task needs another answer; it can be compared between tasks under the same policy.
    """

    verdict: Verdict
    need: float
    reason: str
    policy: str
    version: int
    parameter: float


class Policy(Protocol):
    """A rule for when a task has enough answers.

    `version` rises whenever the same answers would lead to another decision. `parameter` is the setting that users
    turn. A policy that `ranks` is asked again about all tasks as answers come, and the neediest come first; any other
    closes a task by itself. `by_model` says whether its consensus is that of a model of people, or the majority's.
    """

    @property
    def name(self) -> str:
        """What users call it."""
        ...

    @property
    def version(self) -> int:
        """The version of the rule."""
        ...

    @property
    def ranks(self) -> bool:
        """Whether the neediest task comes first."""
        ...

    @property
    def by_model(self) -> bool:
        """Whether its consensus is a model's."""
        ...

    @property
    def parameter(self) -> float:
        """The setting that users turn."""
        ...

    @property
    def start(self) -> Start:
        """The answers that every task gets first."""
        ...

    @property
    def most(self) -> int | None:
        """Most answers a task may have, if that is limited."""
        ...

    def needs(self, tasks: Standing) -> Floats:
        """How badly each task needs one more answer; 0 where it has enough. Limits are not its concern."""
        ...

    def worth(self, tasks: Standing, panel: Panel) -> Floats:
        """What asking each candidate promises; who promises most is asked. `-inf` for whom it does not let in."""
        ...

    def reason(self, tasks: Standing, row: int) -> str:
        """Why it says so of this task, in words for people."""
        ...


def allowed(policy: Policy, tasks: Standing) -> Flags:
    """Which tasks are below the most answers that the policy allows."""
    if policy.most is None:
        return np.ones(len(tasks.votes), np.bool_)
    return np.asarray(tasks.answers < policy.most)


def decide(policy: Policy, task: Standing) -> Decision:
    """The decision on a single task: a standing of one row."""
    need = float(policy.needs(task)[0])
    if need <= 0:
        verdict = Verdict.ENOUGH
    elif not allowed(policy, task)[0]:
        verdict = Verdict.EXHAUSTED
    elif task.eligible[0] < 1:
        verdict = Verdict.INFEASIBLE
    else:
        verdict = Verdict.ONE_MORE
    return Decision(verdict, need, _in_words(policy, task, verdict), policy.name, policy.version, policy.parameter)


def _in_words(policy: Policy, task: Standing, verdict: Verdict) -> str:
    reason = policy.reason(task, 0)
    if verdict is Verdict.EXHAUSTED:
        return f"{reason}, and {policy.most} answers are the most that are asked for"
    if verdict is Verdict.INFEASIBLE:
        return f"{reason}, and nobody is left who may be asked"
    return reason


def anybody(panel: Panel) -> Floats:
    """No preference: the same worth for every candidate there is."""
    return np.where(panel.people >= 0, 0.0, -np.inf)
