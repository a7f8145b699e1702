"""Row 3: who loses a race decides again, on the newer history; who named the version they decided on is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import URL

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.bus import TRIES
from annolog.commands.commenting import AddComment
from annolog.commands.ports import Unobserved
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Refused, StaleVersion
from annolog.infra import composition
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.databases import Database, open_database
from annolog.infra.event_log.log import SqlTransaction
from annolog.projections.assignment_queue.projector import assignment_queue
from tests.faults.postgresql.ground import prove, quiet, settings_at, whole_log
from tests.faults.postgresql.processes import ended, send, start
from tests.world import World, result

pytestmark = [pytest.mark.services, pytest.mark.fault]


class Conflicts(Unobserved):
    """Counts the races that were lost."""

    def __init__(self) -> None:
        self.count = 0

    def conflicted(self) -> None:
        self.count += 1


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    with quiet(postgresql_url) as found:
        found.set_up(tasks=1, annotators="ann bob cyd", assignment={"overlap": 2})
        found.submit("ann", 1)
        yield found


def without_lock(url: URL) -> Database:
    return open_database(url, durable=True)


@pytest.fixture
def intruder(world: World, postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """Somebody who does not wait for the writer lock, and so appends between what others read and what they append."""
    with monkeypatch.context() as patch:
        patch.setattr(composition, "open_log", without_lock)
        found = Installation(settings_at(postgresql_url), parts=NOTHING)
    with found:
        yield found


def comments(world: World) -> list[str]:
    """As history has them."""
    return [event.event.text for event in whole_log(world.installation) if event.type == "CommentAdded"]


@pytest.fixture
def conflicts(world: World) -> Conflicts:
    found = Conflicts()
    world.installation.bus._observer = found
    return found


@pytest.fixture
def intrude(world: World, intruder: Installation, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have the intruder do something, a few times, right before the others append."""
    append = SqlTransaction.append

    def when_others_append(act: Callable[[], Any], times: int = 1) -> None:
        left = [act] * times

        def late(transaction: SqlTransaction, events: Sequence[Recorded]) -> None:
            if left and events[0].actor in world.people.values():
                left.pop()()
            append(transaction, events)

        monkeypatch.setattr(SqlTransaction, "append", late)

    return when_others_append


def by(world: World, installation: Installation, who: str) -> Callable[[], Any]:
    """The person answers task 1 there."""
    there = World(installation, world.clock)
    there.people = world.people
    return lambda: there.submit(who, 1, "B")


def test_the_last_slot_taken_by_another_process_is_not_given_again(world: World, postgresql_url: str) -> None:
    answer = SubmitAnnotation(task=1, result=result("B"))
    assert ended(start(send, postgresql_url, answer, uuid4(), world.people["bob"])) == 0
    assert len(world.task(1).answered()) == 1
    with pytest.raises(Refused):
        world.submit("cyd", 1)
    assert set(world.task(1).answered()) == {world.people["ann"], world.people["bob"]}


def test_the_last_slot_taken_between_reading_and_appending_is_not_given_again(
    world: World, intruder: Installation, intrude: Callable[..., None], conflicts: Conflicts
) -> None:
    intrude(by(world, intruder, "bob"))
    with pytest.raises(Refused) as refusal:
        world.submit("cyd", 1)
    assert not isinstance(refusal.value, StaleVersion)
    assert conflicts.count == 1
    log = whole_log(world.installation)
    annotators = [event.event.annotator for event in log if event.type == "AnnotationSubmitted"]
    assert annotators == [world.people["ann"], world.people["bob"]]
    prove(world.installation, assignment_queue)


def test_what_still_holds_on_the_newer_history_follows_it(
    world: World, intruder: Installation, intrude: Callable[..., None], conflicts: Conflicts
) -> None:
    intrude(lambda: intruder.as_system(AddComment(task=1, text="first")), TRIES)
    world.run(AddComment(task=1, text="second"), "cyd")
    assert conflicts.count == TRIES
    assert comments(world) == ["first"] * TRIES + ["second"]
    assert [event.position for event in whole_log(world.installation)] == list(
        range(1, world.installation.log.head() + 1)
    )
    assert len(world.task(1).comments) == TRIES + 1


def test_who_loses_again_and_again_is_told_to_ask_again_and_nothing_is_written(
    world: World, intruder: Installation, intrude: Callable[..., None]
) -> None:
    intrude(lambda: intruder.as_system(AddComment(task=1, text="first")), TRIES + 1)
    with pytest.raises(StaleVersion):
        world.run(AddComment(task=1, text="second"), "cyd")
    assert comments(world) == ["first"] * (TRIES + 1)


def test_who_decided_on_a_version_that_has_moved_is_refused(
    world: World, intruder: Installation, intrude: Callable[..., None]
) -> None:
    version = world.installation.bus.state("task-1").version
    with pytest.raises(StaleVersion) as stale:
        world.run(AddComment(task=1, text="on another"), "cyd", expected_version=version - 1)
    assert stale.value.facts == {"version": version}
    intrude(lambda: intruder.as_system(AddComment(task=1, text="first")))
    with pytest.raises(StaleVersion) as stale:
        world.run(AddComment(task=1, text="too late"), "cyd", expected_version=version)
    assert stale.value.facts == {"version": version + 1}
    world.run(AddComment(task=1, text="in time"), "cyd", expected_version=version + 1)
    assert comments(world) == ["first", "in time"]
