"""Rows 8 and 9: reactions happen once, whoever runs them and whatever is forgotten, and after what they look at."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from annolog.commands.commenting import AddComment
from annolog.commands.reviewing import SetGroundTruth
from annolog.domain.recorded import Recorded
from annolog.domain.task.events import AnnotationSubmitted
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.read_models import ALL_PROJECTORS, PROJECTORS
from annolog.infra.read_side import ParkedReactions, ReactionBookmarks
from annolog.projections.agreement.projector import agreement
from annolog.projections.engine.runner import ProjectionRunner
from annolog.services.reaction import Ask, Reaction
from annolog.services.reactor import Reactor
from annolog.services.runner import ReactionRunner
from tests.faults.postgresql.ground import living, prove, quiet, settings_at, whole_log
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.fault]

TASKS = 6
History = Counter[tuple[str, str]]


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    """Two people, two opinions on every task; a third could be asked. The first to answer is held to fail."""
    with quiet(postgresql_url) as found:
        found.set_up(
            tasks=TASKS,
            annotators="ann bob cyd",
            assignment={"overlap": 2},
            reassignment={"enabled": True, "threshold": 0.9, "maximum_additional": 1},
            evaluation={"enabled": True, "minimum_tasks": 1, "minimum_score": 0.9},
        )
        for _ in range(TASKS):
            found.work("ann", "A")
            truth = found.work("bob", "B")
        annotation = next(a.id for a in found.task(truth).annotations.values() if a.annotator == found.people["bob"])
        found.run(SetGroundTruth(task=truth, annotation=annotation), "rev")
        yield found


def history(installation: Installation) -> History:
    return Counter((recorded.stream, recorded.type) for recorded in whole_log(installation))


def reacted(found: History) -> tuple[int, int]:
    """How often somebody was brought in, and how often somebody was paused."""
    slots = sum(number for (_, type), number in found.items() if type == "SlotAdded")
    return slots, found["project-1", "MemberPaused"]


def runner(installation: Installation) -> ReactionRunner:
    """As a process has it that begins now."""
    first = installation.reactions
    assert isinstance(first, ReactionRunner)
    marks = ReactionBookmarks(installation.read_writer, first._names)
    return ReactionRunner(installation.log, installation.projections, marks, first._reactor)


def react(*installations: Installation) -> None:
    """Let them all react at once to what there is, then to what follows from it, until nothing follows."""
    runners = [runner(installation) for installation in installations for _ in range(2)]
    head = -1
    with ThreadPoolExecutor(len(runners)) as threads:
        while installations[0].log.head() != head:
            head = installations[0].log.head()
            for installation in installations:
                installation.projections.catch_up()
            list(threads.map(ReactionRunner.catch_up, runners))


def forget(installation: Installation) -> None:
    with installation.read_writer.begin() as connection:
        connection.execute(text("DELETE FROM bookmark WHERE reader LIKE 'reaction.%'"))


def test_reactors_of_two_processes_at_once_do_what_one_would_have_done(world: World, postgresql_url: str) -> None:
    with Installation(settings_at(postgresql_url), parts=NOTHING) as other:
        react(world.installation, other)
        assert reacted(history(world.installation)) == (TASKS - 1, 1)
        once = history(world.installation)
        forget(other)
        react(other)
        assert history(other) == once


def test_whole_processes_that_run_beside_each_other_react_once(world: World, postgresql_url: str) -> None:
    with living(postgresql_url) as one, living(postgresql_url) as other:
        one.settle()
        other.settle()
        once = history(one.installation)
        assert reacted(once) == (TASKS - 1, 1)
        for again in (one, other):
            again.forget_reactions()
            again.settle()
        assert history(one.installation) == once
        prove(one.installation)


def test_after_a_lost_bookmark_nothing_happens_again(world: World) -> None:
    react(world.installation)
    once = history(world.installation)
    forget(world.installation)
    late = runner(world.installation)
    assert late.position == 0
    assert late.catch_up() == once.total()
    assert history(world.installation) == once


def remarks(installation: Installation) -> ReactionRunner:
    """A reaction whose command would happen again and again if it came under another id."""

    def react(batch: Sequence[Recorded]) -> Iterator[tuple[Recorded, Ask]]:
        for recorded in batch:
            yield recorded, Ask(AddComment(task=recorded.event.task, text=f"seen: {recorded.position}"))

    remark = Reaction("remark", frozenset({AnnotationSubmitted}), react)
    reactor = Reactor(installation.bus, ParkedReactions(installation.read_writer), [remark])
    marks = ReactionBookmarks(installation.read_writer, [remark.name])
    return ReactionRunner(installation.log, installation.projections, marks, reactor)


def test_what_is_asked_for_again_is_done_once_whoever_asks(world: World, postgresql_url: str) -> None:
    with Installation(settings_at(postgresql_url), parts=NOTHING) as other:
        installations = (world.installation, other)
        for installation in installations:
            installation.projections.catch_up()
        for _ in range(3):
            runners = [remarks(installation) for installation in installations for _ in range(2)]
            with ThreadPoolExecutor(len(runners)) as threads:
                list(threads.map(ReactionRunner.catch_up, runners))
            forget(other)
            other.renewed(ALL_PROJECTORS)
        log = whole_log(other)
        seen = sorted(event.event.text for event in log if event.type == "CommentAdded")
        assert seen == sorted(f"seen: {event.position}" for event in log if event.type == "AnnotationSubmitted")
        assert len(seen) == 2 * TASKS


def test_building_everything_anew_asks_for_nothing(world: World) -> None:
    installation = world.installation
    installation.projections.catch_up()
    due = history(installation)
    installation.renewed(ALL_PROJECTORS)
    assert history(installation) == due
    react(installation)
    once = history(installation)
    assert reacted(once) == (TASKS - 1, 1)
    forget(installation)
    installation.renewed(ALL_PROJECTORS)
    react(installation)
    assert history(installation) == once


def test_while_one_read_model_stands_still_reactions_wait_for_it(world: World) -> None:
    installation = world.installation
    head = installation.log.head()
    others = [projector for projector in PROJECTORS if projector is not agreement]
    assert ProjectionRunner(installation.log, installation.read_writer, others).catch_up() == head
    waiting = runner(installation)
    assert waiting.catch_up() == 0
    assert (waiting.position, installation.log.head()) == (0, head)
    installation.projections.catch_up()
    assert waiting.catch_up() == head
    assert reacted(history(installation)) == (TASKS - 1, 1)


def test_a_running_process_reacts_once_the_read_model_that_stood_still_goes_on(
    world: World, postgresql_url: str
) -> None:
    with world.installation.read_writer.begin() as connection:
        connection.execute(text("UPDATE bookmark SET version = version + 1 WHERE reader = 'agreement'"))
    head = world.installation.log.head()
    with living(postgresql_url) as running:
        deadline = time.monotonic() + 10
        while position_of(running.installation, "board") < head and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        assert position_of(running.installation, "board") == head
        assert position_of(running.installation, "agreement") == running.installation.reactions.position == 0
        assert reacted(history(running.installation)) == (0, 0)
        with running.installation.read_writer.begin() as connection:
            connection.execute(text("UPDATE bookmark SET version = version - 1 WHERE reader = 'agreement'"))
        running.settle()
        assert reacted(history(running.installation)) == (TASKS - 1, 1)
        prove(running.installation)


def position_of(installation: Installation, reader: str) -> int:
    with installation.read_engine.connect() as connection:
        query = text("SELECT position FROM bookmark WHERE reader = :reader")
        return connection.execute(query, {"reader": reader}).scalar_one()
