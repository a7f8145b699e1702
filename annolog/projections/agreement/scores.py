"""A task's scores by each definition that is kept up to date, and the sums they are part of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from operator import neg, sub
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Table

from annolog.domain.agreement.comparison import Comparison, Outline, comparison_of
from annolog.domain.agreement.share import Pairs, Share
from annolog.domain.labeling import decode_value
from annolog.projections.agreement.tables import (
    agreement_label,
    agreement_pair,
    agreement_pattern,
    agreement_person,
    agreement_total,
)
from annolog.projections.engine.rows import Key, Rows, Values

FIRST, OTHER = "", "other_"


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
    row[f"{place}pairwise"], row[f"{place}consensus"] = share.outline.pairwise, share.outline.consensus
    row[f"{place}score"] = share.outline.score


def forget_others(row: Values, numbers: Collection[int]) -> None:
    """Drop scores by definitions that nobody keeps up: the answers they were about have changed."""
    for place in (FIRST, OTHER):
        if row[f"{place}definition"] not in numbers:
            row |= {f"{place}{name}": None for name in ("definition", "pairwise", "consensus", "score")}


def exchange_shares(rows: Rows, project: int, definition: int, before: Share, after: Share) -> None:
    """Take out of the sums of a project what a task contributed, and put in what it contributes; most stays."""
    place = (project, definition)
    _exchange(rows, agreement_total, place, before.outline.totals, after.outline.totals)
    _exchange(rows, agreement_label, place, before.outline.labels, after.outline.labels)
    _exchange(rows, agreement_person, place, before.people, after.people)


def exchange_pairs(rows: Rows, project: int, definition: int, before: Pairs, after: Pairs) -> None:
    """The same for what the pairs of people contributed."""
    _exchange(rows, agreement_pair, (project, definition), before, after)


def _exchange(
    rows: Rows,
    table: Table,
    place: Key,
    before: Mapping[Any, tuple[int, ...]],
    after: Mapping[Any, tuple[int, ...]],
) -> None:
    if before is after:
        return
    changes = [(place + key, tuple(map(neg, amounts))) for key, amounts in before.items() if key not in after]
    for key, amounts in after.items():
        was = before.get(key)
        if was is None:
            changes.append((place + key, amounts))
        elif was != amounts:
            changes.append((place + key, tuple(map(sub, amounts, was))))
    rows.add_all(table, changes)


def exchange_patterns(rows: Rows, row: Values, before: tuple[Outline, str], after: tuple[Outline, str]) -> None:
    """Count the task among those that were answered as it is now, no longer among those it was with before; by day."""
    for (outline, day), step in ((before, -1), (after, 1)):
        for dimension, pattern in outline.patterns.items():
            rows.add(agreement_pattern, (row["project"], dimension, day, encode_pattern(pattern)), (step,))
    row["winners"] = _winners(tuple(after[0].winners.items()))


@lru_cache(maxsize=4096)
def _winners(found: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return orjson.dumps({name: [decode_value(value) for value in values] for name, values in found}).decode()


@lru_cache(maxsize=4096)
def encode_pattern(pattern: tuple[tuple[str, int], ...]) -> str:
    """A pattern as text."""
    return orjson.dumps(pattern).decode()


def decode_pattern(text: str) -> tuple[tuple[str, int], ...]:
    """The pattern that was made into this text."""
    return tuple((answer, count) for answer, count in orjson.loads(text))
