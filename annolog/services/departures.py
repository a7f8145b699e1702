"""Nothing waits for somebody who left the project or its annotators, or may not come back soon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annolog.commands.distributing import GiveUpWork
from annolog.domain.event import Event
from annolog.domain.project.events import MemberPaused, MemberRemoved, MemberRoleChanged, PauseKind, ProjectRole
from annolog.domain.recorded import Recorded
from annolog.domain.task import events as happened
from annolog.domain.task.events import RejectAction, Standing
from annolog.domain.task.review_events import ReviewAdjudicated
from annolog.services.ports import Queue, States
from annolog.services.reaction import Ask, Reaction, about

TOGETHER = 100
DEPARTING = (MemberPaused, MemberRemoved, MemberRoleChanged)
# After which something may be returned, that was not before.
RETURNING = (
    happened.AnnotationReviewed,
    happened.AnnotationRestored,
    happened.ReviewWithdrawn,
    happened.GroundTruthCleared,
    happened.TaskRestored,
    ReviewAdjudicated,
)
INTERESTS: frozenset[type[Event]] = frozenset({*DEPARTING, *RETURNING})


def departures(states: States, queue: Queue) -> Reaction:
    """Who is removed, or paused fully, keeps no reservation and no slot that was kept for them after a skip.

    Of who is removed the assignments that are not done go too. A flexible pause leaves what was begun. Who was an
    annotator and becomes something else finishes what they hold, and keeps no slot after a skip.

    What is returned to somebody goes back to review once they are gone, and also if it comes to be returned later:
    where a deletion or a later verdict is taken back, or who returned it did not know yet that they left.
    """

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            if isinstance(recorded.event, DEPARTING):
                yield from _departed(recorded, queue)
            elif _may_return(recorded.event):
                yield from _returned_to_nobody(recorded, states)

    return Reaction("departures", INTERESTS, react)


def _departed(recorded: Recorded, queue: Queue) -> Iterator[tuple[Recorded, Ask]]:
    event = recorded.event
    if isinstance(event, MemberPaused) and event.kind is not PauseKind.FULL:
        return
    if isinstance(event, MemberRoleChanged) and event.old is not ProjectRole.ANNOTATOR:
        return
    assert isinstance(event, DEPARTING)
    project, person = event.project, event.person
    waiting = set(queue.waiting_for(project, person))
    if isinstance(event, MemberRemoved):
        waiting |= set(queue.reviewed_by(project, person))
    tasks = sorted(waiting)
    for start in range(0, len(tasks), TOGETHER):
        some = tasks[start : start + TOGETHER]
        yield recorded, Ask(GiveUpWork(project=project, person=person, tasks=some), about(some))


def _may_return(event: Event) -> bool:
    match event:
        case happened.AnnotationReviewed(action=action) | ReviewAdjudicated(action=action):
            return action is RejectAction.RETURN
        case happened.TaskRestored():
            return True
        case _:
            return getattr(event, "standing", None) is Standing.RETURNED


def _returned_to_nobody(recorded: Recorded, states: States) -> Iterator[tuple[Recorded, Ask]]:
    assert isinstance(recorded.event, happened.TaskEvent)
    task = states.task(recorded.event.task)
    members = states.project(task.project).members
    for annotation in task.live:
        if annotation.standing is Standing.RETURNED and annotation.annotator not in members:
            # Whether they may work on it without being a member, as administrators may, is for the command to say.
            ask = GiveUpWork(project=task.project, person=annotation.annotator, tasks=[task.id])
            yield recorded, Ask(ask, f"returned to {annotation.annotator}")
