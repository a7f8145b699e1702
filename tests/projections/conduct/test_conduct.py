"""What is remembered of people's work: the latest answers one by one, the others as counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection, create_engine

from annolog.domain.event import Event
from annolog.domain.rules.conduct import MOST_RECENT, Conduct, GivenAnswer
from annolog.domain.task.events import AnnotationSkipped, AnnotationSubmitted, SkipMode
from annolog.projections.agreement.projector import agreement
from annolog.projections.conduct.projector import conduct
from annolog.projections.conduct.queries import conduct_of
from annolog.projections.performance.projector import performance
from tests.projections.agreement.test_running_figures import History
from tests.story import ADA, BOB

P = 1


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as found:
        for projector in (agreement, conduct, performance):
            projector.metadata.create_all(found)
        yield found
    engine.dispose()


def answered(task: int, seconds: float | None = 1.5, person: int = ADA, **more: str) -> AnnotationSubmitted:
    return AnnotationSubmitted(
        project=P, task=task, annotation=1000 * person + task, annotator=person, result=[], config_version=1,
        lead_time=seconds, **more,
    )  # fmt: skip


def skipped(task: int) -> AnnotationSkipped:
    return AnnotationSkipped(project=P, task=task, person=ADA, mode=SkipMode.REQUEUE_FOR_OTHERS)


def after(connection: Connection, events: Sequence[Event], together: int = 1) -> Conduct:
    """What is known of Ada after these events."""
    history = History()
    for event in events:
        history.add(event)
    for start in range(0, len(events), together):
        conduct.fold(connection, history.events[start : start + together])
    return conduct_of(connection, P, [ADA])[ADA]


def test_nothing_is_known_of_who_did_nothing(connection: Connection) -> None:
    assert after(connection, [answered(1, person=BOB)]) == Conduct()


def test_answers_skips_and_times(connection: Connection) -> None:
    events = [skipped(1), answered(2), answered(3, None), answered(4, 0.0), skipped(5), skipped(6)]
    assert after(connection, events) == Conduct(
        answers=3, skips=3, skips_in_row=2, recent=[GivenAnswer(2, 1.5), GivenAnswer(3), GivenAnswer(4, 0.0)]
    )


def test_what_was_imported_nobody_did_here(connection: Connection) -> None:
    assert after(connection, [answered(1, origin="import")]) == Conduct()


@pytest.mark.parametrize("together", [1, 7, 1000])
@pytest.mark.parametrize("more", [0, 1, 30])
def test_only_the_latest_are_kept_one_by_one(connection: Connection, more: int, together: int) -> None:
    events = [answered(task, None if task % 3 == 0 else task / 4) for task in range(1, MOST_RECENT + more + 1)]
    found = after(connection, events, together)
    assert found.answers == MOST_RECENT + more
    assert found.recent == [GivenAnswer(e.task, e.lead_time) for e in events[-MOST_RECENT:]]
