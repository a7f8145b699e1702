"""What people ask about agreement. Scores are in [0, 1], None where they are not defined.

Every score is by a definition of agreement, the one in force unless another is asked for, and says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, func, or_, select

from annolog.domain.agreement.coefficients import Coefficient, Pattern
from annolog.domain.agreement.comparison import OVERALL
from annolog.domain.agreement.summary import coefficients, estimators
from annolog.domain.agreement.task_agreement import metric_of
from annolog.domain.agreement.trillionths import from_trillionths
from annolog.domain.labeling import Dimension, LabelingConfig
from annolog.domain.project.settings import AgreementSettings, agreement_settings
from annolog.domain.project.state import parsed_config
from annolog.domain.refusals import NotFound
from annolog.projections.agreement.answers import REVISION, compared_in, votes_in, with_measured
from annolog.projections.agreement.scores import decode_pattern, place_of
from annolog.projections.agreement.tables import (
    agreement_label,
    agreement_pair,
    agreement_pattern,
    agreement_person,
    agreement_project,
    agreement_task,
    agreement_total,
)
from annolog.projections.engine.rows import zeros
from annolog.projections.engine.statements import select_keys

TASK_COLUMNS = [column.name for column in agreement_task.columns]
TOGETHER = 1_000


class Definition(NamedTuple):
    """A way to measure agreement, by its number."""

    number: int
    settings: AgreementSettings


def project_of(connection: Connection, project: int) -> Mapping[str, Any] | None:
    """How a project measures agreement."""
    found = connection.execute(select(agreement_project).where(agreement_project.c.project == project)).mappings()
    return next((dict(row) for row in found), None)


def definition_of(row: Mapping[str, Any], number: int | None) -> Definition:
    """A definition of the project, by default the one in force; refused where there never was one of that number."""
    number = row["definition"] if number is None else number
    for entry in orjson.loads(row["history"]):
        if entry["version"] == number:
            return Definition(number, AgreementSettings.model_validate(entry["settings"]))
    raise NotFound(f"Project {row['project']} has no definition {number} of agreement.")


def config_of(row: Mapping[str, Any]) -> LabelingConfig:
    """The labeling config that a project compares by."""
    return parsed_config(row["label_config"])


def tasks_by_id(connection: Connection, tasks: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The rows of these tasks, those that have any."""
    for row in select_keys(connection, agreement_task, [(task,) for task in tasks]):
        yield dict(zip(TASK_COLUMNS, row, strict=True))


def tasks_of(
    connection: Connection, project: int, after: int = 0, *, answered: bool = False, together: int = TOGETHER
) -> Iterator[dict[str, Any]]:
    """Every row of a project, by task, some at a time; if `answered`, of tasks with an answer or a ground truth."""
    table = agreement_task.c
    while True:
        query = select(agreement_task).where(table.project == project, table.task > after)
        if answered:
            query = query.where(or_(table.compared > 0, table.truth.is_not(None)))
        rows = [dict(row) for row in connection.execute(query.order_by(table.task).limit(together)).mappings()]
        yield from rows
        if len(rows) < together:
            return
        after = rows[-1]["task"]


def measured(
    connection: Connection, tasks: Sequence[int]
) -> Iterator[tuple[int, float | None, list[tuple[int, int]], int, bool]]:
    """Task, score by the definition in force, annotation and revision of every answer compared, that definition, and
    whether a metric of the project's own, if there is one, has looked at exactly these answers.
    """
    rows = list(tasks_by_id(connection, tasks))
    projects = {id: project_of(connection, id) for id in {row["project"] for row in rows}}
    for row in rows:
        project = projects[row["project"]]
        assert project is not None
        number = project["definition"]
        answers = orjson.loads(row["answers"])
        compared = [(id, answer[REVISION]) for id, answer in compared_in(answers, row["truth"])]
        custom = agreement_settings(project["settings"]).custom is not None
        complete = not custom or with_measured(votes_in(row, answers), row, answers, number).measured is not None
        yield row["task"], score_by(row, number), compared, number, complete


def score_by(row: Mapping[str, Any], definition: int, name: str = "score") -> float | None:
    """A task's score by a definition, None where it has none."""
    place = place_of(row, definition)
    return None if place is None else _score(row[f"{place}{name}"])


