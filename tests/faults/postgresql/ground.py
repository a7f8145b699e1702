"""Installations on one PostgreSQL, worlds in them, and the proof that their read models are what the log says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, select, text

from annolog.commands.commenting import AddComment
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.projects import CreateProject, PublishProject
from annolog.commands.reviewing import WithdrawReview
from annolog.domain.project.events import ProjectRole
from annolog.domain.recorded import Recorded
from annolog.domain.refusals import Refused
from annolog.infra.composition import NOTHING, Installation, scratch_engine
from annolog.infra.read_models import ALL_PROJECTORS, PROJECTORS
from annolog.infra.settings import InstallationSettings
from annolog.projections.engine.parking import Parked, all_parked
from annolog.projections.engine.projector import Projector
from tests.world import LABEL_CONFIG, MovableClock, World

Tables = Mapping[str, Sequence[Sequence[Any]]]


def settings_at(url: str) -> InstallationSettings:
    return InstallationSettings(log_url=SecretStr(url), sweep_seconds=0.02)


@contextmanager
def quiet(url: str) -> Iterator[World]:
    """A world in which nothing happens by itself."""
    clock = MovableClock()
    with Installation(settings_at(url), parts=NOTHING, clock=clock) as installation:
        yield World(installation, clock)


@contextmanager
def living(url: str) -> Iterator[World]:
    """A world in which everything happens by itself."""
    clock = MovableClock()
    with Installation(settings_at(url), clock=clock) as installation:
        yield World(installation, clock)


def whole_log(installation: Installation) -> Sequence[Recorded]:
    log: list[Recorded] = []
    while batch := installation.log.after(len(log), 10_000):
        log += batch
    return log


def prove(installation: Installation, *projectors: Projector) -> None:
    """See to it that read models, all of them unless some are named, equal those built anew, and nothing is parked."""
    assert parked_in(installation) == []
    for projector in projectors or ALL_PROJECTORS:
        with TemporaryDirectory() as folder:
            scratch = scratch_engine(Path(folder))
            assert installation.verify(projector, scratch) == []
            scratch.dispose()


def parked_in(installation: Installation) -> Sequence[Parked]:
    with installation.read_engine.connect() as connection:
        return all_parked(connection)


def read_models_in(installation: Installation, projectors: Sequence[Projector] = PROJECTORS) -> Tables:
    """Every row of read models, and where they stand, in one snapshot."""
    with installation.read_engine.connect() as connection, connection.begin():
        return {
            **{table.name: rows_of(connection, table) for projector in projectors for table in projector.tables},
            "bookmark": bookmarks_in(connection),
        }


def rows_of(connection: Connection, table: Any) -> Sequence[Sequence[Any]]:
    return connection.execute(select(table).order_by(*table.primary_key.columns)).fetchall()


def bookmarks_in(connection: Connection) -> Sequence[Sequence[Any]]:
    query = "SELECT reader, partition, version, position FROM bookmark WHERE reader NOT LIKE 'reaction.%' ORDER BY 1, 2"
    return connection.execute(text(query)).fetchall()


def live(world: World, steps: int, seed: int = 5) -> None:
    """People work on two projects, in an order that a seed decides."""
    chance = Random(seed + world.installation.log.head())
    if not world.people:
        set_up(world)
    for _ in range(steps):
        world.project = chance.choice((1, 2))
        who = chance.choice(("ann", "bob", "cyd"))
        with suppress(Refused):
            match chance.randint(0, 7):
                case 0:
                    world.skip(who, world.next(who))
                case 1:
                    world.bring_in(chance.randint(1, 3))
                case 6:
                    task = world.work(who, "A")
                    world.revise(who, task, next(reversed(world.task(task).annotations)), "B")
                case 7:
                    task = world.next(who)
                    said = world.run(AddComment(task=task, text="hm"), who).value["comment"]
                    world.run(AddComment(task=task, text="yes?", parent=said), "rev")
                case 2:
                    task = world.work(who, chance.choice("AAB"))
                    verdict = chance.choice(({"verdict": "accepted"}, {"verdict": "rejected", "action": "pass_on"}))
                    review = world.review("rev", task, next(iter(world.task(task).annotations)), **verdict)
                    if chance.random() < 0.2:
                        world.run(WithdrawReview(task=task, review=review), "rev")
                case _:
                    world.work(who, chance.choice("AAB"))


def set_up(world: World) -> None:
    """Two projects of the same people: 1 and 2."""
    settings = {"assignment": {"overlap": 2}, "review": {"only_finished": False}}
    world.set_up(tasks=10, annotators="ann bob cyd", reviewers="rev", **settings)
    created = world.run(CreateProject(title="another story", label_config=LABEL_CONFIG, settings=settings))
    world.project = created.value["project"]
    roles = {"rev": ProjectRole.REVIEWER}
    members = [
        NewMember(person=person, role=roles.get(name, ProjectRole.ANNOTATOR)) for name, person in world.people.items()
    ]
    world.run(AddMembers(project=world.project, members=members))
    world.bring_in(10)
    world.run(PublishProject(project=world.project))
