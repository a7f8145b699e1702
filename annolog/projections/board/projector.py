"""How events change a task's row on the board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Table

from annolog.domain.agreement.task_agreement import task_agreement
from annolog.domain.catalogue import EVENT_TYPES
from annolog.domain.event import Event
from annolog.domain.labeling import comparable_values, decode_value, encode_value
from annolog.domain.labeling.values import PATH_SEPARATOR
from annolog.domain.project.events import (
    AgreementDefinitionActivated,
    LabelConfigRevised,
    ProjectCreated,
    SettingsChanged,
)
from annolog.domain.project.settings import AgreementSettings, agreement_settings
from annolog.domain.project.state import EMPTY_CONFIG, parsed_config
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.projections.board.tables import board as board_table
from annolog.projections.board.tables import board_project
from annolog.projections.board.work import Work, change
from annolog.projections.engine.moments import MICROSECONDS, microseconds
from annolog.projections.engine.projector import Projector, Sweep
from annolog.projections.engine.rows import Key, Rows, Values

CHANGES: frozenset[type[Event]] = frozenset({LabelConfigRevised, SettingsChanged, AgreementDefinitionActivated})
PROJECT_EVENTS: frozenset[type[Event]] = CHANGES | {ProjectCreated}
TASK_EVENTS: frozenset[type[Event]] = frozenset(
    kind for kind in EVENT_TYPES.values() if issubclass(kind, happened.TaskEvent)
)
# Reservations come and go all the time; they are no change of the task.
NO_CHANGE = (happened.TaskReserved, happened.ReservationExtended, happened.ReservationReleased)


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The task's row and how its project compares."""
    event = recorded.event
    if isinstance(event, happened.TaskImported):
        return
    yield board_project, (recorded.project,)
    if isinstance(event, happened.TaskEvent):
        yield board_table, (event.task,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into the board."""
    event = recorded.event
    match event:
        case happened.TaskImported():
            rows.put(board_table, _imported(event, recorded))
        case happened.TaskEvent():
            row = rows.change(board_table, event.task)
            if row is not None:
                _changed(rows, row, recorded)
        case ProjectCreated(project=project):
            settings = AgreementSettings().model_dump_json()
            rows.put(board_project, {"project": project, "label_config": EMPTY_CONFIG, "settings": settings})
        case LabelConfigRevised() | SettingsChanged() | AgreementDefinitionActivated():
            project_row = rows.change(board_project, event.project)
            if project_row is not None:
                _configured(project_row, event)


def _configured(row: Values, event: LabelConfigRevised | SettingsChanged | AgreementDefinitionActivated) -> None:
    if isinstance(event, LabelConfigRevised):
        row["label_config"] = event.label_config
    elif isinstance(event, AgreementDefinitionActivated):
        row["settings"] = AgreementSettings.model_validate(event.definition).model_dump_json()
    elif event.group == "agreement":
        row["settings"] = AgreementSettings.model_validate(event.new).model_dump_json()


# What the types of results end in that give labels, such as choices or rectanglelabels.
LABELLING = ("labels", "choices", "taxonomy")
EMPTY_WORK = orjson.dumps(Work().stored()).decode()


def _imported(event: happened.TaskImported, recorded: Recorded) -> Values:
    now = microseconds(recorded.recorded_at)
    return {
        "task": event.task,
        "project": event.project,
        "state": happened.TaskState.CREATED.value,
        "flag": "",
        "import_id": event.import_id,
        "line": event.line,
        "data": orjson.dumps(event.data).decode(),
        "meta": orjson.dumps(event.meta).decode(),
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
        "held_by": "[]",
        "deleted": 0,
        "work": EMPTY_WORK,
    }


def _changed(rows: Rows, row: Values, recorded: Recorded) -> None:
    event = recorded.event
    if isinstance(event, NO_CHANGE):
        _held(row, event)
        return
    row["updated_at"], row["updated_by"] = microseconds(recorded.recorded_at), recorded.person
    match event:
        case happened.TaskStateChanged(state=state):
            row["state"] = state.value
            # Exhausted tasks are finished, infeasible ones are not; whatever ends that ends the flag.
            waits = state in (happened.TaskState.CREATED, happened.TaskState.ANNOTATION_IN_PROGRESS)
            if row["flag"] == ("exhausted" if waits else "infeasible"):
                row["flag"] = ""
        case happened.SlotAdded(slots=slots, evidence=evidence):
            row["overlap"], row["flag"] = slots, ""
            row["additional_slots"] += evidence is not None
        case happened.OverlapSet(slots=slots):
            row["overlap"] = slots
        case happened.AgreementReached():
            row["flag"] = ""
        case happened.TaskExhausted():
            row["flag"] = "exhausted"
        case happened.TaskInfeasible():
            row["flag"] = "infeasible"
        case happened.TaskDeleted():
            row["deleted"], row["held_by"] = 1, "[]"
        case happened.TaskRestored():
            row["deleted"] = 0
        case happened.TaskDataRevised(data=data):
            row["data"] = orjson.dumps(data).decode()
        case _:
            _worked(rows, row, recorded)


def _held(row: Values, event: Event) -> None:
    """Who holds a reservation; submitting or skipping ends it too."""
    held: list[int] = orjson.loads(row["held_by"])
    match event:
        case happened.TaskReserved(person=person) if person not in held:
            row["held_by"] = _json([*held, person])
        case (
            happened.ReservationReleased(person=person)
            | happened.AnnotationSkipped(person=person)
            | happened.AnnotationSubmitted(annotator=person)
        ) if person in held:
            row["held_by"] = _json([other for other in held if other != person])


def _worked(rows: Rows, row: Values, recorded: Recorded) -> None:
    project = rows.find(board_project, row["project"])
    config = parsed_config(project["label_config"] if project else EMPTY_CONFIG)
    work = Work.read(row["work"])
    event = recorded.event

    def values_of(result: list[dict[str, Any]]) -> dict[str, str]:
        return {name: encode_value(value) for name, value in comparable_values(config, result).items()}

    _held(row, event)
    changed = change(work, event, microseconds(recorded.recorded_at), values_of)
    row["work"] = orjson.dumps(work.stored(), option=orjson.OPT_NON_STR_KEYS).decode()
    _present(row, work)
    if changed:
        _compare(rows, row, work)


def _present(row: Values, work: Work) -> None:
    """Write what the work comes to into the columns."""
    live = work.live
    verdicts = [answer["verdict"] for answer in live if answer["verdict"]]
    timed = [answer["lead_time"] for answer in live if answer["lead_time"] is not None]
    annotators = sorted({answer["annotator"] for answer in live})
    scores = [score for _, score in work.predictions if score is not None]
    row |= {
        "annotation_count": len(live),
        "skip_count": len(work.skips),
        "annotators": _json(annotators),
        "annotator_count": len({*annotators, *work.assignees}),
        "assignees": _json(work.assignees),
        "reviewers": _json(work.reviewers),
        "reviewer_count": len(work.reviewers),
        "annotation_ids": _json([answer["id"] for answer in live]),
        "results": _json([answer["result"] for answer in live]),
        "labels": _json(_labels(live)),
        "completed_at": max((answer["submitted_at"] for answer in live), default=None),
        "reviewed": int(bool(verdicts)),
        "reviews_accepted": verdicts.count("accepted"),
        "reviews_fixed": verdicts.count("fixed"),
        "reviews_rejected": verdicts.count("rejected"),
        "reviewed_at": work.reviewed_at,
        "ground_truth": work.truth,
        "comment_count": len(work.comments),
        "unresolved_comment_count": sum(not resolved for _, resolved in work.comments.values()),
        "comment_authors": _json(sorted({author for author, _ in work.comments.values()})),
        "last_comment_at": work.commented_at,
        "lead_time": sum(timed) / len(timed) / MICROSECONDS if timed else None,
        "lead_time_total": sum(timed) / MICROSECONDS,
        "active_time_total": sum(answer["active_time"] for answer in live) / MICROSECONDS,
        "review_time_total": work.review_time / MICROSECONDS,
        "prediction_count": len(work.predictions),
        "prediction_score": sum(scores) / len(scores) if scores else None,
        "model_versions": _json(sorted({version for version, _ in work.predictions})),
    }


def _labels(live: list[dict[str, Any]]) -> list[str]:
    """The distinct labels given, those of regions among them; a nested one is its path. Free text is no label."""
    found: set[str] = set()
    for item in (item for answer in live for item in answer["result"]):
        kind, value = item.get("type"), item.get("value")
        if isinstance(kind, str) and kind.endswith(LABELLING) and isinstance(value, dict):
            for part in value.get(kind) or ():
                found.add(part if isinstance(part, str) else PATH_SEPARATOR.join(map(str, part)))
    return sorted(found)


def _compare(rows: Rows, row: Values, work: Work) -> None:
    project = rows.find(board_project, row["project"])
    if project is None:
        return
    answers = {
        answer["annotator"]: {name: decode_value(value) for name, value in answer["values"].items()}
        for answer in work.compared
    }
    settings = agreement_settings(project["settings"])
    found = task_agreement(answers, parsed_config(project["label_config"]), settings)
    row["agreement"] = found.overall if settings.custom is None else work.measured.get(settings.custom)
    row["dimension_agreement"] = _json(dict(found.dimensions)) if len(answers) > 1 else "{}"


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _concerns(recorded: Recorded) -> bool:
    """Whether the event changes how answers are compared: the labeling config, or the settings of agreement."""
    return not isinstance(recorded.event, SettingsChanged) or recorded.event.group == "agreement"


def _sweep(rows: Rows, key: Key, recorded: Recorded) -> None:
    """Compare a task's answers anew, by the changed config or settings."""
    row = rows.change(board_table, *key)
    if row is not None and row["annotation_count"] > 1:
        _compare(rows, row, Work.read(row["work"]))


board = Projector(
    name="board",
    version=3,
    tables=(board_table, board_project),
    interests=PROJECT_EVENTS | TASK_EVENTS,
    touches=touches,
    apply=apply,
    sweep=Sweep(CHANGES, board_table, lambda row, _: iter(()), _sweep, _concerns),
)
