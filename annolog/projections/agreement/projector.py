"""How answers change agreement: what a task contributed is taken out, what it contributes now is put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import Table

from annolog.domain.event import Event
from annolog.domain.labeling import LabelingConfig, comparable_values, decode_value, encode_value
from annolog.domain.project.events import LabelConfigRevised, ProjectCreated, SettingsChanged
from annolog.domain.project.settings import AgreementSettings, agreement_settings
from annolog.domain.project.state import EMPTY_CONFIG, parsed_config
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import COMPARED, STANDING_AFTER
from annolog.projections.agreement.share import Share, Votes, share_of
from annolog.projections.agreement.tables import (
    agreement_coincidence,
    agreement_pair,
    agreement_person,
    agreement_project,
    agreement_task,
    agreement_total,
)
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
    }
)
CHANGES: frozenset[type[Event]] = frozenset({LabelConfigRevised, SettingsChanged})


def touches(recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    """The task and how its project compares."""
    yield agreement_project, (recorded.project,)
    if isinstance(recorded.event, happened.TaskEvent):
        yield agreement_task, (recorded.event.task,)


def apply(rows: Rows, recorded: Recorded) -> None:
    """Fold one event into agreement."""
    match recorded.event:
        case ProjectCreated(project=project):
            rows.put(agreement_project, _new_project(project))
        case LabelConfigRevised() | SettingsChanged():
            _changed_project(rows, recorded.event)
        case happened.TaskEvent() as event:
            _changed_task(rows, event)


def _new_project(project: int) -> Values:
    settings = AgreementSettings().model_dump_json()
    return {
        "project": project,
        "label_config": EMPTY_CONFIG,
        "settings": settings,
        "label_config_before": EMPTY_CONFIG,
        "settings_before": settings,
    }


def _changed_project(rows: Rows, event: LabelConfigRevised | SettingsChanged) -> None:
    project = rows.change(agreement_project, event.project)
    if project is None:
        return
    project["label_config_before"], project["settings_before"] = project["label_config"], project["settings"]
    if isinstance(event, LabelConfigRevised):
        project["label_config"] = event.label_config
    elif event.group == "agreement":
        project["settings"] = AgreementSettings.model_validate(event.new).model_dump_json()


def _changed_task(rows: Rows, event: happened.TaskEvent) -> None:
    project = rows.find(agreement_project, event.project)
    task = rows.change(agreement_task, event.task)
    if task is None and isinstance(event, happened.AnnotationSubmitted):
        task = rows.put(agreement_task, _new_task(event))
    if project is None or task is None:
        return
    config, settings = parsed_config(project["label_config"]), agreement_settings(project["settings"])
    answers: dict[str, Any] = orjson.loads(task["answers"])
    before = votes_of(answers, task["truth"])
    _answer(task, answers, event, config)
    task["answers"] = orjson.dumps(answers).decode()
    after = votes_of(answers, task["truth"])
    if before != after:
        changed = {
            person
            for person in before.compared.keys() | after.compared.keys()
            if before.compared.get(person) != after.compared.get(person)
        }
        _exchange(rows, task, share_of(before, config, settings, changed), share_of(after, config, settings, changed))
    task["compared"] = len(after.compared)


def _new_task(event: happened.AnnotationSubmitted) -> Values:
    return {
        "task": event.task,
        "project": event.project,
        "answers": "{}",
        "truth": None,
        "compared": 0,
        "pairwise": None,
        "consensus": None,
        "score": None,
        "winners": "{}",
    }


def _answer(task: Values, answers: dict[str, Any], event: happened.TaskEvent, config: LabelingConfig) -> None:
    """Change the answers as the event says. Each is [annotator, revision, counts, deleted, values].

    What speaks of an annotation that was never submitted changes nothing.
    """
    annotation = getattr(event, "annotation", None)
    if (
        annotation is not None
        and str(annotation) not in answers
        and not isinstance(event, happened.AnnotationSubmitted)
    ):
        return
    match event:
        case happened.AnnotationSubmitted():
            answers[str(event.annotation)] = [event.annotator, 1, True, False, _encoded(config, event.result)]
        case happened.AnnotationRevised():
            answer = answers[str(event.annotation)]
            fixed = event.because is happened.RevisionCause.FIXED_IN_REVIEW
            answer[1], answer[2], answer[4] = event.revision, answer[2] or not fixed, _encoded(config, event.result)
        case happened.AnnotationDeleted() | happened.AnnotationRestored():
            answers[str(event.annotation)][3] = isinstance(event, happened.AnnotationDeleted)
        case happened.AnnotationReviewed():
            answers[str(event.annotation)][2] = STANDING_AFTER[event.action] in COMPARED
        case happened.ReviewWithdrawn():
            answers[str(event.annotation)][2] = event.standing in COMPARED
        case happened.GroundTruthSet():
            task["truth"] = event.annotation
        case happened.GroundTruthCleared():
            task["truth"] = None
        case happened.TaskDeleted() | happened.TaskRestored():
            answers["gone"] = isinstance(event, happened.TaskDeleted)


def _encoded(config: LabelingConfig, result: happened.ResultItems) -> dict[str, str]:
    return {name: encode_value(value) for name, value in comparable_values(config, result).items()}


def votes_of(answers: Mapping[str, Any], truth: int | None) -> Votes:
    """What is compared, by person, and what is true. A deleted task compares nothing."""
    if answers.get("gone"):
        return Votes({}, None)
    compared, true = {}, None
    for annotation, answer in answers.items():
        if annotation == "gone" or answer[3]:
            continue
        if annotation == str(truth):
            true = answer[4]
        elif answer[2]:
            compared[answer[0]] = answer[4]
    return Votes(compared, true)


def _exchange(rows: Rows, task: Values, before: Share, after: Share) -> None:
    """Take out what the task contributed, and put in what it contributes."""
    for share, step in ((before, -1), (after, 1)):
        for table, key, amounts in _sums(task["project"], share):
            rows.add(table, key, *(step * amount for amount in amounts))
    task["pairwise"], task["consensus"], task["score"] = after.pairwise, after.consensus, after.score
    task["winners"] = orjson.dumps(
        {name: [decode_value(v) for v in values] for name, values in after.winners.items()}
    ).decode()


def _sums(project: int, share: Share) -> Iterator[tuple[Table, Key, tuple[int, ...]]]:
    for dimension, (pairwise, consensus) in share.scores.items():
        if pairwise is not None:
            counted = (1, pairwise, int(consensus is not None), consensus or 0)
            yield agreement_total, (project, dimension), counted
    for (dimension, one, other), score in share.pairs.items():
        yield agreement_pair, (project, dimension, one, other), (1, score)
        if dimension == "":
            for person in (one, other):
                yield agreement_person, (project, person), (0, 0, 0, 0, 1, score)
    for (dimension, size, first, second), pairs in share.coincidences.items():
        yield agreement_coincidence, (project, dimension, size, first, second), (pairs,)
    for person, credit in share.credits.items():
        yield agreement_person, (project, person), (1, credit, 0, 0, 0, 0)
    for person, score in share.truths.items():
        yield agreement_person, (project, person), (0, 0, 1, score, 0, 0)


def _concerns(recorded: Recorded) -> bool:
    """Whether the event changes how answers are compared: the labeling config, or the settings of agreement."""
    return not isinstance(recorded.event, SettingsChanged) or recorded.event.group == "agreement"


def _swept(task: Values, recorded: Recorded) -> Iterator[tuple[Table, Key]]:
    return iter(())


def _sweep(rows: Rows, key: Key, recorded: Recorded) -> None:
    """Compare a task's answers anew, by the changed config or settings."""
    project = rows.find(agreement_project, recorded.project)
    task = rows.change(agreement_task, *key)
    if project is None or task is None:
        return
    votes = votes_of(orjson.loads(task["answers"]), task["truth"])
    people = set(votes.compared)
    before = share_of(
        votes, parsed_config(project["label_config_before"]), agreement_settings(project["settings_before"]), people
    )
    after = share_of(votes, parsed_config(project["label_config"]), agreement_settings(project["settings"]), people)
    _exchange(rows, task, before, after)


agreement = Projector(
    name="agreement",
    version=1,
    tables=(
        agreement_project,
        agreement_task,
        agreement_total,
        agreement_pair,
        agreement_coincidence,
        agreement_person,
    ),
    interests=ANSWERS | CHANGES | {ProjectCreated},
    touches=touches,
    apply=apply,
    sweep=Sweep(CHANGES, agreement_task, _swept, _sweep, _concerns),
)
