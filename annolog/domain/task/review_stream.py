"""What of a task comes next to a reviewer, and keeping it from others for a while."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import datetime, timedelta

from annolog.domain.project.settings import Settings
from annolog.domain.refusals import NotAssigned, OwnWork, WrongState
from annolog.domain.task.events import Standing, TaskEvent, TaskState
from annolog.domain.task.evolve import fold
from annolog.domain.task.kinds import ReviewStage
from annolog.domain.task.review_events import ReviewReleased, ReviewReserved
from annolog.domain.task.reviewing import Judgement, must_be_reviewable, returns, review
from annolog.domain.task.state import Annotation, SecondReview, Task

# Long enough to judge one annotation; who needs longer asks again.
HOLD = timedelta(minutes=30)


def is_held_by_another(task: Task, reviewer: int, now: datetime) -> bool:
    """Whether another reviewer has the task before them."""
    hold = task.review_hold
    return hold is not None and hold.reviewer != reviewer and hold.expires_at > now


def left_to_judge(
    task: Task, reviewer: int, settings: Settings, *, again: bool = False, hidden: Set[int] = frozenset()
) -> list[Annotation]:
    """The annotations of a task that this reviewer may judge and that wait for it, in the order of their ids.

    A task that is completed waits for nobody; with `again` it is looked at all the same. Those that are `hidden` would
    tell the reviewer what they must not know.
    """
    if not task.exists or (task.state is TaskState.COMPLETED and not again):
        return []
    waiting = [found for found in task.counted if found.verdict is None and found.standing is Standing.COUNTED]
    return [found for found in waiting if found.id not in hidden and _may_judge(task, reviewer, found, settings)]


def _may_judge(task: Task, reviewer: int, annotation: Annotation, settings: Settings) -> bool:
    try:
        must_be_reviewable(task, reviewer, annotation, settings)
    except (OwnWork, WrongState, NotAssigned):
        return False
    return True


def judge_alike(
    task: Task,
    reviewer: int,
    new_id: Callable[[], int],
    judgement: Judgement,
    settings: Settings,
    stays: Callable[[int], bool],
    hidden: Set[int] = frozenset(),
) -> list[TaskEvent]:
    """The same verdict on whatever waits for one of this reviewer, each decided on what the one before it left.

    Work of whom there is nobody to return it to, since they do not stay, is left out where the verdict would.
    """
    happened: list[TaskEvent] = []
    for annotation in left_to_judge(task, reviewer, settings, hidden=hidden):
        author_stays = stays(annotation.annotator)
        if returns(judgement, settings) and not author_stays:
            continue
        # A verdict before may have made the task one that is not judged any further, such as one that needs answers.
        if annotation.id not in {found.id for found in left_to_judge(task, reviewer, settings, again=True)}:
            continue
        events = review(task, reviewer, annotation.id, new_id(), judgement, settings, author_stays=author_stays)
        task = fold(task, events)
        happened += events
    return happened


def hold(
    task: Task, reviewer: int, annotation: int, now: datetime, again: SecondReview | None = None
) -> ReviewReserved:
    """Keep the task from other reviewers for a while. `again` is what was judged before, where that is asked."""
    return ReviewReserved(
        project=task.project,
        task=task.id,
        reviewer=reviewer,
        annotation=annotation,
        expires_at=now + HOLD,
        review=again.review if again else None,
        stage=again.stage if again and again.stage else ReviewStage.FIRST,
    )


def release(task: Task, reviewer: int) -> list[ReviewReleased]:
    """Leave the task to other reviewers. Who does not have it leaves nothing."""
    if task.review_hold is None or task.review_hold.reviewer != reviewer:
        return []
    return [ReviewReleased(project=task.project, task=task.id, reviewer=reviewer)]
