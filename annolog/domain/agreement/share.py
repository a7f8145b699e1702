"""What one task adds to the agreement figures of its project, by one definition of agreement.

A figure that runs takes out what the task added before a change, and puts in what it adds after it: the work is that of
one task, however large the project. All amounts are integers, so nothing is left behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from annolog.domain.agreement.answer_labels import WITH_LABELS
from annolog.domain.agreement.ballot import Ballot, contribution, pair_scores
from annolog.domain.agreement.billionths import from_billionths, to_billionths
from annolog.domain.agreement.coefficients import Pattern, pattern_of
from annolog.domain.agreement.methodology import Methodology, overall_score
from annolog.domain.agreement.metrics import Metric
from annolog.domain.agreement.per_label import label_scores
from annolog.domain.agreement.task_agreement import metric_of, task_agreement
from annolog.domain.labeling import Dimension, LabelingConfig, decode_value
from annolog.domain.project.settings import AgreementSettings

Encoded = Mapping[str, str]
TRUTH = -1
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
    """Scores in billionths. The dimension `""` stands for all of them, weighted."""

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
        for (dimension, one, other), score in self.pairs.items():
            if dimension == OVERALL:
                for person in (one, other):
                    yield person, (0, 0, 0, 0, 1, score)
        for person, credit in self.credits.items():
            yield person, (1, credit, 0, 0, 0, 0)
        for person, score in self.truths.items():
            yield person, (0, 0, 1, score, 0, 0)


def share_of(votes: Votes, config: LabelingConfig, settings: AgreementSettings, people: Set[int]) -> Share:
    """What the task adds. Pairs are given for these people with everybody: those whose answers are about to change."""
    share = Share()
    if len(votes.compared) < 2 and votes.truth is None:
        return share
    pairwise: dict[str, float | None] = {}
    consensus: dict[str, float | None] = {}
    credits: dict[int, list[int]] = {}
    by_pair: dict[tuple[int, int], dict[str, float | None]] = {}
    for dimension in config.dimensions:
        ballot = ballot_of(votes.compared, dimension)
        metric = metric_of(dimension, settings)
        found = contribution(ballot, metric)
        share.scores[dimension.name] = (found.pairwise, found.consensus)
        pairwise[dimension.name] = _score(found.pairwise)
        consensus[dimension.name] = _score(found.consensus)
        if metric.binary:
            for person, credit in found.credits.items():
                credits.setdefault(person, []).append(credit)
        _pairs(share, by_pair, dimension, ballot, people, metric)
        _labels(share, dimension, ballot, metric)
    for pair, scores in by_pair.items():
        overall = overall_score(scores, settings.weights)
        if overall is not None:
            share.pairs[OVERALL, *pair] = to_billionths(overall)
    share.credits = {person: sum(found_credits) // len(found_credits) for person, found_credits in credits.items()}
    share.pairwise = _billionths(overall_score(pairwise, settings.weights))
    share.consensus = _billionths(overall_score(consensus, settings.weights))
    share.score = share.pairwise if settings.methodology is Methodology.PAIRWISE else share.consensus
    if settings.custom is not None:
        _measured(share, votes.measured, people)
    share.scores[OVERALL] = (share.pairwise, share.consensus)
    share.truths = _truths(votes, config, settings)
    return share


def patterns_of(votes: Votes, config: LabelingConfig) -> dict[str, Pattern]:
    """By dimension with categories: the answers given and how many gave each. The same by any definition."""
    return {
        dimension.name: pattern
        for dimension in config.dimensions
        if dimension.categorical and (pattern := _pattern(votes.compared, dimension.name))
    }


def winners_of(votes: Votes, config: LabelingConfig) -> dict[str, tuple[str, ...]]:
    """By dimension with categories: what most people said, all answers that tie, as canonical JSON."""
    winners = {}
    for name, pattern in patterns_of(votes, config).items():
        most = max(count for _, count in pattern)
        winners[name] = tuple(answer for answer, count in pattern if count == most)
    return winners


def ballot_of(compared: Mapping[int, Encoded], dimension: Dimension) -> Ballot:
    """Everybody's value in a dimension, None where somebody has none."""
    values = {person: answer.get(dimension.name) for person, answer in compared.items()}
    return {person: None if value is None else decode_value(value) for person, value in values.items()}


def _pattern(compared: Mapping[int, Encoded], dimension: str) -> Pattern:
    return pattern_of(answer[dimension] for answer in compared.values() if dimension in answer)


def _pairs(
    share: Share,
    by_pair: dict[tuple[int, int], dict[str, float | None]],
    dimension: Dimension,
    ballot: Ballot,
    people: Set[int],
    metric: Metric,
) -> None:
    if all(value is None for value in ballot.values()):
        return
    for pair, score in pair_scores(ballot, people, metric).items():
        share.pairs[dimension.name, *pair] = to_billionths(score)
        by_pair.setdefault(pair, {})[dimension.name] = score


def _labels(share: Share, dimension: Dimension, ballot: Ballot, metric: Metric) -> None:
    if dimension.kind not in WITH_LABELS or dimension.per_region:
        return
    values = [ballot[person] for person in sorted(ballot)]
    for label, score in label_scores(values, dimension.kind, metric).items():
        share.labels[dimension.name, label] = to_billionths(score)


def _measured(share: Share, measured: Measured | None, people: Set[int]) -> None:
    """With a metric of the project's own the overall scores are what it said; until it has spoken there are none."""
    share.pairs = {key: score for key, score in share.pairs.items() if key[0] != OVERALL}
    share.pairwise = share.consensus = share.score = None
    if measured is None:
        return
    share.pairwise = share.score = _billionths(measured.score)
    for (one, other), score in measured.pairs.items():
        if one in people or other in people:
            share.pairs[OVERALL, min(one, other), max(one, other)] = to_billionths(score)


def _truths(votes: Votes, config: LabelingConfig, settings: AgreementSettings) -> dict[int, int]:
    """Each person's agreement with the ground truth, by the project's metrics and weights."""
    if votes.truth is None:
        return {}
    truth = {name: decode_value(value) for name, value in votes.truth.items()}
    scores = {}
    for person, answer in votes.compared.items():
        given = {name: decode_value(value) for name, value in answer.items()}
        overall = task_agreement({TRUTH: truth, person: given}, config, settings).pairwise
        if overall is not None:
            scores[person] = to_billionths(overall)
    return scores


def _score(billionths: int | None) -> float | None:
    return None if billionths is None else from_billionths(billionths)


def _billionths(score: float | None) -> int | None:
    return None if score is None else to_billionths(score)
