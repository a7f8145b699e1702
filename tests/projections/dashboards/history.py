"""Random things that happen to annotations, in nights on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from annolog.domain.event import Event
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause, Standing, TaskState, Verdict
from annolog.domain.task.review_events import ReviewAdjudicated, SecondReviewGiven

P = 1
PEOPLE, REVIEWERS = (2, 3, 4), (3, 9)
# Around the nights on which the clocks of Berlin, and then those of Lord Howe, change.
BEGINNINGS = (
    datetime(2026, 3, 28, 20, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
)
LABEL_SETS: tuple[list[Any], ...] = ([], ["a"], ["a", "b"], ["b"])


def result(chance: Random) -> list[dict[str, Any]]:
    """Choices, regions of two controls, a relation, words."""
    where = {"to_name": "text"}
    items: list[dict[str, Any]] = [
        {"from_name": "label", "type": "choices", "value": {"choices": chance.choice(LABEL_SETS)}, **where},
        {"from_name": "words", "type": "textarea", "value": {"text": ["my own words"]}, **where},
        {"from_name": "tree", "type": "taxonomy", "value": {"taxonomy": [["x"], ["x", "y"]]}, **where},
    ]
    for place in range(chance.randint(0, 3)):
        value = {"start": place, "end": place + 4, "labels": [chance.choice(["PER", "LOC"])]}
        items.append({"id": f"r{place}", "from_name": "span", "type": "labels", "value": value, **where})
        if chance.random() < 0.3:
            sure = {"start": place, "end": place + 4, "choices": ["sure"]}
            items.append({"id": f"r{place}", "from_name": "sure", "type": "choices", "value": sure, **where})
    if chance.random() < 0.3:
        items.append({"type": "relation", "from_id": "r0", "to_id": "r1", "direction": "right"})
    return chance.sample(items, len(items))


def seconds(chance: Random) -> float | None:
    return None if chance.random() < 0.2 else chance.randint(0, 10**8) / 10**6


class History:
    """Random things that happen, at random times."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.now = self.chance.choice(BEGINNINGS)
        self.events: list[Recorded] = []
        self.reviews: list[happened.AnnotationReviewed] = []
        self.verdicts: dict[int, list[happened.AnnotationReviewed]] = {}
        self.owners: dict[int, int] = {}
        # Of days, or of some weeks.
        hours = self.chance.choice((4, 40))
        for _ in range(self.chance.randint(1, 60)):
            self.now += timedelta(microseconds=self.chance.randint(1, hours * 3600 * 10**6))
            self._happen()

    def _add(self, event: Event) -> None:
        position = len(self.events) + 1
        id = UUID(int=position)
        self.events.append(Recorded(position, id, "task-1", position, self.now, 1, None, id, id, None, P, event))

    def _happen(self) -> None:
        chance = self.chance
        kind = chance.choice(
            ["submit"] * 4
            + ["revise", "fix", "review", "review", "withdraw", "delete", "restore", "skip", "state", "again"]
        )
        here: dict[str, Any] = {"project": P, "task": 1}
        if kind == "skip":
            self._add(happened.AnnotationSkipped(**here, person=chance.choice(PEOPLE), mode="ignore_skipped"))
        elif kind == "state":
            state = chance.choice([TaskState.COMPLETED, TaskState.NEEDS_REVIEW])
            self._add(happened.TaskStateChanged(**here, previous=TaskState.CREATED, state=state, cause="x"))
        elif kind == "submit" or not self.owners:
            annotation = len(self.owners) + 1
            self.owners[annotation] = chance.choice(PEOPLE)
            self._add(
                happened.AnnotationSubmitted(
                    **here,
                    annotation=annotation,
                    annotator=self.owners[annotation],
                    result=result(chance),
                    config_version=1,
                    lead_time=seconds(chance),
                    active_time=seconds(chance),
                )
            )
        else:
            annotation = chance.choice(list(self.owners))
            self._of_annotation(kind, {**here, "annotation": annotation, "annotator": self.owners[annotation]})

    def _of_annotation(self, kind: str, which: dict[str, Any]) -> None:
        chance, verdicts = self.chance, self.verdicts.setdefault(which["annotation"], [])
        match kind:
            case "revise":
                because = chance.choice([RevisionCause.OWN_UPDATE, RevisionCause.RETURNED])
                self._revise(which, because, lead_time=seconds(chance), active_time=seconds(chance))
            case "delete":
                self._add(happened.AnnotationDeleted(**which))
            case "restore":
                self._add(happened.AnnotationRestored(**which))
            case "review" | "fix":
                verdict = Verdict.FIXED if kind == "fix" else chance.choice([Verdict.ACCEPTED, Verdict.REJECTED])
                agreement = chance.random() if kind == "fix" else None
                if kind == "fix":
                    self._revise(which, RevisionCause.FIXED_IN_REVIEW)
                given = happened.AnnotationReviewed(
                    **which,
                    review=len(self.reviews) + 1,
                    revision=1,
                    reviewer=chance.choice(REVIEWERS),
                    verdict=verdict,
                    review_time=seconds(chance),
                    active_time=seconds(chance),
                    fix_agreement=agreement,
                )
                self.reviews.append(given)
                verdicts.append(given)
                self._add(given)
            case "again" if verdicts:
                self._judge_again(which, chance.choice(verdicts))
            case "withdraw" if verdicts:
                gone = verdicts.pop(chance.randrange(len(verdicts)))
                self._add(
                    happened.ReviewWithdrawn(
                        **which,
                        review=gone.review,
                        reviewer=gone.reviewer,
                        verdict=gone.verdict,
                        fix_agreement=gone.fix_agreement,
                        standing=Standing.COUNTED,
                        previous=verdicts[-1].verdict if verdicts else None,
                    )
                )

    def _judge_again(self, which: dict[str, Any], first: happened.AnnotationReviewed) -> None:
        times = {"review_time": seconds(self.chance), "active_time": seconds(self.chance)}
        about = {**which, "review": first.review, "first_verdict": first.verdict}
        second, third = Verdict.ACCEPTED, self.chance.choice(REVIEWERS)
        if self.chance.random() < 0.5:
            given = {"revision": 1, "first_reviewer": first.reviewer, "reviewer": third, "agrees": True}
            self._add(SecondReviewGiven(**about, **given, verdict=second, **times))
            return
        two = {"reviewer": first.reviewer, "second_reviewer": 9, "second_verdict": second}
        held = {"adjudicator": third, "overturns": False, "applied": False}
        self._add(ReviewAdjudicated(**about, **two, **held, verdict=first.verdict, **times))

    def _revise(self, which: dict[str, Any], because: RevisionCause, **times: float | None) -> None:
        self._add(
            happened.AnnotationRevised(
                **which, revision=2, result=result(self.chance), by=9, because=because, config_version=1, **times
            )
        )
