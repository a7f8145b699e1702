"""How long tasks stayed in each state, how much work passed at the first look, and how often it went back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from annolog.domain.task.events import Verdict
from annolog.domain.task.kinds import TaskState
from annolog.domain.task.rework import ENDS, Judged, is_first_pass
from annolog.projections.engine.moments import MICROSECONDS, moment
from annolog.projections.stages.tables import stage_annotation, stage_change, stage_return, stage_task, stage_wait

WAITING_FOR_AUTHOR = "waiting_for_author"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of whom and when; None is everybody, or any time. Moments are microseconds since 1970.

    `since` belongs to the range, `until` does not. Stays are cut to the range; verdicts and returns are in it or not.
    What still lasts at `as_of` counts until then, and what began later not at all.
    """

    as_of: int
    annotator: int | None = None
    reviewer: int | None = None
    since: int | None = None
    until: int | None = None

    @property
    def begins(self) -> int:
        """The first moment of the range."""
        return self.since or 0

    @property
    def ends(self) -> int:
        """The first moment after it."""
        return self.as_of if self.until is None else min(self.until, self.as_of)


def stage_figures(connection: Connection, project: int, wanted: Figures) -> Row:
    """Time by state, first-pass acceptance and rework of a project; shares are None where there is nothing to share."""
    judged = _judged(connection, project, wanted)
    return {
        "project": project,
        "as_of": moment(wanted.as_of).isoformat(),
        "time": {
            **{state.value: _nothing() for state in TaskState},
            WAITING_FOR_AUTHOR: _nothing(),
            **_times(connection, _stays(project, wanted), wanted),
            **_times(connection, _waits(project, wanted), wanted),
        },
        "first_pass": _first_pass(judged),
        "rework": _rework(judged),
        "annotators": _by(judged, "annotator", _returns_by(connection, project, wanted, "annotator")),
        "reviewers": _by(judged, "reviewer", _returns_by(connection, project, wanted, "reviewer")),
    }


def own_figures(found: Row) -> Row:
    """What of it somebody gets to see who sees nobody else's work: not the states of tasks, nor who reviewed."""
    return {
        **{name: found[name] for name in ("project", "as_of", "first_pass", "rework")},
        "time": {WAITING_FOR_AUTHOR: found["time"][WAITING_FOR_AUTHOR]},
    }


# ── Time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stays(project: int, wanted: Figures) -> Subquery:
    """Every stay of a task in a state: those that ended and those that last."""
    change, task = stage_change.c, stage_task.c
    ended = select(change.previous.label("state"), change.task, change.previous_since.label("begun"), change.since)
    ended = ended.where(change.project == project, change.previous_since.is_not(None))
    lasting = select(task.state, task.task, task.since, cast(null(), BigInteger))
    lasting = lasting.where(task.project == project, task.deleted == 0)
    if wanted.annotator is not None:
        theirs = select(stage_annotation.c.task).where(
            stage_annotation.c.project == project, stage_annotation.c.annotator == wanted.annotator
        )
        ended, lasting = ended.where(change.task.in_(theirs)), lasting.where(task.task.in_(theirs))
    return _named(union_all(ended, lasting).subquery())


def _waits(project: int, wanted: Figures) -> Subquery:
    """Every time an annotation waited for its author. Of a deleted task nothing waits any more."""
    wait, annotation, task = stage_wait.c, stage_annotation.c, stage_task.c
    name = literal(WAITING_FOR_AUTHOR)
    ended = select(name.label("state"), wait.task, wait.since.label("begun"), wait.until)
    ended = ended.where(wait.project == project)
    gone = case((task.deleted == 1, task.since))
    lasting = select(name, annotation.task, annotation.waiting_since, gone)
    lasting = lasting.join_from(stage_annotation, stage_task, task.task == annotation.task)
    lasting = lasting.where(annotation.project == project, annotation.waiting_since.is_not(None))
    if wanted.annotator is not None:
        ended = ended.where(wait.annotator == wanted.annotator)
        lasting = lasting.where(annotation.annotator == wanted.annotator)
    return _named(union_all(ended, lasting).subquery())


def _named(stays: Subquery) -> Subquery:
    columns = list(stays.c)
    names = ("state", "task", "begun", "ended")
    return select(*(column.label(name) for column, name in zip(columns, names, strict=True))).subquery()


