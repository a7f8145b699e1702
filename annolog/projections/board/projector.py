"""How events change a task's row on the board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import orjson
from sqlalchemy import Table

from annolog.domain.agreement.comparison import Comparison, comparison_of
from annolog.domain.agreement.trillionths import from_trillionths
from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.event import Event
from annolog.domain.labeling import encoded_values
from annolog.domain.project.data_fields import Concealment
from annolog.domain.project.events import (
    AgreementDefinitionActivated,
    LabelConfigRevised,
    ProjectCreated,
    SettingsChanged,
)
from annolog.domain.project.settings import AgreementSettings
from annolog.domain.project.state import EMPTY_CONFIG
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task import review_events as reviewing
from annolog.domain.task.flags import flag_after
from annolog.projections.board.keeping_out import (
    NO_FIELDS,
    after_config,
    after_rules,
    keep_out,
    kept_out,
    without_quotes,
)
from annolog.projections.board.presenting import answered, around, as_json
from annolog.projections.board.tables import board as board_table
from annolog.projections.board.tables import board_project
from annolog.projections.board.work import Work, change
from annolog.projections.engine.moments import microseconds
from annolog.projections.engine.projector import Projector, Sweep
from annolog.projections.engine.rows import Key, Rows, Values

CHANGES: frozenset[type[Event]] = frozenset({LabelConfigRevised, SettingsChanged, AgreementDefinitionActivated})
PROJECT_EVENTS: frozenset[type[Event]] = CHANGES | {ProjectCreated}
TASK_EVENTS: frozenset[type[Event]] = frozenset(
    kind for kind in EVENT_TYPES.values() if issubclass(kind, happened.TaskEvent)
)
# Reservations come and go all the time; they are no change of the task.
NO_CHANGE = (
    happened.TaskReserved,
    happened.ReservationExtended,
    happened.ReservationReleased,
    reviewing.ReviewReserved,
    reviewing.ReviewReleased,
)
# Nor is what reviewers say of reviews: who judges the same has not seen it.
JUDGED_AGAIN = (
    reviewing.SecondReviewRequested,
    reviewing.SecondReviewGiven,
    reviewing.AdjudicationRequested,
    reviewing.ReviewAdjudicated,
    reviewing.SecondReviewCalledOff,
)


@dataclass(slots=True)
class Opened:
    """A task whose work changes in this batch, and whether its answers have to be compared anew."""

    row: Values
    work: Work
    compare: bool = False


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The task's row and how its project compares."""
    event = recorded.event
    yield board_project, (recorded.project,)
    if isinstance(event, happened.TaskEvent) and not isinstance(event, happened.TaskImported):
        yield board_table, (event.task,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the board."""
    event = recorded.event
    match event:
        case happened.TaskImported():
            rows.put(board_table, _imported(event, recorded, kept_out(rows, event.project)))
        case happened.TaskEvent():
            row = rows.change(board_table, event.task)
            if row is not None:
                _changed(rows, row, recorded)
        case ProjectCreated(project=project):
            settings = AgreementSettings().model_dump_json()
            made = {"project": project, "label_config": EMPTY_CONFIG, "settings": settings, "fields": NO_FIELDS}
            rows.put(board_project, made)
        case LabelConfigRevised() | SettingsChanged() | AgreementDefinitionActivated():
            # What people did so far was compared as the project was until now.
            _settle(rows)
            project_row = rows.change(board_project, event.project)
            if project_row is not None:
                _configured(project_row, event)


def _configured(row: Values, event: LabelConfigRevised | SettingsChanged | AgreementDefinitionActivated) -> None:
    if isinstance(event, LabelConfigRevised):
        row["label_config"] = event.label_config
        row["fields"] = after_config(row["fields"], event.label_config)
    elif isinstance(event, AgreementDefinitionActivated):
        row["settings"] = AgreementSettings.model_validate(event.definition).model_dump_json()
    elif event.group == "agreement":
        row["settings"] = AgreementSettings.model_validate(event.new).model_dump_json()
    elif event.group == "data_fields":
        row["fields"] = after_rules(row["fields"], event.new)


EMPTY_WORK = Work().as_text()


def _imported(event: happened.TaskImported, recorded: Recorded, kept: Concealment) -> Values:
    now = microseconds(recorded.recorded_at)
    return {
        "task": event.task,
        "project": event.project,
        "state": happened.TaskState.CREATED.value,
        "flag": "",
        "import_id": event.import_id,
        "line": event.line,
        "data": as_json(kept.data(event.data)),
        "meta": as_json(kept.data(event.meta)),
        "allow_skip": int(event.allow_skip),
        "overlap": event.slots,
        "additional_slots": 0,
        "created_at": now,
        "updated_at": now,
        "updated_by": recorded.person,
        "completed_at": None,
        "annotation_count": 0,
        "skip_count": 0,
        "prediction_count": 0,
        "prediction_score": None,
        "model_versions": "[]",
        "annotators": "[]",
        "annotator_count": 0,
        "assignees": "[]",
        "reviewers": "[]",
        "reviewer_count": 0,
        "annotation_ids": "[]",
        "results": "[]",
        "labels": "[]",
        "agreement": None,
        "dimension_agreement": "{}",
        "reviewed": 0,
        "reviews_accepted": 0,
        "reviews_fixed": 0,
        "reviews_rejected": 0,
        "reviewed_at": None,
        "ground_truth": None,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "comment_authors": "[]",
        "last_comment_at": None,
        "lead_time": None,
        "lead_time_total": 0.0,
        "active_time_total": 0.0,
        "review_time_total": 0.0,
        "review_active_time_total": 0.0,
        "held_by": "[]",
        "deleted": 0,
        "work": EMPTY_WORK,
    }


def _changed(rows: Rows, row: Values, recorded: Recorded) -> None:
    event = recorded.event
    if isinstance(event, NO_CHANGE):
        _held(row, event)
        return
    if isinstance(event, JUDGED_AGAIN):
        _worked(rows, row, recorded)
        return
    row["updated_at"], row["updated_by"] = microseconds(recorded.recorded_at), recorded.person
    row["flag"] = flag_after(row["flag"], event)
    match event:
        case happened.TaskStateChanged(state=state):
            row["state"] = state.value
        case happened.SlotAdded(slots=slots, evidence=evidence):
            row["overlap"] = slots
            row["additional_slots"] += evidence is not None
        case happened.OverlapSet(slots=slots):
            row["overlap"] = slots
        case happened.TaskDeleted():
            row["deleted"], row["held_by"] = 1, "[]"
        case happened.TaskRestored():
            row["deleted"] = 0
        case happened.TaskDataRevised(data=data):
            row["data"] = as_json(kept_out(rows, event.project).data(data))
        case _:
            _worked(rows, row, recorded)


def _held(row: Values, event: Event) -> None:
    """Who holds a reservation; submitting or skipping ends it too."""
    held: list[int] = orjson.loads(row["held_by"])
    match event:
        case happened.TaskReserved(person=person) if person not in held:
            row["held_by"] = as_json([*held, person])
        case (
            happened.ReservationReleased(person=person)
            | happened.AnnotationSkipped(person=person)
            | happened.AnnotationSubmitted(annotator=person)
        ) if person in held:
            row["held_by"] = as_json([other for other in held if other != person])


def _worked(rows: Rows, row: Values, recorded: Recorded) -> None:
    _held(row, recorded.event)
    event = without_quotes(recorded.event, kept_out(rows, row["project"]))
    opened = rows.opened.get(row["task"])
    if opened is None:
        opened = rows.opened[row["task"]] = Opened(row, Work.read(row["work"]))
    config = _comparison(rows, row).config
    opened.compare |= change(opened.work, event, microseconds(recorded.recorded_at), partial(encoded_values, config))


def _settle(rows: Rows) -> None:
    """Write what the work of each task comes to, and compare the answers where they changed."""
    for opened in rows.opened.values():
        row, work = opened.row, opened.work
        row["work"] = work.as_text()
        row |= around(work)
        if opened.compare:
            row |= answered(work)
            _compare(row, work, _comparison(rows, row))
    rows.opened.clear()


def _comparison(rows: Rows, row: Values) -> Comparison:
    project = rows.find(board_project, row["project"])
    if project is None:
        return comparison_of(EMPTY_CONFIG, AgreementSettings().model_dump_json())
    return comparison_of(project["label_config"], project["settings"])


def _compare(row: Values, work: Work, comparison: Comparison) -> None:
    """The task's agreement. A metric of the project's own says it of the whole; controls have theirs all the same."""
    answers = {answer["annotator"]: answer["values"] for answer in work.compared}
    outline = comparison.outline([comparison.answer_of(values) for values in answers.values()])
    custom = comparison.settings.custom
    if custom is not None:
        row["agreement"] = work.measured.get(custom)
    else:
        row["agreement"] = None if outline.score is None else from_trillionths(outline.score)
    by_dimension = {name: outline.by_dimension(name, comparison.settings.methodology) for name in comparison.names}
    row["dimension_agreement"] = as_json(by_dimension) if len(answers) > 1 else "{}"


def _concerns(recorded: Recorded) -> bool:
    """Whether the event changes how answers are compared, or what is kept out: the labeling config, the settings of
    agreement, or those of fields.
    """
    return not isinstance(recorded.event, SettingsChanged) or recorded.event.group in ("agreement", "data_fields")


def _sweep(rows: Rows, key: Key, recorded: Recorded) -> None:
    """Keep out of a task's row what has become sensitive, and compare its answers anew by the changed config or
    settings.
    """
    row = rows.change(board_table, *key)
    if row is None:
        return
    keep_out(row, kept_out(rows, row["project"]))
    if row["annotation_count"] > 1:
        _compare(row, Work.read(row["work"]), _comparison(rows, row))


board = Projector(
    name="board",
    version=7,
    tables=(board_table, board_project),
    interests=PROJECT_EVENTS | TASK_EVENTS,
    touches=touches,
    apply=apply,
    settle=_settle,
    sweep=Sweep(CHANGES, board_table, lambda row, _: iter(()), _sweep, _concerns),
)
