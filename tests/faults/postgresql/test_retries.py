"""Trying parked events again: whatever goes wrong with that, they are parked or dealt with, never neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from annolog.domain.recorded import Recorded
from annolog.domain.refusals import NotFound, Overloaded
from annolog.infra.composition import Installation
from annolog.infra.read_side import PREFIX, ParkedReactions
from annolog.infra.retrying import retry_parked
from annolog.projections.board.projector import board
from annolog.projections.engine.parking import Parked, TooManyParked
from annolog.projections.engine.runner import ProjectionRunner
from annolog.projections.progress.projector import progress
from annolog.services.reaction import Reaction
from annolog.services.reactor import Reactor
from tests.faults.postgresql.ground import parked_in, quiet, whole_log
from tests.faults.postgresql.processes import ended, retry_and_die, start
from tests.world import World

pytestmark = [pytest.mark.services, pytest.mark.fault]

RULE = {"enabled": True, "threshold": 0.9, "maximum_additional": 1}


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    """Two people disagree on a task; what follows from that is parked for the reaction."""
    with quiet(postgresql_url) as found:
        found.set_up(tasks=1, assignment={"overlap": 2}, reassignment=RULE)
        found.work("ann", "A")
        found.work("bob", "B")
        found.installation.projections.catch_up()
        reacting(found.installation, "reassignment", KeyError("a defect"))
        found.installation.reactions.catch_up()
        assert "SlotAdded" not in found.types("task-1")
        yield found


def reacting(installation: Installation, name: str, trouble: Exception) -> None:
    """Let one reaction of this process come to grief from now on."""

    def fail(_: Sequence[Recorded]) -> Any:
        raise trouble

    def reactor() -> Reactor:
        whole = Installation.reactor(installation)
        whole.reactions = tuple(
            Reaction(one.name, one.interests, fail) if one.name == name else one for one in whole.reactions
        )
        return whole

    installation.reactor = reactor  # type: ignore[method-assign]
    if hasattr(installation.reactions, "_reactor"):
        installation.reactions._reactor.reactions = reactor().reactions


def the_last(installation: Installation) -> Parked:
    """What is parked for the reaction that matters."""
    return [one for one in parked_in(installation) if one.reader == "reaction.reassignment"][-1]


@pytest.mark.parametrize(
    "trouble", [Overloaded("the bus is full"), OperationalError("", None, Exception("gone"))], ids=["full", "gone"]
)
def test_a_retry_that_cannot_be_made_now_leaves_the_event_parked(world: World, trouble: Exception) -> None:
    installation = world.installation
    before = parked_in(installation)
    reacting(installation, "reassignment", trouble)
    with pytest.raises(type(trouble)):
        retry_parked(installation, the_last(installation))
    assert parked_in(installation) == before


def test_a_retry_that_fails_again_counts(world: World) -> None:
    installation = world.installation
    for attempts in (2, 3):
        assert not retry_parked(installation, the_last(installation))
        assert the_last(installation).attempts == attempts


def test_what_is_parked_for_a_reaction_of_another_version_stays_so(world: World) -> None:
    installation = world.installation
    one = replace(the_last(installation), reader=f"{PREFIX}tomorrow")
    with installation.read_writer.begin() as connection:
        connection.execute(text("UPDATE parked SET reader = 'reaction.tomorrow'"))
    before = parked_in(installation)
    with pytest.raises(NotFound, match="another version"):
        retry_parked(installation, one)
    assert parked_in(installation) == before


def test_whichever_statement_a_retry_dies_at_the_event_is_parked_or_done(world: World, postgresql_url: str) -> None:
    step = 0
    while parked_in(world.installation):
        step += 1
        ended(start(retry_and_die, postgresql_url, step))
        assert parked_in(world.installation) or world.types("task-1").count("SlotAdded") == 1
    assert step > 3
    assert world.types("task-1").count("SlotAdded") == 1


def test_reactions_are_told_of_nothing_that_a_read_model_has_not_seen(world: World) -> None:
    """After a read model made up for what waited, reactions look at that again, but not at what is still to come."""
    installation = world.installation

    def stumble(rows: Any, recorded: Recorded) -> None:
        if recorded.type == "AnnotationSubmitted":
            raise ValueError("no such thing")
        progress.apply(rows, recorded)

    reached = installation.log.head()
    world.bring_in(2)
    world.work("ann")
    read_models = [replace(progress, apply=stumble), *(p for p in installation.projections.projectors if p != progress)]
    ProjectionRunner(installation.log, installation.read_writer, read_models).catch_up()
    seen = installation.log.head()
    world.work("bob")
    others = [projector for projector in installation.projections.projectors if projector is not board]
    ProjectionRunner(installation.log, installation.read_writer, others).catch_up()
    assert seen < installation.log.head()
    told: list[int] = []

    class Listening(Reactor):
        def handle(self, batch: Sequence[Recorded], seen: Mapping[str, int]) -> int:
            told.extend(recorded.position for recorded in batch)
            return 0

    installation.reactor = lambda: Listening(installation.bus, ParkedReactions(installation.read_writer), [])  # type: ignore[method-assign]
    [one] = [one for one in parked_in(installation) if one.reader == "progress"]
    assert retry_parked(installation, one)
    assert one.position > reached
    log = [recorded for recorded in whole_log(installation) if recorded.project == 1]
    assert told == [recorded.position for recorded in log if one.position <= recorded.position <= seen]


def test_a_reaction_that_has_parked_as_much_as_it_may_stands_still(world: World) -> None:
    aside = ParkedReactions(world.installation.read_writer, most=1)
    first, second = whole_log(world.installation)[:2]
    aside.park("any", first, KeyError("a defect"))
    aside.park("any", first, KeyError("a defect"))
    with pytest.raises(TooManyParked, match=r"reaction\.any stands still: 1 of its events"):
        aside.park("any", second, KeyError("a defect"))
    assert [(one.position, one.attempts) for one in parked_in(world.installation) if one.reader == "reaction.any"] == [
        (first.position, 2)
    ]
