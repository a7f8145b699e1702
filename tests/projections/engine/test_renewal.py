"""Building read models anew on the side: it is tried again where that helps, and whoever looks is told where not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep, time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from annolog.commands.ports import EventLog
from annolog.domain.recorded import Recorded
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.condition import RENEWAL_SECONDS, condition_of
from annolog.projections.engine import renewal
from annolog.projections.engine.renewal import Renewal, outdated
from annolog.projections.progress.projector import progress
from tests.projections.engine.history import live_through
from tests.world import World, world_in

NEWER = replace(progress, version=progress.version + 1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as found:
        live_through(found, 20, seed=11)
        yield found


class Failing:
    """The real log, which fails a few times."""

    def __init__(self, log: EventLog, trouble: Exception, times: int) -> None:
        self._log = log
        self._trouble = trouble
        self.left = times

    def after(self, position: int, limit: int) -> Sequence[Recorded]:
        if self.left:
            self.left -= 1
            raise self._trouble
        return self._log.after(position, limit)


def until(done: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = monotonic() + seconds
    while not done():
        assert monotonic() < deadline
        sleep(0.01)


def test_a_renewal_goes_on_after_an_outage(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "RETRY_SECONDS", 0.05)
    engine = world.installation.read_writer
    failing = Failing(world.installation.log, OperationalError("", None, Exception("gone")), 3)
    told: list[bool] = []
    renewing = Renewal(failing, engine, [NEWER], lambda: told.append(True))
    renewing.start()
    until(lambda: renewing.trouble is not None)
    until(lambda: told == [True])
    assert renewing.trouble is None
    assert outdated(engine, [NEWER]) == []
    renewing.stop()


def test_a_renewal_that_cannot_succeed_keeps_health_red(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(world.installation.log, ZeroDivisionError("a defect"), 1)
    renewing = Renewal(failing, world.installation.read_writer, [NEWER])
    world.installation._followers.append(renewing)
    renewing.start()
    until(lambda: renewing.trouble is not None)
    assert "a defect" in str(world.installation.trouble)
    assert outdated(world.installation.read_writer, [NEWER]) == [NEWER]


def test_a_renewal_under_way_ends_when_it_is_told_to(world: World) -> None:
    class Endless:
        def after(self, position: int, limit: int) -> Sequence[Recorded]:
            return world.installation.log.after(0, 10)

    renewing = Renewal(Endless(), world.installation.read_writer, [NEWER])
    renewing.start()
    sleep(0.2)
    begun = monotonic()
    renewing.stop()
    assert monotonic() - begun < 2
    assert not renewing._thread.is_alive()
    assert outdated(world.installation.read_writer, [NEWER]) == [NEWER]


def test_what_is_to_be_built_anew_and_is_not_is_told(tmp_path: Path) -> None:
    with world_in(tmp_path / "world") as found:
        live_through(found, 20, seed=11)
        settings = found.installation.settings
    with Installation(settings, parts=NOTHING) as installation:
        with installation.read_writer.begin() as connection:
            sql = "UPDATE bookmark SET version = version - 1 WHERE reader = 'progress'"
            connection.execute(text(sql))
        assert condition_of(installation).reasons() == []
        with installation.read_writer.begin() as connection:
            long_ago = int((time() - RENEWAL_SECONDS - 1) * 1_000_000)
            sql = "UPDATE bookmark SET moved_at = :long_ago WHERE reader = 'progress'"
            connection.execute(text(sql), {"long_ago": long_ago})
        [reason] = condition_of(installation).reasons()
        assert "progress is to be built anew" in reason
