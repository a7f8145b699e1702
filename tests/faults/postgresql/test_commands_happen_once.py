"""Row 2: a command happens once, however often it is sent, to whom, and wherever its process died."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.command import Answer, Request
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.domain.refusals import KeyReused
from annolog.infra.composition import NOTHING, Installation
from annolog.projections.assignment_queue.projector import assignment_queue
from tests.faults.postgresql.ground import prove, quiet, settings_at, whole_log
from tests.faults.postgresql.processes import commit_and_die, ended, send_and_die, start
from tests.world import World, result

pytestmark = [pytest.mark.services, pytest.mark.fault]

THREADS = 12
KILLED = -signal.SIGKILL


def events_of(installation: Installation, id: UUID) -> list[str]:
    return [recorded.type for recorded in whole_log(installation) if recorded.command_id == id]


def test_twelve_threads_with_one_id_on_two_installations_are_one_command(postgresql_url: str) -> None:
    settings = settings_at(postgresql_url)
    with Installation(settings, parts=NOTHING) as one, Installation(settings, parts=NOTHING) as other:
        for number in range(20):
            people = [NewPerson(handle=f"{number}-{name}") for name in "ab"]
            request = Request(RegisterPeople(people=people), uuid4(), 0)
            together = Barrier(THREADS)

            def send(place: int, request: Request = request, together: Barrier = together) -> Answer:
                together.wait()
                return (one, other)[place % 2].bus.run(request)

            with ThreadPoolExecutor(THREADS) as threads:
                answers = list(threads.map(send, range(THREADS)))
            assert len({(answer.position, str(answer.value)) for answer in answers}) == 1
            assert sorted(answer.repeated for answer in answers) == [False] + [True] * (THREADS - 1)
            assert events_of(one, request.id) == ["PersonRegistered"] * 2
        with pytest.raises(KeyReused):
            other.bus.run(Request(RegisterPeople(people=[NewPerson(handle="z")]), request.id, 0))


@pytest.fixture
def world(postgresql_url: str) -> World:
    with quiet(postgresql_url) as found:
        found.set_up(tasks=100, annotators="ann")
        yield found


def submission(world: World, task: int) -> Request:
    return Request(SubmitAnnotation(task=task, result=result("A")), uuid4(), world.people["ann"])


def test_a_command_whose_process_dies_after_the_commit_and_before_the_reply_is_answered_later(
    world: World, postgresql_url: str
) -> None:
    request = submission(world, 1)
    assert ended(start(commit_and_die, postgresql_url, request)) == KILLED
    head, recorded = world.installation.log.head(), events_of(world.installation, request.id)
    assert "AnnotationSubmitted" in recorded
    answer = world.installation.bus.run(request)
    assert (answer.repeated, answer.position) == (True, head)
    assert answer.value["annotation"] in world.task(1).annotations
    assert events_of(world.installation, request.id) == recorded
    assert world.installation.log.head() == head
    prove(world.installation, assignment_queue)


# A process for each of dozens of statements, one after the other.
@pytest.mark.timeout(300)
def test_a_command_whose_process_dies_at_any_statement_happens_whole_or_not_at_all_and_once_in_the_end(
    world: World, postgresql_url: str
) -> None:
    committed = []
    for step in count(1):
        request = submission(world, step)
        died = ended(start(send_and_die, postgresql_url, request, step)) == KILLED
        before = events_of(world.installation, request.id)
        answer = world.installation.bus.run(request)
        after = events_of(world.installation, request.id)
        assert "AnnotationSubmitted" in after
        assert len(world.task(step).annotations) == 1
        assert before in ([], after)
        assert answer.repeated == bool(before)
        committed.append(bool(before))
        if not died:
            break
    assert len(committed) > 10
    assert committed == sorted(committed)
    assert committed[-2:] == [True, True]
    prove(world.installation, assignment_queue)
