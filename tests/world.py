"""A small installation to tell stories in: real log, real read models, real services, a clock that can be moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import text

from annolog.commands.annotating import ReviseAnnotation, SkipTask, SubmitAnnotation
from annolog.commands.command import Answer, Command, Request
from annolog.commands.importing import ImportTasks
from annolog.commands.members import AddMembers, NewMember
from annolog.commands.people import NewPerson, RegisterPeople
from annolog.commands.projects import ChangeSettings, CreateProject, PublishProject
from annolog.commands.reviewing import ReviewAnnotation
from annolog.commands.working import RequestWork
from annolog.domain.measures.question import question
from annolog.domain.project.events import ProjectRole
from annolog.domain.refusals import NoWork
from annolog.domain.task.importing import ImportedTask
from annolog.domain.task.state import Task
from annolog.infra.backbone.reacting import KafkaReactor
from annolog.infra.composition import Installation, scratch_engine
from annolog.infra.read_models import ALL_PROJECTORS
from annolog.infra.settings import InstallationSettings
from annolog.projections.agreement import matrix as agreement
from annolog.projections.board.queries import board_page
from annolog.projections.dashboards.queries import dashboard
from annolog.projections.dashboards.segments import Scope
from annolog.projections.engine.parking import all_parked
from annolog.projections.performance import queries as performance
from annolog.projections.progress import queries as progress
from annolog.services.runner import ReactionRunner
from tests import servers

LABEL_CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="label" toName="text">'
    '<Choice value="A"/><Choice value="B"/><Choice value="C"/></Choices></View>'
)
START = datetime(2026, 11, 24, 12, tzinfo=UTC)


def result(label: str) -> list[dict[str, Any]]:
    return [{"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


class MovableClock:
    """Tells a time that only moves when it is told to, and a microsecond at every look."""

    def __init__(self) -> None:
        self._now = START

    def __call__(self) -> datetime:
        self._now += timedelta(microseconds=1)
        return self._now

    def forward(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class World:
    """One installation with one project; people by short names."""

    def __init__(self, installation: Installation, clock: MovableClock) -> None:
        self.installation = installation
        self.clock = clock
        self.project = 0
        self.people: dict[str, int] = {}

    def run(self, command: Command, who: str | None = None, **more: Any) -> Answer:
        if who is None:
            return self.installation.as_system(command)
        return self.installation.bus.run(Request(command, uuid4(), self.people[who], **more))

    def forget_reactions(self) -> None:
        """Let the services see everything once more."""
        reactions = self.installation.reactions
        if isinstance(reactions, ReactionRunner):
            reactions._bookmarks.put(reactions._names, 0)
            reactions.move(0)
            reactions.ring()
            return
        [place] = [place for place, one in enumerate(self.installation._senders) if isinstance(one, KafkaReactor)]
        self.installation._senders.pop(place).stop()
        with self.installation.read_writer.begin() as connection:
            connection.execute(text("DELETE FROM bookmark WHERE reader LIKE 'reaction.%'"))
        reactions.look()
        again = self.installation.kafka_reactor()
        self.installation._senders.insert(place, again)
        again.start()

    def settle(self) -> None:
        self.installation.settle(20)

    def set_up(
        self,
        tasks: int = 1,
        annotators: str = "ann bob cyd",
        reviewers: str = "rev",
        managers: str = "",
        config: str = LABEL_CONFIG,
        publish: bool = True,
        **settings: dict[str, Any],
    ) -> None:
        created = self.run(CreateProject(title="a story", label_config=config, settings=settings))
        self.project = created.value["project"]
        for names, role in (
            (annotators, ProjectRole.ANNOTATOR),
            (reviewers, ProjectRole.REVIEWER),
            (managers, ProjectRole.MANAGER),
        ):
            self.join(names, role)
        if tasks:
            self.bring_in(tasks)
        if publish:
            self.run(PublishProject(project=self.project))

    def join(self, names: str, role: ProjectRole = ProjectRole.ANNOTATOR) -> None:
        handles = names.split()
        if not handles:
            return
        registered = self.run(RegisterPeople(people=[NewPerson(handle=handle) for handle in handles])).value
        self.people |= {person["handle"]: person["person"] for person in registered["people"]}
        members = [NewMember(person=self.people[handle], role=role) for handle in handles]
        self.run(AddMembers(project=self.project, members=members))

    def bring_in(self, count: int, **more: Any) -> list[int]:
        tasks = [ImportedTask(data={"text": f"text {number}"}, **more) for number in range(count)]
        answer = self.run(ImportTasks(project=self.project, tasks=tasks)).value
        return list(range(answer["first_task"], answer["first_task"] + count))

    def change(self, group: str, *, accept_infeasible: bool = False, **changes: Any) -> None:
        command = ChangeSettings(
            project=self.project, group=group, changes=changes, accept_infeasible=accept_infeasible
        )
        self.run(command)
        self.settle()

    def next(self, who: str) -> int:
        task: int = self.run(RequestWork(project=self.project), who).value["task"]
        return task

    def has_work(self, who: str) -> bool:
        try:
            self.next(who)
        except NoWork:
            return False
        return True

    def submit(self, who: str, task: int, label: str = "A", **more: Any) -> int:
        # What took a while takes it: no answer is believed to have taken longer than there was time.
        self.clock.forward(more.get("lead_time") or 0)
        annotation: int = self.run(SubmitAnnotation(task=task, result=result(label), **more), who).value["annotation"]
        return annotation

    def work(self, who: str, label: str = "A") -> int:
        """Ask for work and submit it; the task."""
        task = self.next(who)
        self.submit(who, task, label)
        return task

    def revise(self, who: str, task: int, annotation: int, label: str) -> None:
        self.run(ReviseAnnotation(task=task, annotation=annotation, result=result(label)), who)

    def skip(self, who: str, task: int, comment: str = "") -> None:
        self.run(SkipTask(task=task, comment=comment), who)

    def review(self, who: str, task: int, annotation: int, verdict: str, **more: Any) -> int:
        command = ReviewAnnotation(task=task, annotation=annotation, verdict=verdict, **more)
        review: int = self.run(command, who).value["review"]
        return review

    def task(self, id: int = 1) -> Task:
        return self.installation.states.task(id)

    def types(self, stream: str) -> list[str]:
        return [recorded.type for recorded in self.installation.log.streams([stream])[stream]]

    def agreement(self, task: int = 1) -> dict[str, Any]:
        self.settle()
        with self.installation.read_engine.connect() as connection:
            return agreement.task_agreement_of(connection, task) or {}

    def progress(self) -> dict[str, Any]:
        self.settle()
        with self.installation.read_engine.connect() as connection:
            return progress.project_progress(connection, self.project) or {}

    def performance(self, who: str) -> dict[str, Any]:
        self.settle()
        with self.installation.read_engine.connect() as connection:
            return performance.performance_of(connection, self.project, self.people[who])[0]

    def dashboard(self, by: str = "", *measures: str, who: str | None = None, **more: Any) -> dict[str, Any]:
        self.settle()
        scope = Scope(self.project, self.people[who] if who else None)
        asked = question(by=by.split(), measures=measures, **more)
        with self.installation.read_engine.connect() as connection:
            return dashboard(connection, [scope], asked)

    def board(self, **more: Any) -> list[dict[str, Any]]:
        self.settle()
        with self.installation.read_engine.connect() as connection:
            return board_page(connection, self.project, **more).rows


# Stories ask faster than anybody, and are wrong on purpose.
UNLIMITED = {
    "requests_per_minute_per_token": 0,
    "requests_per_minute_per_address": 0,
    "failed_tokens_per_minute_per_address": 0,
}


class Backend(StrEnum):
    """What a world stands on."""

    EMBEDDED = "embedded"
    POSTGRESQL = "postgresql"
    SCALED_OUT = "scaled out"


@contextmanager
def settings_in(folder: Path, backend: Backend = Backend.EMBEDDED) -> Iterator[InstallationSettings]:
    """Settings of an installation that nothing has happened in."""
    embedded = InstallationSettings(
        data_dir=folder,
        sweep_seconds=0.02,
        fit_seconds=0,
        webhooks_to_private_addresses=True,
        webhook_retry_seconds=0.02,
        **UNLIMITED,
    )
    if backend is Backend.EMBEDDED:
        yield embedded
        return
    with servers.database(servers.prepared()) as url:
        settings = embedded.model_copy(update={"log_url": SecretStr(url)})
        if backend is Backend.POSTGRESQL:
            yield settings
            return
        topic = f"test-{uuid4().hex[:12]}"
        yield settings.model_copy(
            update={"kafka_bootstrap": servers.kafka().bootstrap, "kafka_topic": topic, "kafka_partitions": 3}
        )


@contextmanager
def world_in(folder: Path, backend: Backend = Backend.EMBEDDED) -> Iterator[World]:
    clock = MovableClock()
    with settings_in(folder, backend) as settings, Installation(settings, clock=clock) as installation:
        yield World(installation, clock)


@contextmanager
def proven_world(folder: Path, backend: Backend) -> Iterator[World]:
    """A world whose read models are, at the end of the story, what an embedded installation makes of the same log.

    Nothing may be parked: what cannot be folded here could not be folded there either, and both would be equal.
    """
    with world_in(folder, backend) as world:
        yield world
        world.settle()
        with world.installation.read_engine.connect() as connection:
            assert all_parked(connection) == []
        scratch = scratch_engine(folder)
        for projector in ALL_PROJECTORS:
            assert world.installation.verify(projector, scratch) == []
        scratch.dispose()
