"""What a task's row knows of its answers: what is compared, what is true, and what was measured."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson

from annolog.domain.agreement.share import Measured, Votes
from annolog.domain.labeling import LabelingConfig, encoded_values, is_suggestion
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import COMPARED, STANDING_AFTER, Verdict
from annolog.projections.engine.moments import day_of
from annolog.projections.engine.rows import Values

# An answer is a list: whose, which revision, whether it counts, whether it is deleted, its values, whether a reviewer
# accepted it, and the day on which it was last given.
ANNOTATOR, REVISION, COUNTS, DELETED, VALUES, ACCEPTED, DAY = range(7)
GONE = "gone"


def new_row(task: int, project: int) -> Values:
    """A task that nobody has answered."""
    return {
        "task": task,
        "project": project,
        "answers": "{}",
        "predictions": "{}",
        "measured": "{}",
        "truth": None,
        "compared": 0,
        "day": "",
        "winners": "{}",
        "definition": None,
        "pairwise": None,
        "consensus": None,
        "score": None,
        "other_definition": None,
        "other_pairwise": None,
        "other_consensus": None,
        "other_score": None,
    }


def change_answers(
    row: Values, answers: dict[str, Any], recorded: Recorded, config: LabelingConfig, definitions: Collection[int]
) -> None:
    """Change the answers as the event says. What speaks of an annotation that was never submitted changes nothing.

    What was measured is kept for these definitions, the one in force and a proposed one.
    """
    event = recorded.event
    annotation = getattr(event, "annotation", None)
    known = annotation is None or str(annotation) in answers
    match event:
        case happened.AnnotationSubmitted():
            values = encoded_values(config, event.result)
            answers[str(event.annotation)] = [event.annotator, 1, True, False, values, False, day_of(recorded)]
        case happened.PredictionRecorded(model_version=version, result=result):
            predictions = orjson.loads(row["predictions"]) | {version: _suggested(config, result)}
            row["predictions"] = orjson.dumps(predictions).decode()
        case happened.AgreementMeasured():
            _measure(row, answers, event, definitions)
        case happened.GroundTruthSet() if known:
            row["truth"] = event.annotation
        case happened.GroundTruthCleared():
            row["truth"] = None
        case happened.TaskDeleted() | happened.TaskRestored():
            answers[GONE] = isinstance(event, happened.TaskDeleted)
        case _ if known and annotation is not None:
            _change_answer(answers[str(annotation)], recorded, config)


def _suggested(config: LabelingConfig, result: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What a model said: nothing, where it fits no config. That was let in once, and is a fact now."""
    return encoded_values(config, result) if is_suggestion(config, result) else {}


def _change_answer(answer: list[Any], recorded: Recorded, config: LabelingConfig) -> None:
    match recorded.event:
        case happened.AnnotationRevised() as event:
            fixed = event.because is happened.RevisionCause.FIXED_IN_REVIEW
            answer[REVISION], answer[COUNTS] = event.revision, answer[COUNTS] or not fixed
            answer[VALUES], answer[DAY] = encoded_values(config, event.result), day_of(recorded)
            answer[ACCEPTED] = answer[ACCEPTED] and fixed
        case happened.AnnotationDeleted() | happened.AnnotationRestored() as event:
            answer[DELETED] = isinstance(event, happened.AnnotationDeleted)
        case happened.AnnotationReviewed() as event:
            answer[COUNTS] = STANDING_AFTER[event.action] in COMPARED
            answer[ACCEPTED] = event.verdict in (Verdict.ACCEPTED, Verdict.FIXED)
        case happened.ReviewWithdrawn() as event:
            answer[COUNTS] = event.standing in COMPARED
            answer[ACCEPTED] = event.previous in (Verdict.ACCEPTED, Verdict.FIXED)


def compared_in(answers: Mapping[str, Any], truth: int | None) -> list[tuple[int, list[Any]]]:
    """The annotations that are compared, by id. A deleted task compares nothing."""
    if answers.get(GONE):
        return []
    # A plain loop: this is done twice for every annotation there is.
    found = []
    for annotation, answer in answers.items():
        if annotation != GONE and answer[COUNTS] and not answer[DELETED]:
            found.append((int(annotation), answer))
    if truth is not None:
        found = [(annotation, answer) for annotation, answer in found if annotation != truth]
    found.sort(key=itemgetter(0))
    return found


def votes_in(row: Mapping[str, Any], answers: Mapping[str, Any]) -> Votes:
    """What is compared, by person, and what is true."""
    truth = row["truth"]
    true = answers.get(str(truth)) if truth is not None and not answers.get(GONE) else None
    compared = {answer[ANNOTATOR]: answer[VALUES] for _, answer in compared_in(answers, truth)}
    return Votes(compared, true[VALUES] if true is not None and not true[DELETED] else None)


def accepted_in(row: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[int, Any]:
    """The compared answers that a reviewer accepted, by person."""
    found = compared_in(answers, row["truth"])
    return {answer[ANNOTATOR]: answer[VALUES] for _, answer in found if answer[ACCEPTED]}


def with_measured(votes: Votes, row: Mapping[str, Any], answers: Mapping[str, Any], definition: int) -> Votes:
    """The votes with what a metric of the project's own said about exactly these answers, if it has."""
    found = orjson.loads(row["measured"]).get(str(definition))
    if found is None or found["annotations"] != revisions_of(compared_in(answers, row["truth"])):
        return votes
    pairs = {(one, other): score for one, other, score in found["pairs"]}
    return Votes(votes.compared, votes.truth, Measured(found["score"], pairs))


def revisions_of(compared: Iterable[tuple[int, list[Any]]]) -> list[list[int]]:
    """Annotation and revision of every answer, by annotation."""
    return [[annotation, answer[REVISION]] for annotation, answer in compared]


def _measure(
    row: Values, answers: Mapping[str, Any], event: happened.AgreementMeasured, definitions: Collection[int]
) -> None:
    """Keep what was measured by definitions that are of use; what comes too late for its own is dropped."""
    spoken_of = {annotation for annotation, _ in event.annotations}
    spoken_of |= {annotation for pair in event.pairs for annotation in (pair.one, pair.other)}
    if any(str(annotation) not in answers for annotation in spoken_of):
        return
    people = {annotation: answers[str(annotation)][ANNOTATOR] for annotation in spoken_of}
    measured = orjson.loads(row["measured"])
    measured[str(event.definition)] = {
        "annotations": [list(pair) for pair in event.annotations],
        "pairs": [[people[p.one], people[p.other], p.score] for p in event.pairs if p.score is not None],
        "score": event.score,
        "error": event.error,
    }
    kept = {definition: found for definition, found in measured.items() if int(definition) in definitions}
    row["measured"] = orjson.dumps(kept).decode()
