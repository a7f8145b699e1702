"""Reactions happen once in effect, after the read models they look at, and never because something is built anew."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from annolog.commands.defining import ActivateAgreementDefinition, ProposeAgreementDefinition, RecomputeAgreement
from annolog.commands.members import ResumeMember
from annolog.commands.reviewing import SetGroundTruth
from annolog.domain.project.events import PauseCause
from annolog.domain.refusals import Overloaded, Refused
from annolog.infra.composition import NOTHING, Installation
from annolog.infra.read_models import ALL_PROJECTORS, PROJECTORS
from annolog.infra.read_side import ReactionBookmarks
from annolog.infra.settings import InstallationSettings
from annolog.services.runner import ReactionRunner
from annolog.services.sweeper import Sweeper
from tests.projections.engine.history import live_through
from tests.world import MovableClock, World, world_in


@contextmanager
def quiet(folder: Path) -> Iterator[World]:
    """A world in which nothing happens by itself."""
    clock = MovableClock()
    with Installation(InstallationSettings(data_dir=folder), parts=NOTHING, clock=clock) as installation:
        yield World(installation, clock)


def disagree(world: World, tasks: int = 6) -> None:
    """Two people, two opinions on every task; a third could be asked. The first to answer is held to fail."""
    world.set_up(
        tasks=tasks,
        annotators="ann bob cyd",
        assignment={"overlap": 2},
        reassignment={"enabled": True, "threshold": 0.9, "maximum_additional": 1},
        evaluation={"enabled": True, "minimum_tasks": 1, "minimum_score": 0.9},
    )
    for _ in range(tasks):
        world.work("ann", "A")
        truth = world.work("bob", "B")
    annotation = next(a.id for a in world.task(truth).annotations.values() if a.annotator == world.people["bob"])
    world.run(SetGroundTruth(task=truth, annotation=annotation), "rev")


def history(installation: Installation) -> Counter[tuple[str, str]]:
    return Counter((recorded.stream, recorded.type) for recorded in installation.log.after(0, 100_000))


def another_runner(installation: Installation) -> ReactionRunner:
    """As another process would run the same reactions: with a memory of its own of where they stand."""
    first = installation.reactions
    assert isinstance(first, ReactionRunner)
    bookmarks = ReactionBookmarks(installation.read_writer, first._names)
    return ReactionRunner(installation.log, installation.projections, bookmarks, first._reactor)


def react(installation: Installation, runners: Iterable[ReactionRunner]) -> None:
    """Let them all react at once to what there is, then to what follows from it, until nothing follows."""
    head = -1
    while installation.log.head() != head:
        head = installation.log.head()
        installation.projections.catch_up()
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(ReactionRunner.catch_up, runners))


def test_two_runners_at_once_do_what_one_would_have_done(tmp_path: Path) -> None:
    with quiet(tmp_path / "one") as world:
        disagree(world)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    with quiet(tmp_path / "one") as world:
        react(world.installation, [world.installation.reactions])
        alone = history(world.installation)
    with quiet(tmp_path / "two") as world:
        react(world.installation, [another_runner(world.installation) for _ in range(4)])
        together = history(world.installation)
    assert together == alone
    assert sum(count for (_, type), count in alone.items() if type == "SlotAdded") == 5
    assert alone["project-1", "MemberPaused"] == 1


def test_a_lost_bookmark_repeats_nothing(tmp_path: Path) -> None:
    with world_in(tmp_path) as world:
        live_through(world, 120, seed=3)
        world.change("evaluation", enabled=True, minimum_score=1.0)
        world.change("assignment", overlap=2)
        before = history(world.installation)
        assert before.total() == world.installation.log.head()
        with world.installation.read_writer.begin() as connection:
            connection.execute(text("DELETE FROM bookmark WHERE reader LIKE 'reaction.%'"))
        forgetful = another_runner(world.installation)
        assert forgetful.position == 0
        assert forgetful.catch_up() == before.total()
        world.settle()
        assert history(world.installation) == before


def test_a_lost_read_database_comes_back_and_nothing_happens_again(tmp_path: Path) -> None:
    with world_in(tmp_path) as world:
        live_through(world, 120, seed=5)
        before = history(world.installation)
        with world.installation.read_engine.connect() as connection:
            rows = connection.execute(text("SELECT * FROM board ORDER BY task")).fetchall()
    for file in tmp_path.glob("read.db*"):
        file.unlink()
    with world_in(tmp_path) as world:
        world.settle()
        assert history(world.installation) == before
        with world.installation.read_engine.connect() as connection:
            assert connection.execute(text("SELECT * FROM board ORDER BY task")).fetchall() == rows


def test_a_rebuild_asks_for_nothing(tmp_path: Path) -> None:
    """Reactions are due the whole time, and would be asked for by any event that is seen again."""
    with quiet(tmp_path) as world:
        disagree(world)
        installation = world.installation
        installation.projections.catch_up()
        before = history(installation)
        installation.renewed(ALL_PROJECTORS)
        assert history(installation) == before
        react(installation, [installation.reactions])
        reacted = history(installation)
        assert reacted != before
        installation.renewed(PROJECTORS)
        react(installation, [installation.reactions])
        assert history(installation) == reacted


def test_who_was_measured_just_before_another_definition_took_over_is_judged_by_that_one(tmp_path: Path) -> None:
    with quiet(tmp_path) as world:
        rule = {"enabled": True, "threshold": 0.9, "maximum_additional": 1}
        world.set_up(tasks=1, assignment={"overlap": 2}, reassignment=rule)
        world.work("ann", "A")
        world.work("bob", "B")
        installation = world.installation
        installation.projections.catch_up()
        new = {"methodology": "consensus"}
        world.run(ProposeAgreementDefinition(project=world.project, definition=new, activate=True, threshold=0.75))
        world.run(RecomputeAgreement(project=world.project, version=1))
        world.run(ActivateAgreementDefinition(project=world.project, version=1))
        # The reactions look at what is measured up to here, while the other definition is in force already.
        installation.reactions.catch_up()
        assert "SlotAdded" not in world.types("task-1")
        react(installation, [installation.reactions])
        assert "SlotAdded" in world.types("task-1")


def test_a_reaction_waits_for_the_read_models_it_looks_at(tmp_path: Path) -> None:
    with quiet(tmp_path) as world:
        disagree(world)
        installation = world.installation
        head = installation.log.head()
        assert installation.reactions.catch_up() == 0
        assert (installation.reactions.position, installation.log.head()) == (0, head)
        installation.projections.catch_up()
        assert installation.reactions.catch_up() == head
        assert installation.log.head() > head


def test_a_reaction_that_finds_the_bus_full_is_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with quiet(tmp_path) as world:
        disagree(world)
        world.installation.projections.catch_up()
        reactions, head = world.installation.reactions, world.installation.log.head()
        monkeypatch.setattr("annolog.commands.bus.MOST_WAITING", 0)
        with pytest.raises(Overloaded):
            reactions.advance()
        assert reactions.position == 0
        monkeypatch.undo()
        reactions.catch_up()
        assert world.installation.log.head() > head


def test_what_a_reaction_does_names_the_event_that_caused_it(tmp_path: Path) -> None:
    with world_in(tmp_path) as world:
        disagree(world, tasks=1)
        world.settle()
        log = {recorded.id: recorded for recorded in world.installation.log.after(0, 1_000)}
        [paused] = [recorded for recorded in log.values() if recorded.type == "MemberPaused"]
        assert paused.causation_id is not None
        cause = log[paused.causation_id]
        assert cause.type == "GroundTruthSet"
        assert paused.correlation_id == cause.correlation_id
        assert paused.command_id not in {cause.command_id, cause.id}
        world.run(ResumeMember(project=1, person=world.people["ann"], cause=PauseCause.EVALUATION))
        world.settle()
        assert world.types("project-1")[-1] == "MemberResumed"


def test_the_sweeper_ends_a_reservation_once_and_the_slot_goes_to_somebody_else(tmp_path: Path) -> None:
    with quiet(tmp_path) as world:
        world.set_up(tasks=1, assignment={"reservation_seconds": 60})
        world.next("ann")
        assert not world.has_work("bob")
        sweeper = Sweeper(world.installation.bus)
        assert sweeper.sweep() == 0
        world.clock.forward(61)
        assert [sweeper.sweep(), sweeper.sweep()] == [1, 0]
        assert world.next("bob") == 1
        assert world.types("task-1").count("ReservationReleased") == 1
        with suppress(Refused):
            world.submit("ann", 1)
        assert len(world.task(1).answered()) <= 1
