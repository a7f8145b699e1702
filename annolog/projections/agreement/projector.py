"""How answers change agreement: what a task contributed is taken out, what it contributes now is put in."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from sqlalchemy import Table

from annolog.domain.agreement.share import NO_SHARE, Share, Votes, pairs_of, share_of
from annolog.domain.event import Event
from annolog.domain.ids import LARGEST_ID
from annolog.domain.project import events as project_events
from annolog.domain.project.events import AgreementRecomputed, LabelConfigRevised, ProjectCreated, SettingsChanged
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.answers import CHANGING_ANSWERS
from annolog.projections.agreement.answers import new_row, votes_in
from annolog.projections.agreement.definitions import changed_project, new_project
from annolog.projections.agreement.scores import (
    Kept,
    exchange_pairs,
    exchange_patterns,
    exchange_shares,
    forget_others,
    kept_up,
    proposed,
    write_scores,
)
from annolog.projections.agreement.standing import Standing, by_definition
from annolog.projections.agreement.tables import (
    agreement_label,
    agreement_pair,
    agreement_pattern,
    agreement_person,
    agreement_project,
    agreement_task,
    agreement_total,
)
from annolog.projections.engine.projector import Projector, Sweep
from annolog.projections.engine.rows import Key, Rows, Values

ANSWERS: frozenset[type[Event]] = CHANGING_ANSWERS | {
    happened.TaskDeleted,
    happened.TaskRestored,
    happened.PredictionRecorded,
    happened.AgreementMeasured,
}
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
        # What people did so far was compared as the project was until now.
        settle(rows)
        project = rows.change(agreement_project, recorded.project)
        if project is not None:
            changed_project(project, recorded)


def _changed_task(rows: Rows, recorded: Recorded, event: happened.TaskEvent) -> None:
    project = rows.find(agreement_project, event.project)
    if project is None:
        return
    standing = rows.opened.get(event.task)
    if standing is None:
        row = rows.change(agreement_task, event.task)
        begins = row is None and isinstance(event, BEGINNINGS)
        if begins:
            row = rows.put(agreement_task, new_row(event.task, event.project))
        if row is None:
            return
        standing = rows.opened[event.task] = Standing.of(row, project, moved=begins)
    if standing.change(recorded, project):
        _note_change(rows, recorded)


def _note_change(rows: Rows, recorded: Recorded) -> None:
    project = rows.change(agreement_project, recorded.project)
    if project is not None:
        project["changed"] = recorded.position


def settle(rows: Rows) -> None:
    """Bring scores and sums in line with what became of the answers of each task since they were last."""
    for standing in rows.opened.values():
        _settle(rows, standing)
    rows.opened.clear()


def _settle(rows: Rows, standing: Standing) -> None:
    row, project = standing.row, rows.change(agreement_project, standing.row["project"])
    assert project is not None, "a standing is of a project that is there"
    row["answers"] = orjson.dumps(standing.answers).decode()
    project["answers"] += len(standing.votes.compared) - len(standing.began.compared)
    if standing.moved:
        after = by_definition(standing.votes, row, standing.answers, standing.definitions)
        shares = [
            _exchange_definition(rows, row, project["definition"], (kept, then), (kept, now), _changed(then, now))
            for kept, then, now in zip(standing.definitions, standing.before, after, strict=True)
        ]
        if standing.compared_anew:
            earlier, today = shares[0]
            exchange_patterns(rows, row, (earlier.outline, standing.day), (today.outline, row["day"]))
            forget_others(row, [kept.number for kept in standing.definitions])


def _exchange_definition(
    rows: Rows, row: Values, in_force: int, before: tuple[Kept, Votes], after: tuple[Kept, Votes], people: set[int]
) -> tuple[Share, Share]:
    """Take out what the task contributed to the figures of a definition, and put in what it contributes; both."""
    (kept, then), (kept_now, now) = before, after
    earlier, today = share_of(then, kept.comparison), share_of(now, kept_now.comparison)
    exchange_shares(rows, row["project"], kept.number, earlier, today)
    pairs = pairs_of(then, kept.comparison, people), pairs_of(now, kept_now.comparison, people)
    exchange_pairs(rows, row["project"], kept.number, *pairs)
    write_scores(row, kept.number, today, in_force)
    return earlier, today


def _changed(before: Votes, after: Votes) -> set[int]:
    """Whose pairs have to be counted anew. The first answer in a dimension, or the last, concerns those without too."""
    if before.measured != after.measured or _answered(before) != _answered(after):
        return {*before.compared, *after.compared}
    return {
        person
        for person in before.compared.keys() | after.compared.keys()
        if before.compared.get(person) != after.compared.get(person)
    }


def _answered(votes: Votes) -> set[str]:
    return set().union(*votes.compared.values())


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
    [votes] = by_definition(votes_in(row, answers), row, answers, [kept])
    share = share_of(votes, kept.comparison)
    exchange_shares(rows, row["project"], kept.number, NO_SHARE, share)
    exchange_pairs(rows, row["project"], kept.number, {}, pairs_of(votes, kept.comparison, set(votes.compared)))
    write_scores(row, kept.number, share, project["definition"])


def _compare_anew(rows: Rows, row: Values, project: Values) -> None:
    answers = orjson.loads(row["answers"])
    votes, day = votes_in(row, answers), row["day"]
    before = list(kept_up(project, row["task"], project["label_config_before"]))
    after = list(kept_up(project, row["task"]))
    measured = by_definition(votes, row, answers, after)
    shares = [
        _exchange_definition(rows, row, project["definition"], (kept, found), (kept_now, found), set(found.compared))
        for kept, kept_now, found in zip(before, after, measured, strict=True)
    ]
    earlier, today = shares[0]
    exchange_patterns(rows, row, (earlier.outline, day), (today.outline, day))


agreement = Projector(
    name="agreement",
    version=4,
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
    settle=settle,
)
