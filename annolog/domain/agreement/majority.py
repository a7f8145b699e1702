"""What most people said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from annolog.domain.labeling import Value, encode_value


def majority(values: Sequence[Value | None]) -> tuple[Value, ...]:
    """The most frequent answers, all of them where they tie, in a fixed order; empty answers do not stand."""
    tally = Counter(value for value in values if value is not None)
    if not tally:
        return ()
    most = max(tally.values())
    return tuple(sorted((value for value, count in tally.items() if count == most), key=encode_value))


def majority_credit(values: Sequence[Value | None], truth: Value) -> float:
    """How right the majority is: 1, or where it ties, the share that falls to the truth."""
    winners = majority(values)
    return 1 / len(winners) if truth in winners else 0.0
