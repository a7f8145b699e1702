"""When somebody's work falls short, and when that is news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from annolog.domain.project.settings import EvaluationMode, EvaluationSettings, Settings


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is judged by: a score in [0, 1] of so many tasks. Of rejections less is better, else more is."""

    mode: EvaluationMode
    score: float
    tasks: int

    @classmethod
    def of_reviews(cls, mode: EvaluationMode, reviewed: int, rejected: int) -> Standing | None:
        """By the latest verdict on each answer: the share that was rejected, or that was accepted or put right."""
        if reviewed <= 0:
            return None
        # 17 of 25 is 0.68 exactly as a threshold of it is; one less the share of the others would be a little below.
        counted = rejected if mode is EvaluationMode.REJECTION_RATE else reviewed - rejected
        return cls(mode, counted / reviewed, reviewed)

    @property
    def worth(self) -> float:
        """The score as one of which more is better."""
        return 1 - self.score if self.mode is EvaluationMode.REJECTION_RATE else self.score

    @classmethod
    def read(cls, evidence: Mapping[str, Any]) -> Standing | None:
        """The standing that a pause rests on, None where it says none. Older pauses say no mode: it was the truth."""
        score, tasks = evidence.get("score"), evidence.get("tasks")
        if not isinstance(score, int | float) or not isinstance(tasks, int):
            return None
        try:
            mode = EvaluationMode(evidence.get("mode", EvaluationMode.GROUND_TRUTH))
        except ValueError:
            return None
        return cls(mode, float(score), tasks)

    def evidence(self, settings: EvaluationSettings) -> dict[str, Any]:
        """What a pause is to say that it rests on, with the limit that was asked for."""
        return {"mode": self.mode.value, "score": self.score, "tasks": self.tasks, **limit_of(settings)}


def limit_of(settings: EvaluationSettings) -> dict[str, float]:
    """The setting that divides who passes from who fails, by its name."""
    name = "maximum_rejection_rate" if settings.mode is EvaluationMode.REJECTION_RATE else "minimum_score"
    return {name: getattr(settings, name)}


def fails(settings: Settings, score: float, tasks: int) -> bool:
    """Whether a score over so many tasks pauses an annotator: one of the kind that the mode of evaluation judges by."""
    rules = settings.evaluation
    if not settings.evaluates or not rules.pause_on_failure or tasks < rules.minimum_tasks:
        return False
    if rules.mode is EvaluationMode.REJECTION_RATE:
        return score > rules.maximum_rejection_rate
    return score < rules.minimum_score


def is_news(before: Standing | None, now: Standing) -> bool:
    """Whether a manager who ended a pause that rested on `before` could not have known what stands now.

    More tasks, a worse score, or another thing that is judged.
    """
    return before is None or before.mode is not now.mode or now.tasks > before.tasks or now.worth < before.worth


def in_words(standing: Standing, settings: EvaluationSettings) -> str:
    """Why somebody is paused, for the person concerned."""
    [limit] = limit_of(settings).values()
    match standing.mode:
        case EvaluationMode.GROUND_TRUTH:
            said = f"agreement with the ground truth is {standing.score:.0%} over {standing.tasks} tasks, under"
        case EvaluationMode.ACCEPTANCE_SCORE:
            said = f"{standing.score:.0%} of {standing.tasks} reviewed answers were accepted, under"
        case EvaluationMode.REJECTION_RATE:
            share = f"{standing.score:.0%} of {standing.tasks} reviewed answers"
            return f"{share} were rejected, over the {limit:.0%} allowed"
    return f"{said} the {limit:.0%} asked for"


def is_evaluated_next(settings: Settings, project: int, person: int, answered: int) -> bool:
    """Whether who has answered so many tasks is to have one with a ground truth among the others now.

    Drawn from project, person, count and the seed of the assignment: it can be repeated, and nobody can foresee it.
    """
    every = settings.evaluation.continuous_every
    if every is None or not settings.evaluates:
        return False
    drawn = f"evaluation:{settings.assignment.seed}:{project}:{person}:{answered}"
    return int.from_bytes(blake2b(drawn.encode(), digest_size=8).digest(), "big") % every == 0
