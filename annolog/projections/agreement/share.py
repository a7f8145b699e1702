"""What one task adds to the agreement figures of its project."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from annolog.domain.agreement.ballot import Ballot, contribution, pair_scores
from annolog.domain.agreement.billionths import to_billionths
from annolog.domain.agreement.methodology import Methodology, overall_score
from annolog.domain.agreement.metrics import Metric
from annolog.domain.agreement.task_agreement import metric_of, task_agreement
from annolog.domain.labeling import Dimension, LabelingConfig, decode_value, encode_value
from annolog.domain.project.settings import AgreementSettings

Encoded = Mapping[str, str]
TRUTH = -1


@dataclass(frozen=True, slots=True)
class Votes:
    """What is compared, by person, and what is true; values by dimension, as canonical JSON."""

    compared: Mapping[int, Encoded]
    truth: Encoded | None


@dataclass(slots=True)
class Share:
    """Scores in billionths. The dimension `""` stands for all of them, weighted."""

    pairwise: int | None = None
    consensus: int | None = None
    score: int | None = None
    scores: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)
    pairs: dict[tuple[str, int, int], int] = field(default_factory=dict)
    coincidences: dict[tuple[str, int, str, str], int] = field(default_factory=dict)
    credits: dict[int, int] = field(default_factory=dict)
    truths: dict[int, int] = field(default_factory=dict)
    winners: dict[str, tuple[str, ...]] = field(default_factory=dict)


def share_of(votes: Votes, config: LabelingConfig, settings: AgreementSettings, people: Set[int]) -> Share:
    """What the task adds. Pairs are given for these people with everybody: those whose answers are about to change."""
    share = Share()
    if len(votes.compared) < 2 and votes.truth is None:
        share.winners = {name: (value,) for answer in votes.compared.values() for name, value in answer.items()}
        return share
    pairwise: dict[str, float | None] = {}
    consensus: dict[str, float | None] = {}
    credits: dict[int, list[int]] = {}
    by_pair: dict[tuple[int, int], dict[str, float | None]] = {}
    for dimension in config.dimensions:
        ballot = _ballot(votes, dimension)
        metric = metric_of(dimension, settings)
        found = contribution(ballot, metric)
        share.scores[dimension.name] = (found.pairwise, found.consensus)
        share.winners[dimension.name] = tuple(encode_value(value) for value in found.winners)
        pairwise[dimension.name] = _share(found.pairwise)
        consensus[dimension.name] = _share(found.consensus)
        for (size, one, other), count in found.coincidences.items():
            share.coincidences[dimension.name, size, encode_value(one), encode_value(other)] = count
        if metric.binary:
            for person, credit in found.credits.items():
                credits.setdefault(person, []).append(credit)
        _pairs(share, by_pair, dimension, ballot, people, metric)
    for pair, scores in by_pair.items():
        overall = overall_score(scores, settings.weights)
        if overall is not None:
            share.pairs["", *pair] = to_billionths(overall)
    share.credits = {person: sum(found_credits) // len(found_credits) for person, found_credits in credits.items()}
    share.pairwise = _billionths(overall_score(pairwise, settings.weights))
    share.consensus = _billionths(overall_score(consensus, settings.weights))
    share.scores[""] = (share.pairwise, share.consensus)
    share.score = share.pairwise if settings.methodology is Methodology.PAIRWISE else share.consensus
    share.truths = _truths(votes, config, settings)
    return share


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


def _ballot(votes: Votes, dimension: Dimension) -> Ballot:
    values = {person: answer.get(dimension.name) for person, answer in votes.compared.items()}
    return {person: None if value is None else decode_value(value) for person, value in values.items()}


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


def _share(billionths: int | None) -> float | None:
    return None if billionths is None else billionths / 10**9


def _billionths(score: float | None) -> int | None:
    return None if score is None else to_billionths(score)