def _times(connection: Connection, stays: Subquery, wanted: Figures) -> dict[str, Row]:
    """Stays cut to the range, added up by state."""
    stay, begins, ends = stays.c, literal(wanted.begins, BigInteger), literal(wanted.ends, BigInteger)
    lasts = or_(stay.ended.is_(None), stay.ended > ends)
    until = case((lasts, ends), else_=stay.ended)
    since = case((stay.begun < begins, begins), else_=stay.begun)
    spent = case((until > since, until - since), else_=0)
    in_range = and_(stay.begun < ends, or_(stay.ended.is_(None), stay.ended >= begins))
    query = select(
        stay.state,
        func.count(),
        func.count(stay.task.distinct()),
        func.sum(case((lasts, 1), else_=0)),
        # A sum of microseconds over very many tasks is more than a database counts to.
        func.sum(spent // MICROSECONDS),
        func.sum(spent % MICROSECONDS),
        func.max(spent),
    ).where(in_range)
    return {row[0]: _added_up(*row[1:]) for row in connection.execute(query.group_by(stay.state))}


def _added_up(stays: int, tasks: int, lasting: int, seconds: int, rest: int, longest: int) -> Row:
    total = int(seconds) * MICROSECONDS + int(rest)
    return {
        "stays": stays,
        "tasks": tasks,
        "open": int(lasting),
        "microseconds": total,
        "mean_microseconds": total / stays,
        "longest_microseconds": longest,
    }


def _nothing() -> Row:
    return {
        "stays": 0,
        "tasks": 0,
        "open": 0,
        "microseconds": 0,
        "mean_microseconds": None,
        "longest_microseconds": 0,
    }


# ── Verdicts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _judged(connection: Connection, project: int, wanted: Figures) -> list[Row]:
    """How many annotations there are of each kind. An annotation is in the range if its first verdict is."""
    table = stage_annotation.c
    kinds = (table.annotator, table.first_reviewer, table.first_verdict, table.outcome, table.returns)
    query = select(*kinds, func.count()).where(
        table.project == project,
        table.live == 1,
        table.first_at >= wanted.begins,
        table.first_at < wanted.ends,
        *_whose(wanted, table.annotator, table.first_reviewer),
    )
    names = ("annotator", "reviewer", "verdict", "outcome", "returns", "count")
    rows = connection.execute(query.group_by(*kinds).order_by(*kinds))
    return [dict(zip(names, row, strict=True)) for row in rows]


def _whose(wanted: Figures, annotator: ColumnElement[int], reviewer: ColumnElement[int]) -> list[ColumnElement[bool]]:
    found = []
    if wanted.annotator is not None:
        found.append(annotator == wanted.annotator)
    if wanted.reviewer is not None:
        found.append(reviewer == wanted.reviewer)
    return found


def _first_pass(judged: Iterable[Row]) -> Row:
    counts: Counter[Verdict] = Counter()
    for row in judged:
        counts[Verdict(row["verdict"])] += row["count"]
    total = sum(counts.values())
    passed = sum(count for verdict, count in counts.items() if is_first_pass(Judged(verdict, None, 1)))
    return {
        "judged": total,
        **{verdict.value: counts[verdict] for verdict in Verdict},
        "acceptance": passed / total if total else None,
    }


def _rework(judged: Iterable[Row]) -> Row:
    """How often annotations went back that came to an end, and how many are still under way."""
    loops: Counter[int] = Counter()
    under_way = 0
    for row in judged:
        if row["outcome"] in ENDS:
            loops[row["returns"]] += row["count"]
        else:
            under_way += row["count"]
    ended = sum(loops.values())
    return {
        "ended": ended,
        "under_way": under_way,
        "distribution": dict(sorted(loops.items())),
        "mean": sum(times * count for times, count in loops.items()) / ended if ended else None,
    }


def _returns_by(connection: Connection, project: int, wanted: Figures, whose: str) -> dict[int, int]:
    """Returns that stand, by person, by when they were given."""
    table = stage_return.c
    query = select(table[whose], func.count()).where(
        table.project == project,
        table.withdrawn == 0,
        table.at >= wanted.begins,
        table.at < wanted.ends,
        *_whose(wanted, table.annotator, table.reviewer),
    )
    return {person: count for person, count in connection.execute(query.group_by(table[whose]))}  # noqa: C416 - a row is no pair to mypy


def _by(judged: Iterable[Row], whose: str, returns: Mapping[int, int]) -> list[Row]:
    """First pass and rework of each person, by id. Of a reviewer: of the work that they judged first."""
    groups: dict[int, list[Row]] = {person: [] for person in returns}
    for row in judged:
        groups.setdefault(row[whose], []).append(row)
    return [
        {
            whose: person,
            **_first_pass(rows),
            "returns": returns.get(person, 0),
            "ended": (rework := _rework(rows))["ended"],
            "mean_returns": rework["mean"],
        }
        for person, rows in sorted(groups.items())
    ]
