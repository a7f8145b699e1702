"""A task's scores by each definition that is kept up to date, and the sums they are part of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Table

from annolog.domain.agreement.coefficients import Pattern
from annolog.domain.agreement.comparison import Comparison, comparison_of
from annolog.domain.agreement.share import Encoded, Share, patterns_of, winners_of
from annolog.domain.labeling import LabelingConfig, decode_value
from annolog.projections.agreement.tables import (
    agreement_label,
    agreement_pair,
    agreement_pattern,
    agreement_person,
    agreement_total,
)
from annolog.projections.engine.rows import Key, Rows, Values

FIRST, OTHER = "", "other_"


Compared = Mapping[int, Encoded]


class Kept(NamedTuple):
    """A definition of agreement by which a task has scores, by its number, and how it compares."""

    number: int
    comparison: Comparison


def kept_up(project: Mapping[str, Any], task: int, label_config: str | None = None) -> Iterator[Kept]:
    """The definitions by which this task has scores: the one in force, and a proposed one that has got so far."""
    config = label_config or project["label_config"]
    yield Kept(project["definition"], comparison_of(config, project["settings"]))
    if project["proposal"] is not None and task <= project["proposal_computed"]:
        yield proposed(project, config)


def proposed(project: Mapping[str, Any], label_config: str | None = None) -> Kept:
    """The definition that is proposed."""
    config = label_config or project["label_config"]
    return Kept(project["proposal"], comparison_of(config, project["proposal_settings"]))


def place_of(row: Mapping[str, Any], definition: int) -> str | None:
    """Where the row keeps its scores by a definition, if it does."""
    return next((place for place in (FIRST, OTHER) if row[f"{place}definition"] == definition), None)


def write_scores(row: Values, definition: int, share: Share, in_force: int) -> None:
    """Keep a task's scores by a definition; those by the one in force stay, of the others the latest does."""
    place = place_of(row, definition)
    if place is None:
        place = OTHER if row["definition"] == in_force else FIRST
    row[f"{place}definition"] = definition
    row[f"{place}pairwise"], row[f"{place}consensus"] = share.pairwise, share.consensus
    row[f"{place}score"] = share.score


def forget_others(row: Values, numbers: Collection[int]) -> None:
    """Drop scores by definitions that nobody keeps up: the answers they were about have changed."""
    for place in (FIRST, OTHER):
        if row[f"{place}definition"] not in numbers:
            row |= {f"{place}{name}": None for name in ("definition", "pairwise", "consensus", "score")}


def exchange_shares(rows: Rows, project: int, definition: int, before: Share, after: Share) -> None:
    """Take out of the sums of a project what a task contributed, and put in what it contributes; most stays."""
    gone = {(table, key): amounts for table, key, amounts in _sums(project, definition, before)}
    for table, key, amounts in _sums(project, definition, after):
        was = gone.pop((table, key), None)
        if was is None:
            rows.add(table, key, *amounts)
        elif was != amounts:
            rows.add(table, key, *[now - then for now, then in zip(amounts, was, strict=True)])
    for (table, key), amounts in gone.items():
        rows.add(table, key, *[-amount for amount in amounts])


def _sums(project: int, definition: int, share: Share) -> Iterator[tuple[Table, Key, tuple[int, ...]]]:
    for dimension, counted in share.totals():
        yield agreement_total, (project, definition, dimension), counted
    for (dimension, one, other), score in share.pairs.items():
        yield agreement_pair, (project, definition, dimension, one, other), (1, score)
    for (dimension, label), score in share.labels.items():
        yield agreement_label, (project, definition, dimension, label), (1, score)
    for person, amounts in share.people():
        yield agreement_person, (project, definition, person), amounts


def exchange_patterns(
    rows: Rows, row: Values, before: tuple[Compared, str, LabelingConfig], after: tuple[Compared, str, LabelingConfig]
) -> None:
    """Count the task among those that were answered as it is now, no longer among those it was with before."""
    patterns: dict[str, Pattern] = {}
    for (compared, day, config), step in ((before, -1), (after, 1)):
        patterns = patterns_of(compared, config)
        for dimension, pattern in patterns.items():
            rows.add(agreement_pattern, (row["project"], dimension, day, encode_pattern(pattern)), step)
    winners = winners_of(patterns)
    row["winners"] = orjson.dumps({name: [decode_value(v) for v in found] for name, found in winners.items()}).decode()


def encode_pattern(pattern: tuple[tuple[str, int], ...]) -> str:
    """A pattern as text."""
    return orjson.dumps(pattern).decode()


def decode_pattern(text: str) -> tuple[tuple[str, int], ...]:
    """The pattern that was made into this text."""
    return tuple((answer, count) for answer, count in orjson.loads(text))
