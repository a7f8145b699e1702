"""How answers change agreement: what a task contributed is taken out, what it contributes now is put in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Table

from annolog.domain.agreement.share import Share, Votes, share_of
from annolog.domain.event import Event
from annolog.domain.ids import LARGEST_ID
from annolog.domain.project import events as project_events
from annolog.domain.project.events import AgreementRecomputed, LabelConfigRevised, ProjectCreated, SettingsChanged
from annolog.domain.project.state import parsed_config
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.projections.agreement.answers import change_answers, new_row, votes_in, with_measured
from annolog.projections.agreement.definitions import changed_project, new_project
from annolog.projections.agreement.scores import (
    Kept,
    exchange_patterns,
    exchange_shares,
    forget_others,
    kept_up,
    proposed,
    write_scores,
)
from annolog.projections.agreement.tables import (
    agreement_label,
    agreement_pair,
    agreement_pattern,
    agreement_person,
    agreement_project,
    agreement_task,
    agreement_total,
)
from annolog.projections.engine.moments import day_of
from annolog.projections.engine.projector import Projector, Sweep
from annolog.projections.engine.rows import Key, Rows, Values

ANSWERS: frozenset[type[Event]] = frozenset(
    {
        happened.AnnotationSubmitted,
        happened.AnnotationRevised,
        happened.AnnotationDeleted,
        happened.AnnotationRestored,
        happened.AnnotationReviewed,
        happened.ReviewWithdrawn,
        happened.GroundTruthSet,
        happened.GroundTruthCleared,
        happened.TaskDeleted,
        happened.TaskRestored,
        happened.PredictionRecorded,
        happened.AgreementMeasured,
    }
)
# What begins the row of a task: everything else speaks of answers that are there.
BEGINNINGS = (happened.AnnotationSubmitted, happened.PredictionRecorded)
DEFINITIONS: frozenset[type[Event]] = frozenset(
    {
        project_events.AgreementDefinitionProposed,
        project_events.AgreementDefinitionActivated,
        project_events.AgreementDefinitionWithdrawn,
    }
)
CHANGES: frozenset[type[Event]] = frozenset({LabelConfigRevised, SettingsChanged, AgreementRecomputed})


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The task and how its project compares."""
    yield agreement_project, (recorded.project,)
    if isinstance(recorded.event, happened.TaskEvent):
        yield agreement_task, (recorded.event.task,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into agreement."""
    event = recorded.event
    if isinstance(event, happened.TaskEvent):
        _changed_task(rows, recorded, event)
    elif isinstance(event, ProjectCreated):
        rows.put(agreement_project, new_project(event.project))
    else:
        project = rows.change(agreement_project, recorded.project)
        if project is not None:
            changed_project(project, recorded)


def _changed_task(rows: Rows, recorded: Recorded, event: happened.TaskEvent) -> None:
    project = rows.find(agreement_project, event.project)
    row = rows.change(agreement_task, event.task)
    if row is None and isinstance(event, BEGINNINGS):
        row = rows.put(agreement_task, new_row(event.task, event.project))
    if project is None or row is None:
        return
    config = parsed_config(project["label_config"])
    answers: dict[str, Any] = orjson.loads(row["answers"])
    definitions = list(kept_up(project, event.task))
    votes_before, day_before = votes_in(row, answers), row["day"]
    before = _by_definition(votes_before, row, answers, definitions)
    change_answers(row, answers, recorded, config, (project["definition"], project["proposal"]))
    row["answers"] = orjson.dumps(answers).decode()
    votes = votes_in(row, answers)
    after = _by_definition(votes, row, answers, definitions)
    if votes.compared != votes_before.compared:
        row["day"] = day_of(recorded)
        exchange_patterns(rows, row, (votes_before.compared, day_before, config), (votes.compared, row["day"], config))
        forget_others(row, [number for number, _ in definitions])
    if votes != votes_before:
        _note_change(rows, recorded, len(votes.compared) - row["compared"])
    row["compared"] = len(votes.compared)
    for kept, then, now in zip(definitions, before, after, strict=True):
        if then != now or isinstance(event, BEGINNINGS):
            _exchange(rows, row, project["definition"], kept, then, kept, now, _changed_people(then, now))


def _exchange(
    rows: Rows, row: Values, in_force: int, kept: Kept, then: Votes, kept_now: Kept, now: Votes, people: set[int]
) -> None:
    """Take out what the task contributed to the figures of a definition, and put in what it contributes."""
    share = share_of(now, kept_now.comparison, people)
    exchange_shares(rows, row["project"], kept.number, share_of(then, kept.comparison, people), share)
    write_scores(row, kept.number, share, in_force)


def _note_change(rows: Rows, recorded: Recorded, more: int) -> None:
    project = rows.change(agreement_project, recorded.project)
    if project is not None:
        project["answers"] += more
        project["changed"] = recorded.position


def _by_definition(votes: Votes, row: Values, answers: dict[str, Any], definitions: list[Kept]) -> list[Votes]:
    return [
        votes if kept.comparison.settings.custom is None else with_measured(votes, row, answers, kept.number)
        for kept in definitions
    ]


def _changed_people(before: Votes, after: Votes) -> set[int]:
    """Whose pairs have to be counted anew. The first answer in a dimension, or the last, concerns those without too."""
    if before.measured != after.measured or _answered(before) != _answered(after):
        return {*before.compared, *after.compared}
    return {
        person
        for person in before.compared.keys() | after.compared.keys()
        if before.compared.get(person) != after.compared.get(person)
    }


def _answered(votes: Votes) -> set[str]:
    return {dimension for answer in votes.compared.values() for dimension in answer}


def _concerns(recorded: Recorded) -> bool:
    """Whether the event changes how answers are compared: the labeling config, or the settings of agreement."""
    return not isinstance(recorded.event, SettingsChanged) or recorded.event.group == "agreement"


def _bounds(recorded: Recorded) -> tuple[int, int]:
    """The tasks that the event reaches, by id."""
    if isinstance(recorded.event, AgreementRecomputed):
        return recorded.event.first_task, recorded.event.last_task
    return 0, LARGEST_ID


def _swept(task: Values, recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    return iter(())


def _sweep(rows: Rows, key: Key, recorded: Recorded) -> None:
    """Give a task its scores by a definition it had none by, or compare its answers anew by another labeling config."""
    project = rows.find(agreement_project, recorded.project)
    row = rows.change(agreement_task, *key)
    if project is None or row is None:
        return
    if isinstance(recorded.event, LabelConfigRevised):
        _compare_anew(rows, row, project)
    elif isinstance(recorded.event, SettingsChanged):
        _begin(rows, row, project, next(kept_up(project, 0)))
    elif recorded.event.version == project["proposal"]:  # type: ignore[attr-defined]
        _begin(rows, row, project, proposed(project))


def _begin(rows: Rows, row: Values, project: Values, kept: Kept) -> None:
    answers = orjson.loads(row["answers"])
    [votes] = _by_definition(votes_in(row, answers), row, answers, [kept])
    share = share_of(votes, kept.comparison, set(votes.compared))
    exchange_shares(rows, row["project"], kept.number, Share(), share)
    write_scores(row, kept.number, share, project["definition"])


def _compare_anew(rows: Rows, row: Values, project: Values) -> None:
    answers = orjson.loads(row["answers"])
    votes, day = votes_in(row, answers), row["day"]
    config_before, config = parsed_config(project["label_config_before"]), parsed_config(project["label_config"])
    exchange_patterns(rows, row, (votes.compared, day, config_before), (votes.compared, day, config))
    before = list(kept_up(project, row["task"], project["label_config_before"]))
    after = list(kept_up(project, row["task"]))
    measured = _by_definition(votes, row, answers, after)
    for kept, kept_now, found in zip(before, after, measured, strict=True):
        _exchange(rows, row, project["definition"], kept, found, kept_now, found, set(found.compared))


agreement = Projector(
    name="agreement",
    version=2,
    tables=(
        agreement_project,
        agreement_task,
        agreement_total,
        agreement_label,
        agreement_pair,
        agreement_pattern,
        agreement_person,
    ),
    interests=ANSWERS | CHANGES | DEFINITIONS | {ProjectCreated},
    touches=touches,
    apply=apply,
    sweep=Sweep(CHANGES, agreement_task, _swept, _sweep, _concerns, _bounds),
)