def accuracies(connection: Connection, project: int) -> list[tuple[int, float, int]]:
    """Person, mean agreement with the ground truth, and over how many tasks; for those who have any."""
    row = project_of(connection, project)
    if row is None:
        return []
    table = agreement_person.c
    query = select(table.person, table.truth, table.truth_tasks).where(
        table.project == project, table.definition == row["definition"], table.truth_tasks > 0
    )
    return [(person, from_trillionths(truth) / tasks, tasks) for person, truth, tasks in connection.execute(query)]


def project_agreement(connection: Connection, project: int, definition: int | None = None) -> dict[str, Any] | None:
    """A project's agreement: means over the tasks with two answers or more, by dimension and label too."""
    row = project_of(connection, project)
    if row is None:
        return None
    number, settings = definition_of(row, definition)
    by_dimension = _totals(connection, project, number)
    by_label = _labels(connection, project, number)
    nothing = {"tasks": 0, "pairwise": None, "consensus": None}
    overall = by_dimension.get(OVERALL, nothing)
    return {
        "project": project,
        "definition": number,
        "in_force": number == row["definition"],
        "proposed": row["proposal"],
        "methodology": settings.methodology.value,
        "custom": settings.custom,
        "tasks": overall["tasks"],
        "percent_agreement": overall["pairwise"],
        "consensus": overall["consensus"],
        "score": overall[settings.methodology.value],
        "dimensions": {
            dimension.name: {
                **by_dimension.get(dimension.name, nothing),
                **_metric(metric_of(dimension, settings)),
                "weight": settings.weights.get(dimension.name, 1.0),
                "labels": by_label.get(dimension.name, {}),
                "coefficients": _coefficients(connection, project, dimension),
            }
            for dimension in config_of(row).dimensions
        },
    }


def _coefficients(connection: Connection, project: int, dimension: Dimension) -> dict[str, Any]:
    patterns = merged(patterns_by_day(connection, project, dimension.name).values())
    return {name: shown(found) for name, found in coefficients(patterns, estimators(dimension)).items()}


def patterns_by_day(connection: Connection, project: int, dimension: str) -> dict[str, dict[Pattern, int]]:
    """How tasks were answered, by the day of their latest answer."""
    table = agreement_pattern.c
    query = select(table.day, table.pattern, table.units).where(
        table.project == project, table.dimension == dimension, table.units != 0
    )
    found: dict[str, dict[Pattern, int]] = {}
    for day, pattern, units in connection.execute(query):
        found.setdefault(day, {})[decode_pattern(pattern)] = units
    return found


def merged(parts: Iterable[Mapping[Pattern, int]]) -> dict[Pattern, int]:
    """Patterns of several days together."""
    together: Counter[Pattern] = Counter()
    for part in parts:
        together.update(part)
    return dict(together)


def shown(found: Coefficient) -> dict[str, Any]:
    """A coefficient as answers say it."""
    return {
        "value": found.value,
        "reason": found.reason,
        "answers": found.answers,
        "tasks": found.units,
        "interval": list(found.interval) if found.interval else None,
        **({} if found.pairs is None else {"chance": {"pairs": found.pairs, "sampled": found.sampled}}),
    }


def _metric(found: Any) -> dict[str, Any]:
    return {"metric": found.name, "parameters": dict(found.parameters)}


def _totals(connection: Connection, project: int, definition: int) -> dict[str, dict[str, Any]]:
    table = agreement_total.c
    query = select(agreement_total).where(table.project == project, table.definition == definition)
    return {
        row["dimension"]: {
            "tasks": row["tasks"],
            "pairwise": _mean(row["pairwise"], row["tasks"]),
            "consensus": _mean(row["consensus"], row["consensus_tasks"]),
        }
        for row in connection.execute(query).mappings()
    }


def _labels(connection: Connection, project: int, definition: int) -> dict[str, dict[str, Any]]:
    table = agreement_label.c
    query = select(table.dimension, table.label, table.tasks, table.score).where(
        table.project == project, table.definition == definition, table.tasks > 0
    )
    found: dict[str, dict[str, Any]] = {}
    for dimension, label, tasks, score in connection.execute(query.order_by(table.dimension, table.label)):
        found.setdefault(dimension, {})[label] = {"tasks": tasks, "agreement": _mean(score, tasks)}
    return found


