"""A process that hangs in the middle of a transaction stops others for seconds, and does no harm when it goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from time import monotonic
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from annolog.commands.annotating import SubmitAnnotation
from annolog.commands.command import Request
from annolog.domain.refusals import Overloaded, Unavailable
from annolog.infra.databases import IDLE_MILLISECONDS
from annolog.projections.assignment_queue.projector import assignment_queue
from annolog.projections.engine.parking import is_outage
from tests.faults.postgresql.ground import live, prove, quiet, read_models_in, whole_log
from tests.faults.postgresql.processes import ended, fold_and_hang, hangs, send_and_hang, start
from tests.world import World, result

pytestmark = [pytest.mark.services, pytest.mark.fault, pytest.mark.slow]

# Until the server ends the session, and a try that begins right before that.
MOST_SECONDS = IDLE_MILLISECONDS / 1000 + 5


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    with quiet(postgresql_url) as found:
        live(found, 40)
        yield found


def insist(what: Callable[[], object]) -> float:
    """Try as a client does, or a runner, until it succeeds; the seconds that took."""
    begun = monotonic()
    while True:
        try:
            what()
        except (Overloaded, Unavailable):
            pass
        except DBAPIError as trouble:
            if not is_outage(trouble):
                raise
        else:
            return monotonic() - begun
        assert monotonic() - begun < 2 * MOST_SECONDS


def test_commands_go_on_while_an_api_process_hangs_in_its_transaction(world: World, postgresql_url: str) -> None:
    [task, *_] = world.bring_in(3)
    request = Request(SubmitAnnotation(task=task, result=result("A")), uuid4(), world.people["ann"])
    hanging = start(send_and_hang, postgresql_url, request, 8)
    hangs(hanging)
    assert 5 < insist(lambda: world.bring_in(1)) < MOST_SECONDS
    world.bring_in(1)
    assert hanging.pid is not None
    os.kill(hanging.pid, signal.SIGCONT)
    assert ended(hanging) == 0
    answers = [event.type for event in whole_log(world.installation) if event.command_id == request.id]
    assert answers.count("AnnotationSubmitted") == 1
    assert len(world.task(task).annotations) == 1
    prove(world.installation, assignment_queue)


def test_read_models_go_on_while_a_projector_hangs_in_the_middle_of_a_batch(world: World, postgresql_url: str) -> None:
    hanging = start(fold_and_hang, postgresql_url, 15)
    hangs(hanging)
    live(world, 10)
    assert 5 < insist(world.installation.projections.catch_up) < MOST_SECONDS
    assert world.installation.projections.position == world.installation.log.head()
    before = read_models_in(world.installation)
    assert hanging.pid is not None
    os.kill(hanging.pid, signal.SIGCONT)
    assert ended(hanging) == 0
    assert read_models_in(world.installation) == before
    prove(world.installation)
