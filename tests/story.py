"""Rules as sentences: given events, when somebody decides, then events; and short names for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest

from annolog.domain.project.events import ProjectRole
from annolog.domain.project.settings import Settings
from annolog.domain.refusals import Refused
from annolog.domain.task import annotating, commenting, distribution, ground_truth, reassignment, reviewing
from annolog.domain.task import comment_events as saying
from annolog.domain.task import events as happened
from annolog.domain.task.annotating import Work
from annolog.domain.task.commenting import Remark, Speaker
from annolog.domain.task.events import (
    RejectAction,
    ReleaseReason,
    ResultItems,
    RevisionCause,
    SkipMode,
    TaskEvent,
    TaskState,
    Verdict,
)
from annolog.domain.task.evidence import Evidence, ReservationReason
from annolog.domain.task.evolve import fold
from annolog.domain.task.lifecycle import settled
from annolog.domain.task.reviewing import Judgement
from annolog.domain.task.state import Task
from annolog.domain.time.bounds import Held

ADA, BOB, EVE, ROY = 1, 2, 3, 9
PROJECT, TASK = 5, 7
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PICKED = ReservationReason(policy="picked", lane="picked")
HERE: dict[str, Any] = {"project": PROJECT, "task": TASK}

Decide = Callable[[Task, Settings], Sequence[TaskEvent]]


def settings(**groups: dict[str, Any]) -> Settings:
    return Settings.model_validate(groups)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Story:
    """One rule, told as facts, a decision and what follows. States are announced as the facts bring them about."""

    facts: Sequence[TaskEvent]
    rules: Settings
    decide: Decide | None = None

    def under(self, **groups: dict[str, Any]) -> Self:
        return replace(self, rules=settings(**groups))

    def when(self, decide: Decide) -> Self:
        return replace(self, decide=decide)

    def then(self, *expected: TaskEvent) -> None:
        assert self.events() == list(expected)

    def refuses(self, refusal: type[Refused], match: str | None = None) -> None:
        with pytest.raises(refusal, match=match):
            self.events()

    def leaves(self) -> Task:
        return fold(self.task, self.events())

    @property
    def task(self) -> Task:
        task = Task(TASK)
        for fact in self.facts:
            task = fold(task, settled(task, [fact], self.rules))
        return task

    def events(self) -> list[TaskEvent]:
        assert self.decide is not None
        return list(self.decide(self.task, self.rules))


def given(*facts: TaskEvent) -> Story:
    return Story(facts, Settings())


# ── Facts. An annotation is named by its author unless told otherwise: Ada's is 101. ──────────────────────────────────


def answer(label: str = "A") -> ResultItems:
    return [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


def imported(slots: int = 1, **more: Any) -> happened.TaskImported:
    origin = {"data": {"text": "x"}, "import_id": 1, "line": 1, "covered": True, "draw": 0.5, "seed": 0}
    return happened.TaskImported(**HERE, slots=slots, **{**origin, **more})


def reserved(person: int, lease: int = 0, until: float = 60) -> happened.TaskReserved:
    return happened.TaskReserved(**HERE, person=person, lease=lease or 200 + person, expires_at=at(until), why=PICKED)


def released(person: int, reason: str = "expired", lease: int = 0) -> happened.ReservationReleased:
    return happened.ReservationReleased(
        **HERE, person=person, lease=lease or 200 + person, reason=ReleaseReason(reason)
    )


def submitted(person: int, label: str = "A", annotation: int = 0, **more: Any) -> happened.AnnotationSubmitted:
    return happened.AnnotationSubmitted(
        **HERE, annotation=annotation or 100 + person, annotator=person, result=answer(label), config_version=1, **more
    )


def revised(
    person: int,
    label: str = "B",
    revision: int = 2,
    by: int = 0,
    because: str = "own_update",
    review: int | None = None,
) -> happened.AnnotationRevised:
    return happened.AnnotationRevised(
        **HERE,
        annotation=100 + person,
        annotator=person,
        revision=revision,
        result=answer(label),
        by=by or person,
        because=RevisionCause(because),
        config_version=1,
        review=review,
    )


def skipped(person: int, mode: str = "requeue_for_others", comment: str = "") -> happened.AnnotationSkipped:
    return happened.AnnotationSkipped(**HERE, person=person, mode=SkipMode(mode), comment=comment)


def deleted(person: int, annotation: int = 0) -> happened.AnnotationDeleted:
    return happened.AnnotationDeleted(**HERE, annotation=annotation or 100 + person, annotator=person)


def reviewed(
    person: int, verdict: str = "accepted", action: str | None = None, review: int = 300, revision: int = 1, **more: Any
) -> happened.AnnotationReviewed:
    return happened.AnnotationReviewed(
        **HERE,
        review=review,
        annotation=100 + person,
        annotator=person,
        revision=revision,
        reviewer=more.pop("reviewer", ROY),
        verdict=Verdict(verdict),
        action=RejectAction(action) if action else None,
        **more,
    )


def truth(person: int, cause: str = "manual") -> happened.GroundTruthSet:
    return happened.GroundTruthSet(**HERE, annotation=100 + person, annotator=person, cause=cause)


def assigned(person: int) -> happened.AnnotatorAssigned:
    return happened.AnnotatorAssigned(**HERE, person=person)


def commented(author: int, comment: int = 400, text: str = "why?") -> saying.CommentAdded:
    return saying.CommentAdded(**HERE, comment=comment, author=author, text=text)


def moved(before: str, state: str, cause: type[TaskEvent]) -> happened.TaskStateChanged:
    return happened.TaskStateChanged(
        **HERE, previous=TaskState(before), state=TaskState(state), cause=cause.type_name()
    )


def evidence(score: float | None, *annotations: tuple[int, int], threshold: float = 0.75) -> Evidence:
    return Evidence(
        score=score,
        threshold=threshold,
        methodology="pairwise",
        annotations=list(annotations),
        settings_version=1,
    )


# ── Decisions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def reserve(person: int, minutes: float = 0, **more: Any) -> Decide:
    return lambda task, rules: distribution.reserve(
        task, person, more.get("lease", 200 + person), at(minutes), PICKED, rules,
        beyond_slots=more.get("beyond_slots", False),
    )  # fmt: skip


def submit(person: int, label: str = "A", minutes: float = 0, annotation: int = 0, **more: Any) -> Decide:
    return lambda task, rules: annotating.submit(
        task, person, annotation or 100 + person, Work(answer(label), 1), at(minutes), rules, **more
    )


def revise(person: int, label: str = "B", annotation: int = 0, **more: Any) -> Decide:
    return lambda task, rules: annotating.revise(
        task, person, annotation or 100 + person, Work(answer(label), 1), rules, **more
    )


def skip(person: int, comment: str = "", minutes: float = 0) -> Decide:
    return lambda task, rules: annotating.skip(task, person, comment, Held(), at(minutes), rules)


def delete(annotation: int) -> Decide:
    return lambda task, rules: annotating.delete(task, annotation, "", rules)


def restore(annotation: int, minutes: float = 0) -> Decide:
    return lambda task, rules: annotating.restore(task, annotation, at(minutes), rules)


def review(reviewer: int, annotation: int, verdict: str = "accepted", **more: Any) -> Decide:
    expected = more.pop("expected_revision", None)
    action = more.pop("action", None)
    stays = more.pop("author_stays", True)
    judgement = Judgement(Verdict(verdict), RejectAction(action) if action else None, **more)
    return lambda task, rules: reviewing.review(
        task, reviewer, annotation, 300, judgement, rules, expected_revision=expected, author_stays=stays
    )


def withdraw(reviewer: int, review_id: int = 300, minutes: float = 0, *, manages: bool = False) -> Decide:
    return lambda task, rules: reviewing.withdraw(task, review_id, reviewer, at(minutes), rules, manages=manages)


def set_truth(annotation: int) -> Decide:
    return lambda task, rules: ground_truth.set_ground_truth(task, annotation, rules)


def clear_truth(task: Task, rules: Settings) -> list[TaskEvent]:
    return ground_truth.clear_ground_truth(task, rules)


def assess(found: Evidence, eligible: int = 1) -> Decide:
    return lambda task, rules: reassignment.assess(task, found, reassignment.Asked(eligible), rules)


def say(author: int, text: str = "why?", **more: Any) -> Decide:
    members = {ADA: ProjectRole.ANNOTATOR, BOB: ProjectRole.ANNOTATOR}
    return lambda task, _: commenting.comment(task, Speaker(author), 400, Remark(text, **more), members)