def definitions(connection: Connection, project: int) -> list[dict[str, Any]]:
    """Every definition a project had, with what its scores came to: for those replaced, when they were."""
    row = project_of(connection, project)
    if row is None:
        return []
    found = []
    for entry in orjson.loads(row["history"]):
        totals = _totals(connection, project, entry["version"]).get(OVERALL, {"tasks": 0})
        methodology = entry["settings"]["methodology"]
        proposed = entry["version"] == row["proposal"]
        computed = {"computed_up_to": row["proposal_computed"]} if proposed else {}
        found.append({**entry, **computed, "tasks": totals["tasks"], "score": totals.get(methodology)})
    return found


def pairs(
    connection: Connection,
    project: int,
    dimension: str = OVERALL,
    definition: int | None = None,
    people: Collection[int] = (),
) -> list[dict[str, Any]]:
    """How alike every two people answered, over the tasks both have; the dimension `""` is all of them, weighted.

    With `people` every two of these alone.
    """
    row = project_of(connection, project)
    if row is None:
        return []
    if dimension != OVERALL and dimension not in config_of(row).by_name:
        raise NotFound(f"Project {project} has no control {dimension!r}.")
    table, found = agreement_pair.c, definition_of(row, definition)
    query = select(table.one, table.other, table.tasks, table.score).where(
        table.project == project,
        table.definition == found.number,
        table.dimension == (_standing_for_all(connection, project, found) if dimension == OVERALL else dimension),
        table.tasks > 0,
    )
    if people:
        query = query.where(table.one.in_(people), table.other.in_(people))
    return [
        {"one": one, "other": other, "tasks": tasks, "agreement": from_trillionths(score) / tasks}
        for one, other, tasks, score in connection.execute(query.order_by(table.one, table.other))
    ]


def _standing_for_all(connection: Connection, project: int, definition: Definition) -> str:
    """The dimension that the pairs of all dimensions are kept under: where there is but one, that."""
    table = agreement_pair.c
    here = (
        select(func.min(table.dimension)).where(table.project == project, table.definition == definition.number),
        select(func.max(table.dimension)).where(table.project == project, table.definition == definition.number),
    )
    first, last = (connection.execute(query).scalar_one() for query in here)
    if first is None or first != last or definition.settings.custom is not None:
        return OVERALL
    return str(first) if definition.settings.weights.get(first, 1.0) > 0 else OVERALL


def people(connection: Connection, project: int) -> list[dict[str, Any]]:
    """Each person's agreement with others, with the majority and with the ground truth, and over how much."""
    row = project_of(connection, project)
    if row is None:
        return []
    table = agreement_person
    query = select(table).where(table.c.project == project, table.c.definition == row["definition"])
    alone = {found["person"]: dict(found) for found in connection.execute(query).mappings()}
    with_others = _with_others(connection, project, definition_of(row, None))
    found = []
    for person in sorted(alone.keys() | with_others.keys()):
        score, pairs_compared = with_others.get(person, (0, 0))
        sums = alone.get(person) or zeros(agreement_person)
        found.append(
            {
                "person": person,
                "agreement": _mean(score, pairs_compared),
                "agreement_pairs": pairs_compared,
                "consensus_accuracy": _mean(sums["consensus"], sums["consensus_tasks"]),
                "consensus_tasks": sums["consensus_tasks"],
                "ground_truth_accuracy": _mean(sums["truth"], sums["truth_tasks"]),
                "ground_truth_tasks": sums["truth_tasks"],
            }
        )
    return found


def _with_others(connection: Connection, project: int, definition: Definition) -> dict[int, tuple[int, int]]:
    """By person: the sum of scores with everybody else, over all dimensions, and of how many."""
    found: dict[int, tuple[int, int]] = {}
    table, dimension = agreement_pair.c, _standing_for_all(connection, project, definition)
    for one in (table.one, table.other):
        query = select(one, func.sum(table.score), func.sum(table.tasks)).where(
            table.project == project, table.definition == definition.number, table.dimension == dimension
        )
        for person, score, tasks in connection.execute(query.group_by(one)):
            before = found.get(person, (0, 0))
            found[person] = (before[0] + int(score), before[1] + int(tasks))
    return found


def _score(trillionths: int | None) -> float | None:
    return None if trillionths is None else from_trillionths(trillionths)


def _mean(trillionths: int, count: int) -> float | None:
    return from_trillionths(trillionths) / count if count else None
