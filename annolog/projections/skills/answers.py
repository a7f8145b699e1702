"""What a task's row knows of its answers, and what they add to the skills of those who gave them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from annolog.domain.labeling import LabelingConfig
from annolog.domain.recorded import Recorded
from annolog.domain.skills.credits import Credits, Measuring
from annolog.domain.skills.skill import Source
from annolog.domain.task import events as happened
from annolog.domain.task.events import RevisionCause, Verdict
from annolog.projections.agreement.answers import (
    ANNOTATOR,
    DAY,
    DELETED,
    GONE,
    VALUES,
    change_answers,
    compared_in,
)
from annolog.projections.engine.rows import Values

# What is known of an answer beyond what agreement knows: the verdict that stands, and where a reviewer has put the
# answer right, what the person had said and when.
VERDICT, GIVEN = DAY + 1, DAY + 2


class Share(NamedTuple):
    """What an answer adds to somebody's skills, on the day it was given."""

    person: int
    day: str
    credits: Credits


# By source and, since somebody may have several, by annotation.
Shares = Mapping[tuple[str, int], Share]


def new_row(task: int, project: int) -> Values:
    """A task that nobody has answered."""
    return {"task": task, "project": project, "answers": "{}", "truth": None}


def change(row: Values, answers: dict[str, Any], recorded: Recorded, config: LabelingConfig) -> None:
    """Change the answers as the event says. What speaks of an annotation that was never submitted changes nothing."""
    event = recorded.event
    answer = answers.get(str(getattr(event, "annotation", None)))
    match event:
        case happened.AnnotationRevised(because=because) if answer is not None:
            if because is not RevisionCause.FIXED_IN_REVIEW:
                answer[GIVEN] = None
            elif answer[GIVEN] is None:
                answer[GIVEN] = [answer[VALUES], answer[DAY]]
        case happened.AnnotationReviewed(verdict=verdict) if answer is not None:
            answer[VERDICT] = verdict.value
        case happened.ReviewWithdrawn(previous=previous) if answer is not None:
            answer[VERDICT] = None if previous is None else previous.value
    change_answers(row, answers, recorded, config, ())
    if isinstance(event, happened.AnnotationSubmitted):
        answers[str(event.annotation)] += [None, None]


def shares_of(row: Mapping[str, Any], answers: Mapping[str, Any], measuring: Measuring) -> Shares:
    """What every answer to the task adds. A deleted task adds nothing.

    Everybody is held to what they said themselves, also where a reviewer has put it right since; the others they are
    held against count as they are compared.
    """
    if answers.get(GONE):
        return {}
    answer_of = measuring.comparison.answer_of
    compared = [(id, answer, answer_of(answer[VALUES])) for id, answer in compared_in(answers, row["truth"])]
    truth = answers.get(str(row["truth"]))
    if truth is not None and truth[DELETED]:
        truth = None
    true = None if truth is None else answer_of(truth[VALUES])
    majorities = measuring.majorities([seen for _, _, seen in compared]) if len(compared) > 2 else None
    found: dict[tuple[str, int], Share] = {}
    for id, answer, seen in compared:
        person, given, day = _given(answer, seen, measuring)
        if true is not None and truth[ANNOTATOR] != person:
            credits = measuring.held_against(Source.GROUND_TRUTH, given, true)
            found[Source.GROUND_TRUTH.value, id] = Share(person, day, credits)
        if majorities is not None:
            of_others = tuple([found.without(said) for found, said in zip(majorities, seen, strict=True)])
            credits = measuring.held_against(Source.CONSENSUS, given, of_others)
            found[Source.CONSENSUS.value, id] = Share(person, day, credits)
    return found | _reviewed(answers, measuring)


def _reviewed(answers: Mapping[str, Any], measuring: Measuring) -> Shares:
    """Of every answer that is there, also one that counts for nothing since it was rejected."""
    found = {}
    for id, answer in answers.items():
        if id != GONE and answer[VERDICT] is not None and not answer[DELETED]:
            person, given, day = _given(answer, measuring.comparison.answer_of(answer[VALUES]), measuring)
            found[Source.REVIEW.value, int(id)] = Share(person, day, measuring.judged(given, Verdict(answer[VERDICT])))
    return found


def _given(answer: list[Any], seen: tuple[str, ...], measuring: Measuring) -> tuple[int, tuple[str, ...], str]:
    """Whose answer it is, what they said themselves, and when they last did."""
    if answer[GIVEN] is None:
        return answer[ANNOTATOR], seen, answer[DAY]
    values, day = answer[GIVEN]
    return answer[ANNOTATOR], measuring.comparison.answer_of(values), day
