"""Row 6: a connection that is cut is nobody's fault: nothing is set aside for it, and all goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from annolog.domain.recorded import Recorded
from annolog.infra import composition
from annolog.infra.read_models import PROJECTORS
from annolog.projections.engine.parking import is_outage
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rows import Rows
from annolog.projections.engine.runner import ProjectionRunner
from annolog.projections.performance.projector import performance
from tests.faults.postgresql.ground import live, living, parked_in, prove, quiet, read_models_in
from tests.faults.postgresql.strikes import cut, struck_at
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.fault]


class Cutting:
    """Read models during whose folding PostgreSQL ends every session, once at or after each of these positions."""

    def __init__(self, url: str, *positions: int, poisoned: bool = False) -> None:
        self._url = url.replace("+psycopg", "")
        self.left = list(positions)
        self._poisoned = poisoned

    @property
    def projectors(self) -> tuple[Projector, ...]:
        cutting = replace(performance, apply=self._apply)
        return tuple(cutting if projector is performance else projector for projector in PROJECTORS)

    def _apply(self, rows: Rows, recorded: Recorded) -> None:
        performance.apply(rows, recorded)
        if self.left and recorded.position >= self.left[0]:
            self.left.pop(0)
            cut_all(self._url)
            if self._poisoned:
                raise ZeroDivisionError("and besides it cannot be folded")


def cut_all(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    with quiet(postgresql_url) as found:
        live(found, 30)
        yield found


@pytest.mark.parametrize("poisoned", [False, True], ids=["alone", "with an error besides"])
def test_a_connection_that_is_cut_while_an_event_is_folded_parks_nothing(
    world: World, postgresql_url: str, poisoned: bool
) -> None:
    installation = world.installation
    before = read_models_in(installation)
    cutting = Cutting(postgresql_url, installation.log.head() // 2, poisoned=poisoned)
    runner = ProjectionRunner(installation.log, installation.read_writer, cutting.projectors)
    with pytest.raises(DBAPIError, check=is_outage):
        runner.advance()
    assert cutting.left == []
    assert parked_in(installation) == []
    assert read_models_in(installation) == before
    runner.catch_up()
    assert parked_in(installation) == []
    prove(installation)


# A session for each of dozens of statements, one after the other.
@pytest.mark.timeout(300)
def test_a_session_that_ends_at_any_statement_parks_nothing_and_the_next_try_succeeds(world: World) -> None:
    installation = world.installation
    troubles = []
    for step in count(1):
        live(world, 3)
        before = read_models_in(installation)
        with struck_at(step, cut) as struck:
            try:
                installation.projections.advance()
            except DBAPIError as trouble:
                troubles.append(trouble)
        after = read_models_in(installation)
        assert after == before or installation.projections.advance() == 0
        if not struck.happened:
            break
    assert len(troubles) > 25
    assert all(is_outage(trouble) for trouble in troubles)
    assert parked_in(installation) == []
    prove(installation)


def test_read_models_reactions_and_commands_go_on_by_themselves_after_every_cut(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cutting = Cutting(postgresql_url, 60, 90, 120)
    monkeypatch.setattr(composition, "PROJECTORS", cutting.projectors)
    with living(postgresql_url) as world:
        live(world, 60)
        world.settle()
        assert cutting.left == []
        assert parked_in(world.installation) == []
        assert world.installation.projections.trouble is None
        assert world.installation.reactions.trouble is None
        prove(world.installation)
