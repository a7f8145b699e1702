"""What one task adds to the agreement figures of its project, by one definition of agreement.

A figure that runs takes out what the task added before a change, and puts in what it adds after it: the work is that of
one task, however large the project. All amounts are integers, so nothing is left behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from annolog.domain.agreement.ballot import Ballot
from annolog.domain.agreement.coefficients import Pattern, pattern_of
from annolog.domain.agreement.comparison import OVERALL, Comparison, Outline
from annolog.domain.agreement.trillionths import to_trillionths
from annolog.domain.labeling import Dimension, LabelingConfig, decode_value

Encoded = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a metric of the project's own made of the answers: the task's score, and that of every two people."""

    score: float | None
    pairs: Mapping[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Votes:
    """What is compared, by person, and what is true; values by dimension, as canonical JSON."""

    compared: Mapping[int, Encoded]
    truth: Encoded | None
    measured: Measured | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What a task adds to the sums of its project, without its pairs; `people` by person.

    Of each: tasks and credit with the majority, tasks and agreement with the ground truth.
    """

    outline: Outline
    people: Mapping[tuple[int], tuple[int, int, int, int]]


NO_SHARE = Share(Outline(), {})

# By dimension and two people.
Pairs = Mapping[tuple[str, int, int], tuple[int, int]]


def share_of(votes: Votes, comparison: Comparison) -> Share:
    """What the task adds. Fewer than two answers have no figures, but one can be held against the truth."""
    answers = {person: comparison.answer_of(values) for person, values in votes.compared.items()}
    outline = comparison.outline(answers.values())
    if comparison.settings.custom is not None:
        outline = _measured(outline, votes.measured)
    credits, truths = outline.credits, _truths(votes, comparison)
    if not truths:
        return Share(
            outline, {(person,): (1, credits[answer], 0, 0) for person, answer in answers.items()} if credits else {}
        )
    found = {}
    for person, answer in answers.items():
        if credits or person in truths:
            credit = (1, credits[answer]) if credits else (0, 0)
            found[person,] = (*credit, int(person in truths), truths.get(person, 0))
    return Share(outline, found)


def pairs_of(votes: Votes, comparison: Comparison, people: Set[int]) -> Pairs:
    """Of these people with everybody, by dimension and the two, the lower id first: 1 task, and how alike they are.

    In trillionths. A dimension that nobody answered says nothing of anybody; `""` is all of them, weighted, and left
    out where there is but one: it would say the same again.
    """
    compared, several = votes.compared, len(comparison.parts) > 1
    custom = comparison.settings.custom is not None
    asked = [(part, name) for part in comparison.parts if _is_answered(compared, name := part.dimension.name)]
    if not several and not custom:
        return {
            (name, one, other): part.counted(compared[one].get(name), compared[other].get(name))
            for part, name in asked
            for one, other in _among(compared, people)
        }
    found: dict[tuple[str, int, int], tuple[int, int]] = {}
    for one, other in _among(compared, people):
        answer, against = compared[one], compared[other]
        total = weights = 0.0
        for part, name in asked:
            score = part.score(answer.get(name), against.get(name))
            found[name, one, other] = (1, to_trillionths(score))
            total += part.weight * score
            weights += part.weight
        if weights > 0 and several and not custom:
            found[OVERALL, one, other] = (1, to_trillionths(total / weights))
    if custom and votes.measured is not None:
        for (one, other), score in votes.measured.pairs.items():
            if one in people or other in people:
                found[OVERALL, min(one, other), max(one, other)] = (1, to_trillionths(score))
    return found


def _is_answered(compared: Mapping[int, Encoded], name: str) -> bool:
    return any(name in answer for answer in compared.values())


def _among(compared: Mapping[int, Encoded], people: Set[int]) -> Iterator[tuple[int, int]]:
    """Every two people of whom at least one is among these, once."""
    for one in compared.keys() & people:
        for other in compared:
            if other > one or (other < one and other not in people):
                yield (one, other) if one < other else (other, one)


def patterns_of(compared: Mapping[int, Encoded], config: LabelingConfig) -> dict[str, Pattern]:
    """By dimension with categories: the answers given and how many gave each. The same by any definition."""
    return {
        dimension.name: pattern
        for dimension in config.dimensions
        if dimension.categorical and (pattern := _pattern(compared, dimension.name))
    }


def ballot_of(compared: Mapping[int, Encoded], dimension: Dimension) -> Ballot:
    """Everybody's value in a dimension, None where somebody has none."""
    values = {person: answer.get(dimension.name) for person, answer in compared.items()}
    return {person: None if value is None else decode_value(value) for person, value in values.items()}


def _pattern(compared: Mapping[int, Encoded], dimension: str) -> Pattern:
    return pattern_of(answer[dimension] for answer in compared.values() if dimension in answer)


def _measured(outline: Outline, measured: Measured | None) -> Outline:
    """With a metric of the project's own the overall score is what it said; until it has spoken there is none."""
    score = None if measured is None or measured.score is None else to_trillionths(measured.score)
    totals = {key: amounts for key, amounts in outline.totals.items() if key != (OVERALL,)}
    if score is not None:
        totals[OVERALL,] = (1, score, 0, 0)
    return replace(outline, pairwise=score, consensus=None, score=score, totals=totals)


def _truths(votes: Votes, comparison: Comparison) -> dict[int, int]:
    """Each person's agreement with the ground truth, by the project's metrics and weights."""
    if votes.truth is None:
        return {}
    truths = {}
    true = comparison.answer_of(votes.truth)
    for person, answer in votes.compared.items():
        overall = comparison.together(comparison.held_against(comparison.answer_of(answer), true))
        if overall is not None:
            truths[person] = overall
    return truths
