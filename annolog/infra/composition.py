"""The one module that knows everything: it wires the rooms to databases, threads and each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from sqlalchemy import Engine

from annolog.commands.bus import CommandBus
from annolog.commands.command import Answer, Command, Request, command_id
from annolog.commands.people import IssueToken, NewPerson, RegisterPeople
from annolog.commands.ports import Clock
from annolog.commands.registry import HANDLERS
from annolog.commands.scope import SYSTEM
from annolog.domain.ids import ORGANIZATION_STREAM
from annolog.domain.people.events import OrganizationRole
from annolog.domain.people.state import Organization, Person
from annolog.domain.refusals import Behind, Unauthenticated
from annolog.infra.databases import open_sqlite
from annolog.infra.event_log.log import HOT, SqlEventLog
from annolog.infra.interpreter import tune
from annolog.infra.read_side import AgreementReader, CommittedStates, QueueReader, ReactionBookmarks
from annolog.infra.settings import InstallationSettings
from annolog.projections.agreement.projector import agreement
from annolog.projections.board.projector import board
from annolog.projections.engine.projector import Projector
from annolog.projections.engine.rebuild import Difference, verify
from annolog.projections.engine.runner import ProjectionRunner
from annolog.projections.performance.projector import performance
from annolog.projections.progress.projector import progress
from annolog.services.evaluation import evaluation
from annolog.services.overlap import overlap
from annolog.services.reassignment import reassignment
from annolog.services.runner import ReactionRunner
from annolog.services.standing import standing
from annolog.services.sweeper import Sweeper

assert HANDLERS

PROJECTORS: tuple[Projector, ...] = (agreement, performance, progress, board)
ALL_PROJECTORS: tuple[Projector, ...] = (*HOT, *PROJECTORS)

LOG_FILE = "log.db"
READ_FILE = "read.db"


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


class Installation:
    """One embedded installation: log, bus, read models and services in this process.

    Use as a context manager; `serve=False` leaves out what runs by itself, for commands that only look.
    """

    def __init__(self, settings: InstallationSettings, *, serve: bool = True, clock: Clock = utc_now) -> None:
        tune()
        self.settings = settings
        folder = settings.data_dir
        folder.mkdir(parents=True, exist_ok=True)
        self.log_writer = open_sqlite(folder / LOG_FILE, durable=True, writes=True, cache_megabytes=64)
        self.log_reader = open_sqlite(folder / LOG_FILE, durable=True, writes=False)
        self.read_writer = open_sqlite(folder / READ_FILE, durable=False, writes=True, cache_megabytes=64)
        self.read_engine = open_sqlite(folder / READ_FILE, durable=False, writes=False)
        self.log = SqlEventLog(self.log_writer, self.log_reader)
        self.bus = CommandBus(self.log, clock)
        self.projections = ProjectionRunner(self.log, self.read_writer, PROJECTORS)
        self.states = CommittedStates(self.bus)
        self._serve = serve
        queue = QueueReader(self.log_reader, self.read_engine)
        measured = AgreementReader(self.read_engine)
        self.reactions = ReactionRunner(
            self.log,
            self.projections,
            self.bus,
            ReactionBookmarks(self.read_writer),
            [
                reassignment(self.states, measured, queue),
                evaluation(self.states, measured),
                overlap(self.states, queue),
                standing(queue),
            ],
        )
        self.sweeper = Sweeper(self.bus, settings.sweep_seconds)
        if settings.bootstrap_token is not None:
            self.introduce_owner(settings.bootstrap_token.get_secret_value())

    def __enter__(self) -> Self:
        if self._serve:
            self.log.doorbell.listen(self.projections.ring)
            self.projections.on_move(self.reactions.ring)
            self.projections.start()
            self.reactions.start()
            self.sweeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish what is under way and let go of everything."""
        if self._serve:
            self.sweeper.stop()
            self.reactions.stop()
        self.bus.close()
        if self._serve:
            self.projections.stop()
        for engine in self.engines:
            engine.dispose()

    @property
    def engines(self) -> Sequence[Engine]:
        """Every database that is open."""
        return (self.log_writer, self.log_reader, self.read_writer, self.read_engine)

    def introduce_owner(self, token: str) -> None:
        """Make the first owner, whom this token speaks for. Doing it again changes nothing."""
        owner = NewPerson(handle="owner", role=OrganizationRole.OWNER)
        registered = self.as_system(RegisterPeople(people=[owner]))
        person = registered.value["people"][0]["person"]
        self.as_system(IssueToken(person=person, digest=digest_of(token), label="bootstrap"))

    def as_system(self, command: Command, key: str | None = None) -> Answer:
        """Run a command in nobody's name."""
        id = command_id("system", key) if key else uuid4()
        return self.bus.run(Request(command, id, SYSTEM.id))

    @property
    def organization(self) -> Organization:
        """Everybody there is."""
        found: Organization = self.bus.state(ORGANIZATION_STREAM).state
        return found

    def person_of(self, token: str) -> Person:
        """Whom a token speaks for."""
        person = self.organization.by_token(digest_of(token))
        if person is None:
            raise Unauthenticated("The token is not known.")
        return person

    def wait_for(self, position: int, seconds: float | None = None) -> None:
        """Wait until every read model has reached a position; refused as `behind` when that takes too long."""
        patience = self.settings.wait_seconds if seconds is None else seconds
        if not self.projections.wait_for(position, patience):
            raise Behind(
                f"The read models are at position {self.projections.position}, before {position}.",
                facts={"position": self.projections.position, "retry_after": 1},
            )

    def verify(
        self, projector: Projector, scratch: Engine, report: Callable[[int], None] = lambda _: None
    ) -> list[Difference]:
        """Where a read model differs from one built anew. What moves with the log stands at its head."""
        if projector in HOT:
            return verify(
                self.log,
                self.log_reader,
                scratch,
                [projector],
                report,
                lambda connection, _: self.log.recorder.head(connection),
            )
        return verify(self.log, self.read_engine, scratch, [projector], report)

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until everything that follows from what was said so far has happened."""
        while True:
            head = self.log.head()
            self.wait_for(head, seconds)
            if not self.reactions.wait_for(head, seconds):
                raise Behind(f"The reactions are at position {self.reactions.position}, before {head}.")
            if self.log.head() == head:
                return


def scratch_engine(folder: Path) -> Engine:
    """An empty database for building read models anew."""
    return open_sqlite(folder / f"scratch-{uuid4().hex}.db", durable=False, writes=True, cache_megabytes=64)
