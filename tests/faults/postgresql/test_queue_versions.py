"""A new version of the assignment queue, which is written with the log: built once, beside those who write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from annolog.commands.ports import EventLog
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Superseded
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.event_log import log as event_log
from annolog.projections.assignment_queue.projector import assignment_queue
from annolog.projections.engine.rebuild import rebuild
from annolog.projections.review_queue.projector import review_queue
from tests.faults.postgresql.ground import live, prove, quiet, set_up, settings_at
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.fault]

NEWER = replace(assignment_queue, version=assignment_queue.version + 1)


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    with quiet(postgresql_url) as found:
        set_up(found)
        live(found, 20)
        yield found


class Held:
    """The real log, which somebody holds up for a while."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.begun, self.go_on = Event(), Event()

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        self.begun.set()
        assert self.go_on.wait(30)
        return self._log.after(position, limit)


def versions(installation: Installation) -> list[int]:
    with installation.log_reader.connect() as connection:
        return list(
            connection.execute(text(f"SELECT version FROM hot_version WHERE reader = '{NEWER.name}'")).scalars()
        )


def test_of_two_that_build_the_queue_anew_one_waits_and_nobody_who_writes_does(world: World) -> None:
    log, writer = world.installation.log, world.installation.log_writer
    held = Held(log)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(rebuild, held, writer, [assignment_queue], finish=event_log._renewed)
        assert held.begun.wait(10)
        second = threads.submit(log.rebuild, [assignment_queue], wanted=lambda: not first.done())
        begun = monotonic()
        while monotonic() - begun < 12:
            asked = monotonic()
            world.bring_in(1)
            assert monotonic() - asked < 2
            assert not second.done()
            sleep(0.5)
        held.go_on.set()
        assert first.result(30) == log.head()
        assert second.result(30) == 0
    prove(world.installation, assignment_queue)


def test_processes_of_a_new_version_that_start_together_build_the_queue_once(
    world: World, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_log, "HOT", (NEWER, review_queue))
    built: list[int] = []

    def counted(*arguments: object, **more: object) -> None:
        built.append(1)
        renewed(*arguments, **more)  # type: ignore[arg-type]

    renewed = event_log._renewed
    monkeypatch.setattr(event_log, "_renewed", counted)
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _: Installation(settings_at(postgresql_url), parts=NOTHING), range(3)))
    for installation in found:
        assert versions(installation) == [NEWER.version]
        installation.close()
    assert len(built) == 1


def test_an_old_process_neither_writes_the_new_queue_nor_builds_it_back(
    world: World, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = world.installation
    with monkeypatch.context() as newer:
        newer.setattr(event_log, "HOT", (NEWER, review_queue))
        newer.setattr("annolog.infra.composition.HOT", (NEWER, review_queue))
        Installation(settings_at(postgresql_url), parts=NOTHING).close()
    head = old.log.head()
    begun = monotonic()
    with pytest.raises(Superseded, match="rebuild assignment_queue"):
        world.bring_in(1)
    assert monotonic() - begun < 1
    assert old.log.head() == head
    assert "assignment_queue" in str(old.trouble)
    with Installation(settings_at(postgresql_url), parts=NOTHING) as again:
        assert versions(again) == [NEWER.version]
        # Going back is for people to decide.
        again.renewed([assignment_queue])
        assert versions(again) == [assignment_queue.version]
    world.bring_in(1)
    assert old.trouble is None
    prove(old, assignment_queue)
