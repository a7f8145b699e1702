"""What somebody who is being introduced is told of their answer: whether it was right, and what differs, no more."""

from __future__ import annotations

from collections.abc import Sequence

from annolog.domain.agreement.comparison import Comparison
from annolog.domain.agreement.trillionths import from_trillionths
from annolog.domain.labeling import Dimension, DimensionKind, LabelingConfig, encoded_values
from annolog.domain.project.settings import Settings
from annolog.domain.refusals import WrongState
from annolog.domain.task.events import FeedbackGiven, ResultItems
from annolog.domain.task.evidence import Hint
from annolog.domain.task.ground_truth import serves_as_evaluation
from annolog.domain.task.state import Task


def compare(given: ResultItems, true: ResultItems, config: LabelingConfig, settings: Settings) -> Hint:
    """How an answer differs from what is true, without saying what is true.

    A control differs whose score by the project's metric is under the minimum score of evaluation. Of regions it is
    told how many more, or fewer, the truth has; of labels and values nothing.
    """
    comparison = Comparison.of(config, settings.agreement)
    said, held = (comparison.answer_of(encoded_values(config, result)) for result in (given, true))
    least, differing = settings.evaluation.minimum_score, []
    for part, score in zip(comparison.parts, comparison.held_against(said, held), strict=True):
        if score is not None and part.weight > 0 and from_trillionths(score) < least:
            differing.append(part.dimension)
    more = sum(max(0, _lacking(given, true, dimension)) for dimension in differing)
    fewer = sum(max(0, -_lacking(given, true, dimension)) for dimension in differing)
    return Hint(controls=[dimension.name for dimension in differing], missing_regions=more, surplus_regions=fewer)


def _lacking(given: ResultItems, true: ResultItems, dimension: Dimension) -> int:
    return _regions(true, dimension) - _regions(given, dimension)


def _regions(result: ResultItems, dimension: Dimension) -> int:
    if dimension.kind is not DimensionKind.REGION:
        return 0
    return len({item.get("id") for item in result if item.get("from_name") == dimension.name})


def introduces(task: Task, settings: Settings, *, exempt: bool) -> bool:
    """Whether the task is one by which annotators learn, in a project that tells them how they do."""
    return settings.evaluation.feedback == "hint" and serves_as_evaluation(task, settings) and not exempt


def goes_on(task: Task, person: int, settings: Settings, *, returned: bool) -> bool:
    """Whether who was told of their answer is told again once they change it. What a reviewer returned is no test."""
    return person in task.feedback and not returned and introduces(task, settings, exempt=False)


def to_first(
    task: Task, person: int, given: ResultItems, config: LabelingConfig, settings: Settings, *, tested: int
) -> Sequence[FeedbackGiven]:
    """What the person is told of a first answer, as long as they have not been introduced; `tested` is by how many."""
    introduced = tested >= settings.evaluation.onboarding_tasks
    return [] if introduced else give(task, person, given, config, settings)


def give(
    task: Task, person: int, given: ResultItems, config: LabelingConfig, settings: Settings
) -> Sequence[FeedbackGiven]:
    """What the person is told of this answer; nothing once their tries are used up, or where no truth is known."""
    attempt = task.feedback.get(person, 0) + 1
    if task.ground_truth is None or attempt > settings.evaluation.feedback_tries + 1:
        return []
    hint = compare(given, task.annotations[task.ground_truth].result, config, settings)
    right = not hint.controls
    return [FeedbackGiven(project=task.project, task=task.id, person=person, attempt=attempt, right=right, hint=hint)]


def must_have_tries(task: Task, person: int, settings: Settings) -> None:
    """Refuse to revise an answer once more that was told of as often as the project allows."""
    tries = settings.evaluation.feedback_tries
    if task.feedback.get(person, 0) > tries:
        raise WrongState(f"This answer may be revised {tries} times after what was said of it, and was.")
