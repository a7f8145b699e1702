"""A task's scores by each definition that is kept up to date, and the sums they are part of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Table

from annolog.domain.agreement.share import Share, Votes, patterns_of, winners_of
from annolog.domain.labeling import LabelingConfig, decode_value
from annolog.domain.project.settings import AgreementSettings, agreement_settings
from annolog.projections.agreement.tables import (
    agreement_label,
    agreement_pair,
    agreement_pattern,
    agreement_person,
    agreement_total,
)
from annolog.projections.engine.rows import Key, Rows, Values

FIRST, OTHER = "", "other_"


class Definition(NamedTuple):
    """A way to measure agreement, by its number."""

    number: int
    settings: AgreementSettings


def kept_up(project: Mapping[str, Any], task: int) -> Iterator[Definition]:
    """The definitions by which this task has scores: the one in force, and a proposed one that has got so far."""
    yield Definition(project["definition"], agreement_settings(project["settings"]))
    if project["proposal"] is not None and task <= project["proposal_computed"]:
        yield proposed(project)


def proposed(project: Mapping[str, Any]) -> Definition:
    """The definition that is proposed."""
    return Definition(project["proposal"], agreement_settings(project["proposal_settings"]))


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


def add_share(rows: Rows, project: int, definition: int, share: Share, step: int) -> None:
    """Add what a task contributes to the sums of its project, or with `step=-1` take it out."""
    for table, key, amounts in _sums(project, definition, share):
        rows.add(table, key, *(step * amount for amount in amounts))


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
    rows: Rows, row: Values, before: tuple[Votes, str, LabelingConfig], after: tuple[Votes, str, LabelingConfig]
) -> None:
    """Count the task among those that were answered as it is now, no longer among those it was with before."""
    for (votes, day, config), step in ((before, -1), (after, 1)):
        for dimension, pattern in patterns_of(votes, config).items():
            rows.add(agreement_pattern, (row["project"], dimension, day, encode_pattern(pattern)), step)
    votes, _, config = after
    winners = winners_of(votes, config)
    row["winners"] = orjson.dumps({name: [decode_value(v) for v in found] for name, found in winners.items()}).decode()


def encode_pattern(pattern: tuple[tuple[str, int], ...]) -> str:
    """A pattern as text."""
    return orjson.dumps(pattern).decode()


def decode_pattern(text: str) -> tuple[tuple[str, int], ...]:
    """The pattern that was made into this text."""
    return tuple((answer, count) for answer, count in orjson.loads(text))
