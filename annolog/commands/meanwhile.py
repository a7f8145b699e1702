"""What the commands of a batch did that the queue does not show yet: it is as of the commit before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from annolog.domain.event import Event
from annolog.domain.task.events import (
    AnnotationDeleted,
    AnnotationRestored,
    AnnotationReviewed,
    AnnotationSubmitted,
    TaskEvent,
    TaskReserved,
)
from annolog.domain.task.review_events import ReviewRouted
from annolog.domain.task.second_review import QUOTA, is_first


class Meanwhile:
    """Commands of one batch are decided one after the other and committed together; each sees those before it."""

    def __init__(self) -> None:
        self._reserved: dict[tuple[int, int], list[int]] = {}
        self._submitted: Counter[tuple[int, int]] = Counter()
        self._routed: Counter[tuple[int, str]] = Counter()
        # Tasks that turned out to have no slot left, as long as nothing happens to them: nobody need look again.
        self.filled: set[int] = set()

    def note(self, events: Iterable[Event]) -> None:
        """Take in what a command was decided to do."""
        for event in events:
            if self.filled and isinstance(event, TaskEvent):
                self.filled.discard(event.task)
            match event:
                case TaskReserved():
                    self._reserved.setdefault((event.project, event.person), []).append(event.task)
                case AnnotationSubmitted() | AnnotationRestored():
                    self._submitted[event.project, event.annotator] += 1
                case AnnotationDeleted():
                    self._submitted[event.project, event.annotator] -= 1
                case ReviewRouted():
                    self._routed[event.project, event.quota] += 1
                case AnnotationReviewed() if is_first(event):
                    self._routed[event.project, QUOTA] += 1

    def reserved(self, project: int, person: int) -> Sequence[int]:
        """Tasks that were reserved for the person, whatever became of that since."""
        return self._reserved.get((project, person), ())

    def submitted(self, project: int, person: int) -> int:
        """How many more annotations the person has in the project."""
        return self._submitted[project, person]

    def routed(self, project: int, quota: str) -> int:
        """How many more tasks, or reviews, a quota of the project has had."""
        return self._routed[project, quota]
