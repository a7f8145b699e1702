"""What one task adds to the agreement figures of its project, by one definition of agreement.

A figure that runs takes out what the task added before a change, and puts in what it adds after it: the work is that of
one task, however large the project. All amounts are integers, so nothing is left behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from annolog.domain.agreement.ballot import Ballot
from annolog.domain.agreement.coefficients import Pattern, pattern_of
from annolog.domain.agreement.comparison import Comparison, Figures, Part, Row
from annolog.domain.agreement.methodology import Methodology
from annolog.domain.agreement.trillionths import from_trillionths, to_trillionths
from annolog.domain.labeling import Dimension, LabelingConfig, decode_value

Encoded = Mapping[str, str]
# The dimension that stands for all of them, weighted.
OVERALL = ""


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


@dataclass(slots=True)
class Share:
    """Scores in trillionths. The dimension `""` stands for all of them, weighted."""

    pairwise: int | None = None
    consensus: int | None = None
    score: int | None = None
    scores: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    pairs: dict[tuple[str, int, int], int] = field(default_factory=dict)
    labels: dict[tuple[str, str], int] = field(default_factory=dict)
    credits: dict[int, int] = field(default_factory=dict)
    truths: dict[int, int] = field(default_factory=dict)

    def totals(self) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
        """By dimension: tasks, their pairwise scores, tasks with a consensus score, and those scores."""
        for dimension, (pairwise, consensus) in self.scores.items():
            if pairwise is not None:
                yield dimension, (1, pairwise, int(consensus is not None), consensus or 0)

    def people(self) -> Iterator[tuple[int, tuple[int, int, int, int, int, int]]]:
        """By person: tasks and credit with the majority, tasks and score with the truth, pairs and their scores."""
        pairs: dict[int, tuple[int, int]] = {}
        for (dimension, one, other), score in self.pairs.items():
            if dimension == OVERALL:
                for person in (one, other):
                    count, total = pairs.get(person, (0, 0))
                    pairs[person] = (count + 1, total + score)
        for person in self.credits.keys() | self.truths.keys() | pairs.keys():
            credit, truth = self.credits.get(person), self.truths.get(person)
            yield (
                person,
                (int(credit is not None), credit or 0, int(truth is not None), truth or 0, *pairs.get(person, (0, 0))),
            )


def share_of(votes: Votes, comparison: Comparison, people: Set[int]) -> Share:
    """What the task adds. Pairs are given for these people with everybody: those whose answers are about to change."""
    share = Share()
    if len(votes.compared) < 2 and votes.truth is None:
        return share
    annotators = sorted(votes.compared)
    settings = comparison.settings
    scored: list[tuple[float, Figures]] = []
    credits: list[tuple[Row, Figures]] = []
    by_pair: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for part in comparison.parts:
        name = part.dimension.name
        row = tuple(votes.compared[person].get(name) for person in annotators)
        found = part.figures(row)
        share.scores[name] = (found.pairwise, found.consensus)
        scored.append((part.weight, found))
        if part.metric.binary and found.credits:
            credits.append((row, found))
        share.labels |= {(name, label): to_trillionths(score) for label, score in found.labels.items()}
        _pairs(share, by_pair, part, annotators, row, people)
    for pair, scores in by_pair.items():
        if (total := sum(weight for weight, _ in scores)) > 0:
            overall = sum(weight * score for weight, score in scores) / total
            share.pairs[OVERALL, *pair] = to_trillionths(overall)
    share.credits = {
        person: sum(found.credits[row[place]] for row, found in credits) // len(credits)
        for place, person in enumerate(annotators)
        if credits
    }
    share.pairwise = _weighted([(weight, found.pairwise) for weight, found in scored])
    share.consensus = _weighted([(weight, found.consensus) for weight, found in scored])
    share.score = share.pairwise if settings.methodology is Methodology.PAIRWISE else share.consensus
    if settings.custom is not None:
        _measured(share, votes.measured, people)
    share.scores[OVERALL] = (share.pairwise, share.consensus)
    share.truths = _truths(votes, comparison)
    return share


def _pairs(
    share: Share,
    by_pair: dict[tuple[int, int], list[tuple[float, float]]],
    part: Part,
    annotators: list[int],
    row: Row,
    people: Set[int],
) -> None:
    if all(value is None for value in row):
        return
    for place, (one, value) in enumerate(zip(annotators, row, strict=True)):
        for other, against in zip(annotators[place + 1 :], row[place + 1 :], strict=True):
            if one in people or other in people:
                score = part.score(value, against)
                share.pairs[part.dimension.name, one, other] = to_trillionths(score)
                by_pair.setdefault((one, other), []).append((part.weight, score))


def _weighted(scores: list[tuple[float, int | None]]) -> int | None:
    """The weighted mean of scores in trillionths, of those that are there."""
    there = [(weight, score) for weight, score in scores if score is not None]
    total = sum(weight for weight, _ in there)
    if total <= 0:
        return None
    return to_trillionths(sum(weight * from_trillionths(score) for weight, score in there) / total)


def patterns_of(compared: Mapping[int, Encoded], config: LabelingConfig) -> dict[str, Pattern]:
    """By dimension with categories: the answers given and how many gave each. The same by any definition."""
    return {
        dimension.name: pattern
        for dimension in config.dimensions
        if dimension.categorical and (pattern := _pattern(compared, dimension.name))
    }


def winners_of(patterns: Mapping[str, Pattern]) -> dict[str, tuple[str, ...]]:
    """By dimension with categories: what most people said, all answers that tie, as canonical JSON."""
    winners = {}
    for name, pattern in patterns.items():
        most = max(count for _, count in pattern)
        winners[name] = tuple(answer for answer, count in pattern if count == most)
    return winners


def ballot_of(compared: Mapping[int, Encoded], dimension: Dimension) -> Ballot:
    """Everybody's value in a dimension, None where somebody has none."""
    values = {person: answer.get(dimension.name) for person, answer in compared.items()}
    return {person: None if value is None else decode_value(value) for person, value in values.items()}


def _pattern(compared: Mapping[int, Encoded], dimension: str) -> Pattern:
    return pattern_of(answer[dimension] for answer in compared.values() if dimension in answer)


def _measured(share: Share, measured: Measured | None, people: Set[int]) -> None:
    """With a metric of the project's own the overall scores are what it said; until it has spoken there are none."""
    share.pairs = {key: score for key, score in share.pairs.items() if key[0] != OVERALL}
    share.pairwise = share.consensus = share.score = None
    if measured is None:
        return
    share.pairwise = share.score = _trillionths(measured.score)
    for (one, other), score in measured.pairs.items():
        if one in people or other in people:
            share.pairs[OVERALL, min(one, other), max(one, other)] = to_trillionths(score)


def _truths(votes: Votes, comparison: Comparison) -> dict[int, int]:
    """Each person's agreement with the ground truth, by the project's metrics and weights."""
    if votes.truth is None:
        return {}
    truths = {}
    named = [(part, part.dimension.name) for part in comparison.parts]
    for person, answer in votes.compared.items():
        scored = [
            (part.weight, part.figures((votes.truth.get(name), answer.get(name))).pairwise) for part, name in named
        ]
        overall = _weighted(scored)
        if overall is not None:
            truths[person] = overall
    return truths


def _trillionths(score: float | None) -> int | None:
    return None if score is None else to_trillionths(score)
