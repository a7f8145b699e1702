"""Fresh tasks by how unsure models are of them: whoever asks gets the least sure that they have not had."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from annolog.domain.event import Event
from annolog.domain.project.events import ProjectCreated, SettingsChanged
from annolog.domain.project.settings import AssignmentSettings, Sampling, Settings, plain
from annolog.domain.project.state import Project
from annolog.domain.task import events as happened
from annolog.domain.task.candidates import Lane
from annolog.projections.assignment_queue.projector import assignment_queue
from annolog.projections.assignment_queue.queries import Frontiers, SqlAssignmentQueue
from tests.projections.board.histories import recorded
from tests.story import PICKED

P = 1
PEOPLE = (7, 8)
# An order that only the fresh lane decides: nobody's work moves a task out of it.
RULES = AssignmentSettings(sampling=Sampling.UNCERTAINTY, breadth_first=False, overlap=2)
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)


class Queue:
    """The tables of a queue in memory, and what everybody should be offered, worked out from what happened."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.frontiers = Frontiers()
        self.position = 0
        self.scores: dict[int, float | None] = {}
        self.draws: dict[int, float] = {}
        self.had: set[tuple[int, int]] = set()
        assignment_queue.metadata.create_all(connection)
        self.fold(
            ProjectCreated(project=P, title="p", description=""),
            SettingsChanged(project=P, group="assignment", version=1, old={}, new=plain(RULES)),
        )

    def fold(self, *events: Event) -> None:
        assignment_queue.fold(self.connection, recorded(events, self.position + 1))
        self.position += len(events)

    def bring_in(self, score: float | None, draw: float) -> None:
        task = len(self.scores) + 1
        self.scores[task], self.draws[task] = None, draw
        imported = happened.TaskImported(
            project=P, task=task, import_id=1, line=task, data={}, slots=2, covered=True, draw=draw, seed=0
        )
        self.fold(imported, *([] if score is None else [self.predicted(task, score)]))

    def predicted(self, task: int, score: float | None) -> Event:
        self.scores[task] = score
        return happened.PredictionRecorded(
            project=P, task=task, prediction=1, model_version="m", result=[], score=score
        )

    def offered(self, person: int, sampling: Sampling = Sampling.UNCERTAINTY) -> list[tuple[int, float | None]]:
        assignment = RULES.model_copy(update={"sampling": sampling})
        project = Project(P, title="p", settings=Settings(assignment=assignment), tasks=len(self.scores))
        found = list(SqlAssignmentQueue(self.connection, self.frontiers).open(project, person))
        assert {candidate.lane for candidate in found} <= {Lane.FRESH}
        return [(candidate.task, candidate.score) for candidate in found]

    def expected(self, person: int) -> list[tuple[int, float | None]]:
        left = [
            task
            for task in self.scores
            if (person, task) not in self.had and sum(other == task for _, other in self.had) < 2
        ]
        scored = sorted((score, task) for task in left if (score := self.scores[task]) is not None)
        unscored = sorted((self.draws[task], task) for task in left if self.scores[task] is None)
        return [*((task, score) for score, task in scored), *((task, None) for _, task in unscored)]

    def take(self, person: int, task: int) -> None:
        self.had.add((person, task))
        self.fold(happened.TaskReserved(project=P, task=task, person=person, lease=1, expires_at=NOON, why=PICKED))


SCORES = st.sampled_from([None, 0.0, 0.25, 0.5, 0.75, 1.0])
DRAWS = st.integers(0, 1000).map(lambda number: number / 1001)
STEPS = st.one_of(
    st.tuples(st.just("bring in"), SCORES, DRAWS),
    st.tuples(st.just("predict"), st.integers(1, 30), SCORES),
    st.tuples(st.just("work"), st.sampled_from(PEOPLE), st.none()),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=60))
def test_whatever_happens_the_least_sure_comes_first_and_what_nobody_scored_last(
    steps: list[tuple[str, float | int | None, float | None]],
) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        queue = Queue(connection)
        for number in range(12):
            queue.bring_in((number % 4) / 4, (number * 7 % 12) / 12)
        for what, one, other in steps:
            if what == "bring in" and other not in queue.draws.values():
                queue.bring_in(one, float(other or 0))
            elif what == "predict" and one in queue.scores:
                queue.fold(queue.predicted(int(one), other))
            elif what == "work" and (offers := queue.offered(int(one or 0))):
                queue.take(int(one or 0), offers[0][0])
            for person in PEOPLE:
                assert queue.offered(person) == queue.expected(person)
    engine.dispose()


def test_another_order_holds_at_once_and_places_in_one_are_none_in_another() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        queue = Queue(connection)
        for score in (0.9, 0.1, None, 0.5):
            queue.bring_in(score, 0.5 if score is None else score)
        assert [task for task, _ in queue.offered(7)] == [2, 4, 1, 3]
        queue.take(7, 2)
        assert [task for task, _ in queue.offered(7)] == [4, 1, 3]
        assert [task for task, _ in queue.offered(7, Sampling.SEQUENTIAL)] == [1, 3, 4]
        assert queue.offered(7, Sampling.SEQUENTIAL)[0] == (1, None)
        assert [task for task, _ in queue.offered(7)] == [4, 1, 3]
    engine.dispose()


@pytest.mark.parametrize(("sampling", "index"), [("uncertainty", "doubt"), ("uniform", "draw"), ("sequential", "rank")])
def test_every_order_is_that_of_an_index(sampling: str, index: str) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        queue = Queue(connection)
        for number in range(50):
            queue.bring_in(number / 50, number / 50)
        connection.execute(text("ANALYZE"))
        asked: list[str] = []
        connection.connection.driver_connection.set_trace_callback(asked.append)  # type: ignore[union-attr]
        queue.offered(7, Sampling(sampling))
        connection.connection.driver_connection.set_trace_callback(None)  # type: ignore[union-attr]
        [first, *_] = [sql for sql in asked if "stage = 1" in sql and "NOT EXISTS" in sql]
        plan = [row[-1] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {first.replace(':', '')}"))]
        assert f"USING INDEX ix_queue_task_{index} (project=? AND covered=?" in " ".join(plan)
        assert not any("TEMP B-TREE" in step for step in plan)
    engine.dispose()
