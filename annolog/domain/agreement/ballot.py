"""The answers to one task in one dimension, and what they add to the figures of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from annolog.domain.agreement.coefficients import Pattern, pattern_of
from annolog.domain.agreement.majority import majority
from annolog.domain.agreement.methodology import consensus_score, pairwise_score
from annolog.domain.agreement.metrics import Metric
from annolog.domain.agreement.trillionths import to_trillionths
from annolog.domain.labeling import Value, encode_value

Ballot: TypeAlias = "Mapping[int, Value | None]"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a ballot adds to read models; scores in trillionths. A read model subtracts the old one and adds the new.

    `credits` is how much of the majority each person is: 1, or an equal share where it ties, or 0. It is empty for
    fewer than two answers, where nobody could have disagreed. `pattern` is of the answers that are not empty, a single
    one included, and None where nobody gave any.
    """

    pairwise: int | None
    consensus: int | None
    pattern: Pattern | None
    credits: Mapping[int, int]
    winners: tuple[Value, ...]


def contribution(ballot: Ballot, metric: Metric) -> Contribution:
    """What the ballot adds. An empty answer is compared, but has no part in the pattern or the majority."""
    people = sorted(ballot)
    values = [ballot[person] for person in people]
    given = [value for value in values if value is not None]
    winners = majority(values)
    pattern = pattern_of(encode_value(value) for value in given) or None
    if len(people) < 2 or not given:
        return Contribution(None, None, pattern, {}, winners)
    pairwise = pairwise_score(values, metric)
    consensus = consensus_score(values, metric) if metric.binary else None
    return Contribution(
        None if pairwise is None else to_trillionths(pairwise),
        None if consensus is None else to_trillionths(consensus),
        pattern,
        {person: to_trillionths(1 / len(winners)) if ballot[person] in winners else 0 for person in people},
        winners,
    )
