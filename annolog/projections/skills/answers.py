"""What a task's row knows of its answers, and what they add to the skills of those who gave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annolog.domain.agreement.comparison import Answer
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


# Whose skills it adds to, on the day they gave the answer, and what. By source and, since somebody may have several
# answers, by annotation.
Share = tuple[int, str, Credits]
Shares = Mapping[tuple[str, int], Share]
Compared = Sequence[tuple[int, list[Any]]]
TRUTH, OTHERS, REVIEW = Source.GROUND_TRUTH.value, Source.CONSENSUS.value, Source.REVIEW.value


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
    found: dict[tuple[str, int], Share] = {}
    if not answers or answers.get(GONE):
        return found
    compared = compared_in(answers, row["truth"])
    if row["truth"] is not None:
        _against_truth(found, compared, answers[str(row["truth"])], measuring)
    if len(compared) > 2:
        _against_others(found, compared, measuring)
    for id, answer in answers.items():
        # Also one that counts for nothing any more, since it was rejected.
        if id != GONE and answer[VERDICT] is not None and not answer[DELETED]:
            said, day = given(answer, measuring)
            found[REVIEW, int(id)] = (answer[ANNOTATOR], day, measuring.judged(said, Verdict(answer[VERDICT])))
    return found


def _against_truth(found: dict[tuple[str, int], Share], compared: Compared, truth: Any, measuring: Measuring) -> None:
    if truth[DELETED]:
        return
    true = measuring.comparison.answer_of(truth[VALUES])
    for id, answer in compared:
        if answer[ANNOTATOR] != truth[ANNOTATOR]:
            said, day = given(answer, measuring)
            credits = measuring.held_against(Source.GROUND_TRUTH, said, true)
            found[TRUTH, id] = (answer[ANNOTATOR], day, credits)


def _against_others(found: dict[tuple[str, int], Share], compared: Compared, measuring: Measuring) -> None:
    # Plain loops: this is done twice for every annotation there is.
    answer_of = measuring.comparison.answer_of
    seen = [answer_of(answer[VALUES]) for _, answer in compared]
    by_answer = measuring.against_others(seen)
    for (id, answer), as_compared in zip(compared, seen, strict=True):
        others, credits = by_answer[as_compared]
        day = answer[DAY]
        if answer[GIVEN] is not None:
            said, day = given(answer, measuring)
            credits = measuring.held_against(Source.CONSENSUS, said, others)
        found[OTHERS, id] = (answer[ANNOTATOR], day, credits)


def given(answer: Sequence[Any], measuring: Measuring) -> tuple[Answer, str]:
    """What somebody said themselves, and when they last did."""
    values, day = (answer[VALUES], answer[DAY]) if answer[GIVEN] is None else answer[GIVEN]
    return measuring.comparison.answer_of(values), day
