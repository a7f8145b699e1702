"""What people ask about skills: all time and of late, and how they came about day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, select

from annolog.domain.agreement.comparison import OVERALL
from annolog.domain.agreement.per_label import may_carry
from annolog.domain.agreement.trillionths import from_trillionths
from annolog.domain.project.state import parsed_config
from annolog.domain.refusals import Fault, InvalidInput
from annolog.domain.skills.credits import ANY_LABEL
from annolog.domain.skills.skill import Skill, Source, measure
from annolog.projections.agreement.controls import control_of, no_such_control, no_such_label
from annolog.projections.skills.tables import skill_day, skill_project

DAYS = 30
# As long as anybody has annotated.


class Window(NamedTuple):
    """So many days, the last of which is `until`; both ends belong to it. Days are UTC."""

    since: str
    until: str

    @classmethod
    def of(cls, until: date, days: int) -> Window:
        """The days that end with one."""
        first = date.fromordinal(max(1, until.toordinal() - days + 1))
        return cls(first.isoformat(), until.isoformat())


def skills_of(
    connection: Connection,
    project: int,
    *,
    person: int | None = None,
    source: Source | None = None,
    dimension: str | None = None,
    label: str | None = None,
    days: int = DAYS,
    until: date | None = None,
) -> dict[str, Any]:
    """The skills of one person or of everybody, by source, dimension and label; `""` stands for all of them together.

    Each is of all time and of the last `days` days up to `until`, by default the latest day on which anybody answered.
    What was answered after `until` does not count. Refused are a control or a label that the project does not have.
    """
    _must_exist(connection, project, dimension, label)
    last = until or _latest_day(connection, project)
    found: dict[str, Any] = {"project": project, "days": days, "since": None, "until": None, "skills": []}
    if last is None:
        return found
    window, table = Window.of(last, days), skill_day.c
    wanted = [table.project == project, table.day <= window.until]
    held_against = None if source is None else source.value
    asked = {table.person: person, table.source: held_against, table.dimension: dimension, table.label: label}
    wanted += [column == value for column, value in asked.items() if value is not None]
    place = (table.person, table.source, table.dimension, table.label)
    recent = table.day >= window.since
    query = select(*place, *_sums(), *_sums(recent)).where(*wanted).group_by(*place).order_by(*place)
    return {
        **found,
        **window._asdict(),
        "skills": [
            {
                **dict(zip(("person", "source", "dimension", "label"), row[:4], strict=True)),
                "all_time": shown(_measured(row[4], row[5])),
                "recent": shown(_measured(row[6], row[7])),
            }
            for row in connection.execute(query)
        ],
    }


def history_of(
    connection: Connection,
    project: int,
    person: int,
    source: Source,
    *,
    dimension: str = OVERALL,
    label: str = ANY_LABEL,
    days: int = DAYS,
) -> dict[str, Any]:
    """One skill on every day on which there was an answer: of that day, of all up to it, and of the last `days` days.

    By the days of the answers. What was said of them later, by a ground truth, others or reviewers, is in it.
    """
    _must_exist(connection, project, dimension, label)
    rows = _sums_by_day(connection, project, person, source, dimension, label)
    return {
        "project": project,
        "person": person,
        "source": source.value,
        "dimension": dimension,
        "label": label,
        "window": days,
        "days": list(_day_by_day(rows, days)),
    }


def by_day(connection: Connection, project: int, person: int, source: Source) -> Sequence[tuple[str, float, int]]:
    """Every day with an answer: how much was right, over all controls and labels, and how many answers there were."""
    rows = _sums_by_day(connection, project, person, source, OVERALL, ANY_LABEL)
    return [(day, from_trillionths(right), total) for day, right, total in rows]


def _sums_by_day(
    connection: Connection, project: int, person: int, source: Source, dimension: str, label: str
) -> Sequence[tuple[str, int, int]]:
    table = skill_day.c
    query = select(table.day, table.right, table.total).where(
        table.project == project,
        table.person == person,
        table.source == source.value,
        table.dimension == dimension,
        table.label == label,
    )
    return [(day, right, total) for day, right, total in connection.execute(query.order_by(table.day))]


def measured(
    connection: Connection, project: int, people: Iterable[int], source: Source, days: int | None
) -> dict[int, Skill]:
    """The skill over all dimensions and labels of each of these people who has any, of all time or of late."""
    table = skill_day.c
    wanted = [
        table.project == project,
        table.person.in_(list(people)),
        table.source == source.value,
        table.dimension == OVERALL,
        table.label == ANY_LABEL,
    ]
    if days is not None:
        last = _latest_day(connection, project)
        if last is None:
            return {}
        wanted.append(table.day >= Window.of(last, days).since)
    query = select(table.person, *_sums()).where(*wanted).group_by(table.person)
    measures = ((person, _measured(right, total)) for person, right, total in connection.execute(query))
    return {person: skill for person, skill in measures if skill is not None}


def shown(skill: Skill | None) -> dict[str, Any] | None:
    """A skill as answers say it."""
    if skill is None:
        return None
    return {"value": skill.value, "interval": [skill.low, skill.high], "answers": skill.answers}


def _day_by_day(rows: Sequence[tuple[str, int, int]], days: int) -> Iterator[Mapping[str, Any]]:
    right = total = recent_right = recent_total = first = 0
    for day, right_then, total_then in rows:
        right, total = right + right_then, total + total_then
        recent_right, recent_total = recent_right + right_then, recent_total + total_then
        since = Window.of(date.fromisoformat(day), days).since
        while rows[first][0] < since:
            recent_right, recent_total = recent_right - rows[first][1], recent_total - rows[first][2]
            first += 1
        yield {
            "day": day,
            "that_day": shown(_measured(right_then, total_then)),
            "so_far": shown(_measured(right, total)),
            "recent": shown(_measured(recent_right, recent_total)),
        }


def _sums(only: ColumnElement[bool] | None = None) -> Iterator[ColumnElement[Any]]:
    for column in (skill_day.c.right, skill_day.c.total):
        yield func.sum(column if only is None else case((only, column), else_=0))


def _measured(right: Any, total: Any) -> Skill | None:
    # PostgreSQL adds up large integers as decimals.
    return measure(from_trillionths(int(right)), int(total))


def _latest_day(connection: Connection, project: int) -> date | None:
    query = select(skill_project.c.day).where(skill_project.c.project == project)
    day = connection.execute(query).scalar_one_or_none()
    return date.fromisoformat(day) if day else None


def _must_exist(connection: Connection, project: int, dimension: str | None, label: str | None) -> None:
    if not dimension:
        if label:
            message = "a label is one of a control: name its dimension too"
            raise InvalidInput(f"query/label: {message}", faults=[Fault("query/label", message)])
        return
    query = select(skill_project.c.label_config).where(skill_project.c.project == project)
    config = connection.execute(query).scalar_one_or_none()
    if config is None:
        raise no_such_control(project, dimension)
    control = control_of(parsed_config(config), project, dimension)
    if not label or may_carry(control, label):
        return
    table = skill_day.c
    given = select(table.label).where(table.project == project, table.dimension == dimension, table.label == label)
    if connection.execute(given.limit(1)).first() is None:
        raise no_such_label(control, label)
